//! How things stand with what is due: the one source of what the sweep reports, health says, people are alerted to
//! and metrics show (R18, R22).

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, FromQueryResult};

use super::{Report, claim};
use crate::{database::sql, erasure::request::DEADLINE, hold, portal::Portal};

/// Everything that is watched, at one instant of the database's.
#[derive(Debug, Clone, FromQueryResult)]
pub struct Figures {
    pub now: DateTime<Utc>,
    /// Accounts that the sweep has something to erase of.
    pub due: i64,
    /// Those of them whose deadline has passed, and by how much that of the first.
    pub overdue: i64,
    pub oldest_overdue_seconds: i64,
    /// Those whose deadline is less than 4 hours ahead or has passed; since when the first is.
    pub late: i64,
    pub late_since: Option<DateTime<Utc>>,
    /// Those that could not be erased so far; since when the first is due.
    pub failing: i64,
    pub failing_since: Option<DateTime<Utc>>,
    /// Deleted accounts of which something is held.
    pub held: i64,
    /// Active holds that have missed their review, and since when the first.
    pub unreviewed: i64,
    pub unreviewed_since: Option<DateTime<Utc>>,
    /// Events that are not in the ledger's files yet, and the instant of the first.
    pub ledger_waiting: i64,
    pub ledger_since: Option<DateTime<Utc>>,
    pub mails_waiting: i64,
    pub mails_given_up: i64,
    /// When a sweep last ended well enough, and when holds stopped expiring (R23).
    pub last_swept_at: Option<DateTime<Utc>>,
    pub holds_frozen_at: Option<DateTime<Utc>>,
    /// When and how the last sweep of any process ended, and how long it took.
    pub last_ended_at: Option<DateTime<Utc>>,
    pub last_outcome: Option<String>,
    pub last_milliseconds: Option<i64>,
    /// When the installation began; none before it has a ledger.
    pub begun_at: Option<DateTime<Utc>>,
}

/// For a row of `account` (as `a`) whose `due_at` has come: whether there is nothing to erase yet, because a hold that
/// keeps the rest of it would have ended by `$1` but may not expire (R23).
fn is_kept() -> String {
    let active = hold::ACTIVE;
    format!(
        "EXISTS (SELECT 1 FROM hold h WHERE h.account_id = a.id AND h.expires_at <= $1 AND {active}
                 AND (a.status NOT IN ('deleted', 'erasing') OR a.erased <> '{{}}'))"
    )
}

/// The condition under which a row of `account` (as `a`) has something to erase at `$1`.
pub(super) fn is_due() -> String {
    format!("a.due_at <= $1 AND NOT {}", is_kept())
}

/// Reads all of it in one statement, which looks only at rows that something is the matter with.
pub async fn read(portal: &Portal) -> Result<Figures, DbErr> {
    let now = claim::now(portal).await?;
    let (active, due) = (hold::ACTIVE, is_due());
    Figures::find_by_statement(sql(
        &format!(
            "SELECT $1::timestamptz AS now, account.*, held.*, unreviewed.*, ledger.*, mails.*,
                    s.last_swept_at, s.holds_frozen_at, s.last_ended_at, s.last_outcome, s.last_milliseconds,
                    (SELECT begun_at FROM installation) AS begun_at
             FROM sweep_state s,
             (SELECT count(*) AS due,
                     count(*) FILTER (WHERE d.deadline < $1) AS overdue,
                     coalesce(ceil(extract(epoch FROM max($1 - d.deadline) FILTER (WHERE d.deadline < $1)))::bigint, 0)
                         AS oldest_overdue_seconds,
                     count(*) FILTER (WHERE d.late_at < $1) AS late,
                     min(d.late_at) FILTER (WHERE d.late_at < $1) AS late_since,
                     count(*) FILTER (WHERE d.failed_tries > 0) AS failing,
                     min(d.due_at) FILTER (WHERE d.failed_tries > 0) AS failing_since
              FROM (SELECT a.due_at, a.failed_tries, {DEADLINE} AS deadline, {DEADLINE} - interval '4 hours' AS late_at
                    FROM account a WHERE {due}) d) account,
             (SELECT count(DISTINCT h.account_id) AS held FROM hold h JOIN account a ON a.id = h.account_id
              WHERE a.status = 'deleted' AND a.undo_until <= $1 AND {active}) held,
             (SELECT count(*) AS unreviewed, min(h.review_at) AS unreviewed_since FROM hold h
              WHERE h.review_at <= $1 AND {active}) unreviewed,
             (SELECT count(*) AS ledger_waiting, min(at) AS ledger_since FROM ledger_event) ledger,
             (SELECT (SELECT count(*) FROM mail WHERE next_try_at IS NOT NULL) AS mails_waiting,
                     (SELECT count(*) FROM mail WHERE given_up_at IS NOT NULL) AS mails_given_up) mails"
        ),
        [now.into()],
    ))
    .one(&portal.database)
    .await?
    .ok_or_else(|| DbErr::RecordNotFound("sweep_state".to_owned()))
}

/// Completes a sweep's report, and logs what people must act on.
pub(super) async fn add(portal: &Portal, report: &mut Report) -> Result<(), DbErr> {
    let figures = read(portal).await?;
    report.held = u64::try_from(figures.held).unwrap_or_default();
    report.oldest_overdue_seconds = u64::try_from(figures.oldest_overdue_seconds).unwrap_or_default();
    if figures.late > 0 {
        tracing::error!(accounts = figures.late, "erasures are later than 20 hours");
    }
    if figures.unreviewed > 0 {
        tracing::warn!(holds = figures.unreviewed, "holds have missed their review");
    }
    Ok(())
}
