//! How much waits at the desk. Every count is over rows that something is the matter with, which have indexes of their
//! own, so that looking costs the same however many accounts there are.

use sea_orm::{DbErr, FromQueryResult};

use crate::{account::Caller, database::sql, hold, portal::Portal};

/// How much of each kind there is.
#[derive(Debug, Clone, Copy, FromQueryResult)]
pub struct Counts {
    /// Registrations that wait for a decision.
    pub registrations: i64,
    /// Deletions that are not finished.
    pub deletions: i64,
    /// Active holds whose review is missed or is due soon.
    pub reviews: i64,
    /// Active holds whose release waits for a second person's.
    pub releases: i64,
    /// Enquiries that wait for an answer, of people who are still here.
    pub enquiries: i64,
    /// Reports that wait for a decision, but for those of the caller's own messages.
    pub reports: i64,
    /// Mails that failed at least once.
    pub mails: i64,
}

pub async fn counts(portal: &Portal, caller: Caller) -> Result<Counts, DbErr> {
    let active = hold::ACTIVE;
    Counts::find_by_statement(sql(
        &format!(
            "SELECT (SELECT count(*) FROM account WHERE status = 'pending') AS registrations,
                    (SELECT count(*) FROM account WHERE status IN ('deleted', 'erasing')) AS deletions,
                    (SELECT count(*) FROM hold h WHERE {active} AND h.review_at <= $1) AS reviews,
                    (SELECT count(*) FROM hold h WHERE {active} AND h.release_requested_by IS NOT NULL) AS releases,
                    (SELECT count(*) FROM enquiry e JOIN account a ON a.id = e.account_id
                     WHERE e.state = 'open' AND a.status NOT IN ('deleted', 'erasing')) AS enquiries,
                    (SELECT count(*) FROM report WHERE state = 'open' AND reported_id <> $2) AS reports,
                    (SELECT count(*) FROM mail WHERE failure IS NOT NULL) AS mails"
        ),
        [(portal.now() + hold::REVIEW_SHOWN).into(), caller.account.into()],
    ))
    .one(&portal.database)
    .await?
    .ok_or_else(|| DbErr::RecordNotFound("counts".to_owned()))
}
