//! The sweep: what is due goes, on time and completely; what is not due stays; what fails delays nothing.

use std::{collections::HashSet, time::Duration};

use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde_json::json;
use stammtisch::{
    erasure::sweep::{self as erasure_sweep, Report, SweepError, pace::nobody_asks},
    mail::letter::LinkPurpose,
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::{
    deletion::delete,
    messaging::id,
    support::{PASSWORD, TestPortal, log::Log},
};

pub async fn sweep(portal: &TestPortal) -> Report {
    erasure_sweep::sweep(&portal.portal, &CancellationToken::new())
        .await
        .expect("the sweep runs")
}

#[tokio::test]
async fn a_deleted_account_is_gone_after_the_grace_and_what_others_wrote_stays() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let opening = json!({ "member_ids": [bert.id], "subject": "Kanalsanierung", "body": "Guten Tag Bert" });
    let started = anna
        .post("/api/v1/conversations", &opening)
        .await
        .must_be(201)
        .json();
    let messages = format!(
        "/api/v1/conversations/{}/messages",
        started["id"].as_str().unwrap()
    );
    bert.post(&messages, &json!({ "body": "Guten Tag Anonyma" }))
        .await
        .must_be(201);
    anna.post(
        "/api/v1/enquiries",
        &json!({ "subject": "Zugang", "body": "Wie komme ich rein?" }),
    )
    .await
    .must_be(201);
    delete(&anna).await;
    portal.work().await;

    portal.advance(TimeDelta::minutes(59));
    assert_eq!(sweep(&portal).await.due, 0);
    portal.advance(TimeDelta::minutes(2));
    let report = sweep(&portal).await;
    assert_eq!(
        report,
        Report {
            due: 1,
            erased: 1,
            ..Report::default()
        }
    );

    for gone in [
        "Beispiel",
        "anna.",
        "Kanalsanierung",
        "Guten Tag Bert",
        "Wie komme ich rein",
    ] {
        assert_eq!(portal.places_of(gone).await, Vec::<String>::new(), "{gone}");
    }
    assert!(
        portal.mails().iter().all(|mail| mail.to != anna.email),
        "the mail files are gone"
    );
    let bert = portal.signed_in(&bert.email).await;
    let stays = bert.get(&messages).await.must_be(200).json();
    assert_eq!(stays["items"].as_array().unwrap().len(), 1);
    let listed = bert.get("/api/v1/conversations").await.must_be(200).json();
    assert_eq!(listed["items"][0]["former_members"], 1);
    bert.post(&messages, &json!({ "body": "Noch da?" }))
        .await
        .must_fail(409, "nobody_left");

    let erased = portal.ledger_events("erased").pop().unwrap();
    assert_eq!(
        erased["counts"]["messages"], 2,
        "a message and a participation: {erased}"
    );
    assert_eq!(
        portal
            .count("SELECT count(*) FROM receipt WHERE erased_at IS NOT NULL AND account_id IS NULL")
            .await,
        1
    );
    portal
        .visitor()
        .sign_in(&anna.email, PASSWORD)
        .await
        .must_fail(401, "credentials_invalid");
}

#[tokio::test]
async fn the_last_one_to_leave_takes_the_conversation_along() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    anna.post(
        "/api/v1/conversations",
        &json!({ "member_ids": [bert.id], "body": "Guten Tag" }),
    )
    .await
    .must_be(201);
    delete(&anna).await;
    portal.advance(TimeDelta::hours(2));
    sweep(&portal).await;
    assert_eq!(portal.count("SELECT count(*) FROM conversation").await, 1);
    let bert = portal.signed_in(&bert.email).await;
    delete(&bert).await;
    portal.advance(TimeDelta::hours(2));
    sweep(&portal).await;
    assert_eq!(portal.count("SELECT count(*) FROM conversation").await, 0);
}

