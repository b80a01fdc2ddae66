//! What is new in conversations since a moment, for those who watch. Read from the tables themselves: nothing is kept
//! for it that would have to be erased.
//!
//! A message is new if the transaction that wrote it had not been committed at the moment. Writing is therefore never
//! done in a savepoint: rows written there carry the number of a subtransaction, which no snapshot lists.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::{Builder, Uuid};

use super::{PRESENT, SEEN, conversations::shows_mark, messages::Message};
use crate::{database::sql, streams::moment::Moment};

/// Between a message's instant and its commit, and between two instances' clocks, there is less than this: a
/// transaction that waits longer is ended by the time limits of its connection.
const MARGIN: TimeDelta = TimeDelta::minutes(3);

/// Conversations that are looked through for other changes than messages.
const CHANGED_AMONG: u32 = 1_000;

/// The number of the transaction that wrote a row (as `{row}`), in full: `xmin` is its lower half.
macro_rules! writer {
    ($row:literal) => {
        concat!(
            "(now.next - ((now.next - ",
            $row,
            ".xmin::text::bigint) & 4294967295))"
        )
    };
}

/// A message, and who may see it of those who were asked for.
#[derive(Debug, Clone)]
pub struct Written {
    pub message: Message,
    pub conversation_id: Uuid,
    pub written_by: u64,
    pub readers: Vec<Uuid>,
}

/// Someone who may want to look at a conversation again.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Place {
    pub reader_id: Uuid,
    pub conversation_id: Uuid,
}

#[derive(FromQueryResult)]
struct Row {
    snapshot: String,
    id: Option<Uuid>,
    conversation_id: Option<Uuid>,
    author_id: Option<Uuid>,
    body: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    written_by: Option<i64>,
    readers: Option<Vec<Uuid>>,
}

/// What is written since a moment to any of these people, oldest first, at most so much; and the moment up to which
/// that is everything.
pub async fn messages(
    connection: &impl ConnectionTrait,
    now: DateTime<Utc>,
    readers: &[Uuid],
    since: &Moment,
    limit: usize,
) -> Result<(Moment, Vec<Written>), DbErr> {
    let from = since.at - MARGIN;
    // By reader, conversation and message, each by its index: what it costs depends on who watches and on what is new.
    let text = format!(
        "WITH now AS MATERIALIZED (
             SELECT pg_current_snapshot() AS snapshot, pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next)
         SELECT now.snapshot::text AS snapshot, new.* FROM now LEFT JOIN LATERAL (
             SELECT m.id, m.conversation_id, m.author_id, m.body, m.sent_at, {} AS written_by,
                    array_agg(p.account_id) AS readers
             FROM unnest($1::uuid[]) reader (account_id)
             JOIN participation p ON p.account_id = reader.account_id AND p.last_activity_at >= $2 AND p.left_at IS NULL
             JOIN message m ON m.conversation_id = p.conversation_id AND m.id > $3
             JOIN account a ON a.id = m.author_id
             WHERE {SEEN} AND {PRESENT} AND NOT pg_visible_in_snapshot({}::text::xid8, $4::pg_snapshot)
             GROUP BY m.id, now.next ORDER BY m.id LIMIT $5) new ON true",
        writer!("m"),
        writer!("m"),
    );
    let rows = Row::find_by_statement(sql(
        &text,
        [
            readers.to_vec().into(),
            from.into(),
            first_id(from).into(),
            since.snapshot().into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ],
    ))
    .all(connection)
    .await?;
    let snapshot = rows.first().map(|row| row.snapshot.clone()).unwrap_or_default();
    let moment = Moment::of_snapshot(now, &snapshot).map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok((moment, rows.into_iter().filter_map(written).collect()))
}

/// How far somebody has read, for one who sees it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Mark {
    pub reader_id: Uuid,
    pub conversation_id: Uuid,
    pub account_id: Uuid,
    pub read_up_to: Uuid,
}

