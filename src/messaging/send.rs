//! Writing in a conversation that exists. A repeated key gives the first message again, not a second one.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use entity::message;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Set,
};
use uuid::Uuid;

use super::{
    BODY_LIMIT, PARTNER_BLOCKED, PRESENT, UNHEARD,
    messages::Message,
    notify::{self, Due},
    preferences::message_mail,
};
use crate::{
    account::{Caller, NotActive, enter},
    announcements::Change,
    authentication::{
        session_key::SessionKey,
        session_store::{self, ALIVE, IS_USE_TO_NOTE},
    },
    database::{Transaction, broken_constraint, sql, sql_state},
    limits::{self, Limited, TooOften},
    portal::Portal,
    values::{IdempotencyKey, Invalid, Prose, prose},
};

#[derive(Debug, thiserror::Error)]
pub enum SendError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error("there is no such conversation for the caller")]
    NotFound,
    #[error("nobody else is there")]
    NobodyLeft,
    #[error("the caller blocked the other one")]
    Blocked,
    #[error(transparent)]
    TooOften(#[from] TooOften),
    #[error("the key was used for another message")]
    KeyReused,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Sends a message, in one transaction, by the steps that say what is in its way.
pub async fn send(
    portal: &Portal,
    caller: Caller,
    conversation: Uuid,
    body: &str,
    key: Option<IdempotencyKey>,
) -> Result<Message, SendError> {
    let body = prose(body, BODY_LIMIT).map_err(|fault| Invalid::one("body", fault))?;
    let transaction = portal.database.begin().await?;
    let account = enter(&transaction, caller.account).await??;
    if !lock_conversation(&transaction, caller.account, conversation).await? {
        return Err(SendError::NotFound);
    }
    if let Some(sent) = already_sent(&transaction, caller.account, key.as_ref()).await? {
        let same = sent.conversation_id == conversation && sent.body == body.as_str();
        return if same {
            Ok(view(sent))
        } else {
            Err(SendError::KeyReused)
        };
    }
    let reach = reach(&transaction, caller.account, conversation).await?;
    if !reach.is_in {
        return Err(SendError::NotFound);
    }
    if reach.blocked {
        return Err(SendError::Blocked);
    }
    if !reach.somebody {
        return Err(SendError::NobodyLeft);
    }
    limits::take(&transaction, portal, &account, Limited::Messages).await??;
    let message = append(
        portal,
        &transaction,
        caller.account,
        conversation,
        reach.newest,
        body,
        key,
    )
    .await
    .map_err(key_reused)?;
    transaction.commit().await?;
    portal.announcements.announce(Change::Message);
    Ok(message)
}

static AT_ONCE: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT s.account_id AS author, {IS_USE_TO_NOTE} AS is_use_to_note,
             send_at_once(s.account_id, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) AS at
         FROM session s WHERE {ALIVE}"
    )
});

/// The same for whoever has this session, by one statement, if nothing is in its way and there is nothing else to do
/// (`send_at_once` in the database asks and writes the same as the steps): what takes ten ways to the database and back is
/// most of what sending costs. None: nothing was done.
pub async fn at_once(
    portal: &Portal,
    session: SessionKey,
    conversation: Uuid,
    body: &str,
    key: Option<&IdempotencyKey>,
) -> Result<Option<Message>, SendError> {
    let Ok(body) = prose(body, BODY_LIMIT) else {
        return Ok(None);
    };
    let (id, at) = portal.new_id_behind(None);
    let due = Due::of(portal);
    let used = limits::one_message(portal);
    let [key_hash, used_after, now, noted_after] = session_store::alive(portal, session);
    let sent = Sent::find_by_statement(sql(
        &AT_ONCE,
        [
            key_hash,
            used_after,
            now,
            noted_after,
            conversation.into(),
            id.into(),
            body.as_str().into(),
            at.into(),
            key.map(IdempotencyKey::hash).into(),
            due.at_once.into(),
            due.daily.into(),
            used.map(|used| used.first).into(),
            used.map(|used| used.from).into(),
            used.map(|used| used.latest).into(),
        ],
    ))
    .one(&portal.database)
    .await
    .map_err(key_reused)?;
    let Some(Sent {
        author,
        is_use_to_note,
        at: Some(sent_at),
    }) = sent
    else {
        return Ok(None);
    };
    portal.announcements.announce(Change::Message);
    // The message is sent, whether or not this works: the next request tries it again.
    if is_use_to_note && let Err(error) = session_store::note_use(portal, session).await {
        tracing::debug!(state = ?sql_state(&error), "the use of a session could not be noted");
    }
    Ok(Some(Message {
        id,
        author_id: author,
        body: body.into_string(),
        sent_at,
        author_name: None,
    }))
}

#[derive(FromQueryResult)]
struct Sent {
    author: Uuid,
    is_use_to_note: bool,
    at: Option<DateTime<Utc>>,
}

/// The same key, sent at the same moment into another conversation: one of the two was first.
fn key_reused(error: DbErr) -> SendError {
    if breaks_key(&error) {
        SendError::KeyReused
    } else {
        SendError::Database(error)
    }
}

/// Whether another message was sent with the same key meanwhile.
pub(super) fn breaks_key(error: &DbErr) -> bool {
    broken_constraint(error) == Some("message_idempotency")
}

