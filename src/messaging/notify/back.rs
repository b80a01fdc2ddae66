//! Taking queued mails back: nobody is mailed about what they have read, answered or left, or what is gone.

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    database::{Transaction, sql},
    unread::unread_messages,
};

/// Takes back the queued mail about a conversation that was read meanwhile, and the one about all, if nothing that it
/// told of is unread any more.
pub(in crate::messaging) async fn take_back(
    transaction: &Transaction,
    account: Uuid,
    conversation: Uuid,
) -> Result<(), DbErr> {
    transaction
        .execute_raw(sql(
            "DELETE FROM mail WHERE account_id = $1
               AND (letter ->> 'kind' = 'new_message' AND letter ->> 'conversation_id' = $2::uuid::text
                    OR letter ->> 'kind' = 'new_messages' AND NOT EXISTS (
                        SELECT 1 FROM participation p
                        WHERE p.account_id = $1 AND p.left_at IS NULL AND p.mailed_at IS NOT NULL
                          AND p.last_message_id > coalesce(p.read_up_to, '00000000-0000-0000-0000-000000000000')))",
            [account.into(), conversation.into()],
        ))
        .await?;
    Ok(())
}

/// The same where it has to be noted still that one has read.
pub(in crate::messaging) async fn take_back_read(
    transaction: &Transaction,
    account: Uuid,
    conversation: Uuid,
) -> Result<(), DbErr> {
    transaction
        .execute_raw(sql(
            "UPDATE participation SET mailed_at = NULL WHERE conversation_id = $1 AND account_id = $2",
            [conversation.into(), account.into()],
        ))
        .await?;
    take_back(transaction, account, conversation).await
}

/// The same, if nothing is unread there any more: of the rest one was told, or is going to be.
pub(in crate::messaging) async fn take_back_if_read(
    transaction: &Transaction,
    account: Uuid,
    conversation: Uuid,
) -> Result<(), DbErr> {
    let text = format!(
        "UPDATE participation p SET mailed_at = NULL
         WHERE p.conversation_id = $1 AND p.account_id = $2 AND NOT EXISTS ({})",
        unread_messages()
    );
    let cleared = transaction
        .execute_raw(sql(&text, [conversation.into(), account.into()]))
        .await?;
    if cleared.rows_affected() == 0 {
        return Ok(());
    }
    take_back(transaction, account, conversation).await
}

/// Takes back the queued mails about a conversation in which nothing is unread any more since a message went. Who was
/// not told after all is told of the next one. The caller holds the conversation's lock: nobody else locks rows of
/// several people in it and waits.
pub(in crate::messaging) async fn take_back_of_gone(
    transaction: &Transaction,
    conversation: Uuid,
) -> Result<(), DbErr> {
    let text = format!(
        "WITH quiet AS MATERIALIZED (
             SELECT p.account_id FROM participation p
             WHERE p.conversation_id = $1 AND p.mailed_at IS NOT NULL AND NOT EXISTS ({}) FOR NO KEY UPDATE OF p),
         gone AS (
             DELETE FROM mail l USING quiet q WHERE l.account_id = q.account_id
               AND (letter ->> 'kind' = 'new_message' AND letter ->> 'conversation_id' = $1::uuid::text
                    OR letter ->> 'kind' = 'new_messages' AND NOT EXISTS (
                        SELECT 1 FROM participation o WHERE o.account_id = l.account_id AND o.conversation_id <> $1
                          AND o.left_at IS NULL AND o.mailed_at IS NOT NULL
                          AND o.last_message_id > coalesce(o.read_up_to, '00000000-0000-0000-0000-000000000000')))
             RETURNING l.account_id)
         UPDATE participation p SET mailed_at = NULL FROM gone
         WHERE p.conversation_id = $1 AND p.account_id = gone.account_id",
        unread_messages()
    );
    transaction.execute_raw(sql(&text, [conversation.into()])).await?;
    Ok(())
}

/// Takes back the queued mails of those who have nothing to read any more since somebody deleted their account. It waits
/// for nobody: where somebody reads, writes or tells at this moment, what is left is seen when the mail is sent. What one
/// mail tells of several conversations, it does not tell of these any more.
pub async fn take_back_of_former(transaction: &Transaction, author: Uuid) -> Result<(), DbErr> {
    let unread = unread_messages();
    let text = format!(
        "WITH quiet AS MATERIALIZED (
             SELECT p.account_id, p.conversation_id, EXISTS (SELECT 1 FROM mail l
                 WHERE l.account_id = p.account_id AND l.letter ->> 'kind' = 'new_messages') AS is_daily
             FROM participation q JOIN participation p ON p.conversation_id = q.conversation_id
             WHERE q.account_id = $1 AND p.account_id <> $1 AND p.mailed_at IS NOT NULL
               AND EXISTS (SELECT 1 FROM mail l WHERE l.account_id = p.account_id
                   AND l.letter ->> 'kind' IN ('new_message', 'new_messages'))
               AND NOT EXISTS ({unread}) FOR NO KEY UPDATE OF p SKIP LOCKED),
         needless AS MATERIALIZED (
             SELECT l.id FROM mail l WHERE l.account_id IN (SELECT account_id FROM quiet)
               AND (l.letter ->> 'kind' = 'new_message' AND EXISTS (
                        SELECT 1 FROM quiet k WHERE k.account_id = l.account_id
                          AND k.conversation_id::text = l.letter ->> 'conversation_id')
                    OR l.letter ->> 'kind' = 'new_messages' AND NOT EXISTS (
                        SELECT 1 FROM participation p WHERE p.account_id = l.account_id
                          AND p.left_at IS NULL AND p.mailed_at IS NOT NULL AND EXISTS ({unread})))
             FOR UPDATE SKIP LOCKED),
         gone AS (DELETE FROM mail l USING needless n WHERE l.id = n.id RETURNING l.account_id, l.letter)
         UPDATE participation p SET mailed_at = NULL FROM quiet k
         WHERE p.conversation_id = k.conversation_id AND p.account_id = k.account_id AND (k.is_daily OR EXISTS (
             SELECT 1 FROM gone g WHERE g.account_id = k.account_id
               AND g.letter ->> 'conversation_id' = k.conversation_id::text))"
    );
    transaction.execute_raw(sql(&text, [author.into()])).await?;
    Ok(())
}
