//! Leaving a conversation of several people that is no group: by the rules by which one leaves a group.

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use crate::{
    deletion::delete,
    groups::{listed, three},
    messaging::{bodies, id, messages_of, send, write_to},
    support::{Person, Response, TestPortal},
    sweep::sweep,
};

async fn leave(person: &Person, conversation: &str, member: Uuid) -> Response {
    let path = format!("/api/v1/conversations/{conversation}/members/{member}");
    person.delete(&path).await
}

#[tokio::test]
async fn who_leaves_sees_it_no_more_and_their_words_stay_under_their_name() {
    let portal = TestPortal::start().await;
    let [anna, bea, cleo] = three(&portal).await;
    let conversation = id(&write_to(&anna, &[&bea, &cleo], "von Anna")
        .await
        .must_be(201)
        .json());
    send(&bea, &conversation, "von Bea").await.must_be(201);
    leave(&bea, &conversation, anna.id)
        .await
        .must_fail(403, "forbidden");
    leave(&bea, &conversation, bea.id).await.must_be(204);
    leave(&bea, &conversation, bea.id)
        .await
        .must_fail(404, "not_found");
    leave(&bea, &conversation, anna.id)
        .await
        .must_fail(404, "not_found");
    assert_eq!(listed(&bea, &conversation).await, None);
    bea.get(&messages_of(&conversation))
        .await
        .must_fail(404, "not_found");
    send(&bea, &conversation, "x").await.must_fail(404, "not_found");
    let page = anna.get(&messages_of(&conversation)).await.must_be(200).json();
    assert_eq!(
        (&page["items"][0]["body"], &page["items"][0]["author_name"]),
        (&json!("von Bea"), &json!("Bea Beispiel"))
    );
    let of_anna = listed(&anna, &conversation).await.unwrap();
    assert_eq!(
        (
            of_anna["members"].as_array().unwrap().len(),
            &of_anna["former_members"]
        ),
        (2, &json!(0))
    );

    // What is between two stays between them.
    let pair = id(&write_to(&anna, &[&bea], "zu zweit").await.must_be(201).json());
    leave(&anna, &pair, anna.id).await.must_fail(403, "forbidden");
    anna.get(&format!("/de/conversations/{pair}"))
        .await
        .must_not_show("Unterhaltung verlassen");
    anna.get(&format!("/de/conversations/{pair}/leave"))
        .await
        .must_be(403);
}

#[tokio::test]
async fn the_last_one_to_leave_takes_it_along_but_for_what_a_hold_keeps() {
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let desk = portal.administrator().await;
    let [anna, bea, cleo] = three(&portal).await;
    let opening = json!({ "member_ids": [bea.id, cleo.id], "subject": "Geheimsache", "body": "gehalten" });
    let begun = anna
        .post("/api/v1/conversations", &opening)
        .await
        .must_be(201)
        .json();
    let conversation = id(&begun);
    send(&bea, &conversation, "frei").await.must_be(201);
    leave(&anna, &conversation, anna.id).await.must_be(204);
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["messages"] });
    let holds = format!("/api/v1/admin/accounts/{}/holds", anna.id);
    let hold = id(&desk.post(&holds, &order).await.must_be(201).json());
    delete(&bea).await;
    leave(&cleo, &conversation, cleo.id).await.must_be(204);
    portal.advance(TimeDelta::hours(2));
    for _ in 0..2 {
        assert_eq!(sweep(&portal).await.failed, 0);
    }
    let desk = portal.signed_in(&desk.email).await;
    assert_eq!(
        portal.column::<String>("SELECT body FROM message").await,
        ["gehalten"]
    );
    assert_eq!(
        portal
            .column::<String>("SELECT subject FROM superseded_subject")
            .await,
        ["Geheimsache"]
    );
    let release = format!("/api/v1/admin/holds/{hold}/release");
    desk.post(&release, &json!({ "reason": "erledigt" }))
        .await
        .must_be(200);
    for _ in 0..2 {
        sweep(&portal).await;
    }
    for table in ["message", "conversation", "participation", "superseded_subject"] {
        let left = portal.count(&format!("SELECT count(*) FROM {table}")).await;
        assert_eq!(left, 0, "{table}");
    }
}

#[tokio::test]
async fn the_page_asks_before_and_says_what_becomes_of_ones_words() {
    let portal = TestPortal::start().await;
    let [anna, bea, cleo] = three(&portal).await;
    let conversation = id(&write_to(&anna, &[&bea, &cleo], "an alle")
        .await
        .must_be(201)
        .json());
    let path = format!("/de/conversations/{conversation}");
    let ask = format!("{path}/leave");
    anna.get(&path).await.must_show("Unterhaltung verlassen");
    anna.get(&ask)
        .await
        .must_be(200)
        .must_show("Sie sehen die Unterhaltung danach nicht mehr")
        .must_show("Ihre Nachrichten bleiben für die anderen mit Ihrem Namen lesbar");
    anna.submit(&ask, &[("_restore", "1")]).await.must_be(200);
    for person in [&anna, &bea] {
        person
            .submit(&ask, &[])
            .await
            .must_lead_to("/de/conversations?done=conversation-left");
    }
    anna.get("/de/conversations?done=conversation-left")
        .await
        .must_show("Sie haben die Unterhaltung verlassen.");
    anna.get(&ask).await.must_be(404);
    cleo.get(&path)
        .await
        .must_show("Unterhaltung ohne Betreff")
        .must_show("Alle anderen haben diese Unterhaltung oder das Portal verlassen.");
    cleo.get(&ask).await.must_show("verschwindet für alle");
    assert_eq!(bodies(&cleo, &messages_of(&conversation)).await, ["an alle"]);
}

#[tokio::test]
async fn people_beyond_the_first_count_like_those_who_are_invited() {
    let portal = TestPortal::with(
        "sessions.idle = '12h'\nlimits.invitations_per_day = 2\nlimits.invitations_per_day_when_new = 2",
    )
    .await;
    let [anna, bea, cleo] = three(&portal).await;
    let dora = portal.member("Dora", "Beispiel").await;
    let emma = portal.member("Emma", "Beispiel").await;
    write_to(&anna, &[&bea, &cleo, &dora, &emma], "x")
        .await
        .must_refuse(&["member_ids: too_many"]);
    write_to(&anna, &[&bea, &cleo, &dora], "x").await.must_be(201);
    let refused = write_to(&anna, &[&bea, &cleo], "x").await;
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    refused.must_fail(429, "rate_limited");
    write_to(&anna, &[&bea], "zu zweit").await.must_be(201);
    assert_eq!(portal.count("SELECT count(*) FROM conversation").await, 2);
    portal.advance(TimeDelta::seconds(wait));
    let anna = portal.signed_in(&anna.email).await;
    write_to(&anna, &[&bea, &cleo], "x").await.must_be(201);
}
