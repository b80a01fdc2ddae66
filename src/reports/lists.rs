//! Reports as the desk lists them. Those of the caller's own messages are not among them.

use sea_orm::{DbErr, FromQueryResult};
use uuid::Uuid;

use super::{Report, State};
use crate::{
    account::Caller,
    database::sql,
    messaging::PRESENT,
    portal::Portal,
    values::{Listed, Page},
};

/// The columns of a [`Report`]; of a reporter who is leaving nothing is shown any more (R5).
fn columns() -> String {
    format!(
        "SELECT r.id, r.message_id, r.reported_at, r.state, r.reported_id, r.decided_by, r.decided_at,
                a.id AS reporter_id, CASE WHEN a.id IS NOT NULL THEN r.reason END AS reason
         FROM report r LEFT JOIN account a ON a.id = r.reporter_id AND {PRESENT}
         WHERE r.reported_id <> $1"
    )
}

/// Reports, newest first; those in one state, if one is named.
pub async fn list(
    portal: &Portal,
    caller: Caller,
    state: Option<State>,
    page: &Page<Uuid>,
) -> Result<Listed<Report>, DbErr> {
    let narrowed = state.map_or_else(String::new, |state| format!("AND r.state = '{}'", state.word()));
    some(
        portal,
        caller,
        &format!("{narrowed} AND r.id < $2 ORDER BY r.id DESC"),
        page.after.unwrap_or(Uuid::max()),
        page,
    )
    .await
}

/// Those that wait for a decision, longest waiting first.
pub async fn open(portal: &Portal, caller: Caller, page: &Page<Uuid>) -> Result<Listed<Report>, DbErr> {
    let after = page.after.unwrap_or(Uuid::nil());
    some(
        portal,
        caller,
        "AND r.state = 'open' AND r.id > $2 ORDER BY r.id",
        after,
        page,
    )
    .await
}

async fn some(
    portal: &Portal,
    caller: Caller,
    which: &str,
    after: Uuid,
    page: &Page<Uuid>,
) -> Result<Listed<Report>, DbErr> {
    let rows = Report::find_by_statement(sql(
        &format!("{} {which} LIMIT $3", columns()),
        [caller.account.into(), after.into(), page.rows().into()],
    ))
    .all(&portal.database)
    .await?;
    Ok(Listed::cut(rows, page, |row| row.id))
}
