//! Placing a hold (R14, R15). It and the sweep lock the same account row: either what is held is intact, or the
//! caller is told that it is gone.

use chrono::{DateTime, Months, Utc};
use entity::{account, audit_event, hold, status::Status};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, Set};
use uuid::Uuid;

use super::holds::{Hold, HoldError, review_at};
use crate::{
    account::Caller,
    acting::still_may_about,
    audit,
    database::{Transaction, broken_constraint},
    ledger,
    permissions::Permission,
    portal::Portal,
    values::{Check, Fault, IdempotencyKey, Invalid, Line, line},
};

/// A hold expires at most this far ahead (R14).
pub(super) const EXPIRES_WITHIN: Months = Months::new(11 * 12);
/// Longest reference, in characters.
pub const REFERENCE_LIMIT: usize = 200;

/// On what a hold can rest, and whether the person may be left without knowing (R16).
pub(super) const BASES: [(&str, bool); 4] = [
    ("statutory_retention", false),
    ("open_claim", false),
    ("legal_proceedings", true),
    ("authority_order", true),
];

/// A hold as it was asked for.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    pub basis: &'a str,
    pub reference: &'a str,
    pub categories: Option<&'a [String]>,
    pub review_at: Option<DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
    pub disclose: Option<bool>,
    /// The key under which it is placed once.
    pub key: Option<IdempotencyKey>,
}

/// The same, checked.
struct Checked {
    basis: &'static str,
    reference: Line,
    categories: Vec<String>,
    review_at: DateTime<Utc>,
    expires_at: Option<DateTime<Utc>>,
    disclose: bool,
}

/// What is wrong with an order, before it is placed.
pub fn look(portal: &Portal, order: &Order<'_>) -> Result<(), Invalid> {
    check(portal, order, portal.now()).map(drop)
}

/// Places the hold on what is still there of the categories.
pub async fn place(
    portal: &Portal,
    caller: Caller,
    account: Uuid,
    order: &Order<'_>,
) -> Result<Hold, HoldError> {
    let transaction = portal.database.begin().await?;
    let acting = still_may_about(&transaction, caller, Permission::DecideHolds, [account]).await??;
    let now = portal.database_clock.now(&transaction).await?;
    let checked = check(portal, order, now)?;
    let Some(locked) = acting.one() else {
        return Err(if was_erased(&transaction, account).await? {
            HoldError::AlreadyErased
        } else {
            HoldError::NotFound
        });
    };
    if account == caller.account {
        return Err(HoldError::OwnAccount);
    }
    // The account's lock lets one of two with the same key in at a time.
    if let Some(placed) = already_placed(&transaction, caller, order.key.as_ref()).await? {
        let same = placed.account_id == account
            && placed.basis == checked.basis
            && placed.reference == checked.reference.as_str();
        return if same {
            Ok(Hold::at(placed, now))
        } else {
            Err(HoldError::KeyReused)
        };
    }
    let categories: Vec<String> = checked
        .categories
        .iter()
        .filter(|category| !locked.erased.contains(category))
        .cloned()
        .collect();
    if categories.is_empty() || locked.status == Status::Erasing {
        return Err(HoldError::AlreadyErased);
    }
    let hold = hold::ActiveModel {
        id: Set(portal.random.uuid_v7(now)),
        account_id: Set(account),
        categories: Set(categories),
        basis: Set(checked.basis.to_owned()),
        reference: Set(checked.reference.into_string()),
        review_at: Set(checked.review_at),
        expires_at: Set(checked.expires_at),
        disclose: Set(checked.disclose),
        placed_by: Set(caller.account),
        placed_at: Set(now),
        idempotency_hash: Set(order.key.as_ref().map(IdempotencyKey::hash)),
        ..Default::default()
    }
    .insert(&transaction)
    .await
    .map_err(key_reused)?;
    look_again_at_expiry(&transaction, locked, hold.expires_at).await?;
    let event = ledger::Event::HoldPlaced {
        hold_id: hold.id,
        categories: &hold.categories,
        basis: &hold.basis,
        review_at: hold.review_at,
        expires_at: hold.expires_at,
        disclose: hold.disclose,
    };
    ledger::record(&transaction, account, now, event).await?;
    let event = audit::Event::by(caller.account, "hold.placed")
        .on(account)
        .about(hold.id);
    audit::record_at(&transaction, portal, event, now).await?;
    transaction.commit().await?;
    Ok(Hold::at(hold, now))
}

