//! The statements that erase. Table and column names come from the built-in inventory, never from input.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Value};
use uuid::Uuid;

use super::erase::Counts;
use crate::{
    audit,
    database::{Transaction, sql},
    erasure::request::DEADLINE,
    inventory::Table,
    parting::end_empty,
    portal::Portal,
};

/// Rows by account, in one row of arrays: thousands of rows of two columns cost the sweep more than what they tell.
#[derive(FromQueryResult)]
pub(super) struct Counted {
    ids: Vec<Uuid>,
    counts: Vec<i64>,
}

impl Counted {
    /// Asks for the columns `id` and `count` of this query, which may follow a `WITH`.
    pub(super) async fn of(
        transaction: &Transaction,
        with: &str,
        query: &str,
        ids: &[Uuid],
    ) -> Result<Vec<(Uuid, i64)>, DbErr> {
        let text = format!(
            "{with} SELECT coalesce(array_agg(id), '{{}}') AS ids, coalesce(array_agg(count), '{{}}') AS counts
             FROM ({query}) counted"
        );
        let counted = Self::find_by_statement(sql(&text, [ids.to_vec().into()]))
            .one(transaction)
            .await?;
        Ok(counted.map_or_else(Vec::new, |all| all.ids.into_iter().zip(all.counts).collect()))
    }
}

#[derive(FromQueryResult)]
pub(super) struct Named {
    ids: Vec<Uuid>,
}

impl Named {
    /// The column `id` of this query, in one row.
    pub(super) async fn by<const N: usize>(
        transaction: &Transaction,
        query: &str,
        values: [Value; N],
    ) -> Result<Vec<Uuid>, DbErr> {
        let text = format!("SELECT coalesce(array_agg(id), '{{}}') AS ids FROM ({query}) named");
        let named = Self::find_by_statement(sql(&text, values))
            .one(transaction)
            .await?;
        Ok(named.map_or_else(Vec::new, |named| named.ids))
    }
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
/// sure to be the last (R13). So are those that they left and whose subject they chose.
pub(super) async fn lock_conversations(transaction: &Transaction, ids: &[Uuid]) -> Result<Vec<Uuid>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Named::by(
        transaction,
        "SELECT c.id FROM conversation c
         WHERE c.id IN (SELECT p.conversation_id FROM participation p WHERE p.account_id = ANY ($1)
                        UNION ALL SELECT s.id FROM conversation s WHERE s.subject_by = ANY ($1))
         ORDER BY c.id FOR UPDATE OF c",
        [ids.to_vec().into()],
    )
    .await
}

/// Locks the enquiries that these people asked, answered or have assigned, in order of id, before any of it goes: an
/// enquiry of one person and the administrator in it may leave with two sweeps at once.
pub(super) async fn lock_enquiries(transaction: &Transaction, ids: &[Uuid]) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    transaction
        .execute_raw(sql(
            "SELECT e.id FROM enquiry e WHERE e.id = ANY (ARRAY(
                 SELECT id FROM enquiry WHERE account_id = ANY ($1)
                 UNION ALL SELECT id FROM enquiry WHERE assigned_to = ANY ($1)
                 UNION ALL SELECT enquiry_id FROM enquiry_entry WHERE written_by = ANY ($1)))
             ORDER BY e.id FOR UPDATE OF e",
            [ids.to_vec().into()],
        ))
        .await?;
    Ok(())
}

/// Locks the rows of two people that go with either of them, or tell of both, in the order of their keys, before any of
/// them goes: the two may leave with two sweeps at once (R7).
pub(super) async fn lock_shared(transaction: &Transaction, ids: &[Uuid]) -> Result<(), DbErr> {
    if ids.is_empty() {
        return Ok(());
    }
    for (table, key, [one, other]) in [
        (
            "block",
            "account_id, blocked_id, began_at",
            ["account_id", "blocked_id"],
        ),
        ("group_invitation", "id", ["account_id", "invited_by"]),
        ("report", "id", ["reporter_id", "reported_id"]),
    ] {
        let text = format!(
            "SELECT 1 FROM {table} WHERE {one} = ANY ($1) OR {other} = ANY ($1) ORDER BY {key} FOR UPDATE"
        );
        transaction.execute_raw(sql(&text, [ids.to_vec().into()])).await?;
    }
    Ok(())
}

/// Erases one table's rows of these accounts, and says how many there were of each. `conversations` are theirs, locked.
pub(super) async fn erase_rows(
    transaction: &Transaction,
    table: &Table,
    column: &str,
    ids: &[Uuid],
    conversations: &[Uuid],
) -> Result<Vec<(Uuid, i64)>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let name = &table.name;
    if !table.clears.is_empty() {
        let cleared: Vec<String> = table
            .clears
            .iter()
            .map(|column| format!("{column} = NULL"))
            .collect();
        let text = format!(
            "UPDATE {name} SET {} WHERE {column} = ANY ($1)",
            cleared.join(", ")
        );
        transaction.execute_raw(sql(&text, [ids.to_vec().into()])).await?;
        return Ok(Vec::new());
    }
    if name == "participation" {
        return leave_conversations(transaction, ids, conversations).await;
    }
    let gone =
        format!("WITH gone AS (DELETE FROM {name} WHERE {column} = ANY ($1) RETURNING {column} AS id)");
    Counted::of(
        transaction,
        &gone,
        "SELECT id, count(*) FROM gone GROUP BY id",
        ids,
    )
    .await
}