#[tokio::test]
async fn registrations_lapse_when_nobody_confirms_or_decides() {
    let portal = TestPortal::start().await;
    portal.administrator().await;
    let application = crate::support::people::application("never@example.org", "Nie", "Bestätigt");
    portal
        .visitor()
        .post("/api/v1/registrations", &application)
        .await
        .must_be(202);
    portal.work().await;
    portal
        .register("waits@example.org", "Willi", "Wartend")
        .await
        .must_be(200);
    portal
        .register("no@example.org", "Nora", "Abgelehnt")
        .await
        .must_be(200);
    let rejected = portal
        .scalar::<uuid::Uuid>("SELECT account_id FROM email_address WHERE address = 'no@example.org'")
        .await;
    let desk = portal.administrator().await;
    desk.post(
        &format!("/api/v1/admin/registrations/{rejected}/reject"),
        &json!({ "reason": "unbekannt" }),
    )
    .await
    .must_be(204);
    portal.work().await;

    let statuses = async || -> Vec<String> {
        portal
            .column("SELECT status FROM account WHERE role = 'member' ORDER BY status")
            .await
    };
    portal.advance(TimeDelta::hours(71));
    assert_eq!(sweep(&portal).await.due, 0);
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(&portal).await.erased, 1);
    assert_eq!(statuses().await, ["pending", "rejected"]);
    portal.advance(TimeDelta::days(6));
    sweep(&portal).await;
    for _ in 0..4 {
        portal.advance(TimeDelta::days(6));
        sweep(&portal).await;
    }
    assert_eq!(statuses().await, ["pending"]);
    assert_eq!(
        stammtisch::registration::decision::remind(&portal.portal)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        stammtisch::registration::decision::remind(&portal.portal)
            .await
            .unwrap(),
        0,
        "once"
    );
    for _ in 0..10 {
        portal.advance(TimeDelta::days(6));
        sweep(&portal).await;
    }
    assert_eq!(statuses().await, Vec::<String>::new());
    assert_eq!(portal.places_of("Wartend").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_lapsed_registration_respects_a_hold() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    portal
        .register("waits@example.org", "Willi", "Wartend")
        .await
        .must_be(200);
    let id = portal
        .scalar::<uuid::Uuid>("SELECT account_id FROM email_address WHERE address = 'waits@example.org'")
        .await;
    let order = json!({ "basis": "legal_proceedings", "reference": "Az. 7", "categories": ["master_data"] });
    desk.post(&format!("/api/v1/admin/accounts/{id}/holds"), &order)
        .await
        .must_be(201);
    for _ in 0..16 {
        portal.advance(TimeDelta::days(6));
        sweep(&portal).await;
    }
    assert_eq!(
        portal
            .scalar::<String>(&format!("SELECT status FROM account WHERE id = '{id}'"))
            .await,
        "deleted"
    );
    assert_eq!(portal.places_of("waits@").await, Vec::<String>::new());
    assert!(
        portal
            .places_of("Wartend")
            .await
            .contains(&"profile.last_name".to_owned())
    );
}

