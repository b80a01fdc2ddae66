//! Messages: sent once however often they are posted, deleted everywhere, read in pages.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    groups::{group_of_three, join},
    messaging::{bodies, id, messages_of, send, write_to},
    support::{Person, Response, TestPortal},
};

/// Two people, and the conversation between them.
async fn conversation(portal: &TestPortal) -> (Person, Person, String) {
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let begun = write_to(&anna, &[&bea], "Anfang").await.must_be(201).json();
    (anna, bea, id(&begun))
}

async fn send_with_key(author: &Person, conversation: &str, body: &str, key: &str) -> Response {
    let draft = author
        .request(Method::POST, &messages_of(conversation))
        .header("idempotency-key", key);
    draft.json(&json!({ "body": body })).send().await
}

#[tokio::test]
async fn a_message_is_as_it_was_sent() {
    let portal = TestPortal::start().await;
    let (anna, bea, conversation) = conversation(&portal).await;
    let sent = send(&anna, &conversation, "Grüße 👋\r\nzweite Zeile\n<b>kein HTML</b>")
        .await
        .must_be(201)
        .json();
    assert_eq!(sent["author_id"], json!(anna.id));
    assert_eq!(sent["body"], "Grüße 👋\nzweite Zeile\n<b>kein HTML</b>");
    assert!(sent["sent_at"].as_str().unwrap().ends_with('Z'));
    let read = bea.get(&messages_of(&conversation)).await.must_be(200).json();
    assert_eq!(read["items"][0], sent);
}

#[tokio::test]
async fn a_repeated_key_gives_the_first_message_again() {
    let portal = TestPortal::start().await;
    let (anna, bea, conversation) = conversation(&portal).await;
    let first = send_with_key(&anna, &conversation, "einmal", "key-1")
        .await
        .must_be(201)
        .json();
    let again = send_with_key(&anna, &conversation, "einmal", "key-1")
        .await
        .must_be(201)
        .json();
    assert_eq!(first, again);
    let other = send_with_key(&anna, &conversation, "anders", "key-1").await;
    other.must_fail(422, "idempotency_key_reused");
    send_with_key(&anna, &conversation, "einmal", "key-2")
        .await
        .must_be(201);
    // Another person's keys are their own.
    send_with_key(&bea, &conversation, "einmal", "key-1")
        .await
        .must_be(201);
    assert_eq!(
        bodies(&anna, &messages_of(&conversation)).await,
        ["einmal", "einmal", "einmal", "Anfang"]
    );

    let cleo = portal.member("Cleo", "Beispiel").await;
    let elsewhere = id(&write_to(&anna, &[&cleo], "x").await.must_be(201).json());
    send_with_key(&anna, &elsewhere, "einmal", "key-1")
        .await
        .must_fail(422, "idempotency_key_reused");
    send_with_key(&anna, &conversation, "x", &"k".repeat(256))
        .await
        .must_refuse(&["Idempotency-Key: too_long"]);
}

#[tokio::test]
async fn of_twenty_at_once_with_one_key_one_is_sent_and_all_are_answered_with_it() {
    let portal = TestPortal::start().await;
    let (anna, bea, conversation) = conversation(&portal).await;
    let mut sending = JoinSet::new();
    for _ in 0..20 {
        let (anna, conversation) = (anna.clone(), conversation.clone());
        sending.spawn(async move {
            send_with_key(&anna, &conversation, "einmal", "k")
                .await
                .must_be(201)
                .json()
        });
    }
    let answers = sending.join_all().await;
    assert!(answers.iter().all(|answer| *answer == answers[0]));
    assert_eq!(
        bodies(&bea, &messages_of(&conversation)).await,
        ["einmal", "Anfang"]
    );
}

#[tokio::test]
async fn of_two_messages_at_once_under_one_key_in_two_conversations_none_fails_inside() {
    let portal = TestPortal::start().await;
    let (anna, _, first) = conversation(&portal).await;
    let cleo = portal.member("Cleo", "Beispiel").await;
    let second = id(&write_to(&anna, &[&cleo], "x").await.must_be(201).json());
    for round in 0..10 {
        let key = format!("key {round}");
        let (one, other) = tokio::join!(
            send_with_key(&anna, &first, "einmal", &key),
            send_with_key(&anna, &second, "einmal", &key)
        );
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 422]);
    }
}

