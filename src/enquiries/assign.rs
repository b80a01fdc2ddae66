//! Which administrator deals with an enquiry. They are told by mail when somebody else gives it to them, and when its
//! member writes on; never what is in it.

use entity::enquiry::{self, State};
use sea_orm::{ActiveModelTrait, DbErr, IntoActiveModel, Set};
use uuid::Uuid;

use super::{EnquiryError, lock::lock};
use crate::{
    account::{Caller, mailbox},
    audit,
    database::Transaction,
    mail::{self, Draft, letter::Letter},
    portal::Portal,
    values::{Fault, Invalid},
};

/// Gives the enquiry to an administrator, or to nobody. To whom it belongs already, it changes nothing.
pub async fn assign(
    portal: &Portal,
    caller: Caller,
    id: Uuid,
    administrator: Option<Uuid>,
) -> Result<(), EnquiryError> {
    let transaction = portal.database.begin().await?;
    let mut others = vec![caller.account];
    others.extend(administrator);
    let locked = lock(&transaction, id, &others).await?;
    locked.at_desk(caller)?;
    if !administrator.is_none_or(|administrator| locked.administers(administrator)) {
        return Err(Invalid::one("account_id", Fault::new("no_administrator")).into());
    }
    if locked.enquiry.assigned_to == administrator {
        return Ok(());
    }
    let (member, state) = (locked.enquiry.account_id, locked.enquiry.state);
    enquiry::ActiveModel {
        assigned_to: Set(administrator),
        ..locked.enquiry.into_active_model()
    }
    .update(&transaction)
    .await?;
    let code = match administrator {
        Some(_) => "enquiry.assigned",
        None => "enquiry.freed",
    };
    if let Some(administrator) =
        administrator.filter(|other| *other != caller.account && state == State::Open)
    {
        tell(portal, &transaction, administrator, id).await?;
    }
    let event = audit::Event::by(caller.account, code).on(member).about(id);
    audit::record(&transaction, portal, event).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(())
}

/// Tells an administrator that an enquiry waits for their answer. The caller holds their account's lock.
pub(super) async fn tell(
    portal: &Portal,
    transaction: &Transaction,
    administrator: Uuid,
    enquiry: Uuid,
) -> Result<(), DbErr> {
    let Some(mailbox) = mailbox(transaction, administrator).await? else {
        return Ok(());
    };
    let letter = Letter::EnquiryWaiting { enquiry_id: enquiry };
    mail::queue(transaction, portal, Draft::to(&mailbox, letter)).await
}
