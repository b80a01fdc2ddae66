//! Signing in. A right password is needed before anything is said of the account, and an unknown address costs as
//! much as a known one.

use entity::{
    account,
    status::{Role, Status},
};
use sea_orm::DbErr;
use uuid::Uuid;

use super::second_step::{self, Waiting};
use crate::{
    credentials::{CheckError, Checked},
    devices::Visit,
    entry::{self, Identified},
    limits::TooOften,
    passwords::GateError,
    portal::Portal,
    refusals::Refused,
    second_factor,
};

/// Someone whose password was right. The session is still to be made, under R7.
#[derive(Debug, Clone, Copy)]
pub struct SignedIn {
    pub account: Uuid,
    pub role: Role,
    pub status: Status,
    /// Their data changed after a backup that was restored (R20).
    pub look_over: bool,
    pub checked: Checked,
    /// Whether it took more than a password.
    pub second_factor: bool,
}

/// How a sign-in goes on after a right password.
#[derive(Debug)]
pub enum Step {
    In(SignedIn),
    /// The account has a second factor.
    Second(Waiting),
}

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("address and password do not fit")]
    CredentialsInvalid,
    #[error("the registration waits for a decision")]
    Pending,
    #[error("the registration was rejected")]
    Rejected,
    #[error("the account is suspended")]
    Suspended,
    #[error("the account is being deleted")]
    Deleted,
    #[error(transparent)]
    TooOften(TooOften),
    #[error(transparent)]
    Gate(#[from] GateError),
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl From<CheckError> for SignInError {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Wrong => Self::CredentialsInvalid,
            CheckError::TooOften(error) => Self::TooOften(error),
            CheckError::Gate(error) => Self::Gate(error),
            CheckError::Database(error) => Self::Database(error),
        }
    }
}

/// Checks a pair of address and password, and that its account may sign in.
pub async fn sign_in(
    portal: &Portal,
    visit: &Visit,
    email: &str,
    password: &str,
) -> Result<Step, SignInError> {
    let Identified {
        account,
        checked,
        has_second_factor,
    } = entry::identify(portal, visit, email, password).await?;
    if account.status != Status::Active {
        portal.note_refused(Refused::SignIn, account.id);
    }
    let signed_in = admit(&account, checked, false)?;
    if has_second_factor {
        let factors = second_factor::of(&portal.database, account.id).await?;
        if factors.any() {
            let waiting = second_step::begin(portal, checked, factors).await?;
            return Ok(Step::Second(waiting.ok_or(SignInError::CredentialsInvalid)?));
        }
    }
    Ok(Step::In(signed_in))
}

/// Whoever proved that this account is theirs, if it may sign in.
pub fn admit(
    account: &account::Model,
    checked: Checked,
    second_factor: bool,
) -> Result<SignedIn, SignInError> {
    match account.status {
        Status::Active => Ok(SignedIn {
            account: account.id,
            role: account.role,
            status: account.status,
            look_over: account.look_over_since.is_some(),
            checked,
            second_factor,
        }),
        // No password exists before the mailbox is confirmed.
        Status::Unconfirmed => Err(SignInError::CredentialsInvalid),
        Status::Pending => Err(SignInError::Pending),
        Status::Rejected => Err(SignInError::Rejected),
        Status::Suspended => Err(SignInError::Suspended),
        Status::Deleted | Status::Erasing => Err(SignInError::Deleted),
    }
}
