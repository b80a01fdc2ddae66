//! The key file, its rotation, and what is sealed with it.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    thread,
};

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::clock::SystemRandom;

const PURPOSE: &str = "test";
const PLACE: &[u8] = b"table.column of an account";

fn load(home: &TempDir) -> Secrets {
    Secrets::load_or_create(&home.path().join("key"), &SystemRandom).unwrap()
}

fn rotated(home: &TempDir) -> usize {
    rotate(&home.path().join("key"), &SystemRandom).unwrap()
}

fn lines(home: &TempDir) -> Vec<String> {
    let text = fs::read_to_string(home.path().join("key")).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_rotation_puts_a_new_key_in_front_and_keeps_the_others() {
    let home = TempDir::new().unwrap();
    let first = load(&home);
    let before = lines(&home);
    assert_eq!(rotated(&home), 1);
    assert_eq!(rotated(&home), 2);
    let after = lines(&home);
    assert_eq!((after.len(), &after[2]), (3, &before[0]));
    let mode = fs::metadata(home.path().join("key"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(
        fs::read_dir(home.path()).unwrap().count(),
        1,
        "nothing is left beside it"
    );

    let now = load(&home);
    assert_ne!(first.keyed(PURPOSE, b"x"), now.keyed(PURPOSE, b"x"));
    let each: Vec<_> = now.keyed_by_each(PURPOSE, b"x").collect();
    assert_eq!(each[0], now.keyed(PURPOSE, b"x"));
    assert_eq!(each[2], first.keyed(PURPOSE, b"x"));
}

#[test]
fn rotations_at_once_lose_no_key() {
    let home = TempDir::new().unwrap();
    load(&home);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| rotated(&home));
        }
    });
    assert_eq!(lines(&home).len(), 9);
}

#[test]
fn a_link_to_the_key_file_stays_a_link() {
    let home = TempDir::new().unwrap();
    load(&home);
    let link = home.path().join("link");
    symlink(home.path().join("key"), &link).unwrap();
    assert_eq!(rotate(&link, &SystemRandom).unwrap(), 1);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(lines(&home).len(), 2);
}

#[test]
fn a_damaged_key_file_is_refused_with_its_line_and_stays_as_it_is() {
    let home = TempDir::new().unwrap();
    load(&home);
    let path = home.path().join("key");
    let good = fs::read_to_string(&path).unwrap();
    for (text, complaint) in [
        (
            format!("{good}geheim\n"),
            "its line 2 does not hold 32 bytes in base64",
        ),
        ("Z2VoZWlt\n".to_owned(), "its line 1 does not"),
        ("\n".to_owned(), "holds no key"),
    ] {
        fs::write(&path, &text).unwrap();
        let error = Secrets::load_or_create(&path, &SystemRandom)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains(complaint) && !error.contains("geheim") && !error.contains("Z2VoZWlt"),
            "{error}"
        );
        if !complaint.contains("no key") {
            rotate(&path, &SystemRandom).unwrap_err();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }
    fs::write(&path, format!("\n{good}\r\n{good}")).unwrap();
    assert_eq!(load(&home).keyed_by_each(PURPOSE, b"").count(), 2);
}

#[test]
fn without_a_key_file_there_is_nothing_to_rotate() {
    let home = TempDir::new().unwrap();
    let path = home.path().join("key");
    assert!(matches!(
        rotate(&path, &SystemRandom),
        Err(SecretsError::Io { .. })
    ));
    assert!(!path.exists());
}

#[test]
fn what_was_sealed_opens_after_a_rotation_and_no_more_without_its_key() {
    let home = TempDir::new().unwrap();
    let old = load(&home);
    let sealed = old.seal(&SystemRandom, PURPOSE, PLACE, b"hidden");
    rotated(&home);
    let new = load(&home);
    assert_eq!(new.open(PURPOSE, PLACE, &sealed).unwrap().as_slice(), b"hidden");
    let newer = new.seal(&SystemRandom, PURPOSE, PLACE, b"hidden");
    assert_eq!(old.open(PURPOSE, PLACE, &newer).unwrap_err(), NotOpened);
}

#[test]
fn keys_show_nothing_of_themselves() {
    let home = TempDir::new().unwrap();
    let secrets = load(&home);
    let key = lines(&home).remove(0);
    let keys = Keys::parse(&key).unwrap();
    let shown = format!("{secrets:?} {keys:?} {:?}", keys.current());
    assert_eq!(shown, "Secrets Keys(1) Some(Key(…))");
    assert_ne!(
        keys.current().unwrap().id(),
        &keys.current().unwrap().bytes()[..8]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_sealed_opens_in_its_place_alone(
        text in prop::collection::vec(any::<u8>(), 0..200),
        place in prop::collection::vec(any::<u8>(), 0..40),
        other in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let home = TempDir::new().unwrap();
        let secrets = load(&home);
        let sealed = secrets.seal(&SystemRandom, PURPOSE, &place, &text);
        prop_assert_eq!(sealed.len(), text.len() + 49);
        let opened = secrets.open(PURPOSE, &place, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), text.as_slice());
        prop_assert!(secrets.open("other", &place, &sealed).is_err());
        prop_assert_eq!(secrets.open(PURPOSE, &other, &sealed).is_ok(), place == other);
        prop_assert_ne!(secrets.seal(&SystemRandom, PURPOSE, &place, &text), sealed);
    }

    #[test]
    fn whatever_is_altered_or_cut_off_does_not_open(at in any::<prop::sample::Index>(), bit in 0..8_u8, length in 0..60_usize) {
        let home = TempDir::new().unwrap();
        let secrets = load(&home);
        let sealed = secrets.seal(&SystemRandom, PURPOSE, PLACE, b"twelve bytes");
        let mut altered = sealed.clone();
        altered[at.index(sealed.len())] ^= 1 << bit;
        prop_assert!(secrets.open(PURPOSE, PLACE, &altered).is_err());
        prop_assert!(secrets.open(PURPOSE, PLACE, &sealed[..length]).is_err());
    }

    #[test]
    fn no_text_makes_the_parser_of_keys_panic(text in any::<String>()) {
        let _ = Keys::parse(&text);
    }
}
