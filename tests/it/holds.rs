//! Holds: who places them, on what, for how long, and that nobody defeats them.

use axum::http::Method;
use chrono::{Months, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{
    deletion::delete,
    support::{Person, TestPortal},
    sweep::sweep,
};

fn order(categories: &[&str]) -> Value {
    json!({ "basis": "open_claim", "reference": "Az. 4 O 123/26", "categories": categories })
}

fn path(person: &Person) -> String {
    format!("/api/v1/admin/accounts/{}/holds", person.id)
}

async fn place(desk: &Person, person: &Person, order: &Value) -> Value {
    desk.post(&path(person), order).await.must_be(201).json()
}

async fn release(desk: &Person, hold: &Value) -> u16 {
    let path = format!("/api/v1/admin/holds/{}/release", hold["id"].as_str().unwrap());
    desk.post(&path, &json!({ "reason": "erledigt" }))
        .await
        .status
        .as_u16()
}

#[tokio::test]
async fn a_hold_that_is_sent_twice_is_placed_once() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let desk = portal.administrator().await;
    let send = async |person: &Person, order: &Value| {
        let request = desk
            .request(Method::POST, &path(person))
            .header("idempotency-key", "einmal");
        request.json(order).send().await
    };
    let messages = order(&["messages"]);
    let (first, second) = tokio::join!(send(&anna, &messages), send(&anna, &messages));
    assert_eq!(first.must_be(201).json()["id"], second.must_be(201).json()["id"]);
    send(&bert, &messages)
        .await
        .must_fail(422, "idempotency_key_reused");
    let other = json!({ "basis": "open_claim", "reference": "Az. 5" });
    send(&anna, &other).await.must_fail(422, "idempotency_key_reused");
    assert_eq!(portal.count("SELECT count(*) FROM hold").await, 1);
    let events = "SELECT count(*) FROM audit_event WHERE code = 'hold.placed'";
    assert_eq!(portal.count(events).await, 1);
}

#[tokio::test]
async fn of_holds_on_two_accounts_with_one_key_at_once_one_is_placed() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let desk = portal.administrator().await;
    let messages = order(&["messages"]);
    for round in 0..10 {
        let send = async |person: &Person| {
            let request = desk
                .request(Method::POST, &path(person))
                .header("idempotency-key", &format!("einmal {round}"));
            request.json(&messages).send().await.status.as_u16()
        };
        let (one, other) = tokio::join!(send(&anna), send(&bert));
        assert_eq!((one.min(other), one.max(other)), (201, 422));
    }
    assert_eq!(portal.count("SELECT count(*) FROM hold").await, 10);
}

