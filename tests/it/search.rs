//! Search in one's own messages: any form of a word finds it, and nothing that one cannot read is found.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    deletion::delete,
    groups::{group_of_three, join, open},
    messaging::{id, messages_of, send, write_to},
    support::{Person, Response, TestPortal, page},
};

const MESSAGES: &str = "/api/v1/messages";
const PAGE: &str = "/de/conversations/search";

/// An address that asks this.
fn asking(path: &str, pairs: &[(&str, &str)]) -> String {
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
async fn said(portal: &TestPortal, bodies: &[&str]) -> (Person, Person, String) {
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

    // Who left is still a member and still said it; who deleted the account is gone at once.
    let leave = format!("/api/v1/groups/{group}/members/{}", bea.id);
    bea.delete(&leave).await.must_be(204);
    assert_eq!(seen_by(&bea).await, Vec::<String>::new());
    let found = search(&cleo, "haus").await.must_be(200).json();
    assert_eq!(found["items"][0]["author_name"], "Bea Beispiel");
    assert_eq!(found["items"][0]["subject"], "Bauamt");
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
async fn the_page_marks_what_was_found_and_leads_to_it_without_reading_it() {
    let portal = TestPortal::start().await;
    let (anna, bea, conversation) = said(&portal, &["<b>Häuser</b> & 'Gärten'"]).await;
    for index in 1..=60 {
        send(&anna, &conversation, &format!("Nachricht <{index}>."))
            .await
            .must_be(201);
    }
    bea.get("/de/conversations")
        .await
        .must_show("Wonach suchen Sie in Ihren Nachrichten?");
    let listed = bea
        .get(&asking(PAGE, &[("query", "<haus>")]))
        .await
        .must_be(200)
        .must_show("Gefunden zu „<haus>“")
        .must_show("Anna Beispiel")
        .must_show("& 'Gärten'")
        .text();
    assert!(listed.contains("<mark>b&#62;Häuser&#60;/b</mark>"), "{listed}");
    let way = page::values(&listed, "href")
        .find(|href| href.contains("?at="))
        .unwrap()
        .to_owned();
    let (path, place) = way.split_once('#').unwrap();
    let there = bea
        .get(path)
        .await
        .must_be(200)
        .must_show("Gefundene Nachricht")
        .must_show("Nachricht <11>.")
        .must_show("Zu den neuesten Nachrichten")
        .must_not_show("Nachricht <12>.")
        .must_not_show("Ab hier ungelesen");
    assert!(there.text().contains(&format!("id=\"{place}\"")));
    bea.get("/de/conversations")
        .await
        .must_show("61 ungelesene Nachrichten");
    let shown = format!("/de/conversations/{conversation}");
    let newest = asking(&shown, &[("at", &Uuid::max().to_string())]);
    bea.get(&newest).await.must_be(200).must_show("Nachricht <60>.");
    bea.get(&asking(&shown, &[("at", "nonsense")])).await.must_be(404);

    let within = asking(
        PAGE,
        &[("query", "nachricht"), ("conversation_id", &conversation)],
    );
    let first = bea
        .get(&within)
        .await
        .must_be(200)
        .must_show("Durchsucht wird nur diese Unterhaltung: Anna Beispiel.")
        .must_show("Nachricht <60>.");
    assert_eq!(
        page::hidden(&first.text(), "conversation_id").as_deref(),
        Some(conversation.as_str())
    );
    let next = page::values(&first.text(), "href")
        .find(|href| href.contains("cursor="))
        .unwrap()
        .to_owned();
    bea.get(&next)
        .await
        .must_be(200)
        .must_show("Nachricht <35>.")
        .must_not_show("Nachricht <36>.");
    bea.get(&asking(PAGE, &[("query", "nirgends")]))
        .await
        .must_show("keine Nachricht gefunden");
    let refused = bea
        .get(&asking(PAGE, &[("query", "-haus")]))
        .await
        .must_be(422)
        .must_show("mindestens ein Wort")
        .text();
    assert!(refused.contains("value=\"-haus\"") && refused.contains("<a href=\"#query\">"));
    bea.get("/en/conversations/search")
        .await
        .must_be(200)
        .must_show("Search messages")
        .must_not_show("Found for");
    let alone = open(&anna, "Bauamt").await;
    let path = asking(PAGE, &[("query", "haus"), ("conversation_id", &alone)]);
    bea.get(&path).await.must_be(404);
}
