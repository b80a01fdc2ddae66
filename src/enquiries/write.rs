//! The member writes on in their enquiry: whatever it was, it is open again. It counts as a message.

use entity::enquiry::State;
use uuid::Uuid;

use super::{
    BODY_LIMIT, EnquiryError, Entry,
    assign::tell,
    lock::lock,
    thread::{Written, already_written, append, next_instant, set_state},
};
use crate::{
    account::Caller,
    limits::{self, Limited},
    portal::Portal,
    values::{IdempotencyKey, Invalid, prose},
};

pub async fn write(
    portal: &Portal,
    caller: Caller,
    id: Uuid,
    body: &str,
    key: Option<IdempotencyKey>,
) -> Result<Entry, EnquiryError> {
    let body = prose(body, BODY_LIMIT).map_err(|fault| Invalid::one("body", fault))?;
    let transaction = portal.database.begin().await?;
    let locked = lock(&transaction, id, &[caller.account]).await?;
    let account = locked.of_member(caller)?;
    if let Some(written) = already_written(&transaction, id, false, key.as_ref()).await? {
        return if written.body == body.as_str() {
            Ok(written)
        } else {
            Err(EnquiryError::KeyReused)
        };
    }
    limits::take(&transaction, portal, account, Limited::Messages).await??;
    let written = Written { body, by: None, key };
    let at = next_instant(portal, &locked.enquiry);
    let entry = append(portal, &transaction, &locked.enquiry, at, written).await?;
    // Where an answer is waited for already, its administrator has been told.
    if locked.enquiry.state != State::Open
        && let Some(administrator) = locked.enquiry.assigned_to
        && locked.administers(administrator)
    {
        tell(portal, &transaction, administrator, id).await?;
    }
    set_state(
        portal,
        &transaction,
        locked.enquiry,
        State::Open,
        Some(entry.written_at),
    )
    .await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(entry)
}
