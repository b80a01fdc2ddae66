//! A forgotten password: a link by mail, good for an hour. The answer never tells whether the address is known.

use entity::status::Status;
use sea_orm::DbErr;

use crate::{
    account::{end_sessions, lock, lock_owner, mailbox},
    audit,
    authentication::notices,
    confirmation::{self, Token},
    credentials::{self, Checked, ChooseError},
    database::Transaction,
    ledger,
    limits::TooOften,
    mail::{
        self, Draft,
        letter::{Letter, LinkPurpose},
    },
    network::Network,
    noted::{self, Kind},
    portal::Portal,
    values::EmailAddress,
};

#[derive(Debug, thiserror::Error)]
pub enum ResetError {
    #[error("the link is not good, or not any more")]
    LinkInvalid,
    #[error(transparent)]
    Password(#[from] ChooseError),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Notes the request, unless too many come from its network.
pub async fn note(
    portal: &Portal,
    from: Network,
    address: &EmailAddress,
) -> Result<Result<(), TooOften>, DbErr> {
    noted::note(portal, from, Kind::PasswordReset, address, &()).await
}

/// Handles what was noted, and returns how many there were.
pub async fn handle_noted(portal: &Portal) -> Result<u64, DbErr> {
    noted::handle_all(
        portal,
        Kind::PasswordReset,
        |transaction, address, (): ()| async move {
            handle(portal, &transaction, &address).await?;
            Ok(transaction)
        },
    )
    .await
}

/// Whoever has, or had, a password may choose another: also while they wait or are suspended, because they need it to
/// ask for their deletion (R6).
fn may_reset(status: Status) -> bool {
    matches!(
        status,
        Status::Pending | Status::Rejected | Status::Active | Status::Suspended
    )
}

async fn handle(portal: &Portal, transaction: &Transaction, address: &EmailAddress) -> Result<(), DbErr> {
    if !mail::allow(transaction, portal, address, "password_reset", portal.now()).await? {
        return Ok(());
    }
    let account = lock_owner(transaction, address.as_str()).await?;
    let Some(account) = account.filter(|account| may_reset(account.status)) else {
        return Ok(());
    };
    let Some(mailbox) = mailbox(transaction, account.id).await? else {
        return Ok(());
    };
    let expires_at = portal.now() + confirmation::ONE_HOUR;
    let confirmation =
        confirmation::open(transaction, portal, account.id, LinkPurpose::Reset, expires_at).await?;
    mail::queue(
        transaction,
        portal,
        Draft::to(&mailbox, Letter::PasswordReset).with_link(confirmation),
    )
    .await?;
    Ok(())
}

/// Sets the new password, unless it is refused, and ends all sessions. Returns what is current now: the device that the
/// link was opened on is one that is known.
pub async fn confirm(portal: &Portal, token: &Token, password: &str) -> Result<Checked, ResetError> {
    let account = confirmation::look_up(&portal.database, token, LinkPurpose::Reset, portal.now())
        .await?
        .ok_or(ResetError::LinkInvalid)?;
    let hash = credentials::choose(portal, account, password).await?;
    let transaction = portal.database.begin().await?;
    if !lock(&transaction, account)
        .await?
        .is_some_and(|account| may_reset(account.status))
    {
        return Err(ResetError::LinkInvalid);
    }
    confirmation::redeem(&transaction, token, LinkPurpose::Reset, portal.now())
        .await?
        .ok_or(ResetError::LinkInvalid)?;
    let chosen = credentials::set(&transaction, portal, account, &hash).await?;
    end_sessions(&transaction, account, None).await?;
    let now = portal.database_clock.now(&transaction).await?;
    ledger::record(
        &transaction,
        account,
        now,
        ledger::Event::Changed {
            cluster: "credentials",
        },
    )
    .await?;
    audit::record(
        &transaction,
        portal,
        audit::Event::by_portal("password.reset").on(account),
    )
    .await?;
    // Whoever was invited chooses their first password here.
    if chosen.is_replacement() {
        notices::password_changed(portal, &transaction, account).await?;
    }
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(chosen)
}
