//! Undoing a deletion: by the mail's link alone, before the grace ends and before erasure has begun (R6). What was
//! before is restored exactly; signing in never undoes.

use chrono::{DateTime, Utc};
use entity::{account, receipt, registration, status::Status};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, Set};
use uuid::Uuid;

use crate::{
    account::{lapse_of, lock, mailbox},
    announcements::{Change, announce_within},
    audit,
    confirmation::{self, Token},
    database::Transaction,
    hold, ledger,
    mail::{
        self, Draft,
        letter::{Letter, LinkPurpose},
    },
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
    let registration = registration::Entity::find_by_id(id).one(&transaction).await?;
    let lapses = lapse_of(&account, before, registration.as_ref());
    let due_at = hold::due_after_change(&transaction, id, lapses, now).await?;
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
    if let (Status::Pending, Some(until)) = (before, lapses) {
        send_withdraw_link(portal, &transaction, id, until).await?;
    }
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
    announce_within(&transaction, [Change::Person(id)]).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(())
}

/// Whoever waits for a decision can withdraw again: the link for it ended with the deletion.
async fn send_withdraw_link(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
    until: DateTime<Utc>,
) -> Result<(), DbErr> {
    let confirmation = confirmation::open(transaction, portal, account, LinkPurpose::Withdraw, until).await?;
    if let Some(mailbox) = mailbox(transaction, account).await? {
        let draft = Draft::to(&mailbox, Letter::RegistrationPending).with_link(confirmation);
        mail::queue(transaction, portal, draft).await?;
    }
    Ok(())
}