/// The same key, sent at the same moment for another account: one of the two was first.
fn key_reused(error: DbErr) -> HoldError {
    if broken_constraint(&error) == Some("hold_idempotency") {
        HoldError::KeyReused
    } else {
        HoldError::Database(error)
    }
}

async fn already_placed(
    transaction: &Transaction,
    caller: Caller,
    key: Option<&IdempotencyKey>,
) -> Result<Option<hold::Model>, DbErr> {
    let Some(key) = key else { return Ok(None) };
    hold::Entity::find()
        .filter(hold::Column::PlacedBy.eq(caller.account))
        .filter(hold::Column::IdempotencyHash.eq(key.hash()))
        .one(transaction)
        .await
}

/// What a living account replaced or deleted under the hold goes when it expires (R18).
async fn look_again_at_expiry(
    transaction: &Transaction,
    account: account::Model,
    expires_at: Option<DateTime<Utc>>,
) -> Result<(), DbErr> {
    let Some(expires_at) = expires_at.filter(|_| account.deleted_at.is_none()) else {
        return Ok(());
    };
    let due_at = account.due_at.map_or(expires_at, |due_at| due_at.min(expires_at));
    account::ActiveModel {
        due_at: Set(Some(due_at)),
        ..account.into_active_model()
    }
    .update(transaction)
    .await?;
    Ok(())
}

/// Whether an account of this id existed: its end was recorded, its id is all that is left.
async fn was_erased(transaction: &Transaction, account: Uuid) -> Result<bool, DbErr> {
    let erased = audit_event::Entity::find()
        .filter(audit_event::Column::AccountId.eq(account))
        .filter(audit_event::Column::Code.eq(audit::ERASED))
        .one(transaction)
        .await?;
    Ok(erased.is_some())
}

fn check(portal: &Portal, order: &Order<'_>, now: DateTime<Utc>) -> Result<Checked, Invalid> {
    let mut check = Check::default();
    let basis = check.take("basis", basis(order.basis));
    let reference = check.take("reference", line(order.reference, REFERENCE_LIMIT));
    let categories = check.take("categories", categories(portal, order.categories));
    let review_at = check.take("review_at", review_at(order.review_at, now));
    let expires_at = check.take("expires_at", expires_at(order.expires_at, now));
    let disclose = order.disclose.unwrap_or(true);
    if !disclose && basis.is_some_and(|(_, may_be_kept_quiet)| !may_be_kept_quiet) {
        check.refuse("disclose", Fault::new("must_be_disclosed"));
    }
    let checked = (|| {
        Some(Checked {
            basis: basis?.0,
            reference: reference?,
            categories: categories?,
            review_at: review_at?,
            expires_at: expires_at?,
            disclose,
        })
    })();
    check.finish(checked)
}

fn basis(raw: &str) -> Result<(&'static str, bool), Fault> {
    if raw.is_empty() {
        return Err(Fault::new("required"));
    }
    let known = BASES.into_iter().find(|(basis, _)| *basis == raw);
    known.ok_or_else(|| Fault::with_limit("unknown_basis", BASES.map(|(basis, _)| basis).join(", ")))
}

/// All that may be held, if none is named.
fn categories(portal: &Portal, asked: Option<&[String]>) -> Result<Vec<String>, Fault> {
    let known: Vec<&str> = portal.inventory.holdable().collect();
    let Some(asked) = asked else {
        return Ok(known.into_iter().map(str::to_owned).collect());
    };
    if asked.is_empty() {
        return Err(Fault::new("required"));
    }
    if !asked.iter().all(|category| known.contains(&category.as_str())) {
        return Err(Fault::with_limit("unknown_category", known.join(", ")));
    }
    let mut categories = asked.to_vec();
    categories.sort_unstable();
    categories.dedup();
    Ok(categories)
}

fn expires_at(asked: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Fault> {
    let latest = now + EXPIRES_WITHIN;
    match asked {
        Some(at) if at <= now => Err(Fault::new("in_the_past")),
        Some(at) if at > latest => Err(Fault::with_limit("too_far", latest.format("%Y-%m-%d"))),
        asked => Ok(asked),
    }
}
