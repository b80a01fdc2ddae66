//! What the desk decides about those who wait, and what they can do meanwhile.

use chrono::TimeDelta;
use serde_json::{Value, json};
use stammtisch::mail::letter::LinkPurpose;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{PASSWORD, TestPortal};

const DESK: &str = "/api/v1/admin/registrations";

/// The account of someone who waits.
pub async fn applicant(portal: &TestPortal, email: &str) -> Uuid {
    let confirmed = portal.register(email, "Anna", "Beispiel").await.must_be(200);
    assert_eq!(confirmed.json(), json!({ "status": "pending" }));
    portal.work().await;
    portal
        .scalar(&format!(
            "SELECT account_id FROM email_address WHERE address = '{email}'"
        ))
        .await
}

/// By which rule and by whom an account was decided.
pub async fn decision(portal: &TestPortal, account: Uuid) -> (Option<String>, Option<Uuid>) {
    let rule = format!("SELECT decided_rule FROM registration WHERE account_id = '{account}'");
    let who = format!("SELECT decided_by FROM registration WHERE account_id = '{account}'");
    (portal.scalar(&rule).await, portal.scalar(&who).await)
}

pub async fn audited(portal: &TestPortal, code: &str, account: Uuid) -> Vec<Option<Uuid>> {
    let events =
        format!("SELECT actor_id FROM audit_event WHERE code = '{code}' AND account_id = '{account}'");
    portal.column(&events).await
}

#[tokio::test]
async fn the_desk_sees_who_waits_longest_first_in_pages() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let mut waiting = Vec::new();
    for index in 0..5 {
        waiting.push(applicant(&portal, &format!("anna{index}@example.org")).await);
    }
    let first = desk.get(&format!("{DESK}?limit=1")).await.must_be(200).json();
    let item = &first["items"][0];
    assert_eq!(item["account_id"], json!(waiting[0]));
    for (field, value) in [
        ("email", "anna0@example.org"),
        ("first_name", "Anna"),
        ("last_name", "Beispiel"),
        ("organisation", "Typed by hand"),
        ("department", "Tiefbau"),
        ("message", "Guten Tag!"),
    ] {
        assert_eq!(item[field], value);
    }
    assert!(item["confirmed_at"].as_str().unwrap().ends_with('Z'));

    let mut seen: Vec<Value> = Vec::new();
    let mut path = format!("{DESK}?limit=2");
    loop {
        let page = desk.get(&path).await.must_be(200).json();
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["account_id"].clone()),
        );
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{DESK}?limit=2&cursor={next}");
    }
    assert_eq!(json!(seen), json!(waiting));
}

#[tokio::test]
async fn who_is_approved_gets_a_mail_and_gets_in() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let id = applicant(&portal, "anna@example.org").await;
    desk.post(&format!("{DESK}/{id}/approve"), &json!({}))
        .await
        .must_be(204);
    portal.work().await;
    let mails = portal.mails_to("anna@example.org");
    assert_eq!(mails.last().unwrap().subject, "Your account is ready");
    let anna = portal.signed_in("anna@example.org").await;
    let patched = anna
        .patch("/api/v1/me/profile", &json!({ "organisation": "Another" }))
        .await;
    patched.must_refuse(&["organisation: read_only"]);

    assert_eq!(
        decision(&portal, id).await,
        (Some("administrator".to_owned()), Some(desk.id))
    );
    assert_eq!(
        audited(&portal, "registration.approved", id).await,
        [Some(desk.id)]
    );
    desk.post(&format!("{DESK}/{id}/approve"), &json!({}))
        .await
        .must_fail(409, "not_pending");
    assert_eq!(desk.get(DESK).await.json()["items"], json!([]));
}

#[tokio::test]
async fn who_is_rejected_is_mailed_the_reason() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let id = applicant(&portal, "anna@example.org").await;
    let reject = format!("{DESK}/{id}/reject");
    desk.post(&reject, &json!({}))
        .await
        .must_refuse(&["reason: required"]);
    desk.post(&reject, &json!({ "reason": " " }))
        .await
        .must_refuse(&["reason: required"]);
    desk.post(&reject, &json!({ "reason": "x".repeat(2001) }))
        .await
        .must_refuse(&["reason: too_long"]);
    desk.post(&reject, &json!({ "reason": "Only customers\nmay join." }))
        .await
        .must_be(204);
    portal.work().await;
    let mails = portal.mails_to("anna@example.org");
    assert!(
        mails
            .last()
            .unwrap()
            .text
            .contains("> Only customers\n> may join."),
        "{:?}",
        mails.last()
    );
    portal
        .visitor()
        .sign_in("anna@example.org", PASSWORD)
        .await
        .must_fail(403, "registration_rejected");

    assert_eq!(
        decision(&portal, id).await,
        (Some("administrator".to_owned()), Some(desk.id))
    );
    assert_eq!(
        audited(&portal, "registration.rejected", id).await,
        [Some(desk.id)]
    );
    desk.post(&format!("{DESK}/{id}/approve"), &json!({}))
        .await
        .must_fail(409, "not_pending");
    // R3: reasons stand nowhere but in the note that goes with the account.
    assert_eq!(
        portal.places_of("Only customers").await,
        ["administrative_note.body"]
    );
}

