//! Releasing a hold (R17, R18). What it alone held is due at once. Where a second person is asked for, the first
//! release waits for somebody else's, or is withdrawn: of any other active account that decides about holds, but never
//! of the one that is held.

use chrono::{DateTime, Utc};
use entity::{account, hold, status::Status};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, Set};
use uuid::Uuid;

use super::{
    holds::{Hold, HoldError, keep_reason, lock_active, reason},
    request::due_after_hold,
};
use crate::{
    account::Caller, audit, database::Transaction, ledger, permissions::Permission, portal::Portal,
    settings::SecondPerson,
};

/// What became of a release.
#[derive(Debug, Clone)]
pub enum Outcome {
    Released(Hold),
    /// Somebody else has to release it as well.
    Waiting(Hold),
}

pub async fn release(portal: &Portal, caller: Caller, id: Uuid, why: &str) -> Result<Outcome, HoldError> {
    let why = reason(why)?;
    let transaction = portal.database.begin().await?;
    let (account, hold, now) = lock_active(portal, &transaction, caller, id).await?;
    let alone = portal.settings.holds.second_person == SecondPerson::Off;
    let seconds = hold
        .release_requested_by
        .is_some_and(|first| first != caller.account);
    let outcome = if alone || seconds {
        keep_reason(portal, &transaction, caller, &hold, "hold_release", why).await?;
        Outcome::Released(end(portal, &transaction, caller, account, hold, now).await?)
    } else {
        if !another_could_release(&transaction, caller, hold.account_id).await? {
            return Err(HoldError::SecondPersonMissing);
        }
        keep_reason(portal, &transaction, caller, &hold, "hold_release_request", why).await?;
        let event = audit::Event::by(caller.account, "hold.release_requested")
            .on(hold.account_id)
            .about(id);
        audit::record_at(&transaction, portal, event, now).await?;
        let waiting = hold::ActiveModel {
            release_requested_by: Set(Some(caller.account)),
            ..hold.into_active_model()
        };
        Outcome::Waiting(Hold::at(waiting.update(&transaction).await?, now))
    };
    transaction.commit().await?;
    Ok(outcome)
}

/// Takes back a release that waits.
pub async fn withdraw(portal: &Portal, caller: Caller, id: Uuid) -> Result<(), HoldError> {
    let transaction = portal.database.begin().await?;
    let (_, hold, now) = lock_active(portal, &transaction, caller, id).await?;
    if hold.release_requested_by.is_none() {
        return Err(HoldError::NoReleaseWaiting);
    }
    let event = audit::Event::by(caller.account, "hold.release_withdrawn")
        .on(hold.account_id)
        .about(id);
    hold::ActiveModel {
        release_requested_by: Set(None),
        ..hold.into_active_model()
    }
    .update(&transaction)
    .await?;
    audit::record_at(&transaction, portal, event, now).await?;
    transaction.commit().await?;
    Ok(())
}

async fn end(
    portal: &Portal,
    transaction: &Transaction,
    caller: Caller,
    account: account::Model,
    hold: hold::Model,
    now: DateTime<Utc>,
) -> Result<Hold, DbErr> {
    let id = account.id;
    let released = hold::ActiveModel {
        released_at: Set(Some(now)),
        released_by: Set(Some(caller.account)),
        ..hold.into_active_model()
    }
    .update(transaction)
    .await?;
    // Whether other holds still keep something is for the sweep to find out.
    let due_at = Set(Some(due_after_hold(&account, now)));
    account::ActiveModel {
        due_at,
        next_try_at: Set(None),
        ..account.into_active_model()
    }
    .update(transaction)
    .await?;
    ledger::record(
        transaction,
        id,
        now,
        ledger::Event::HoldReleased { hold_id: released.id },
    )
    .await?;
    let event = audit::Event::by(caller.account, "hold.released")
        .on(id)
        .about(released.id);
    audit::record_at(transaction, portal, event, now).await?;
    Ok(Hold::at(released, now))
}

async fn another_could_release(transaction: &Transaction, caller: Caller, held: Uuid) -> Result<bool, DbErr> {
    let other = account::Entity::find()
        .filter(account::Column::Role.is_in(Permission::DecideHolds.roles()))
        .filter(account::Column::Status.eq(Status::Active))
        .filter(account::Column::Id.is_not_in([caller.account, held]))
        .one(transaction)
        .await?;
    Ok(other.is_some())
}
