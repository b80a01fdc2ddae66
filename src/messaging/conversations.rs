//! One's conversations, those with the latest news first.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AFTER_READ, PARTNER_BLOCKED, PRESENT, SEEN, messages::Message};
use crate::{
    account::Caller,
    database::sql,
    portal::Portal,
    values::{Listed, Page},
};

/// Unread messages are counted up to here.
const UNREAD_LIMIT: i64 = 1_000;
/// Conversations with something unread are counted up to here.
pub const UNREAD_CONVERSATIONS_LIMIT: u64 = 100;

/// Someone in a conversation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Participant {
    pub id: Uuid,
    pub display_name: String,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Conversation {
    pub id: Uuid,
    pub subject: Option<String>,
    /// Everyone in it, oneself included, by name.
    pub members: Vec<Participant>,
    /// How many were in it and left the portal.
    pub former_members: i64,
    /// Messages of others that one has not read; 1000 stands for that many or more.
    pub unread: i64,
    pub last_message: Option<Message>,
    pub created_at: DateTime<Utc>,
    pub last_activity_at: DateTime<Utc>,
    /// Whether one blocked the only other one.
    #[serde(skip)]
    pub is_blocked: bool,
}

/// Where a page of the list ends: instant and conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Position(DateTime<Utc>, Uuid);

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    subject: Option<String>,
    created_at: DateTime<Utc>,
    last_activity_at: DateTime<Utc>,
    is_blocked: bool,
    members: serde_json::Value,
    former_members: i64,
    unread: i64,
    message_id: Option<Uuid>,
    author_id: Option<Uuid>,
    body: Option<String>,
    sent_at: Option<DateTime<Utc>>,
}

/// The conversations of `$1` with everything the list shows, in one statement; `{narrowed}` says which.
fn query(narrowed: &str) -> String {
    format!(
        "SELECT c.id, c.created_at, p.last_activity_at, {PARTNER_BLOCKED} AS is_blocked,
                CASE WHEN EXISTS (SELECT 1 FROM account a WHERE a.id = c.subject_by AND {PRESENT}) THEN c.subject END AS subject,
                others.members, c.former_members + others.leaving AS former_members, unread.count AS unread,
                last.id AS message_id, last.author_id, last.body, last.sent_at
         FROM participation p
         JOIN conversation c ON c.id = p.conversation_id
         CROSS JOIN LATERAL (
             SELECT count(*) FILTER (WHERE NOT ({PRESENT})) AS leaving,
                    coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'display_name',
                        coalesce(o.display_name, o.first_name || ' ' || o.last_name)) ORDER BY o.sort_name, a.id)
                        FILTER (WHERE {PRESENT}), '[]') AS members
             FROM participation q JOIN account a ON a.id = q.account_id
                  LEFT JOIN profile o ON o.account_id = a.id
             WHERE q.conversation_id = c.id AND q.left_at IS NULL) others
         CROSS JOIN LATERAL (
             SELECT count(*) AS count FROM ({} LIMIT {UNREAD_LIMIT}) counted) unread
         LEFT JOIN LATERAL (
             SELECT m.id, m.author_id, m.body, m.sent_at FROM message m JOIN account a ON a.id = m.author_id
             WHERE m.conversation_id = c.id AND {SEEN} AND {PRESENT}
             ORDER BY m.id DESC LIMIT 1) last ON true
         WHERE p.account_id = $1 AND p.left_at IS NULL AND {narrowed}",
        unread_messages()
    )
}

/// What `$1` has not read in a conversation that they take part in (as `p`).
fn unread_messages() -> String {
    format!(
        "SELECT 1 FROM message m JOIN account a ON a.id = m.author_id
         WHERE m.conversation_id = p.conversation_id
           AND {AFTER_READ} AND m.author_id <> $1 AND {SEEN} AND {PRESENT}"
    )
}

/// In how many of one's conversations something is unread; [`UNREAD_CONVERSATIONS_LIMIT`] stands for that many or more.
/// What cannot be unread by its last message is not looked into, so that many conversations cost nothing.
pub async fn unread(portal: &Portal, caller: Caller) -> Result<u64, DbErr> {
    let statement = format!(
        "SELECT count(*) AS count FROM (
             SELECT 1 FROM participation p WHERE p.account_id = $1 AND p.left_at IS NULL
                AND p.last_message_id > coalesce(p.read_up_to, '00000000-0000-0000-0000-000000000000')
                AND EXISTS ({}) LIMIT {UNREAD_CONVERSATIONS_LIMIT}) unread",
        unread_messages()
    );
    let row = portal
        .database
        .query_one_raw(sql(&statement, [caller.account.into()]))
        .await?;
    let count: i64 = row
        .map(|row| row.try_get("", "count"))
        .transpose()?
        .unwrap_or_default();
    Ok(count.unsigned_abs())
}

/// One's conversations.
pub async fn list(
    portal: &Portal,
    caller: Caller,
    page: &Page<Position>,
) -> Result<Listed<Conversation>, DbErr> {
    let (at, id) = page
        .after
        .clone()
        .map_or((DateTime::<Utc>::MAX_UTC, Uuid::max()), |Position(at, id)| {
            (at, id)
        });
    // The latest instant that PostgreSQL can be asked about safely.
    let at = at.min(portal.now() + chrono::TimeDelta::days(36_500));
    // What someone began who was blocked by then has nothing to show.
    let narrowed = "(p.last_activity_at, p.conversation_id) < ($2, $3)
                    AND NOT (last.id IS NULL AND EXISTS (
                        SELECT 1 FROM participation q JOIN block b ON b.account_id = $1 AND b.blocked_id = q.account_id
                        WHERE q.conversation_id = c.id))
                    ORDER BY p.last_activity_at DESC, p.conversation_id DESC LIMIT $4";
    let rows = Row::find_by_statement(sql(
        &query(narrowed),
        [caller.account.into(), at.into(), id.into(), page.rows().into()],
    ))
    .all(&portal.database)
    .await?;
    let rows = rows.into_iter().map(Conversation::from).collect();
    Ok(Listed::cut(rows, page, |row: &Conversation| {
        Position(row.last_activity_at, row.id)
    }))
}

/// One conversation as its member sees it. None: there is no such conversation for the caller.
pub async fn one(
    connection: &impl ConnectionTrait,
    caller: Caller,
    id: Uuid,
) -> Result<Option<Conversation>, DbErr> {
    let row = Row::find_by_statement(sql(
        &query("p.conversation_id = $2"),
        [caller.account.into(), id.into()],
    ))
    .one(connection)
    .await?;
    Ok(row.map(Conversation::from))
}

impl From<Row> for Conversation {
    fn from(row: Row) -> Self {
        let last_message = (|| {
            Some(Message {
                id: row.message_id?,
                author_id: row.author_id?,
                body: row.body?,
                sent_at: row.sent_at?,
            })
        })();
        Self {
            id: row.id,
            subject: row.subject,
            members: serde_json::from_value(row.members).unwrap_or_default(),
            former_members: row.former_members,
            unread: row.unread,
            last_message,
            created_at: row.created_at,
            last_activity_at: row.last_activity_at,
            is_blocked: row.is_blocked,
        }
    }
}
