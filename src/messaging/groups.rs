//! Groups: conversations that people join by invitation and leave. Whoever has been in one longest manages it, so that
//! it goes on whoever goes (R13). Accounts are locked before the group, in order of id (R7).

use chrono::TimeDelta;
use entity::{account, status::Status};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::conversations::MANAGER;
use crate::{
    account::{Caller, NotActive, share},
    announcements::Change,
    database::{Transaction, sql},
    ledger,
    limits::TooOften,
    portal::Portal,
    values::Invalid,
};

pub mod invitations;
pub mod invite;
pub mod leave;
pub mod open;
pub mod rename;

/// Most people in a group, those who are invited included: a message goes to all of them at once.
pub const PEOPLE_LIMIT: usize = 200;
/// How long an invitation can be accepted.
pub const INVITED_FOR: TimeDelta = TimeDelta::days(30);

#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error("there is no such thing for the caller")]
    NotFound,
    #[error("only whoever manages the group may do this")]
    NotManager,
    #[error("no more people fit into the group")]
    Full,
    #[error("nobody leaves a conversation of two")]
    Pair,
    #[error(transparent)]
    TooOften(#[from] TooOften),
    #[error("the key was used for another group")]
    KeyReused,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The caller's account and those of `others`, locked so that data can be added to them, and which of them are active.
async fn enter_with(
    transaction: &Transaction,
    caller: Caller,
    others: &[Uuid],
) -> Result<(account::Model, Vec<Uuid>), GroupError> {
    let everyone: Vec<Uuid> = others.iter().copied().chain([caller.account]).collect();
    let mut active = share(transaction, &everyone).await?;
    active.retain(|account| account.status == Status::Active);
    let ids = active.iter().map(|account| account.id).collect();
    let own = active
        .into_iter()
        .find(|account| account.id == caller.account)
        .ok_or(NotActive)?;
    Ok((own, ids))
}

/// A group as it is under its lock; or a conversation that is none, where that may be.
struct Locked {
    id: Uuid,
    is_group: bool,
    is_pair: bool,
    subject: Option<String>,
    subject_by: Option<Uuid>,
    manager: Option<Uuid>,
    /// How many are in it.
    people: i64,
}

impl Locked {
    fn is_managed_by(&self, caller: Caller) -> bool {
        self.manager == Some(caller.account)
    }

    fn must_be_managed_by(&self, caller: Caller) -> Result<(), GroupError> {
        if self.is_managed_by(caller) {
            Ok(())
        } else {
            Err(GroupError::NotManager)
        }
    }
}

#[derive(FromQueryResult)]
struct Named {
    is_group: bool,
    is_pair: bool,
    subject: Option<String>,
    subject_by: Option<Uuid>,
}

#[derive(FromQueryResult)]
struct Standing {
    manager: Option<Uuid>,
    people: i64,
    is_in: bool,
}

/// Locks a group of the caller's against whoever writes in it, joins, leaves or ends it.
async fn lock_group(transaction: &Transaction, caller: Caller, id: Uuid) -> Result<Locked, GroupError> {
    let locked = lock_any(transaction, caller, id).await?;
    if locked.is_group {
        Ok(locked)
    } else {
        Err(GroupError::NotFound)
    }
}

/// The same for any conversation of the caller's.
async fn lock_any(transaction: &Transaction, caller: Caller, id: Uuid) -> Result<Locked, GroupError> {
    let Named {
        is_group,
        is_pair,
        subject,
        subject_by,
    } = Named::find_by_statement(sql(
        "SELECT is_group, pair_low IS NOT NULL AS is_pair, subject, subject_by FROM conversation WHERE id = $1
         FOR NO KEY UPDATE",
        [id.into()],
    ))
    .one(transaction)
    .await?
    .ok_or(GroupError::NotFound)?;
    // Only now that it is locked it is seen who has come and gone meanwhile: a statement of its own.
    let Standing {
        manager,
        people,
        is_in,
    } = Standing::find_by_statement(sql(
        &format!(
            "SELECT {MANAGER} AS manager, count(*) AS people, coalesce(bool_or(q.account_id = $2), false) AS is_in
             FROM participation q JOIN account a ON a.id = q.account_id
             WHERE q.conversation_id = $1 AND q.left_at IS NULL"
        ),
        [id.into(), caller.account.into()],
    ))
    .one(transaction)
    .await?
    .ok_or(GroupError::NotFound)?;
    if !is_in {
        return Err(GroupError::NotFound);
    }
    Ok(Locked {
        id,
        is_group,
        is_pair,
        subject,
        subject_by,
        manager,
        people,
    })
}

/// What somebody's own windows show of a group is not what it was.
fn shown_to(conversation: Uuid, account: Uuid) -> Change {
    Change::ConversationOf {
        conversation,
        account,
    }
}

/// Invitations that went before their time are told to the ledger: a restored backup brings none of them back, with
/// which somebody who was removed could come in again (R20).
async fn record_gone(
    portal: &Portal,
    transaction: &Transaction,
    invited: Uuid,
    invitations: Vec<Uuid>,
) -> Result<(), DbErr> {
    let now = portal.database_clock.now(transaction).await?;
    for row_id in invitations {
        let event = ledger::Event::ItemErased {
            table: "group_invitation",
            row_id,
        };
        ledger::record(transaction, invited, now, event).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct One {
    id: Uuid,
}

/// The ids that a query names.
async fn ids<const N: usize>(
    connection: &impl ConnectionTrait,
    query: &str,
    values: [sea_orm::Value; N],
) -> Result<Vec<Uuid>, DbErr> {
    let rows = One::find_by_statement(sql(query, values)).all(connection).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