/// Leaves conversations, which are locked, and says how many each account left. To those who stay, who leaves is a
/// former member, and the two of a pair can begin anew; where nobody stays, the conversation goes along (R13). Who left a
/// group before is no former member of it.
async fn leave_conversations(
    transaction: &Transaction,
    ids: &[Uuid],
    conversations: &[Uuid],
) -> Result<Vec<(Uuid, i64)>, DbErr> {
    // A subject goes with whoever chose it, before it is asked whether anything is left.
    transaction
        .execute_raw(sql(
            "UPDATE conversation SET subject = NULL, subject_by = NULL WHERE id = ANY ($2) AND subject_by = ANY ($1)",
            [ids.to_vec().into(), conversations.to_vec().into()],
        ))
        .await?;
    // Only now that they are locked it is seen who has left them meanwhile: a statement of its own.
    let left = Counted::of(
        transaction,
        "WITH gone AS (DELETE FROM participation WHERE account_id = ANY ($1) RETURNING account_id, conversation_id, left_at),
              left_behind AS (
                  UPDATE conversation c SET former_members = former_members + l.count, pair_low = NULL, pair_high = NULL
                  FROM (SELECT conversation_id, count(*) AS count FROM gone WHERE left_at IS NULL GROUP BY conversation_id) l
                  WHERE c.id = l.conversation_id AND EXISTS (
                      SELECT 1 FROM participation p WHERE p.conversation_id = c.id AND p.account_id <> ALL ($1)))",
        "SELECT account_id AS id, count(*) FROM gone GROUP BY account_id",
        ids,
    )
    .await?;
    end_empty(transaction, conversations).await?;
    Ok(left)
}

/// Erases what goes with the accounts, and their rows last; notes in receipts and audit trail that it was at these
/// instants. Returns each account's last event number.
pub(in crate::erasure) async fn delete_accounts(
    portal: &Portal,
    transaction: &Transaction,
    ids: &[Uuid],
    at: &[DateTime<Utc>],
) -> Result<Vec<(Uuid, i64)>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
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
    // Before the account's row goes, which knows until when it had to; in a restored backup it may not.
    transaction
        .execute_raw(sql(
            &format!(
                "UPDATE receipt r SET erased_at = g.at, account_id = NULL, erase_by =
                     CASE WHEN a.erase_by IS NOT NULL AND a.due_at <= g.at THEN {DEADLINE} ELSE r.erase_by END
                 FROM account a JOIN unnest($1::uuid[], $2::timestamptz[]) AS g (id, at) ON g.id = a.id
                 WHERE r.account_id = a.id"
            ),
            [ids.to_vec().into(), at.to_vec().into()],
        ))
        .await?;
    let ended = Counted::of(
        transaction,
        "WITH gone AS (DELETE FROM account WHERE id = ANY ($1) RETURNING id, event_no)",
        "SELECT id, event_no AS count FROM gone",
        ids,
    )
    .await?;
    end_access_events(transaction, ids).await?;
    audit::record_many(transaction, portal, audit::ERASED, ids, at).await?;
    Ok(ended)
}

/// When somebody came in goes with them (R3), though the trail is not ours to change: by the function of its owner,
/// which does this to nobody whose account is neither gone nor deleted.
pub(super) async fn end_access_events(transaction: &Transaction, ids: &[Uuid]) -> Result<(), DbErr> {
    transaction
        .execute_raw(sql("SELECT end_access_events($1)", [ids.to_vec().into()]))
        .await?;
    Ok(())
}

/// Writes the ledger event of each account that is gone.
pub(super) async fn record_erased(
    transaction: &Transaction,
    ended: &[(Uuid, i64)],
    counts: &Counts,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if ended.is_empty() {
        return Ok(());
    }
    let (ids, numbers): (Vec<Uuid>, Vec<i64>) = ended.iter().map(|(id, last)| (*id, last + 1)).unzip();
    let counts = |id: &Uuid| counts.get(id).cloned().unwrap_or_default();
    let details = ids
        .iter()
        .map(|id| serde_json::json!({ "counts": counts(id) }).to_string());
    let details: Vec<String> = details.collect();
    transaction
        .execute_raw(sql(
            "INSERT INTO ledger_event (at, event, account_id, no, details)
             SELECT $1, 'erased', e.id, e.no, e.details::jsonb
             FROM unnest($2::uuid[], $3::bigint[], $4::text[]) AS e (id, no, details)",
            [now.into(), ids.into(), numbers.into(), details.into()],
        ))
        .await?;
    Ok(())
}
