//! What members may do only so often: a refusal says when it works again, and then it does.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    groups::{invite, open, rename},
    messaging::{id, messages_of, send, write_to},
    support::{Response, TestPortal},
    sweep::sweep,
};

#[tokio::test]
async fn messages_beyond_the_limit_are_refused_and_the_next_one_goes_when_it_was_said_to() {
    let portal = TestPortal::with("sessions.idle = '12h'\nlimits.messages_per_hour = 3").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let conversation = id(&write_to(&anna, &[&bea], "1").await.must_be(201).json());
    send(&anna, &conversation, "2").await.must_be(201);
    send(&anna, &conversation, "3").await.must_be(201);
    let refused = send(&anna, &conversation, "4").await;
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    refused.must_fail(429, "rate_limited");
    assert!((1_199..=1_200).contains(&wait), "a third of an hour: {wait}");
    // Beginning another conversation would be another message.
    write_to(&anna, &[&bea], "4").await.must_fail(429, "rate_limited");
    send(&bea, &conversation, "Bea hat ihre eigenen")
        .await
        .must_be(201);

    portal.advance(TimeDelta::seconds(wait - 30));
    send(&anna, &conversation, "4")
        .await
        .must_fail(429, "rate_limited");
    portal.advance(TimeDelta::seconds(30));
    send(&anna, &conversation, "4").await.must_be(201);
    send(&anna, &conversation, "5")
        .await
        .must_fail(429, "rate_limited");
    portal.advance(TimeDelta::hours(2));
    for again in 1..=3 {
        send(&anna, &conversation, &again.to_string()).await.must_be(201);
    }
    send(&anna, &conversation, "5")
        .await
        .must_fail(429, "rate_limited");
}

#[tokio::test]
async fn a_message_that_was_sent_before_is_answered_whatever_the_limit_says() {
    let portal = TestPortal::with("sessions.idle = '12h'\nlimits.messages_per_hour = 2").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let conversation = id(&write_to(&anna, &[&bea], "1").await.must_be(201).json());
    let mut sent = Vec::new();
    for _ in 0..3 {
        let request = anna
            .request(Method::POST, &messages_of(&conversation))
            .header("idempotency-key", "einmal");
        sent.push(
            request
                .json(&json!({ "body": "2" }))
                .send()
                .await
                .must_be(201)
                .json(),
        );
    }
    assert!(sent.iter().all(|message| message == &sent[0]));
}

#[tokio::test]
async fn a_new_name_for_a_group_is_a_message_and_the_one_it_has_is_none() {
    let portal = TestPortal::with("sessions.idle = '12h'\nlimits.messages_per_hour = 2").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let group = open(&anna, "Bauamt").await;
    for name in ["Tiefbau", "Hochbau", "Hochbau"] {
        rename(&anna, &group, name).await.must_be(200);
    }
    let refused = rename(&anna, &group, "Amt").await;
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    refused.must_fail(429, "rate_limited");
    anna.submit(
        &format!("/de/groups/{group}"),
        &[("act", "rename"), ("name", "Amt")],
    )
    .await
    .must_be(429)
    .must_show("Das waren zu viele in kurzer Zeit.");
    portal.advance(TimeDelta::seconds(wait));
    rename(&anna, &group, "Amt").await.must_be(200);
}

#[tokio::test]
async fn new_members_begin_fewer_conversations() {
    let portal = TestPortal::with(
        "limits.conversations_per_day = 3\nlimits.conversations_per_day_when_new = 1\nlimits.new_for = '7d'",
    )
    .await;
    let anna = portal.member("Anna", "Beispiel").await;
    let mut others = Vec::new();
    for name in ["Bea", "Cleo", "Dora", "Emma", "Fee"] {
        others.push(portal.member(name, "Leserin").await);
    }
    write_to(&anna, &[&others[0]], "x").await.must_be(201);
    write_to(&anna, &[&others[1]], "x")
        .await
        .must_fail(429, "rate_limited");
    // Going on with the one that there is is no new one.
    write_to(&anna, &[&others[0]], "x").await.must_be(200);
    assert_eq!(portal.count("SELECT count(*) FROM conversation").await, 1);

    portal.advance(TimeDelta::days(8));
    let anna = portal.signed_in(&anna.email).await;
    for other in &others[1..4] {
        write_to(&anna, &[other], "x").await.must_be(201);
    }
    write_to(&anna, &[&others[4]], "x")
        .await
        .must_fail(429, "rate_limited");
}

