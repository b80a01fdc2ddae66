//! Whoever waits for a decision can take their registration back; it goes with the next sweep, without undo.

use chrono::TimeDelta;
use entity::status::Status;
use sea_orm::DbErr;

use crate::{
    account::lock,
    audit,
    confirmation::{self, Token},
    leaving,
    mail::letter::LinkPurpose,
    portal::Portal,
};

#[derive(Debug, thiserror::Error)]
pub enum WithdrawError {
    #[error("the link is not good, or not any more")]
    LinkInvalid,
    #[error("the registration does not wait any more")]
    NotWaiting,
    #[error(transparent)]
    Database(#[from] DbErr),
}

pub async fn withdraw(portal: &Portal, token: &Token) -> Result<(), WithdrawError> {
    let account = confirmation::look_up(&portal.database, token, LinkPurpose::Withdraw, portal.now())
        .await?
        .ok_or(WithdrawError::LinkInvalid)?;
    let transaction = portal.database.begin().await?;
    let locked = lock(&transaction, account)
        .await?
        .ok_or(WithdrawError::LinkInvalid)?;
    if locked.status != Status::Pending {
        return Err(WithdrawError::NotWaiting);
    }
    confirmation::redeem(&transaction, token, LinkPurpose::Withdraw, portal.now())
        .await?
        .ok_or(WithdrawError::LinkInvalid)?;
    let now = portal.database_clock.now(&transaction).await?;
    leaving::begin(&transaction, &locked, now, TimeDelta::zero(), &[]).await?;
    audit::record_at(
        &transaction,
        portal,
        audit::Event::by_portal("registration.withdrawn").on(account),
        now,
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}
