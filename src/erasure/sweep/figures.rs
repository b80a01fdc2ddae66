//! How many deleted accounts something is held of, and whether anything is late.

use sea_orm::{DbErr, FromQueryResult};

use super::{Report, claim};
use crate::{database::sql, erasure::request::DEADLINE, hold, portal::Portal};

#[derive(FromQueryResult)]
struct Figures {
    held: i64,
    overdue: i64,
}

pub(super) async fn add(portal: &Portal, report: &mut Report) -> Result<(), DbErr> {
    let now = claim::now(portal).await?;
    let active = hold::ACTIVE;
    let figures = Figures::find_by_statement(sql(
        &format!(
            "SELECT (SELECT count(DISTINCT h.account_id) FROM hold h JOIN account a ON a.id = h.account_id
                     WHERE a.status = 'deleted' AND a.undo_until <= $1 AND {active}) AS held,
                    coalesce((SELECT ceil(extract(epoch FROM max($1 - {DEADLINE})))::bigint FROM account a
                              WHERE a.due_at <= $1 AND {DEADLINE} < $1), 0) AS overdue"
        ),
        [now.into()],
    ))
    .one(&portal.database)
    .await?;
    if let Some(Figures { held, overdue }) = figures {
        report.held = u64::try_from(held).unwrap_or_default();
        report.oldest_overdue_seconds = u64::try_from(overdue).unwrap_or_default();
    }
    Ok(())
}
