//! The desk answers, as often as it likes; the member is told by mail that there is an answer, never what it says.

use entity::{enquiry::State, enquiry_entry};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    BODY_LIMIT, EnquiryError,
    lock::lock,
    thread::{Written, already_written, append, next_instant, set_state},
};
use crate::{
    account::{Caller, mailbox},
    audit,
    database::Transaction,
    mail::{self, Draft, letter::Letter},
    portal::Portal,
    values::{IdempotencyKey, Invalid, prose},
};

/// An answer as it was typed.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    pub body: &'a str,
    /// The last text that its writer had seen: if somebody has answered after it, theirs is not sent.
    pub after: Option<Uuid>,
    pub key: Option<IdempotencyKey>,
}

pub async fn answer(
    portal: &Portal,
    caller: Caller,
    id: Uuid,
    answer: Answer<'_>,
) -> Result<(), EnquiryError> {
    let body = prose(answer.body, BODY_LIMIT).map_err(|fault| Invalid::one("body", fault))?;
    let transaction = portal.database.begin().await?;
    let locked = lock(&transaction, id, &[caller.account]).await?;
    locked.at_desk(caller)?;
    if let Some(written) = already_written(&transaction, id, true, answer.key.as_ref()).await? {
        return if written.body == body.as_str() {
            Ok(())
        } else {
            Err(EnquiryError::KeyReused)
        };
    }
    if let Some(after) = answer.after
        && is_answered_after(&transaction, id, after).await?
    {
        return Err(EnquiryError::Answered);
    }
    let written = Written {
        body,
        by: Some(caller.account),
        key: answer.key,
    };
    let member = locked.enquiry.account_id;
    let at = next_instant(portal, &locked.enquiry);
    let entry = append(portal, &transaction, &locked.enquiry, at, written).await?;
    set_state(
        portal,
        &transaction,
        locked.enquiry,
        State::Answered,
        Some(entry.written_at),
    )
    .await?;
    if let Some(mailbox) = mailbox(&transaction, member).await? {
        let letter = Letter::EnquiryAnswered { enquiry_id: Some(id) };
        mail::queue(&transaction, portal, Draft::to(&mailbox, letter)).await?;
    }
    let event = audit::Event::by(caller.account, "enquiry.answered")
        .on(member)
        .about(id);
    audit::record(&transaction, portal, event).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(())
}

async fn is_answered_after(transaction: &Transaction, enquiry: Uuid, after: Uuid) -> Result<bool, DbErr> {
    let later = enquiry_entry::Entity::find()
        .filter(enquiry_entry::Column::EnquiryId.eq(enquiry))
        .filter(enquiry_entry::Column::Id.gt(after))
        .filter(enquiry_entry::Column::ByOperator.eq(true))
        .one(transaction)
        .await?;
    Ok(later.is_some())
}
