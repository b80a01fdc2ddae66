//! One's conversations, those with the latest news first.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    BY_SOMEBODY_PRESENT, NAME_OF_ONE_WHO_LEFT, PARTNER_BLOCKED, PRESENT, SEEN, messages::Message,
    preferences::share_read,
};
use crate::{
    account::Caller,
    database::sql,
    portal::Portal,
    unread::unread_messages,
    values::{Listed, Page},
};

/// Unread messages are counted up to here.
const UNREAD_LIMIT: i64 = 100;
/// Conversations with something unread are counted up to here.
pub const UNREAD_CONVERSATIONS_LIMIT: u64 = 100;

/// Who manages a group: of its people (as `q`) with their accounts (as `a`) the one who has been in it longest. That is
/// worked out, so that somebody does whoever leaves, is suspended or erased.
pub(super) const MANAGER: &str =
    "(array_agg(q.account_id ORDER BY q.joined_at, q.account_id) FILTER (WHERE a.status = 'active'))[1]";

/// Whether a conversation is in one's list: what someone began who was blocked by then has nothing to show.
const LISTED: &str = "NOT (NOT c.is_group AND last.id IS NULL AND EXISTS (
    SELECT 1 FROM participation q JOIN block b ON b.account_id = $1 AND b.blocked_id = q.account_id
    WHERE q.conversation_id = c.id))";

/// Someone in a conversation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Participant {
    pub id: Uuid,
    pub display_name: String,
    /// Whether they are in the directory and can be looked at there.
    pub listed: bool,
    /// The last message that they have read; null for everyone but oneself, if one does not share one's own. Null tells
    /// nothing: neither whether they have read something, nor whether they share it.
    pub read_up_to: Option<Uuid>,
    /// What was written before they joined, up to this message, was never shown to them.
    #[serde(default, skip_serializing)]
    #[schema(ignore)]
    pub sees_after: Uuid,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Conversation {
    pub id: Uuid,
    pub subject: Option<String>,
    /// Whether people join it by invitation and leave it.
    pub is_group: bool,
    /// Who can rename a group and remove people from it; null where it is none.
    pub manager_id: Option<Uuid>,
    /// Everyone in it, oneself included, by name.
    pub members: Vec<Participant>,
    /// How many were in it and left the portal.
    pub former_members: i64,
    /// Messages of others that one has not read; 100 stands for that many or more.
    pub unread: i64,
    pub last_message: Option<Message>,
    pub created_at: DateTime<Utc>,
    pub last_activity_at: DateTime<Utc>,
    /// Whether one blocked the only other one.
    #[serde(skip)]
    pub is_blocked: bool,
    /// Whether it is between two, who cannot leave it.
    #[serde(skip)]
    pub is_pair: bool,
}

/// Where a page of the list ends: instant and conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Position(DateTime<Utc>, Uuid);

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    subject: Option<String>,
    is_group: bool,
    manager_id: Option<Uuid>,
    created_at: DateTime<Utc>,
    last_activity_at: DateTime<Utc>,
    is_blocked: bool,
    is_pair: bool,
    members: serde_json::Value,
    former_members: i64,
    unread: i64,
    message_id: Option<Uuid>,
    author_id: Option<Uuid>,
    body: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    author_name: Option<String>,
}

/// The subject of a conversation (as `c`) as a reader sees it: while whoever chose it is here, and is not blocked by them.
/// `reader` is SQL.
pub(super) fn subject(reader: &str) -> String {
    format!(
        "CASE WHEN EXISTS (SELECT 1 FROM account a WHERE a.id = c.subject_by AND {PRESENT})
              AND NOT EXISTS (SELECT 1 FROM block b
                  WHERE b.account_id = {reader} AND b.blocked_id = c.subject_by AND b.ended_at IS NULL)
         THEN c.subject END"
    )
}

