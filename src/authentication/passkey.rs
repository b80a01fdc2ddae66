//! Signing in by a passkey alone, and proving by one who one is: it stands for a password and a second factor at once. What
//! follows is bound to the password that is current now (R7), as after a password.

use sea_orm::DbErr;

use super::{
    proof::{self, ProofError},
    session_key::SessionKey,
    sign_in::{SignInError, SignedIn, admit},
};
use crate::{
    account::Caller,
    credentials,
    portal::Portal,
    second_factor::passkeys::assertion::{self, Answer, AssertionError},
};

#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    #[error(transparent)]
    Assertion(#[from] AssertionError),
    /// The passkey is right, but its account may not sign in.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error(transparent)]
    Proof(#[from] ProofError),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Whose passkey this is, if their account may sign in.
pub async fn sign_in(portal: &Portal, answer: Answer<'_>) -> Result<SignedIn, PasskeyError> {
    let account = assertion::finish(portal, answer, None).await?;
    let checked = credentials::current(&portal.database, account.id).await?;
    let checked = checked.ok_or(AssertionError::Wrong)?;
    Ok(admit(&account, checked, true)?)
}

/// Notes that the caller has their passkey at hand; anybody else's proves nothing.
/// Returns the key that their session has from now on.
pub async fn prove(portal: &Portal, caller: Caller, answer: Answer<'_>) -> Result<SessionKey, PasskeyError> {
    assertion::finish(portal, answer, Some(caller.account)).await?;
    let checked = credentials::current(&portal.database, caller.account).await?;
    let checked = checked.ok_or(AssertionError::Wrong)?;
    let transaction = portal.database.begin().await?;
    Ok(proof::note(portal, transaction, caller, checked, true).await?)
}
