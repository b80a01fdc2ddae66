//! How far one has read.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::{SEEN, notify};
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

#[derive(FromQueryResult)]
struct Part {
    /// A mail told of what waits here, or is queued.
    is_mailed: bool,
    /// The message is one that they may see: a mark never says that someone read what was not shown to them.
    is_known: bool,
}

/// Marks everything up to a message as read. The mark never goes back; nobody is mailed once they have read everything.
pub async fn mark(portal: &Portal, caller: Caller, conversation: Uuid, up_to: Uuid) -> Result<(), ReadError> {
    let transaction = portal.database.begin().await?;
    enter(&transaction, caller.account).await??;
    let part = Part::find_by_statement(sql(
        &format!(
            "SELECT p.mailed_at IS NOT NULL AS is_mailed, EXISTS (
                 SELECT 1 FROM message m WHERE m.id = $3 AND m.conversation_id = $1 AND {SEEN}) AS is_known
             FROM participation p WHERE p.conversation_id = $1 AND p.account_id = $2 AND p.left_at IS NULL
             FOR NO KEY UPDATE OF p"
        ),
        [conversation.into(), caller.account.into(), up_to.into()],
    ))
    .one(&transaction)
    .await?
    .ok_or(ReadError::NotFound)?;
    if !part.is_known {
        return Err(Invalid::one("up_to", Fault::new("unknown_message")).into());
    }
    let moved = transaction
        .execute_raw(sql(
            "UPDATE participation SET read_up_to = $3, marked_by = pg_current_xact_id(),
                 mail_due_at = CASE WHEN last_message_id > $3 THEN mail_due_at END
             WHERE conversation_id = $1 AND account_id = $2 AND (read_up_to IS NULL OR read_up_to < $3)",
            [conversation.into(), caller.account.into(), up_to.into()],
        ))
        .await?;
    if part.is_mailed && moved.rows_affected() > 0 {
        notify::take_back_if_read(&transaction, caller.account, conversation).await?;
    }
    transaction.commit().await?;
    if moved.rows_affected() == 0 {
        return Ok(());
    }
    portal.announcements.announce(Change::Read {
        conversation,
        account: caller.account,
    });
    Ok(())
}
