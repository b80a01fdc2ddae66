//! Somebody lost all their factors. An administrator, who has made sure of who is asking, has them removed after a wait;
//! its person is told at once, and stops it by signing in with one of them.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{account, factor_removal, passkey, status::Status, totp};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Set,
};
use uuid::Uuid;

use super::{ceremony, change, recovery};
use crate::{
    account::{Caller, end_sessions, lock, mailbox},
    acting::{NoLonger, still_may_about},
    audit,
    database::Transaction,
    mail::{
        self, Draft,
        letter::{Letter, factor::FactorChange},
    },
    permissions::Permission,
    portal::Portal,
};

/// Whoever reads their mail every other day can stop it.
pub const WAIT: TimeDelta = TimeDelta::hours(48);
/// So many at most are carried out in one look; the next one goes on.
const AT_ONCE: u64 = 100;

#[derive(Debug, thiserror::Error)]
pub enum RemovalError {
    #[error("no such account, or nothing is to be removed")]
    NotFound,
    #[error("nobody has their own factors removed as lost")]
    OwnAccount,
    #[error("the account is not active")]
    WrongStatus,
    #[error("the account has no second factor")]
    NoFactor,
    #[error(transparent)]
    NoLonger(#[from] NoLonger),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Who asks for it: none is whoever has the command line.
type Asking = Option<Caller>;

/// Has an account's factors removed after [`WAIT`], and tells its person. Asked for again while one waits, nothing
/// changes. Returns when it will be done.
pub async fn request(portal: &Portal, asking: Asking, id: Uuid) -> Result<DateTime<Utc>, RemovalError> {
    if asking.is_some_and(|caller| caller.account == id) {
        return Err(RemovalError::OwnAccount);
    }
    let transaction = portal.database.begin().await?;
    let account = match asking {
        Some(caller) => still_may_about(&transaction, caller, Permission::ManageAccounts, [id])
            .await??
            .one(),
        None => lock(&transaction, id).await?,
    };
    let account = account.ok_or(RemovalError::NotFound)?;
    if account.status != Status::Active {
        return Err(RemovalError::WrongStatus);
    }
    if let Some(waiting) = factor_removal::Entity::find_by_id(id).one(&transaction).await? {
        return Ok(waiting.due_at);
    }
    if !super::of(&transaction, id).await?.any() {
        return Err(RemovalError::NoFactor);
    }
    let now = portal.now();
    let due_at = now + WAIT;
    factor_removal::ActiveModel {
        account_id: Set(id),
        requested_by: Set(asking.map(|caller| caller.account)),
        requested_at: Set(now),
        due_at: Set(due_at),
    }
    .insert(&transaction)
    .await?;
    let event = event(asking, "factor_removal.requested").on(id);
    audit::record(&transaction, portal, event).await?;
    if let Some(mailbox) = mailbox(&transaction, id).await? {
        let letter = Letter::FactorRemovalRequested { due_at };
        mail::queue(&transaction, portal, Draft::to(&mailbox, letter)).await?;
    }
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(due_at)
}

/// An administrator takes it back.
pub async fn withdraw(portal: &Portal, caller: Caller, id: Uuid) -> Result<(), RemovalError> {
    let transaction = portal.database.begin().await?;
    let acting = still_may_about(&transaction, caller, Permission::ManageAccounts, [id]).await??;
    acting.one().ok_or(RemovalError::NotFound)?;
    if !end(&transaction, id).await? {
        return Err(RemovalError::NotFound);
    }
    let event = audit::Event::by(caller.account, "factor_removal.withdrawn").on(id);
    audit::record(&transaction, portal, event).await?;
    change::tell(portal, &transaction, id, FactorChange::RemovalStopped).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(())
}

/// Its person signed in with a factor: nothing is lost. Whether one waited. The caller holds the account's row.
pub async fn stop(portal: &Portal, transaction: &Transaction, account: Uuid) -> Result<bool, DbErr> {
    if !end(transaction, account).await? {
        return Ok(false);
    }
    let change = FactorChange::RemovalStopped;
    let event = audit::Event::by(account, change.event()).on(account);
    audit::record(transaction, portal, event).await?;
    change::tell(portal, transaction, account, change).await?;
    Ok(true)
}

/// Removes what nobody stopped in time. Returns how many accounts have no factor any more.
pub async fn carry_out_due(portal: &Portal) -> Result<u64, DbErr> {
    let due = factor_removal::Entity::find()
        .filter(factor_removal::Column::DueAt.lte(portal.now()))
        .order_by_asc(factor_removal::Column::DueAt)
        .limit(AT_ONCE)
        .all(&portal.database)
        .await?;
    let mut removed = 0;
    for removal in due {
        removed += u64::from(carry_out(portal, removal.account_id).await?);
    }
    if removed > 0 {
        portal.post.notify_one();
    }
    Ok(removed)
}

async fn carry_out(portal: &Portal, id: Uuid) -> Result<bool, DbErr> {
    let transaction = portal.database.begin().await?;
    // Whoever is leaving loses everything anyway.
    let account = lock(&transaction, id).await?;
    let stays = account
        .is_some_and(|account: account::Model| matches!(account.status, Status::Active | Status::Suspended));
    let is_due = factor_removal::Entity::find_by_id(id)
        .one(&transaction)
        .await?
        .is_some_and(|removal| removal.due_at <= portal.now());
    if !stays || !is_due {
        return Ok(false);
    }
    end(&transaction, id).await?;
    totp::Entity::delete_by_id(id).exec(&transaction).await?;
    passkey::Entity::delete_many()
        .filter(passkey::Column::AccountId.eq(id))
        .exec(&transaction)
        .await?;
    recovery::end_all(&transaction, id).await?;
    ceremony::end_all(&transaction, id).await?;
    // A session that took one of them may be whoever has it now.
    end_sessions(&transaction, id, None).await?;
    let change = FactorChange::LostRemoved;
    audit::record(
        &transaction,
        portal,
        audit::Event::by_portal(change.event()).on(id),
    )
    .await?;
    change::record_in_ledger(portal, &transaction, id).await?;
    change::tell(portal, &transaction, id, change).await?;
    transaction.commit().await?;
    Ok(true)
}

async fn end(transaction: &impl ConnectionTrait, account: Uuid) -> Result<bool, DbErr> {
    let ended = factor_removal::Entity::delete_by_id(account)
        .exec(transaction)
        .await?;
    Ok(ended.rows_affected == 1)
}

fn event(asking: Asking, code: &'static str) -> audit::Event {
    asking.map_or(audit::Event::by_portal(code), |caller| {
        audit::Event::by(caller.account, code)
    })
}
