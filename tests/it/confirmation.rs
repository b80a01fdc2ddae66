//! The link in the first mail: one purpose, one use, one day, and a token that is nowhere but in the mail.

use chrono::TimeDelta;
use serde_json::json;
use stammtisch::mail::letter::LinkPurpose;
use tokio::task::JoinSet;

use crate::support::{PASSWORD, TestPortal, people::application};

const REGISTRATIONS: &str = "/api/v1/registrations";
const CONFIRM: &str = "/api/v1/registrations/confirm";

#[tokio::test]
async fn of_fifty_confirmations_at_once_exactly_one_succeeds() {
    let portal = TestPortal::start().await;
    let asked = application("anna@example.org", "Anna", "Beispiel");
    portal.visitor().post(REGISTRATIONS, &asked).await.must_be(202);
    portal.work().await;
    let token = portal.link_for("anna@example.org", LinkPurpose::Confirm);
    let mut confirmations = JoinSet::new();
    for _ in 0..50 {
        let (visitor, token) = (portal.visitor(), token.clone());
        confirmations.spawn(async move {
            visitor
                .post(CONFIRM, &json!({ "token": token, "password": PASSWORD }))
                .await
        });
    }
    let answers = confirmations.join_all().await;
    let (good, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(good.len(), 1);
    for answer in lost {
        answer.must_fail(410, "link_invalid");
    }
    assert_eq!(
        portal
            .count("SELECT count(*) FROM credential WHERE version = 1")
            .await,
        1
    );
}

#[tokio::test]
async fn a_refused_password_keeps_the_link() {
    let portal = TestPortal::start().await;
    portal
        .visitor()
        .post(
            REGISTRATIONS,
            &application("anna@example.org", "Anna", "Beispiel"),
        )
        .await
        .must_be(202);
    portal.work().await;
    let token = portal.link_for("anna@example.org", LinkPurpose::Confirm);
    for (refused, code) in [
        ("short", "password: too_short"),
        ("passwortpasswort", "password: password_too_common"),
        ("annabeispielannabeispiel", "password: password_personal"),
        (&"ä9".repeat(65), "password: too_long"),
    ] {
        let body = json!({ "token": token, "password": refused });
        portal.visitor().post(CONFIRM, &body).await.must_refuse(&[code]);
    }
    portal
        .visitor()
        .post(CONFIRM, &json!({ "token": token, "password": PASSWORD }))
        .await
        .must_be(200);
}

#[tokio::test]
async fn a_link_ends_after_a_day_with_its_successor_and_with_its_use() {
    let portal = TestPortal::with("registration.approval = 'never'").await;
    let confirm = async |token: &str| {
        portal
            .visitor()
            .post(CONFIRM, &json!({ "token": token, "password": PASSWORD }))
            .await
    };
    let ask = async || {
        portal
            .visitor()
            .post(
                REGISTRATIONS,
                &application("anna@example.org", "Anna", "Beispiel"),
            )
            .await
            .must_be(202);
        portal.work().await;
        portal.link_for("anna@example.org", LinkPurpose::Confirm)
    };
    let first = ask().await;
    portal.advance(TimeDelta::hours(24));
    confirm(&first).await.must_fail(410, "link_invalid");

    let second = ask().await;
    portal.advance(TimeDelta::minutes(11));
    let third = ask().await;
    assert_ne!(second, third);
    confirm(&second).await.must_fail(410, "link_invalid");
    confirm(&third).await.must_be(200);
    confirm(&third).await.must_fail(410, "link_invalid");
}

#[tokio::test]
async fn a_link_of_another_purpose_confirms_nothing() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal
        .visitor()
        .post("/api/v1/password-resets", &json!({ "email": anna.email }))
        .await
        .must_be(202);
    portal.work().await;
    let token = portal.link_for(&anna.email, LinkPurpose::Reset);
    let body = json!({ "token": token, "password": PASSWORD });
    portal
        .visitor()
        .post(CONFIRM, &body)
        .await
        .must_fail(410, "link_invalid");
}

#[tokio::test]
async fn no_token_stands_in_the_database() {
    let portal = TestPortal::start().await;
    portal
        .visitor()
        .post(
            REGISTRATIONS,
            &application("anna@example.org", "Anna", "Beispiel"),
        )
        .await
        .must_be(202);
    portal.work().await;
    let token = portal.link_for("anna@example.org", LinkPurpose::Confirm);
    assert!(portal.places_of(&token).await.is_empty());
    assert_eq!(
        portal
            .count("SELECT count(*) FROM confirmation_token WHERE length(token_hash) = 32")
            .await,
        1
    );
}
