//! Accounts with more rows than one transaction should delete (R10): a durable `erasing` that cannot be undone, then
//! chunk by chunk. What was interrupted goes on with the next sweep.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::{account, status::Status};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult, TransactionTrait};
use uuid::Uuid;

use super::{batch, data};
use crate::{account::lock, database::sql, inventory::Table, portal::Portal};

/// More rows than this are erased in chunks.
const BIG: i64 = 10_000;
/// Rows a chunk: about as many as fit the sweep's time for one transaction.
const CHUNK: i64 = 5_000;

#[derive(FromQueryResult)]
struct Counted {
    id: Uuid,
}

/// Finds the big ones among accounts that are leaving, and marks them durably.
pub(super) async fn mark(
    transaction: &DatabaseTransaction,
    accounts: &[account::Model],
    held: &batch::AllHeld,
    now: DateTime<Utc>,
) -> Result<HashSet<Uuid>, DbErr> {
    let free = |account: &&account::Model| {
        !account.erased.iter().any(|erased| erased == "messages")
            && !held
                .get(&account.id)
                .is_some_and(|held| held.clusters.contains("messages"))
    };
    let candidates: Vec<Uuid> = accounts.iter().filter(free).map(|account| account.id).collect();
    if candidates.is_empty() {
        return Ok(HashSet::new());
    }
    let big = Counted::find_by_statement(sql(
        "SELECT c.id FROM unnest($1::uuid[]) AS c (id)
         WHERE (SELECT count(*) FROM (SELECT 1 FROM message m WHERE m.author_id = c.id LIMIT $2 + 1) m)
             + (SELECT count(*) FROM (SELECT 1 FROM participation p WHERE p.account_id = c.id LIMIT $2 + 1) p) > $2",
        [candidates.into(), BIG.into()],
    ))
    .all(transaction)
    .await?;
    let big: HashSet<Uuid> = big.into_iter().map(|counted| counted.id).collect();
    if !big.is_empty() {
        transaction
            .execute_raw(sql(
                "WITH marked AS (UPDATE account SET status = 'erasing', event_no = event_no + 1
                                 WHERE id = ANY ($1) AND status <> 'erasing' RETURNING id, event_no)
                 INSERT INTO ledger_event (at, event, account_id, no, details)
                 SELECT $2, 'erasing', id, event_no, '{}' FROM marked",
                [batch::listed(&big).into(), now.into()],
            ))
            .await?;
    }
    Ok(big)
}

/// Erases a marked account, chunk by chunk and then the rest. Whether nothing is left of it.
pub(super) async fn erase(portal: &Portal, id: Uuid) -> Result<bool, DbErr> {
    for (table, column) in portal.inventory.owned().filter(|(table, _)| table.many) {
        while erase_chunk(portal, id, table, column).await? == CHUNK {}
    }
    let transaction = portal.database.begin().await?;
    let Some(account) = lock(&transaction, id)
        .await?
        .filter(|account| account.status == Status::Erasing)
    else {
        return Ok(false);
    };
    let now = portal.database_clock.now(&transaction).await?;
    let held = batch::read_holds(&transaction, &[id], now).await?;
    let gone = batch::erase(portal, &transaction, std::slice::from_ref(&account), &held, now).await?;
    transaction.commit().await?;
    Ok(!gone.is_empty())
}

/// One chunk in one transaction. Holds cannot come in between: `erasing` refuses them (R15).
async fn erase_chunk(portal: &Portal, id: Uuid, table: &Table, column: &str) -> Result<i64, DbErr> {
    let transaction = portal.database.begin().await?;
    if !lock(&transaction, id)
        .await?
        .is_some_and(|account| account.status == Status::Erasing)
    {
        return Ok(0);
    }
    let erased = if table.name == "participation" {
        leave_some(&transaction, id).await?
    } else {
        let text = format!(
            "DELETE FROM {0} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {0} WHERE {column} = $1 LIMIT $2))",
            table.name
        );
        transaction
            .execute_raw(sql(&text, [id.into(), CHUNK.into()]))
            .await?
            .rows_affected()
    };
    transaction.commit().await?;
    Ok(i64::try_from(erased).unwrap_or(CHUNK))
}

/// Leaves a chunk of conversations, locked first in order of id (R7).
async fn leave_some(transaction: &DatabaseTransaction, id: Uuid) -> Result<u64, DbErr> {
    let conversations = Counted::find_by_statement(sql(
        "SELECT c.id FROM conversation c WHERE c.id IN (
             SELECT conversation_id FROM participation WHERE account_id = $1 ORDER BY conversation_id LIMIT $2)
         ORDER BY c.id FOR UPDATE OF c",
        [id.into(), CHUNK.into()],
    ))
    .all(transaction)
    .await?;
    let conversations: Vec<Uuid> = conversations.into_iter().map(|counted| counted.id).collect();
    // The subject goes first: who chose it can no longer be told once they have left.
    let subject =
        "UPDATE conversation SET subject = NULL, subject_by = NULL WHERE id = ANY ($1) AND subject_by = $2";
    transaction
        .execute_raw(sql(subject, [conversations.clone().into(), id.into()]))
        .await?;
    let left = transaction
        .execute_raw(sql(
            "WITH gone AS (DELETE FROM participation WHERE account_id = $2 AND conversation_id = ANY ($1) RETURNING conversation_id)
             UPDATE conversation c SET former_members = former_members + 1, pair_low = NULL, pair_high = NULL
             FROM gone WHERE c.id = gone.conversation_id",
            [conversations.clone().into(), id.into()],
        ))
        .await?
        .rows_affected();
    data::end_empty_conversations(transaction, &conversations).await?;
    Ok(left)
}
