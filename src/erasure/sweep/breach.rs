//! Broken promises are recorded (R22): an account whose deadline has passed and that is still due, once each time it
//! is due, before the sweep erases it and also while nothing can be erased.

use chrono::{DateTime, Utc};
use entity::account;
use sea_orm::{DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::{clocks, figures::is_due};
use crate::{
    audit,
    database::{Transaction, sql},
    erasure::request::DEADLINE,
    leaving::ERASED_WITHIN,
    portal::Portal,
};

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
    let some = "ORDER BY a.due_at LIMIT $2 FOR UPDATE OF a SKIP LOCKED";
    let breached = note(portal, &transaction, now, some, AT_ONCE.into()).await?;
    transaction.commit().await?;
    Ok(u64::try_from(breached.len()).unwrap_or_default())
}

/// The same of accounts that the caller has locked and is about to erase: somebody may have held them a moment ago, when
/// the others were recorded.
pub(super) async fn record_claimed(
    portal: &Portal,
    transaction: &Transaction,
    accounts: &mut [account::Model],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let late: Vec<Uuid> = accounts
        .iter()
        .filter(|account| may_be_breached(account, now))
        .map(|account| account.id)
        .collect();
    if late.is_empty() {
        return Ok(());
    }
    let breached = note(portal, transaction, now, "AND a.id = ANY ($2)", late.into()).await?;
    for account in accounts {
        if breached.contains(&account.id) {
            account.breached_at = Some(now);
            account.event_no += 1;
            tracing::error!(account = %account.id, "an account was not erased within 24 hours");
        }
    }
    Ok(())
}

/// [`DEADLINE`] has passed and this is not recorded yet. Whether a hold still keeps it is asked in the statement.
fn may_be_breached(account: &account::Model, now: DateTime<Utc>) -> bool {
    account.due_at.is_some_and(|due| {
        let deadline = account
            .erase_by
            .filter(|by| *by > due)
            .unwrap_or(due + ERASED_WITHIN);
        deadline < now && account.breached_at.is_none_or(|at| at < due)
    })
}

/// Records breaches, of those accounts that `some` says with `$2`, and returns whose.
async fn note(
    portal: &Portal,
    transaction: &Transaction,
    now: DateTime<Utc>,
    some: &str,
    value: Value,
) -> Result<Vec<Uuid>, DbErr> {
    let due = is_due();
    let breached = Breached::find_by_statement(sql(
        &format!(
            "WITH late AS (
                 SELECT a.id, {DEADLINE} AS deadline FROM account a
                 WHERE {due} AND {DEADLINE} < $1 AND (a.breached_at IS NULL OR a.breached_at < a.due_at)
                 {some}),
             numbered AS (
                 UPDATE account a SET breached_at = $1, event_no = a.event_no + 1 FROM late WHERE a.id = late.id
                 RETURNING a.id, a.event_no, late.deadline)
             INSERT INTO ledger_event (at, event, account_id, no, details)
             SELECT $1, 'breached', n.id, n.event_no, jsonb_build_object('erase_by',
                        to_char(n.deadline AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'))
             FROM numbered n RETURNING account_id"
        ),
        [now.into(), value],
    ))
    .all(transaction)
    .await?;
    let accounts: Vec<Uuid> = breached.into_iter().map(|row| row.account_id).collect();
    if !accounts.is_empty() {
        let at = vec![now; accounts.len()];
        audit::record_many(transaction, portal, BREACHED, &accounts, &at).await?;
    }
    Ok(accounts)
}
