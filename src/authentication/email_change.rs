//! Another mail address: asked for with the password, confirmed at the new one, announced to the old one. The old
//! address is gone at once (R3), unless a hold keeps it (R18).

use chrono::TimeDelta;
use entity::{account, email_address, email_change, mail as queued, status::Status};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, QueryFilter, Set, sea_query::OnConflict};
use uuid::Uuid;

use super::proof;
use crate::{
    account::{Caller, Mailbox, NotActive, enter, lock_all, mailbox, owner_of, release_address},
    audit,
    confirmation::{self, Token},
    credentials::{self, CheckError},
    database::{Transaction, broken_constraint},
    hold, leaving, ledger,
    mail::{
        self, Draft,
        letter::{Letter, LinkPurpose},
    },
    portal::Portal,
    values::{EmailAddress, Fault, Invalid},
};

#[derive(Debug, thiserror::Error)]
pub enum EmailChangeError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Password(#[from] CheckError),
    #[error("a fresh proof is missing")]
    ProofRequired,
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error("the link is not good, or not any more")]
    LinkInvalid,
    #[error("another account has this address now")]
    Taken,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Asks for the change. Whether the new address is known elsewhere is told to its owner alone.
pub async fn request(
    portal: &Portal,
    caller: Caller,
    email: &str,
    password: &str,
) -> Result<(), EmailChangeError> {
    let address = EmailAddress::parse(email).map_err(|fault| Invalid::one("email", fault))?;
    if !proof::is_password_enough(portal, caller).await? {
        return Err(EmailChangeError::ProofRequired);
    }
    let checked = credentials::check(portal, caller.account, password).await?;
    let transaction = portal.database.begin().await?;
    enter(&transaction, caller.account).await??;
    if !credentials::is_current(&transaction, checked).await? {
        return Err(CheckError::Wrong.into());
    }
    let old = mailbox(&transaction, caller.account).await?.ok_or(NotActive)?;
    if old.address == address.as_str() {
        return Err(Invalid::one("email", Fault::new("email_unchanged")).into());
    }
    if mail::allow(&transaction, portal, &address, "email_change", portal.now()).await? {
        ask_at_new_address(portal, &transaction, &old, &address).await?;
    }
    announce_to_old_address(portal, &transaction, &old).await?;
    let event = audit::Event::by(caller.account, "email.change_requested").on(caller.account);
    audit::record(&transaction, portal, event).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(())
}

/// The old address has a pause of its own: many new ones must not flood it.
async fn announce_to_old_address(
    portal: &Portal,
    transaction: &Transaction,
    old: &Mailbox,
) -> Result<(), DbErr> {
    let Ok(address) = EmailAddress::parse(&old.address) else {
        return Ok(());
    };
    if mail::allow(
        transaction,
        portal,
        &address,
        "email_change_announced",
        portal.now(),
    )
    .await?
    {
        mail::queue(transaction, portal, Draft::to(old, Letter::EmailChangeAnnounced)).await?;
    }
    Ok(())
}

async fn ask_at_new_address(
    portal: &Portal,
    transaction: &Transaction,
    old: &Mailbox,
    address: &EmailAddress,
) -> Result<(), DbErr> {
    let to_new = |letter| Draft {
        recipient: address.as_str().to_owned(),
        ..Draft::to(old, letter)
    };
    if is_taken(portal, transaction, address).await? {
        mail::queue(transaction, portal, to_new(Letter::EmailChangeTaken)).await?;
        return Ok(());
    }
    let pending = email_change::ActiveModel {
        account_id: Set(old.account_id),
        address: Set(address.as_str().to_owned()),
        requested_at: Set(portal.now()),
    };
    let mut replaced = OnConflict::column(email_change::Column::AccountId);
    replaced.update_columns([email_change::Column::Address, email_change::Column::RequestedAt]);
    email_change::Entity::insert(pending)
        .on_conflict(replaced)
        .exec_without_returning(transaction)
        .await?;
    let expires_at = portal.now() + confirmation::ONE_DAY;
    let confirmation = confirmation::open(
        transaction,
        portal,
        old.account_id,
        LinkPurpose::EmailChange,
        expires_at,
    )
    .await?;
    mail::queue(
        transaction,
        portal,
        to_new(Letter::EmailChangeConfirm).with_link(confirmation),
    )
    .await?;
    Ok(())
}

