//! The sweep (R8 to R11): erases what is due and leaves what is held. One function, safe to run at any time, any
//! number of times, in any number of processes.

use std::time::Instant;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    database::{Transaction, sql_state},
    ledger::{LedgerError, files::Extent},
    portal::Portal,
};

mod abandoned;
mod batch;
mod big;
pub mod breach;
mod claim;
mod clocks;
mod data;
mod erase;
pub mod figures;
mod hands;
mod held;
pub mod housekeeping;
mod living;
mod outcome;
pub mod pace;
mod reports;

pub use clocks::accept as accept_clock;
pub(super) use data::delete_accounts;
pub(super) use erase::erase_rows;
pub use outcome::Outcome;
pub use reports::DECIDED_REPORTS_KEPT_FOR;
pub(super) use reports::{Holds, keep_reasons};

/// What one sweep did. `due` is what it found due; `held` is how many deleted accounts something is held of; `failed` is
/// how many accounts could not be erased, and how many groups that everybody has left could not be ended (R22).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    pub due: u64,
    pub erased: u64,
    pub held: u64,
    pub skipped: u64,
    pub failed: u64,
    pub oldest_overdue_seconds: u64,
}

impl Report {
    /// Whether something of some account was worked on, so that rows may have gone.
    pub fn did_something(&self) -> bool {
        self.due > self.skipped + self.failed
    }

    /// Adds what was done elsewhere at the same time.
    fn add(&mut self, other: Self) {
        self.due += other.due;
        self.erased += other.erased;
        self.skipped += other.skipped;
        self.failed += other.failed;
    }

    /// Whether everything went well and nothing is late.
    pub fn is_good(&self) -> bool {
        self.failed == 0 && self.oldest_overdue_seconds == 0
    }
}

