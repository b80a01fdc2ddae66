//! One's own second factors at a glance, and new recovery codes.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{factor_removal, totp};
use sea_orm::{DbErr, EntityTrait, TransactionTrait};
use serde::Serialize;
use utoipa::ToSchema;

use super::{change, demand, recovery};
use crate::{
    account::{Caller, NotActive},
    mail::letter::factor::FactorChange,
    portal::Portal,
};

/// What one signs in with beside a password.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Overview {
    /// Since when there is an authenticator app.
    pub totp_since: Option<DateTime<Utc>>,
    pub passkeys: i64,
    /// How many are left.
    pub recovery_codes: i64,
    /// The day (UTC) from which on the role takes a second factor.
    pub required_from: Option<NaiveDate>,
    /// When all of it is removed, unless that is stopped: somebody told an administrator that it is lost.
    pub removal_due_at: Option<DateTime<Utc>>,
}

#[derive(Debug, thiserror::Error)]
pub enum CodesError {
    #[error("there is no factor that they could stand in for")]
    NoFactor,
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The caller's factors.
pub async fn overview(portal: &Portal, caller: Caller) -> Result<Overview, DbErr> {
    let factors = super::of(&portal.database, caller.account).await?;
    let app = totp::Entity::find_by_id(caller.account)
        .one(&portal.database)
        .await?;
    let removal = factor_removal::Entity::find_by_id(caller.account)
        .one(&portal.database)
        .await?;
    Ok(Overview {
        totp_since: app.map(|app| app.set_up_at),
        passkeys: factors.passkeys,
        recovery_codes: factors.recovery_codes,
        required_from: demand::begins(portal, caller.role),
        removal_due_at: removal.map(|removal| removal.due_at),
    })
}

/// Ten new recovery codes; the earlier ones end.
pub async fn make_codes(portal: &Portal, caller: Caller) -> Result<Vec<String>, CodesError> {
    let transaction = portal.database.begin().await?;
    change::lock_own(&transaction, caller).await??;
    if !super::of(&transaction, caller.account).await?.any() {
        return Err(CodesError::NoFactor);
    }
    let codes = recovery::make(&transaction, portal, caller.account).await?;
    change::note(portal, &transaction, caller, FactorChange::RecoveryCodesMade).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(codes)
}
