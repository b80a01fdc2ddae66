//! The moment an account begins to leave (R5): what every way out has in common, whether its person asked, withdrew
//! or an administrator acted for them.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{account, status::Status};
use sea_orm::{ActiveModelTrait, DbErr, IntoActiveModel, Set};

use crate::{account::end_access, assignment, database::Transaction, ledger, permissions::Permission};

/// The promise: a duration, not a calendar day (R5).
pub const ERASED_WITHIN: TimeDelta = TimeDelta::hours(24);

/// The instants of a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    pub deleted_at: DateTime<Utc>,
    pub undo_until: DateTime<Utc>,
    pub erase_by: DateTime<Utc>,
}

/// The instants of an account that is leaving already.
pub fn deadlines(account: &account::Model) -> Option<Deadlines> {
    Some(Deadlines {
        deleted_at: account.deleted_at?,
        undo_until: account.undo_until?,
        erase_by: account.erase_by?,
    })
}

/// Marks the account deleted, ends its access and writes the ledger event. The caller holds its row `FOR UPDATE` and
/// read `now` after that.
pub async fn begin(
    transaction: &Transaction,
    account: &account::Model,
    now: DateTime<Utc>,
    grace: TimeDelta,
    receipt_code_hashes: &[String],
) -> Result<Deadlines, DbErr> {
    let deadlines = Deadlines {
        deleted_at: now,
        undo_until: now + grace,
        erase_by: now + ERASED_WITHIN,
    };
    account::ActiveModel {
        status: Set(Status::Deleted),
        status_before: Set(Some(account.status)),
        deleted_at: Set(Some(deadlines.deleted_at)),
        undo_until: Set(Some(deadlines.undo_until)),
        erase_by: Set(Some(deadlines.erase_by)),
        due_at: Set(Some(deadlines.undo_until)),
        next_try_at: Set(None),
        failed_tries: Set(0),
        ..account.clone().into_active_model()
    }
    .update(transaction)
    .await?;
    end_access(transaction, account.id).await?;
    if Permission::AnswerEnquiries.is_of(account.role) {
        assignment::give_back(transaction, account.id).await?;
    }
    let event = ledger::Event::Requested {
        deleted_at: deadlines.deleted_at,
        undo_until: deadlines.undo_until,
        erase_by: deadlines.erase_by,
        receipt_code_hashes: receipt_code_hashes.to_vec(),
    };
    ledger::record(transaction, account.id, now, event).await?;
    Ok(deadlines)
}
