//! Search in one's own messages: any form of a word finds it, and nothing that one cannot read is found.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    deletion::delete,
    groups::{group_of_three, join},
    messaging::{id, messages_of, send, write_to},
    support::{Person, Response, TestPortal},
};

const MESSAGES: &str = "/api/v1/messages";

/// An address that asks this.
pub fn asking(path: &str, pairs: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish();
    format!("{path}?{query}")
}

async fn search(reader: &Person, query: &str) -> Response {
    reader.get(&asking(MESSAGES, &[("query", query)])).await
}

async fn found_with(reader: &Person, pairs: &[(&str, &str)]) -> Value {
    reader.get(&asking(MESSAGES, pairs)).await.must_be(200).json()
}

fn excerpts(listed: &Value) -> Vec<&str> {
    let items = listed["items"].as_array().unwrap().iter();
    items.map(|item| item["excerpt"].as_str().unwrap()).collect()
}

/// What is found, newest first.
#[track_caller]
fn must_find(answer: &Response, expected: &[&str], query: &str) {
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    assert_eq!(excerpts(&answer.json()), expected, "{query}");
}

/// Two people, and a conversation in which the first wrote this, one message after the other.
pub async fn said(portal: &TestPortal, bodies: &[&str]) -> (Person, Person, String) {
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let conversation = id(&write_to(&anna, &[&bea], bodies[0]).await.must_be(201).json());
    for body in &bodies[1..] {
        send(&anna, &conversation, body).await.must_be(201);
    }
    (anna, bea, conversation)
}

#[tokio::test]
async fn a_word_is_found_in_any_form_and_umlauts_are_written_either_way() {
    let houses = "Die Häuser in der Müllerstraße";
    let mill = "Frau Mueller, neue Quelle";
    let meeting = "The meetings were running late";
    let address = "Näheres unter amt@musterhausen.example/akten, Az. 12-34";
    let portal = TestPortal::start().await;
    let (_, bea, _) = said(&portal, &[houses, mill, meeting, address]).await;
    for (query, expected) in [
        ("haus", &[houses][..]),
        ("HAEUSER", &[houses]),
        ("Muellerstrasse", &[houses]),
        ("MÜLLERSTRASSE", &[houses]),
        ("Müller", &[mill]),
        ("Mu\u{308}ller", &[mill]),
        ("neuen Quellen", &[mill]),
        ("meeting run", &[meeting]),
        ("meeting haus", &[]),
        ("meeting oder haus", &[meeting, houses]),
        ("frau -meeting", &[mill]),
        ("frau OR meeting -quelle", &[meeting]),
        ("\"neue Quelle\"", &[mill]),
        ("\"Quelle neue\"", &[]),
        ("„die Häuser in der“", &[houses]),
        ("amt@musterhausen.example", &[address]),
        ("musterhausen", &[address]),
        ("12-34", &[address]),
        ("34-12", &[]),
        ("akten & | ! ( ) : * ' <b>", &[]),
        ("akten & | ! ( ) : * ' \\", &[address]),
        ("akten:* | (", &[address]),
    ] {
        must_find(&search(&bea, query).await, expected, query);
    }
}

#[tokio::test]
async fn what_has_no_word_to_search_for_is_refused() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for (query, fault) in [
        (String::new(), "query: required"),
        ("-haus".to_owned(), "query: no_search_word"),
        ("& | ! ( ) : * \"\"".to_owned(), "query: no_search_word"),
        ("in so".to_owned(), "query: no_search_word"),
        ("x".repeat(201), "query: too_long"),
    ] {
        search(&anna, &query).await.must_refuse(&[fault]);
    }
    must_find(&search(&anna, &"x".repeat(200)).await, &[], "long");
    let elsewhere = Uuid::max().to_string();
    let path = asking(MESSAGES, &[("query", "haus"), ("conversation_id", &elsewhere)]);
    anna.get(&path).await.must_fail(404, "not_found");
}

#[tokio::test]
async fn a_message_of_nothing_but_a_word_is_sent_and_found_however_long() {
    let portal = TestPortal::start().await;
    let long = "ä".repeat(10_000);
    let spots = format!("{}Haus", "a.b/c-d@e:".repeat(999));
    let (_, bea, conversation) = said(&portal, &["Anfang", &long, &spots]).await;
    let listed = bea.get(&messages_of(&conversation)).await.must_be(200).json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 3);
    let found = search(&bea, "haus").await.must_be(200).json();
    let cut: String = spots.chars().take(200).collect();
    assert_eq!(excerpts(&found), [format!("{cut}…")]);
}

#[tokio::test]
async fn pages_go_on_where_they_were_while_new_messages_come() {
    let portal = TestPortal::with("limits.conversations_per_day_when_new = 100").await;
    let (anna, bea, first) = said(&portal, &["Haus 0"]).await;
    let cleo = portal.member("Cleo", "Dritte").await;
    let second = id(&write_to(&cleo, &[&bea], "Haus 1").await.must_be(201).json());
    for index in 2..7 {
        let (author, conversation) = if index % 2 == 0 {
            (&anna, &first)
        } else {
            (&cleo, &second)
        };
        send(author, conversation, &format!("Haus {index}"))
            .await
            .must_be(201);
    }
    let mut seen = Vec::new();
    let mut cursor: Option<String> = None;
    for _ in 0..4 {
        let mut pairs = vec![("query", "Häuser"), ("limit", "2")];
        pairs.extend(cursor.as_deref().map(|cursor| ("cursor", cursor)));
        let listed = found_with(&bea, &pairs).await;
        seen.extend(excerpts(&listed).into_iter().map(str::to_owned));
        cursor = listed["next"].as_str().map(str::to_owned);
        send(&anna, &first, "Haus danach").await.must_be(201);
    }
    assert_eq!(cursor, None);
    assert_eq!(
        seen,
        [
            "Haus 6", "Haus 5", "Haus 4", "Haus 3", "Haus 2", "Haus 1", "Haus 0"
        ]
    );
    let within = found_with(&bea, &[("query", "haus"), ("conversation_id", &second)]).await;
    assert_eq!(excerpts(&within), ["Haus 5", "Haus 3", "Haus 1"]);
    let hit = &within["items"][0];
    assert_eq!(hit["conversation_id"], json!(second));
    assert_eq!(hit["author_id"], json!(cleo.id));
    assert_eq!(
        (&hit["author_name"], &hit["subject"]),
        (&json!("Cleo Dritte"), &Value::Null)
    );
    let refused = asking(MESSAGES, &[("query", "haus"), ("conversation_id", &second)]);
    anna.get(&refused).await.must_fail(404, "not_found");
    must_find(&search(&anna, "\"Haus 5\"").await, &[], "another's");
}

