//! How far others have read: seen by those who share their own, and never more than is true.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    events::{come_back, listen},
    messaging::{id, send, write_to},
    support::{Person, TestPortal, events::Event},
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
async fn the_mark_of_whoever_blocked_somebody_looks_the_same_to_them_as_before() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let cleo = portal.member("Cleo", "Neu").await;
    let begun = write_to(&anna, &[&bea], "davor").await.must_be(201).json();
    let (pair, before) = (id(&begun), id(&begun["last_message"]));
    read(&bea, &pair, &before).await;
    let group = write_to(&cleo, &[&anna, &bea], "Gruppe")
        .await
        .must_be(201)
        .json();
    let (group, first) = (id(&group), id(&group["last_message"]));
    read(&bea, &group, &first).await;
    let mark_in = async |conversation: &str| {
        let listed = anna.get("/api/v1/conversations").await.must_be(200).json();
        let mut items = listed["items"].as_array().unwrap().clone().into_iter();
        let found = items.find(|item| item["id"] == json!(conversation)).unwrap();
        let members = found["members"].as_array().unwrap().clone();
        let found = members.into_iter().find(|member| member["id"] == json!(bea.id));
        found.unwrap()["read_up_to"].clone()
    };
    let marks = async || (mark_in(&pair).await, mark_in(&group).await);
    assert_eq!(marks().await, (json!(before), json!(first)));
    let mut of_anna = listen(&anna).await;
    let away_since = of_anna.last_id.clone().unwrap();

    portal.advance(TimeDelta::seconds(1));
    bea.put(&format!("/api/v1/me/blocks/{}", anna.id), &json!({}))
        .await
        .must_be(204);
    portal.advance(TimeDelta::seconds(1));
    assert_eq!(marks().await, (json!(before), json!(first)), "blocked");
    let hidden = id(&send(&anna, &pair, "ungehört").await.must_be(201).json());
    assert_eq!(of_anna.next().await.name, "message");
    bea.get(&format!("/de/conversations/{pair}")).await.must_be(200);
    bea.put(
        &format!("/api/v1/conversations/{pair}/read"),
        &json!({ "up_to": hidden }),
    )
    .await
    .must_refuse(&["up_to: unknown_message"]);
    send(&anna, &group, "auch ungehört").await.must_be(201);
    assert_eq!(of_anna.next().await.name, "message");
    let seen = id(&send(&cleo, &group, "gehört").await.must_be(201).json());
    assert_eq!(of_anna.next().await.name, "message");
    read(&bea, &group, &seen).await;
    assert_eq!(
        marks().await,
        (json!(before), json!(seen)),
        "in the pair as if she had not looked again, in the group as everybody else sees it"
    );
    assert_eq!(of_anna.next().await.name, "read");
    let missed = come_back(&anna, &away_since).await.missed().await;
    let of_the_group = |event: &Event| event.name == "conversation" && event.data["id"] == json!(group);
    assert!(missed.iter().any(of_the_group), "{missed:?}");
    anna.get(&format!("/de/conversations/{group}"))
        .await
        .must_show("Gelesen von Bea Leserin");
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
    assert_eq!(of_anna.next().await.name, "conversation");
    read(&bea, &conversation, &second).await;
    let told = of_anna.next().await;
    let mark = json!({ "conversation_id": conversation, "account_id": bea.id, "read_up_to": second });
    assert_eq!((told.name.as_str(), told.data), ("read", mark));
}

#[tokio::test]
async fn whoever_sees_a_mark_looks_anew_when_it_is_shared_or_not_any_more_and_nobody_else() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let cleo = portal.member("Cleo", "Neu").await;
    let dora = portal.member("Dora", "Still").await;
    share(&cleo, false).await;
    let begun = write_to(&anna, &[&bea, &cleo], "eins").await.must_be(201).json();
    let (conversation, first) = (id(&begun), id(&begun["last_message"]));
    let with_dora = id(&write_to(&dora, &[&bea], "ungelesen").await.must_be(201).json());
    read(&bea, &conversation, &first).await;
    let second_window = portal.signed_in(&bea.email).await;
    let mut of_anna = listen(&anna).await;
    let mut of_bea = listen(&second_window).await;
    let (mut of_cleo, mut of_dora) = (listen(&cleo).await, listen(&dora).await);
    for shares in [false, true] {
        share(&bea, shares).await;
        // What is chosen already is no change.
        share(&bea, shares).await;
        bea.patch("/api/v1/me/preferences", &json!({ "message_mail": "daily" }))
            .await
            .must_be(200);
        let told = of_anna.next().await;
        let anew = ("conversation", json!({ "id": conversation }));
        assert_eq!((told.name.as_str(), told.data), anew);
        assert_eq!(
            mark(&anna, &bea).await,
            if shares { json!(first) } else { Value::Null }
        );
        let mut own = [
            of_bea.next().await.data["id"].clone(),
            of_bea.next().await.data["id"].clone(),
        ];
        own.sort_by_key(Value::to_string);
        let mut both = [json!(conversation), json!(with_dora)];
        both.sort_by_key(Value::to_string);
        assert_eq!(own, both, "one's own windows show others' marks, or do not");
    }
    send(&anna, &conversation, "Ende").await.must_be(201);
    for stream in [&mut of_anna, &mut of_bea, &mut of_cleo] {
        assert_eq!(stream.next().await.data["body"], "Ende");
    }
    send(&bea, &with_dora, "Ende").await.must_be(201);
    assert_eq!(of_dora.next().await.data["body"], "Ende");
}
