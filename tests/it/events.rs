//! Event streams: everything that is committed reaches everyone who may see it, once, through any instance, without a
//! gap; and a stream ends with its session.

use std::collections::BTreeSet;

use axum::http::Method;
use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    deletion::delete,
    messaging::{bodies, id, messages_of, send, write_to},
    support::{
        Client, PASSWORD, Person, TestPortal,
        events::{Event, EventStream},
    },
};

const EVENTS: &str = "/api/v1/events";

pub async fn listen(client: &Client) -> EventStream {
    let mut stream = client.request(Method::GET, EVENTS).listen().await;
    stream.settle().await;
    stream
}

pub async fn come_back(client: &Client, last_id: &str) -> EventStream {
    let draft = client.request(Method::GET, EVENTS);
    draft.header("last-event-id", last_id).listen().await
}

/// The same browser at another instance.
pub fn at(instance: &TestPortal, person: &Person) -> Client {
    let client = instance.visitor();
    client.set_cookie("session", &person.cookie("session").unwrap());
    client
}

pub fn body(event: &Event) -> &str {
    assert_eq!(event.name, "message", "{event:?}");
    event.data["body"].as_str().unwrap()
}

#[tokio::test]
async fn a_message_arrives_at_every_window_of_those_who_see_it_on_any_instance() {
    let portal = TestPortal::start().await;
    let other = portal.sibling("").await;
    let (anna, bert, carl) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
        portal.member("Carl", "Dritter").await,
    );
    let mut of_anna = listen(&anna).await;
    let mut of_anna_elsewhere = listen(&at(&other, &anna)).await;
    let mut of_bert = listen(&at(&other, &bert)).await;
    let mut of_carl = listen(&carl).await;

    let conversation = id(&write_to(&bert, &[&anna], "Hallo").await.must_be(201).json());
    let answer = send(&anna, &conversation, "Ja?").await.must_be(201).json();
    for stream in [&mut of_anna, &mut of_anna_elsewhere, &mut of_bert] {
        assert_eq!(body(&stream.next().await), "Hallo");
        let event = stream.next().await;
        assert_eq!(
            event.data,
            json!({
                "id": answer["id"], "conversation_id": conversation, "author_id": anna.id,
                "body": "Ja?", "sent_at": answer["sent_at"],
            })
        );
    }
    write_to(&carl, &[&bert], "An Bert").await.must_be(201);
    assert_eq!(body(&of_carl.next().await), "An Bert");
}

#[tokio::test]
async fn whoever_comes_back_misses_nothing_while_many_write_at_once() {
    const WRITERS: usize = 4;
    const EACH: usize = 15;
    let portal = TestPortal::start().await;
    let other = portal.sibling("").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let mut writing = JoinSet::new();
    let mut last_id = listen(&anna).await.last_id.unwrap();
    for number in 0..WRITERS {
        let writer = portal.member("Bert", &format!("Muster {number}")).await;
        let conversation = id(&write_to(&writer, &[&anna], &format!("{number}:0")).await.json());
        writing.spawn(async move {
            for text in 1..EACH {
                send(&writer, &conversation, &format!("{number}:{text}"))
                    .await
                    .must_be(201);
            }
        });
    }
    let (here, there) = (at(&portal, &anna), at(&other, &anna));
    let mut heard = BTreeSet::new();
    for client in [here, there].iter().cycle() {
        let mut stream = come_back(client, &last_id).await;
        let mut events = stream.missed().await;
        if heard.len() + events.len() < WRITERS * EACH {
            events.push(stream.next().await);
        }
        let messages = events.iter().filter(|event| event.name == "message");
        heard.extend(messages.map(|event| body(event).to_owned()));
        // Much at once is not told one by one on a busy machine: whoever is told so looks.
        if events.iter().any(|event| event.name == "reset") {
            heard.extend(all_bodies(&anna).await);
        }
        if heard.len() == WRITERS * EACH {
            break;
        }
        last_id = stream.last_id.expect("an id was named");
    }
    writing.join_all().await;
}

