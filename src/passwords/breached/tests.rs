//! Lists of breached passwords: what is read, what is refused, how often the filter errs, and what becomes of a damaged
//! file.

use std::{
    fmt::Write,
    fs,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
};

use proptest::prelude::*;
use tempfile::TempDir;

use super::{import::parse, *};
use crate::{
    clock::SystemRandom,
    passwords::{Password, PasswordRefused},
    secrets::hex,
};

const KNOWN: &str = "vier blaue Stuehle im Rathaus";

fn sha1(text: &str) -> Hash {
    Sha1::digest(text.as_bytes()).into()
}

fn imported(home: &TempDir, list: &str) -> Result<Imported, ImportError> {
    let path = home.path().join("list.txt");
    fs::write(&path, list).unwrap();
    import(&path, &home.path().join("breached"), &SystemRandom)
}

fn list(home: &TempDir, is_named: bool) -> List {
    List::at(home.path().join("breached"), is_named)
}

/// What does not depend on chance: the hashes of consecutive numbers.
fn numbered(number: u32) -> Hash {
    sha1(&number.to_string())
}

#[test]
fn a_password_of_the_list_cannot_be_chosen_and_another_can() {
    let home = TempDir::new().unwrap();
    let lines = format!(
        "{}:12\r\n{}\r\n{}:3",
        hex(&sha1(KNOWN)).to_uppercase(),
        hex(&sha1("sieben gelbe Fahrra\u{308}der")),
        hex(&sha1("drei grüne Hüte am Haken")),
    );
    let made = imported(&home, &lines).unwrap();
    assert_eq!(made.count, 3);
    assert_eq!(
        made.bytes,
        fs::metadata(home.path().join("breached")).unwrap().len()
    );
    let list = list(&home, true);
    let breached = list.get().unwrap().unwrap();
    assert_eq!(breached.count(), 3);
    let refusal = |raw| Password::choose(raw, &[], Some(breached)).err();
    // The second was typed in a form that is not the normal one.
    for raw in [
        KNOWN,
        "sieben gelbe Fahrra\u{308}der",
        "drei grüne Hu\u{308}te am Haken",
    ] {
        assert_eq!(refusal(raw), Some(PasswordRefused::Breached), "{raw}");
    }
    assert_eq!(refusal("vier blaue Stuehle im Rathaus!"), None);
    assert_eq!(refusal("passwortpasswort"), Some(PasswordRefused::Common));
}

#[test]
fn a_malformed_line_is_refused_with_its_number_and_the_list_before_stays() {
    let home = TempDir::new().unwrap();
    let good = hex(&sha1(KNOWN));
    imported(&home, &good).unwrap();
    let before = fs::read(home.path().join("breached")).unwrap();
    for line in [
        "",
        "geheim",
        &good[1..],
        &format!("{good}0"),
        &format!("{good}:"),
        &format!("{good}:-1"),
        &format!("{good} :1"),
        &format!("{good}:1 "),
        &format!("{}g", &good[1..]),
        &format!("{good}:123456789012345678901"),
        &"0".repeat(1 << 20),
        "ä".repeat(20).as_str(),
    ] {
        let error = imported(&home, &format!("{good}\n{line}\n{good}\n")).unwrap_err();
        assert!(matches!(error, ImportError::Line(2)), "{line}: {error}");
    }
    assert!(matches!(imported(&home, "").unwrap_err(), ImportError::Empty));
    assert_eq!(fs::read(home.path().join("breached")).unwrap(), before);
    assert_eq!(
        fs::read_dir(home.path()).unwrap().count(),
        2,
        "nothing is left beside it"
    );
}

