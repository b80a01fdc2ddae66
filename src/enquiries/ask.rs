//! Asking: an enquiry begins. A repeated key gives the first one again, not a second.

use entity::enquiry::{self, State};
use sea_orm::{ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, QueryFilter, Set};

use super::{
    BODY_LIMIT, Enquiry, EnquiryError, SUBJECT_LIMIT, own,
    thread::{Written, append},
};
use crate::{
    account::{Caller, enter},
    database::{Transaction, broken_constraint},
    limits::{self, Limited},
    portal::Portal,
    values::{Check, IdempotencyKey, Line, Prose, line, prose},
};

pub async fn ask(
    portal: &Portal,
    caller: Caller,
    subject: &str,
    body: &str,
    key: Option<IdempotencyKey>,
) -> Result<Enquiry, EnquiryError> {
    let mut check = Check::default();
    let subject = check.take("subject", line(subject, SUBJECT_LIMIT));
    let body = check.take("body", prose(body, BODY_LIMIT));
    let (subject, body) = check.finish(subject.zip(body))?;
    match begin(portal, caller, &subject, &body, key.as_ref()).await {
        // The key was used before, be it a moment ago.
        Err(EnquiryError::Database(error)) if broken_constraint(&error) == Some("enquiry_idempotency") => {
            let asked = already_asked(portal, caller, key.as_ref(), &subject, &body).await?;
            asked.ok_or(EnquiryError::KeyReused)
        }
        // What was asked before is answered whatever the limit says.
        Err(EnquiryError::TooOften(refused)) => {
            let asked = already_asked(portal, caller, key.as_ref(), &subject, &body).await?;
            asked.ok_or(EnquiryError::TooOften(refused))
        }
        outcome => outcome,
    }
}

async fn begin(
    portal: &Portal,
    caller: Caller,
    subject: &Line,
    body: &Prose,
    key: Option<&IdempotencyKey>,
) -> Result<Enquiry, EnquiryError> {
    let transaction = portal.database.begin().await?;
    let account = enter(&transaction, caller.account).await??;
    limits::take(&transaction, portal, &account, Limited::Messages).await??;
    let enquiry = insert(portal, &transaction, caller, subject, key).await?;
    let question = Written {
        body: body.clone(),
        by: None,
        key: None,
    };
    let question = append(portal, &transaction, &enquiry, enquiry.asked_at, question).await?;
    transaction.commit().await?;
    Ok(Enquiry {
        id: enquiry.id,
        subject: enquiry.subject,
        body: question.body,
        asked_at: enquiry.asked_at,
        answer: None,
        answered_at: None,
        state: enquiry.state,
        last_activity_at: enquiry.last_activity_at,
    })
}

async fn insert(
    portal: &Portal,
    transaction: &Transaction,
    caller: Caller,
    subject: &Line,
    key: Option<&IdempotencyKey>,
) -> Result<enquiry::Model, DbErr> {
    let now = portal.now();
    enquiry::ActiveModel {
        id: Set(portal.random.uuid_v7(now)),
        account_id: Set(caller.account),
        subject: Set(subject.as_str().to_owned()),
        asked_at: Set(now),
        idempotency_hash: Set(key.map(IdempotencyKey::hash)),
        state: Set(State::Open),
        waiting_since: Set(Some(now)),
        last_activity_at: Set(now),
        assigned_to: Set(None),
    }
    .insert(transaction)
    .await
}

/// What was asked under the same key, in the same words.
async fn already_asked(
    portal: &Portal,
    caller: Caller,
    key: Option<&IdempotencyKey>,
    subject: &Line,
    body: &Prose,
) -> Result<Option<Enquiry>, EnquiryError> {
    let Some(key) = key else { return Ok(None) };
    let found = enquiry::Entity::find()
        .filter(enquiry::Column::AccountId.eq(caller.account))
        .filter(enquiry::Column::IdempotencyHash.eq(key.hash()))
        .one(&portal.database)
        .await?;
    let Some(found) = found else { return Ok(None) };
    let asked = own::one(portal, caller, found.id).await?;
    match asked {
        Some(asked) if asked.subject == subject.as_str() && asked.body == body.as_str() => Ok(Some(asked)),
        _ => Err(EnquiryError::KeyReused),
    }
}
