//! Broken promises are recorded (R22): an account whose deadline has passed and that is still due, once each time it
//! is due, before the sweep erases it and also while nothing can be erased.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, TransactionTrait};
use uuid::Uuid;

use super::{clocks, figures::is_due};
use crate::{database::sql, erasure::request::DEADLINE, portal::Portal};

/// The audit event of a breach.
const BREACHED: &str = "erasure.breached";
/// Accounts that one transaction records at most.
const AT_ONCE: i64 = 5_000;

#[derive(FromQueryResult)]
struct Breached {
    account_id: Uuid,
}

/// Records every breach that is not recorded yet, in ledger, audit and the account's row, and says how many. What
/// somebody works on is left to the next time. With clocks that are apart nothing is recorded: no deadline can be told.
/// Nor in a database that is not known to be level with the ledger: an event there would have a number that the ledger
/// may know as another one's (R20).
pub async fn record(portal: &Portal) -> Result<u64, DbErr> {
    if !portal.ledger.is_level() {
        return Ok(0);
    }
    let mut all = 0;
    loop {
        let some = record_some(portal).await?;
        all += some;
        if i64::try_from(some).is_ok_and(|some| some < AT_ONCE) {
            break;
        }
    }
    if all > 0 {
        tracing::error!(accounts = all, "accounts were not erased within 24 hours");
    }
    Ok(all)
}

async fn record_some(portal: &Portal) -> Result<u64, DbErr> {
    let transaction = portal.database.begin().await?;
    let now = portal.database_clock.now(&transaction).await?;
    if clocks::apart(portal, now).is_some() {
        return Ok(0);
    }
    let due = is_due();
    let breached = Breached::find_by_statement(sql(
        &format!(
            "WITH late AS (
                 SELECT a.id, {DEADLINE} AS deadline FROM account a
                 WHERE {due} AND {DEADLINE} < $1 AND (a.breached_at IS NULL OR a.breached_at < a.due_at)
                 ORDER BY a.due_at LIMIT $2 FOR UPDATE OF a SKIP LOCKED),
             numbered AS (
                 UPDATE account a SET breached_at = $1, event_no = a.event_no + 1 FROM late WHERE a.id = late.id
                 RETURNING a.id, a.event_no, late.deadline)
             INSERT INTO ledger_event (at, event, account_id, no, details)
             SELECT $1, 'breached', n.id, n.event_no, jsonb_build_object('erase_by',
                        to_char(n.deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'))
             FROM numbered n RETURNING account_id"
        ),
        [now.into(), AT_ONCE.into()],
    ))
    .all(&transaction)
    .await?;
    if !breached.is_empty() {
        let accounts: Vec<Uuid> = breached.iter().map(|row| row.account_id).collect();
        let events: Vec<Uuid> = accounts.iter().map(|_| portal.random.uuid_v7(now)).collect();
        transaction
            .execute_raw(sql(
                "INSERT INTO audit_event (id, at, code, account_id)
                 SELECT e.id, $3, $4, e.account_id FROM unnest($1::uuid[], $2::uuid[]) AS e (id, account_id)",
                [events.into(), accounts.into(), now.into(), BREACHED.into()],
            ))
            .await?;
    }
    transaction.commit().await?;
    Ok(u64::try_from(breached.len()).unwrap_or_default())
}
