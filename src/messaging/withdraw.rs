//! Deleting a message for everyone: one's own, or a reported one. Under a hold on messages it disappears just the same, and is kept
//! restricted until the hold ends (R18).

use entity::message;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Select,
    Set, sea_query::LockType,
};
use uuid::Uuid;

use super::{messages, note_change, notify};
use crate::{
    account::{Caller, NotActive, enter},
    database::{Transaction, sql},
    hold, ledger,
    portal::Portal,
};

#[derive(Debug, thiserror::Error)]
pub enum WithdrawError {
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error("there is no such message for the caller")]
    NotFound,
    #[error("somebody else wrote it")]
    NotOwn,
    #[error(transparent)]
    Database(#[from] DbErr),
}

pub async fn withdraw(portal: &Portal, caller: Caller, id: Uuid) -> Result<(), WithdrawError> {
    let transaction = portal.database.begin().await?;
    enter(&transaction, caller.account).await??;
    // Who wrote a message never changes: nobody else's is locked.
    let message = find(id).one(&transaction).await?.ok_or(WithdrawError::NotFound)?;
    if message.author_id != caller.account {
        // What one cannot see is, to oneself, not there.
        return Err(if messages::is_seen(&transaction, caller, id).await? {
            WithdrawError::NotOwn
        } else {
            WithdrawError::NotFound
        });
    }
    let message = lock(&transaction, id).await?.ok_or(WithdrawError::NotFound)?;
    erase(portal, &transaction, &message).await?;
    transaction.commit().await?;
    Ok(())
}

fn find(id: Uuid) -> Select<message::Entity> {
    message::Entity::find_by_id(id).filter(message::Column::WithdrawnAt.is_null())
}

/// The message, locked behind its conversation, if it is still there for anybody. Whoever leaves or names a group locks
/// that before they number an event of an account (R7): so does whoever erases a message.
pub async fn lock(transaction: &Transaction, id: Uuid) -> Result<Option<message::Model>, DbErr> {
    transaction
        .execute_raw(sql(
            "SELECT 1 FROM conversation c WHERE c.id = (SELECT m.conversation_id FROM message m WHERE m.id = $1)
             FOR NO KEY UPDATE",
            [id.into()],
        ))
        .await?;
    find(id).lock(LockType::Update).one(transaction).await
}

/// Erases a message that is locked as by [`lock`], or keeps it restricted where a hold covers it. The caller holds its
/// author's account.
pub async fn erase(
    portal: &Portal,
    transaction: &Transaction,
    message: &message::Model,
) -> Result<(), DbErr> {
    let now = portal.database_clock.now(transaction).await?;
    if hold::covers(transaction, message.author_id, "messages").await? {
        message::ActiveModel {
            id: Set(message.id),
            withdrawn_at: Set(Some(now)),
            idempotency_hash: Set(None),
            ..Default::default()
        }
        .update(transaction)
        .await?;
    } else {
        message::Entity::delete_by_id(message.id)
            .exec(transaction)
            .await?;
    }
    let event = ledger::Event::ItemErased {
        table: "message",
        row_id: message.id,
    };
    ledger::record(transaction, message.author_id, now, event).await?;
    note_change(portal, transaction, message.conversation_id).await?;
    notify::take_back_of_gone(transaction, message.conversation_id).await
}
