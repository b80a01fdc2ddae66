//! Closing an enquiry: nothing more is waited for, until somebody writes in it again. Closing it twice changes nothing.

use entity::enquiry::State;
use uuid::Uuid;

use super::{EnquiryError, lock::lock, thread::set_state};
use crate::{account::Caller, audit, portal::Portal};

/// The member closes their own.
pub async fn by_member(portal: &Portal, caller: Caller, id: Uuid) -> Result<(), EnquiryError> {
    let transaction = portal.database.begin().await?;
    let locked = lock(&transaction, id, &[caller.account]).await?;
    locked.of_member(caller)?;
    if locked.enquiry.state != State::Closed {
        set_state(portal, &transaction, locked.enquiry, State::Closed, None).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// An administrator closes it.
pub async fn at_desk(portal: &Portal, caller: Caller, id: Uuid) -> Result<(), EnquiryError> {
    let transaction = portal.database.begin().await?;
    let locked = lock(&transaction, id, &[caller.account]).await?;
    locked.at_desk(caller)?;
    if locked.enquiry.state != State::Closed {
        let event = audit::Event::by(caller.account, "enquiry.closed")
            .on(locked.enquiry.account_id)
            .about(id);
        audit::record(&transaction, portal, event).await?;
        set_state(portal, &transaction, locked.enquiry, State::Closed, None).await?;
    }
    transaction.commit().await?;
    Ok(())
}
