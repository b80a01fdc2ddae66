//! The subject of a conversation goes when its author's data does, or when another takes its place; what a hold on
//! messages covers is kept out of sight until it ends (R13, R18).

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{database::Transaction, database::sql, hold, portal::Portal};

/// Takes the subject away that `author` chose. The caller holds the author's account and then the conversation.
pub async fn take_away(
    portal: &Portal,
    transaction: &Transaction,
    conversation: Uuid,
    author: Uuid,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    if hold::covers(transaction, author, "messages").await? {
        transaction
            .execute_raw(sql(
                "INSERT INTO superseded_subject (id, conversation_id, account_id, subject, superseded_at)
                 SELECT $3, id, subject_by, subject, $4 FROM conversation WHERE id = $1 AND subject_by = $2",
                [
                    conversation.into(),
                    author.into(),
                    portal.new_id().into(),
                    at.into(),
                ],
            ))
            .await?;
    }
    transaction
        .execute_raw(sql(
            "UPDATE conversation SET subject = NULL, subject_by = NULL WHERE id = $1 AND subject_by = $2",
            [conversation.into(), author.into()],
        ))
        .await?;
    Ok(())
}
