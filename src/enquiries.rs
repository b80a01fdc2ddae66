//! Questions to the operator, and their answers.

use chrono::{DateTime, Utc};
use entity::enquiry;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set, TransactionTrait, sea_query::LockType,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    account::{Caller, NotActive, enter, lock, mailbox},
    audit,
    database::{broken_constraint, sql},
    mail::{self, Draft, letter::Letter},
    portal::Portal,
    values::{Check, IdempotencyKey, Invalid, Listed, Page, line, prose},
};

/// Longest subject and texts, in characters.
pub const SUBJECT_LIMIT: usize = 200;
pub const BODY_LIMIT: usize = 10_000;

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Enquiry {
    pub id: Uuid,
    pub subject: String,
    pub body: String,
    pub asked_at: DateTime<Utc>,
    pub answer: Option<String>,
    pub answered_at: Option<DateTime<Utc>>,
}

/// An enquiry as the desk sees it.
#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct AtDesk {
    pub id: Uuid,
    pub account_id: Uuid,
    pub display_name: String,
    pub organisation: String,
    pub subject: String,
    pub body: String,
    pub asked_at: DateTime<Utc>,
    pub answer: Option<String>,
    pub answered_at: Option<DateTime<Utc>>,
    pub answered_by: Option<Uuid>,
}

#[derive(Debug, thiserror::Error)]
pub enum EnquiryError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error("there is no such enquiry")]
    NotFound,
    #[error("the key was used for another enquiry")]
    KeyReused,
    #[error("it has been answered")]
    Answered,
    #[error(transparent)]
    Database(#[from] DbErr),
}

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
    let same = |row: enquiry::Model| {
        if row.subject == subject.as_str() && row.body == body.as_str() {
            Ok(row.into())
        } else {
            Err(EnquiryError::KeyReused)
        }
    };
    let transaction = portal.database.begin().await?;
    enter(&transaction, caller.account).await??;
    let row = enquiry::ActiveModel {
        id: Set(portal.new_id()),
        account_id: Set(caller.account),
        subject: Set(subject.as_str().to_owned()),
        body: Set(body.as_str().to_owned()),
        asked_at: Set(portal.now()),
        answer: Set(None),
        answered_by: Set(None),
        answered_at: Set(None),
        idempotency_hash: Set(key.as_ref().map(IdempotencyKey::hash)),
    }
    .insert(&transaction)
    .await;
    match row {
        Ok(row) => {
            transaction.commit().await?;
            Ok(row.into())
        }
        // The key was used before, be it a moment ago.
        Err(error) if broken_constraint(&error) == Some("enquiry_idempotency") => {
            drop(transaction);
            let asked = already_asked(portal, caller, key.as_ref()).await?;
            asked.map_or(Err(EnquiryError::KeyReused), same)
        }
        Err(error) => Err(error.into()),
    }
}

async fn already_asked(
    portal: &Portal,
    caller: Caller,
    key: Option<&IdempotencyKey>,
) -> Result<Option<enquiry::Model>, DbErr> {
    let Some(key) = key else { return Ok(None) };
    enquiry::Entity::find()
        .filter(enquiry::Column::AccountId.eq(caller.account))
        .filter(enquiry::Column::IdempotencyHash.eq(key.hash()))
        .one(&portal.database)
        .await
}

/// One's own enquiries, newest first.
pub async fn own(portal: &Portal, caller: Caller, page: &Page<Uuid>) -> Result<Listed<Enquiry>, DbErr> {
    let rows = enquiry::Entity::find()
        .filter(enquiry::Column::AccountId.eq(caller.account))
        .filter(enquiry::Column::Id.lt(page.after.unwrap_or(Uuid::max())))
        .order_by_desc(enquiry::Column::Id)
        .limit(u64::try_from(page.rows()).unwrap_or_default())
        .all(&portal.database)
        .await?;
    Ok(Listed::cut(
        rows.into_iter().map(Enquiry::from).collect(),
        page,
        |row: &Enquiry| row.id,
    ))
}

