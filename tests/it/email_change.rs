//! Another mail address: asked for with the password, confirmed at the new one, announced to the old one, which is gone
//! from then on (R3).

use chrono::TimeDelta;
use serde_json::json;
use stammtisch::mail::letter::LinkPurpose;

use crate::support::{PASSWORD, Person, Response, TestPortal};

const NEW: &str = "anna.neu@example.org";

async fn ask(person: &Person, email: &str) -> Response {
    person
        .post(
            "/api/v1/me/email-change",
            &json!({ "email": email, "password": PASSWORD }),
        )
        .await
}

async fn confirm(portal: &TestPortal, token: &str) -> Response {
    portal
        .visitor()
        .post("/api/v1/email-changes/confirm", &json!({ "token": token }))
        .await
}

#[tokio::test]
async fn the_new_address_is_asked_and_the_old_one_told_before_anything_changes() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    ask(&anna, NEW).await.must_be(202);
    portal.work().await;
    assert_eq!(
        portal.mails_to(NEW)[0].subject,
        "Please confirm your new e-mail address"
    );
    let told = portal.mails_to(&anna.email).pop().unwrap();
    assert_eq!(told.subject, "Your e-mail address is to be changed");
    assert!(
        !told.text.contains(NEW) && !told.text.contains("token="),
        "{}",
        told.text
    );
    portal
        .visitor()
        .sign_in(NEW, PASSWORD)
        .await
        .must_fail(401, "credentials_invalid");
    assert_eq!(anna.get("/api/v1/me").await.json()["email"], anna.email);
}

#[tokio::test]
async fn after_the_change_the_old_address_is_nowhere_and_the_new_one_signs_in() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    ask(&anna, NEW).await.must_be(202);
    portal.work().await;
    assert!(!portal.places_of(&anna.email).await.is_empty());
    let token = portal.link_for(NEW, LinkPurpose::EmailChange);
    confirm(&portal, &token).await.must_be(204);
    confirm(&portal, &token).await.must_fail(410, "link_invalid");

    portal.work().await;
    assert_eq!(portal.places_of(&anna.email).await, Vec::<String>::new());
    assert_eq!(portal.places_of(NEW).await, ["email_address.address"]);
    portal
        .visitor()
        .sign_in(&anna.email, PASSWORD)
        .await
        .must_fail(401, "credentials_invalid");
    portal.visitor().sign_in(NEW, PASSWORD).await.must_be(200);
    assert_eq!(anna.get("/api/v1/me").await.must_be(200).json()["email"], NEW);
    let changed = format!(
        "SELECT count(*) FROM ledger_event WHERE event = 'changed' AND account_id = '{}'",
        anna.id
    );
    assert_eq!(portal.count(&changed).await, 1);
}

#[tokio::test]
async fn under_a_hold_the_old_address_is_kept_but_signs_nobody_in_and_stands_in_nobodys_way() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal
        .execute(&format!(
            "INSERT INTO hold (id, account_id, categories, basis, reference, review_at, placed_by, placed_at)
             VALUES (gen_random_uuid(), '{0}', '{{contact}}', 'open_claim', 'AZ 1', now() + interval '1 month', '{0}', now())",
            anna.id
        ))
        .await;
    ask(&anna, NEW).await.must_be(202);
    portal.work().await;
    confirm(&portal, &portal.link_for(NEW, LinkPurpose::EmailChange))
        .await
        .must_be(204);
    assert_eq!(portal.places_of(&anna.email).await, ["email_address.address"]);
    portal
        .visitor()
        .sign_in(&anna.email, PASSWORD)
        .await
        .must_fail(401, "credentials_invalid");
    assert_eq!(anna.get("/api/v1/me").await.must_be(200).json()["email"], NEW);
    portal.advance(TimeDelta::minutes(11));
    portal.register(&anna.email, "Anna", "Another").await.must_be(200);
}

#[tokio::test]
async fn the_change_takes_the_password_and_another_address() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let path = "/api/v1/me/email-change";
    let wrong = json!({ "email": NEW, "password": "wrong" });
    anna.post(path, &wrong)
        .await
        .must_fail(401, "credentials_invalid");
    ask(&anna, "nobody").await.must_refuse(&["email: email_invalid"]);
    ask(&anna, &anna.email.to_uppercase())
        .await
        .must_refuse(&["email: email_unchanged"]);
    portal
        .visitor()
        .post(path, &json!({ "email": NEW, "password": PASSWORD }))
        .await
        .must_be(401);
    portal.work().await;
    assert!(portal.mails_to(NEW).is_empty());
}

#[tokio::test]
async fn a_taken_address_is_answered_like_a_free_one_and_only_its_owner_learns_of_it() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let taken = ask(&anna, &bea.email).await.must_be(202);
    portal.advance(TimeDelta::minutes(11));
    let free = ask(&anna, NEW).await.must_be(202);
    assert_eq!(taken.text(), free.text());
    portal.work().await;
    let told = portal.mails_to(&bea.email).pop().unwrap();
    assert_eq!(
        told.subject,
        "There is already an account with this e-mail address"
    );
    assert!(!told.text.contains("token="), "{}", told.text);
}

#[tokio::test]
async fn of_two_who_confirm_the_same_address_the_first_gets_it() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    ask(&anna, NEW).await.must_be(202);
    portal.work().await;
    let for_anna = portal.link_for(NEW, LinkPurpose::EmailChange);
    portal.advance(TimeDelta::minutes(11));
    ask(&bea, NEW).await.must_be(202);
    portal.work().await;
    let for_bea = portal.link_for(NEW, LinkPurpose::EmailChange);
    confirm(&portal, &for_anna).await.must_be(204);
    confirm(&portal, &for_bea).await.must_fail(409, "address_taken");
    assert_eq!(
        bea.get("/api/v1/me").await.must_be(200).json()["email"],
        bea.email
    );
    portal.visitor().sign_in(&bea.email, PASSWORD).await.must_be(200);
}

#[tokio::test]
async fn the_link_ends_after_a_day() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    ask(&anna, NEW).await.must_be(202);
    portal.work().await;
    portal.advance(TimeDelta::hours(24));
    confirm(&portal, &portal.link_for(NEW, LinkPurpose::EmailChange))
        .await
        .must_fail(410, "link_invalid");
}