#[tokio::test]
async fn a_message_has_at_most_ten_thousand_characters() {
    let portal = TestPortal::start().await;
    let (anna, _, conversation) = conversation(&portal).await;
    send(&anna, &conversation, &"ä".repeat(10_000)).await.must_be(201);
    send(&anna, &conversation, &"ä".repeat(10_001))
        .await
        .must_refuse(&["body: too_long"]);
    send(&anna, &conversation, " \n ")
        .await
        .must_refuse(&["body: required"]);
    send(&anna, &conversation, "a\u{0}b")
        .await
        .must_refuse(&["body: control_character"]);
}

#[tokio::test]
async fn a_page_is_full_whoever_else_wrote_between() {
    let portal = TestPortal::start().await;
    let ([anna, bea, cleo], group) = group_of_three(&portal).await;
    for number in 1..=3 {
        for (author, name) in [(&anna, "Anna"), (&cleo, "Cleo")] {
            send(author, &group, &format!("{name} {number}"))
                .await
                .must_be(201);
        }
    }
    portal.set_status(cleo.id, "deleted").await;
    let path = messages_of(&group);
    let page = bea.get(&format!("{path}?limit=2")).await.must_be(200).json();
    let next = page["next"].as_str().unwrap();
    assert_eq!(page["items"][1]["body"], "Anna 2");
    assert_eq!(
        bodies(&bea, &format!("{path}?limit=2")).await,
        ["Anna 3", "Anna 2"]
    );
    assert_eq!(
        bodies(&bea, &format!("{path}?limit=2&cursor={next}")).await,
        ["Anna 1"]
    );
}

#[tokio::test]
async fn people_delete_what_they_wrote_for_everyone_and_nothing_else() {
    let portal = TestPortal::start().await;
    let (anna, bea, conversation) = conversation(&portal).await;
    let message = id(&send(&anna, &conversation, "Unbedachtes")
        .await
        .must_be(201)
        .json());
    let path = format!("/api/v1/messages/{message}");
    bea.delete(&path).await.must_fail(403, "forbidden");
    assert_eq!(bodies(&bea, &messages_of(&conversation)).await.len(), 2);
    portal
        .visitor()
        .delete(&path)
        .await
        .must_fail(401, "not_signed_in");
    anna.delete(&path).await.must_be(204);
    anna.delete(&path).await.must_fail(404, "not_found");
    bea.delete(&path).await.must_fail(404, "not_found");
    anna.delete(&format!("/api/v1/messages/{}", Uuid::max()))
        .await
        .must_fail(404, "not_found");

    for reader in [&anna, &bea] {
        assert_eq!(bodies(reader, &messages_of(&conversation)).await, ["Anfang"]);
        let listed = reader.get("/api/v1/conversations").await.json()["items"][0].clone();
        assert_eq!(listed["last_message"]["body"], "Anfang");
    }
    assert_eq!(
        bea.get("/api/v1/conversations").await.json()["items"][0]["unread"],
        1
    );
    assert_eq!(portal.places_of("Unbedachtes").await, Vec::<String>::new());
    let erased = format!(
        "SELECT count(*) FROM ledger_event WHERE event = 'item_erased' AND account_id = '{}'",
        anna.id
    );
    assert_eq!(portal.count(&erased).await, 1);
}

