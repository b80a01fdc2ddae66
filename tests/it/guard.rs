//! The deadline is watched: how sweeps end, what is wrong, who is told, which promise was broken (R22, R23), and what
//! PostgreSQL keeps of what was erased (R4).

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use stammtisch::erasure::{
    guard::{self, Cause},
    sweep::{self as erasure_sweep, SweepError},
    vacuum,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    deletion::delete,
    support::{TestPortal, people::Person},
    sweep::sweep,
};

/// What is wrong now.
async fn causes(portal: &TestPortal) -> Vec<Cause> {
    let state = guard::look(&portal.portal).await.expect("the database answers");
    state.troubles.into_iter().map(|trouble| trouble.cause).collect()
}

async fn watch(portal: &TestPortal) {
    guard::watch(&portal.portal).await.expect("the guard watches");
}

/// An account that something else refers to, so that it cannot be erased.
async fn stuck(portal: &TestPortal) -> Person {
    let anna = portal.member("Anna", "Beispiel").await;
    portal
        .execute(&format!(
            "CREATE TABLE someone_elses (account_id uuid NOT NULL REFERENCES account (id));
             INSERT INTO someone_elses VALUES ('{}')",
            anna.id
        ))
        .await;
    delete(&anna).await;
    anna
}

/// Both clocks go on while sweeps run as they should, and the ledger's files are written.
async fn live_on(portal: &TestPortal, hours: i64) {
    for _ in 0..hours * 2 {
        portal.advance(TimeDelta::minutes(30));
        write_ledger(portal).await;
        sweep(portal).await;
    }
    write_ledger(portal).await;
}

async fn write_ledger(portal: &TestPortal) {
    let ledger = &portal.portal.ledger;
    ledger.settle_waiting(&portal.portal.database).await.unwrap();
}

fn alerts_to(portal: &TestPortal, person: &Person) -> usize {
    let mails = portal.mails().into_iter();
    mails
        .filter(|mail| mail.to == person.email && mail.text.contains("stammtisch doctor"))
        .count()
}

#[tokio::test]
async fn how_a_sweep_ended_is_kept_well_or_not() {
    let portal = TestPortal::start().await;
    let ended = async || -> String { portal.scalar("SELECT last_outcome FROM sweep_state").await };
    sweep(&portal).await;
    assert_eq!(ended().await, "well");
    let swept: DateTime<Utc> = portal.scalar("SELECT last_swept_at FROM sweep_state").await;

    portal.advance(TimeDelta::minutes(5));
    portal.clock.advance_portal(TimeDelta::minutes(2));
    let refused = erasure_sweep::sweep(&portal.portal, &CancellationToken::new()).await;
    assert!(matches!(refused, Err(SweepError::ClocksApart(_))), "{refused:?}");
    assert_eq!(ended().await, "clock");
    assert_eq!(
        portal
            .scalar::<DateTime<Utc>>("SELECT last_swept_at FROM sweep_state")
            .await,
        swept,
        "it did not end well"
    );
    let at: DateTime<Utc> = portal.scalar("SELECT last_ended_at FROM sweep_state").await;
    assert!(at >= swept + TimeDelta::minutes(5));
    portal.clock.advance_portal(TimeDelta::minutes(-2));

    let told = CancellationToken::new();
    told.cancel();
    erasure_sweep::sweep(&portal.portal, &told).await.unwrap();
    assert_eq!(ended().await, "stopped");

    stuck(&portal).await;
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(&portal).await.failed, 1);
    assert_eq!(ended().await, "failed");
    assert!(portal.count("SELECT last_milliseconds FROM sweep_state").await >= 0);

    portal
        .execute("ALTER TABLE receipt RENAME TO receipt_elsewhere")
        .await;
    let failed = erasure_sweep::sweep(&portal.portal, &CancellationToken::new()).await;
    assert!(matches!(failed, Err(SweepError::Database(_))), "{failed:?}");
    assert_eq!(ended().await, "database");
}

