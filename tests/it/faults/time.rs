//! Time does what it does, and what it should not: a deadline is a duration through both Berlin nights, leap days and
//! turns of the year (R5), a wrong clock erases nothing and ends no hold (R23), and what was missed is caught up (R9).

use chrono::{DateTime, Datelike, NaiveDate, Offset, SubsecRound, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Europe::Berlin;
use serde_json::{Value, json};
use stammtisch::{
    erasure::sweep::{self as erasure_sweep, Report, SweepError},
    settings::{Settings, sweep_schedule},
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    deletion::delete,
    support::{
        Person, TestPortal,
        faults::{Seen, rounds},
    },
    sweep::sweep,
};

fn instant(answer: &Value, name: &str) -> DateTime<Utc> {
    let at = answer[name].as_str().and_then(|at| at.parse().ok());
    at.unwrap_or_else(|| panic!("{name} in {answer}"))
}

fn go_to(portal: &TestPortal, at: DateTime<Utc>) {
    portal.advance(at - portal.portal.now());
}

/// When the scheduler of `serve` would sweep next.
fn next_tick(portal: &TestPortal) -> DateTime<Utc> {
    let schedule = sweep_schedule(&portal.portal.settings.erasure.sweep).expect("the setting is good");
    // What is below a second would be kept.
    let next = schedule.find_next_occurrence(&portal.portal.now().trunc_subsecs(0), false);
    next.expect("there is a next sweep")
}

/// Lets time go on to the next sweep of the scheduler, and sweeps.
async fn tick(portal: &TestPortal) -> DateTime<Utc> {
    let next = next_tick(portal);
    go_to(portal, next);
    sweep(portal).await;
    next
}

async fn is_there(portal: &TestPortal, account: Uuid) -> bool {
    let found = format!("SELECT count(*) FROM account WHERE id = '{account}'");
    portal.count(&found).await == 1
}

/// One more member, signed in.
async fn someone(portal: &TestPortal) -> Person {
    let person = portal.crowd(1).await.remove(0);
    portal.signed_in(&person.email).await
}

async fn refused(portal: &TestPortal) -> SweepError {
    let swept: Result<Report, _> = erasure_sweep::sweep(&portal.portal, &CancellationToken::new()).await;
    swept.expect_err("nothing may be erased with this clock")
}

#[tokio::test]
async fn an_account_deleted_on_a_default_installation_is_gone_after_70_minutes_with_nobody_doing_anything() {
    let portal = TestPortal::start().await;
    let (ours, default) = (
        &portal.portal.settings.erasure,
        Settings::from_toml("").unwrap().erasure,
    );
    assert_eq!((&ours.sweep, ours.grace), (&default.sweep, default.grace));
    let mut seen = Seen::by("time: default installation");
    // Asked for just after a sweep, between two, and just before one.
    for seconds in [1, 150, 299] {
        let tick_before = next_tick(&portal);
        go_to(&portal, tick_before + TimeDelta::seconds(seconds));
        let person = someone(&portal).await;
        let deleted_at = instant(&delete(&person).await, "deleted_at");
        let promised = deleted_at + TimeDelta::minutes(70);
        let gone_at = loop {
            let swept_at = tick(&portal).await;
            if !is_there(&portal, person.id).await {
                break swept_at;
            }
            assert!(swept_at < promised, "it is still there after 70 minutes");
        };
        let took = gone_at - deleted_at;
        assert!(gone_at <= promised && took >= TimeDelta::hours(1), "{took}");
        seen.note(format!("gone after {} minutes", took.num_minutes()));
    }
}

/// What of the calendar could move a deadline: both nights of the next year in which Berlin's clocks change, and the
/// next leap year's first instant, leap day and the day after it.
fn moments(now: DateTime<Utc>) -> Vec<(&'static str, DateTime<Utc>)> {
    let utc = |date: NaiveDate, hour| date.and_hms_opt(hour, 0, 0).unwrap().and_utc();
    let last_sunday = |year, month| {
        let mut days = (25..=31).filter_map(|day| NaiveDate::from_ymd_opt(year, month, day));
        days.rfind(|date| date.weekday() == Weekday::Sun).unwrap()
    };
    let next = |name, at: &dyn Fn(i32) -> Option<DateTime<Utc>>| {
        let soon = now + TimeDelta::hours(1);
        let found = (now.year()..now.year() + 10)
            .filter_map(at)
            .find(|at| *at > soon)
            .unwrap();
        (name, found)
    };
    let leap = |year| NaiveDate::from_ymd_opt(year, 2, 29);
    let mut moments = vec![
        next("the night to summer time", &|year| {
            Some(utc(last_sunday(year, 3), 1))
        }),
        next("the night to winter time", &|year| {
            Some(utc(last_sunday(year, 10), 1))
        }),
        next("the turn to a leap year", &|year| {
            Some(utc(leap(year)?.with_ordinal(1)?, 0))
        }),
        next("the night to a leap day", &|year| Some(utc(leap(year)?, 0))),
        next("the night after a leap day", &|year| {
            Some(utc(leap(year)?.succ_opt()?, 0))
        }),
    ];
    moments.sort_by_key(|(_, at)| *at);
    moments
}

#[tokio::test]
async fn deadlines_and_holds_are_durations_whatever_the_calendar_does() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let mut seen = Seen::by("time: calendar");
    for (name, moment) in moments(portal.portal.now()) {
        let offset = |at: DateTime<Utc>| Berlin.offset_from_utc_datetime(&at.naive_utc()).fix();
        let changes = offset(moment - TimeDelta::seconds(1)) != offset(moment);
        assert_eq!(changes, name.contains("time"), "{name}: {moment}");
        go_to(&portal, moment - TimeDelta::minutes(33));
        // Months without a sweep lie behind us: no hold would expire (R23).
        sweep(&portal).await;
        erasure_sweep::accept_clock(&portal.portal).await.unwrap();
        let desk = portal.signed_in(&desk.email).await;
        let (free, held) = (someone(&portal).await, someone(&portal).await);
        let lifted = moment + TimeDelta::minutes(91);
        let order = json!({
            "basis": "open_claim", "reference": "Az. 1", "categories": ["master_data"], "expires_at": lifted,
        });
        let holds = format!("/api/v1/admin/accounts/{}/holds", held.id);
        desk.post(&holds, &order).await.must_be(201);
        delete(&held).await;
        let answer = delete(&free).await;
        let deleted_at = instant(&answer, "deleted_at");
        let undo_until = instant(&answer, "undo_until");
        assert_eq!(undo_until - deleted_at, TimeDelta::hours(1), "{name}");
        assert_eq!(
            instant(&answer, "erase_by") - deleted_at,
            TimeDelta::hours(24),
            "{name}"
        );
        portal.work().await;
        let letter = portal.mails_to(&free.email).pop().expect("the undo mail").text;
        let local = undo_until.with_timezone(&Berlin).format("%H:%M Uhr").to_string();
        let letter = letter.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(letter.contains(&local), "{name}: {local} in {letter}");

        let mut before = tick(&portal).await;
        while before < lifted + TimeDelta::minutes(5) {
            let now = tick(&portal).await;
            assert_eq!(
                now - before,
                TimeDelta::minutes(5),
                "{name}: no sweep is left out or doubled"
            );
            assert_eq!(
                is_there(&portal, free.id).await,
                now < undo_until,
                "{name}: {now}"
            );
            assert_eq!(is_there(&portal, held.id).await, now < lifted, "{name}: {now}");
            before = now;
        }
        seen.note(format!("{name}: in time to the minute"));
    }
}

