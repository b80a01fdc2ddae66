//! One's own enquiries: the list, and one of them with its thread.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    Enquiry, Entry, TEXTS,
    thread::{self, Writers},
};
use crate::{
    account::Caller,
    database::sql,
    portal::Portal,
    values::{Listed, Page},
};

/// An enquiry with what was written in it, newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = EnquiryThread)]
pub struct Thread {
    #[serde(flatten)]
    pub enquiry: Enquiry,
    pub entries: Listed<Entry>,
}

#[derive(FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    enquiry: Enquiry,
    entries: serde_json::Value,
}

const COLUMNS: &str = "e.id, e.subject, question.body, e.asked_at, answer.body AS answer,
     answer.written_at AS answered_at, e.state, e.last_activity_at";

/// One's own enquiries, newest first.
pub async fn list(portal: &Portal, caller: Caller, page: &Page<Uuid>) -> Result<Listed<Enquiry>, DbErr> {
    let text = format!(
        "SELECT {COLUMNS} FROM enquiry e {TEXTS} WHERE e.account_id = $1 AND e.id < $2 ORDER BY e.id DESC LIMIT $3"
    );
    let before = page.after.unwrap_or(Uuid::max());
    let values = [caller.account.into(), before.into(), page.rows().into()];
    let rows = Enquiry::find_by_statement(sql(&text, values))
        .all(&portal.database)
        .await?;
    Ok(Listed::cut(rows, page, |row| row.id))
}

/// One of them without its thread. None: there is no such enquiry of the caller.
pub(super) async fn one(portal: &Portal, caller: Caller, id: Uuid) -> Result<Option<Enquiry>, DbErr> {
    let text = format!("SELECT {COLUMNS} FROM enquiry e {TEXTS} WHERE e.id = $1 AND e.account_id = $2");
    Enquiry::find_by_statement(sql(&text, [id.into(), caller.account.into()]))
        .one(&portal.database)
        .await
}

/// One of them, with a page of its thread. None: there is no such enquiry of the caller.
pub async fn thread(
    portal: &Portal,
    caller: Caller,
    id: Uuid,
    page: &Page<Uuid>,
) -> Result<Option<Thread>, DbErr> {
    // Who of the administrators wrote is the desk's own affair.
    let entries = thread::entries(Writers::Hidden);
    let text =
        format!("SELECT {COLUMNS}, {entries} FROM enquiry e {TEXTS} WHERE e.id = $1 AND e.account_id = $4");
    let before = page.after.unwrap_or(Uuid::max());
    let values = [
        id.into(),
        before.into(),
        page.rows().into(),
        caller.account.into(),
    ];
    let row = Row::find_by_statement(sql(&text, values))
        .one(&portal.database)
        .await?;
    row.map(|row| {
        Ok(Thread {
            enquiry: row.enquiry,
            entries: thread::listed(row.entries, page)?,
        })
    })
    .transpose()
}

/// How many of one's enquiries were answered since then.
pub async fn answered_since(portal: &Portal, caller: Caller, since: DateTime<Utc>) -> Result<u64, DbErr> {
    let text = "SELECT count(DISTINCT enquiry_id) AS count FROM enquiry_entry
                WHERE account_id = $1 AND written_at >= $2 AND by_operator";
    let row = portal
        .database
        .query_one_raw(sql(text, [caller.account.into(), since.into()]))
        .await?;
    let count: i64 = row
        .map(|row| row.try_get("", "count"))
        .transpose()?
        .unwrap_or_default();
    Ok(count.unsigned_abs())
}
