//! Asking to join and confirming the mailbox: nothing tells who is known, and nobody plants a password.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::json;
use stammtisch::mail::letter::LinkPurpose;

use crate::support::{PASSWORD, Response, TestPortal, people::application};

const REGISTRATIONS: &str = "/api/v1/registrations";
const CONFIRM: &str = "/api/v1/registrations/confirm";

/// Status, body and headers, without what is different in any two answers.
fn comparable(answer: &Response) -> (u16, String, BTreeMap<String, String>) {
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| *name != "x-request-id" && *name != "date");
    let headers = headers
        .map(|(name, value)| (name.to_string(), format!("{value:?}")))
        .collect();
    (answer.status.as_u16(), answer.text(), headers)
}

#[tokio::test]
async fn a_known_address_is_answered_like_an_unknown_one_and_at_the_same_cost() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let visitor = portal.visitor();
    let known = application(&anna.email, "Anna", "Beispiel");
    let unknown = application("unknown@example.org", "Anna", "Beispiel");
    let (known, known_cost) = portal.statements_of(visitor.post(REGISTRATIONS, &known)).await;
    let (unknown, unknown_cost) = portal.statements_of(visitor.post(REGISTRATIONS, &unknown)).await;
    assert_eq!(known.status, 202);
    assert_eq!(comparable(&known), comparable(&unknown));
    assert_eq!(known_cost, unknown_cost);
}

#[tokio::test]
async fn nobody_gets_in_before_the_mailbox_is_confirmed_and_its_owner_has_chosen_the_password() {
    let portal = TestPortal::with("registration.approval = 'never'").await;
    let visitor = portal.visitor();
    visitor
        .post(
            REGISTRATIONS,
            &application("anna@example.org", "Anna", "Beispiel"),
        )
        .await
        .must_be(202);
    portal.work().await;
    visitor
        .sign_in("anna@example.org", PASSWORD)
        .await
        .must_fail(401, "credentials_invalid");
    assert_eq!(portal.count("SELECT count(*) FROM credential").await, 0);

    let token = portal.link_for("anna@example.org", LinkPurpose::Confirm);
    let confirmed = visitor
        .post(CONFIRM, &json!({ "token": token, "password": PASSWORD }))
        .await
        .must_be(200);
    assert_eq!(confirmed.json(), json!({ "status": "active" }));
    visitor.sign_in("anna@example.org", PASSWORD).await.must_be(200);
    assert_eq!(
        portal
            .count("SELECT count(*) FROM consent WHERE kind = 'terms' AND version = '2026-11'")
            .await,
        1
    );
}

#[tokio::test]
async fn the_mail_to_confirm_is_written_in_the_language_that_was_asked_for() {
    let portal = TestPortal::start().await;
    for (locale, segment, subject) in [("de", "/de/", "bestätigen"), ("en", "/en/", "confirm")] {
        let email = format!("{locale}@example.org");
        let mut asked = application(&email, "Anna", "Beispiel");
        asked["locale"] = json!(locale);
        portal.visitor().post(REGISTRATIONS, &asked).await.must_be(202);
        portal.work().await;
        let mail = &portal.mails_to(&email)[0];
        assert!(mail.subject.contains(subject), "{}", mail.subject);
        assert!(
            mail.links.iter().any(|link| link.path().starts_with(segment)),
            "{:?}",
            mail.links
        );
        assert!(mail.html.contains(&format!("lang=\"{locale}\"")));
    }
}

#[tokio::test]
async fn a_known_address_gets_a_mail_that_says_so_and_changes_nothing() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let before = portal
        .scalar::<String>("SELECT password_hash FROM credential")
        .await;
    portal.advance(TimeDelta::minutes(11));
    portal
        .visitor()
        .post(REGISTRATIONS, &application(&anna.email, "Eve", "Other"))
        .await
        .must_be(202);
    portal.work().await;

    let mails = portal.mails_to(&anna.email);
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1].subject, "You already have an account");
    assert!(!mails[1].text.contains("token="), "{}", mails[1].text);
    assert_eq!(
        portal
            .scalar::<String>("SELECT password_hash FROM credential")
            .await,
        before
    );
    assert_eq!(portal.count("SELECT count(*) FROM account").await, 1);
    assert!(portal.places_of("Eve").await.is_empty());
}