#[tokio::test]
async fn an_account_that_cannot_be_erased_delays_no_other_and_is_tried_again() {
    let portal = TestPortal::start().await;
    portal.many_members(100, 1).await;
    portal.execute("UPDATE account SET status = 'deleted', status_before = 'active', deleted_at = now(), undo_until = now(),
                    erase_by = now() + interval '24 hours', due_at = now() - interval '1 second'").await;
    let stuck = portal
        .scalar::<uuid::Uuid>("SELECT id FROM account ORDER BY id LIMIT 1")
        .await;
    portal
        .execute(&format!(
            "CREATE TABLE someone_elses (account_id uuid NOT NULL REFERENCES account (id)); INSERT INTO someone_elses VALUES ('{stuck}')"
        ))
        .await;
    let report = sweep(&portal).await;
    assert_eq!((report.due, report.erased, report.failed), (100, 99, 1));
    assert_eq!(portal.count("SELECT failed_tries::bigint FROM account").await, 1);
    assert_eq!(sweep(&portal).await.due, 0, "not tried again at once");
    for _ in 0..8 {
        portal.advance(TimeDelta::minutes(31));
        assert_eq!(sweep(&portal).await.failed, 1, "at most 30 minutes between tries");
    }
    portal.advance(TimeDelta::hours(24));
    assert!(sweep(&portal).await.oldest_overdue_seconds > 0);
    portal.execute("DROP TABLE someone_elses").await;
    portal.advance(TimeDelta::minutes(31));
    assert_eq!(sweep(&portal).await.erased, 1);
    assert_eq!(portal.count("SELECT count(*) FROM account").await, 0);
}

#[tokio::test]
async fn eight_sweepers_at_once_erase_ten_thousand_accounts_once_each() {
    let portal = TestPortal::with("database.max_connections = 16").await;
    portal.many_members(10_000, 2).await;
    portal.execute("UPDATE account SET status = 'deleted', status_before = 'active', deleted_at = now(), undo_until = now(),
                    erase_by = now() + interval '24 hours', due_at = now() - interval '1 second'").await;
    let mut sweepers = JoinSet::new();
    for _ in 0..8 {
        let portal = portal.portal.clone();
        sweepers.spawn(async move { erasure_sweep::sweep(&portal, &CancellationToken::new()).await });
    }
    let reports: Vec<Report> = sweepers
        .join_all()
        .await
        .into_iter()
        .map(|report| report.expect("no deadlock"))
        .collect();
    let erased: u64 = reports.iter().map(|report| report.erased).sum();
    assert_eq!(erased, 10_000);
    assert!(
        reports
            .iter()
            .all(|report| report.failed == 0 && report.skipped == 0),
        "{reports:?}"
    );
    assert_eq!(portal.count("SELECT count(*) FROM account").await, 0);
    assert_eq!(portal.count("SELECT count(*) FROM message").await, 0);
    let lines = portal.ledger_events("erased");
    let once: HashSet<&str> = lines
        .iter()
        .filter_map(|line| line["account_id"].as_str())
        .collect();
    assert_eq!((lines.len(), once.len()), (10_000, 10_000));
}

#[tokio::test]
async fn eight_sweepers_at_once_do_not_wait_in_a_circle_for_what_is_of_two_people() {
    let log = Log::listen();
    let portal = TestPortal::with("database.max_connections = 16").await;
    portal.many_members(240, 1).await;
    // Everyone blocks, invites and reports the next seven, and is blocked, invited and reported by the last seven.
    portal
        .execute(
            "CREATE TEMP TABLE ring AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM account;
             CREATE TEMP TABLE pairs AS SELECT a.id AS one, b.id AS other FROM ring a, generate_series(1, 7) step
                 JOIN ring b ON true WHERE b.n = (a.n + step) % 240;
             INSERT INTO block (account_id, blocked_id, began_at) SELECT one, other, now() FROM pairs;
             INSERT INTO conversation (id, created_at, is_group) VALUES ('00000000-0000-0000-0000-000000000001', now(), true);
             INSERT INTO group_invitation (id, conversation_id, account_id, invited_by, invited_at)
                 SELECT gen_random_uuid(), '00000000-0000-0000-0000-000000000001', other, one, now() FROM pairs;
             INSERT INTO report (id, message_id, conversation_id, reported_id, reporter_id, reason, reported_at)
                 SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), other, one, 'Grund', now() FROM pairs;
             DROP TABLE ring, pairs;
             UPDATE account SET status = 'deleted', status_before = 'active', deleted_at = now(), undo_until = now(),
                 erase_by = now() + interval '24 hours', due_at = now() - interval '1 second' - random() * interval '1 minute'",
        )
        .await;
    let mut sweepers = JoinSet::new();
    for _ in 0..8 {
        let portal = portal.portal.clone();
        sweepers.spawn(async move { erasure_sweep::sweep(&portal, &CancellationToken::new()).await });
    }
    for report in sweepers.join_all().await {
        let report = report.expect("no deadlock");
        assert_eq!(report.failed, 0, "{report:?}");
    }
    // Whoever was reported by somebody another sweep was at is left to the next one.
    for _ in 0..10 {
        if portal.count("SELECT count(*) FROM account").await > 0 {
            assert_eq!(sweep(&portal).await.failed, 0);
        }
    }
    for table in ["account", "block", "group_invitation", "report"] {
        let left = portal.count(&format!("SELECT count(*) FROM {table}")).await;
        assert_eq!(left, 0, "{table}");
    }
    let text = log.text();
    assert!(text.contains("swept"), "the log is listened to");
    assert!(!text.contains("a batch failed"), "{text}");
    assert_eq!(portal.ledger_events("erased").len(), 240);
}

#[tokio::test]
async fn a_row_that_someone_holds_is_skipped_reported_and_still_due() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    delete(&anna).await;
    portal.advance(TimeDelta::hours(2));
    let other = portal.sibling("").await;
    let holder = other.hold_row(anna.id).await;
    let report = sweep(&portal).await;
    assert_eq!((report.due, report.skipped, report.erased), (1, 1, 0));
    holder.rollback().await.unwrap();
    assert_eq!(sweep(&portal).await.erased, 1);
}

