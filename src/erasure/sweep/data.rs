//! The statements that erase. Table and column names come from the built-in inventory, never from input.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::ERASED;
use crate::{database::sql, erasure::request::DEADLINE, inventory::Table, portal::Portal};

#[derive(FromQueryResult)]
struct Counted {
    id: Uuid,
    count: i64,
}

#[derive(FromQueryResult)]
struct Named {
    id: Uuid,
}

/// Instants as one bound array of texts, where the empty one is none: the query builder's arrays hold no NULL.
/// In SQL: `nullif(…, '')::timestamptz`.
pub(super) fn instants(instants: Vec<Option<DateTime<Utc>>>) -> Value {
    let text = |at: DateTime<Utc>| at.to_rfc3339();
    instants
        .into_iter()
        .map(|at| at.map(text).unwrap_or_default())
        .collect::<Vec<String>>()
        .into()
}

/// Locks the conversations of these people, in order of id (R7), before anyone leaves them: who leaves last is then
/// sure to be the last (R13).
pub(super) async fn lock_conversations(
    transaction: &DatabaseTransaction,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let locked = Named::find_by_statement(sql(
        "SELECT c.id FROM conversation c
         WHERE c.id IN (SELECT p.conversation_id FROM participation p WHERE p.account_id = ANY ($1))
         ORDER BY c.id FOR UPDATE OF c",
        [ids.to_vec().into()],
    ))
    .all(transaction)
    .await?;
    Ok(locked.into_iter().map(|named| named.id).collect())
}

/// Erases one table's rows of these accounts, and says how many there were of each.
pub(super) async fn erase_rows(
    transaction: &DatabaseTransaction,
    table: &Table,
    column: &str,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, i64)>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let name = &table.name;
    let erased = if name == "participation" {
        leave_conversations()
    } else if table.clears.is_empty() {
        format!(
            "WITH gone AS (DELETE FROM {name} WHERE {column} = ANY ($1) RETURNING {column} AS id)
                 SELECT id, count(*) AS count FROM gone GROUP BY id"
        )
    } else {
        let cleared: Vec<String> = table
            .clears
            .iter()
            .map(|column| format!("{column} = NULL"))
            .collect();
        format!(
            "UPDATE {name} SET {} WHERE {column} = ANY ($1) RETURNING NULL::uuid AS id, 0::bigint AS count",
            cleared.join(", ")
        )
    };
    if !table.clears.is_empty() {
        transaction
            .execute_raw(sql(&erased, [ids.to_vec().into()]))
            .await?;
        return Ok(Vec::new());
    }
    let counted = Counted::find_by_statement(sql(&erased, [ids.to_vec().into()]))
        .all(transaction)
        .await?;
    Ok(counted
        .into_iter()
        .map(|counted| (counted.id, counted.count))
        .collect())
}

/// Who leaves a conversation is a former member to the others; the two of a pair can begin anew.
fn leave_conversations() -> String {
    "WITH gone AS (DELETE FROM participation WHERE account_id = ANY ($1) RETURNING account_id, conversation_id),
          left_behind AS (
              UPDATE conversation c SET former_members = former_members + l.count, pair_low = NULL, pair_high = NULL
              FROM (SELECT conversation_id, count(*) AS count FROM gone GROUP BY conversation_id) l
              WHERE c.id = l.conversation_id)
     SELECT account_id AS id, count(*) AS count FROM gone GROUP BY account_id"
        .to_owned()
}

/// The last one to leave takes the conversation along (R13). The caller locked them.
pub(super) async fn end_empty_conversations(
    transaction: &DatabaseTransaction,
    conversations: &[Uuid],
) -> Result<(), DbErr> {
    if conversations.is_empty() {
        return Ok(());
    }
    transaction
        .execute_raw(sql(
            "DELETE FROM conversation c WHERE c.id = ANY ($1)
               AND NOT EXISTS (SELECT 1 FROM participation p WHERE p.conversation_id = c.id)",
            [conversations.to_vec().into()],
        ))
        .await?;
    Ok(())
}

/// Erases what goes with the account, and the account's row last; notes it in ledger, audit and receipts.
pub(super) async fn erase_accounts(
    portal: &Portal,
    transaction: &DatabaseTransaction,
    ids: &[Uuid],
    counts: &HashMap<Uuid, BTreeMap<String, i64>>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    for (table, column) in portal.inventory.owned() {
        if portal
            .inventory
            .clusters
            .get(&table.cluster)
            .is_some_and(|cluster| cluster.with_account)
        {
            let text = format!("DELETE FROM {} WHERE {column} = ANY ($1)", table.name);
            transaction.execute_raw(sql(&text, [ids.to_vec().into()])).await?;
        }
    }
    // Before the account's row goes, which knows until when it had to.
    transaction
        .execute_raw(sql(
            &format!(
                "UPDATE receipt r SET erased_at = $2, account_id = NULL, erase_by = coalesce({DEADLINE}, r.erase_by)
                 FROM account a WHERE r.account_id = a.id AND a.id = ANY ($1)"
            ),
            [ids.to_vec().into(), now.into()],
        ))
        .await?;
    let details: Vec<String> = ids
        .iter()
        .map(|id| serde_json::json!({ "counts": counts.get(id).cloned().unwrap_or_default() }).to_string())
        .collect();
    transaction
        .execute_raw(sql(
            "WITH gone AS (DELETE FROM account WHERE id = ANY ($1) RETURNING id, event_no)
             INSERT INTO ledger_event (at, event, account_id, no, details)
             SELECT $2, 'erased', g.id, g.event_no + 1, d.details::jsonb
             FROM gone g JOIN unnest($1::uuid[], $3::text[]) AS d (id, details) ON d.id = g.id",
            [ids.to_vec().into(), now.into(), details.into()],
        ))
        .await?;
    let events: Vec<Uuid> = ids.iter().map(|_| portal.random.uuid_v7(now)).collect();
    transaction
        .execute_raw(sql(
            "INSERT INTO audit_event (id, at, code, account_id)
             SELECT e.id, $3, $4, e.account_id FROM unnest($1::uuid[], $2::uuid[]) AS e (id, account_id)",
            [events.into(), ids.to_vec().into(), now.into(), ERASED.into()],
        ))
        .await?;
    Ok(())
}
