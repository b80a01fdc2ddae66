//! Groups and conversations of several people that everybody has left (R13): nobody sees them any more, and the sweep ends them. What their authors wrote
//! is erased as if each had deleted it: under a hold it is kept, restricted, until that ends (R18).

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::held;
use crate::{
    database::{Transaction, sql, sql_state},
    ledger,
    parting::end_empty,
    portal::Portal,
    subject,
};

/// Messages one transaction ends at most.
const CHUNK: i64 = 5_000;
/// Groups one statement names.
const AT_ONCE: usize = 500;

#[derive(FromQueryResult)]
struct Named {
    id: Uuid,
}

#[derive(FromQueryResult)]
struct Abandoned {
    subject_by: Option<Uuid>,
}

/// Ends what can be ended now; of what somebody holds locked the rest is left to the next sweep. How many groups could
/// not be ended.
pub(super) async fn end(portal: &Portal, stop: &CancellationToken) -> Result<u64, DbErr> {
    mark_those_of_gone(portal).await?;
    let mut last = Uuid::nil();
    let mut failed = 0;
    loop {
        let groups = named(
            &portal.database,
            "SELECT id FROM conversation WHERE is_abandoned AND id > $1 ORDER BY id LIMIT $2",
            [last.into(), i64::try_from(AT_ONCE).unwrap_or(i64::MAX).into()],
        )
        .await?;
        for id in &groups {
            if stop.is_cancelled() {
                return Ok(failed);
            }
            // One group that cannot be ended delays no other, as with accounts (R11).
            if let Err(error) = end_one(portal, stop, *id).await {
                failed += 1;
                tracing::error!(conversation = %id, state = ?sql_state(&error), "an abandoned group could not be ended");
            }
        }
        match groups.last() {
            Some(id) if groups.len() == AT_ONCE => last = *id,
            _ => return Ok(failed),
        }
    }
}

/// Where only people are left whose erasure has begun and of whom a hold keeps the messages, nobody comes back either: of
/// a group, or of a conversation that somebody left who wrote there.
async fn mark_those_of_gone(portal: &Portal) -> Result<(), DbErr> {
    let is_gone = |account: &str| format!("{account}.status = 'deleted' AND {account}.erased <> '{{}}'");
    portal
        .database
        .execute_raw(sql(
            &format!(
                "UPDATE conversation SET is_abandoned = true WHERE id IN (
                     SELECT c.id FROM conversation c
                     WHERE NOT c.is_abandoned AND (c.is_group OR EXISTS (
                           SELECT 1 FROM message m WHERE m.conversation_id = c.id AND NOT EXISTS (
                               SELECT 1 FROM participation l WHERE l.conversation_id = c.id
                                   AND l.account_id = m.author_id AND l.left_at IS NULL)))
                       AND c.id IN (SELECT p.conversation_id FROM account a JOIN participation p ON p.account_id = a.id
                                    WHERE {} AND p.left_at IS NULL)
                       AND NOT EXISTS (SELECT 1 FROM participation q JOIN account b ON b.id = q.account_id
                                       WHERE q.conversation_id = c.id AND q.left_at IS NULL AND NOT ({}))
                     ORDER BY c.id FOR UPDATE OF c SKIP LOCKED)",
                is_gone("a"),
                is_gone("b")
            ),
            [],
        ))
        .await?;
    Ok(())
}

async fn end_one(portal: &Portal, stop: &CancellationToken, id: Uuid) -> Result<(), DbErr> {
    while end_some(portal, id).await? == CHUNK {
        if stop.is_cancelled() {
            break;
        }
    }
    Ok(())
}

/// One chunk of a group's messages, and the group itself once nothing is left in it. How many messages there were.
async fn end_some(portal: &Portal, id: Uuid) -> Result<i64, DbErr> {
    let transaction = portal.database.begin().await?;
    match end_within(portal, &transaction, id).await {
        Ok(ended) => {
            transaction.commit().await?;
            Ok(ended)
        }
        Err(error) => {
            // Not only when it is dropped: its authors' other groups come next.
            transaction.rollback().await?;
            Err(error)
        }
    }
}