#[tokio::test]
async fn of_many_at_once_exactly_so_many_pass_as_may() {
    const MANY: usize = 20;
    let portal = TestPortal::with(
        "limits.messages_per_hour = 5\nlimits.conversations_per_day_when_new = 4\n\
         limits.invitations_per_day_when_new = 3",
    )
    .await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let others = portal.crowd(MANY).await;
    let passed = async |tries: JoinSet<Response>| {
        let answers = tries.join_all().await;
        assert_eq!(answers.len(), MANY);
        let refused = answers.iter().filter(|answer| answer.status == 429);
        for refused in refused.clone() {
            let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
            assert!(wait > 0, "{wait}");
        }
        let passed = answers.iter().filter(|answer| answer.status == 201).count();
        assert_eq!(passed + refused.count(), MANY);
        passed
    };
    let group = open(&anna, "Bauamt").await;
    let mut inviting = JoinSet::new();
    for guest in others.clone() {
        let (anna, group) = (anna.clone(), group.clone());
        inviting.spawn(async move { invite(&anna, &group, &[&guest]).await });
    }
    assert_eq!(passed(inviting).await, 3);
    let mut beginning = JoinSet::new();
    for other in others {
        let anna = anna.clone();
        beginning.spawn(async move { write_to(&anna, &[&other], "x").await });
    }
    assert_eq!(passed(beginning).await, 3, "the group was the first of four");
    assert_eq!(portal.count("SELECT count(*) FROM conversation").await, 4);
    let conversation = id(&write_to(&bea, &[&anna], "x").await.must_be(201).json());
    let mut sending = JoinSet::new();
    for number in 0..MANY {
        let (anna, conversation) = (anna.clone(), conversation.clone());
        sending.spawn(async move { send(&anna, &conversation, &number.to_string()).await });
    }
    assert_eq!(
        passed(sending).await,
        2,
        "three conversations began with a message"
    );
}

#[tokio::test]
async fn who_began_as_many_conversations_as_they_may_is_told_when_they_may_again() {
    let portal = TestPortal::with("limits.conversations_per_day_when_new = 2").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let others = portal.crowd(3).await;
    for other in &others[..2] {
        write_to(&anna, &[other], "x").await.must_be(201);
    }
    let refused = write_to(&anna, &[&others[2]], "x").await;
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    refused.must_fail(429, "rate_limited");
    assert!((43_190..=43_200).contains(&wait), "half a day: {wait}");
    portal.advance(TimeDelta::seconds(wait - 30));
    let anna = portal.signed_in(&anna.email).await;
    write_to(&anna, &[&others[2]], "x")
        .await
        .must_fail(429, "rate_limited");
    portal.advance(TimeDelta::seconds(30));
    write_to(&anna, &[&others[2]], "x").await.must_be(201);
}

#[tokio::test]
async fn the_page_says_when_it_works_again_and_keeps_what_was_typed() {
    let portal = TestPortal::with("sessions.idle = '12h'\nlimits.messages_per_hour = 1").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let begun = write_to(&anna, &[&bea], "1").await.must_be(201).json();
    let path = format!("/de/conversations/{}", id(&begun));
    let refused = anna.submit(&path, &[("body", "Noch eine Zeile")]).await;
    assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() > 3_500);
    refused
        .must_be(429)
        .must_show("Das waren zu viele in kurzer Zeit.")
        .must_show("Bitte versuchen Sie es in 60 Minuten noch einmal.")
        .must_show("Noch eine Zeile");
}

#[tokio::test]
async fn what_is_used_up_is_forgotten_once_it_is_free_again() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    write_to(&anna, &[&bea], "1").await.must_be(201);
    let kept = "SELECT count(*) FROM allowance";
    assert_eq!(portal.count(kept).await, 2);
    portal.advance(TimeDelta::minutes(5));
    sweep(&portal).await;
    assert_eq!(portal.count(kept).await, 1, "the conversation's lasts longer");
    portal.advance(TimeDelta::days(1));
    sweep(&portal).await;
    assert_eq!(portal.count(kept).await, 0);
}