/// Every message that somebody sees.
async fn all_bodies(reader: &Person) -> Vec<String> {
    let list = reader.get("/api/v1/conversations").await.must_be(200).json();
    let mut all = Vec::new();
    for conversation in list["items"].as_array().unwrap() {
        all.extend(bodies(reader, &messages_of(&id(conversation))).await);
    }
    all
}

#[tokio::test]
async fn what_is_committed_late_is_told_though_later_messages_were_told_before() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "eins").await.must_be(201).json());
    let late = portal.portal.database.begin().await.unwrap();
    let written = format!(
        "INSERT INTO message (id, conversation_id, author_id, body, sent_at)
         VALUES ('{}', '{conversation}', '{}', 'spät', '{}')",
        portal.portal.new_id(),
        bert.id,
        portal.portal.now().to_rfc3339(),
    );
    late.execute_unprepared(&written).await.unwrap();
    let mut stream = listen(&anna).await;
    send(&bert, &conversation, "zwei").await.must_be(201);
    assert_eq!(body(&stream.next().await), "zwei");
    let last_id = stream.settle().await;
    late.commit().await.unwrap();
    assert_eq!(body(&stream.next().await), "spät");
    let mut again = come_back(&anna, &last_id).await;
    assert_eq!(body(&again.next().await), "spät");
}

#[tokio::test]
async fn what_one_may_not_see_is_not_told() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "davor").await.must_be(201).json());
    let path = format!("/api/v1/me/blocks/{}", bert.id);
    anna.put(&path, &json!({})).await.must_be(204);
    let mut stream = listen(&anna).await;
    let last_id = stream.settle().await;
    send(&bert, &conversation, "blockiert").await.must_be(201);
    portal.advance(TimeDelta::seconds(1));
    anna.delete(&path).await.must_be(204);
    portal.advance(TimeDelta::seconds(1));
    send(&bert, &conversation, "danach").await.must_be(201);
    assert_eq!(body(&stream.next().await), "danach");
    assert_eq!(body(&come_back(&anna, &last_id).await.next().await), "danach");
}

#[tokio::test]
async fn a_message_or_a_person_that_goes_is_told_as_a_change_of_the_conversation() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "Hallo").await.must_be(201).json());
    let message = send(&bert, &conversation, "Irrtum").await.must_be(201).json();
    let mut stream = listen(&anna).await;
    let changed = Event {
        name: "conversation".to_owned(),
        data: json!({ "id": conversation }),
    };
    bert.delete(&format!("/api/v1/messages/{}", id(&message)))
        .await
        .must_be(204);
    assert_eq!(stream.next().await, changed);
    delete(&bert).await;
    assert_eq!(stream.next().await, changed);
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_others_go_on() {
    let portal = TestPortal::start().await;
    let other = portal.sibling("").await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let second = portal.signed_in(&anna.email).await;
    let third = portal.signed_in(&anna.email).await;
    let stream = listen(&at(&other, &anna)).await;
    let of_second = listen(&second).await;
    let of_third = listen(&at(&other, &third)).await;
    let mut of_desk = listen(&at(&other, &desk)).await;

    anna.delete("/api/v1/session").await.must_be(204);
    stream.must_end().await;
    let new = json!({ "current_password": PASSWORD, "new_password": "fünf gelbe Schränke im Keller" });
    second.put("/api/v1/me/password", &new).await.must_be(204);
    of_third.must_end().await;
    desk.post(
        &format!("/api/v1/admin/accounts/{}/suspend", anna.id),
        &json!({ "reason": "Prüfung" }),
    )
    .await
    .must_be(204);
    of_second.must_end().await;

    let berta = portal.member("Berta", "Zweite").await;
    let of_berta = listen(&at(&other, &berta)).await;
    desk.delete(&format!("/api/v1/admin/accounts/{}/sessions", berta.id))
        .await
        .must_be(204);
    of_berta.must_end().await;

    let carl = portal.member("Carl", "Dritter").await;
    let of_carl = listen(&carl).await;
    write_to(&carl, &[&desk], "Hallo")
        .await
        .must_refuse(&["member_ids: unknown_member"]);
    delete(&carl).await;
    of_carl.must_end().await;
    write_to(&desk, &[&portal.member("Dora", "Vierte").await], "Hallo")
        .await
        .must_be(201);
    assert_eq!(body(&of_desk.next().await), "Hallo");
}

