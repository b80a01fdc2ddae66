//! How many deleted accounts something is held of, and whether anything is late: what people must act on is logged
//! (R18, R22).

use sea_orm::{DbErr, FromQueryResult};

use super::{Report, claim};
use crate::{database::sql, erasure::request::DEADLINE, hold, portal::Portal};

#[derive(FromQueryResult)]
struct Figures {
    held: i64,
    overdue: i64,
    close: i64,
    unreviewed: i64,
}

pub(super) async fn add(portal: &Portal, report: &mut Report) -> Result<(), DbErr> {
    let now = claim::now(portal).await?;
    let active = hold::ACTIVE;
    let figures = Figures::find_by_statement(sql(
        &format!(
            "SELECT (SELECT count(DISTINCT h.account_id) FROM hold h JOIN account a ON a.id = h.account_id
                     WHERE a.status = 'deleted' AND a.undo_until <= $1 AND {active}) AS held,
                    coalesce((SELECT ceil(extract(epoch FROM max($1 - {DEADLINE})))::bigint FROM account a
                              WHERE a.due_at <= $1 AND {DEADLINE} < $1), 0) AS overdue,
                    (SELECT count(*) FROM account a
                     WHERE a.due_at <= $1 AND {DEADLINE} < $1 + interval '4 hours') AS close,
                    (SELECT count(*) FROM hold h WHERE h.review_at <= $1 AND {active}) AS unreviewed"
        ),
        [now.into()],
    ))
    .one(&portal.database)
    .await?;
    if let Some(Figures {
        held,
        overdue,
        close,
        unreviewed,
    }) = figures
    {
        report.held = u64::try_from(held).unwrap_or_default();
        report.oldest_overdue_seconds = u64::try_from(overdue).unwrap_or_default();
        if close > 0 {
            tracing::error!(accounts = close, "erasures are later than 20 hours");
        }
        if unreviewed > 0 {
            tracing::warn!(holds = unreviewed, "holds have missed their review");
        }
    }
    Ok(())
}