#[tokio::test]
async fn a_message_that_one_cannot_see_is_not_there_to_be_deleted() {
    let portal = TestPortal::start().await;
    let ([anna, bea, cleo], group) = group_of_three(&portal).await;
    let mut sent = Vec::new();
    for author in [&anna, &bea] {
        sent.push(id(&send(author, &group, "davor").await.must_be(201).json()));
    }
    let late = portal.member("Dora", "Spät").await;
    join(&anna, &group, &late).await;
    portal.advance(TimeDelta::seconds(1));
    cleo.put(&format!("/api/v1/me/blocks/{}", bea.id), &json!({}))
        .await
        .must_be(204);
    portal.advance(TimeDelta::seconds(1));
    sent.push(id(&send(&bea, &group, "danach").await.must_be(201).json()));
    let told = async |person: &Person, number: usize| {
        let answer = person.delete(&format!("/api/v1/messages/{}", sent[number])).await;
        answer.status.as_u16()
    };
    assert_eq!(
        (told(&late, 0).await, told(&late, 2).await),
        (404, 403),
        "before she joined"
    );
    assert_eq!(
        (told(&cleo, 1).await, told(&cleo, 2).await),
        (403, 404),
        "blocked"
    );
    assert_eq!(told(&cleo, 0).await, 403);
    portal.set_status(anna.id, "deleted").await;
    assert_eq!(told(&cleo, 0).await, 404, "of a former member");
    assert_eq!(portal.count("SELECT count(*) FROM message").await, 3);
}

#[tokio::test]
async fn under_a_hold_a_deleted_message_is_kept_out_of_sight() {
    let portal = TestPortal::start().await;
    let (anna, bea, conversation) = conversation(&portal).await;
    portal
        .execute(&format!(
            "INSERT INTO hold (id, account_id, categories, basis, reference, review_at, placed_by, placed_at)
             VALUES (gen_random_uuid(), '{}', '{{messages}}', 'open_claim', 'AZ 1', now() + interval '1 month', '{}', now())",
            anna.id, bea.id
        ))
        .await;
    let sent = send_with_key(&anna, &conversation, "Unbedachtes", "k")
        .await
        .must_be(201)
        .json();
    anna.delete(&format!("/api/v1/messages/{}", id(&sent)))
        .await
        .must_be(204);
    for reader in [&anna, &bea] {
        assert_eq!(bodies(reader, &messages_of(&conversation)).await, ["Anfang"]);
    }
    anna.delete(&format!("/api/v1/messages/{}", id(&sent)))
        .await
        .must_fail(404, "not_found");
    assert_eq!(portal.places_of("Unbedachtes").await, ["message.body"]);
}

#[tokio::test]
async fn messages_are_read_newest_first_in_pages_without_gaps_or_repeats() {
    let portal = TestPortal::start().await;
    let (anna, bea, conversation) = conversation(&portal).await;
    let mut ids = Vec::new();
    for index in 0..10 {
        let author = if index % 2 == 0 { &anna } else { &bea };
        ids.push(id(&send(author, &conversation, &index.to_string())
            .await
            .must_be(201)
            .json()));
    }
    let list = messages_of(&conversation);
    let mut seen = Vec::new();
    let mut path = format!("{list}?limit=4");
    let mut pages = 0;
    loop {
        let page = bea.get(&path).await.must_be(200).json();
        seen.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["body"].as_str().unwrap().to_owned()),
        );
        pages += 1;
        // What comes meanwhile moves nothing.
        send(&anna, &conversation, "neu").await.must_be(201);
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{list}?limit=4&cursor={next}");
    }
    assert_eq!(seen, ["9", "8", "7", "6", "5", "4", "3", "2", "1", "0", "Anfang"]);
    assert_eq!(pages, 3);
    assert_eq!(
        bodies(&bea, &format!("{list}?before={}&limit=2", ids[3])).await,
        ["2", "1"]
    );
}

#[tokio::test]
async fn what_is_written_at_once_has_the_order_of_its_ids() {
    let portal = TestPortal::start().await;
    let (anna, bea, conversation) = conversation(&portal).await;
    let mut sending = JoinSet::new();
    for index in 0..20 {
        let (author, conversation) = (
            if index % 2 == 0 { anna.clone() } else { bea.clone() },
            conversation.clone(),
        );
        sending.spawn(async move {
            send(&author, &conversation, &index.to_string())
                .await
                .must_be(201)
        });
    }
    sending.join_all().await;
    let ids: Vec<Uuid> = portal.column("SELECT id FROM message ORDER BY sent_at, id").await;
    assert_eq!(ids.len(), 21);
    assert!(ids.is_sorted());
}