#[tokio::test]
async fn only_what_one_can_read_now_is_found() {
    let portal = TestPortal::start().await;
    let ([anna, bea, cleo], group) = group_of_three(&portal).await;
    for author in [&anna, &bea] {
        send(author, &group, "Ein Haus").await.must_be(201);
    }
    let late = portal.member("Dora", "Später").await;
    join(&anna, &group, &late).await;
    let withdrawn = id(&send(&anna, &group, "Das Haus").await.must_be(201).json());
    let seen_by = async |reader: &Person| {
        let listed = search(reader, "haus").await.must_be(200).json();
        excerpts(&listed)
            .iter()
            .map(|&text| text.to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(seen_by(&cleo).await, ["Das Haus", "Ein Haus", "Ein Haus"]);
    assert_eq!(seen_by(&late).await, ["Das Haus"]);

    anna.delete(&format!("{MESSAGES}/{withdrawn}")).await.must_be(204);
    assert_eq!(seen_by(&late).await, Vec::<String>::new());
    assert_eq!(seen_by(&cleo).await, ["Ein Haus", "Ein Haus"]);

    portal.advance(TimeDelta::seconds(1));
    let block = format!("/api/v1/me/blocks/{}", anna.id);
    cleo.put(&block, &json!({})).await.must_be(204);
    portal.advance(TimeDelta::seconds(1));
    send(&anna, &group, "Mein Haus").await.must_be(201);
    assert_eq!(seen_by(&cleo).await, ["Ein Haus", "Ein Haus"]);
    assert_eq!(seen_by(&bea).await, ["Mein Haus", "Ein Haus", "Ein Haus"]);

    let found = search(&bea, "haus").await.must_be(200).json();
    assert_eq!(found["items"][0]["subject"], "Bauamt");

    // Who left is still a member and still said it; who deleted the account is gone at once. A name that somebody chose
    // whom one blocked is not shown.
    let leave = format!("/api/v1/groups/{group}/members/{}", bea.id);
    bea.delete(&leave).await.must_be(204);
    assert_eq!(seen_by(&bea).await, Vec::<String>::new());
    let found = search(&cleo, "haus").await.must_be(200).json();
    assert_eq!(found["items"][0]["author_name"], "Bea Beispiel");
    assert_eq!(found["items"][0]["subject"], Value::Null);
    delete(&anna).await;
    assert_eq!(seen_by(&cleo).await, ["Ein Haus"]);
    let found = search(&cleo, "haus").await.must_be(200).json();
    assert_eq!(
        found["items"][0]["subject"],
        Value::Null,
        "whoever chose it is gone"
    );
}

#[tokio::test]
async fn searches_wait_for_a_place_and_who_waits_too_long_is_told_and_loses_nothing() {
    let portal = TestPortal::start().await;
    let (_, bea, _) = said(&portal, &["Wir bauen ein Haus"]).await;
    let mut taken = Vec::new();
    for _ in 0..portal.portal.settings.database.searches() {
        let somebody = portal.portal.random.uuid_v4();
        let place = portal.portal.searches.enter(somebody, Duration::ZERO).await;
        taken.push(place.expect("it is free"));
    }
    let refused = search(&bea, "haus").await.must_fail(503, "busy");
    assert_eq!(refused.header("retry-after"), Some("1"));
    let page = bea
        .get(&asking("/de/conversations/search", &[("query", "haus")]))
        .await
        .must_be(503)
        .must_show("Gerade ist sehr viel los.")
        .must_not_show("keine Nachricht gefunden");
    assert!(page.text().contains("value=\"haus\""));
    drop(taken);
    must_find(&search(&bea, "haus").await, &["Wir bauen ein Haus"], "haus");
}

#[tokio::test]
async fn one_account_searches_once_at_a_time_and_keeps_nobody_else_from_it() {
    let portal = TestPortal::with("database.max_connections = 16").await;
    let (anna, bea, _) = said(&portal, &["Wir bauen ein Haus"]).await;
    let searches = &portal.portal.searches;
    assert_eq!(portal.portal.settings.database.searches(), 4);
    let running = searches.enter(bea.id, Duration::ZERO).await.expect("it is free");
    // However often she asks meanwhile, one place is hers.
    let refused = tokio::join!(search(&bea, "haus"), search(&bea, "haus"), search(&bea, "haus"));
    for answer in [refused.0, refused.1, refused.2] {
        assert_eq!(answer.must_fail(503, "busy").header("retry-after"), Some("1"));
    }
    must_find(&search(&anna, "haus").await, &["Wir bauen ein Haus"], "another's");
    drop(running);
    let both = tokio::join!(search(&bea, "haus"), search(&bea, "haus"));
    for answer in [both.0, both.1] {
        must_find(&answer, &["Wir bauen ein Haus"], "one after the other");
    }
}