#[tokio::test]
async fn the_end_of_the_process_ends_every_stream() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let stream = listen(&anna).await;
    portal.portal.streams.close();
    stream.must_end().await;
}

#[tokio::test]
async fn too_much_or_an_unknown_past_is_not_told_one_by_one() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "Hallo").await.must_be(201).json());
    let last_id = listen(&anna).await.last_id.unwrap();
    portal
        .execute(&format!(
            "INSERT INTO message (id, conversation_id, author_id, body, sent_at)
             SELECT overlay('{}' placing lpad(n::text, 12, '0') from 25)::uuid, '{conversation}', '{}', n::text, '{}'
             FROM generate_series(1, 501) n;
             UPDATE participation SET last_message_id = (SELECT id FROM message ORDER BY id DESC LIMIT 1)",
            portal.portal.new_id(),
            bert.id,
            portal.portal.now().to_rfc3339(),
        ))
        .await;
    let (instant, _) = last_id.split_once('-').unwrap();
    for past in [last_id.clone(), format!("{instant}-9:9000000000:")] {
        let mut stream = come_back(&anna, &past).await;
        let missed = stream.missed().await;
        assert_eq!(missed.len(), 1, "{missed:?}");
        assert_eq!(missed[0].name, "reset");
    }
}

#[tokio::test]
async fn no_moment_is_refused_and_so_is_one_stream_too_many() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal.visitor().get(EVENTS).await.must_fail(401, "not_signed_in");
    anna.get(&format!("{EVENTS}?after=yesterday"))
        .await
        .must_refuse(&["after: cursor_invalid"]);
    let draft = anna.request(Method::GET, EVENTS).header("last-event-id", "0");
    draft.send().await.must_refuse(&["last-event-id: cursor_invalid"]);

    let mut streams = Vec::new();
    for _ in 0..=20 {
        streams.push(listen(&anna).await);
    }
    assert_eq!(portal.portal.streams.count(), 20);
    streams.remove(0).must_end().await;
    for _ in 20..40 {
        streams.push(listen(&anna).await);
    }
    anna.get(EVENTS).await.must_fail(429, "too_many_streams");
    streams.pop();
    listen(&anna).await;
}

#[tokio::test]
async fn a_conversation_that_changed_is_told_to_whoever_was_away() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "Hallo").await.must_be(201).json());
    let quiet = id(
        &write_to(&anna, &[&portal.member("Carl", "Dritter").await], "Still")
            .await
            .must_be(201)
            .json(),
    );
    let newest = anna.get(&messages_of(&conversation)).await.json()["items"][0]["id"].clone();
    let last_id = listen(&bert).await.last_id.unwrap();
    let of_anna = listen(&anna).await.last_id.unwrap();
    anna.put(
        &format!("/api/v1/conversations/{conversation}/read"),
        &json!({ "up_to": newest }),
    )
    .await
    .must_be(204);
    for (person, last_id) in [(&bert, &last_id), (&anna, &of_anna)] {
        let told = come_back(person, last_id).await.next().await;
        assert_eq!(
            (told.name.as_str(), &told.data["id"]),
            ("conversation", &json!(conversation))
        );
        assert_ne!(told.data["id"], json!(quiet));
    }
}
