//! Inviting people into a group one is in, seeing who is invited, and taking an invitation back.

use chrono::{DateTime, Utc};
use entity::{account, group_invitation};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, Set, Statement, Value};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{GroupError, PEOPLE_LIMIT, enter_with, ids, lock_group, record_gone, shown_to};
use crate::{
    account::Caller,
    announcements::announce_within,
    database::{Transaction, sql},
    limits::{self, Limited},
    messaging::{MEMBERS_LIMIT, PRESENT, start::want_to_be_found},
    portal::Portal,
    values::{Fault, Invalid, Listed, Page},
};

/// Someone who is invited and has not answered yet.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Invited {
    pub account_id: Uuid,
    pub display_name: String,
    pub invited_by: Uuid,
    pub invited_at: DateTime<Utc>,
    #[serde(skip)]
    id: Uuid,
}

/// Who invites into which group.
pub(super) struct Inviting<'a> {
    pub account: &'a account::Model,
    pub group: Uuid,
    /// How many are in it.
    pub people: i64,
    pub is_manager: bool,
}

/// Those who are named, each once, in order of id.
pub(super) fn named(caller: Caller, member_ids: &[Uuid]) -> Result<Vec<Uuid>, Fault> {
    let mut members = member_ids.to_vec();
    members.sort_unstable();
    members.dedup();
    if members.len() > MEMBERS_LIMIT {
        Err(Fault::with_limit("too_many", MEMBERS_LIMIT))
    } else if members.contains(&caller.account) {
        Err(Fault::new("oneself"))
    } else {
        Ok(members)
    }
}

/// Invites members, and answers with the open invitations of those named. Who is in the group, or was invited by the
/// caller before, is left as they are.
pub async fn invite(
    portal: &Portal,
    caller: Caller,
    group: Uuid,
    member_ids: &[Uuid],
) -> Result<Vec<Invited>, GroupError> {
    let members = named(caller, member_ids).and_then(|members| match members.as_slice() {
        [] => Err(Fault::new("required")),
        _ => Ok(members),
    });
    let members = members.map_err(refused)?;
    let transaction = portal.database.begin().await?;
    let (account, active) = enter_with(&transaction, caller, &members).await?;
    let locked = lock_group(&transaction, caller, group).await?;
    let inviting = Inviting {
        account: &account,
        group,
        people: locked.people,
        is_manager: locked.is_managed_by(caller),
    };
    invite_some(portal, &transaction, &inviting, &members, &active).await?;
    let invited = open(
        &transaction,
        caller,
        group,
        "i.account_id = ANY ($3) ORDER BY i.id DESC",
        vec![members.into()],
    )
    .await?;
    transaction.commit().await?;
    Ok(invited.unwrap_or_default())
}

/// Invites those of `members` who are not in the group and were not invited by the same person before; `active` names
/// those who may be. Accounts and group are locked.
pub(super) async fn invite_some(
    portal: &Portal,
    transaction: &Transaction,
    inviting: &Inviting<'_>,
    members: &[Uuid],
    active: &[Uuid],
) -> Result<(), GroupError> {
    let Inviting { account, group, .. } = *inviting;
    let known = ids(
        transaction,
        "SELECT account_id AS id FROM participation WHERE conversation_id = $1 AND left_at IS NULL
         UNION SELECT account_id FROM group_invitation WHERE conversation_id = $1 AND invited_by = $2",
        [group.into(), account.id.into()],
    )
    .await?;
    let fresh: Vec<Uuid> = members.iter().copied().filter(|id| !known.contains(id)).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    if !fresh.iter().all(|id| active.contains(id)) || !want_to_be_found(transaction, &fresh).await? {
        return Err(refused(Fault::new("unknown_member")));
    }
    readmit(transaction, inviting, &fresh).await?;
    must_fit(transaction, inviting, &fresh).await?;
    let most = limits::at_once(portal, account, Limited::Invitations);
    if most.is_some_and(|most| fresh.len() > most) {
        let most = most.unwrap_or_default();
        return Err(refused(Fault::with_limit("too_many", most)));
    }
    limits::take_some(transaction, portal, account, Limited::Invitations, fresh.len()).await??;
    let now = portal.now();
    let rows = fresh.iter().map(|id| group_invitation::ActiveModel {
        id: Set(portal.random.uuid_v7(now)),
        conversation_id: Set(group),
        account_id: Set(*id),
        invited_by: Set(account.id),
        invited_at: Set(now),
    });
    group_invitation::Entity::insert_many(rows)
        .exec_without_returning(transaction)
        .await?;
    tell(transaction, group, account.id, fresh).await
}

/// Those who are invited, or not any more, are told, but for those who blocked whoever did it: they see nothing of it.
async fn tell(transaction: &Transaction, group: Uuid, by: Uuid, people: Vec<Uuid>) -> Result<(), GroupError> {
    let told = ids(
        transaction,
        "SELECT a.id FROM account a WHERE a.id = ANY ($1) AND NOT EXISTS (
             SELECT 1 FROM block b WHERE b.account_id = a.id AND b.blocked_id = $2 AND b.ended_at IS NULL)",
        [people.into(), by.into()],
    )
    .await?;
    let changes = told.into_iter().map(|account| shown_to(group, account));
    announce_within(transaction, changes).await?;
    Ok(())
}

