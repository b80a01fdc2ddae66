//! Proving anew who one is, for what could do great harm in a session that somebody else got hold of: what it takes is
//! bound to the password that is current (R7).

use chrono::TimeDelta;
use sea_orm::{DbErr, Set, TransactionTrait};

use super::session_key::{self, SessionKey};
use crate::{
    account::{Caller, NotActive, enter},
    credentials::{self, CheckError},
    portal::Portal,
};

/// How long a sign-in, or a proof in its session, is good for such things (R5; OWASP ASVS 5.0, 7.5.1 and 7.5.3, leave
/// the length to the application).
pub const FRESH_FOR: TimeDelta = TimeDelta::minutes(5);

#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    #[error(transparent)]
    Password(#[from] CheckError),
    /// The session or the account ended meanwhile.
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Whether the caller proved who they are a short while ago.
pub fn is_fresh(portal: &Portal, caller: Caller) -> bool {
    portal.now() - caller.proved_at <= FRESH_FOR
}

/// Notes that the caller knows the password. Returns the key that their session has from now on.
pub async fn renew(portal: &Portal, caller: Caller, password: &str) -> Result<SessionKey, ProofError> {
    let checked = credentials::check(portal, caller.account, password).await?;
    let transaction = portal.database.begin().await?;
    enter(&transaction, caller.account).await??;
    if !credentials::is_current(&transaction, checked).await? {
        return Err(CheckError::Wrong.into());
    }
    let key = session_key::renew(&transaction, portal, caller, Set(portal.now()))
        .await?
        .ok_or(NotActive)?;
    transaction.commit().await?;
    Ok(key)
}
