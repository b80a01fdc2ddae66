//! What is new in conversations since a moment, for those who watch. Read from the tables themselves: nothing is kept
//! for it that would have to be erased.
//!
//! A message is new if the transaction that wrote it had not been committed at the moment. Writing is therefore never
//! done in a savepoint: rows written there carry the number of a subtransaction, which no snapshot lists.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::{Builder, Uuid};

use super::{
    PRESENT, SEEN, conversations::shows_mark, groups::invitations::shown, messages::Message,
    preferences::share_read,
};
use crate::{account::Caller, database::sql, streams::moment::Moment};

/// Between a message's instant and its commit, and between two instances' clocks, there is less than this: a
/// transaction that waits longer is ended by the time limits of its connection.
pub const MARGIN: TimeDelta = TimeDelta::minutes(3);

/// Of so many conversations somebody is told one by one that they changed, and so many marks of one of them.
pub const PLACES_LIMIT: usize = 16;
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

/// What was written since a moment.
#[derive(Debug, Clone)]
pub struct Found {
    /// The moment up to which it was.
    pub moment: Moment,
    /// Oldest first.
    pub written: Vec<Written>,
    /// Whether that is everything: there was less than was asked for.
    pub is_all: bool,
}

#[derive(FromQueryResult)]
struct Row {
    snapshot: String,
    found: i64,
    id: Option<Uuid>,
    conversation_id: Option<Uuid>,
    author_id: Option<Uuid>,
    body: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    written_by: Option<i64>,
    readers: Option<Vec<Uuid>>,
}

/// What is written since a moment to any of these people, if it is less than `limit` messages.
pub async fn messages(
    connection: &impl ConnectionTrait,
    now: DateTime<Utc>,
    readers: &[Uuid],
    since: &Moment,
    limit: usize,
) -> Result<Found, DbErr> {
    // A clock that was set back since then wrote what is new.
    let from = since.at.min(now) - MARGIN;
    // What is new is found once in each conversation that one of them is in, by its index, however many of them are; who
    // sees it is asked of that alone. What was there at the moment is passed over first: it is by far the most.
    let text = format!(
        "WITH now AS MATERIALIZED (
             SELECT pg_current_snapshot() AS snapshot, pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next),
         place AS MATERIALIZED (
             SELECT p.conversation_id, p.account_id, p.sees_after, p.last_message_id
             FROM unnest($1::uuid[]) reader (account_id)
             JOIN participation p ON p.account_id = reader.account_id AND p.last_activity_at >= $2 AND p.left_at IS NULL),
         fresh AS MATERIALIZED (
             SELECT n.* FROM now CROSS JOIN (SELECT DISTINCT conversation_id FROM place) d CROSS JOIN LATERAL (
                 SELECT m.id, m.conversation_id, m.author_id, m.sent_at, m.withdrawn_at, {} AS written_by
                 FROM message m WHERE m.conversation_id = d.conversation_id AND m.id > $3
                     AND NOT pg_visible_in_snapshot({}::text::xid8, $4::pg_snapshot)
                 ORDER BY m.id DESC LIMIT $5) n
             LIMIT $5)
         SELECT now.snapshot::text AS snapshot, (SELECT count(*) FROM fresh) AS found,
                m.id, m.conversation_id, m.author_id, m.body, m.sent_at, new.written_by, new.readers
         FROM now LEFT JOIN LATERAL (
             SELECT m.id, m.written_by, array_agg(p.account_id) AS readers
             FROM fresh m JOIN account a ON a.id = m.author_id JOIN place p ON p.conversation_id = m.conversation_id
             WHERE {SEEN} AND {PRESENT} GROUP BY m.id, m.written_by) new ON true
         LEFT JOIN message m ON m.id = new.id ORDER BY m.id",
        writer!("m"),
        writer!("m"),
    );
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = Row::find_by_statement(sql(
        &text,
        [
            readers.to_vec().into(),
            from.into(),
            first_id(from).into(),
            since.snapshot().into(),
            limit.into(),
        ],
    ))
    .all(connection)
    .await?;
    let first = rows
        .first()
        .ok_or_else(|| DbErr::RecordNotFound("pg_current_snapshot()".to_owned()))?;
    let moment =
        Moment::of_snapshot(now, &first.snapshot).map_err(|error| DbErr::Custom(error.to_string()))?;
    Ok(Found {
        moment,
        is_all: first.found < limit,
        written: rows.into_iter().filter_map(written).collect(),
    })
}

/// How far somebody has read, for one who sees it.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Mark {
    pub reader_id: Uuid,
    pub conversation_id: Uuid,
    pub account_id: Uuid,
    pub read_up_to: Uuid,
}

