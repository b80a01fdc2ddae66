//! Event streams as time goes on and under pressure: signs of life, their end with the session, and whoever keeps up is
//! never ended, whatever one look finds.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use axum::http::Method;
use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde_json::json;
use stammtisch::{announcements::Change, database::sql, messaging::news};
use uuid::Uuid;

use crate::{
    events::{come_back, listen},
    groups::{accept, invitations, invite, open, remove, rename},
    messaging::{id, send, write_to},
    support::{Person, TestPortal},
};

/// Writes so many messages in one transaction, and tells every process of them.
async fn write_many(portal: &TestPortal, author: &Person, conversation: &str, count: usize) {
    portal
        .execute(&format!(
            "INSERT INTO message (id, conversation_id, author_id, body, sent_at)
             SELECT overlay('{}' placing lpad(n::text, 12, '0') from 25)::uuid, '{conversation}', '{}', 'viel ' || n, '{}'
             FROM generate_series(1, {count}) n;
             UPDATE participation SET last_message_id = (SELECT id FROM message ORDER BY id DESC LIMIT 1)",
            portal.portal.new_id(),
            author.id,
            portal.portal.now().to_rfc3339(),
        ))
        .await;
    portal.portal.announcements.announce(Change::Message);
}

#[tokio::test]
async fn much_at_once_is_one_reset_from_which_its_reader_goes_on() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "Anfang").await.must_be(201).json());
    let mut stream = listen(&anna).await;
    for (count, names) in [
        (32, vec!["message"; 32]),
        (33, vec!["reset"]),
        (1_000, vec!["reset"]),
    ] {
        let before = stream.last_id.clone();
        write_many(&portal, &bert, &conversation, count).await;
        for name in names {
            assert_eq!(stream.next().await.name, name, "of {count}");
        }
        assert_ne!(stream.last_id, before, "of {count}");
    }
    let last_id = stream.last_id.clone().unwrap();
    send(&bert, &conversation, "danach").await.must_be(201);
    for mut stream in [stream, come_back(&anna, &last_id).await] {
        assert_eq!(stream.next().await.data["body"], "danach");
    }
}

