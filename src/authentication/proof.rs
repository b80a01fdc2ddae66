//! Proving anew who one is, for what could do great harm in a session that somebody else got hold of: what it takes is
//! bound to the password that is current (R7).

use chrono::TimeDelta;
use sea_orm::{DbErr, Set};

use super::session_key::{self, SessionKey};
use crate::{
    account::{Caller, NotActive, enter},
    credentials::{self, CheckError, Checked},
    database::Transaction,
    portal::Portal,
    second_factor::{self, code::CodeError},
};

/// How long a sign-in, or a proof in its session, is good for such things (R5; OWASP ASVS 5.0, 7.5.1 and 7.5.3, leave
/// the length to the application).
pub const FRESH_FOR: TimeDelta = TimeDelta::minutes(5);

#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    #[error(transparent)]
    Password(#[from] CheckError),
    #[error(transparent)]
    Code(#[from] CodeError),
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

/// Whether the password that a request carries is all the proof it takes: where there is a second factor, it is not, and
/// the caller must have proved themselves a short while ago as well.
pub async fn is_password_enough(portal: &Portal, caller: Caller) -> Result<bool, DbErr> {
    if is_fresh(portal, caller) {
        return Ok(true);
    }
    Ok(!second_factor::of(&portal.database, caller.account).await?.any())
}

/// Notes that the caller knows the password and, where there is a second factor, a code. Returns the key that their session
/// has from now on.
pub async fn renew(
    portal: &Portal,
    caller: Caller,
    password: &str,
    code: &str,
) -> Result<SessionKey, ProofError> {
    let checked = credentials::check(portal, caller.account, password).await?;
    let took_one = second_factor::code::check(portal, caller.account, code).await?;
    let transaction = portal.database.begin().await?;
    note(
        portal,
        transaction,
        caller,
        checked,
        took_one || caller.second_factor,
    )
    .await
}

/// Notes of the caller's session that they proved who they are just now, and commits. Returns its new key.
pub async fn note(
    portal: &Portal,
    transaction: Transaction,
    caller: Caller,
    checked: Checked,
    second_factor: bool,
) -> Result<SessionKey, ProofError> {
    enter(&transaction, caller.account).await??;
    if !credentials::is_current(&transaction, checked).await? {
        return Err(CheckError::Wrong.into());
    }
    let key = session_key::renew(&transaction, portal, caller, Set(portal.now()), second_factor)
        .await?
        .ok_or(NotActive)?;
    transaction.commit().await?;
    Ok(key)
}