#[tokio::test]
async fn an_account_with_many_messages_goes_in_chunks_that_cannot_be_undone() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let opening = json!({ "member_ids": [bert.id], "subject": "Viel", "body": "eins" });
    anna.post("/api/v1/conversations", &opening).await.must_be(201);
    portal
        .execute(&format!(
            "INSERT INTO message (id, conversation_id, author_id, body, sent_at)
             SELECT gen_random_uuid(), c.id, '{}', 'viele', now() FROM conversation c, generate_series(1, 12000)",
            anna.id
        ))
        .await;
    delete(&anna).await;
    portal.work().await;
    let token = portal.link_for(&anna.email, LinkPurpose::Undo);
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(&portal).await.erased, 1);
    assert_eq!(portal.count("SELECT count(*) FROM message").await, 0);
    assert_eq!(portal.places_of("Viel").await, Vec::<String>::new());
    let erased = portal.ledger_events("erased").pop().unwrap();
    assert_eq!(
        erased["counts"]["messages"], 12_002,
        "with the first message and the participation: {erased}"
    );
    portal
        .visitor()
        .post("/api/v1/deletions/undo", &json!({ "token": token }))
        .await
        .must_fail(409, "undo_impossible");
}

#[tokio::test]
async fn what_is_erased_in_steps_is_counted_as_if_it_were_one() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let people = [
        portal.member("Anna", "Beispiel").await,
        portal.member("Hanna", "Gehalten").await,
        portal.member("Viola", "Viel").await,
    ];
    let [anna, held, many] = &people;
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["master_data"] });
    let mut holds = Vec::new();
    for person in [held, many] {
        let path = format!("/api/v1/admin/accounts/{}/holds", person.id);
        holds.push(id(&desk.post(&path, &order).await.must_be(201).json()));
    }
    for person in &people {
        let enquiry = json!({ "subject": "Zugang", "body": "Wie komme ich rein?" });
        person.post("/api/v1/enquiries", &enquiry).await.must_be(201);
        delete(person).await;
    }
    portal
        .execute(&format!(
            "INSERT INTO conversation (id, created_at) VALUES (gen_random_uuid(), now());
             INSERT INTO message (id, conversation_id, author_id, body, sent_at)
             SELECT gen_random_uuid(), c.id, '{}', 'viele', now() FROM conversation c, generate_series(1, 10001)",
            many.id
        ))
        .await;
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(&portal).await.erased, 1);
    let desk = portal.signed_in(&desk.email).await;
    for hold in holds {
        let path = format!("/api/v1/admin/holds/{hold}/release");
        let reason = json!({ "reason": "erledigt" });
        desk.post(&path, &reason).await.must_be(200);
    }
    assert_eq!(sweep(&portal).await.erased, 2);
    let erased = portal.ledger_events("erased");
    let counts = |person: &crate::support::Person| {
        let own = |line: &&serde_json::Value| line["account_id"] == person.id.to_string();
        erased.iter().find(own).unwrap()["counts"].clone()
    };
    let mut expected = counts(anna);
    assert!(expected["enquiries"].as_i64() >= Some(1) && expected["master_data"].as_i64() >= Some(1));
    assert_eq!(counts(held), expected);
    expected["messages"] = json!(10_001);
    assert_eq!(counts(many), expected);
}