#[tokio::test]
async fn many_who_read_one_conversation_at_once_are_one_change_of_it() {
    let portal = TestPortal::with("limits.enabled = false").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let crowd = portal.crowd(17).await;
    let everyone: Vec<&Person> = crowd.iter().collect();
    let begun = write_to(&anna, &everyone, "Rundbrief").await.must_be(201).json();
    let conversation: Uuid = id(&begun).parse().unwrap();
    portal
        .execute("UPDATE participation SET read_up_to = last_message_id")
        .await;
    let mut stream = listen(&anna).await;
    let read = |people: &[Person]| {
        for account in people.iter().map(|person| person.id) {
            let change = Change::Read {
                conversation,
                account,
            };
            portal.portal.announcements.announce(change);
        }
    };
    read(&crowd[1..]);
    let mut readers = BTreeSet::new();
    for _ in 1..crowd.len() {
        let told = stream.next().await;
        assert_eq!(told.name, "read");
        readers.insert(told.data["account_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(readers.len(), 16);
    read(&crowd);
    let told = stream.next().await;
    assert_eq!(
        (told.name.as_str(), told.data),
        ("conversation", json!({ "id": conversation }))
    );
    send(&anna, &id(&begun), "danach").await.must_be(201);
    assert_eq!(stream.next().await.data["body"], "danach");
}

#[tokio::test]
async fn those_who_are_ended_at_once_do_not_come_back_at_once() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let mut waits = BTreeSet::new();
    for _ in 0..8 {
        let wait = listen(&anna).await.retry.unwrap();
        assert!((1_000..=5_000).contains(&wait), "{wait}");
        waits.insert(wait);
    }
    assert!(waits.len() > 1, "{waits:?}");
}

#[tokio::test]
async fn a_look_costs_by_what_is_new_in_a_conversation_however_many_listen() {
    const PEOPLE: usize = 20;
    const OLD: usize = 60;
    let portal = TestPortal::with("limits.enabled = false").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let crowd = portal.crowd(PEOPLE).await;
    let everyone: Vec<&Person> = crowd.iter().collect();
    let conversation = id(&write_to(&anna, &everyone, "Rundbrief").await.must_be(201).json());
    write_many(&portal, &anna, &conversation, OLD).await;
    let since = news::moment(&portal.portal.database, portal.portal.now())
        .await
        .unwrap();
    send(&anna, &conversation, "neu").await.must_be(201);

    let readers: Vec<Uuid> = crowd.iter().map(|person| person.id).collect();
    let transaction = portal.portal.database.begin().await.unwrap();
    let found = news::messages(&transaction, portal.portal.now(), &readers, &since, 1_000)
        .await
        .unwrap();
    assert!(found.is_all);
    let told: Vec<_> = found
        .written
        .iter()
        .map(|written| (&*written.message.body, written.readers.len()))
        .collect();
    assert_eq!(told, [("neu", PEOPLE)]);
    let touched = sql(
        "SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint AS count
         FROM pg_stat_xact_user_tables WHERE relid = 'message'::regclass",
        [],
    );
    let touched = transaction.query_one_raw(touched).await.unwrap().unwrap();
    let touched: i64 = touched.try_get("", "count").unwrap();
    let most = i64::try_from(4 * OLD).unwrap();
    assert!((1..=most).contains(&touched), "{touched} rows of messages");
}

#[tokio::test]
async fn a_stream_says_every_15_seconds_that_it_lives_and_from_where_to_come_back() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "Anfang").await.must_be(201).json());
    let mut stream = listen(&anna).await;
    for number in 0..3 {
        portal.advance(TimeDelta::seconds(10));
        let body = format!("Nachricht {number}");
        send(&bert, &conversation, &body).await.must_be(201);
        assert_eq!(stream.next().await.data["body"], *body);
        portal.advance(TimeDelta::seconds(5));
        // Whatever is announced makes everybody look.
        portal.portal.announcements.announce(Change::Message);
        stream.must_beat().await;
        let last_id = stream.last_id.clone().unwrap();
        assert_eq!(come_back(&anna, &last_id).await.missed().await, []);
    }
}

#[tokio::test]
async fn a_stream_ends_when_its_session_was_not_used_or_has_lasted_for_long_enough() {
    let portal = TestPortal::with("sessions.idle = '1h'\nsessions.absolute = '3h'").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let look = || portal.portal.announcements.announce(Change::Message);
    let stream = listen(&anna).await;
    portal.advance(TimeDelta::minutes(61));
    look();
    stream.must_end().await;

    let anna = portal.signed_in(&anna.email).await;
    let mut stream = listen(&anna).await;
    for _ in 0..3 {
        portal.advance(TimeDelta::minutes(50));
        anna.get("/api/v1/me").await.must_be(200);
        look();
        stream.must_beat().await;
    }
    portal.advance(TimeDelta::minutes(29));
    anna.get("/api/v1/me").await.must_be(200);
    look();
    stream.must_beat().await;
    portal.advance(TimeDelta::minutes(2));
    look();
    stream.must_end().await;
}

#[tokio::test]
async fn who_may_have_missed_what_was_announced_is_told_to_look_anew() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let begun = write_to(&bert, &[&anna], "Anfang").await.must_be(201).json();
    let (conversation, first) = (id(&begun), id(&begun["last_message"]));
    let mut stream = listen(&bert).await;
    let lost = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND state = 'idle' AND query LIKE 'LISTEN %'";
    for round in 0..2 {
        // Whether it was heard before or not, or never: it is only announced.
        assert_eq!(portal.count(lost).await, 1, "{round}");
        let read = format!("/api/v1/conversations/{conversation}/read");
        let mark = json!({ "up_to": first });
        anna.put(&read, &mark).await.must_be(204);
        assert_eq!(stream.next().await.name, "reset", "{round}");
        let body = format!("danach {round}");
        send(&anna, &conversation, &body).await.must_be(201);
        let mut told = stream.next().await;
        while told.name != "message" {
            assert_eq!(told.name, "read", "{round}");
            told = stream.next().await;
        }
        assert_eq!(told.data["body"], *body);
    }
}

