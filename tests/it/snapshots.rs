//! What programs rely on, kept as files: the OpenAPI document and every problem in both languages. A change shows in
//! the diff of `tests/it/snapshots`; `INSTA_UPDATE=always make test` accepts it.

use std::fmt::Write;

use stammtisch::{
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
