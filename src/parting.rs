//! How somebody's part in a group ends, and a conversation with the last of them (R13). Accounts are locked first, then
//! the conversation (R7).

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{database::Transaction, database::sql, hold};

/// Whether nothing is left in a conversation (as `c`) that nobody is in. Whoever left it before has left messages there,
/// and may have chosen its name.
const IS_EMPTY: &str = "NOT EXISTS (SELECT 1 FROM participation p WHERE p.conversation_id = c.id)
    AND c.subject IS NULL AND NOT EXISTS (SELECT 1 FROM message m WHERE m.conversation_id = c.id)";

/// Ends somebody's part in a group or a conversation of several, with the invitations they sent; what they wrote stays. Under a hold on messages
/// they are gone for everyone just the same, and their part is kept out of sight (R18).
pub async fn leave_group(
    transaction: &Transaction,
    group: Uuid,
    member: Uuid,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    let ending = if hold::covers(transaction, member, "messages").await? {
        sql(
            "UPDATE participation SET left_at = coalesce(left_at, $3), idempotency_hash = NULL
             WHERE conversation_id = $1 AND account_id = $2",
            [group.into(), member.into(), at.into()],
        )
    } else {
        sql(
            "DELETE FROM participation WHERE conversation_id = $1 AND account_id = $2",
            [group.into(), member.into()],
        )
    };
    transaction.execute_raw(ending).await?;
    transaction
        .execute_raw(sql(
            "DELETE FROM group_invitation WHERE conversation_id = $1 AND invited_by = $2",
            [group.into(), member.into()],
        ))
        .await?;
    end_empty(transaction, &[group]).await
}

/// The last one to leave takes the conversation along. One in which others left something is only marked: the sweep ends
/// it, account by account, as their holds allow.
pub async fn end_empty(transaction: &Transaction, conversations: &[Uuid]) -> Result<(), DbErr> {
    if conversations.is_empty() {
        return Ok(());
    }
    transaction
        .execute_raw(sql(
            &format!(
                "WITH ended AS (DELETE FROM conversation c WHERE c.id = ANY ($1) AND {IS_EMPTY})
                 UPDATE conversation c SET is_abandoned = true
                 WHERE c.id = ANY ($1) AND NOT c.is_abandoned AND NOT ({IS_EMPTY}) AND NOT EXISTS (
                     SELECT 1 FROM participation p WHERE p.conversation_id = c.id AND p.left_at IS NULL)"
            ),
            [conversations.to_vec().into()],
        ))
        .await?;
    Ok(())
}