/// How far these people have read, each in a conversation, for those of `readers` who see it.
pub async fn marks(
    connection: &impl ConnectionTrait,
    readers: &[Uuid],
    read: Vec<(Uuid, Uuid)>,
) -> Result<Vec<Mark>, DbErr> {
    let (conversations, accounts): (Vec<Uuid>, Vec<Uuid>) = read.into_iter().unzip();
    Mark::find_by_statement(sql(
        &format!(
            "SELECT p.account_id AS reader_id, q.conversation_id, q.account_id, q.read_up_to
             FROM unnest($2::uuid[], $3::uuid[]) AS d (conversation_id, account_id)
             JOIN participation q ON q.conversation_id = d.conversation_id AND q.account_id = d.account_id
             JOIN account a ON a.id = q.account_id
             JOIN conversation c ON c.id = q.conversation_id
             JOIN participation p ON p.conversation_id = c.id AND p.account_id = ANY ($1) AND p.left_at IS NULL
             WHERE q.left_at IS NULL AND q.read_up_to IS NOT NULL AND {PRESENT} AND {}",
            shows_mark("p.account_id")
        ),
        [readers.to_vec().into(), conversations.into(), accounts.into()],
    ))
    .all(connection)
    .await
}

/// The moment that it is now.
pub async fn moment(connection: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Moment, DbErr> {
    let row = connection
        .query_one_raw(sql("SELECT pg_current_snapshot()::text AS snapshot", []))
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("pg_current_snapshot()".to_owned()))?;
    let snapshot: String = row.try_get("", "snapshot")?;
    Moment::of_snapshot(now, &snapshot).map_err(|error| DbErr::Custom(error.to_string()))
}

/// Who of these people is in which of these conversations.
pub async fn places(
    connection: &impl ConnectionTrait,
    readers: &[Uuid],
    conversations: &[Uuid],
) -> Result<Vec<Place>, DbErr> {
    Place::find_by_statement(sql(
        "SELECT p.account_id AS reader_id, p.conversation_id FROM participation p
         WHERE p.conversation_id = ANY($2) AND p.account_id = ANY($1) AND p.left_at IS NULL",
        [readers.to_vec().into(), conversations.to_vec().into()],
    ))
    .all(connection)
    .await
}

/// In which conversations these readers are together with one of these people.
pub async fn shared_places(
    connection: &impl ConnectionTrait,
    readers: &[Uuid],
    people: &[Uuid],
) -> Result<Vec<Place>, DbErr> {
    Place::find_by_statement(sql(
        "SELECT DISTINCT p.account_id AS reader_id, p.conversation_id
         FROM participation q JOIN participation p ON p.conversation_id = q.conversation_id
         WHERE q.account_id = ANY($2) AND p.account_id = ANY($1) AND p.account_id <> q.account_id AND p.left_at IS NULL",
        [readers.to_vec().into(), people.to_vec().into()],
    ))
    .all(connection)
    .await
}

/// The conversations of an account of which something else than a message changed since a moment: who is in them, what
/// they are called, how far somebody has read whose mark they see. Looked for among those with the latest news, [`CHANGED_AMONG`] at most.
pub async fn changed(
    connection: &impl ConnectionTrait,
    account: Uuid,
    since: &Moment,
) -> Result<Vec<Uuid>, DbErr> {
    let text = format!(
        "WITH now AS MATERIALIZED (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next),
              latest AS MATERIALIZED (
             SELECT p.conversation_id AS id FROM participation p WHERE p.account_id = $1 AND p.left_at IS NULL
             ORDER BY p.last_activity_at DESC, p.conversation_id DESC LIMIT {CHANGED_AMONG})
         SELECT latest.id FROM now, latest
         WHERE EXISTS (SELECT 1 FROM conversation c
                WHERE c.id = latest.id AND NOT pg_visible_in_snapshot({}::text::xid8, $2::pg_snapshot))
            OR EXISTS (SELECT 1 FROM participation q JOIN conversation c ON c.id = q.conversation_id
                WHERE q.conversation_id = latest.id AND NOT pg_visible_in_snapshot({}::text::xid8, $2::pg_snapshot)
                  AND {})",
        writer!("c"),
        writer!("q"),
        shows_mark("$1"),
    );
    let rows = connection
        .query_all_raw(sql(&text, [account.into(), since.snapshot().into()]))
        .await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// The smallest id of a row of this instant.
fn first_id(at: DateTime<Utc>) -> Uuid {
    let milliseconds = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(milliseconds, &[0; 10]).into_uuid()
}

fn written(row: Row) -> Option<Written> {
    Some(Written {
        message: Message {
            id: row.id?,
            author_id: row.author_id?,
            body: row.body?,
            author_name: None,
            sent_at: row.sent_at?,
        },
        conversation_id: row.conversation_id?,
        written_by: u64::try_from(row.written_by?).ok()?,
        readers: row.readers?,
    })
}
