//! What is written later stands behind what was written before, through whichever instance: their clocks are apart by
//! seconds, and step back.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::{
    enquiries::ask,
    events::{at, body, come_back, listen},
    groups::{accept, invitations, invite, open},
    messaging::{bodies, id, messages_of, send, write_to},
    support::{Client, TestPortal},
};

/// Two clocks less apart than the minute that raises an alert (R23).
const APART: TimeDelta = TimeDelta::seconds(40);

async fn send_as(author: &Client, conversation: &str, body: &str) -> Value {
    let (path, body) = (messages_of(conversation), json!({ "body": body }));
    author.post(&path, &body).await.must_be(201).json()
}

async fn mark(reader: &Client, conversation: &str, message: &Value) {
    let path = format!("/api/v1/conversations/{conversation}/read");
    reader
        .put(&path, &json!({ "up_to": id(message) }))
        .await
        .must_be(204);
}

fn instant(message: &Value) -> DateTime<Utc> {
    message["sent_at"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_message_sent_through_an_instance_whose_clock_is_behind_stands_behind_and_is_unread() {
    let portal = TestPortal::start().await;
    let behind = portal.sibling_apart(-APART).await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let begun = write_to(&bert, &[&anna], "eins").await.must_be(201).json();
    let (conversation, first) = (id(&begun), begun["last_message"].clone());
    mark(&anna, &conversation, &first).await;
    let last_id = listen(&anna).await.last_id.unwrap();

    let second = send_as(&at(&behind, &bert), &conversation, "zwei").await;
    assert!(instant(&second) > instant(&first));
    assert_eq!(bodies(&anna, &messages_of(&conversation)).await, ["zwei", "eins"]);
    for instance in [&portal, &behind] {
        let told = come_back(&at(instance, &anna), &last_id).await.next().await;
        assert_eq!(body(&told), "zwei");
    }
    let listed = anna.get("/api/v1/conversations").await.json()["items"][0].clone();
    assert_eq!(
        (&listed["unread"], &listed["last_message"]["body"]),
        (&json!(1), &json!("zwei"))
    );
    // Whoever writes has read what they wrote, whichever clock it has its instant from.
    let own = bert.get("/api/v1/conversations").await.json()["items"][0].clone();
    let members = own["members"].as_array().unwrap().clone();
    let of_bert = members.iter().find(|member| member["id"] == json!(bert.id));
    assert_eq!(of_bert.unwrap()["read_up_to"], second["id"]);
    mark(&at(&behind, &anna), &conversation, &second).await;

    // The newest message goes; what comes next still stands behind what was read.
    bert.delete(&format!("/api/v1/messages/{}", id(&second)))
        .await
        .must_be(204);
    let third = send_as(&at(&behind, &bert), &conversation, "drei").await;
    assert!(instant(&third) > instant(&second));
    let listed = anna.get("/api/v1/conversations").await.json()["items"][0].clone();
    assert_eq!(
        (&listed["unread"], &listed["last_message"]["body"]),
        (&json!(1), &json!("drei"))
    );
}

#[tokio::test]
async fn a_clock_that_steps_back_changes_no_order_and_hides_nothing_from_whoever_joined() {
    let portal = TestPortal::start().await;
    let behind = portal.sibling_apart(-APART).await;
    let (anna, bert, carl) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
        portal.member("Carl", "Dritter").await,
    );
    let group = open(&anna, "Bauamt").await;
    invite(&anna, &group, &[&bert, &carl]).await.must_be(201);
    accept(&bert, &invitations(&bert).await[0]).await.must_be(200);
    send(&anna, &group, "davor").await.must_be(201);
    accept(&carl, &invitations(&carl).await[0]).await.must_be(200);
    portal.clock.advance_portal(-APART / 2);
    for (author, text) in [(&*anna, "eins"), (&at(&behind, &bert), "zwei"), (&*bert, "drei")] {
        send_as(author, &group, text).await;
    }
    let all = ["drei", "zwei", "eins", "davor"];
    assert_eq!(bodies(&anna, &messages_of(&group)).await, all);
    assert_eq!(bodies(&carl, &messages_of(&group)).await, all[..3]);
    let listed = carl.get("/api/v1/conversations").await.json()["items"][0].clone();
    assert_eq!(listed["unread"], json!(3));
}

#[tokio::test]
async fn a_clock_that_is_set_back_far_hides_nothing_from_open_pages_and_those_who_come_back() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let mut stream = listen(&anna).await;
    let last_id = stream.last_id.clone().unwrap();
    portal.clock.advance_portal(-TimeDelta::minutes(20));
    write_to(&bert, &[&anna], "eins").await.must_be(201);
    assert_eq!(body(&stream.next().await), "eins");
    let told = come_back(&anna, &last_id).await.next().await;
    assert_eq!(told.name, "reset", "everything is to be looked at again");
}

#[tokio::test]
async fn the_texts_of_an_enquiry_stand_in_the_order_in_which_they_were_written() {
    let portal = TestPortal::start().await;
    let behind = portal.sibling_apart(-APART).await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let enquiry = ask(&anna, "Rechnung").await;
    let path = format!("/api/v1/enquiries/{enquiry}");
    for (writer, text) in [
        (&at(&behind, &anna), "eins"),
        (&*anna, "zwei"),
        (&at(&behind, &anna), "drei"),
    ] {
        let (texts, body) = (format!("{path}/messages"), json!({ "body": text }));
        writer.post(&texts, &body).await.must_be(201);
    }
    let answer = format!("/api/v1/admin/enquiries/{enquiry}/answer");
    let body = json!({ "body": "vier" });
    at(&behind, &desk).post(&answer, &body).await.must_be(204);
    let thread = anna.get(&path).await.must_be(200).json();
    let items = thread["entries"]["items"].as_array().unwrap();
    let texts: Vec<&str> = items.iter().map(|item| item["body"].as_str().unwrap()).collect();
    assert_eq!(texts, ["vier", "drei", "zwei", "eins", "Wo ist sie?"]);
}
