//! What every change of somebody's factors has in common: it holds the account's row (R7), is told to its person by mail,
//! stands in the audit trail, and is known after a backup was restored (R20).

use entity::{account, session, status::Status};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, Set};
use uuid::Uuid;

use super::{ceremony, recovery};
use crate::{
    account::{Caller, NotActive, end_sessions, lock, mailbox},
    audit,
    database::Transaction,
    ledger,
    mail::{
        self, Draft,
        letter::{Letter, factor::FactorChange},
    },
    portal::Portal,
};

/// The caller's account, locked, if it is still active.
pub async fn lock_own(
    transaction: &Transaction,
    caller: Caller,
) -> Result<Result<account::Model, NotActive>, DbErr> {
    let own = lock(transaction, caller.account).await?;
    Ok(own
        .filter(|account| account.status == Status::Active)
        .ok_or(NotActive))
}

/// A factor was set up, in the same transaction. Whoever did it proved it just now. Returns recovery codes with the first
/// one: they are shown once.
pub async fn added(
    portal: &Portal,
    transaction: &Transaction,
    caller: Caller,
    change: FactorChange,
) -> Result<Option<Vec<String>>, DbErr> {
    mark(transaction, caller).await?;
    note(portal, transaction, caller, change).await?;
    let factors = super::of(transaction, caller.account).await?;
    if i64::from(factors.has_totp) + factors.passkeys == 1 {
        // Sessions that were begun with less end: from now on each took a second factor.
        end_sessions(transaction, caller.account, Some(caller.session)).await?;
    }
    if factors.recovery_codes > 0 {
        return Ok(None);
    }
    recovery::make(transaction, portal, caller.account)
        .await
        .map(Some)
}

/// A factor was removed, in the same transaction. Recovery codes go with the last one.
pub async fn removed(
    portal: &Portal,
    transaction: &Transaction,
    caller: Caller,
    change: FactorChange,
) -> Result<(), DbErr> {
    note(portal, transaction, caller, change).await?;
    if !super::of(transaction, caller.account).await?.any() {
        recovery::end_all(transaction, caller.account).await?;
    }
    // A sign-in that waits for a code may wait for one of this factor.
    ceremony::end_all(transaction, caller.account).await
}

/// Says of a change who did it, and tells the person.
pub async fn note(
    portal: &Portal,
    transaction: &Transaction,
    caller: Caller,
    change: FactorChange,
) -> Result<(), DbErr> {
    let event = audit::Event::by(caller.account, change.event()).on(caller.account);
    audit::record(transaction, portal, event).await?;
    record_in_ledger(portal, transaction, caller.account).await?;
    tell(portal, transaction, caller.account, change).await
}

/// What came before this is not to come back with a backup (R20).
pub async fn record_in_ledger(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
) -> Result<(), DbErr> {
    let now = portal.database_clock.now(transaction).await?;
    let event = ledger::Event::Changed {
        cluster: "credentials",
    };
    ledger::record(transaction, account, now, event).await?;
    Ok(())
}

/// A letter about it. Rung by whoever commits.
pub async fn tell(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
    change: FactorChange,
) -> Result<(), DbErr> {
    if let Some(mailbox) = mailbox(transaction, account).await? {
        let letter = Letter::FactorChanged {
            change,
            at: portal.now(),
        };
        mail::queue(transaction, portal, Draft::to(&mailbox, letter)).await?;
    }
    Ok(())
}

/// The caller's session took a second factor.
pub async fn mark(transaction: &Transaction, caller: Caller) -> Result<(), DbErr> {
    session::Entity::update_many()
        .set(session::ActiveModel {
            second_factor: Set(true),
            ..Default::default()
        })
        .filter(session::Column::Id.eq(caller.session))
        .exec(transaction)
        .await?;
    Ok(())
}