/// How many of one's enquiries were answered since then.
pub async fn answered_since(portal: &Portal, caller: Caller, since: DateTime<Utc>) -> Result<u64, DbErr> {
    enquiry::Entity::find()
        .filter(enquiry::Column::AccountId.eq(caller.account))
        .filter(enquiry::Column::AnsweredAt.gte(since))
        .count(&portal.database)
        .await
}

const AT_DESK: &str =
    "SELECT e.id, e.account_id, coalesce(p.display_name, p.first_name || ' ' || p.last_name) AS display_name,
            p.organisation, e.subject, e.body, e.asked_at, e.answer, e.answered_at, e.answered_by
     FROM enquiry e JOIN account a ON a.id = e.account_id JOIN profile p ON p.account_id = e.account_id
     WHERE a.status NOT IN ('deleted', 'erasing')";

/// Every enquiry of people who are still here, newest first; those without an answer, if `open`.
pub async fn at_desk(portal: &Portal, open: bool, page: &Page<Uuid>) -> Result<Listed<AtDesk>, DbErr> {
    let rows = AtDesk::find_by_statement(sql(
        &format!("{AT_DESK} AND e.id < $1 AND (NOT $2 OR e.answered_at IS NULL) ORDER BY e.id DESC LIMIT $3"),
        [
            page.after.unwrap_or(Uuid::max()).into(),
            open.into(),
            page.rows().into(),
        ],
    ))
    .all(&portal.database)
    .await?;
    Ok(Listed::cut(rows, page, |row| row.id))
}

/// Those without an answer, longest waiting first.
pub async fn unanswered(portal: &Portal, page: &Page<Uuid>) -> Result<Listed<AtDesk>, DbErr> {
    let rows = AtDesk::find_by_statement(sql(
        &format!("{AT_DESK} AND e.id > $1 AND e.answered_at IS NULL ORDER BY e.id LIMIT $2"),
        [page.after.unwrap_or(Uuid::nil()).into(), page.rows().into()],
    ))
    .all(&portal.database)
    .await?;
    Ok(Listed::cut(rows, page, |row| row.id))
}

/// One enquiry of someone who is still here.
pub async fn one_at_desk(portal: &Portal, id: Uuid) -> Result<Option<AtDesk>, DbErr> {
    AtDesk::find_by_statement(sql(&format!("{AT_DESK} AND e.id = $1"), [id.into()]))
        .one(&portal.database)
        .await
}

/// Answers an enquiry; its author is told by mail that there is an answer.
pub async fn answer(portal: &Portal, caller: Caller, id: Uuid, body: &str) -> Result<(), EnquiryError> {
    let body = prose(body, BODY_LIMIT).map_err(|fault| Invalid::one("body", fault))?;
    let transaction = portal.database.begin().await?;
    let author = enquiry::Entity::find_by_id(id)
        .one(&transaction)
        .await?
        .ok_or(EnquiryError::NotFound)?
        .account_id;
    // Accounts are locked before what is theirs (R7).
    let present = lock(&transaction, author)
        .await?
        .is_some_and(|account| account.deleted_at.is_none());
    let open = enquiry::Entity::find_by_id(id)
        .lock(LockType::Update)
        .one(&transaction)
        .await?;
    let Some(open) = open.filter(|_| present) else {
        return Err(EnquiryError::NotFound);
    };
    if open.answered_at.is_some() {
        return Err(EnquiryError::Answered);
    }
    enquiry::ActiveModel {
        id: Set(id),
        answer: Set(Some(body.into_string())),
        answered_by: Set(Some(caller.account)),
        answered_at: Set(Some(portal.now())),
        ..Default::default()
    }
    .update(&transaction)
    .await?;
    if let Some(mailbox) = mailbox(&transaction, author).await? {
        mail::queue(&transaction, portal, Draft::to(&mailbox, Letter::EnquiryAnswered)).await?;
    }
    let event = audit::Event::by(caller.account, "enquiry.answered")
        .on(author)
        .about(id);
    audit::record(&transaction, portal, event).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(())
}

impl From<enquiry::Model> for Enquiry {
    fn from(row: enquiry::Model) -> Self {
        Self {
            id: row.id,
            subject: row.subject,
            body: row.body,
            asked_at: row.asked_at,
            answer: row.answer,
            answered_at: row.answered_at,
        }
    }
}
