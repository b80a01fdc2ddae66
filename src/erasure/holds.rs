//! Holds as the desk sees them, and what placing, reviewing and releasing have in common.

use chrono::{DateTime, Months, Utc};
use entity::{administrative_note, hold};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect, Set, sea_query::LockType,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    account::Caller,
    acting::{NoLonger, still_may_about},
    database::{Transaction, sql},
    permissions::Permission,
    portal::Portal,
    values::{Fault, Invalid, Listed, Page, Prose, REASON_LIMIT, prose},
};

/// A review is at most this far ahead (R14).
pub const REVIEWED_WITHIN: Months = Months::new(6);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Active,
    Expired,
    Released,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Hold {
    pub id: Uuid,
    pub account_id: Uuid,
    pub state: State,
    pub categories: Vec<String>,
    pub basis: String,
    pub reference: String,
    pub review_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether the person is told the basis.
    pub disclose: bool,
    pub placed_by: Uuid,
    pub placed_at: DateTime<Utc>,
    pub reviewed_at: Option<DateTime<Utc>>,
    /// Who asked for the release that waits for somebody else's.
    pub release_requested_by: Option<Uuid>,
    pub released_by: Option<Uuid>,
    pub released_at: Option<DateTime<Utc>>,
}

impl Hold {
    pub(super) fn at(row: hold::Model, now: DateTime<Utc>) -> Self {
        let state = match (row.released_at, row.expires_at) {
            (Some(_), _) => State::Released,
            (None, Some(expires_at)) if expires_at <= now => State::Expired,
            _ => State::Active,
        };
        Self {
            id: row.id,
            account_id: row.account_id,
            state,
            categories: row.categories,
            basis: row.basis,
            reference: row.reference,
            review_at: row.review_at,
            expires_at: row.expires_at,
            disclose: row.disclose,
            placed_by: row.placed_by,
            placed_at: row.placed_at,
            reviewed_at: row.reviewed_at,
            release_requested_by: row.release_requested_by,
            released_by: row.released_by,
            released_at: row.released_at,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error("there is no such account or hold")]
    NotFound,
    #[error("nobody decides about a hold on their own account")]
    OwnAccount,
    #[error("what was to be held is erased, or is being erased")]
    AlreadyErased,
    #[error("the key was used for another hold")]
    KeyReused,
    #[error("the hold has ended")]
    Ended,
    #[error("no release waits")]
    NoReleaseWaiting,
    #[error("there is nobody else who could release it")]
    SecondPersonMissing,
    #[error(transparent)]
    NoLonger(#[from] NoLonger),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// The holds of an account, newest first. None: no such account.
pub async fn of_account(
    portal: &Portal,
    account: Uuid,
    page: &Page<Uuid>,
) -> Result<Option<Listed<Hold>>, DbErr> {
    // An account without holds is one row of nothing.
    let rows = portal
        .database
        .query_all_raw(sql(
            "SELECT h.* FROM account a
             LEFT JOIN LATERAL (SELECT * FROM hold WHERE account_id = a.id AND id < $2 ORDER BY id DESC LIMIT $3) h ON true
             WHERE a.id = $1 ORDER BY h.id DESC",
            [
                account.into(),
                page.after.unwrap_or(Uuid::max()).into(),
                page.rows().into(),
            ],
        ))
        .await?;
    if rows.is_empty() {
        return Ok(None);
    }
    let now = portal.now();
    let mut holds = Vec::with_capacity(rows.len());
    for row in &rows {
        if let Some(row) = Option::<hold::Model>::from_query_result(row, "")? {
            holds.push(Hold::at(row, now));
        }
    }
    Ok(Some(Listed::cut(holds, page, |row: &Hold| row.id)))
}

/// Which active holds are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    All,
    /// Those whose review is missed, or is due soon.
    ToReview,
    /// Those whose release waits for a second person's.
    ReleaseWaiting,
}

/// Where a page of the active holds ends: review and hold.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Position(DateTime<Utc>, Uuid);

/// Active holds of all accounts, soonest review first, so that missed ones lead.
pub async fn active(portal: &Portal, which: Which, page: &Page<Position>) -> Result<Listed<Hold>, DbErr> {
    let (at, id) = page
        .after
        .clone()
        .map_or((DateTime::UNIX_EPOCH, Uuid::nil()), |Position(at, id)| (at, id));
    let now = portal.now();
    let active = crate::hold::ACTIVE;
    let rows = hold::Model::find_by_statement(sql(
        &format!(
            "SELECT h.* FROM hold h WHERE {active} AND (h.review_at, h.id) > ($1, $2)
               AND (NOT $4 OR h.review_at <= $5) AND (NOT $6 OR h.release_requested_by IS NOT NULL)
             ORDER BY h.review_at, h.id LIMIT $3"
        ),
        [
            at.into(),
            id.into(),
            page.rows().into(),
            (which == Which::ToReview).into(),
            (now + crate::hold::REVIEW_SHOWN).into(),
            (which == Which::ReleaseWaiting).into(),
        ],
    ))
    .all(&portal.database)
    .await?;
    let holds = rows.into_iter().map(|row| Hold::at(row, now)).collect();
    Ok(Listed::cut(holds, page, |row: &Hold| {
        Position(row.review_at, row.id)
    }))
}

/// One hold. None: there is none with this id.
pub async fn one(portal: &Portal, id: Uuid) -> Result<Option<Hold>, DbErr> {
    let found = hold::Entity::find_by_id(id).one(&portal.database).await?;
    Ok(found.map(|row| Hold::at(row, portal.now())))
}

/// A reason that was given about a hold.
#[derive(Debug, Clone)]
pub struct Reason {
    /// `hold_review`, `hold_release_request` or `hold_release`.
    pub subject: String,
    pub body: String,
    pub written_by: Uuid,
    pub written_at: DateTime<Utc>,
}

/// What was written about a hold, newest first.
pub async fn reasons(portal: &Portal, hold: &Hold) -> Result<Vec<Reason>, DbErr> {
    let rows = administrative_note::Entity::find()
        .filter(administrative_note::Column::AccountId.eq(hold.account_id))
        .filter(administrative_note::Column::SubjectId.eq(hold.id))
        .order_by_desc(administrative_note::Column::Id)
        .all(&portal.database)
        .await?;
    let reason = |row: administrative_note::Model| Reason {
        subject: row.subject,
        body: row.body,
        written_by: row.written_by,
        written_at: row.written_at,
    };
    Ok(rows.into_iter().map(reason).collect())
}

/// A review that is ahead, but not too far.
pub(super) fn review_at(asked: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Fault> {
    let latest = now + REVIEWED_WITHIN;
    match asked {
        None => Ok(latest),
        Some(at) if at <= now => Err(Fault::new("in_the_past")),
        Some(at) if at > latest => Err(Fault::with_limit("too_far", latest.format("%Y-%m-%d"))),
        Some(at) => Ok(at),
    }
}

pub(super) fn reason(raw: &str) -> Result<Prose, HoldError> {
    Ok(prose(raw, REASON_LIMIT).map_err(|fault| Invalid::one("reason", fault))?)
}

/// The hold, active, with its account locked first (R7), for whoever may still decide about it.
pub(super) async fn lock_active(
    portal: &Portal,
    transaction: &Transaction,
    caller: Caller,
    id: Uuid,
) -> Result<(entity::account::Model, hold::Model, DateTime<Utc>), HoldError> {
    let account = hold::Entity::find_by_id(id)
        .one(transaction)
        .await?
        .ok_or(HoldError::NotFound)?
        .account_id;
    let acting = still_may_about(transaction, caller, Permission::DecideHolds, [account]).await??;
    let account = acting.one().ok_or(HoldError::NotFound)?;
    let hold = hold::Entity::find_by_id(id)
        .lock(LockType::Update)
        .one(transaction)
        .await?
        .ok_or(HoldError::NotFound)?;
    if account.id == caller.account {
        return Err(HoldError::OwnAccount);
    }
    let now = portal.database_clock.now(transaction).await?;
    if !crate::hold::is_active(transaction, id).await? {
        return Err(HoldError::Ended);
    }
    Ok((account, hold, now))
}

/// Keeps a reason with the account it speaks of (R3).
pub(super) async fn keep_reason(
    portal: &Portal,
    transaction: &Transaction,
    caller: Caller,
    hold: &hold::Model,
    subject: &str,
    reason: Prose,
) -> Result<(), DbErr> {
    administrative_note::ActiveModel {
        id: Set(portal.new_id()),
        account_id: Set(hold.account_id),
        subject: Set(subject.to_owned()),
        subject_id: Set(Some(hold.id)),
        body: Set(reason.into_string()),
        written_by: Set(caller.account),
        written_at: Set(portal.now()),
    }
    .insert(transaction)
    .await?;
    Ok(())
}