/// How far these people have read, each in a conversation, for those of `readers` who see it; of more than
/// [`PLACES_LIMIT`] marks in one conversation one more, which says so.
pub async fn marks(
    connection: &impl ConnectionTrait,
    readers: &[Uuid],
    read: Vec<(Uuid, Uuid)>,
) -> Result<Vec<Mark>, DbErr> {
    let (conversations, accounts): (Vec<Uuid>, Vec<Uuid>) = read.into_iter().unzip();
    Mark::find_by_statement(sql(
        &format!(
            "SELECT s.* FROM (
                 SELECT p.account_id AS reader_id, q.conversation_id, q.account_id, q.read_up_to,
                        row_number() OVER (PARTITION BY p.account_id, q.conversation_id) AS number
                 FROM unnest($2::uuid[], $3::uuid[]) AS d (conversation_id, account_id)
                 JOIN participation q ON q.conversation_id = d.conversation_id AND q.account_id = d.account_id
                 JOIN account a ON a.id = q.account_id
                 JOIN participation p ON p.conversation_id = q.conversation_id AND p.account_id = ANY ($1) AND p.left_at IS NULL
                 WHERE q.left_at IS NULL AND q.read_up_to IS NOT NULL AND {PRESENT} AND {}) s
             WHERE s.number <= {PLACES_LIMIT} + 1",
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

/// In which conversations these readers are together with one of these people; of more than [`PLACES_LIMIT`] a reader
/// one more, which says so.
pub async fn shared_places(
    connection: &impl ConnectionTrait,
    readers: &[Uuid],
    people: &[Uuid],
) -> Result<Vec<Place>, DbErr> {
    places_with(connection, readers, people, "p.account_id <> q.account_id").await
}

/// The same for those in which one of these people has read something: for readers who share their own mark and see
/// theirs, and for themselves, who see those of others. Nobody else is told anything.
pub async fn marked_places(
    connection: &impl ConnectionTrait,
    readers: &[Uuid],
    people: &[Uuid],
) -> Result<Vec<Place>, DbErr> {
    let among = format!(
        "q.left_at IS NULL AND (p.account_id = q.account_id OR q.read_up_to IS NOT NULL AND {})",
        share_read("p.account_id")
    );
    places_with(connection, readers, people, &among).await
}

async fn places_with(
    connection: &impl ConnectionTrait,
    readers: &[Uuid],
    people: &[Uuid],
    among: &str,
) -> Result<Vec<Place>, DbErr> {
    Place::find_by_statement(sql(
        &format!(
            "SELECT s.reader_id, s.conversation_id FROM (
                 SELECT p.account_id AS reader_id, p.conversation_id,
                        row_number() OVER (PARTITION BY p.account_id) AS number
                 FROM participation q JOIN participation p ON p.conversation_id = q.conversation_id
                 WHERE q.account_id = ANY($2) AND p.account_id = ANY($1) AND p.left_at IS NULL AND {among}) s
             WHERE s.number <= {PLACES_LIMIT} + 1"
        ),
        [readers.to_vec().into(), people.to_vec().into()],
    ))
    .all(connection)
    .await
}

/// Conversations that one looks at again.
#[derive(Debug, Clone)]
pub struct Changed {
    pub conversations: Vec<Uuid>,
    /// Whether these are all: one has no more conversations than are looked through.
    pub is_all: bool,
}

/// The conversations of which something else than a message changed since a moment: who is in them, what they are called,
/// how far somebody has read whose mark one sees, whether somebody is here, that one was removed from them or is invited.
/// Looked for among those with the latest news, [`CHANGED_AMONG`] at most.
///
/// Of rows that hold what one may not see, that something of them changed would tell it: of these it is written beside
/// what others see which transaction changed that (`marked_by`, `shown_by`).
pub async fn changed(
    connection: &impl ConnectionTrait,
    caller: Caller,
    since: &Moment,
) -> Result<Changed, DbErr> {
    let is_new = |writer: &str| format!("NOT pg_visible_in_snapshot({writer}::text::xid8, $2::pg_snapshot)");
    // A number that is still to come is of another server, from which the database was brought here.
    let is_noted = |column: &str| format!("({column}::text::bigint < now.next AND {})", is_new(column));
    let text = format!(
        "WITH now AS MATERIALIZED (SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next),
              latest AS MATERIALIZED (
             SELECT p.conversation_id AS id FROM participation p WHERE p.account_id = $1 AND p.left_at IS NULL
             ORDER BY p.last_activity_at DESC, p.conversation_id DESC LIMIT {CHANGED_AMONG} + 1)
         SELECT latest.id, (SELECT count(*) FROM latest) AS among FROM now, latest
         WHERE EXISTS (SELECT 1 FROM conversation c WHERE c.id = latest.id AND {})
            OR EXISTS (SELECT 1 FROM participation q
                WHERE q.conversation_id = latest.id AND q.left_at IS NULL AND {} AND {})
            OR EXISTS (SELECT 1 FROM participation q JOIN account a ON a.id = q.account_id
                       LEFT JOIN profile o ON o.account_id = a.id
                WHERE q.conversation_id = latest.id AND q.left_at IS NULL AND ({} OR {}))
         UNION ALL SELECT g.conversation_id, 0 FROM now, group_removal g WHERE g.account_id = $1 AND {}
         UNION ALL SELECT i.conversation_id, 0 FROM now, group_invitation i WHERE i.account_id = $1 AND {} AND {}
         UNION ALL SELECT NULL, count(*) FROM latest",
        is_new(writer!("c")),
        is_noted("q.marked_by"),
        shows_mark("$1"),
        is_noted("a.shown_by"),
        is_noted("o.shown_by"),
        is_new(writer!("g")),
        is_new(writer!("i")),
        shown("i"),
    );
    let rows = ChangedRow::find_by_statement(sql(&text, [caller.account.into(), since.snapshot().into()]))
        .all(connection)
        .await?;
    let among = rows.iter().map(|row| row.among).max().unwrap_or_default();
    Ok(Changed {
        conversations: rows.into_iter().filter_map(|row| row.id).collect(),
        is_all: among <= i64::from(CHANGED_AMONG),
    })
}

#[derive(FromQueryResult)]
struct ChangedRow {
    id: Option<Uuid>,
    among: i64,
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
