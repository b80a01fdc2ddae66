//! The deadline is watched (R22, R23): what is wrong with erasing now, as health, metrics, `doctor` and the alert
//! mails all tell it; and whom it concerns.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DbErr;

use super::sweep::{
    Outcome, breach,
    figures::{self, Figures},
};
use crate::{permissions::Permission, portal::Portal};

mod alert;

pub use crate::mail::letter::Cause;

/// No sweep may have ended well for so long (R22).
const SWEPT_WITHIN: TimeDelta = TimeDelta::hours(1);
/// Events may wait so long to be written to the ledger's files.
const WRITTEN_WITHIN: TimeDelta = TimeDelta::minutes(10);

/// Something that is wrong: since when, and how many accounts, holds or events it is about, where that can be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Trouble {
    pub cause: Cause,
    pub since: DateTime<Utc>,
    pub count: Option<u64>,
}

/// How things stand, and what is wrong about it.
#[derive(Debug, Clone)]
pub struct State {
    pub figures: Figures,
    pub troubles: Vec<Trouble>,
}

/// Looks, and changes nothing.
pub async fn look(portal: &Portal) -> Result<State, DbErr> {
    let figures = figures::read(portal).await?;
    let troubles = Cause::ALL
        .into_iter()
        .filter_map(|cause| trouble(&figures, cause))
        .collect();
    Ok(State { figures, troubles })
}

/// Looks, records breaches of the deadline, and alerts those whom it concerns to what is wrong. Safe to run at any time,
/// in any number of processes. In a database that is not known to be level with the ledger nothing is written (R20).
pub async fn watch(portal: &Portal) -> Result<State, DbErr> {
    if !portal.ledger.is_level() {
        return look(portal).await;
    }
    breach::record(portal).await?;
    let state = look(portal).await?;
    alert::tell(portal, &state.troubles).await?;
    Ok(state)
}

/// Whom a cause concerns, by what they may do: administrators always; deletions and holds the data protection officer,
/// too, who can do nothing about sweeps, files and clocks.
pub fn concerns(cause: Cause) -> Permission {
    match cause {
        Cause::ErasureLate | Cause::ErasureFailing => Permission::ReadDeletions,
        Cause::ReviewMissed => Permission::DecideHolds,
        Cause::NoSweep | Cause::LedgerUnwritable | Cause::Clock => Permission::WatchPortal,
    }
}

fn trouble(figures: &Figures, cause: Cause) -> Option<Trouble> {
    let ended = |outcome: Outcome| figures.last_outcome.as_deref() == Some(outcome.name());
    // Since when sweeps have not ended well.
    let last_good = figures.last_swept_at.or(figures.begun_at);
    let counted = |count: i64| u64::try_from(count).ok().filter(|count| *count > 0);
    let (since, count) = match cause {
        Cause::ErasureLate => (figures.late_since?, counted(figures.late)),
        Cause::ErasureFailing => (figures.failing_since?, counted(figures.failing)),
        Cause::NoSweep => (last_good.filter(|at| figures.now - *at > SWEPT_WITHIN)?, None),
        Cause::LedgerUnwritable => {
            let oldest = figures
                .ledger_since
                .filter(|at| figures.now - *at > WRITTEN_WITHIN);
            let refused = ended(Outcome::Ledger).then(|| last_good.or(figures.last_ended_at));
            (oldest.or(refused.flatten())?, counted(figures.ledger_waiting))
        }
        Cause::ReviewMissed => (figures.unreviewed_since?, counted(figures.unreviewed)),
        Cause::Clock => {
            let refused = ended(Outcome::Clock).then(|| last_good.or(figures.last_ended_at));
            (figures.holds_frozen_at.or(refused.flatten())?, None)
        }
    };
    Some(Trouble { cause, since, count })
}
