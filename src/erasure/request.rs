//! Asking for deletion (R5, R6): by the member with the password, without a session by whoever is suspended or still
//! waits, or by an administrator for requests that came by other ways.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    account, administrative_note,
    status::{Role, Status},
};
use sea_orm::{ActiveModelTrait, DbErr, Set};
use uuid::Uuid;

use crate::{
    account::{Caller, another_administrator_remains, lock, mailbox},
    acting::{NoLonger, still_may_about},
    announcements::{Change, announce_within},
    audit,
    authentication::proof,
    confirmation,
    credentials::{self, CheckError, Checked},
    database::Transaction,
    devices::Visit,
    entry::{self, Identified},
    leaving::{self, Deadlines, deadlines},
    mail::{
        self, Draft,
        letter::{Letter, LinkPurpose},
    },
    messaging::notify,
    permissions::Permission,
    portal::Portal,
    receipt,
    second_factor::code::{self, CodeError},
    values::{Invalid, REASON_LIMIT, prose},
};

/// The instants, and the code of the receipt: none when the deletion was under way already.
#[derive(Debug, Clone)]
pub struct Requested {
    pub deadlines: Deadlines,
    pub receipt_code: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    #[error(transparent)]
    Password(#[from] CheckError),
    #[error(transparent)]
    Code(#[from] CodeError),
    #[error("a fresh proof is missing")]
    ProofRequired,
    #[error("no such account")]
    NotFound,
    #[error("nobody deletes their own account on somebody's behalf")]
    OwnAccount,
    #[error("without this administrator there would be none")]
    LastAdministrator,
    #[error(transparent)]
    NoLonger(#[from] NoLonger),
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// A member deletes their account.
pub async fn by_member(portal: &Portal, caller: Caller, password: &str) -> Result<Requested, RequestError> {
    if !proof::is_password_enough(portal, caller).await? {
        return Err(RequestError::ProofRequired);
    }
    let checked = credentials::check(portal, caller.account, password).await?;
    by_owner(portal, checked).await
}

/// Someone without a session deletes their account, whatever its status. Whoever could sign in, with a second factor,
/// needs its code here, too; everybody else has nothing but a password.
pub async fn by_credentials(
    portal: &Portal,
    visit: &Visit,
    email: &str,
    password: &str,
    code: &str,
) -> Result<Requested, RequestError> {
    let Identified { account, checked, .. } = entry::identify(portal, visit, email, password).await?;
    if account.status == Status::Active {
        code::check(portal, account.id, code).await?;
    }
    by_owner(portal, checked).await
}

async fn by_owner(portal: &Portal, checked: Checked) -> Result<Requested, RequestError> {
    let transaction = portal.database.begin().await?;
    let account = lock(&transaction, checked.account)
        .await?
        .ok_or(CheckError::Wrong)?;
    if !credentials::is_current(&transaction, checked).await? {
        return Err(CheckError::Wrong.into());
    }
    let grace = TimeDelta::from_std(portal.settings.erasure.grace).unwrap_or_default();
    let requested = request(portal, &transaction, &account, grace, None).await?;
    announce_within(&transaction, [Change::Person(account.id)]).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(requested)
}

/// An administrator deletes an account on someone's behalf; the person can undo it for 12 hours.
pub async fn by_administrator(
    portal: &Portal,
    caller: Caller,
    account: Uuid,
    reason: &str,
) -> Result<Requested, RequestError> {
    // One's own takes one's password (R5).
    if account == caller.account {
        return Err(RequestError::OwnAccount);
    }
    let reason = prose(reason, REASON_LIMIT).map_err(|fault| Invalid::one("reason", fault))?;
    let transaction = portal.database.begin().await?;
    let acting = still_may_about(&transaction, caller, Permission::ManageAccounts, [account]).await??;
    let account = acting.one().ok_or(RequestError::NotFound)?;
    let requested = request(
        portal,
        &transaction,
        &account,
        portal.settings.administrators_grace(),
        Some(caller.account),
    )
    .await?;
    if requested.receipt_code.is_some() {
        administrative_note::ActiveModel {
            id: Set(portal.new_id()),
            account_id: Set(account.id),
            subject: Set("deletion".to_owned()),
            subject_id: Set(None),
            body: Set(reason.into_string()),
            written_by: Set(caller.account),
            written_at: Set(portal.now()),
        }
        .insert(&transaction)
        .await?;
    }
    announce_within(&transaction, [Change::Person(account.id)]).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(requested)
}

async fn request(
    portal: &Portal,
    transaction: &Transaction,
    account: &account::Model,
    grace: TimeDelta,
    administrator: Option<Uuid>,
) -> Result<Requested, RequestError> {
    if let Some(deadlines) = deadlines(account) {
        return Ok(Requested {
            deadlines,
            receipt_code: None,
        });
    }
    let administers = account.role == Role::Administrator && account.status == Status::Active;
    if administers && !another_administrator_remains(transaction, account.id).await? {
        return Err(RequestError::LastAdministrator);
    }
    let now = portal.database_clock.now(transaction).await?;
    let receipt = receipt::issue(transaction, portal, account.id, now, now + leaving::ERASED_WITHIN).await?;
    let deadlines = leaving::begin(transaction, account, now, grace, &[receipt.code_hash]).await?;
    notify::take_back_of_former(transaction, account.id).await?;
    write_to_owner(
        portal,
        transaction,
        account.id,
        deadlines,
        administrator.is_some(),
        receipt.id,
    )
    .await?;
    let event = match administrator {
        Some(administrator) => audit::Event::by(administrator, "deletion.requested_on_behalf"),
        None => audit::Event::by(account.id, "deletion.requested"),
    };
    audit::record_at(transaction, portal, event.on(account.id), now).await?;
    Ok(Requested {
        deadlines,
        receipt_code: Some(receipt.code),
    })
}

/// The one mail of a deletion: it carries the link to undo and the receipt's code (R24).
async fn write_to_owner(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
    Deadlines {
        undo_until, erase_by, ..
    }: Deadlines,
    by_administrator: bool,
    receipt_id: Uuid,
) -> Result<(), DbErr> {
    let confirmation =
        confirmation::open(transaction, portal, account, LinkPurpose::Undo, undo_until).await?;
    if let Some(mailbox) = mailbox(transaction, account).await? {
        let letter = Letter::DeletionRequested {
            undo_until,
            erase_by,
            by_administrator,
            receipt_id,
        };
        mail::queue(
            transaction,
            portal,
            Draft::to(&mailbox, letter).with_link(confirmation),
        )
        .await?;
    }
    Ok(())
}

/// The latest instant at which what is due must be erased: within a day of the request, or of the end of the last
/// hold (R17). In SQL, for a row of `account` (as `a`).
pub const DEADLINE: &str =
    "CASE WHEN a.erase_by > a.due_at THEN a.erase_by ELSE a.due_at + interval '24 hours' END";

/// When an account whose hold ended at `now` is due: at once, within the original deadline if that is still ahead.
pub fn due_after_hold(account: &account::Model, now: DateTime<Utc>) -> DateTime<Utc> {
    match deadlines(account) {
        Some(Deadlines {
            undo_until, erase_by, ..
        }) if erase_by > now => undo_until,
        _ => now,
    }
}
