//! Both catalogues against each other, and what is chosen and formatted.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeZone;
use proptest::prelude::*;

use super::*;

/// Every message's key with the variables in its text. Instants are left out: each language
/// takes the parts that it writes.
fn keys(sources: &[&'static str]) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut keys: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut key = "";
    for line in sources
        .iter()
        .flat_map(|source| source.lines())
        .filter(|line| !line.starts_with('#'))
    {
        if line.starts_with(|first: char| first.is_ascii_alphabetic()) {
            key = line.split_once(" =").map_or(line, |(key, _)| key);
            let unheard = keys.insert(key, BTreeSet::new());
            assert_eq!(unheard, None, "{key} stands there twice");
        }
        let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        for rest in line.split('$').skip(1).filter(|_| key != "instant") {
            let name = rest.split(|letter| !is_name(letter)).next().unwrap_or_default();
            keys.entry(key).or_default().insert(name);
        }
    }
    keys
}

#[test]
fn both_languages_have_the_same_keys_and_variables() {
    assert_eq!(keys(GERMAN), keys(ENGLISH));
    assert!(keys(GERMAN).len() > 50);
}

#[test]
fn both_catalogues_are_well_formed() {
    for source in GERMAN.iter().chain(ENGLISH) {
        let errors = FluentResource::try_new((*source).to_owned())
            .err()
            .map(|(_, errors)| errors);
        assert_eq!(errors, None);
    }
}

#[test]
fn a_missing_text_is_its_key() {
    assert_eq!(text(Locale::En, "no-such-key"), "no-such-key");
}

#[test]
fn the_portal_is_named_without_isolating_marks() {
    let sender = text(Locale::De, "mail-sender");
    assert_eq!(
        sender,
        "Diese Nachricht hat das Portal Stammtisch automatisch verschickt:"
    );
}

#[test]
fn values_are_inserted_as_they_are() {
    let text = text_with(
        Locale::En,
        "mail-deletion-under-way-undo",
        &[("undo_until", "007")],
    );
    assert!(text.contains("by 007."), "{text}");
}

#[test]
fn a_number_decides_between_singular_and_plural() {
    for (locale, count, start) in [
        (Locale::De, 1, "eine Registrierung"),
        (Locale::De, 1204, "1204 Registrierungen"),
        (Locale::En, 1, "One registration "),
        (Locale::En, 0, "0 registrations"),
    ] {
        let text = text_counted(locale, "mail-registrations-waiting-intro", count);
        assert!(text.starts_with(start), "{text}");
    }
}

#[test]
fn instants_are_told_in_berlin_time() {
    for (at, german, english) in [
        (
            (2026, 11, 23, 13, 5),
            "23. November 2026, 14:05 Uhr",
            "23 November 2026, 2:05 pm",
        ),
        (
            (2026, 7, 1, 22, 0),
            "2. Juli 2026, 00:00 Uhr",
            "2 July 2026, 12:00 am",
        ),
        (
            (2027, 3, 1, 8, 30),
            "1. März 2027, 09:30 Uhr",
            "1 March 2027, 9:30 am",
        ),
    ] {
        let (year, month, day, hour, minute) = at;
        let at = Utc.with_ymd_and_hms(year, month, day, hour, minute, 0).unwrap();
        assert_eq!(instant(Locale::De, at), german);
        assert_eq!(instant(Locale::En, at), format!("{english} (Berlin time)"));
    }
}

#[test]
fn the_header_chooses_the_language() {
    for (header, chosen) in [
        ("", Locale::De),
        ("en", Locale::En),
        ("EN-gb", Locale::En),
        ("de-CH, en;q=0.9", Locale::De),
        ("en;q=0.8, de;q=0.801", Locale::De),
        ("fr, en;q=0.5, de;q=0.4", Locale::En),
        ("en, de", Locale::En),
        ("en-US;q=0.3, de;q=0.5, en;q=0.9", Locale::En),
        ("fr, ja", Locale::De),
        ("*", Locale::De),
        ("de;q=0, *", Locale::En),
        ("*;q=0.7, de;q=0.2", Locale::En),
        ("de;q=0", Locale::En),
        ("en;q=0", Locale::De),
        ("en;q=0.000, de;q=0", Locale::De),
        ("en ; Q=1.000, de;q=0.999", Locale::En),
        ("en;q=1.5, en;q=nonsense, ;, de;q=0.1", Locale::De),
        ("english", Locale::De),
    ] {
        assert_eq!(Locale::from_accept_language(Some(header)), chosen, "{header}");
    }
    assert_eq!(Locale::from_accept_language(None), Locale::De);
}

proptest! {
    #[test]
    fn whoever_names_one_of_our_languages_reads_it_whatever_else_the_header_names(
        is_english: bool,
        written in prop::sample::select(vec!["{}", "{}-AT", " {} "]),
        weight in 1..=1_000_u16,
        others in prop::collection::vec(("fr|nl-BE|d|english|", 0..=1_000_u16), 0..5),
        place in any::<prop::sample::Index>(),
    ) {
        let locale = if is_english { Locale::En } else { Locale::De };
        let quality = |weight: u16| format!("{}.{:03}", weight / 1_000, weight % 1_000);
        let own = format!("{};q={}", written.replace("{}", locale.as_str()), quality(weight));
        let mut elements: Vec<String> =
            others.iter().map(|(range, weight)| format!("{range}; q={}", quality(*weight))).collect();
        elements.insert(place.index(elements.len() + 1), own);
        let header = elements.join(",");
        prop_assert_eq!(Locale::from_accept_language(Some(&header)), locale, "{}", header);
        prop_assert_eq!(Locale::from_accept_language(Some(&header.to_ascii_uppercase())), locale, "{}", header);
    }

    #[test]
    fn of_both_languages_the_one_that_weighs_more_is_read(german in 0..=1_000_u16, english in 0..=1_000_u16) {
        prop_assume!(german != english);
        let quality = |weight: u16| format!("{}.{:03}", weight / 1_000, weight % 1_000);
        let header = format!("de;q={}, en;q={}", quality(german), quality(english));
        let expected = if german > english { Locale::De } else { Locale::En };
        prop_assert_eq!(Locale::from_accept_language(Some(&header)), expected, "{}", header);
    }

    #[test]
    fn no_header_makes_the_parser_panic(header in ".{0,60}|[a-eEDNq=;,.0-9* -]{0,60}") {
        let _ = Locale::from_accept_language(Some(&header));
    }
}

#[test]
fn a_locale_is_written_as_it_is_read() {
    for locale in Locale::ALL {
        assert_eq!(locale.to_string().parse(), Ok(locale));
        let json = serde_json::to_string(&locale).unwrap();
        assert_eq!(json, format!("\"{locale}\""));
    }
    assert_eq!("fr".parse::<Locale>(), Err(UnknownLocale));
}

/// Every string literal of the program and every text literal of its templates.
fn literals() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let is_read = path
                .extension()
                .is_some_and(|end| ["rs", "html", "txt"].iter().any(|read| end == *read));
            if path.is_dir() {
                folders.push(path);
            } else if is_read && !path.ends_with("tests.rs") {
                let source = std::fs::read_to_string(path).unwrap();
                found.extend(source.split('"').map(str::to_owned));
            }
        }
    }
    found
}