#[tokio::test]
async fn clocks_that_are_apart_by_more_than_a_minute_erase_nothing_and_end_no_hold() {
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let desk = portal.administrator().await;
    let mut seen = Seen::by("time: clocks apart");
    let (due, held) = (someone(&portal).await, someone(&portal).await);
    let expires_at = portal.portal.now() + TimeDelta::minutes(90);
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "expires_at": expires_at });
    let holds = format!("/api/v1/admin/accounts/{}/holds", held.id);
    desk.post(&holds, &order).await.must_be(201);
    delete(&due).await;
    delete(&held).await;
    portal.advance(TimeDelta::hours(2));
    let both = [portal.rows_of(due.id).await, portal.rows_of(held.id).await];
    let year = TimeDelta::days(365);
    for apart in [
        TimeDelta::seconds(62),
        TimeDelta::seconds(-62),
        TimeDelta::hours(1),
        year,
        -year,
    ] {
        portal.clock.advance_portal(apart);
        let error = refused(&portal).await;
        assert!(matches!(error, SweepError::ClocksApart(_)), "{apart}: {error:?}");
        portal.clock.advance_portal(-apart);
        let after = [portal.rows_of(due.id).await, portal.rows_of(held.id).await];
        assert_eq!(both, after, "{apart}");
        seen.note("refused, not a byte changed");
    }
    portal.clock.advance_portal(TimeDelta::seconds(55));
    assert_eq!(sweep(&portal).await.erased, 2, "55 seconds are let pass");
    seen.note_many("erased once the clocks agree", 2);
}