#[tokio::test]
async fn a_session_that_ends_takes_its_streams_along_at_once() {
    const SESSIONS: u32 = 8;
    let portal = TestPortal::start().await;
    let other = portal.sibling("").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let mut took = Duration::ZERO;
    for _ in 0..SESSIONS {
        let session = portal.signed_in(&anna.email).await;
        let elsewhere = other.visitor();
        elsewhere.set_cookie("session", &session.cookie("session").unwrap());
        let stream = listen(&elsewhere).await;
        let ends = Instant::now();
        session.delete("/api/v1/session").await.must_be(204);
        stream.must_end().await;
        took += ends.elapsed();
    }
    // Looking every two seconds alone, one after the other would be found two seconds after the one before.
    println!("{:?} each", took / SESSIONS);
    assert!(took / SESSIONS < Duration::from_millis(700), "{took:?}");
}

#[tokio::test]
async fn what_becomes_of_a_group_is_told_to_those_whom_it_concerns_and_to_nobody_else() {
    let portal = TestPortal::start().await;
    let [anna, bea, cleo] = crate::groups::three(&portal).await;
    let second = portal.signed_in(&anna.email).await;
    let (mut of_anna, mut of_bea, mut of_cleo) =
        (listen(&second).await, listen(&bea).await, listen(&cleo).await);
    let group = open(&anna, "Bauamt").await;
    let told = json!({ "id": group });
    assert_eq!(of_anna.next().await.data, told, "opened in the other window");
    invite(&anna, &group, &[&bea]).await.must_be(201);
    assert_eq!(of_bea.next().await.data, told, "invited");
    let invitation = invitations(&bea).await.remove(0);
    accept(&bea, &invitation).await.must_be(200);
    assert_eq!(of_bea.next().await.data, told, "joined");
    assert_eq!(of_anna.next().await.data, told, "somebody joined");
    rename(&anna, &group, "Tiefbau").await.must_be(200);
    assert_eq!(of_anna.next().await.data, told, "renamed");
    assert_eq!(of_bea.next().await.data, told, "renamed");
    remove(&anna, &group, &bea).await.must_be(204);
    assert_eq!(of_anna.next().await.data, told, "somebody removed");
    assert_eq!(of_bea.next().await.data, told, "removed");
    invite(&anna, &group, &[&bea]).await.must_be(201);
    assert_eq!(of_bea.next().await.data, told, "invited again");
    let withdrawn = format!("/api/v1/groups/{group}/invitations/{}", bea.id);
    anna.delete(&withdrawn).await.must_be(204);
    assert_eq!(of_bea.next().await.data, told, "the invitation was taken back");
    let declined = open(&anna, "Hochbau").await;
    assert_eq!(of_anna.next().await.data, json!({ "id": declined }));
    invite(&anna, &declined, &[&bea]).await.must_be(201);
    assert_eq!(of_bea.next().await.data, json!({ "id": declined }));
    let invitation = id(&invitations(&bea).await[0]);
    let decline = bea.request(Method::DELETE, &format!("/api/v1/invitations/{invitation}"));
    decline.send().await.must_be(204);
    assert_eq!(
        of_bea.next().await.data,
        json!({ "id": declined }),
        "answered in another window"
    );

    // Cleo heard of none of this, and Anna of nobody who declined.
    write_to(&cleo, &[&anna], "Ende").await.must_be(201);
    for stream in [&mut of_anna, &mut of_cleo] {
        assert_eq!(stream.next().await.data["body"], "Ende");
    }
}