#[test]
fn what_cannot_be_read_twice_or_written_is_said() {
    let home = TempDir::new().unwrap();
    let target = home.path().join("breached");
    let error = import(home.path(), &target, &SystemRandom).unwrap_err();
    assert!(matches!(error, ImportError::NotRegular(_)), "{error}");
    let error = import(&home.path().join("none"), &target, &SystemRandom).unwrap_err();
    assert!(matches!(error, ImportError::List(..)), "{error}");
    let path = home.path().join("list.txt");
    fs::write(&path, hex(&sha1(KNOWN))).unwrap();
    let error = import(&path, &home.path().join("none/breached"), &SystemRandom).unwrap_err();
    assert!(matches!(error, ImportError::Target(..)), "{error}");
}

#[test]
fn no_entry_is_missed_and_hardly_any_other_is_taken_for_one() {
    let home = TempDir::new().unwrap();
    let mut lines = String::new();
    for number in 0..100_000 {
        writeln!(lines, "{}", hex(&numbered(number))).unwrap();
    }
    let made = imported(&home, &lines).unwrap();
    // 64 MiB for 10 million is 6.7 bytes for each.
    assert!(made.bytes < 330_000, "{made:?}");
    let list = list(&home, true);
    let breached = list.get().unwrap().unwrap();
    assert!((0..100_000).all(|number| breached.contains(&numbered(number))));
    // Another hash than SHA-1, which would take its time without optimisation.
    let spread = BuildHasherDefault::<DefaultHasher>::default();
    let others = (0..2_000_000_u64).map(|number| spread.hash_one(number));
    let found = others
        .filter(|other| breached.filter.contains_hash(*other))
        .count();
    assert!(found <= 20, "{found} in 2 million");
}

#[test]
fn a_damaged_file_is_told_whatever_is_wrong_with_it() {
    let home = TempDir::new().unwrap();
    imported(&home, &hex(&sha1(KNOWN))).unwrap();
    let path = home.path().join("breached");
    let good = fs::read(&path).unwrap();
    let flipped = |at: usize| {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        bytes
    };
    let mut damaged: Vec<Vec<u8>> = (0..good.len()).map(flipped).collect();
    damaged.extend((0..good.len()).map(|length| good[..length].to_vec()));
    damaged.push([good.as_slice(), b"x"].concat());
    for bytes in damaged {
        fs::write(&path, &bytes).unwrap();
        let list = list(&home, false);
        let error = list.get().err().map(ToString::to_string).unwrap_or_default();
        assert!(
            error.contains("is damaged") && error.contains("passwords import"),
            "{error}"
        );
    }
    fs::write(&path, good).unwrap();
    assert!(list(&home, false).get().is_ok());
}

#[test]
fn a_list_is_missing_only_where_the_settings_name_one() {
    let home = TempDir::new().unwrap();
    assert!(list(&home, false).get().unwrap().is_none());
    assert!(matches!(list(&home, true).get(), Err(BreachedError::Io { .. })));
    assert!(List::default().get().unwrap().is_none());
}

proptest! {
    #[test]
    fn every_line_of_a_list_is_read_as_it_was_written(
        hash in prop::array::uniform20(any::<u8>()),
        count in prop::option::of(any::<u64>()),
        is_upper in any::<bool>(),
        end in prop::sample::select(vec!["", "\n", "\r\n"]),
    ) {
        let digits = hex(&hash);
        let digits = if is_upper { digits.to_uppercase() } else { digits };
        let count = count.map(|count| format!(":{count}")).unwrap_or_default();
        prop_assert_eq!(parse(format!("{digits}{count}{end}").as_bytes()), Some(hash));
    }

    #[test]
    fn whatever_else_is_read_is_refused_or_names_its_hash(line in "[0-9a-fA-F]{39,41}(:[0-9]{0,21})?(\r?\n){0,2}") {
        if let Some(hash) = parse(line.as_bytes()) {
            prop_assert_eq!(hex(&hash), line[..40].to_lowercase());
            let rest = line[40..].trim_end();
            prop_assert!(rest.is_empty() || (2..=21).contains(&rest.len()) && rest.starts_with(':'), "{}", line);
        }
    }

    #[test]
    fn no_line_makes_the_parser_panic(line in prop::collection::vec(any::<u8>(), 0..80)) {
        let _ = parse(&line);
    }
}