#[tokio::test]
async fn a_hold_without_categories_is_on_all_that_may_be_held_and_is_reviewed_in_six_months() {
    let portal = TestPortal::start().await;
    let (anna, desk) = (
        portal.member("Anna", "Beispiel").await,
        portal.administrator().await,
    );
    let hold = place(
        &desk,
        &anna,
        &json!({ "basis": "statutory_retention", "reference": "§ 147 AO" }),
    )
    .await;
    assert_eq!(
        hold["categories"],
        json!(["consents", "contact", "enquiries", "master_data", "messages"])
    );
    let review: chrono::DateTime<Utc> = hold["review_at"].as_str().unwrap().parse().unwrap();
    let placed: chrono::DateTime<Utc> = hold["placed_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(review, placed + Months::new(6));
    assert_eq!(
        (&hold["disclose"], &hold["state"], &hold["expires_at"]),
        (&json!(true), &json!("active"), &Value::Null)
    );
    let listed = desk.get(&path(&anna)).await.must_be(200).json();
    assert_eq!(listed["items"][0]["id"], hold["id"]);
}

#[tokio::test]
async fn what_is_wrong_with_an_order_is_named() {
    let portal = TestPortal::start().await;
    let (anna, desk) = (
        portal.member("Anna", "Beispiel").await,
        portal.administrator().await,
    );
    let soon = portal.portal.now() + TimeDelta::days(1);
    for (changed, value, fault) in [
        ("basis", json!("because"), "basis: unknown_basis"),
        ("reference", json!(""), "reference: required"),
        ("reference", json!("a\nb"), "reference: control_character"),
        ("categories", json!([]), "categories: required"),
        (
            "categories",
            json!(["credentials"]),
            "categories: unknown_category",
        ),
        ("categories", json!(["activity"]), "categories: unknown_category"),
        (
            "review_at",
            json!(soon - TimeDelta::days(2)),
            "review_at: in_the_past",
        ),
        ("review_at", json!(soon + Months::new(6)), "review_at: too_far"),
        (
            "expires_at",
            json!(soon - TimeDelta::days(2)),
            "expires_at: in_the_past",
        ),
        (
            "expires_at",
            json!(soon + Months::new(132)),
            "expires_at: too_far",
        ),
        ("disclose", json!(false), "disclose: must_be_disclosed"),
        ("placed_by", json!(desk.id), "placed_by: unknown_field"),
    ] {
        let mut order = order(&["messages"]);
        order[changed] = value;
        desk.post(&path(&anna), &order).await.must_refuse(&[fault]);
    }
    let unknown = desk
        .post(&path(&anna), &order(&["nonsense"]))
        .await
        .must_be(422)
        .text();
    assert!(
        unknown.contains("master_data"),
        "the known ones are named: {unknown}"
    );
    assert_eq!(portal.count("SELECT count(*) FROM hold").await, 0);
}

#[tokio::test]
async fn nobody_decides_about_their_own_account_and_members_not_at_all() {
    let portal = TestPortal::start().await;
    let (anna, desk, other) = (
        portal.member("Anna", "Beispiel").await,
        portal.administrator().await,
        portal.administrator().await,
    );
    desk.post(&path(&desk), &order(&["messages"]))
        .await
        .must_fail(403, "own_account");
    anna.post(&path(&desk), &order(&["messages"]))
        .await
        .must_fail(403, "forbidden");
    let hold = place(&other, &desk, &order(&["messages"])).await;
    assert_eq!(release(&desk, &hold).await, 403);
    assert_eq!(release(&other, &hold).await, 200);
    assert_eq!(release(&other, &hold).await, 409);
    let nobody = "/api/v1/admin/accounts/2f1b9a8e-6f0c-4d0f-9d5c-0a3b7c1e2d4f/holds";
    desk.post(nobody, &order(&["messages"]))
        .await
        .must_fail(404, "not_found");
}

#[tokio::test]
async fn exactly_what_is_held_stays_restricted_and_goes_when_the_hold_is_released() {
    let portal = TestPortal::with("sessions.idle = '2000h'\nsessions.absolute = '2000h'").await;
    let (anna, bert, desk) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
        portal.administrator().await,
    );
    anna.post(
        "/api/v1/conversations",
        &json!({ "member_ids": [bert.id], "body": "Beweisstück" }),
    )
    .await
    .must_be(201);
    let hold = place(&desk, &anna, &order(&["messages"])).await;
    delete(&anna).await;
    portal.work().await;
    portal.advance(TimeDelta::minutes(70));
    let report = sweep(&portal).await;
    assert_eq!((report.due, report.erased, report.held), (1, 0, 1));

    assert_eq!(portal.places_of("Beispiel").await, Vec::<String>::new());
    assert_eq!(portal.places_of("anna.").await, Vec::<String>::new());
    assert_eq!(
        portal.places_of("Beweisstück").await,
        ["message.body", "message.searched"]
    );
    let seen = bert.get("/api/v1/conversations").await.must_be(200).text();
    assert!(!seen.contains("Beweisstück"));
    desk.prove().await;
    let late = desk.post(&path(&anna), &order(&["contact"])).await;
    late.must_fail(409, "already_erased");
    let both = place(&desk, &anna, &order(&["contact", "messages"])).await;
    assert_eq!(both["categories"], json!(["messages"]));

    assert_eq!(release(&desk, &hold).await, 200);
    assert_eq!(sweep(&portal).await.held, 1, "the other hold still keeps it");
    portal.advance(TimeDelta::days(40));
    desk.prove().await;
    assert_eq!(release(&desk, &both).await, 200);
    let report = sweep(&portal).await;
    assert_eq!(
        (report.erased, report.held, report.oldest_overdue_seconds),
        (1, 0, 0)
    );
    assert_eq!(portal.places_of("Beweisstück").await, Vec::<String>::new());
    assert_eq!(portal.places_of("Az. 4 O 123/26").await, Vec::<String>::new());
    desk.post(&path(&anna), &order(&["messages"]))
        .await
        .must_fail(409, "already_erased");
}

