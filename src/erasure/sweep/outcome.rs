//! How a sweep ended, kept for whoever watches (R22): also, and above all, when it did not end well.

use std::time::Duration;

use entity::sweep_state;
use sea_orm::{ActiveModelTrait, DbErr, Set};

use super::{Report, SweepError, claim};
use crate::{database::sql_state, ledger::LedgerError, portal::Portal};

/// How a sweep ended; `sweep_state.last_outcome` and metrics name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Well,
    /// It ran, and some account could not be erased.
    Failed,
    /// It was told to stop before it was done.
    Stopped,
    /// The clocks cannot be trusted (R23).
    Clock,
    /// The ledger cannot be written, or is broken (R12, R21).
    Ledger,
    /// The database is older than the ledger (R12, R20).
    Unreconciled,
    Database,
}

impl Outcome {
    pub const ALL: [Self; 7] = [
        Self::Well,
        Self::Failed,
        Self::Stopped,
        Self::Clock,
        Self::Ledger,
        Self::Unreconciled,
        Self::Database,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Clock => "clock",
            Self::Ledger => "ledger",
            Self::Unreconciled => "unreconciled",
            Self::Database => "database",
        }
    }

    pub(super) fn of(result: &Result<Report, SweepError>, stopped: bool) -> Self {
        match result {
            Ok(report) if report.failed > 0 => Self::Failed,
            Ok(_) if stopped => Self::Stopped,
            Ok(_) => Self::Well,
            Err(SweepError::ClocksApart(_) | SweepError::ClockBehind) => Self::Clock,
            Err(SweepError::Ledger(LedgerError::Older)) => Self::Unreconciled,
            Err(SweepError::Ledger(LedgerError::Unusable(_) | LedgerError::Broken(_))) => Self::Ledger,
            Err(
                SweepError::Ledger(LedgerError::Database(_))
                | SweepError::HoldsUnreadable(_)
                | SweepError::Database(_),
            ) => Self::Database,
        }
    }
}

/// Writes it down. That this fails is only logged: the sweep's own result matters more.
pub(super) async fn record(portal: &Portal, outcome: Outcome, took: Duration) {
    if let Err(error) = write(portal, outcome, took).await {
        tracing::error!(state = ?sql_state(&error), outcome = outcome.name(), "how the sweep ended could not be recorded");
    }
}

async fn write(portal: &Portal, outcome: Outcome, took: Duration) -> Result<(), DbErr> {
    let now = claim::now(portal).await?;
    sweep_state::ActiveModel {
        id: Set(1),
        last_ended_at: Set(Some(now)),
        last_outcome: Set(Some(outcome.name().to_owned())),
        last_milliseconds: Set(Some(i64::try_from(took.as_millis()).unwrap_or(i64::MAX))),
        ..Default::default()
    }
    .update(&portal.database)
    .await?;
    Ok(())
}
