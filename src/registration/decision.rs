//! The desk: who waits, who is let in, who is turned away and why.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{account, administrative_note, profile, registration, status::Status};
use sea_orm::{ActiveModelTrait, DbErr, FromQueryResult, IntoActiveModel, Set};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    account::{Caller, UNDECIDED_FOR, end_access, lapses_at, mailbox, mailboxes_with},
    acting::{NoLonger, still_may_about},
    audit,
    database::{Transaction, sql},
    hold,
    mail::{self, Draft, letter::Letter},
    permissions::Permission,
    portal::Portal,
    values::{Invalid, Listed, Page, REASON_LIMIT, prose},
};

/// When the desk is reminded of a registration that waits (R8).
const REMINDED_AFTER: TimeDelta = TimeDelta::days(30);

/// Someone who waits.
#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct Waiting {
    pub account_id: Uuid,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub organisation: String,
    pub department: Option<String>,
    pub message: Option<String>,
    pub confirmed_at: DateTime<Utc>,
}

/// Where a page of the desk ends: instant and account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Position(DateTime<Utc>, Uuid);

#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    #[error("no such account")]
    NotFound,
    #[error("the registration does not wait")]
    NotPending,
    #[error("the account is being deleted")]
    Deleted,
    #[error(transparent)]
    NoLonger(#[from] NoLonger),
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    Database(#[from] DbErr),
}

const WAITING: &str =
    "SELECT a.id AS account_id, e.address AS email, p.first_name, p.last_name, p.organisation, p.department,
            r.message, r.confirmed_at
     FROM account a
     JOIN registration r ON r.account_id = a.id
     JOIN profile p ON p.account_id = a.id
     JOIN email_address e ON e.account_id = a.id AND e.superseded_at IS NULL
     WHERE a.status = 'pending'";

impl Waiting {
    /// When the registration lapses undecided (R8).
    pub fn lapses_at(&self) -> DateTime<Utc> {
        self.confirmed_at + UNDECIDED_FOR
    }
}

/// Who waits, longest first.
pub async fn waiting(portal: &Portal, page: &Page<Position>) -> Result<Listed<Waiting>, DbErr> {
    let (at, id) = page
        .after
        .clone()
        .map_or((DateTime::UNIX_EPOCH, Uuid::nil()), |Position(at, id)| (at, id));
    let rows = Waiting::find_by_statement(sql(
        &format!("{WAITING} AND (r.confirmed_at, a.id) > ($1, $2) ORDER BY r.confirmed_at, a.id LIMIT $3"),
        [at.into(), id.into(), page.rows().into()],
    ))
    .all(&portal.database)
    .await?;
    Ok(Listed::cut(rows, page, |row| {
        Position(row.confirmed_at, row.account_id)
    }))
}

/// Who waits under this id. None: nobody does.
pub async fn one(portal: &Portal, account: Uuid) -> Result<Option<Waiting>, DbErr> {
    Waiting::find_by_statement(sql(&format!("{WAITING} AND a.id = $1"), [account.into()]))
        .one(&portal.database)
        .await
}

/// Lets someone in, and tells them.
pub async fn approve(portal: &Portal, caller: Caller, account: Uuid) -> Result<(), DecisionError> {
    let transaction = portal.database.begin().await?;
    let locked = lock_pending(&transaction, caller, account).await?;
    close(portal, &transaction, locked, Status::Active, caller).await?;
    // The administrator saw the organisation that was typed and let the person in under it (contract).
    profile::ActiveModel {
        account_id: Set(account),
        organisation_decided: Set(true),
        ..Default::default()
    }
    .update(&transaction)
    .await?;
    tell(portal, &transaction, account, Letter::RegistrationApproved).await?;
    let event = audit::Event::by(caller.account, "registration.approved").on(account);
    audit::record(&transaction, portal, event).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(())
}

/// Turns someone away with a reason, which is mailed.
pub async fn reject(
    portal: &Portal,
    caller: Caller,
    account: Uuid,
    reason: &str,
) -> Result<(), DecisionError> {
    let reason = prose(reason, REASON_LIMIT).map_err(|fault| Invalid::one("reason", fault))?;
    let transaction = portal.database.begin().await?;
    let locked = lock_pending(&transaction, caller, account).await?;
    close(portal, &transaction, locked, Status::Rejected, caller).await?;
    administrative_note::ActiveModel {
        id: Set(portal.new_id()),
        account_id: Set(account),
        subject: Set("rejection".to_owned()),
        subject_id: Set(None),
        body: Set(reason.as_str().to_owned()),
        written_by: Set(caller.account),
        written_at: Set(portal.now()),
    }
    .insert(&transaction)
    .await?;
    tell(
        portal,
        &transaction,
        account,
        Letter::RegistrationRejected {
            reason: reason.into_string(),
        },
    )
    .await?;
    let event = audit::Event::by(caller.account, "registration.rejected").on(account);
    audit::record(&transaction, portal, event).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(())
}

async fn lock_pending(
    transaction: &Transaction,
    caller: Caller,
    id: Uuid,
) -> Result<account::Model, DecisionError> {
    let acting = still_may_about(transaction, caller, Permission::DecideRegistrations, [id]).await??;
    let account = acting.one().ok_or(DecisionError::NotFound)?;
    match account.status {
        Status::Pending => Ok(account),
        Status::Deleted | Status::Erasing => Err(DecisionError::Deleted),
        _ => Err(DecisionError::NotPending),
    }
}

async fn close(
    portal: &Portal,
    transaction: &Transaction,
    account: account::Model,
    status: Status,
    caller: Caller,
) -> Result<(), DbErr> {
    let now = portal.database_clock.now(transaction).await?;
    let id = account.id;
    let due_at = hold::due_after_change(transaction, id, lapses_at(status, now), now).await?;
    account::ActiveModel {
        status: Set(status),
        due_at: Set(due_at),
        ..account.into_active_model()
    }
    .update(transaction)
    .await?;
    registration::ActiveModel {
        account_id: Set(id),
        decided_at: Set(Some(now)),
        decided_by: Set(Some(caller.account)),
        decided_rule: Set(Some("administrator".to_owned())),
        ..Default::default()
    }
    .update(transaction)
    .await?;
    // The link to withdraw is for whoever waits.
    end_access(transaction, id).await
}

async fn tell(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
    letter: Letter,
) -> Result<(), DbErr> {
    if let Some(mailbox) = mailbox(transaction, account).await? {
        mail::queue(transaction, portal, Draft::to(&mailbox, letter)).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Counted {
    count: i64,
}

/// Reminds everyone who decides about them, once, of registrations that have waited for 30 days (R8). Returns of how many.
pub async fn remind(portal: &Portal) -> Result<u64, DbErr> {
    let transaction = portal.database.begin().await?;
    let now = portal.now();
    let reminded = Counted::find_by_statement(sql(
        "WITH late AS (
             UPDATE registration r SET reminded_at = $1 FROM account a
             WHERE a.id = r.account_id AND a.status = 'pending' AND r.reminded_at IS NULL AND r.confirmed_at <= $2
             RETURNING 1)
         SELECT count(*) AS count FROM late",
        [now.into(), (now - REMINDED_AFTER).into()],
    ))
    .one(&transaction)
    .await?;
    let count = reminded.map_or(0, |counted| u64::try_from(counted.count).unwrap_or(0));
    if count > 0 {
        let mailboxes = mailboxes_with(&transaction, Permission::DecideRegistrations).await?;
        let drafts = mailboxes
            .iter()
            .map(|mailbox| Draft::to(mailbox, Letter::RegistrationsWaiting { count }));
        mail::queue_all(&transaction, portal, drafts).await?;
    }
    transaction.commit().await?;
    Ok(count)
}
