//! How far one has read.

use entity::message;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, TransactionTrait};
use uuid::Uuid;

use crate::{
    account::{Caller, NotActive, enter},
    announcements::Change,
    database::sql,
    portal::Portal,
    values::{Fault, Invalid},
};

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error("there is no such conversation for the caller")]
    NotFound,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Marks everything up to a message as read. The mark never goes back.
pub async fn mark(portal: &Portal, caller: Caller, conversation: Uuid, up_to: Uuid) -> Result<(), ReadError> {
    let transaction = portal.database.begin().await?;
    enter(&transaction, caller.account).await??;
    let known = message::Entity::find_by_id(up_to)
        .filter(message::Column::ConversationId.eq(conversation))
        .one(&transaction)
        .await?
        .is_some();
    let mark = known.then_some(up_to);
    let marked = transaction
        .execute_raw(sql(
            "UPDATE participation SET read_up_to = greatest(read_up_to, $3) WHERE conversation_id = $1 AND account_id = $2 AND left_at IS NULL",
            [conversation.into(), caller.account.into(), mark.into()],
        ))
        .await?;
    if marked.rows_affected() == 0 {
        return Err(ReadError::NotFound);
    }
    if !known {
        return Err(Invalid::one("up_to", Fault::new("unknown_message")).into());
    }
    transaction.commit().await?;
    portal.announcements.announce(Change::Read {
        conversation,
        account: caller.account,
    });
    Ok(())
}