#[tokio::test]
async fn of_approval_and_rejection_at_once_one_decides() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let id = applicant(&portal, "anna@example.org").await;
    let mut decisions = JoinSet::new();
    for index in 0..10 {
        let desk = desk.clone();
        decisions.spawn(async move {
            let (verb, body) = if index % 2 == 0 {
                ("approve", json!({}))
            } else {
                ("reject", json!({ "reason": "no" }))
            };
            desk.post(&format!("{DESK}/{id}/{verb}"), &body)
                .await
                .status
                .as_u16()
        });
    }
    let mut statuses = decisions.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [[204].as_slice(), &[409; 9]].concat());
    let events =
        "SELECT count(*) FROM audit_event WHERE code IN ('registration.approved', 'registration.rejected')";
    assert_eq!(portal.count(events).await, 1);
}

#[tokio::test]
async fn who_waits_can_withdraw_once_and_leaves_with_the_next_sweep() {
    let portal = TestPortal::start().await;
    let id = applicant(&portal, "anna@example.org").await;
    portal.advance(TimeDelta::days(89));
    let desk = portal.administrator().await;
    let token = portal.link_for("anna@example.org", LinkPurpose::Withdraw);
    let withdraw = async || {
        portal
            .visitor()
            .post("/api/v1/registrations/withdraw", &json!({ "token": token }))
            .await
    };
    withdraw().await.must_be(204);
    withdraw().await.must_fail(410, "link_invalid");

    let gone = format!(
        "SELECT count(*) FROM account WHERE id = '{id}' AND status = 'deleted' AND due_at = deleted_at
         AND undo_until = deleted_at AND erase_by = deleted_at + interval '24 hours'"
    );
    assert_eq!(portal.count(&gone).await, 1);
    assert_eq!(audited(&portal, "registration.withdrawn", id).await, [None]);
    portal
        .visitor()
        .sign_in("anna@example.org", PASSWORD)
        .await
        .must_fail(403, "account_deleted");
    assert_eq!(desk.get(DESK).await.must_be(200).json()["items"], json!([]));
    desk.post(&format!("{DESK}/{id}/approve"), &json!({}))
        .await
        .must_fail(409, "being_deleted");
}

#[tokio::test]
async fn who_was_decided_has_nothing_to_withdraw() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let id = applicant(&portal, "anna@example.org").await;
    let token = portal.link_for("anna@example.org", LinkPurpose::Withdraw);
    desk.post(&format!("{DESK}/{id}/approve"), &json!({}))
        .await
        .must_be(204);
    let withdrawn = portal
        .visitor()
        .post("/api/v1/registrations/withdraw", &json!({ "token": token }))
        .await;
    withdrawn.must_fail(410, "link_invalid");
    portal.signed_in("anna@example.org").await;
}

#[tokio::test]
async fn the_desk_is_for_administrators() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let waiting = applicant(&portal, "bea@example.org").await;
    let approve = format!("{DESK}/{waiting}/approve");
    let reject = format!("{DESK}/{waiting}/reject");
    portal.visitor().get(DESK).await.must_fail(401, "not_signed_in");
    portal
        .visitor()
        .post(&approve, &json!({}))
        .await
        .must_fail(401, "not_signed_in");
    anna.get(DESK).await.must_fail(403, "forbidden");
    anna.post(&approve, &json!({})).await.must_fail(403, "forbidden");
    anna.post(&reject, &json!({ "reason": "no" }))
        .await
        .must_fail(403, "forbidden");
    assert_eq!(decision(&portal, waiting).await, (None, None));

    let desk = portal.administrator().await;
    desk.post(&format!("{DESK}/{}/approve", Uuid::max()), &json!({}))
        .await
        .must_fail(404, "not_found");
    desk.post(&format!("{DESK}/{}/approve", anna.id), &json!({}))
        .await
        .must_fail(409, "not_pending");
}
