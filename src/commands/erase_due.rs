//! `stammtisch erase-due`: the sweep, once. Exit 1 if anything failed or is late. Told to stop, it ends after the batch
//! it is at, says what it did, and exits 1.

use tokio_util::sync::CancellationToken;

use super::start;
use crate::{
    database::sql_state,
    erasure::{
        guard,
        sweep::{self, Report, SweepError},
        vacuum,
    },
    portal::Portal,
    settings::Settings,
};

pub(super) async fn erase_due(settings: Settings, json: bool) -> anyhow::Result<bool> {
    start::log(&settings, false)?;
    let stop = start::stop_on_signal()?;
    let started = start::portal(settings, Some(1), &stop).await?;
    let swept = sweep_and_say(&started.portal, &stop, json).await;
    let is_cut_short = stop.is_cancelled();
    afterwards(&started.portal, &stop, &swept).await;
    started.stop().await;
    let report = swept?;
    if is_cut_short {
        return Err(start::Interrupted.into());
    }
    Ok(report.is_good())
}

async fn sweep_and_say(portal: &Portal, stop: &CancellationToken, json: bool) -> Result<Report, SweepError> {
    let report = sweep::sweep(portal, stop).await?;
    if json {
        // Numbers are always written.
        println!("{}", serde_json::to_string(&report).unwrap_or_default());
    } else {
        println!(
            "{} due: {} erased, {} held, {} skipped, {} failed; the oldest is {} seconds late.",
            report.due,
            report.erased,
            report.held,
            report.skipped,
            report.failed,
            report.oldest_overdue_seconds
        );
    }
    Ok(report)
}

/// Where `serve` does not run, nobody else looks after the deadline. The mails leave with whoever sends mail.
async fn afterwards(portal: &Portal, stop: &CancellationToken, swept: &Result<Report, SweepError>) {
    if stop.is_cancelled() {
        return;
    }
    if let Err(error) = guard::watch(portal).await {
        tracing::error!(state = ?sql_state(&error), "the deadline could not be watched");
    }
    let Ok(report) = swept else { return };
    if report.did_something() || vacuum::is_due(portal).await {
        vacuum::run(portal, stop).await;
    }
}
