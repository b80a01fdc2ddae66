//! How far others have read: seen by those who share their own, and never more than is true.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    events::{come_back, listen},
    messaging::{id, send, write_to},
    support::{Person, TestPortal},
};

async fn read(reader: &Person, conversation: &str, message: &str) {
    reader
        .put(
            &format!("/api/v1/conversations/{conversation}/read"),
            &json!({ "up_to": message }),
        )
        .await
        .must_be(204);
}

/// How far `other` has read the one conversation in `person`'s list, as `person` sees it.
async fn mark(person: &Person, other: &Person) -> Value {
    let listed = person.get("/api/v1/conversations").await.must_be(200).json();
    let members = listed["items"][0]["members"].as_array().unwrap().clone();
    let found = members.iter().find(|member| member["id"] == json!(other.id));
    found.expect("they take part")["read_up_to"].clone()
}

async fn share(person: &Person, shares: bool) {
    person
        .patch("/api/v1/me/preferences", &json!({ "share_read": shares }))
        .await
        .must_be(200);
}

#[tokio::test]
async fn who_shares_their_mark_sees_those_of_others_who_do() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let begun = write_to(&anna, &[&bea], "eins").await.must_be(201).json();
    let (conversation, first) = (id(&begun), id(&begun["last_message"]));
    let page = format!("/de/conversations/{conversation}");
    assert_eq!(mark(&anna, &bea).await, Value::Null);
    anna.get(&page).await.must_not_show("Gelesen");

    read(&bea, &conversation, &first).await;
    assert_eq!(mark(&anna, &bea).await, json!(first));
    let second = id(&send(&anna, &conversation, "zwei").await.must_be(201).json());
    let html = anna.get(&page).await.must_show("Gelesen").text();
    assert!(
        html.find("Gelesen").unwrap() < html.find("zwei").unwrap(),
        "{html}"
    );
    assert_eq!(mark(&bea, &anna).await, json!(second), "who writes has read");
    bea.get(&page).await.must_not_show("Gelesen");

    for silent in [&bea, &anna] {
        share(silent, false).await;
        assert_eq!(mark(&anna, &bea).await, Value::Null);
        assert_eq!(mark(&bea, &anna).await, Value::Null);
        assert_eq!(mark(&anna, &anna).await, json!(second), "one's own");
        anna.get(&page).await.must_not_show("Gelesen");
        share(silent, true).await;
    }
    assert_eq!(
        mark(&anna, &bea).await,
        json!(second),
        "opening the page has read it"
    );
}

#[tokio::test]
async fn in_a_group_each_name_stands_under_the_last_message_that_they_have_read() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let cleo = portal.member("Cleo", "Neu").await;
    let dora = portal.member("Dora", "Still").await;
    let begun = write_to(&anna, &[&bea, &cleo, &dora], "eins")
        .await
        .must_be(201)
        .json();
    let (conversation, first) = (id(&begun), id(&begun["last_message"]));
    let second = id(&send(&anna, &conversation, "zwei").await.must_be(201).json());
    read(&bea, &conversation, &first).await;
    read(&cleo, &conversation, &second).await;
    let shown = anna
        .get(&format!("/en/conversations/{conversation}"))
        .await
        .must_show("Read by Bea Leserin")
        .must_show("Read by Cleo Neu")
        .must_not_show("Dora Still, ")
        .text();
    assert!(shown.find("Read by Bea").unwrap() < shown.find("zwei").unwrap());
    assert!(shown.find("Read by Cleo").unwrap() > shown.find("zwei").unwrap());
}

#[tokio::test]
async fn a_mark_never_says_that_a_blocked_persons_message_was_read_by_whoever_blocked_them() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let cleo = portal.member("Cleo", "Neu").await;
    let begun = write_to(&anna, &[&bea], "davor").await.must_be(201).json();
    let (pair, before) = (id(&begun), id(&begun["last_message"]));
    read(&bea, &pair, &before).await;
    portal.advance(TimeDelta::seconds(1));
    bea.put(&format!("/api/v1/me/blocks/{}", anna.id), &json!({}))
        .await
        .must_be(204);
    portal.advance(TimeDelta::seconds(1));
    let hidden = id(&send(&anna, &pair, "ungehört").await.must_be(201).json());
    bea.get(&format!("/de/conversations/{pair}")).await.must_be(200);
    bea.put(
        &format!("/api/v1/conversations/{pair}/read"),
        &json!({ "up_to": hidden }),
    )
    .await
    .must_refuse(&["up_to: unknown_message"]);
    assert_eq!(
        mark(&anna, &bea).await,
        json!(before),
        "as if she had not looked again"
    );

    let group = id(&write_to(&cleo, &[&anna, &bea], "Gruppe")
        .await
        .must_be(201)
        .json());
    send(&anna, &group, "auch ungehört").await.must_be(201);
    let seen = id(&send(&cleo, &group, "gehört").await.must_be(201).json());
    read(&bea, &group, &seen).await;
    assert_eq!(mark(&cleo, &bea).await, json!(seen));
    assert_eq!(mark(&anna, &bea).await, Value::Null);
    anna.get(&format!("/de/conversations/{group}"))
        .await
        .must_show("Gelesen von Cleo Neu")
        .must_not_show("Gelesen von Bea");
}

#[tokio::test]
async fn whoever_sees_a_mark_is_told_at_once_that_it_moved_and_nobody_else() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let begun = write_to(&anna, &[&bea], "eins").await.must_be(201).json();
    let (conversation, first) = (id(&begun), id(&begun["last_message"]));
    share(&bea, false).await;
    let mut of_anna = listen(&anna).await;
    let away_since = of_anna.last_id.clone().unwrap();
    read(&bea, &conversation, &first).await;
    let missed = come_back(&anna, &away_since).await.missed().await;
    assert_eq!(missed, [], "that something changed would tell it, too");

    let second = id(&send(&anna, &conversation, "zwei").await.must_be(201).json());
    assert_eq!(of_anna.next().await.name, "message");
    share(&bea, true).await;
    read(&bea, &conversation, &second).await;
    let told = of_anna.next().await;
    let mark = json!({ "conversation_id": conversation, "account_id": bea.id, "read_up_to": second });
    assert_eq!((told.name.as_str(), told.data), ("read", mark));
}