fn refused(fault: Fault) -> GroupError {
    Invalid::one("member_ids", fault).into()
}

/// Who was removed comes back only if whoever manages the group wants so.
async fn readmit(
    transaction: &Transaction,
    inviting: &Inviting<'_>,
    fresh: &[Uuid],
) -> Result<(), GroupError> {
    let removed = ids(
        transaction,
        "SELECT account_id AS id FROM group_removal WHERE conversation_id = $1 AND account_id = ANY ($2)",
        [inviting.group.into(), fresh.to_vec().into()],
    )
    .await?;
    if removed.is_empty() {
        return Ok(());
    }
    if !inviting.is_manager {
        return Err(refused(Fault::new("removed_from_group")));
    }
    transaction
        .execute_raw(sql(
            "DELETE FROM group_removal WHERE conversation_id = $1 AND account_id = ANY ($2)",
            [inviting.group.into(), removed.into()],
        ))
        .await?;
    Ok(())
}

/// Everyone in the group, everyone invited, and those who are to be invited.
async fn must_fit(
    transaction: &Transaction,
    inviting: &Inviting<'_>,
    fresh: &[Uuid],
) -> Result<(), GroupError> {
    let invited = ids(
        transaction,
        "SELECT account_id AS id FROM group_invitation WHERE conversation_id = $1
         UNION SELECT unnest($2::uuid[])",
        [inviting.group.into(), fresh.to_vec().into()],
    )
    .await?;
    let people = usize::try_from(inviting.people).unwrap_or(PEOPLE_LIMIT);
    if people + invited.len() > PEOPLE_LIMIT {
        return Err(GroupError::Full);
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    id: Option<Uuid>,
    account_id: Option<Uuid>,
    display_name: Option<String>,
    invited_by: Option<Uuid>,
    invited_at: Option<DateTime<Utc>>,
}

/// Who is invited into a group of the caller's, latest first. None: there is no such group for them.
pub async fn list(
    portal: &Portal,
    caller: Caller,
    group: Uuid,
    page: &Page<Uuid>,
) -> Result<Option<Listed<Invited>>, DbErr> {
    let before = page.after.unwrap_or(Uuid::max());
    let rows = open(
        &portal.database,
        caller,
        group,
        "i.id < $3 ORDER BY i.id DESC LIMIT $4",
        vec![before.into(), page.rows().into()],
    )
    .await?;
    Ok(rows.map(|rows| Listed::cut(rows, page, |row| row.id)))
}

/// Open invitations of a group; `which` ends with their order and number, and its values begin with `$3`.
async fn open(
    connection: &impl ConnectionTrait,
    caller: Caller,
    group: Uuid,
    which: &str,
    values: Vec<Value>,
) -> Result<Option<Vec<Invited>>, DbErr> {
    // One row without an invitation says: a member, and nobody is invited.
    let text = format!(
        "SELECT i.* FROM participation p JOIN conversation c ON c.id = p.conversation_id AND c.is_group
         LEFT JOIN LATERAL (
             SELECT i.id, i.account_id, i.invited_by, i.invited_at,
                    coalesce(o.display_name, o.first_name || ' ' || o.last_name) AS display_name
             FROM group_invitation i JOIN account a ON a.id = i.account_id JOIN profile o ON o.account_id = a.id
             WHERE i.conversation_id = p.conversation_id AND {PRESENT} AND {which}) i ON true
         WHERE p.conversation_id = $1 AND p.account_id = $2 AND p.left_at IS NULL ORDER BY i.id DESC"
    );
    let values = [group.into(), caller.account.into()].into_iter().chain(values);
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, text, values);
    let rows = Row::find_by_statement(statement).all(connection).await?;
    if rows.is_empty() {
        return Ok(None);
    }
    Ok(Some(rows.into_iter().filter_map(invited).collect()))
}

fn invited(row: Row) -> Option<Invited> {
    Some(Invited {
        id: row.id?,
        account_id: row.account_id?,
        display_name: row.display_name?,
        invited_by: row.invited_by?,
        invited_at: row.invited_at?,
    })
}

/// Takes back one's invitations of someone; whoever manages the group takes back everybody's.
pub async fn withdraw(portal: &Portal, caller: Caller, group: Uuid, account: Uuid) -> Result<(), GroupError> {
    let transaction = portal.database.begin().await?;
    enter_with(&transaction, caller, &[account]).await?;
    let locked = lock_group(&transaction, caller, group).await?;
    let inviters = ids(
        &transaction,
        "SELECT invited_by AS id FROM group_invitation WHERE conversation_id = $1 AND account_id = $2",
        [group.into(), account.into()],
    )
    .await?;
    if inviters.is_empty() {
        return Err(GroupError::NotFound);
    }
    if !inviters.contains(&caller.account) {
        locked.must_be_managed_by(caller)?;
    }
    let gone = ids(
        &transaction,
        "DELETE FROM group_invitation WHERE conversation_id = $1 AND account_id = $2 AND ($4 OR invited_by = $3)
         RETURNING id",
        [
            group.into(),
            account.into(),
            caller.account.into(),
            locked.is_managed_by(caller).into(),
        ],
    )
    .await?;
    record_gone(portal, &transaction, account, gone).await?;
    tell(&transaction, group, caller.account, vec![account]).await?;
    transaction.commit().await?;
    Ok(())
}
