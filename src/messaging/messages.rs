//! The messages of one conversation, newest first.

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, FromQueryResult};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::PRESENT;
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
}

#[derive(FromQueryResult)]
struct Row {
    id: Option<Uuid>,
    author_id: Option<Uuid>,
    body: Option<String>,
    sent_at: Option<DateTime<Utc>>,
}

/// A page of messages; it goes on before the last one's id. None: there is no such conversation for the caller.
pub async fn list(
    portal: &Portal,
    caller: Caller,
    conversation: Uuid,
    page: &Page<Uuid>,
) -> Result<Option<Listed<Message>>, DbErr> {
    // One row without a message says: a member, and nothing to read.
    let rows = Row::find_by_statement(sql(
        &format!(
            "SELECT m.id, m.author_id, m.body, m.sent_at FROM participation p
             LEFT JOIN LATERAL (
                 SELECT m.id, m.author_id, m.body, m.sent_at FROM message m JOIN account a ON a.id = m.author_id
                 WHERE m.conversation_id = p.conversation_id AND m.id < $3 AND m.withdrawn_at IS NULL AND {PRESENT}
                 ORDER BY m.id DESC LIMIT $4) m ON true
             WHERE p.conversation_id = $1 AND p.account_id = $2 ORDER BY m.id DESC"
        ),
        [
            conversation.into(),
            caller.account.into(),
            page.after.unwrap_or(Uuid::max()).into(),
            page.rows().into(),
        ],
    ))
    .all(&portal.database)
    .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let messages = rows.into_iter().filter_map(message).collect();
    Ok(Some(Listed::cut(messages, page, |message| message.id)))
}

/// The first messages after the caller's read mark, newest first like every list; it goes on before the first of them.
/// None: there is no such conversation for the caller.
pub async fn first_unread(
    portal: &Portal,
    caller: Caller,
    conversation: Uuid,
    limit: usize,
) -> Result<Option<Listed<Message>>, DbErr> {
    let rows = Row::find_by_statement(sql(
        &format!(
            "SELECT m.id, m.author_id, m.body, m.sent_at FROM participation p
             LEFT JOIN LATERAL (
                 SELECT m.id, m.author_id, m.body, m.sent_at FROM message m JOIN account a ON a.id = m.author_id
                 WHERE m.conversation_id = p.conversation_id
                   AND m.id > coalesce(p.read_up_to, '00000000-0000-0000-0000-000000000000')
                   AND m.withdrawn_at IS NULL AND {PRESENT}
                 ORDER BY m.id LIMIT $3) m ON true
             WHERE p.conversation_id = $1 AND p.account_id = $2 ORDER BY m.id DESC"
        ),
        [
            conversation.into(),
            caller.account.into(),
            i64::try_from(limit).unwrap_or(i64::MAX).into(),
        ],
    ))
    .all(&portal.database)
    .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let messages = rows.into_iter().filter_map(message).collect();
    Ok(Some(Listed::before(messages, |message| message.id)))
}

/// One message that the caller can see in this conversation.
pub async fn one(
    portal: &Portal,
    caller: Caller,
    conversation: Uuid,
    id: Uuid,
) -> Result<Option<Message>, DbErr> {
    let row = Row::find_by_statement(sql(
        &format!(
            "SELECT m.id, m.author_id, m.body, m.sent_at FROM message m
             JOIN participation p ON p.conversation_id = m.conversation_id AND p.account_id = $3
             JOIN account a ON a.id = m.author_id
             WHERE m.id = $1 AND m.conversation_id = $2 AND m.withdrawn_at IS NULL AND {PRESENT}"
        ),
        [id.into(), conversation.into(), caller.account.into()],
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
    })
}
