//! Deleting an account and undoing it: who may, what ends at once, what comes back exactly as it was.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use stammtisch::mail::letter::LinkPurpose;
use tokio::task::JoinSet;

use crate::support::{PASSWORD, Person, TestPortal};

const UNDO: &str = "/api/v1/deletions/undo";

pub async fn delete(person: &Person) -> Value {
    person
        .post("/api/v1/me/deletion", &json!({ "password": PASSWORD }))
        .await
        .must_be(202)
        .json()
}

fn instant(answer: &Value, name: &str) -> DateTime<Utc> {
    answer[name]
        .as_str()
        .and_then(|at| at.parse().ok())
        .unwrap_or_else(|| panic!("{name} in {answer}"))
}

#[tokio::test]
async fn a_deletion_needs_the_password() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let wrong = json!({ "password": "something else entirely" });
    anna.post("/api/v1/me/deletion", &wrong)
        .await
        .must_fail(401, "credentials_invalid");
    anna.get("/api/v1/me").await.must_be(200);
}

#[tokio::test]
async fn a_deletion_ends_access_at_once_and_names_its_instants() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    let other_device = portal.signed_in(&anna.email).await;
    anna.post(
        "/api/v1/conversations",
        &json!({ "member_ids": [bert.id], "subject": "Kanal", "body": "Guten Tag" }),
    )
    .await
    .must_be(201);

    let answer = delete(&anna).await;
    let deleted_at = instant(&answer, "deleted_at");
    assert_eq!(instant(&answer, "undo_until"), deleted_at + TimeDelta::hours(1));
    assert_eq!(instant(&answer, "erase_by"), deleted_at + TimeDelta::hours(24));
    assert_eq!(answer["receipt_code"].as_str().map(str::len), Some(43));

    anna.get("/api/v1/me").await.must_fail(401, "not_signed_in");
    other_device
        .get("/api/v1/me")
        .await
        .must_fail(401, "not_signed_in");
    portal
        .visitor()
        .sign_in(&anna.email, PASSWORD)
        .await
        .must_fail(403, "account_deleted");
    bert.get(&format!("/api/v1/members/{}", anna.id))
        .await
        .must_fail(404, "not_found");
    let found = bert
        .get("/api/v1/members?query=Beispiel")
        .await
        .must_be(200)
        .json();
    assert_eq!(found["items"], json!([]));
    let listed = bert.get("/api/v1/conversations").await.must_be(200).json();
    let conversation = &listed["items"][0];
    assert_eq!(conversation["former_members"], 1);
    assert_eq!(conversation["subject"], Value::Null);
    assert_eq!(conversation["last_message"], Value::Null);
    assert_eq!(conversation["unread"], 0);
}

#[tokio::test]
async fn the_mail_carries_the_link_and_the_same_receipt_code_and_nothing_else_is_sent() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal
        .visitor()
        .post("/api/v1/password-resets", &json!({ "email": anna.email }))
        .await
        .must_be(202);
    stammtisch::authentication::password_reset::handle_noted(&portal.portal)
        .await
        .unwrap();
    let before = portal.mails_to(&anna.email).len();
    let answer = delete(&anna).await;
    portal.work().await;
    let mails = portal.mails_to(&anna.email);
    assert_eq!(mails.len(), before + 1, "the queued reset was taken back");
    let mail = mails.last().unwrap();
    assert!(mail.text.contains(answer["receipt_code"].as_str().unwrap()));
    assert!(mail.text.contains("/undo?token="));
    assert_eq!(portal.count("SELECT count(*) FROM mail").await, 0);
}

#[tokio::test]
async fn asking_again_answers_the_same_instants_without_a_code() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let first = delete(&anna).await;
    portal.advance(TimeDelta::minutes(20));
    let pair = json!({ "email": anna.email, "password": PASSWORD });
    let second = portal
        .visitor()
        .post("/api/v1/deletions", &pair)
        .await
        .must_be(202)
        .json();
    for name in ["deleted_at", "undo_until", "erase_by"] {
        assert_eq!(first[name], second[name]);
    }
    assert!(second.get("receipt_code").is_none());
    portal.work().await;
    assert_eq!(portal.count("SELECT count(*) FROM receipt").await, 1);
}