#[tokio::test]
async fn nothing_is_wrong_while_everything_runs() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    delete(&anna).await;
    assert_eq!(causes(&portal).await, []);
    live_on(&portal, 26).await;
    assert_eq!(causes(&portal).await, []);
    assert_eq!(portal.count("SELECT count(*) FROM account").await, 0);
}

#[tokio::test]
async fn an_account_that_cannot_be_erased_is_told_and_after_twenty_hours_that_it_is_late() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    stuck(&portal).await;
    portal.advance(TimeDelta::minutes(30));
    write_ledger(&portal).await;
    assert_eq!(sweep(&portal).await.due, 0);
    assert_eq!(causes(&portal).await, [], "the grace lasts");
    live_on(&portal, 1).await;
    assert_eq!(causes(&portal).await, [Cause::ErasureFailing]);
    let health = visitor.get("/health/ready").await.must_be(200).json();
    assert_eq!(
        (
            &health["status"],
            &health["checks"]["erasure"],
            &health["reasons"]
        ),
        (
            &json!("degraded"),
            &json!("degraded"),
            &json!(["erasure_failing"])
        )
    );

    live_on(&portal, 17).await;
    assert_eq!(causes(&portal).await, [Cause::ErasureFailing]);
    live_on(&portal, 2).await;
    assert_eq!(causes(&portal).await, [Cause::ErasureLate, Cause::ErasureFailing]);

    portal.execute("DROP TABLE someone_elses").await;
    live_on(&portal, 1).await;
    assert_eq!(causes(&portal).await, []);
    let health = visitor.get("/health/ready").await.must_be(200).json();
    assert_eq!(health["status"], "ok");
    assert!(health.get("reasons").is_none(), "{health}");
}

#[tokio::test]
async fn an_hour_without_a_good_sweep_is_told_from_the_beginning_of_the_installation_on() {
    let portal = TestPortal::start().await;
    portal.execute("DELETE FROM installation").await;
    portal.advance(TimeDelta::hours(3));
    assert_eq!(causes(&portal).await, [], "nothing has begun yet");
    let begun = portal.portal.now().to_rfc3339();
    portal
        .execute(&format!(
            "INSERT INTO installation (id, begun_at) VALUES (gen_random_uuid(), '{begun}')"
        ))
        .await;
    portal.advance(TimeDelta::minutes(59));
    assert_eq!(causes(&portal).await, []);
    portal.advance(TimeDelta::minutes(2));
    assert_eq!(causes(&portal).await, [Cause::NoSweep]);
    sweep(&portal).await;
    assert_eq!(causes(&portal).await, []);
    portal.advance(TimeDelta::minutes(61));
    assert_eq!(causes(&portal).await, [Cause::NoSweep]);
}

#[tokio::test]
async fn a_ledger_that_is_not_written_is_told() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    delete(&anna).await;
    portal.advance(TimeDelta::minutes(9));
    assert_eq!(causes(&portal).await, []);
    portal.advance(TimeDelta::minutes(2));
    assert_eq!(causes(&portal).await, [Cause::LedgerUnwritable]);
    write_ledger(&portal).await;
    assert_eq!(causes(&portal).await, []);
    sweep(&portal).await;
    portal
        .execute("UPDATE sweep_state SET last_outcome = 'ledger'")
        .await;
    assert_eq!(causes(&portal).await, [Cause::LedgerUnwritable]);
}

#[tokio::test]
async fn a_missed_review_is_told_and_changes_nothing() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let review_at = portal.portal.now() + TimeDelta::hours(3);
    let order = json!({ "basis": "open_claim", "reference": "Az. 4 O 1/26", "review_at": review_at });
    let placed = desk
        .post(&format!("/api/v1/admin/accounts/{}/holds", anna.id), &order)
        .await
        .must_be(201)
        .json();
    live_on(&portal, 2).await;
    assert_eq!(causes(&portal).await, []);
    live_on(&portal, 2).await;
    assert_eq!(causes(&portal).await, [Cause::ReviewMissed]);
    assert_eq!(
        portal
            .count("SELECT count(*) FROM hold WHERE released_at IS NULL")
            .await,
        1
    );
    let desk = portal.signed_in(&desk.email).await;
    let hold = placed["id"].as_str().unwrap();
    desk.post(
        &format!("/api/v1/admin/holds/{hold}/release"),
        &json!({ "reason": "erledigt" }),
    )
    .await
    .must_be(200);
    write_ledger(&portal).await;
    assert_eq!(causes(&portal).await, []);
}

