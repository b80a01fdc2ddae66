//! The invitations one got: seeing, accepting and declining them. Those of somebody whom one blocked are not shown.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{GroupError, PEOPLE_LIMIT, ids, record_gone, shown_to};
use crate::{
    account::{Caller, enter},
    announcements::announce_within,
    database::{Transaction, sql},
    hold,
    messaging::{
        PRESENT,
        conversations::{self, Conversation, Participant, subject},
        note_change,
    },
    portal::Portal,
    values::{Listed, Page},
};

/// How many invitations are looked at for how many groups there are: one may be invited by each of a group's people.
const COUNTED: usize = 5 * PEOPLE_LIMIT;

/// An invitation into a group. What is written there is only seen by who is in it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Invitation {
    pub id: Uuid,
    /// The group's name. None: whoever chose it left the portal, or is blocked.
    pub name: Option<String>,
    pub invited_by: Participant,
    pub invited_at: DateTime<Utc>,
    /// How many are in the group.
    pub members: i64,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    subject: Option<String>,
    invited_by: Uuid,
    display_name: String,
    listed: bool,
    invited_at: DateTime<Utc>,
    members: i64,
}

/// Whether the invitation in the row of this name is shown to whom it is for: whoever sent it is still here, and was
/// blocked neither then nor now. Asked row by row, for the reason that `UNHEARD` has.
pub(in crate::messaging) fn shown(invitation: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM account a WHERE a.id = {invitation}.invited_by AND {PRESENT} OFFSET 0)
         AND NOT EXISTS (SELECT 1 FROM block b
             WHERE b.account_id = {invitation}.account_id AND b.blocked_id = {invitation}.invited_by
               AND (b.ended_at IS NULL OR {invitation}.invited_at >= b.began_at AND {invitation}.invited_at < b.ended_at) OFFSET 0)"
    )
}

/// One's open invitations, latest first, of each group the latest.
pub async fn list(portal: &Portal, caller: Caller, page: &Page<Uuid>) -> Result<Listed<Invitation>, DbErr> {
    let rows = Row::find_by_statement(sql(
        &format!(
            "SELECT i.id, {} AS subject, i.invited_by, i.invited_at,
                    coalesce(o.display_name, o.first_name || ' ' || o.last_name) AS display_name,
                    o.listed AND inviter.status = 'active' AS listed,
                    (SELECT count(*) FROM participation q JOIN account a ON a.id = q.account_id
                     WHERE q.conversation_id = c.id AND q.left_at IS NULL AND {PRESENT}) AS members
             FROM group_invitation i JOIN conversation c ON c.id = i.conversation_id
             JOIN profile o ON o.account_id = i.invited_by JOIN account inviter ON inviter.id = i.invited_by
             WHERE i.account_id = $1 AND i.id < $2 AND {} AND NOT EXISTS (
                 SELECT 1 FROM group_invitation j WHERE j.conversation_id = i.conversation_id
                    AND j.account_id = i.account_id AND j.id > i.id AND {})
             ORDER BY i.id DESC LIMIT $3",
            subject("$1"),
            shown("i"),
            shown("j")
        ),
        [
            caller.account.into(),
            page.after.unwrap_or(Uuid::max()).into(),
            page.rows().into(),
        ],
    ))
    .all(&portal.database)
    .await?;
    let items = rows.into_iter().map(Invitation::from).collect();
    Ok(Listed::cut(items, page, |row: &Invitation| row.id))
}

/// Into how many groups one is invited, by one's latest invitations: [`COUNTED`] at most.
pub async fn waiting(portal: &Portal, caller: Caller) -> Result<u64, DbErr> {
    let groups = ids(
        &portal.database,
        &format!(
            "SELECT DISTINCT l.id FROM (
                 SELECT i.conversation_id AS id FROM group_invitation i WHERE i.account_id = $1 AND {}
                 ORDER BY i.id DESC LIMIT {COUNTED}) l",
            shown("i")
        ),
        [caller.account.into()],
    )
    .await?;
    Ok(u64::try_from(groups.len()).unwrap_or(u64::MAX))
}