#[tokio::test]
async fn clocks_that_jump_ahead_a_year_end_no_hold_and_back_again_erase_nothing() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let mut seen = Seen::by("time: a year ahead and back");
    let (free, held) = (someone(&portal).await, someone(&portal).await);
    let half_a_year = portal.portal.now() + TimeDelta::days(180);
    let order = json!({
        "basis": "open_claim", "reference": "Az. 1", "categories": ["master_data"], "expires_at": half_a_year,
    });
    let holds = format!("/api/v1/admin/accounts/{}/holds", held.id);
    desk.post(&holds, &order).await.must_be(201);
    delete(&free).await;
    delete(&held).await;
    sweep(&portal).await;

    let year = TimeDelta::days(365);
    portal.advance(year);
    sweep(&portal).await;
    assert!(!is_there(&portal, free.id).await, "deletions go on");
    let kept = portal.rows_of(held.id).await;
    assert!(kept.iter().any(|row| row.starts_with("profile: ")), "{kept:?}");
    for _ in 0..12 {
        portal.advance(TimeDelta::minutes(5));
        sweep(&portal).await;
        assert!(
            is_there(&portal, held.id).await,
            "no hold expires by a clock that jumped"
        );
        seen.note("swept a year ahead, held data intact");
    }

    portal.advance(-year);
    let waiting = someone(&portal).await;
    delete(&waiting).await;
    portal.advance(TimeDelta::hours(2));
    let error = refused(&portal).await;
    assert!(matches!(error, SweepError::ClockBehind), "{error:?}");
    assert!(is_there(&portal, waiting.id).await && is_there(&portal, held.id).await);
    seen.note("refused after the jump back");

    portal.advance(year);
    assert!(erasure_sweep::accept_clock(&portal.portal).await.unwrap());
    sweep(&portal).await;
    portal.advance(TimeDelta::minutes(6));
    sweep(&portal).await;
    assert!(
        !is_there(&portal, held.id).await,
        "the clock was accepted: the hold has expired"
    );
    assert!(!is_there(&portal, waiting.id).await);
    seen.note("erased once the clock is accepted");
}

/// Someone who is deleted and of whom nothing is left but what a hold keeps for five more days.
async fn held_for_five_days(portal: &TestPortal, desk: &Person) -> Person {
    let held = someone(portal).await;
    let expires_at = portal.portal.now() + TimeDelta::days(5);
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "expires_at": expires_at });
    let holds = format!("/api/v1/admin/accounts/{}/holds", held.id);
    desk.post(&holds, &order).await.must_be(201);
    delete(&held).await;
    portal.advance(TimeDelta::hours(2));
    sweep(portal).await;
    held
}

#[tokio::test]
async fn a_clock_that_was_accepted_stays_so_whatever_the_sweeps_before_and_after_did() {
    let mut seen = Seen::by("time: accepted");
    for failing in [false, true] {
        let portal = TestPortal::start().await;
        let desk = portal.administrator().await;
        let held = held_for_five_days(&portal, &desk).await;
        portal.advance(TimeDelta::days(8));
        if failing {
            // It has found the long pause, and then it could not end.
            portal.execute("ALTER TABLE receipt RENAME TO elsewhere").await;
            let error = refused(&portal).await;
            assert!(matches!(error, SweepError::Database(_)), "{error:?}");
            portal.execute("ALTER TABLE elsewhere RENAME TO receipt").await;
        }
        assert!(erasure_sweep::accept_clock(&portal.portal).await.unwrap());
        assert!(
            !erasure_sweep::accept_clock(&portal.portal).await.unwrap(),
            "once is enough"
        );
        portal.advance(TimeDelta::minutes(6));
        sweep(&portal).await;
        assert!(!is_there(&portal, held.id).await, "the hold has expired");
        seen.note("accepted, and so it stayed");
        // The next long pause is another one.
        let desk = portal.signed_in(&desk.email).await;
        let held = held_for_five_days(&portal, &desk).await;
        portal.advance(TimeDelta::days(8));
        sweep(&portal).await;
        assert!(is_there(&portal, held.id).await, "nobody accepted this");
    }
}