#[tokio::test]
async fn a_clock_that_cannot_be_trusted_is_told_until_it_is_accepted() {
    let portal = TestPortal::start().await;
    sweep(&portal).await;
    portal.clock.advance_portal(TimeDelta::minutes(2));
    erasure_sweep::sweep(&portal.portal, &CancellationToken::new())
        .await
        .unwrap_err();
    assert_eq!(causes(&portal).await, [Cause::Clock]);
    portal.clock.advance_portal(TimeDelta::minutes(-2));
    sweep(&portal).await;
    assert_eq!(causes(&portal).await, []);

    portal.advance(TimeDelta::days(8));
    sweep(&portal).await;
    assert_eq!(causes(&portal).await, [Cause::Clock], "no hold expires");
    erasure_sweep::accept_clock(&portal.portal).await.unwrap();
    assert_eq!(causes(&portal).await, []);
}

#[tokio::test]
async fn what_a_hold_keeps_that_may_not_expire_is_not_late() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let expires_at = portal.portal.now() + TimeDelta::days(5);
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "expires_at": expires_at });
    desk.post(&format!("/api/v1/admin/accounts/{}/holds", anna.id), &order)
        .await
        .must_be(201);
    delete(&anna).await;
    live_on(&portal, 2).await;
    portal.advance(TimeDelta::days(8));
    write_ledger(&portal).await;
    sweep(&portal).await;
    watch(&portal).await;
    assert_eq!(causes(&portal).await, [Cause::Clock]);
    assert_eq!(
        portal
            .count("SELECT count(*) FROM account WHERE breached_at IS NOT NULL")
            .await,
        0
    );
}

#[tokio::test]
async fn every_active_administrator_gets_one_mail_a_day_about_a_cause_from_however_many_instances() {
    let portal = TestPortal::start().await;
    let other = portal.sibling("").await;
    let (desk, second, gone) = (
        portal.administrator().await,
        portal.administrator().await,
        portal.administrator().await,
    );
    portal.set_status(gone.id, "suspended").await;
    let anna = stuck(&portal).await;
    live_on(&portal, 2).await;
    tokio::join!(watch(&portal), watch(&other), watch(&portal), watch(&other));
    portal.work().await;
    assert_eq!((alerts_to(&portal, &desk), alerts_to(&portal, &second)), (1, 1));
    assert_eq!((alerts_to(&portal, &gone), alerts_to(&portal, &anna)), (0, 0));
    let mail = portal
        .mails()
        .into_iter()
        .find(|mail| mail.to == desk.email)
        .unwrap();
    assert_eq!(mail.subject, "Accounts cannot be erased");
    for personal in ["Anna", "Beispiel", "musterhausen", &anna.id.to_string()] {
        assert!(!mail.text.contains(personal), "{}", mail.text);
    }

    live_on(&portal, 12).await;
    tokio::join!(watch(&portal), watch(&other));
    portal.work().await;
    assert_eq!(alerts_to(&portal, &desk), 1, "one a day");
    live_on(&portal, 12).await;
    // Files of mails are kept for a day: yesterday's is gone.
    tokio::join!(watch(&portal), watch(&other));
    portal.work().await;
    let subjects = || -> Vec<String> {
        let mails = portal.mails().into_iter();
        let to_desk = mails.filter(|mail| mail.to == desk.email);
        let mut subjects: Vec<String> = to_desk.map(|mail| mail.subject).collect();
        subjects.sort();
        subjects
    };
    assert_eq!(subjects(), ["Accounts cannot be erased", "Erasures are late"]);
}

