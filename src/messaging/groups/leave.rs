//! Leaving a group or a conversation of several people, or being removed from a group. What one wrote stays there for the
//! others; the last one to leave takes it along (R13), and the sweep ends it.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::{GroupError, enter_with, ids, lock_any, lock_group, shown_to};
use crate::{
    account::Caller,
    announcements::announce_within,
    database::{Transaction, sql},
    ledger,
    messaging::{note_change, notify},
    parting::leave_group,
    portal::Portal,
};

/// The caller leaves a group, or a conversation of several people that is none, by the same rules. What is between two
/// stays between them.
pub async fn leave(portal: &Portal, caller: Caller, conversation: Uuid) -> Result<(), GroupError> {
    let transaction = begin(portal, caller, conversation, caller.account).await?;
    let locked = lock_any(&transaction, caller, conversation).await?;
    if locked.is_pair {
        return Err(GroupError::Pair);
    }
    end(portal, transaction, conversation, caller.account).await
}

/// Removes someone from the group: oneself, or anybody where one manages it. Whoever would manage it, were they not
/// suspended, is spared: when they are back they do.
pub async fn remove(portal: &Portal, caller: Caller, group: Uuid, member: Uuid) -> Result<(), GroupError> {
    let transaction = begin(portal, caller, group, member).await?;
    let locked = lock_group(&transaction, caller, group).await?;
    if member != caller.account {
        let has_precedence = has_precedence(&transaction, caller, group, member).await?;
        locked.must_be_managed_by(caller)?;
        if has_precedence {
            return Err(GroupError::NotManager);
        }
        note_removal(portal, &transaction, group, member).await?;
    }
    end(portal, transaction, group, member).await
}

/// Locks the accounts of those whom it concerns.
async fn begin(
    portal: &Portal,
    caller: Caller,
    conversation: Uuid,
    member: Uuid,
) -> Result<Transaction, GroupError> {
    let transaction = portal.database.begin().await?;
    // Whose invitations end with it: their accounts are locked first, so that none of them is being erased (R7).
    let mut others = invited_by(&transaction, conversation, member).await?;
    others.push(member);
    enter_with(&transaction, caller, &others).await?;
    Ok(transaction)
}

/// Ends somebody's part, and tells those whom it concerns. Accounts and conversation are locked.
async fn end(
    portal: &Portal,
    transaction: Transaction,
    conversation: Uuid,
    member: Uuid,
) -> Result<(), GroupError> {
    go(portal, &transaction, conversation, member).await?;
    note_change(portal, &transaction, conversation).await?;
    announce_within(&transaction, [shown_to(conversation, member)]).await?;
    transaction.commit().await?;
    Ok(())
}

async fn invited_by(transaction: &Transaction, group: Uuid, member: Uuid) -> Result<Vec<Uuid>, DbErr> {
    ids(
        transaction,
        "SELECT account_id AS id FROM group_invitation WHERE conversation_id = $1 AND invited_by = $2",
        [group.into(), member.into()],
    )
    .await
}

#[derive(FromQueryResult)]
struct Precedence {
    is_earlier: bool,
}

/// Whether the member has been in the group for longer than the caller, who is in it.
async fn has_precedence(
    transaction: &Transaction,
    caller: Caller,
    group: Uuid,
    member: Uuid,
) -> Result<bool, GroupError> {
    let found = Precedence::find_by_statement(sql(
        "SELECT (q.joined_at, q.account_id) < (own.joined_at, own.account_id) AS is_earlier
         FROM participation q JOIN participation own ON own.conversation_id = q.conversation_id AND own.account_id = $3
         WHERE q.conversation_id = $1 AND q.account_id = $2 AND q.left_at IS NULL",
        [group.into(), member.into(), caller.account.into()],
    ))
    .one(transaction)
    .await?
    .ok_or(GroupError::NotFound)?;
    Ok(found.is_earlier)
}

async fn note_removal(
    portal: &Portal,
    transaction: &Transaction,
    group: Uuid,
    member: Uuid,
) -> Result<(), DbErr> {
    transaction
        .execute_raw(sql(
            "INSERT INTO group_removal (conversation_id, account_id, removed_at) VALUES ($1, $2, $3)
             ON CONFLICT DO NOTHING",
            [group.into(), member.into(), portal.now().into()],
        ))
        .await?;
    Ok(())
}

/// Ends someone's part in the group, with the invitations they sent. Accounts and group are locked.
async fn go(portal: &Portal, transaction: &Transaction, group: Uuid, member: Uuid) -> Result<(), DbErr> {
    let now = portal.database_clock.now(transaction).await?;
    leave_group(transaction, group, member, now).await?;
    notify::take_back(transaction, member, group).await?;
    // A participation has no id of its own: it is told by its group.
    let event = ledger::Event::ItemErased {
        table: "participation",
        row_id: group,
    };
    ledger::record(transaction, member, now, event).await
}