async fn end_within(portal: &Portal, transaction: &Transaction, id: Uuid) -> Result<i64, DbErr> {
    // Accounts first, in order of id (R7): no hold is placed on them meanwhile.
    let authors = named(
        transaction,
        "SELECT a.id FROM account a WHERE a.id = ANY (ARRAY(
             SELECT m.author_id FROM (SELECT author_id FROM message WHERE conversation_id = $1 AND withdrawn_at IS NULL
                                      ORDER BY id DESC LIMIT $2) m
             UNION ALL SELECT c.subject_by FROM conversation c WHERE c.id = $1))
         ORDER BY a.id FOR UPDATE SKIP LOCKED",
        [id.into(), CHUNK.into()],
    )
    .await?;
    let locked = Abandoned::find_by_statement(sql(
        "SELECT subject_by FROM conversation WHERE id = $1 AND is_abandoned FOR UPDATE SKIP LOCKED",
        [id.into()],
    ))
    .one(transaction)
    .await?;
    let Some(Abandoned { subject_by }) = locked else {
        return Ok(0);
    };
    let ended = end_messages(portal, transaction, id, &authors).await?;
    if let Some(author) = subject_by.filter(|author| authors.contains(author)) {
        let now = portal.database_clock.now(transaction).await?;
        subject::take_away(portal, transaction, id, author, now).await?;
        let event = ledger::Event::ItemErased {
            table: "conversation",
            row_id: id,
        };
        ledger::record(transaction, author, now, event).await?;
    }
    end_empty(transaction, &[id]).await?;
    Ok(ended)
}

/// Erases messages of these authors, whose accounts are locked, or withdraws what is held; each is told to the ledger,
/// so that a restored backup loses it as well (R20).
async fn end_messages(
    portal: &Portal,
    transaction: &Transaction,
    group: Uuid,
    authors: &[Uuid],
) -> Result<i64, DbErr> {
    if authors.is_empty() {
        return Ok(0);
    }
    let is_held = |held: &held::Held| held.clusters.contains("messages");
    let held = held::read(transaction, authors).await?;
    let held: Vec<Uuid> = held
        .into_iter()
        .filter_map(|(id, held)| is_held(&held).then_some(id))
        .collect();
    let now = portal.database_clock.now(transaction).await?;
    let told = transaction
        .execute_raw(sql(
            "WITH chunk AS (
                 SELECT id, author_id FROM message
                 WHERE conversation_id = $1 AND withdrawn_at IS NULL AND author_id = ANY ($2)
                 ORDER BY id DESC LIMIT $5),
             gone AS (DELETE FROM message m USING chunk k WHERE m.id = k.id AND m.author_id <> ALL ($3)),
             kept AS (UPDATE message m SET withdrawn_at = $4, idempotency_hash = NULL
                      FROM chunk k WHERE m.id = k.id AND m.author_id = ANY ($3)),
             numbered AS (
                 UPDATE account a SET event_no = event_no + n.count
                 FROM (SELECT author_id, count(*) AS count FROM chunk GROUP BY author_id) n
                 WHERE a.id = n.author_id RETURNING a.id, a.event_no - n.count AS before)
             INSERT INTO ledger_event (at, event, account_id, no, details)
             SELECT $4, 'item_erased', k.author_id,
                    b.before + row_number() OVER (PARTITION BY k.author_id ORDER BY k.id),
                    jsonb_build_object('table', 'message', 'row_id', k.id)
             FROM chunk k JOIN numbered b ON b.id = k.author_id",
            [
                group.into(),
                authors.to_vec().into(),
                held.into(),
                now.into(),
                CHUNK.into(),
            ],
        ))
        .await?;
    Ok(i64::try_from(told.rows_affected()).unwrap_or(CHUNK))
}

async fn named<const N: usize>(
    connection: &impl ConnectionTrait,
    query: &str,
    values: [sea_orm::Value; N],
) -> Result<Vec<Uuid>, DbErr> {
    let rows = Named::find_by_statement(sql(query, values))
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
