//! What is written in an enquiry, by whomever: one text after the other.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    enquiry::{self, State},
    enquiry_entry,
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, Set,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    database::Transaction,
    portal::Portal,
    values::{IdempotencyKey, Listed, Page, Prose},
};

/// One text in an enquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = EnquiryEntry)]
pub struct Entry {
    pub id: Uuid,
    /// Whether it is an answer of the operator.
    pub by_operator: bool,
    /// Which administrator wrote it; only the desk is told, as long as they have an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_by: Option<Uuid>,
    pub body: String,
    pub written_at: DateTime<Utc>,
}

/// What is to be written.
pub(super) struct Written {
    pub body: Prose,
    /// Who answers for the operator. None: the member writes.
    pub by: Option<Uuid>,
    pub key: Option<IdempotencyKey>,
}

/// Whether the reader is told which administrator wrote.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Writers {
    Shown,
    Hidden,
}

/// The column `entries` of an enquiry (as `e`): those before the id `$2`, newest first, at most `$3`, in one statement
/// with the enquiry.
pub(super) fn entries(writers: Writers) -> String {
    let writer = match writers {
        Writers::Shown => "t.written_by, ",
        Writers::Hidden => "",
    };
    format!(
        "(SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.id DESC), '[]') FROM (
             SELECT t.id, t.by_operator, {writer}t.body, t.written_at FROM enquiry_entry t
             WHERE t.enquiry_id = e.id AND t.id < $2 ORDER BY t.id DESC LIMIT $3) t) AS entries"
    )
}

/// The column as a page of a list.
pub(super) fn listed(column: serde_json::Value, page: &Page<Uuid>) -> Result<Listed<Entry>, DbErr> {
    let entries: Vec<Entry> =
        serde_json::from_value(column).map_err(|error| DbErr::Json(error.to_string()))?;
    Ok(Listed::cut(entries, page, |entry| entry.id))
}

/// What was written in the enquiry from this side under the same key. The caller holds the enquiry's lock.
pub(super) async fn already_written(
    transaction: &Transaction,
    enquiry: Uuid,
    by_operator: bool,
    key: Option<&IdempotencyKey>,
) -> Result<Option<Entry>, DbErr> {
    let Some(key) = key else { return Ok(None) };
    let found = enquiry_entry::Entity::find()
        .filter(enquiry_entry::Column::EnquiryId.eq(enquiry))
        .filter(enquiry_entry::Column::ByOperator.eq(by_operator))
        .filter(enquiry_entry::Column::IdempotencyHash.eq(key.hash()))
        .one(transaction)
        .await?;
    Ok(found.map(Entry::from))
}

/// When what is written now in an enquiry counts as written: behind all that is there, whatever the clock says. Those of
/// several processes are apart. The caller holds the enquiry's lock.
pub(super) fn next_instant(portal: &Portal, enquiry: &enquiry::Model) -> DateTime<Utc> {
    portal
        .now()
        .max(enquiry.last_activity_at + TimeDelta::milliseconds(1))
}

/// Adds a text, written `at` [`next_instant`] or when the enquiry was made. The caller holds the locks of the enquiry, or
/// has just made it, and of whoever it names.
pub(super) async fn append(
    portal: &Portal,
    transaction: &impl ConnectionTrait,
    enquiry: &enquiry::Model,
    at: DateTime<Utc>,
    written: Written,
) -> Result<Entry, DbErr> {
    let entry = enquiry_entry::ActiveModel {
        id: Set(portal.random.uuid_v7(at)),
        enquiry_id: Set(enquiry.id),
        account_id: Set(enquiry.account_id),
        by_operator: Set(written.by.is_some()),
        written_by: Set(written.by),
        body: Set(written.body.into_string()),
        written_at: Set(at),
        idempotency_hash: Set(written.key.map(|key| key.hash())),
    }
    .insert(transaction)
    .await?;
    Ok(entry.into())
}

/// Where the enquiry stands from now on; an answer that is waited for already goes on being waited for. With
/// `written_at`, somebody wrote in it then.
pub(super) async fn set_state(
    portal: &Portal,
    transaction: &impl ConnectionTrait,
    enquiry: enquiry::Model,
    state: State,
    written_at: Option<DateTime<Utc>>,
) -> Result<(), DbErr> {
    let waiting_since = match state {
        State::Open => enquiry.waiting_since.or_else(|| Some(portal.now())),
        State::Answered | State::Closed => None,
    };
    let last_activity_at = written_at.unwrap_or(enquiry.last_activity_at);
    let mut row = enquiry.into_active_model();
    row.state = Set(state);
    row.waiting_since = Set(waiting_since);
    row.last_activity_at = Set(last_activity_at);
    row.update(transaction).await?;
    Ok(())
}

impl From<enquiry_entry::Model> for Entry {
    fn from(row: enquiry_entry::Model) -> Self {
        Self {
            id: row.id,
            by_operator: row.by_operator,
            written_by: row.written_by,
            body: row.body,
            written_at: row.written_at,
        }
    }
}