#[tokio::test]
async fn whether_anybody_asks_is_seen_at_once() {
    let portal = TestPortal::start().await;
    let database = &portal.portal.database;
    assert!(nobody_asks(database).await.unwrap());
    let asking = async {
        loop {
            database.execute_unprepared("SELECT 1").await.unwrap();
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    };
    tokio::select! {
        () = asking => unreachable!("it goes on"),
        is_quiet = nobody_asks(database) => assert!(!is_quiet.unwrap()),
    }
}

#[tokio::test]
async fn clocks_that_are_apart_or_behind_erase_nothing() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    delete(&anna).await;
    portal.advance(TimeDelta::hours(2));
    portal.clock.advance_portal(TimeDelta::seconds(90));
    let refused = erasure_sweep::sweep(&portal.portal, &CancellationToken::new()).await;
    assert!(
        matches!(refused, Err(SweepError::ClocksApart(seconds)) if (-92..=-88).contains(&seconds)),
        "{refused:?}"
    );
    portal.clock.advance_portal(TimeDelta::seconds(-90));
    portal.advance(TimeDelta::hours(-3));
    let refused = erasure_sweep::sweep(&portal.portal, &CancellationToken::new()).await;
    assert!(matches!(refused, Err(SweepError::ClockBehind)), "{refused:?}");
    assert_eq!(portal.count("SELECT count(*) FROM account").await, 1);
    portal.advance(TimeDelta::hours(3));
    assert_eq!(sweep(&portal).await.erased, 1);
}

#[tokio::test]
async fn what_ends_by_its_own_age_is_swept_away() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal
        .visitor()
        .post("/api/v1/password-resets", &json!({ "email": anna.email }))
        .await
        .must_be(202);
    portal.work().await;
    assert!(portal.count("SELECT count(*) FROM mail_allowance").await > 0);
    portal.advance(TimeDelta::hours(25));
    sweep(&portal).await;
    for table in [
        "session",
        "confirmation",
        "confirmation_token",
        "mail_allowance",
        "mail",
        "noted_request",
    ] {
        assert_eq!(
            portal.count(&format!("SELECT count(*) FROM {table}")).await,
            0,
            "{table}"
        );
    }
    assert!(portal.mails().is_empty(), "mail files are kept for a day");
    portal.visitor().sign_in(&anna.email, PASSWORD).await.must_be(200);
}

#[tokio::test]
async fn the_desk_lists_deletions_the_most_urgent_first() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let held = portal.member("Hanna", "Gehalten").await;
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["messages"] });
    desk.post(&format!("/api/v1/admin/accounts/{}/holds", held.id), &order)
        .await
        .must_be(201);
    let first = portal.member("Erika", "Erste").await;
    let second = portal.member("Zoe", "Zweite").await;
    delete(&held).await;
    portal.advance(TimeDelta::minutes(61));
    sweep(&portal).await;
    let (first, second) = (
        portal.signed_in(&first.email).await,
        portal.signed_in(&second.email).await,
    );
    delete(&first).await;
    delete(&second).await;
    let desk = portal.signed_in(&desk.email).await;
    let listed = desk.get("/api/v1/admin/deletions").await.must_be(200).json();
    let items = listed["items"].as_array().unwrap();
    let seen: Vec<_> = items
        .iter()
        .map(|item| {
            (
                item["account_id"].as_str().unwrap(),
                item["state"].as_str().unwrap(),
            )
        })
        .collect();
    let ids = [first.id.to_string(), second.id.to_string(), held.id.to_string()];
    assert_eq!(
        seen,
        [
            (ids[0].as_str(), "pending"),
            (ids[1].as_str(), "pending"),
            (ids[2].as_str(), "held")
        ]
    );
    assert_eq!(items[2]["held_categories"], json!(["messages"]));
    assert!(items.iter().all(|item| item["overdue"] == false));
    let page = desk
        .get("/api/v1/admin/deletions?limit=2")
        .await
        .must_be(200)
        .json();
    let next = page["next"].as_str().unwrap();
    let rest = desk
        .get(&format!("/api/v1/admin/deletions?limit=2&cursor={next}"))
        .await
        .must_be(200)
        .json();
    assert_eq!(
        (rest["items"].as_array().unwrap().len(), rest["next"].is_null()),
        (1, true)
    );
}
