//! Everything that can go wrong can be said in both languages.

use super::*;
use crate::values::FIELD_CODES;

#[test]
fn every_code_has_words_in_both_languages() {
    for code in Code::ALL {
        for locale in Locale::ALL {
            let title = Problem::new(*code).title(locale);
            assert!(!title.starts_with("problem-"), "{title}");
        }
    }
}

#[test]
fn every_fault_has_words_in_both_languages() {
    for code in FIELD_CODES {
        let said = Locale::ALL.map(|locale| message(locale, &Fault::with_limit(code, "7")));
        assert!(said.iter().all(|words| !words.starts_with("field-")), "{said:?}");
        assert_ne!(said[0], said[1], "{code} is said in one language only");
    }
}

#[test]
fn words_name_the_limit_where_there_is_one() {
    for (code, limited) in [
        ("too_long", true),
        ("too_short", true),
        ("unknown_category", true),
        ("required", false),
    ] {
        let words = message(Locale::En, &Fault::with_limit(code, "4711"));
        assert_eq!(words.contains("4711"), limited, "{words}");
    }
}
