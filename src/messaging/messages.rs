//! The messages of one conversation, newest first.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, FromQueryResult, Statement, Value};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{AFTER_READ, BY_SOMEBODY_PRESENT, NAME_OF_ONE_WHO_LEFT, PRESENT, SEEN};
use crate::{
    account::Caller,
    database::sql,
    portal::Portal,
    values::{Listed, Page},
};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Message {
    pub id: Uuid,
    pub author_id: Uuid,
    pub body: String,
    pub sent_at: DateTime<Utc>,
    /// What the author is called, where they left the conversation and are still a member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_name: Option<String>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Option<Uuid>,
    author_id: Option<Uuid>,
    body: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    author_name: Option<String>,
    /// Whether the author is still a member. None: there is no message.
    is_by_present: Option<bool>,
}

/// The last ones before `$4`, at most `$3`.
const BEFORE: &str = "m.id < $4 ORDER BY m.id DESC LIMIT $3";

/// A page of messages; it goes on before the last one's id. None: there is no such conversation for the caller.
pub async fn list(
    portal: &Portal,
    caller: Caller,
    conversation: Uuid,
    page: &Page<Uuid>,
) -> Result<Option<Listed<Message>>, DbErr> {
    let before = page.after.unwrap_or(Uuid::max());
    let mut found = by_anybody(portal, caller, conversation, before, page.rows()).await?;
    if found.iter().any(|row| row.is_by_present == Some(false)) {
        let values = vec![page.rows().into(), before.into()];
        found = rows(portal, caller, conversation, BEFORE, values).await?;
    }
    Ok(messages(found).map(|messages| Listed::cut(messages, page, |message| message.id)))
}

/// The first messages after the caller's read mark, newest first like every list; it goes on before the first of them.
/// None: there is no such conversation for the caller.
pub async fn first_unread(
    portal: &Portal,
    caller: Caller,
    conversation: Uuid,
    limit: usize,
) -> Result<Option<Listed<Message>>, DbErr> {
    let found = some(
        portal,
        caller,
        conversation,
        &format!("{AFTER_READ} ORDER BY m.id LIMIT $3"),
        vec![i64::try_from(limit).unwrap_or(i64::MAX).into()],
    )
    .await?;
    Ok(found.map(|messages| Listed::before(messages, |message| message.id)))
}

/// Messages around one of them: half of them after it, as far as there are any; newest first, and it goes on before the
/// first of them. None: there is no such conversation for the caller.
pub async fn around(
    portal: &Portal,
    caller: Caller,
    conversation: Uuid,
    message: Uuid,
    page: &Page<Uuid>,
) -> Result<Option<Listed<Message>>, DbErr> {
    let after = i64::try_from(page.limit / 2).unwrap_or(i64::MAX);
    let found = some(
        portal,
        caller,
        conversation,
        "m.id <= coalesce((SELECT l.id FROM (
             SELECT n.id FROM message n WHERE n.conversation_id = p.conversation_id AND n.id >= $4
             ORDER BY n.id LIMIT $5) l ORDER BY l.id DESC LIMIT 1), $4)
         ORDER BY m.id DESC LIMIT $3",
        vec![page.rows().into(), message.into(), after.into()],
    )
    .await?;
    Ok(found.map(|messages| Listed::cut(messages, page, |message| message.id)))
}

/// Messages that the caller can see in this conversation, newest first; `which` ends with their order and number, and
/// its values begin with `$3`. None: there is no such conversation for the caller.
async fn some(
    portal: &Portal,
    caller: Caller,
    conversation: Uuid,
    which: &str,
    values: Vec<Value>,
) -> Result<Option<Vec<Message>>, DbErr> {
    let found = rows(portal, caller, conversation, which, values).await?;
    Ok(messages(found))
}

