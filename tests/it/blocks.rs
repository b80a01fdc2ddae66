//! Blocking someone: nothing of theirs is seen, and they cannot find out.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    deletion::delete,
    events::{at, come_back, listen},
    groups::{accept, group_of_three, invitations, invite, listed, open, rename},
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

/// How many rows of `message` a statement goes through, with these values in the places of `$1` and so on.
async fn messages_walked(portal: &TestPortal, statement: &str, values: &[&str]) -> f64 {
    fn walked(node: &Value) -> f64 {
        let number = |key: &str| node[key].as_f64().unwrap_or_default();
        let own = if node["Relation Name"] == "message" {
            (number("Actual Rows") + number("Rows Removed by Filter")) * number("Actual Loops")
        } else {
            0.0
        };
        let below = node["Plans"].as_array().into_iter().flatten();
        own + below.map(walked).sum::<f64>()
    }
    let mut statement = statement.to_owned();
    for (number, value) in values.iter().enumerate().rev() {
        statement = statement.replace(&format!("${}", number + 1), &format!("'{value}'"));
    }
    let explained = format!("EXPLAIN (ANALYZE, FORMAT JSON) {statement}");
    walked(&portal.scalar::<Value>(&explained).await[0]["Plan"])
}

#[tokio::test]
async fn however_much_a_blocked_person_writes_it_costs_whoever_blocked_them_nothing() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "davor").await.must_be(201).json());
    portal.advance(TimeDelta::seconds(1));
    block(&anna, &bert).await;
    portal.advance(TimeDelta::seconds(1));
    send(&bert, &conversation, "während").await.must_be(201);
    portal
        .execute(&format!(
            "INSERT INTO message (id, conversation_id, author_id, body, sent_at)
             SELECT overlay('{}' placing lpad(n::text, 12, '0') from 25)::uuid, '{conversation}', '{}', n::text, '{}'
             FROM generate_series(1, 5000) n",
            portal.portal.new_id(),
            bert.id,
            portal.portal.now().to_rfc3339(),
        ))
        .await;
    portal.execute("ANALYZE message").await;
    let own = anna.id.to_string();
    let last = uuid::Uuid::max().to_string();
    for (path, values) in [
        ("/api/v1/conversations", [&*own, "2099-01-01", &last, "51"]),
        ("/de/conversations", [&*own, "2099-01-01", &last, "51"]),
        (&*messages_of(&conversation), [&*conversation, &own, "51", &last]),
    ] {
        let (answer, statements) = portal.statements_of(anna.get(path)).await;
        answer.must_be(200);
        let mut looked_at = 0;
        for statement in statements.iter().filter(|text| text.contains("message m")) {
            let walked = messages_walked(&portal, statement, &values).await;
            assert!(walked < 10.0, "{walked} for {path}: {statement}");
            looked_at += 1;
        }
        assert!(looked_at > 0, "{statements:#?}");
    }
    assert_eq!(bodies(&anna, &messages_of(&conversation)).await, ["davor"]);
}

#[tokio::test]
async fn nothing_that_can_be_seen_is_cut_off_when_a_block_ends_while_messages_are_written() {
    let portal = TestPortal::with("limits.enabled = false").await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "davor").await.must_be(201).json());
    for round in 0..10 {
        block(&anna, &bert).await;
        let body = round.to_string();
        let ((), first, second) = tokio::join!(
            unblock(&anna, &bert),
            send(&bert, &conversation, &body),
            send(&bert, &conversation, &body)
        );
        first.must_be(201);
        second.must_be(201);
        let cut_off = format!(
            "SELECT count(*) FROM message m JOIN participation p ON p.conversation_id = m.conversation_id
             WHERE p.account_id = '{}' AND m.id > p.last_message_id AND NOT EXISTS (
                 SELECT 1 FROM block b WHERE b.account_id = p.account_id AND b.blocked_id = m.author_id
                    AND m.sent_at >= b.began_at AND m.sent_at < b.ended_at)",
            anna.id
        );
        assert_eq!(portal.count(&cut_off).await, 0);
    }
    // The newest message goes; what remains is there.
    let last = send(&bert, &conversation, "Irrtum").await.must_be(201).json();
    let kept = bodies(&anna, &messages_of(&conversation)).await;
    bert.delete(&format!("/api/v1/messages/{}", id(&last)))
        .await
        .must_be(204);
    assert_eq!(bodies(&anna, &messages_of(&conversation)).await, kept[1..]);
}

