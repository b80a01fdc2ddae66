//! Letters about somebody's access, so that they notice what others do with it: queued in the transaction that does it,
//! under the account's lock, so that none follows a deletion (R24).

use sea_orm::DbErr;
use uuid::Uuid;

use crate::{
    account::mailbox,
    credentials::note_first_use,
    database::Transaction,
    mail::{self, Draft, letter::Letter},
    portal::Portal,
    values::EmailAddress,
};

/// Somebody signed in on a device that is not known. The very first one is the person's own, who has just confirmed
/// the address; and many at once must not flood it. Says whether a letter was queued.
pub async fn signed_in_on_new_device(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
) -> Result<bool, DbErr> {
    if note_first_use(transaction, account).await? {
        return Ok(false);
    }
    let Some(mailbox) = mailbox(transaction, account).await? else {
        return Ok(false);
    };
    let Ok(address) = EmailAddress::parse(&mailbox.address) else {
        return Ok(false);
    };
    let at = portal.now();
    let letter = Letter::NewDevice { at };
    if !mail::allow(transaction, portal, &address, letter.kind(), at).await? {
        return Ok(false);
    }
    mail::queue(transaction, portal, Draft::to(&mailbox, letter)).await?;
    Ok(true)
}

/// The password was replaced. Each time: whoever does that a second time may be somebody else.
pub async fn password_changed(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
) -> Result<(), DbErr> {
    if let Some(mailbox) = mailbox(transaction, account).await? {
        let letter = Letter::PasswordChanged { at: portal.now() };
        mail::queue(transaction, portal, Draft::to(&mailbox, letter)).await?;
    }
    Ok(())
}