#[tokio::test]
async fn a_cause_that_has_ended_is_forgotten_and_one_that_comes_and_goes_is_mailed_about_once_a_day() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    sweep(&portal).await;
    let alerts = async || portal.count("SELECT count(*) FROM alert").await;
    for _ in 0..3 {
        portal
            .execute("UPDATE sweep_state SET last_outcome = 'clock'")
            .await;
        watch(&portal).await;
        portal
            .execute("UPDATE sweep_state SET last_outcome = 'well'")
            .await;
        watch(&portal).await;
    }
    portal.work().await;
    assert_eq!(alerts_to(&portal, &desk), 1);
    live_on(&portal, 25).await;
    watch(&portal).await;
    assert_eq!(alerts().await, 0, "it has ended");

    portal
        .execute("UPDATE account SET role = 'member'; UPDATE sweep_state SET last_outcome = 'clock'")
        .await;
    watch(&portal).await;
    assert_eq!(
        portal
            .count("SELECT count(*) FROM alert WHERE mailed_at IS NULL")
            .await,
        1,
        "there is nobody to tell"
    );
    portal.execute("UPDATE account SET role = 'administrator'").await;
    watch(&portal).await;
    portal.work().await;
    assert_eq!(alerts_to(&portal, &desk), 1);
    portal
        .execute(
            "UPDATE account SET role = 'member'; UPDATE alert SET mailed_at = NULL;
                  UPDATE sweep_state SET last_outcome = 'well'",
        )
        .await;
    watch(&portal).await;
    assert_eq!(alerts().await, 0, "nobody was told, so nothing is remembered");
}

#[tokio::test]
async fn a_broken_promise_is_recorded_once_in_ledger_audit_and_account() {
    let portal = TestPortal::start().await;
    let anna = stuck(&portal).await;
    live_on(&portal, 23).await;
    watch(&portal).await;
    write_ledger(&portal).await;
    assert_eq!(portal.ledger_events("breached"), Vec::<Value>::new());
    let erase_by: DateTime<Utc> = portal.scalar("SELECT erase_by FROM account").await;
    portal.advance(TimeDelta::minutes(61));
    let other = portal.sibling("").await;
    tokio::join!(watch(&portal), watch(&other), watch(&portal));
    sweep(&portal).await;
    watch(&portal).await;

    write_ledger(&portal).await;
    let recorded = portal.ledger_events("breached");
    assert_eq!(recorded.len(), 1, "{recorded:?}");
    let told: DateTime<Utc> = recorded[0]["erase_by"].as_str().unwrap().parse().unwrap();
    assert_eq!(told, erase_by);
    assert_eq!(
        portal
            .column::<Uuid>("SELECT account_id FROM audit_event WHERE code = 'erasure.breached'")
            .await,
        [anna.id]
    );
    let last: i64 = portal
        .scalar("SELECT event_no FROM account WHERE breached_at >= erase_by")
        .await;
    assert_eq!(recorded[0]["no"], last, "it has the account's next number");
}

#[tokio::test]
async fn what_is_erased_too_late_is_recorded_before_it_goes_unless_the_clocks_are_apart() {
    let portal = TestPortal::start().await;
    portal.many_members(20, 1).await;
    portal.execute("UPDATE account SET status = 'deleted', status_before = 'active', deleted_at = now(), undo_until = now(),
                    erase_by = now() + interval '24 hours', due_at = now() - interval '1 second'").await;
    portal.advance(TimeDelta::hours(48));
    portal.clock.advance_portal(TimeDelta::minutes(2));
    watch(&portal).await;
    write_ledger(&portal).await;
    assert_eq!(
        portal.ledger_events("breached").len(),
        0,
        "which clock is right cannot be told"
    );
    portal.clock.advance_portal(TimeDelta::minutes(-2));
    assert_eq!(sweep(&portal).await.erased, 20);
    for (event, no) in [("breached", 1), ("erased", 2)] {
        let mut recorded = portal.ledger_events(event);
        recorded.retain(|line| line["no"] == no);
        assert_eq!(recorded.len(), 20, "{event}");
    }
}

#[tokio::test]
async fn whoever_is_late_and_locked_while_the_others_are_recorded_is_recorded_before_it_goes() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    delete(&anna).await;
    portal.advance(TimeDelta::hours(30));
    let other = portal.sibling("").await;
    let holder = other.hold_row(anna.id).await;
    let swept = tokio::spawn({
        let portal = portal.portal.clone();
        async move { erasure_sweep::sweep(&portal, &CancellationToken::new()).await }
    });
    // It has recorded what it could, and comes back to whoever was locked.
    let waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    while other.count(waits).await == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        other
            .count("SELECT count(*) FROM ledger_event WHERE event = 'breached'")
            .await,
        0
    );
    holder.rollback().await.unwrap();
    assert_eq!(swept.await.unwrap().unwrap().erased, 1);
    for (event, no) in [("breached", 2), ("erasing", 3), ("erased", 3)] {
        let recorded = portal.ledger_events(event);
        assert_eq!(recorded.len(), 1, "{event}");
        assert_eq!(recorded[0]["no"], no, "{event}");
    }
    let audited = format!(
        "SELECT count(*) FROM audit_event WHERE account_id = '{}' AND code = 'erasure.breached'",
        anna.id
    );
    assert_eq!(portal.count(&audited).await, 1);
}