/// The conversations of `$1` with everything the list shows, in one statement; `{narrowed}` says which.
fn query(narrowed: &str) -> String {
    format!(
        "SELECT c.id, c.created_at, p.last_activity_at, {PARTNER_BLOCKED} AS is_blocked, {} AS subject,
                c.pair_low IS NOT NULL AS is_pair,
                c.is_group, CASE WHEN c.is_group THEN others.manager END AS manager_id, others.members, c.former_members + others.leaving AS former_members, unread.count AS unread,
                last.id AS message_id, last.author_id, last.body, last.sent_at, last.author_name
         FROM participation p
         JOIN conversation c ON c.id = p.conversation_id
         CROSS JOIN LATERAL (
             SELECT count(*) FILTER (WHERE NOT ({PRESENT})) AS leaving, {MANAGER} AS manager,
                    coalesce(jsonb_agg(jsonb_build_object('id', a.id, 'display_name',
                        coalesce(o.display_name, o.first_name || ' ' || o.last_name),
                        'listed', a.status = 'active' AND coalesce(o.listed, false),
                        'sees_after', q.sees_after,
                        'read_up_to', CASE WHEN {} THEN q.read_up_to END) ORDER BY o.sort_name, a.id)
                        FILTER (WHERE {PRESENT}), '[]') AS members
             FROM participation q JOIN account a ON a.id = q.account_id
                  LEFT JOIN profile o ON o.account_id = a.id
             WHERE q.conversation_id = c.id AND q.left_at IS NULL) others
         CROSS JOIN LATERAL (
             SELECT count(*) AS count FROM ({} LIMIT {UNREAD_LIMIT}) counted) unread
         LEFT JOIN LATERAL (
             SELECT m.id, m.author_id, m.body, m.sent_at, {NAME_OF_ONE_WHO_LEFT} AS author_name
             FROM message m
             WHERE m.conversation_id = c.id AND {SEEN} AND {BY_SOMEBODY_PRESENT}
             ORDER BY m.id DESC LIMIT 1) last ON true
         WHERE p.account_id = $1 AND p.left_at IS NULL AND {narrowed}",
        subject("$1"),
        shows_mark("$1"),
        unread_messages()
    )
}

/// Whether a reader sees how far someone (as `q`) has read: one's own mark, and those of others where both share theirs.
/// Blocks change nothing about it: whoever compared what is told in a pair and in a group would find out.
pub(super) fn shows_mark(reader: &str) -> String {
    format!(
        "(q.account_id = {reader} OR {} AND {})",
        share_read(reader),
        share_read("q.account_id")
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
    let narrowed = format!(
        "(p.last_activity_at, p.conversation_id) < ($2, $3) AND {LISTED}
         ORDER BY p.last_activity_at DESC, p.conversation_id DESC LIMIT $4"
    );
    let rows = Row::find_by_statement(sql(
        &query(&narrowed),
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

/// One of those that one's list shows.
pub async fn listed(portal: &Portal, caller: Caller, id: Uuid) -> Result<Option<Conversation>, DbErr> {
    let row = Row::find_by_statement(sql(
        &query(&format!("p.conversation_id = $2 AND {LISTED}")),
        [caller.account.into(), id.into()],
    ))
    .one(&portal.database)
    .await?;
    Ok(row.map(Conversation::from))
}

/// Those of one's conversations that have these ids, in no order.
pub async fn some(portal: &Portal, caller: Caller, ids: Vec<Uuid>) -> Result<Vec<Conversation>, DbErr> {
    let rows = Row::find_by_statement(sql(
        &query("p.conversation_id = ANY ($2)"),
        [caller.account.into(), ids.into()],
    ))
    .all(&portal.database)
    .await?;
    Ok(rows.into_iter().map(Conversation::from).collect())
}

impl From<Row> for Conversation {
    fn from(row: Row) -> Self {
        let last_message = (|| {
            Some(Message {
                id: row.message_id?,
                author_id: row.author_id?,
                body: row.body?,
                sent_at: row.sent_at?,
                author_name: row.author_name,
            })
        })();
        Self {
            id: row.id,
            subject: row.subject,
            is_group: row.is_group,
            manager_id: row.manager_id,
            members: serde_json::from_value(row.members).unwrap_or_default(),
            former_members: row.former_members,
            unread: row.unread,
            last_message,
            created_at: row.created_at,
            last_activity_at: row.last_activity_at,
            is_blocked: row.is_blocked,
            is_pair: row.is_pair,
        }
    }
}