#[tokio::test]
async fn undo_restores_exactly_what_was_before_for_every_status() {
    for status in ["active", "suspended", "pending", "rejected"] {
        let portal = TestPortal::start().await;
        let anna = portal.member("Anna", "Beispiel").await;
        portal
            .execute(&format!(
                "UPDATE account SET status = '{status}'; UPDATE registration SET decided_at = now()"
            ))
            .await;
        let pair = json!({ "email": anna.email, "password": PASSWORD });
        portal
            .visitor()
            .post("/api/v1/deletions", &pair)
            .await
            .must_be(202);
        portal.work().await;
        let token = portal.link_for(&anna.email, LinkPurpose::Undo);
        portal
            .visitor()
            .post(UNDO, &json!({ "token": token }))
            .await
            .must_be(204);
        let row = portal
            .scalar::<String>(
                "SELECT concat_ws(' ', status, status_before, deleted_at, undo_until, erase_by) FROM account",
            )
            .await;
        assert_eq!(row, status);
        portal
            .visitor()
            .post(UNDO, &json!({ "token": token }))
            .await
            .must_fail(409, "undo_impossible");
        if status == "active" {
            portal.visitor().sign_in(&anna.email, PASSWORD).await.must_be(200);
            assert_eq!(
                portal
                    .count("SELECT count(*) FROM account WHERE due_at IS NOT NULL")
                    .await,
                0
            );
        }
    }
}

#[tokio::test]
async fn undo_comes_too_late_after_the_grace() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    delete(&anna).await;
    portal.work().await;
    let token = portal.link_for(&anna.email, LinkPurpose::Undo);
    portal.advance(TimeDelta::minutes(61));
    portal
        .visitor()
        .post(UNDO, &json!({ "token": token }))
        .await
        .must_fail(409, "undo_impossible");
}

#[tokio::test]
async fn fifty_undos_at_once_give_one_success() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    delete(&anna).await;
    portal.work().await;
    let token = portal.link_for(&anna.email, LinkPurpose::Undo);
    let mut tries = JoinSet::new();
    for _ in 0..50 {
        let (visitor, body) = (portal.visitor(), json!({ "token": token }));
        tries.spawn(async move { visitor.post(UNDO, &body).await.status.as_u16() });
    }
    let mut statuses = tries.join_all().await;
    statuses.sort_unstable();
    assert_eq!(
        (statuses[0], statuses[1..].iter().all(|status| *status == 409)),
        (204, true)
    );
}

#[tokio::test]
async fn an_administrator_deletes_on_someones_behalf_and_the_person_can_undo_it_for_12_hours() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let path = format!("/api/v1/admin/accounts/{}/deletion", anna.id);
    anna.post(&path, &json!({ "reason": "x" }))
        .await
        .must_fail(403, "forbidden");
    desk.post(&path, &json!({ "reason": " " }))
        .await
        .must_refuse(&["reason: required"]);
    let answer = desk
        .post(&path, &json!({ "reason": "Brief vom 20. November" }))
        .await
        .must_be(202)
        .json();
    assert_eq!(
        instant(&answer, "undo_until"),
        instant(&answer, "deleted_at") + TimeDelta::hours(12)
    );
    portal.work().await;
    portal.advance(TimeDelta::hours(11));
    let token = portal.link_for(&anna.email, LinkPurpose::Undo);
    portal
        .visitor()
        .post(UNDO, &json!({ "token": token }))
        .await
        .must_be(204);
}

#[tokio::test]
async fn a_deleted_account_is_neither_suspended_nor_decided() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    delete(&anna).await;
    for path in [
        format!("/api/v1/admin/accounts/{}/suspend", anna.id),
        format!("/api/v1/admin/accounts/{}/reinstate", anna.id),
        format!("/api/v1/admin/registrations/{}/approve", anna.id),
    ] {
        desk.post(&path, &json!({})).await.must_fail(409, "being_deleted");
    }
    let reject = format!("/api/v1/admin/registrations/{}/reject", anna.id);
    desk.post(&reject, &json!({ "reason": "x" }))
        .await
        .must_fail(409, "being_deleted");
}

