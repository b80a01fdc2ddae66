//! Alert mails: to everyone whom a cause concerns, one mail a day for one cause (R22), however many processes watch.

use chrono::{DateTime, TimeDelta, Utc};
use entity::alert;
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, Set, sea_query::OnConflict};

use super::{Trouble, concerns};
use crate::{
    account::mailboxes_with,
    database::Transaction,
    mail::{self, Draft, letter::Letter},
    portal::Portal,
};

/// One mail in this time for one cause.
const PAUSE: TimeDelta = TimeDelta::hours(24);
/// A mail that lies so far in the future was noted by a clock that was wrong.
const TOLERANCE: TimeDelta = TimeDelta::hours(1);

/// Notes what is wrong, and queues the mails that are to be sent about it now.
pub(super) async fn tell(portal: &Portal, troubles: &[Trouble]) -> Result<(), DbErr> {
    let transaction = portal.database.begin().await?;
    for trouble in troubles {
        note(&transaction, trouble).await?;
    }
    // After the rows are locked: another process that mailed a moment ago must not lie in the future.
    let now = portal.database_clock.now(&transaction).await?;
    forget_ended(&transaction, troubles, now).await?;
    let mut queued = false;
    for trouble in troubles {
        queued |= mail_about(portal, &transaction, trouble, now).await?;
    }
    transaction.commit().await?;
    if queued {
        portal.post.notify_one();
    }
    Ok(())
}

/// Keeps the cause's row, and locks it until the end of the transaction.
async fn note(transaction: &Transaction, trouble: &Trouble) -> Result<(), DbErr> {
    let row = alert::ActiveModel {
        cause: Set(trouble.cause.name().to_owned()),
        since: Set(trouble.since),
        mailed_at: Set(None),
    };
    alert::Entity::insert(row)
        .on_conflict(
            OnConflict::column(alert::Column::Cause)
                .update_column(alert::Column::Since)
                .to_owned(),
        )
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// A cause that has ended is forgotten; one that was mailed about only a day after that, or else one that comes and
/// goes would be mailed about each time.
async fn forget_ended(
    transaction: &Transaction,
    troubles: &[Trouble],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let lasting = troubles.iter().map(|trouble| trouble.cause.name());
    alert::Entity::delete_many()
        .filter(alert::Column::Cause.is_not_in(lasting))
        .filter(may_be_mailed(now))
        .exec(transaction)
        .await?;
    Ok(())
}

/// No mail, or none in the last day.
fn may_be_mailed(now: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(alert::Column::MailedAt.is_null())
        .add(alert::Column::MailedAt.lte(now - PAUSE))
        .add(alert::Column::MailedAt.gt(now + TOLERANCE))
}

/// Queues a mail to everyone whom it concerns, if it is time for one. Without anyone to tell, it stays so.
async fn mail_about(
    portal: &Portal,
    transaction: &Transaction,
    trouble: &Trouble,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let Trouble { cause, since, count } = *trouble;
    let is_time = alert::Entity::find_by_id(cause.name())
        .filter(may_be_mailed(now))
        .one(transaction)
        .await?;
    if is_time.is_none() {
        return Ok(false);
    }
    let mailboxes = mailboxes_with(transaction, concerns(cause)).await?;
    if mailboxes.is_empty() {
        return Ok(false);
    }
    let letter = Letter::Alert { cause, since, count };
    let drafts = mailboxes.iter().map(|mailbox| Draft::to(mailbox, letter.clone()));
    mail::queue_all(transaction, portal, drafts).await?;
    alert::Entity::update_many()
        .set(alert::ActiveModel {
            mailed_at: Set(Some(now)),
            ..Default::default()
        })
        .filter(alert::Column::Cause.eq(cause.name()))
        .exec(transaction)
        .await?;
    tracing::error!(cause = cause.name(), count, "the desk is alerted");
    Ok(true)
}