/// The same as rows.
async fn rows(
    portal: &Portal,
    caller: Caller,
    conversation: Uuid,
    which: &str,
    values: Vec<Value>,
) -> Result<Vec<Row>, DbErr> {
    // One row without a message says: a member, and nothing to read.
    let text = format!(
        "SELECT m.id, m.author_id, m.body, m.sent_at, m.author_name, true AS is_by_present FROM participation p
         LEFT JOIN LATERAL (
             SELECT m.id, m.author_id, m.body, m.sent_at, {NAME_OF_ONE_WHO_LEFT} AS author_name
             FROM message m
             WHERE m.conversation_id = p.conversation_id AND {SEEN} AND {BY_SOMEBODY_PRESENT} AND {which}) m ON true
         WHERE p.conversation_id = $1 AND p.account_id = $2 AND p.left_at IS NULL ORDER BY m.id DESC"
    );
    let values = [conversation.into(), caller.account.into()]
        .into_iter()
        .chain(values);
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, text, values);
    Row::find_by_statement(statement).all(&portal.database).await
}

/// None: there is no such conversation for the caller.
fn messages(rows: Vec<Row>) -> Option<Vec<Message>> {
    (!rows.is_empty()).then(|| rows.into_iter().filter_map(message).collect())
}

/// What [`BEFORE`] says, and what the authors are called who left, of whom it asks once each instead of with every
/// message. Messages of authors who are not members any more are among them, and take the place of others.
async fn by_anybody(
    portal: &Portal,
    caller: Caller,
    conversation: Uuid,
    before: Uuid,
    limit: i64,
) -> Result<Vec<Row>, DbErr> {
    static FIND: LazyLock<String> = LazyLock::new(|| {
        format!(
            "WITH page AS MATERIALIZED (
                 SELECT m.id, m.author_id, m.body, m.sent_at FROM participation p
                 LEFT JOIN LATERAL (
                     SELECT m.id, m.author_id, m.body, m.sent_at FROM message m
                     WHERE m.conversation_id = p.conversation_id AND {SEEN} AND {BEFORE}) m ON true
                 WHERE p.conversation_id = $1 AND p.account_id = $2 AND p.left_at IS NULL),
             author AS MATERIALIZED (
                 SELECT m.author_id, {BY_SOMEBODY_PRESENT} AS is_by_present, {NAME_OF_ONE_WHO_LEFT} AS author_name
                 FROM (SELECT DISTINCT author_id, $1::uuid AS conversation_id FROM page) m)
             SELECT m.id, m.author_id, m.body, m.sent_at, a.is_by_present, a.author_name
             FROM page m LEFT JOIN author a ON a.author_id = m.author_id ORDER BY m.id DESC"
        )
    });
    let values = [
        conversation.into(),
        caller.account.into(),
        limit.into(),
        before.into(),
    ];
    Row::find_by_statement(sql(&FIND, values))
        .all(&portal.database)
        .await
}

/// `columns` of the message `$1` (as `m`) for the caller `$2`, who takes part (as `p`) in its conversation and sees it.
pub(crate) fn seen(columns: &str) -> String {
    format!(
        "SELECT {columns} FROM message m JOIN account a ON a.id = m.author_id
         JOIN participation p ON p.conversation_id = m.conversation_id AND p.account_id = $2 AND p.left_at IS NULL
         WHERE m.id = $1 AND {SEEN} AND {PRESENT}"
    )
}

/// Whether the caller can see the message, wherever it is.
pub async fn is_seen(connection: &impl ConnectionTrait, caller: Caller, id: Uuid) -> Result<bool, DbErr> {
    let found = connection
        .query_one_raw(sql(&seen("1"), [id.into(), caller.account.into()]))
        .await?;
    Ok(found.is_some())
}

/// One message that the caller can see in this conversation.
pub async fn one(
    portal: &Portal,
    caller: Caller,
    conversation: Uuid,
    id: Uuid,
) -> Result<Option<Message>, DbErr> {
    let columns = format!("m.id, m.author_id, m.body, m.sent_at, {NAME_OF_ONE_WHO_LEFT} AS author_name");
    let row = Row::find_by_statement(sql(
        &format!("{} AND m.conversation_id = $3", seen(&columns)),
        [id.into(), caller.account.into(), conversation.into()],
    ))
    .one(&portal.database)
    .await?;
    Ok(row.and_then(message))
}

fn message(row: Row) -> Option<Message> {
    Some(Message {
        id: row.id?,
        author_id: row.author_id?,
        body: row.body?,
        sent_at: row.sent_at?,
        author_name: row.author_name,
    })
}
