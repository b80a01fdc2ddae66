//! One account that cannot be erased, because something of someone else's holds on to a row of it (R11): all others go
//! on time, it stays whole, it is tried again and again, and it goes as soon as it can.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use stammtisch::inventory::Inventory;
use uuid::Uuid;

use crate::{
    support::{
        TestPortal,
        faults::{Seen, rounds},
    },
    sweep::sweep,
};

const LONGEST_PAUSE: TimeDelta = TimeDelta::minutes(30);

/// Everybody is due, the blocked one in the middle of them.
async fn blocked(portal: &TestPortal, people: usize, child_of: &str) -> Uuid {
    portal.many_members(u32::try_from(people).unwrap(), 3).await;
    portal
        .execute(
            "UPDATE account SET status = 'deleted', status_before = 'active', deleted_at = now() - interval '1 hour',
                 undo_until = now(), erase_by = now() + interval '23 hours', due_at = now() - random() * interval '1 minute'",
        )
        .await;
    let blocked = portal
        .scalar::<Uuid>(
            "SELECT id FROM account ORDER BY due_at OFFSET (SELECT count(*) / 2 FROM account) LIMIT 1",
        )
        .await;
    let (key, owner) = match child_of {
        "profile" => ("account_id", "account_id"),
        _ => ("id", "author_id"),
    };
    portal
        .execute(&format!(
            "CREATE SCHEMA elsewhere;
             CREATE TABLE elsewhere.note (of uuid REFERENCES public.{child_of} ({key}));
             INSERT INTO elsewhere.note SELECT {key} FROM {child_of} WHERE {owner} = '{blocked}' LIMIT 1"
        ))
        .await;
    // It names no account, so the start does not see it either.
    let known = Inventory::built_in().check(&portal.portal.database).await;
    known.expect("the start is not refused");
    blocked
}

#[tokio::test]
async fn one_account_that_cannot_be_erased_delays_no_other_stays_whole_and_goes_when_it_can() {
    for (name, child_of) in [("blocker: profile", "profile"), ("blocker: message", "message")] {
        let mut seen = Seen::by(name);
        let portal = TestPortal::start().await;
        let people = rounds(100, 1_000);
        let blocked = blocked(&portal, people, child_of).await;
        let whole = portal.data_of(blocked).await;
        let report = sweep(&portal).await;
        let all = u64::try_from(people).unwrap();
        assert_eq!((report.due, report.erased, report.failed), (all, all - 1, 1));
        assert!(!report.is_good());
        let left: BTreeSet<Uuid> = portal
            .column("SELECT id FROM account")
            .await
            .into_iter()
            .collect();
        assert_eq!(left, BTreeSet::from([blocked]));
        assert_eq!(portal.data_of(blocked).await, whole, "nothing is half erased");
        seen.note_many("erased on time", people - 1);
        seen.note("failed, and whole");

        let hours = rounds(2, 24);
        let mut tries = 0;
        for round in 0..hours * 12 {
            portal.advance(TimeDelta::minutes(5));
            // Someone else becomes due now and then: nobody waits for the blocked one.
            let another = round % 12 == 0;
            if another {
                one_more_is_due(&portal).await;
            }
            let report = sweep(&portal).await;
            assert_eq!(report.erased, u64::from(another), "{report:?}");
            let next = next_try(&portal, blocked).await;
            assert!(
                next <= portal.portal.now() + LONGEST_PAUSE,
                "at most 30 minutes between tries"
            );
            tries += report.failed;
        }
        let tries = usize::try_from(tries).unwrap();
        assert!(tries >= hours * 2 - 1 && tries <= hours * 2 + 6, "{tries} tries");
        assert_eq!(portal.data_of(blocked).await, whole);
        seen.note_many(format!("tries in {hours} hours"), tries);

        portal.execute("DROP SCHEMA elsewhere CASCADE").await;
        portal.advance(LONGEST_PAUSE);
        assert_eq!(sweep(&portal).await.erased, 1);
        assert_eq!(portal.rows_of(blocked).await, Vec::<String>::new());
        seen.note("freed and erased");
    }
}

async fn one_more_is_due(portal: &TestPortal) {
    let person = portal.crowd(1).await.remove(0);
    portal
        .execute(&format!(
            "UPDATE account SET status = 'deleted', status_before = 'active', deleted_at = now(), undo_until = now(),
                 erase_by = now() + interval '10 days', due_at = now() WHERE id = '{}'",
            person.id
        ))
        .await;
}

async fn next_try(portal: &TestPortal, account: Uuid) -> DateTime<Utc> {
    portal
        .scalar(&format!("SELECT next_try_at FROM account WHERE id = '{account}'"))
        .await
}