/// Joins the group. From then on one sees what is written in it.
pub async fn accept(portal: &Portal, caller: Caller, id: Uuid) -> Result<Conversation, GroupError> {
    let transaction = portal.database.begin().await?;
    enter(&transaction, caller.account).await??;
    let group = group_of(&transaction, caller, id).await?;
    let locked = ids(
        &transaction,
        "SELECT id FROM conversation WHERE id = $1 AND NOT is_abandoned FOR NO KEY UPDATE",
        [group.into()],
    )
    .await?;
    // Only under the lock it is sure that the invitation was not taken back meanwhile.
    if locked.is_empty() {
        return Err(GroupError::NotFound);
    }
    answer(portal, &transaction, caller, group, id).await?;
    join(portal, &transaction, caller, group).await?;
    note_change(portal, &transaction, group).await?;
    let conversation = conversations::one(&transaction, caller, group)
        .await?
        .ok_or(GroupError::NotFound)?;
    transaction.commit().await?;
    Ok(conversation)
}

/// Declines the invitation; it is gone.
pub async fn decline(portal: &Portal, caller: Caller, id: Uuid) -> Result<(), GroupError> {
    let transaction = portal.database.begin().await?;
    enter(&transaction, caller.account).await??;
    let group = group_of(&transaction, caller, id).await?;
    answer(portal, &transaction, caller, group, id).await?;
    announce_within(&transaction, [shown_to(group, caller.account)]).await?;
    transaction.commit().await?;
    Ok(())
}

/// Into which group an invitation of the caller's is.
async fn group_of(connection: &impl ConnectionTrait, caller: Caller, id: Uuid) -> Result<Uuid, GroupError> {
    let query = format!(
        "SELECT i.conversation_id AS id FROM group_invitation i WHERE i.id = $1 AND i.account_id = $2 AND {}",
        shown("i")
    );
    let mut found = ids(connection, &query, [id.into(), caller.account.into()]).await?;
    found.pop().ok_or(GroupError::NotFound)
}

/// An answer to one invitation answers all into the same group; none, where that one was taken back.
async fn answer(
    portal: &Portal,
    transaction: &Transaction,
    caller: Caller,
    group: Uuid,
    id: Uuid,
) -> Result<(), GroupError> {
    let answered = ids(
        transaction,
        "DELETE FROM group_invitation WHERE conversation_id = $1 AND account_id = $2
           AND EXISTS (SELECT 1 FROM group_invitation i WHERE i.id = $3) RETURNING id",
        [group.into(), caller.account.into(), id.into()],
    )
    .await?;
    if answered.is_empty() {
        return Err(GroupError::NotFound);
    }
    record_gone(portal, transaction, caller.account, answered).await?;
    Ok(())
}

/// Everything behind the newest message is written later: the group is locked, and whoever writes takes a turn.
async fn join(portal: &Portal, transaction: &Transaction, caller: Caller, group: Uuid) -> Result<(), DbErr> {
    let now = portal.now();
    keep_earlier(portal, transaction, caller, group).await?;
    transaction
        .execute_raw(sql(
            "INSERT INTO participation AS p (conversation_id, account_id, joined_at, last_activity_at, sees_after)
             VALUES ($1, $2, $3, $3, coalesce(
                 (SELECT m.id FROM message m WHERE m.conversation_id = $1 ORDER BY m.id DESC LIMIT 1),
                 '00000000-0000-0000-0000-000000000000'))
             ON CONFLICT (conversation_id, account_id) DO UPDATE
                 SET joined_at = excluded.joined_at, last_activity_at = excluded.last_activity_at, read_up_to = NULL,
                     last_message_id = NULL, sees_after = excluded.sees_after, left_at = NULL,
                     mail_due_at = NULL, mailed_at = NULL
                 WHERE p.left_at IS NOT NULL",
            [group.into(), caller.account.into(), now.into()],
        ))
        .await?;
    Ok(())
}

/// Of an earlier time in the group a hold keeps what it kept (R18); it is not shown again.
async fn keep_earlier(
    portal: &Portal,
    transaction: &Transaction,
    caller: Caller,
    group: Uuid,
) -> Result<(), DbErr> {
    if !hold::covers(transaction, caller.account, "messages").await? {
        return Ok(());
    }
    transaction
        .execute_raw(sql(
            "INSERT INTO superseded_participation
                 (id, conversation_id, account_id, joined_at, last_activity_at, read_up_to, left_at)
             SELECT $3, conversation_id, account_id, joined_at, last_activity_at, read_up_to, left_at
             FROM participation WHERE conversation_id = $1 AND account_id = $2 AND left_at IS NOT NULL",
            [group.into(), caller.account.into(), portal.new_id().into()],
        ))
        .await?;
    Ok(())
}

impl From<Row> for Invitation {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            name: row.subject,
            invited_by: Participant {
                id: row.invited_by,
                display_name: row.display_name,
                listed: row.listed,
                read_up_to: None,
                sees_after: Uuid::nil(),
            },
            invited_at: row.invited_at,
            members: row.members,
        }
    }
}