#[tokio::test]
async fn the_last_administrator_stays_also_when_two_leave_at_once() {
    let portal = TestPortal::start().await;
    let one = portal.administrator().await;
    one.post("/api/v1/me/deletion", &json!({ "password": PASSWORD }))
        .await
        .must_fail(409, "last_administrator");
    one.post(&format!("/api/v1/admin/accounts/{}/suspend", one.id), &json!({}))
        .await
        .must_fail(409, "last_administrator");
    one.put(
        &format!("/api/v1/admin/accounts/{}/role", one.id),
        &json!({ "role": "member" }),
    )
    .await
    .must_fail(409, "last_administrator");

    let other = portal.administrator().await;
    let body = json!({ "password": PASSWORD });
    let (first, second) = tokio::join!(
        one.post("/api/v1/me/deletion", &body),
        other.post("/api/v1/me/deletion", &body)
    );
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [202, 409]);
}

#[tokio::test]
async fn someone_who_registers_meanwhile_is_told_and_afterwards_is_somebody_new() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let hold =
        json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["contact", "master_data"] });
    desk.post(&format!("/api/v1/admin/accounts/{}/holds", anna.id), &hold)
        .await
        .must_be(201);
    delete(&anna).await;
    portal.work().await;
    portal.advance(TimeDelta::minutes(15));
    let application = crate::support::people::application(&anna.email, "Anna", "Neu");
    portal
        .visitor()
        .post("/api/v1/registrations", &application)
        .await
        .must_be(202);
    portal.work().await;
    let told = portal.mails_to(&anna.email);
    assert_eq!(told.last().unwrap().subject, "Your account is being deleted");

    portal.advance(TimeDelta::hours(2));
    let confirmed = portal
        .register(&anna.email, "Anna", "Neu")
        .await
        .must_be(200)
        .json();
    assert_eq!(confirmed["status"], "active");
    let new = portal.signed_in(&anna.email).await;
    assert_ne!(new.id, anna.id);
    assert_eq!(
        portal
            .count("SELECT count(*) FROM email_address WHERE released")
            .await,
        1
    );
}

#[tokio::test]
async fn whoever_waits_withdraws_and_is_gone_with_the_next_sweep() {
    let portal = TestPortal::start().await;
    assert_eq!(
        portal
            .register("waits@example.org", "Willi", "Wartend")
            .await
            .must_be(200)
            .json()["status"],
        "pending"
    );
    portal.work().await;
    let token = portal.link_for("waits@example.org", LinkPurpose::Withdraw);
    let body = json!({ "token": token });
    portal
        .visitor()
        .post("/api/v1/registrations/withdraw", &body)
        .await
        .must_be(204);
    portal
        .visitor()
        .post("/api/v1/registrations/withdraw", &body)
        .await
        .must_fail(410, "link_invalid");
    let report = crate::sweep::sweep(&portal).await;
    assert_eq!((report.erased, report.held), (1, 0));
    assert_eq!(portal.count("SELECT count(*) FROM account").await, 0);
}

#[tokio::test]
async fn the_preview_counts_what_would_go_and_says_what_is_held_and_why() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    let desk = portal.administrator().await;
    anna.post(
        "/api/v1/conversations",
        &json!({ "member_ids": [bert.id], "body": "eins" }),
    )
    .await
    .must_be(201);
    anna.post(
        "/api/v1/conversations",
        &json!({ "member_ids": [bert.id], "body": "zwei" }),
    )
    .await
    .must_be(200);
    let holds = format!("/api/v1/admin/accounts/{}/holds", anna.id);
    let open = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["messages"] });
    let quiet = json!({ "basis": "authority_order", "reference": "geheim", "categories": ["contact"], "disclose": false });
    desk.post(&holds, &open).await.must_be(201);
    desk.post(&holds, &quiet).await.must_be(201);
    let preview = anna.get("/api/v1/me/deletion-preview").await.must_be(200);
    assert!(!preview.text().contains("Az. 1") && !preview.text().contains("geheim"));
    let preview = preview.json();
    let category = |name: &str| {
        preview["categories"]
            .as_array()
            .unwrap()
            .iter()
            .find(|category| category["category"] == name)
            .cloned()
            .unwrap_or_default()
    };
    assert_eq!(category("messages")["count"], 2);
    assert_eq!(
        category("messages")["holds"],
        json!([{ "basis": "open_claim", "until": null }])
    );
    assert_eq!(category("contact"), Value::Null, "nobody is told what is kept");
    assert_eq!(preview["kept_by_law"], true);
    assert_eq!(category("credentials")["held"], false);
    assert_eq!(preview["held"], true);
}
