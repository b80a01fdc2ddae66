//! Accounts with more rows than one transaction should delete (R10): a durable `erasing` that cannot be undone, then
//! chunk by chunk. What was interrupted goes on with the next sweep.

use std::collections::HashMap;

use entity::{account, status::Status};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, sea_query::Expr,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{Failed, data, erase::erase as erase_rest, held, reports};
use crate::{
    account::lock,
    database::{Transaction, sql},
    inventory::Table,
    parting::end_empty,
    portal::Portal,
};

/// More rows than this are erased in chunks; and one transaction takes accounts of about as many rows together.
pub(super) const BIG: i64 = 10_000;
/// Rows a chunk: about as many as fit the sweep's time for one transaction.
const CHUNK: i64 = 5_000;

#[derive(FromQueryResult)]
struct Named {
    id: Uuid,
}

/// How many rows each account has to lose, in the tables in which it may have many; counted up to [`BIG`] and one a
/// table where it is more.
pub(super) async fn weigh(
    portal: &Portal,
    transaction: &Transaction,
    accounts: &[account::Model],
    held: &held::AllHeld,
) -> Result<HashMap<Uuid, i64>, DbErr> {
    let mut weights = HashMap::new();
    for (table, column) in portal.inventory.owned().filter(|(table, _)| table.many) {
        let free = held::free(held, accounts, &table.cluster);
        if free.is_empty() {
            continue;
        }
        for (id, count) in weigh_in(transaction, &table.name, column, &free).await? {
            *weights.entry(id).or_default() += count;
        }
    }
    Ok(weights)
}

/// First what all have together: mostly that is no more than one may have, and tells each one's part.
async fn weigh_in(
    transaction: &Transaction,
    table: &str,
    column: &str,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, i64)>, DbErr> {
    let together = format!(
        "SELECT id, count(*) FROM (SELECT {column} AS id FROM {table} WHERE {column} = ANY ($1) LIMIT {BIG} + 1) capped
         GROUP BY id"
    );
    let counts = data::Counted::of(transaction, "", &together, ids).await?;
    if counts.iter().map(|(_, count)| count).sum::<i64>() <= BIG {
        return Ok(counts);
    }
    let each = format!(
        "SELECT c.id, n.count FROM unnest($1::uuid[]) AS c (id) CROSS JOIN LATERAL (
             SELECT count(*) AS count FROM (
                 SELECT 1 FROM {table} t WHERE t.{column} = c.id LIMIT {BIG} + 1) capped) n
         WHERE n.count > 0"
    );
    data::Counted::of(transaction, "", &each, ids).await
}

/// Marks big accounts durably, before the first of their rows goes.
pub(super) async fn mark(transaction: &Transaction, big: &[Uuid]) -> Result<(), DbErr> {
    if big.is_empty() {
        return Ok(());
    }
    account::Entity::update_many()
        .col_expr(account::Column::Status, Expr::value(Status::Erasing))
        .filter(account::Column::Id.is_in(big.iter().copied()))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Erases a marked account, chunk by chunk and then the rest. Whether nothing is left of it. Told to stop, or while
/// somebody else is at one of those who reported it, it leaves the rest for later.
pub(super) async fn erase(portal: &Portal, stop: &CancellationToken, id: Uuid) -> Result<bool, Failed> {
    let transaction = portal.database.begin().await?;
    // No hold comes in between: `erasing` refuses them (R15).
    let held = held::read(&transaction, &[id])
        .await?
        .remove(&id)
        .unwrap_or_default();
    transaction.commit().await?;
    for (table, column) in portal.inventory.owned().filter(|(table, _)| table.many) {
        if held.clusters.contains(&table.cluster) {
            continue;
        }
        while erase_chunk(portal, id, table, column).await? == CHUNK {
            if stop.is_cancelled() {
                return Ok(false);
            }
        }
    }
    let transaction = portal.database.begin().await?;
    let Some(account) = lock(&transaction, id)
        .await?
        .filter(|account| account.status == Status::Erasing)
    else {
        return Ok(false);
    };
    if !reports::must_wait(&transaction, &[id]).await?.is_empty() {
        return Ok(false);
    }
    let now = portal.database_clock.now(&transaction).await?;
    let held = held::read(&transaction, &[id]).await?;
    let gone = erase_rest(portal, &transaction, std::slice::from_ref(&account), &held, now).await?;
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
        // Of a table that two people have rows in, another sweep may be at some: they are left to the end, where all
        // that is left is locked in order (R7).
        let entries = portal
            .inventory
            .owned()
            .filter(|(known, _)| known.name == table.name);
        let lock = match entries.count() {
            1 => "",
            _ => "FOR UPDATE SKIP LOCKED",
        };
        let text = format!(
            "DELETE FROM {0} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {0} WHERE {column} = $1 LIMIT $2 {lock}))",
            table.name
        );
        transaction
            .execute_raw(sql(&text, [id.into(), CHUNK.into()]))
            .await?
            .rows_affected()
    };
    let erased = i64::try_from(erased).unwrap_or(CHUNK);
    if erased > 0 {
        count(&transaction, id, &table.cluster, erased).await?;
    }
    transaction.commit().await?;
    Ok(erased)
}

/// Remembers with the account what went of it: the ledger tells all of it in the end.
async fn count(transaction: &Transaction, id: Uuid, cluster: &str, erased: i64) -> Result<(), DbErr> {
    transaction
        .execute_raw(sql(
            "UPDATE account SET erased_counts = erased_counts
                 || jsonb_build_object($2::text, coalesce((erased_counts ->> $2)::bigint, 0) + $3) WHERE id = $1",
            [id.into(), cluster.into(), erased.into()],
        ))
        .await?;
    Ok(())
}

/// Leaves a chunk of conversations, locked first in order of id (R7).
async fn leave_some(transaction: &Transaction, id: Uuid) -> Result<u64, DbErr> {
    let conversations = Named::find_by_statement(sql(
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
    let left = Named::find_by_statement(sql(
        "WITH gone AS (DELETE FROM participation WHERE account_id = $2 AND conversation_id = ANY ($1)
                       RETURNING conversation_id, left_at),
              left_behind AS (
                  UPDATE conversation c SET former_members = former_members + 1, pair_low = NULL, pair_high = NULL
                  FROM gone WHERE c.id = gone.conversation_id AND gone.left_at IS NULL)
         SELECT conversation_id AS id FROM gone",
        [conversations.clone().into(), id.into()],
    ))
    .all(transaction)
    .await?
    .len();
    end_empty(transaction, &conversations).await?;
    Ok(u64::try_from(left).unwrap_or(u64::MAX))
}