/// Whether an account that counts has the address: one that was never confirmed doesn't, and one that can no longer be
/// undone gives it up (R16).
async fn is_taken(portal: &Portal, transaction: &Transaction, address: &EmailAddress) -> Result<bool, DbErr> {
    let Some(owner) = owner_of(transaction, address.as_str()).await? else {
        return Ok(false);
    };
    let owner = account::Entity::find_by_id(owner).one(transaction).await?;
    Ok(owner.is_some_and(|owner| match owner.status {
        Status::Unconfirmed => false,
        Status::Deleted | Status::Erasing => owner.undo_until.is_some_and(|until| until > portal.now()),
        _ => true,
    }))
}

/// Makes the new address the account's.
pub async fn confirm(portal: &Portal, token: &Token) -> Result<(), EmailChangeError> {
    let account = confirmation::look_up(&portal.database, token, LinkPurpose::EmailChange, portal.now())
        .await?
        .ok_or(EmailChangeError::LinkInvalid)?;
    let transaction = portal.database.begin().await?;
    let pending = email_change::Entity::find_by_id(account)
        .one(&transaction)
        .await?
        .ok_or(EmailChangeError::LinkInvalid)?;
    let others = owner_of(&transaction, &pending.address).await?;
    let locked = lock_all(&transaction, [Some(account), others].into_iter().flatten()).await?;
    let active = |id: Uuid| {
        locked
            .iter()
            .any(|found| found.id == id && found.status == Status::Active)
    };
    if !active(account) {
        return Err(EmailChangeError::LinkInvalid);
    }
    confirmation::redeem(&transaction, token, LinkPurpose::EmailChange, portal.now())
        .await?
        .ok_or(EmailChangeError::LinkInvalid)?;
    email_change::Entity::delete_by_id(account)
        .exec(&transaction)
        .await?;
    let now = portal.database_clock.now(&transaction).await?;
    // Someone registered with the address and never confirmed: whoever has the mailbox has confirmed it now.
    for unconfirmed in locked.iter().filter(|found| found.status == Status::Unconfirmed) {
        leaving::begin(&transaction, unconfirmed, now, TimeDelta::zero(), &[]).await?;
    }
    release_address(&transaction, &pending.address, now).await?;
    replace(portal, &transaction, account, &pending.address).await?;
    audit::record(
        &transaction,
        portal,
        audit::Event::by(account, "email.changed").on(account),
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

async fn replace(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
    address: &str,
) -> Result<(), EmailChangeError> {
    let now = portal.database_clock.now(transaction).await?;
    let current = email_address::Entity::find()
        .filter(email_address::Column::AccountId.eq(account))
        .filter(email_address::Column::SupersededAt.is_null())
        .one(transaction)
        .await?
        .ok_or(EmailChangeError::LinkInvalid)?;
    // Mail that still waits for the old address is not sent there any more, nor is any link that it got.
    queued::Entity::delete_many()
        .filter(queued::Column::AccountId.eq(account))
        .filter(queued::Column::Recipient.eq(current.address.as_str()))
        .exec(transaction)
        .await?;
    confirmation::close(transaction, account, LinkPurpose::Reset).await?;
    if hold::covers(transaction, account, "contact").await? {
        email_address::ActiveModel {
            id: Set(current.id),
            released: Set(true),
            superseded_at: Set(Some(now)),
            ..Default::default()
        }
        .update(transaction)
        .await?;
    } else {
        email_address::Entity::delete_by_id(current.id)
            .exec(transaction)
            .await?;
    }
    let new = email_address::ActiveModel {
        id: Set(portal.new_id()),
        account_id: Set(account),
        address: Set(address.to_owned()),
        released: Set(false),
        superseded_at: Set(None),
    };
    new.insert(transaction)
        .await
        .map_err(|error| match broken_constraint(&error) {
            Some("email_address_taken") => EmailChangeError::Taken,
            _ => EmailChangeError::Database(error),
        })?;
    ledger::record(
        transaction,
        account,
        now,
        ledger::Event::Changed { cluster: "contact" },
    )
    .await?;
    Ok(())
}
