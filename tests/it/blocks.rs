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
    let bert = portal.member("Bert", "Muster").await;
    for (status, is_member) in [
        ("unconfirmed", false),
        ("pending", false),
        ("rejected", false),
        ("suspended", true),
    ] {
        let change = format!("UPDATE account SET status = '{status}' WHERE id = '{}'", bert.id);
        portal.execute(&change).await;
        let answer = anna.put(&path(bert.id), &json!({})).await;
        if is_member {
            answer.must_be(204);
        } else {
            answer.must_fail(404, "not_found");
        }
    }
    let cleo = portal.member("Cleo", "Dritte").await;
    delete(&cleo).await;
    anna.put(&path(cleo.id), &json!({}))
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
