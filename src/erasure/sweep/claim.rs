//! Which accounts a transaction works on. The row lock is the lease: what a process was at when it died is free again
//! (R10).

use chrono::{DateTime, Utc};
use entity::account;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult};
use uuid::Uuid;

use crate::{database::Transaction, database::sql, portal::Portal};

/// Locked accounts, and the instant they were due at.
pub(super) struct Claimed {
    pub accounts: Vec<account::Model>,
    pub now: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct Due {
    id: Uuid,
}

const IS_DUE: &str = "due_at <= $1 AND (next_try_at IS NULL OR next_try_at <= $1)";

/// The database's instant, outside any batch.
pub(super) async fn now(portal: &Portal) -> Result<DateTime<Utc>, DbErr> {
    let transaction = portal.database.begin().await?;
    portal.database_clock.now(&transaction).await
}

/// Up to `limit` due accounts that nobody else works on, the most urgent first; but for those that have to wait.
pub(super) async fn free(
    portal: &Portal,
    transaction: &Transaction,
    limit: usize,
    waiting: &[Uuid],
) -> Result<Claimed, DbErr> {
    let now = portal.database_clock.now(transaction).await?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let accounts = account::Entity::find()
        .from_raw_sql(sql(
            &format!(
                "SELECT * FROM account WHERE {IS_DUE} AND id <> ALL ($3) ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED"
            ),
            [now.into(), limit.into(), waiting.to_vec().into()],
        ))
        .all(transaction)
        .await?;
    Ok(Claimed { accounts, now })
}

/// One account, if it is still due. Waits for its lock as long as the transaction's `lock_timeout` says.
pub(super) async fn one(
    portal: &Portal,
    transaction: &Transaction,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<Claimed, DbErr> {
    let accounts = account::Entity::find()
        .from_raw_sql(sql(
            &format!("SELECT * FROM account WHERE id = $2 AND {IS_DUE} FOR UPDATE"),
            [now.into(), id.into()],
        ))
        .all(transaction)
        .await?;
    let now = portal.database_clock.now(transaction).await?;
    Ok(Claimed { accounts, now })
}

/// What is still due after everything free was taken: others have it locked.
pub(super) async fn left(portal: &Portal, now: DateTime<Utc>) -> Result<Vec<Uuid>, DbErr> {
    let due = Due::find_by_statement(sql(
        &format!("SELECT id FROM account WHERE {IS_DUE} ORDER BY due_at LIMIT 10000"),
        [now.into()],
    ))
    .all(&portal.database)
    .await?;
    Ok(due.into_iter().map(|due| due.id).collect())
}

/// Tries an account again after 1 minute, then twice as long each time, at most 30 minutes (R11).
pub(super) async fn put_off(portal: &Portal, transaction: &Transaction, id: Uuid) -> Result<(), DbErr> {
    let now = portal.database_clock.now(transaction).await?;
    transaction
        .execute_raw(sql(
            "UPDATE account SET failed_tries = failed_tries + 1,
                 next_try_at = $2 + least(interval '30 minutes', interval '1 minute' * 2 ^ least(failed_tries, 5))
             WHERE id = $1",
            [id.into(), now.into()],
        ))
        .await?;
    Ok(())
}