#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    #[error(
        "the portal's clock and the database's are {0} seconds apart: nothing is erased until they agree"
    )]
    ClocksApart(i64),
    #[error("the database's clock lies before the last recorded event: nothing is erased until it is right")]
    ClockBehind,
    /// Nothing is erased by anyone while the ledger cannot be written or the database is older than it (R12).
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("the holds cannot be read: nothing is erased until they can")]
    HoldsUnreadable(#[source] DbErr),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Why a transaction of the sweep was given up.
#[derive(Debug, thiserror::Error)]
enum Failed {
    /// Nothing more is erased.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// Perhaps one account alone is to blame.
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Erases what is due, and records how that ended (R22). When told to stop, it finishes the batch it is at.
pub async fn sweep(portal: &Portal, stop: &CancellationToken) -> Result<Report, SweepError> {
    let started = Instant::now();
    let result = run(portal, stop, started).await;
    let outcome = Outcome::of(&result, stop.is_cancelled());
    outcome::record(portal, outcome, started.elapsed()).await;
    result
}

async fn run(portal: &Portal, stop: &CancellationToken, started: Instant) -> Result<Report, SweepError> {
    portal.ledger.settle(&portal.database, Extent::Whole).await?;
    portal.ledger.check_writable().await?;
    held::check_readable(&portal.database)
        .await
        .map_err(SweepError::HoldsUnreadable)?;
    clocks::check(portal).await?;
    // Before what is late is erased, and with it the row that knows.
    breach::record(portal).await?;
    let mut report = Report::default();
    Box::pin(hands::erase_free(portal, stop, &mut report)).await?;
    if !stop.is_cancelled() {
        locked_ones(portal, stop, &mut report).await?;
        let not_ended = abandoned::end(portal, stop).await?;
        report.due += not_ended;
        report.failed += not_ended;
        housekeeping::run(portal).await?;
        clocks::note_sweep(portal).await?;
    }
    portal.ledger.settle_waiting(&portal.database).await?;
    figures::add(portal, &mut report).await?;
    tracing::info!(
        due = report.due,
        erased = report.erased,
        held = report.held,
        skipped = report.skipped,
        failed = report.failed,
        oldest_overdue_seconds = report.oldest_overdue_seconds,
        milliseconds = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        "swept"
    );
    Ok(report)
}

/// A transaction whose commit does not wait for the disk: if the server crashes in the next moment, what was erased is
/// still there and due. The ledger waits for the disk before it says that something is erased.
async fn begin(portal: &Portal) -> Result<Transaction, DbErr> {
    let transaction = portal.database.begin().await?;
    transaction
        .execute_unprepared("SET LOCAL synchronous_commit = off")
        .await?;
    Ok(transaction)
}

/// Then what was locked a moment ago: one by one, waiting a little for each (R10).
async fn locked_ones(
    portal: &Portal,
    stop: &CancellationToken,
    report: &mut Report,
) -> Result<(), SweepError> {
    let now = claim::now(portal).await?;
    let left = claim::left(portal, now).await?;
    Ok(one_by_one(portal, stop, &left, now, report).await?)
}

async fn one_by_one(
    portal: &Portal,
    stop: &CancellationToken,
    ids: &[Uuid],
    now: DateTime<Utc>,
    report: &mut Report,
) -> Result<(), LedgerError> {
    for id in ids {
        if stop.is_cancelled() {
            return Ok(());
        }
        match attempt(portal, *id, now).await {
            Ok(None) => {}
            Ok(Some(outcome)) => {
                if !outcome.waiting.is_empty() {
                    report.due += 1;
                    report.skipped += 1;
                    tracing::warn!(account = %id, "skipped: someone holds the row of an account that reported it");
                }
                finish(portal, stop, outcome, report).await?;
            }
            Err(Failed::Ledger(error)) => return Err(error),
            // 55P03: the lock was not to be had in time.
            Err(Failed::Database(error)) if sql_state(&error).as_deref() == Some("55P03") => {
                report.due += 1;
                report.skipped += 1;
                tracing::warn!(account = %id, "skipped: someone holds the account's row");
            }
            Err(Failed::Database(error)) => {
                report.due += 1;
                fail(*id, &error, report);
            }
        }
    }
    Ok(())
}

/// One account in a transaction of its own. None: it is no longer due. One that cannot be erased is put off under the
/// same lock, so that nobody else tries it a moment later.
async fn attempt(portal: &Portal, id: Uuid, now: DateTime<Utc>) -> Result<Option<batch::Outcome>, Failed> {
    let transaction = begin(portal).await?;
    transaction
        .execute_unprepared("SET LOCAL lock_timeout = '5s'")
        .await?;
    let claimed = claim::one(portal, &transaction, id, now).await?;
    if claimed.accounts.is_empty() {
        return Ok(None);
    }
    let tried = transaction.nested().await?;
    match batch::process(portal, &tried, claimed).await {
        Ok(outcome) => {
            tried.commit().await?;
            transaction.commit().await?;
            Ok(Some(outcome))
        }
        Err(Failed::Database(error)) => {
            tried.rollback().await?;
            claim::put_off(portal, &transaction, id).await?;
            transaction.commit().await?;
            Err(error.into())
        }
        Err(error) => Err(error),
    }
}

/// What follows a committed batch: big accounts go on in chunks, files of erased ones are removed. Returns who has to
/// wait.
async fn finish(
    portal: &Portal,
    stop: &CancellationToken,
    outcome: batch::Outcome,
    report: &mut Report,
) -> Result<Vec<Uuid>, LedgerError> {
    report.due += outcome.seen;
    let (mut erased, mut waiting) = (outcome.erased, outcome.waiting);
    for id in outcome.big {
        match big::erase(portal, stop, id).await {
            Ok(true) => erased.push(id),
            Ok(false) => waiting.push(id),
            Err(Failed::Ledger(error)) => return Err(error),
            Err(Failed::Database(error)) => {
                fail(id, &error, report);
                put_off(portal, id).await;
            }
        }
    }
    report.erased += u64::try_from(erased.len()).unwrap_or_default();
    if portal
        .transport
        .forget_accounts(erased.into_iter().collect())
        .await
        .is_err()
    {
        tracing::error!("mail files of erased accounts could not be removed");
    }
    Ok(waiting)
}

/// One account that cannot be erased is counted, logged by id and tried again; it delays no other (R11).
fn fail(id: Uuid, error: &DbErr, report: &mut Report) {
    report.failed += 1;
    let constraint = crate::database::broken_constraint(error);
    tracing::error!(account = %id, state = ?sql_state(error), ?constraint, "an account could not be erased");
}

/// Puts off an account whose lock is no longer held: its chunks were transactions of their own.
async fn put_off(portal: &Portal, id: Uuid) {
    let done = async {
        let transaction = portal.database.begin().await?;
        // Whoever holds the row must not hold the sweep up as well.
        transaction
            .execute_unprepared("SET LOCAL lock_timeout = '1s'")
            .await?;
        claim::put_off(portal, &transaction, id).await?;
        transaction.commit().await
    };
    if let Err(error) = done.await {
        tracing::error!(account = %id, state = ?sql_state(&error), "a failed erasure could not be put off");
    }
}