/// Whether the program can ask for the key: it stands there, or is made of a pattern as `label-{}` and of words that
/// stand there, as a field's name or a path.
fn is_asked_for(key: &str, literals: &BTreeSet<String>, words: &BTreeSet<String>) -> bool {
    literals.contains(key)
        || literals
            .iter()
            .filter(|pattern| pattern.contains('{') && !pattern.contains([' ', '\n']))
            .any(|pattern| {
                let parts: Vec<&str> = pattern
                    .split('{')
                    .map(|part| part.split_once('}').map_or(part, |(_, part)| part))
                    .collect();
                parts.iter().any(|part| part.len() > 3) && is_made_of(&parts, key, words)
            })
}

/// Whether the key is these parts with a word between each two.
fn is_made_of(parts: &[&str], key: &str, words: &BTreeSet<String>) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return false;
    };
    if rest.is_empty() {
        return key == *first;
    }
    let Some(filled) = key.strip_prefix(first) else {
        return false;
    };
    (1..=filled.len()).any(|end| {
        let word = &filled[..end];
        (words.contains(word) || word.parse::<u8>().is_ok()) && is_made_of(rest, &filled[end..], words)
    })
}

#[test]
fn every_key_is_used() {
    let literals = literals();
    let mut words: BTreeSet<String> = literals
        .iter()
        .map(|literal| literal.trim_start_matches('/').replace(['_', '.'], "-"))
        .collect();
    words.extend(entity::status::Role::ALL.map(|role| role.name().replace('_', "-")));
    // An alert's name is made of its cause's, and that of a letter about a factor of what was done.
    for kind in ["alert", "factor"] {
        let named: Vec<_> = words.iter().map(|word| format!("{kind}-{word}")).collect();
        words.extend(named);
    }
    let unused: Vec<_> = keys(GERMAN)
        .into_keys()
        .filter(|key| !is_asked_for(key, &literals, &words))
        .collect();
    assert_eq!(unused, Vec::<&str>::new());
}

/// What is asked for by these is a key.
const ASKING: [&str; 17] = [
    ".t(",
    ".t_with(",
    ".t_counted(",
    ".frame(",
    ".label(",
    ".hint(",
    ".button(",
    ".grave_button(",
    "text(locale, ",
    "text_with(locale, ",
    "text_counted(locale, ",
    ".way(",
    ".link(",
    "button_for(",
    ".cancel(",
    "text(self.locale, ",
    ".go_done(",
];

#[test]
fn no_key_is_missing() {
    let known = keys(GERMAN);
    let mut missing = BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.ends_with("tests.rs") {
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap_or_default();
            for asking in ASKING {
                for rest in source.split(asking).skip(1) {
                    missing.extend(asked(asking, rest).filter(|key| !known.contains_key(key.as_str())));
                }
            }
        }
    }
    assert_eq!(missing, BTreeSet::new());
}

/// The key in a call, if it is given as it is: its first literal, or the second where a path stands before it.
fn asked(asking: &str, rest: &str) -> impl Iterator<Item = String> {
    let call = rest.split(')').next().unwrap_or_default().trim_start();
    let call = if call.starts_with('"') { call } else { "" };
    let literals: Vec<&str> = call.split('"').skip(1).step_by(2).collect();
    let key = match asking {
        ".way(" | ".link(" | ".cancel(" | ".go_done(" => literals.get(1),
        _ => literals.first(),
    };
    let key = key.map(|key| match asking {
        ".go_done(" => format!("done-{key}"),
        _ => (*key).to_owned(),
    });
    key.filter(|key| !key.is_empty() && !key.contains(['{', '/', ' ', '.']))
        .into_iter()
}
