//! What programs rely on, kept as files: the OpenAPI document, the erasure concept, and every
//! problem in both languages. A change shows in
//! the diff of `tests/it/snapshots`; `INSTA_UPDATE=always make test` accepts it.

use std::{collections::BTreeSet, fmt::Write};

use serde_json::Value;
use stammtisch::{
    erasure::concept::{Concept, concept},
    settings::Settings,
    text::Locale,
    values::{FIELD_CODES, Fault},
    web::{
        api,
        problem::{Code, Problem, message},
    },
};

#[test]
fn the_openapi_document_is_the_one_that_was_published() {
    let document = api::document().to_pretty_json().unwrap();
    insta::assert_snapshot!("openapi", document);
}

#[tokio::test]
async fn every_problem_has_its_body_in_both_languages() {
    let mut bodies = String::new();
    for code in Code::ALL {
        for locale in Locale::ALL {
            let answer = Problem::new(*code).render(locale, "00000000-0000-0000-0000-000000000000");
            let body = axum::body::to_bytes(answer.into_body(), usize::MAX)
                .await
                .unwrap();
            bodies.push_str(std::str::from_utf8(&body).unwrap());
            bodies.push('\n');
        }
    }
    insta::assert_snapshot!("problems", bodies);
}

#[test]
fn every_fault_has_its_message_in_both_languages() {
    let mut messages = String::new();
    for code in FIELD_CODES {
        for locale in Locale::ALL {
            let words = message(locale, &Fault::with_limit(code, 7));
            writeln!(messages, "{code} {locale}: {words}").unwrap();
        }
    }
    insta::assert_snapshot!("faults", messages);
}

fn written(locale: Locale) -> Concept {
    concept(&Settings::from_toml("").unwrap(), locale)
}

#[test]
fn the_erasure_concept_is_the_one_that_was_filed() {
    for locale in Locale::ALL {
        let document = written(locale).markdown().unwrap();
        let document = document.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        insta::assert_snapshot!(format!("concept_{locale}"), document);
    }
}

/// Where something stands in the concept, and of which type.
fn shape(at: &str, value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields
            .iter()
            .for_each(|(name, value)| shape(&format!("{at}.{name}"), value, into)),
        Value::Array(items) => items
            .iter()
            .for_each(|item| shape(&format!("{at}[]"), item, into)),
        Value::Null => drop(into.insert(format!("{at}: null"))),
        Value::Bool(_) => drop(into.insert(format!("{at}: bool"))),
        Value::Number(_) => drop(into.insert(format!("{at}: number"))),
        Value::String(_) => drop(into.insert(format!("{at}: string"))),
    }
}

#[test]
fn the_erasure_concept_has_the_same_shape_for_programs_in_both_languages() {
    let shapes = Locale::ALL.map(|locale| {
        let mut lines = BTreeSet::new();
        shape("", &serde_json::to_value(written(locale)).unwrap(), &mut lines);
        lines.into_iter().collect::<Vec<_>>().join("\n")
    });
    assert_eq!(shapes[0], shapes[1]);
    insta::assert_snapshot!("concept_shape", shapes[0]);
}