/// Locks the conversation against other writers and its end, if the account is in it. Writers take turns, so the
/// order of messages is the order of their ids.
pub(super) async fn lock_conversation(
    transaction: &Transaction,
    account: Uuid,
    conversation: Uuid,
) -> Result<bool, DbErr> {
    let found = transaction
        .query_one_raw(sql(
            "SELECT c.id FROM conversation c WHERE c.id = $1
               AND EXISTS (SELECT 1 FROM participation p WHERE p.conversation_id = c.id AND p.account_id = $2 AND p.left_at IS NULL)
             FOR NO KEY UPDATE",
            [conversation.into(), account.into()],
        ))
        .await?;
    Ok(found.is_some())
}

pub(super) async fn already_sent(
    connection: &impl ConnectionTrait,
    author: Uuid,
    key: Option<&IdempotencyKey>,
) -> Result<Option<message::Model>, DbErr> {
    let Some(key) = key else { return Ok(None) };
    message::Entity::find()
        .filter(message::Column::AuthorId.eq(author))
        .filter(message::Column::IdempotencyHash.eq(key.hash()))
        .one(connection)
        .await
}

/// Whether one is in a conversation, asked under its lock, since one may have left it while waiting for that; whether
/// writing in it reaches anybody, and whether one blocked the only one whom it would reach. `newest` is the last message
/// that anybody has written or, where that one is gone, was shown.
#[derive(FromQueryResult)]
pub(super) struct Reach {
    is_in: bool,
    somebody: bool,
    pub(super) blocked: bool,
    pub(super) newest: Option<Uuid>,
}

pub(super) async fn reach(
    transaction: &Transaction,
    account: Uuid,
    conversation: Uuid,
) -> Result<Reach, DbErr> {
    Reach::find_by_statement(sql(
        &format!(
            "SELECT EXISTS (SELECT 1 FROM participation p
             WHERE p.conversation_id = $1 AND p.account_id = $2 AND p.left_at IS NULL) AS is_in,
             EXISTS (SELECT 1 FROM participation p JOIN account a ON a.id = p.account_id
             WHERE p.conversation_id = $1 AND p.account_id <> $2 AND p.left_at IS NULL AND {PRESENT}) AS somebody,
             EXISTS (SELECT 1 FROM participation p JOIN conversation c ON c.id = p.conversation_id
             WHERE c.id = $1 AND p.account_id = $2 AND {PARTNER_BLOCKED}) AS blocked,
             (SELECT n.id FROM (
                 (SELECT m.id FROM message m WHERE m.conversation_id = $1 ORDER BY m.id DESC LIMIT 1)
                 UNION ALL SELECT greatest(p.last_message_id, p.read_up_to, p.sees_after)
                 FROM participation p WHERE p.conversation_id = $1) n
              ORDER BY n.id DESC LIMIT 1) AS newest"
        ),
        [conversation.into(), account.into()],
    ))
    .one(transaction)
    .await?
    .ok_or(DbErr::RecordNotFound(String::new()))
}

/// Adds the message behind the newest one, moves the conversation to the top of the list of everyone who sees it, marks
/// it read for its author, and says when the others are told by mail, unless they were since they last read. The caller
/// holds the conversation's lock and asked for its [`Reach`] under it.
pub(super) async fn append(
    portal: &Portal,
    transaction: &Transaction,
    author: Uuid,
    conversation: Uuid,
    newest: Option<Uuid>,
    body: Prose,
    key: Option<IdempotencyKey>,
) -> Result<Message, DbErr> {
    let (id, at) = portal.new_id_behind(newest);
    let message = message::ActiveModel {
        id: Set(id),
        conversation_id: Set(conversation),
        author_id: Set(author),
        body: Set(body.into_string()),
        sent_at: Set(at),
        idempotency_hash: Set(key.map(|key| key.hash())),
        withdrawn_at: Set(None),
    }
    .insert(transaction)
    .await?;
    let due = Due::of(portal);
    let wish = message_mail("p.account_id");
    // Whoever writes has read what a mail told them of. What that is, only the row says once it is theirs.
    let text = format!(
        "WITH moved AS (UPDATE participation p SET last_activity_at = greatest(p.last_activity_at, $2),
             last_message_id = greatest(p.last_message_id, $4),
             read_up_to = CASE WHEN p.account_id = $3 THEN greatest(p.read_up_to, $4) ELSE p.read_up_to END,
             mail_due_at = CASE WHEN p.account_id <> $3 AND p.mailed_at IS NULL THEN
                 coalesce(p.mail_due_at, CASE {wish} WHEN 'at_once' THEN $5 WHEN 'daily' THEN $6 END) END
         FROM message m WHERE m.id = $4 AND p.conversation_id = $1 AND p.left_at IS NULL AND NOT {UNHEARD}
         RETURNING p.account_id, p.mailed_at)
         SELECT 1 FROM moved WHERE account_id = $3 AND mailed_at IS NOT NULL"
    );
    let was_mailed = transaction
        .query_one_raw(sql(
            &text,
            [
                conversation.into(),
                at.into(),
                author.into(),
                message.id.into(),
                due.at_once.into(),
                due.daily.into(),
            ],
        ))
        .await?;
    if was_mailed.is_some() {
        notify::take_back_read(transaction, author, conversation).await?;
    }
    Ok(view(message))
}

fn view(row: message::Model) -> Message {
    Message {
        id: row.id,
        author_id: row.author_id,
        body: row.body,
        sent_at: row.sent_at,
        author_name: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the function in the database asks is written there once more.
    #[test]
    fn the_statement_asks_what_the_steps_ask() {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let function = words(include_str!("../../migration/src/m20261201_000033_send/up.sql"));
        for rule in [PARTNER_BLOCKED, UNHEARD, PRESENT, &message_mail("p.account_id")] {
            assert!(function.contains(&words(rule)), "{rule}");
        }
    }
}