#[tokio::test]
async fn a_hold_that_expires_lets_go_by_itself() {
    let portal = TestPortal::start().await;
    let (anna, desk) = (
        portal.member("Anna", "Beispiel").await,
        portal.administrator().await,
    );
    let mut order = order(&["master_data"]);
    order["expires_at"] = json!(portal.portal.now() + TimeDelta::days(3));
    place(&desk, &anna, &order).await;
    delete(&anna).await;
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(&portal).await.held, 1);
    assert_eq!(sweep(&portal).await.due, 0, "a held account costs nothing");
    portal.advance(TimeDelta::days(3));
    let report = sweep(&portal).await;
    assert_eq!(
        (report.erased, report.held, report.oldest_overdue_seconds),
        (1, 0, 0)
    );
    assert_eq!(portal.places_of("Beispiel").await, Vec::<String>::new());
}

#[tokio::test]
async fn after_a_week_without_a_sweep_no_hold_expires_until_the_clock_is_accepted() {
    let portal = TestPortal::start().await;
    let (anna, desk) = (
        portal.member("Anna", "Beispiel").await,
        portal.administrator().await,
    );
    let mut order = order(&["master_data"]);
    order["expires_at"] = json!(portal.portal.now() + TimeDelta::days(3));
    place(&desk, &anna, &order).await;
    delete(&anna).await;
    sweep(&portal).await;
    portal.advance(TimeDelta::days(8));
    let report = sweep(&portal).await;
    assert_eq!((report.erased, report.held), (0, 1));
    assert_eq!(
        portal.count("SELECT count(*) FROM credential").await,
        1,
        "only the administrator's"
    );
    portal.advance(TimeDelta::minutes(6));
    assert_eq!(sweep(&portal).await.erased, 0);
    assert!(
        stammtisch::erasure::sweep::accept_clock(&portal.portal)
            .await
            .unwrap()
    );
    portal.advance(TimeDelta::minutes(6));
    assert_eq!(sweep(&portal).await.erased, 1);
}

#[tokio::test]
async fn a_member_cannot_defeat_a_hold_by_changing_or_deleting() {
    let portal = TestPortal::start().await;
    let (anna, bert, desk) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
        portal.administrator().await,
    );
    let started = anna
        .post(
            "/api/v1/conversations",
            &json!({ "member_ids": [bert.id], "body": "Beweisstück" }),
        )
        .await
        .must_be(201)
        .json();
    let hold = place(&desk, &anna, &order(&["messages", "master_data", "contact"])).await;

    let message = started["last_message"]["id"].as_str().unwrap();
    anna.delete(&format!("/api/v1/messages/{message}"))
        .await
        .must_be(204);
    anna.delete(&format!("/api/v1/messages/{message}"))
        .await
        .must_fail(404, "not_found");
    anna.patch(
        "/api/v1/me/profile",
        &json!({ "last_name": "Verheiratet", "position": "Leitung" }),
    )
    .await
    .must_be(200);
    anna.patch("/api/v1/me/profile", &json!({ "position": null }))
        .await
        .must_be(200);
    let change = json!({ "email": "neu@musterhausen.example", "password": crate::support::PASSWORD });
    anna.post("/api/v1/me/email-change", &change).await.must_be(202);
    portal.work().await;
    let token = portal.link_for(
        "neu@musterhausen.example",
        stammtisch::mail::letter::LinkPurpose::EmailChange,
    );
    portal
        .visitor()
        .post("/api/v1/email-changes/confirm", &json!({ "token": token }))
        .await
        .must_be(204);

    assert!(
        !bert
            .get("/api/v1/conversations")
            .await
            .text()
            .contains("Beweisstück")
    );
    assert!(
        !bert
            .get("/api/v1/members?query=Beispiel")
            .await
            .text()
            .contains("Anna")
    );
    assert!(!anna.get("/api/v1/me").await.text().contains("anna.beispiel"));
    sweep(&portal).await;
    assert_eq!(
        portal.places_of("Beweisstück").await,
        ["message.body", "message.searched"]
    );
    assert_eq!(
        portal.places_of("Beispiel").await,
        ["email_address.address", "superseded_profile.value"]
    );
    assert_eq!(portal.places_of("Leitung").await, ["superseded_profile.value"]);

    assert_eq!(release(&desk, &hold).await, 200);
    sweep(&portal).await;
    for gone in ["Beweisstück", "Beispiel", "Leitung"] {
        assert_eq!(portal.places_of(gone).await, Vec::<String>::new(), "{gone}");
    }
    anna.get("/api/v1/me").await.must_be(200);
    assert_eq!(sweep(&portal).await.due, 0);
}

