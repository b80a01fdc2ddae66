//! Blocking someone: nothing of theirs is seen, and they cannot find out.

use chrono::TimeDelta;
use serde_json::json;

use crate::{
    deletion::delete,
    messaging::{bodies, id, messages_of, send, write_to},
    support::{Person, TestPortal},
    sweep::sweep,
};

async fn block(person: &Person, other: &Person) {
    let path = format!("/api/v1/me/blocks/{}", other.id);
    person.put(&path, &json!({})).await.must_be(204);
}

async fn unblock(person: &Person, other: &Person) {
    let path = format!("/api/v1/me/blocks/{}", other.id);
    person.delete(&path).await.must_be(204);
}

#[tokio::test]
async fn what_a_blocked_person_writes_is_never_shown_and_they_see_no_difference() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "davor").await.must_be(201).json());
    portal.advance(TimeDelta::seconds(1));
    block(&anna, &bert).await;
    block(&anna, &bert).await;
    let listed = anna.get("/api/v1/me/blocks").await.must_be(200).json();
    assert_eq!(listed["items"][0]["id"], json!(bert.id));
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);

    send(&bert, &conversation, "während").await.must_be(201);
    assert_eq!(
        bodies(&bert, &messages_of(&conversation)).await,
        ["während", "davor"]
    );
    assert_eq!(bodies(&anna, &messages_of(&conversation)).await, ["davor"]);
    let of_anna = anna.get("/api/v1/conversations").await.json()["items"][0].clone();
    assert_eq!(of_anna["last_message"]["body"], "davor");
    assert_eq!(of_anna["unread"], 1);
    let member = bert.get(&format!("/api/v1/members/{}", anna.id)).await;
    member.must_be(200);

    portal.advance(TimeDelta::seconds(1));
    unblock(&anna, &bert).await;
    unblock(&anna, &bert).await;
    portal.advance(TimeDelta::seconds(1));
    send(&bert, &conversation, "danach").await.must_be(201);
    assert_eq!(
        bodies(&anna, &messages_of(&conversation)).await,
        ["danach", "davor"]
    );
}

#[tokio::test]
async fn a_conversation_that_a_blocked_person_begins_is_not_in_the_list() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    block(&anna, &bert).await;
    write_to(&bert, &[&anna], "Hallo").await.must_be(201);
    let listed = anna.get("/api/v1/conversations").await.must_be(200).json();
    assert_eq!(listed["items"], json!([]));
    let own = bert.get("/api/v1/conversations").await.must_be(200).json();
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn only_members_are_blocked_and_nobody_blocks_themselves() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let path = |id: uuid::Uuid| format!("/api/v1/me/blocks/{id}");
    anna.put(&path(anna.id), &json!({}))
        .await
        .must_fail(403, "own_account");
    anna.put(&path(uuid::Uuid::max()), &json!({}))
        .await
        .must_fail(404, "not_found");
}

#[tokio::test]
async fn whoever_blocked_someone_writes_to_them_again_after_ending_it() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "davor").await.must_be(201).json());
    block(&anna, &bert).await;
    send(&anna, &conversation, "Nein").await.must_fail(409, "blocked");
    write_to(&anna, &[&bert], "Nein").await.must_fail(409, "blocked");
    unblock(&anna, &bert).await;
    send(&anna, &conversation, "Doch").await.must_be(201);
}

#[tokio::test]
async fn blocking_again_and_again_is_limited_and_a_block_that_stands_uses_nothing_up() {
    let portal = TestPortal::with("limits.blocks_per_day = 2").await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    for _ in 0..2 {
        for _ in 0..3 {
            block(&anna, &bert).await;
        }
        unblock(&anna, &bert).await;
        portal.advance(TimeDelta::seconds(1));
    }
    let path = format!("/api/v1/me/blocks/{}", bert.id);
    let refused = anna.put(&path, &json!({})).await;
    assert!(refused.header("retry-after").is_some());
    refused.must_fail(429, "rate_limited");
    assert_eq!(portal.count("SELECT count(*) FROM block").await, 2);
    portal.advance(TimeDelta::hours(12));
    let anna = portal.signed_in(&anna.email).await;
    block(&anna, &bert).await;
    let page = anna
        .submit(&format!("/en/members/{}", bert.id), &[("act", "unblock")])
        .await;
    page.must_lead_to(&format!("/en/members/{}?done=unblocked", bert.id));
    anna.submit(&format!("/en/members/{}", bert.id), &[("act", "block")])
        .await
        .must_be(429);
}

#[tokio::test]
async fn an_account_with_very_many_blocks_goes_in_chunks() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    portal
        .execute(&format!(
            "INSERT INTO block (account_id, blocked_id, began_at, ended_at)
             SELECT '{0}', '{1}', now() + n * interval '1 second', now() + n * interval '1 second' FROM generate_series(1, 6000) n;
             INSERT INTO block (account_id, blocked_id, began_at, ended_at)
             SELECT '{1}', '{0}', now() + n * interval '1 second', now() + n * interval '1 second' FROM generate_series(1, 6000) n",
            anna.id, bert.id
        ))
        .await;
    delete(&anna).await;
    portal.advance(TimeDelta::hours(2));
    let (report, statements) = portal.statements_of(sweep(&portal)).await;
    assert_eq!((report.erased, report.failed), (1, 0));
    let chunks = statements
        .iter()
        .filter(|statement| statement.starts_with("DELETE FROM block WHERE ctid"));
    assert!(chunks.count() >= 4, "two of each side");
    assert_eq!(portal.count("SELECT count(*) FROM block").await, 0);
}

#[tokio::test]
async fn a_block_goes_with_either_of_the_two() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    block(&anna, &bert).await;
    block(&bert, &anna).await;
    delete(&bert).await;
    let listed = anna.get("/api/v1/me/blocks").await.must_be(200).json();
    assert_eq!(listed["items"], json!([]));
    portal.advance(TimeDelta::hours(2));
    sweep(&portal).await;
    assert_eq!(portal.count("SELECT count(*) FROM block").await, 0);
}

/// A page without the moment it was made at, which whatever anybody writes moves on.
fn without_moment(page: &str) -> String {
    let Some((before, after)) = page.split_once(" data-after=\"") else {
        return page.to_owned();
    };
    let (_, after) = after.split_once('"').unwrap();
    format!("{before}{after}")
}

#[tokio::test]
async fn everything_that_a_blocked_person_can_ask_for_is_as_it_was() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "davor").await.must_be(201).json());
    let paths = [
        "/api/v1/me/export".to_owned(),
        "/api/v1/me/deletion-preview".to_owned(),
        "/api/v1/me/blocks".to_owned(),
        "/api/v1/members".to_owned(),
        format!("/api/v1/members/{}", anna.id),
        "/api/v1/conversations".to_owned(),
        messages_of(&conversation),
        "/de/conversations".to_owned(),
    ];
    let answers = async || {
        let mut answers = Vec::new();
        for path in &paths {
            let answer = bert.get(path).await.must_be(200).text();
            answers.push(without_moment(&answer));
        }
        answers
    };
    let before = answers().await;
    block(&anna, &bert).await;
    assert_eq!(answers().await, before);
    bert.put(&format!("/api/v1/me/blocks/{}", anna.id), &json!({}))
        .await
        .must_be(204);
}
