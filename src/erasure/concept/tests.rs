//! The concept says what the program does, in both languages.

use super::*;

fn written(toml: &str, locale: Locale) -> Concept {
    concept(&Settings::from_toml(toml).unwrap(), locale)
}

#[test]
fn every_class_says_how_long_by_what_the_program_works_by() {
    let expected = [
        ("A1", "24 hours"),
        ("A2", "24 hours"),
        ("B1", "12 hours"),
        ("B2", "24 hours"),
        ("B3", "24 hours"),
        ("B4", "24 hours"),
        ("B5", "72 hours"),
        ("B6", "90 days"),
        ("B7", "3 years"),
        ("B8", "30 days"),
        ("B9", "30 days"),
        ("B10", "90 days"),
        ("C1", "7 days"),
        ("C2", "30 days"),
        ("C3", "12 months"),
        ("C4", "184 days"),
    ];
    let concept = written("", Locale::En);
    let said: Vec<_> = concept
        .classes
        .iter()
        .map(|class| (class.code.as_str(), class.period.text.as_str()))
        .collect();
    assert_eq!(said, expected);
}

#[test]
fn what_the_operator_sets_shows_in_the_document() {
    let set = "[erasure]\ngrace = \"2h\"\nsweep = \"0 */30 * * * *\"\n[sessions]\nabsolute = \"9h\"\n\
               [residue]\nwal = \"11d\"\nbackups = \"61d\"\nfree_space = \"31d\"\nlogs = \"1d\"\n\
               [holds]\nsecond_person = \"release\"";
    let concept = written(set, Locale::De);
    let text = concept.markdown().unwrap();
    for said in [
        "2 Stunden",
        "30 Minuten",
        "9 Stunden",
        "11 Tage",
        "61 Tage",
        "31 Tage",
    ] {
        assert!(text.contains(said), "{said}");
    }
    assert!(text.contains("eine zweite Person"));
    let settings: Vec<_> = concept
        .residue
        .iter()
        .filter_map(|residue| residue.setting)
        .collect();
    let named = [
        "residue.free_space",
        "residue.wal",
        "residue.backups",
        "residue.logs",
    ];
    assert_eq!(settings, named);
}

#[test]
fn every_basis_of_a_hold_has_its_words() {
    let bases: BTreeSet<&str> = BASES.iter().map(|(name, _)| *name).collect();
    let named: BTreeSet<&str> = Inventory::built_in().bases.keys().map(String::as_str).collect();
    assert_eq!(named, bases);
}

#[test]
fn both_documents_have_the_same_parts() {
    let shape = |locale| {
        let text = written("", locale).markdown().unwrap();
        text.lines()
            .filter(|line| line.starts_with(['#', '|', '-']))
            .map(|line| line.matches(['#', '|']).count())
            .collect::<Vec<_>>()
    };
    assert_eq!(shape(Locale::De), shape(Locale::En));
}