#[tokio::test]
async fn what_was_written_before_a_block_ended_stays_unseen_whatever_clock_it_was_written_by() {
    let portal = TestPortal::start().await;
    let ahead = portal.sibling_apart(TimeDelta::seconds(40)).await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&bert, &[&anna], "davor").await.must_be(201).json());
    portal.advance(TimeDelta::seconds(1));
    block(&anna, &bert).await;
    let hidden = json!({ "body": "während" });
    at(&ahead, &bert)
        .post(&messages_of(&conversation), &hidden)
        .await
        .must_be(201);
    unblock(&anna, &bert).await;
    send(&bert, &conversation, "danach").await.must_be(201);
    assert_eq!(
        bodies(&anna, &messages_of(&conversation)).await,
        ["danach", "davor"]
    );
}

#[tokio::test]
async fn the_name_that_a_blocked_person_gave_is_not_shown_anywhere() {
    let portal = TestPortal::start().await;
    let ([anna, bea, cleo], group) = group_of_three(&portal).await;
    let dora = portal.member("Dora", "Beispiel").await;
    send(&cleo, &group, "Wir bauen ein Haus").await.must_be(201);
    invite(&cleo, &group, &[&dora]).await.must_be(201);
    for reader in [&bea, &dora] {
        block(reader, &anna).await;
    }
    rename(&anna, &group, "Du entkommst mir nicht").await.must_be(200);
    let name_of = async |reader: &Person| listed(reader, &group).await.unwrap()["subject"].clone();
    assert_eq!(name_of(&bea).await, json!(null));
    assert_eq!(name_of(&cleo).await, "Du entkommst mir nicht");
    assert_eq!(invitations(&dora).await[0]["name"], json!(null));
    let found = "/api/v1/messages?query=haus";
    let found = bea.get(found).await.must_be(200).json()["items"][0].clone();
    assert_eq!(found["subject"], json!(null));
    for page in [
        "/de/conversations".to_owned(),
        "/de/conversations/search?query=haus".to_owned(),
        format!("/de/conversations/{group}"),
        format!("/de/groups/{group}"),
    ] {
        bea.get(&page).await.must_be(200).must_not_show("entkommst");
        cleo.get(&page).await.must_be(200).must_show("entkommst");
    }
    dora.get("/de/invitations")
        .await
        .must_be(200)
        .must_not_show("entkommst");
    unblock(&bea, &anna).await;
    assert_eq!(name_of(&bea).await, "Du entkommst mir nicht");
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
async fn blocking_again_and_again_is_limited_and_a_block_that_stands_uses_nothing_up() {
    let portal = TestPortal::with("limits.blocks_per_day = 2").await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    for _ in 0..2 {
        for _ in 0..3 {
            block(&anna, &bert).await;
        }
        unblock(&anna, &bert).await;
        portal.advance(TimeDelta::seconds(1));
    }
    let path = format!("/api/v1/me/blocks/{}", bert.id);
    let refused = anna.put(&path, &json!({})).await;
    assert!(refused.header("retry-after").is_some());
    refused.must_fail(429, "rate_limited");
    assert_eq!(portal.count("SELECT count(*) FROM block").await, 2);
    portal.advance(TimeDelta::hours(12));
    let anna = portal.signed_in(&anna.email).await;
    block(&anna, &bert).await;
    let page = anna
        .submit(&format!("/en/members/{}", bert.id), &[("act", "unblock")])
        .await;
    page.must_lead_to(&format!("/en/members/{}?done=unblocked", bert.id));
    anna.submit(&format!("/en/members/{}", bert.id), &[("act", "block")])
        .await
        .must_be(429);
}

#[tokio::test]
async fn an_account_with_very_many_blocks_goes_in_chunks() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    portal
        .execute(&format!(
            "INSERT INTO block (account_id, blocked_id, began_at, ended_at)
             SELECT '{0}', '{1}', now() + n * interval '1 second', now() + n * interval '1 second' FROM generate_series(1, 6000) n;
             INSERT INTO block (account_id, blocked_id, began_at, ended_at)
             SELECT '{1}', '{0}', now() + n * interval '1 second', now() + n * interval '1 second' FROM generate_series(1, 6000) n",
            anna.id, bert.id
        ))
        .await;
    delete(&anna).await;
    portal.advance(TimeDelta::hours(2));
    let (report, statements) = portal.statements_of(sweep(&portal)).await;
    assert_eq!((report.erased, report.failed), (1, 0));
    let chunks = statements
        .iter()
        .filter(|statement| statement.starts_with("DELETE FROM block WHERE ctid"));
    assert!(chunks.count() >= 4, "two of each side");
    assert_eq!(portal.count("SELECT count(*) FROM block").await, 0);
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

/// A page without what each time is another one: the moment it was made at, which whatever anybody writes moves on, and
/// the key of its form.
fn without_moment(page: &str) -> String {
    let mut page = page.to_owned();
    for marker in [" data-after=\"", " name=\"key\" value=\""] {
        if let Some((before, after)) = page.split_once(marker) {
            let (_, after) = after.split_once('"').unwrap();
            page = format!("{before}{after}");
        }
    }
    page
}

#[tokio::test]
async fn everything_that_a_blocked_person_can_ask_for_is_as_it_was() {
    let portal = TestPortal::start().await;
    let ([anna, bert, cleo], group) = group_of_three(&portal).await;
    let conversation = id(&write_to(&bert, &[&anna], "davor").await.must_be(201).json());
    let shared = id(&send(&bert, &group, "Wir bauen davor").await.must_be(201).json());
    let read = |conversation: &str| format!("/api/v1/conversations/{conversation}/read");
    anna.put(&read(&group), &json!({ "up_to": shared }))
        .await
        .must_be(204);
    let (own, of_anna) = (open(&bert, "Berts Runde").await, open(&anna, "Annas Runde").await);
    invite(&bert, &own, &[&anna]).await.must_be(201);
    invite(&anna, &of_anna, &[&bert]).await.must_be(201);
    let paths = [
        "/api/v1/me/export".to_owned(),
        "/api/v1/me/deletion-preview".to_owned(),
        "/api/v1/me/blocks".to_owned(),
        "/api/v1/members".to_owned(),
        format!("/api/v1/members/{}", anna.id),
        "/api/v1/conversations".to_owned(),
        messages_of(&conversation),
        messages_of(&group),
        "/api/v1/messages?query=davor".to_owned(),
        "/api/v1/invitations".to_owned(),
        format!("/api/v1/groups/{own}/invitations"),
        "/de/conversations".to_owned(),
        format!("/de/conversations/{conversation}"),
        format!("/de/conversations/{group}"),
        "/de/conversations/search?query=davor".to_owned(),
        "/de/invitations".to_owned(),
        format!("/de/groups/{own}"),
        format!("/de/groups/{group}"),
        format!("/de/members/{}", anna.id),
    ];
    let answers = async || {
        let mut answers = Vec::new();
        for path in &paths {
            let answer = bert.get(path).await.must_be(200).text();
            answers.push(without_moment(&answer));
        }
        answers
    };
    // Looking at the pages marks them as read.
    answers().await;
    let before = answers().await;
    let mut stream = listen(&bert).await;
    let last_id = stream.last_id.clone().unwrap();
    block(&anna, &bert).await;
    portal.work().await;
    for (path, (now, before)) in paths.iter().zip(answers().await.iter().zip(&before)) {
        assert_eq!(now, before, "{path}");
    }
    assert_eq!(come_back(&bert, &last_id).await.missed().await, []);

    // What Anna reads in the group is seen by all who share it, and what Bert does there is answered as ever.
    let next = id(&send(&cleo, &group, "und danach").await.must_be(201).json());
    assert_eq!(stream.next().await.name, "message");
    anna.put(&read(&group), &json!({ "up_to": next }))
        .await
        .must_be(204);
    let told = stream.next().await;
    assert_eq!(
        (told.name.as_str(), &told.data["read_up_to"]),
        ("read", &json!(next))
    );
    send(&bert, &group, "ungehört").await.must_be(201);
    invite(&bert, &own, &[&anna]).await.must_be(201);
    rename(&bert, &own, "Neue Runde").await.must_be(200);
    let invitation = invitations(&bert).await.remove(0);
    accept(&bert, &invitation).await.must_be(200);
    bert.put(&format!("/api/v1/me/blocks/{}", anna.id), &json!({}))
        .await
        .must_be(204);
}

#[tokio::test]
async fn whoever_was_away_is_told_the_same_whether_they_are_blocked_or_not() {
    let portal = TestPortal::start().await;
    let (anna, bert, cleo) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
        portal.member("Cleo", "Dritte").await,
    );
    let mut places = Vec::new();
    for writer in [&bert, &cleo] {
        let begun = write_to(writer, &[&anna], "davor").await.must_be(201).json();
        let path = format!("/api/v1/conversations/{}/read", id(&begun));
        let read = json!({ "up_to": begun["last_message"]["id"] });
        anna.put(&path, &read).await.must_be(204);
        places.push((writer, id(&begun)));
    }
    portal.advance(TimeDelta::seconds(1));
    let before = [listen(&bert).await.last_id, listen(&cleo).await.last_id];
    block(&anna, &bert).await;
    anna.patch("/api/v1/me/preferences", &json!({ "message_mail": "at_once" }))
        .await
        .must_be(200);
    for ((writer, conversation), last_id) in places.iter().zip(before) {
        let missed = come_back(writer, &last_id.unwrap()).await.missed().await;
        assert_eq!(missed, [], "what Anna chose is nobody's to know");
        send(writer, conversation, "danach").await.must_be(201);
    }
    let since = [
        listen(&bert).await.last_id.unwrap(),
        listen(&cleo).await.last_id.unwrap(),
    ];
    portal.advance(TimeDelta::minutes(10));
    portal.work().await;
    assert_eq!(
        portal
            .count("SELECT count(*) FROM participation WHERE mailed_at IS NOT NULL")
            .await,
        1,
        "Anna was told of Cleo's message alone"
    );
    for ((writer, _), last_id) in places.iter().zip(&since) {
        assert_eq!(come_back(writer, last_id).await.missed().await, []);
    }
    // What they may see is told to both.
    anna.patch("/api/v1/me/profile", &json!({ "display_name": "A. Beispiel" }))
        .await
        .must_be(200);
    for ((writer, conversation), last_id) in places.iter().zip(&since) {
        let missed = come_back(writer, last_id).await.missed().await;
        assert_eq!(missed.len(), 1, "{missed:?}");
        assert_eq!(
            (missed[0].name.as_str(), &missed[0].data["id"]),
            ("conversation", &json!(conversation))
        );
    }
    let since = [
        listen(&bert).await.last_id.unwrap(),
        listen(&cleo).await.last_id.unwrap(),
    ];
    delete(&anna).await;
    for ((writer, _), last_id) in places.iter().zip(&since) {
        let missed = come_back(writer, last_id).await.missed().await;
        assert_eq!((missed.len(), missed[0].name.as_str()), (1, "conversation"));
    }
}