#[tokio::test]
async fn tables_are_vacuumed_by_one_process_at_a_time_and_no_longer_than_it_may() {
    let portal = TestPortal::start().await;
    portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    delete(&bert).await;
    portal.advance(TimeDelta::hours(2));
    assert!(sweep(&portal).await.did_something());
    // Written by VACUUM itself, in place: no statistics to wait for.
    let all_visible = async |table: &str| {
        portal
            .count(&format!(
                "SELECT relallvisible::bigint FROM pg_class WHERE relname = '{table}'"
            ))
            .await
    };
    let run = async |stop: &CancellationToken| vacuum::run(&portal.portal, stop).await;
    assert_eq!(all_visible("profile").await, 0);

    let told = CancellationToken::new();
    told.cancel();
    run(&told).await;
    assert_eq!(all_visible("profile").await, 0, "told to stop");

    let other = portal.portal.database.begin().await.unwrap();
    let lock = stammtisch::database::sql("SELECT pg_advisory_xact_lock($1)", [vacuum::LOCK.into()]);
    sea_orm::ConnectionTrait::execute_raw(&other, lock).await.unwrap();
    run(&CancellationToken::new()).await;
    assert_eq!(all_visible("profile").await, 0, "another process is at it");
    other.rollback().await.unwrap();

    run(&CancellationToken::new()).await;
    for table in ["profile", "email_address", "account"] {
        assert_eq!(all_visible(table).await, 1, "{table}");
    }
}

/// A plan's node and all below it.
fn nodes(plan: &Value) -> Vec<&Value> {
    let below = plan["Plans"].as_array().into_iter().flatten();
    std::iter::once(plan).chain(below.flat_map(nodes)).collect()
}

#[tokio::test]
async fn looking_costs_the_same_however_many_accounts_there_are() {
    let portal = TestPortal::start().await;
    let (_, statements) = portal.statements_of(guard::look(&portal.portal)).await;
    let figures = statements
        .into_iter()
        .find(|statement| statement.contains("oldest_overdue_seconds"))
        .expect("the figures are read");
    portal
        .execute(
            "INSERT INTO account (id, status, created_at, due_at)
             SELECT gen_random_uuid(), CASE WHEN n % 50 = 0 THEN 'pending' ELSE 'active' END, now(),
                    CASE WHEN n % 50 = 0 THEN now() + interval '30 days' END
             FROM generate_series(1, 200000) n;
             ANALYZE account",
        )
        .await;
    let explain = format!(
        "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {}",
        figures.replace("$1", "now()")
    );
    let plan: Value = portal.scalar(&explain).await;
    let plan = &plan[0]["Plan"];
    let scans: Vec<&Value> = nodes(plan)
        .into_iter()
        .filter(|node| node["Relation Name"] == "account" && node["Node Type"] == "Seq Scan")
        .collect();
    assert_eq!(scans, Vec::<&Value>::new());
    let pages = |name: &str| plan[name].as_i64().unwrap_or_default();
    let read = pages("Shared Hit Blocks") + pages("Shared Read Blocks");
    assert!(read < 100, "{read} pages: {plan:#}");
}