#[tokio::test]
async fn without_a_hold_what_is_replaced_is_gone_at_once() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    anna.patch("/api/v1/me/profile", &json!({ "position": "Sachbearbeiterin" }))
        .await
        .must_be(200);
    anna.patch("/api/v1/me/profile", &json!({ "position": "Leitung" }))
        .await
        .must_be(200);
    assert_eq!(portal.places_of("Sachbearbeiterin").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_review_moves_the_date_and_keeps_the_reason_with_the_account() {
    let portal = TestPortal::start().await;
    let (anna, desk) = (
        portal.member("Anna", "Beispiel").await,
        portal.administrator().await,
    );
    let hold = place(&desk, &anna, &order(&["messages"])).await;
    let path = format!("/api/v1/admin/holds/{}/review", hold["id"].as_str().unwrap());
    let next = portal.portal.now() + TimeDelta::days(30);
    let reviewed = desk
        .post(&path, &json!({ "reason": "Verfahren läuft", "review_at": next }))
        .await
        .must_be(200)
        .json();
    assert_eq!(
        reviewed["review_at"]
            .as_str()
            .unwrap()
            .parse::<chrono::DateTime<Utc>>()
            .unwrap(),
        next
    );
    let far = portal.portal.now() + TimeDelta::days(300);
    desk.post(&path, &json!({ "reason": "x", "review_at": far }))
        .await
        .must_refuse(&["review_at: too_far"]);
    assert_eq!(
        portal.places_of("Verfahren läuft").await,
        ["administrative_note.body"]
    );
    release(&desk, &hold).await;
    delete(&anna).await;
    portal.advance(TimeDelta::hours(2));
    sweep(&portal).await;
    assert_eq!(portal.places_of("Verfahren läuft").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_release_takes_a_second_administrator_where_the_setting_says_so() {
    let portal = TestPortal::with("holds.second_person = 'release'").await;
    let (anna, first) = (
        portal.member("Anna", "Beispiel").await,
        portal.administrator().await,
    );
    let hold = place(&first, &anna, &order(&["messages"])).await;
    let release_path = format!("/api/v1/admin/holds/{}/release", hold["id"].as_str().unwrap());
    let reason = json!({ "reason": "erledigt" });
    first
        .post(&release_path, &reason)
        .await
        .must_fail(409, "second_person_missing");
    first
        .delete(&release_path)
        .await
        .must_fail(409, "no_release_waiting");
    let second = portal.administrator().await;
    assert_eq!(release(&first, &hold).await, 202);
    assert_eq!(
        release(&first, &hold).await,
        202,
        "the same person does not count twice"
    );
    first.delete(&release_path).await.must_be(204);
    assert_eq!(release(&second, &hold).await, 202);
    let released = first.post(&release_path, &reason).await.must_be(200).json();
    assert_eq!(released["state"], "released");
}
