//! `stammtisch erase-due`: the sweep, once. Exit 1 if anything failed or is late. Told to stop, it ends after the batch
//! it is at, says what it did, and exits 1.

use super::start;
use crate::{erasure::sweep, settings::Settings};

pub(super) async fn erase_due(settings: Settings, json: bool) -> anyhow::Result<bool> {
    start::log(&settings, false)?;
    let stop = start::stop_on_signal()?;
    let started = start::portal(settings, Some(1), &stop).await?;
    let swept = sweep::sweep(&started.portal, &stop).await;
    let is_cut_short = stop.is_cancelled();
    started.stop().await;
    let report = swept?;
    if json {
        println!("{}", serde_json::to_string(&report)?);
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
    if is_cut_short {
        return Err(start::Interrupted.into());
    }
    Ok(report.is_good())
}
