//! One's own second factors at a glance, and new recovery codes.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{DbErr, FromQueryResult};
use serde::Serialize;
use utoipa::ToSchema;

use super::{change, demand, recovery};
use crate::{
    account::{Caller, NotActive},
    database::sql,
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

#[derive(Default, FromQueryResult)]
struct Stored {
    totp_since: Option<DateTime<Utc>>,
    passkeys: i64,
    recovery_codes: i64,
    removal_due_at: Option<DateTime<Utc>>,
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
    let stored = Stored::find_by_statement(sql(
        "SELECT (SELECT set_up_at FROM totp WHERE account_id = $1) AS totp_since,
             (SELECT count(*) FROM passkey WHERE account_id = $1) AS passkeys,
             (SELECT count(*) FROM recovery_code WHERE account_id = $1) AS recovery_codes,
             (SELECT due_at FROM factor_removal WHERE account_id = $1) AS removal_due_at",
        [caller.account.into()],
    ))
    .one(&portal.database)
    .await?
    .unwrap_or_default();
    Ok(Overview {
        totp_since: stored.totp_since,
        passkeys: stored.passkeys,
        recovery_codes: stored.recovery_codes,
        required_from: demand::begins(portal, caller.role),
        removal_due_at: stored.removal_due_at,
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
