//! Whether somebody has an account stands in no answer: known and unknown addresses get the same one, down to its
//! headers and its length. That it takes the same time is measured by `make bench-timing`.

use axum::http::{HeaderMap, StatusCode};
use serde_json::json;

use crate::support::{Client, PASSWORD, Response, TestPortal, people::application};

/// An answer, less its request's id, which is another each time and always as long.
fn told(answer: &Response) -> (StatusCode, HeaderMap, String) {
    let id = answer.header("x-request-id").expect("every answer has an id");
    assert_eq!(id.len(), 36);
    let body = answer.text().replace(id, "");
    let mut headers = answer.headers.clone();
    headers.remove("x-request-id");
    (answer.status, headers, body)
}

/// Asks the same of every address and expects one answer.
async fn must_be_alike(client: &Client, path: &str, emails: &[&str], status: u16, extra: (&str, &str)) {
    let mut answers = Vec::new();
    for email in emails {
        let mut body = json!({ "email": email });
        if path.ends_with("/registrations") {
            body = application(email, "Berta", "Beispiel");
        }
        if !extra.0.is_empty() {
            body[extra.0] = json!(extra.1);
        }
        answers.push(told(&client.post(path, &body).await.must_be(status)));
    }
    for (email, answer) in emails.iter().zip(&answers) {
        assert_eq!(*answer, answers[0], "{path}: {email} is answered otherwise");
    }
}

#[tokio::test]
async fn known_and_unknown_addresses_are_answered_alike_down_to_headers_and_length() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Beispiel").await;
    let gone = portal.member("Gerda", "Beispiel").await;
    portal.set_status(gone.id, "suspended").await;
    let waiting = portal.member("Willi", "Beispiel").await;
    portal.set_status(waiting.id, "pending").await;
    let visitor = portal.visitor();
    let emails = [
        "nobody@example.org",
        anna.email.as_str(),
        gone.email.as_str(),
        waiting.email.as_str(),
        "somebody.else@musterhausen.example",
    ];
    let nothing = ("", "");
    let wrong = ("password", "nicht das richtige");
    for (path, status, extra) in [
        ("/api/v1/registrations", 202, nothing),
        ("/api/v1/password-resets", 202, nothing),
        ("/api/v1/session", 401, wrong),
        ("/api/v1/deletions", 401, wrong),
    ] {
        must_be_alike(&visitor, path, &emails, status, extra).await;
    }
    // Whoever is signed in learns as little about the others.
    let change = ("password", PASSWORD);
    must_be_alike(&bert, "/api/v1/me/email-change", &emails, 202, change).await;
}
