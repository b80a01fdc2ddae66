//! Another password, by whoever knows the current one; all other sessions end, and theirs gets another key.

use entity::status::Status;
use sea_orm::{DbErr, NotSet};

use crate::{
    account::{Caller, end_sessions, lock},
    audit,
    authentication::{
        notices, proof,
        session_key::{self, SessionKey},
    },
    confirmation,
    credentials::{self, CheckError, Checked, ChooseError},
    ledger,
    mail::letter::LinkPurpose,
    portal::Portal,
};

#[derive(Debug, thiserror::Error)]
pub enum PasswordChangeError {
    #[error(transparent)]
    Current(#[from] CheckError),
    #[error(transparent)]
    New(#[from] ChooseError),
    #[error("a fresh proof is missing")]
    ProofRequired,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// What is current now.
#[derive(Debug, Clone, Copy)]
pub struct Changed {
    /// Whoever changed it stays known on the device they did it on.
    pub checked: Checked,
    /// Their session's. None: it has ended meanwhile.
    pub key: Option<SessionKey>,
}

pub async fn change(
    portal: &Portal,
    caller: Caller,
    current: &str,
    new: &str,
) -> Result<Changed, PasswordChangeError> {
    if !proof::is_password_enough(portal, caller).await? {
        return Err(PasswordChangeError::ProofRequired);
    }
    let checked = credentials::check(portal, caller.account, current).await?;
    let hash = credentials::choose(portal, caller.account, new).await?;
    let transaction = portal.database.begin().await?;
    let active = lock(&transaction, caller.account)
        .await?
        .is_some_and(|account| account.status == Status::Active);
    if !active || !credentials::is_current(&transaction, checked).await? {
        return Err(CheckError::Wrong.into());
    }
    let changed = credentials::set(&transaction, portal, caller.account, &hash).await?;
    end_sessions(&transaction, caller.account, Some(caller.session)).await?;
    let key = session_key::renew(&transaction, portal, caller, NotSet, caller.second_factor).await?;
    confirmation::close(&transaction, caller.account, LinkPurpose::Reset).await?;
    let now = portal.database_clock.now(&transaction).await?;
    ledger::record(
        &transaction,
        caller.account,
        now,
        ledger::Event::Changed {
            cluster: "credentials",
        },
    )
    .await?;
    audit::record(
        &transaction,
        portal,
        audit::Event::by(caller.account, "password.changed").on(caller.account),
    )
    .await?;
    notices::password_changed(portal, &transaction, caller.account).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(Changed {
        checked: changed,
        key,
    })
}