#[tokio::test]
async fn an_address_gets_one_mail_in_ten_minutes_and_five_a_day_whether_known_or_not() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal.advance(TimeDelta::hours(25));
    for email in [anna.email.as_str(), "unknown@example.org"] {
        let before = portal.mails_to(email).len();
        let asked = application(email, "Anna", "Beispiel");
        let mails_after_asking = async || {
            portal.visitor().post(REGISTRATIONS, &asked).await.must_be(202);
            portal.work().await;
            portal.mails_to(email).len() - before
        };
        assert_eq!(mails_after_asking().await, 1);
        assert_eq!(mails_after_asking().await, 1, "{email}: within ten minutes");
        for count in 2..=5 {
            portal.advance(TimeDelta::minutes(11));
            assert_eq!(mails_after_asking().await, count, "{email}");
        }
        portal.advance(TimeDelta::minutes(11));
        assert_eq!(mails_after_asking().await, 5, "{email}: the sixth of a day");
        portal.advance(TimeDelta::hours(24));
        assert_eq!(mails_after_asking().await, 6, "{email}: another day");
    }
    assert!(
        !portal
            .places_of("unknown@example.org")
            .await
            .iter()
            .any(|place| place.starts_with("mail_allowance"))
    );
}

#[tokio::test]
async fn without_limits_every_request_is_mailed() {
    let portal = TestPortal::with("limits.enabled = false").await;
    for _ in 0..7 {
        let asked = application("anna@example.org", "Anna", "Beispiel");
        portal.visitor().post(REGISTRATIONS, &asked).await.must_be(202);
        portal.work().await;
    }
    assert_eq!(portal.mails_to("anna@example.org").len(), 7);
}

#[tokio::test]
async fn who_asks_again_before_confirming_is_registered_with_what_they_said_last() {
    let portal = TestPortal::with("registration.approval = 'never'").await;
    portal
        .visitor()
        .post(
            REGISTRATIONS,
            &application("anna@example.org", "Ana", "Tippfehler"),
        )
        .await
        .must_be(202);
    portal.work().await;
    portal.advance(TimeDelta::minutes(11));
    portal
        .register("anna@example.org", "Anna", "Beispiel")
        .await
        .must_be(200);
    let anna = portal.signed_in("anna@example.org").await;
    assert_eq!(
        anna.get("/api/v1/me/profile").await.must_be(200).json()["last_name"],
        "Beispiel"
    );
    assert_eq!(portal.count("SELECT count(*) FROM account").await, 1);
    assert!(portal.places_of("Tippfehler").await.is_empty());
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_registration_is_named_at_once() {
    let portal = TestPortal::start().await;
    let wrong = json!({
        "email": "nobody", "first_name": " ", "last_name": "x".repeat(101), "organisation": "a\nb",
        "message": "y".repeat(2001), "accept_terms": "1999-01",
    });
    portal.visitor().post(REGISTRATIONS, &wrong).await.must_refuse(&[
        "email: email_invalid",
        "first_name: required",
        "last_name: too_long",
        "organisation: control_character",
        "message: too_long",
        "accept_terms: terms_not_accepted",
    ]);
    assert_eq!(portal.count("SELECT count(*) FROM noted_request").await, 0);
}

#[tokio::test]
async fn the_terms_to_accept_can_be_asked_for() {
    let portal = TestPortal::with("terms.version = '2031-05'").await;
    let terms = portal.visitor().get("/api/v1/terms").await.must_be(200).json();
    assert_eq!(terms["version"], "2031-05");
    assert_eq!(terms["url"], "http://localhost:8080/de/terms");
    let mut asked = application("anna@example.org", "Anna", "Beispiel");
    portal
        .visitor()
        .post(REGISTRATIONS, &asked)
        .await
        .must_refuse(&["accept_terms: terms_not_accepted"]);
    asked["accept_terms"] = json!("2031-05");
    portal.visitor().post(REGISTRATIONS, &asked).await.must_be(202);
}
