//! Mail that waits for another try or was given up, without addresses and texts.

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, FromQueryResult};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    database::sql,
    portal::Portal,
    values::{Listed, Page},
};

#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct Undelivered {
    pub id: Uuid,
    pub account_id: Uuid,
    /// What kind of letter it is. None: it was given up, and its text dropped.
    pub kind: Option<String>,
    pub queued_at: DateTime<Utc>,
    pub tries: i32,
    pub next_try_at: Option<DateTime<Utc>>,
    pub given_up_at: Option<DateTime<Utc>>,
    /// `not_delivered_yet`, `undeliverable`, `refused` or `unreadable`.
    pub failure: Option<String>,
}

/// What has failed at least once, newest first.
pub async fn list(portal: &Portal, page: &Page<Uuid>) -> Result<Listed<Undelivered>, DbErr> {
    let rows = Undelivered::find_by_statement(sql(
        "SELECT id, account_id, letter ->> 'kind' AS kind, queued_at, tries, next_try_at, given_up_at, failure
         FROM mail WHERE failure IS NOT NULL AND id < $1 ORDER BY id DESC LIMIT $2",
        [page.after.unwrap_or(Uuid::max()).into(), page.rows().into()],
    ))
    .all(&portal.database)
    .await?;
    Ok(Listed::cut(rows, page, |row| row.id))
}
