//! Undoing a deletion: by the mail's link alone, before the grace ends and before erasure has begun (R6). What was
//! before is restored exactly; signing in never undoes.

use chrono::{DateTime, Utc};
use entity::{account, hold, receipt, registration, status::Status};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel, QueryFilter,
    Set, TransactionTrait,
};

use crate::{
    account::{lapses_at, lock},
    audit,
    confirmation::{self, Token},
    ledger,
    mail::letter::LinkPurpose,
    portal::Portal,
};

#[derive(Debug, thiserror::Error)]
pub enum UndoError {
    #[error("the deletion was undone already, or erasure has begun")]
    Impossible,
    #[error(transparent)]
    Database(#[from] DbErr),
}

pub async fn undo(portal: &Portal, token: &Token) -> Result<(), UndoError> {
    let account = confirmation::look_up(&portal.database, token, LinkPurpose::Undo, portal.now())
        .await?
        .ok_or(UndoError::Impossible)?;
    let transaction = portal.database.begin().await?;
    let account = lock(&transaction, account).await?.ok_or(UndoError::Impossible)?;
    let now = portal.database_clock.now(&transaction).await?;
    let in_time = account.status == Status::Deleted && account.undo_until.is_some_and(|until| until > now);
    let (true, Some(before)) = (in_time, account.status_before) else {
        return Err(UndoError::Impossible);
    };
    confirmation::redeem(&transaction, token, LinkPurpose::Undo, now)
        .await?
        .ok_or(UndoError::Impossible)?;
    let id = account.id;
    let due_at = due_again(&transaction, &account, before, now).await?;
    account::ActiveModel {
        status: Set(before),
        status_before: Set(None),
        deleted_at: Set(None),
        undo_until: Set(None),
        erase_by: Set(None),
        due_at: Set(due_at),
        ..account.into_active_model()
    }
    .update(&transaction)
    .await?;
    receipt::Entity::update_many()
        .set(receipt::ActiveModel {
            undone_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(receipt::Column::AccountId.eq(id))
        .filter(receipt::Column::UndoneAt.is_null())
        .exec(&transaction)
        .await?;
    ledger::record(&transaction, id, now, ledger::Event::Undone).await?;
    audit::record_at(
        &transaction,
        portal,
        audit::Event::by(id, "deletion.undone").on(id),
        now,
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// When the sweep has something to do with the restored account: when its registration lapses, or, where a hold kept
/// what was replaced, at its next look.
async fn due_again(
    transaction: &DatabaseTransaction,
    account: &account::Model,
    status: Status,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let registration = registration::Entity::find_by_id(account.id)
        .one(transaction)
        .await?;
    let since = match (status, registration) {
        (Status::Pending, Some(registration)) => registration.confirmed_at,
        (Status::Rejected, Some(registration)) => registration.decided_at,
        _ => None,
    };
    let lapses = lapses_at(status, since.unwrap_or(account.created_at));
    let held = hold::Entity::find()
        .filter(hold::Column::AccountId.eq(account.id))
        .one(transaction)
        .await?
        .is_some();
    Ok(lapses.or(held.then_some(now)))
}
