//! What follows a restore, whoever it concerns (R20): sessions and links that came from the backup end, what waited to
//! be sent is not sent again, no release of a hold waits for its second person, and whoever can still undo their deletion
//! gets a link that works.

use chrono::{DateTime, Utc};
use entity::{account, status::Status};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use crate::{
    account::mailbox,
    confirmation,
    database::Transaction,
    mail::{
        self, Draft,
        letter::{Letter, LinkPurpose},
    },
    portal::Portal,
};

/// In this order: mails refer to confirmations.
const FROM_THE_BACKUP: [&str; 7] = [
    "session",
    "ceremony",
    "factor_removal",
    "mail",
    "confirmation",
    "email_change",
    "noted_request",
];

/// Ends what came from the backup. A release that waits may have been withdrawn after it, which no ledger says (R18): it
/// is to be asked for again.
pub(super) async fn end_all_access(transaction: &Transaction) -> Result<(), DbErr> {
    for table in FROM_THE_BACKUP {
        transaction
            .execute_unprepared(&format!("DELETE FROM {table}"))
            .await?;
    }
    // Mails about messages that were due then: most were sent, and their messages read, after the backup.
    transaction
        .execute_unprepared("UPDATE participation SET mail_due_at = NULL WHERE mail_due_at IS NOT NULL")
        .await?;
    transaction
        .execute_unprepared(
            "UPDATE hold SET release_requested_by = NULL WHERE released_at IS NULL AND release_requested_by IS NOT NULL",
        )
        .await?;
    Ok(())
}

/// New links for those who can still undo; the receipts' codes they have stay good.
pub(super) async fn send_undo_links(
    portal: &Portal,
    transaction: &Transaction,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let leaving = account::Entity::find()
        .filter(account::Column::Status.eq(Status::Deleted))
        .filter(account::Column::UndoUntil.gt(now))
        .all(transaction)
        .await?;
    for account in leaving {
        let (Some(undo_until), Some(erase_by)) = (account.undo_until, account.erase_by) else {
            continue;
        };
        let Some(mailbox) = mailbox(transaction, account.id).await? else {
            continue;
        };
        let link = confirmation::open(transaction, portal, account.id, LinkPurpose::Undo, undo_until).await?;
        let letter = Letter::DeletionRestored { undo_until, erase_by };
        mail::queue(transaction, portal, Draft::to(&mailbox, letter).with_link(link)).await?;
    }
    Ok(())
}