#[tokio::test]
async fn clocks_that_go_back_an_hour_erase_nothing_until_they_have_caught_up() {
    let portal = TestPortal::start().await;
    let mut seen = Seen::by("time: an hour back");
    let (first, second) = (someone(&portal).await, someone(&portal).await);
    delete(&first).await;
    portal.advance(TimeDelta::minutes(50));
    let second = portal.signed_in(&second.email).await;
    delete(&second).await;
    portal.advance(TimeDelta::minutes(11));
    assert_eq!(sweep(&portal).await.erased, 1, "the first one");
    portal.advance(TimeDelta::hours(-1));
    let before = portal.rows_of(second.id).await;
    for _ in 0..11 {
        let error = refused(&portal).await;
        assert!(matches!(error, SweepError::ClockBehind), "{error:?}");
        seen.note("refused, not a byte changed");
        portal.advance(TimeDelta::minutes(5));
    }
    assert_eq!(portal.rows_of(second.id).await, before);
    portal.advance(TimeDelta::minutes(6));
    assert_eq!(sweep(&portal).await.erased, 0, "its grace goes on");
    portal.advance(TimeDelta::minutes(50));
    assert_eq!(sweep(&portal).await.erased, 1);
    seen.note("erased after the clock has caught up");
}

#[tokio::test]
async fn after_48_hours_down_one_sweep_erases_all_that_is_overdue_the_most_urgent_first() {
    let portal = TestPortal::start().await;
    let mut seen = Seen::by("time: 48 hours down");
    let people = rounds(500, 10_000);
    portal.many_members(u32::try_from(people).unwrap(), 3).await;
    let desk = portal.administrator().await;
    // All of them in the last hour before it went down.
    portal
        .execute(&format!(
            "UPDATE account SET status = 'deleted', status_before = 'active', deleted_at = d.at,
                 undo_until = d.at + interval '1 hour', due_at = d.at + interval '1 hour', erase_by = d.at + interval '24 hours'
             FROM (SELECT id, now() - interval '1 hour' * random() AS at FROM account) d
             WHERE account.id = d.id AND account.id <> '{}';
             CREATE SCHEMA kept;
             CREATE TABLE kept.due AS SELECT id, due_at FROM account WHERE due_at IS NOT NULL",
            desk.id
        ))
        .await;
    portal.advance(TimeDelta::hours(48));
    let desk = portal.signed_in(&desk.email).await;
    let listed = desk.get("/api/v1/admin/deletions").await.must_be(200).json();
    let listed = listed["items"].as_array().unwrap().clone();
    assert!(listed.iter().all(|item| item["overdue"] == true), "{listed:?}");
    let deadlines: Vec<_> = listed.iter().map(|item| instant(item, "erase_by")).collect();
    assert!(deadlines.is_sorted(), "the most urgent first");

    let report = sweep(&portal).await;
    let all = u64::try_from(people).unwrap();
    assert_eq!((report.due, report.erased, report.failed), (all, all, 0));
    assert!(report.is_good(), "nothing is late any more: {report:?}");
    assert_eq!(
        portal.count("SELECT count(*) FROM account").await,
        1,
        "the desk's"
    );
    assert_eq!(portal.count("SELECT count(*) FROM message").await, 0);
    let batches = "WITH batch AS (
             SELECT e.at, min(d.due_at) AS first, max(d.due_at) AS last
             FROM audit_event e JOIN kept.due d ON d.id = e.account_id WHERE e.code = 'account.erased' GROUP BY e.at),
         step AS (SELECT first, lag(last) OVER (ORDER BY at) AS before FROM batch)";
    let count = portal
        .count(&format!("{batches} SELECT count(*) FROM step"))
        .await;
    assert!(count > 3, "{count} transactions");
    let out_of_turn = format!("{batches} SELECT count(*) FROM step WHERE first < before");
    assert_eq!(portal.count(&out_of_turn).await, 0);
    seen.note_many("overdue, erased in one sweep", people);
    seen.note_many(
        "transactions, none before a more urgent one",
        usize::try_from(count).unwrap(),
    );
}
