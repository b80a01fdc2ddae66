//! `stammtisch erase-due`: the sweep, once. Exit 1 if anything failed or is late.

use tokio_util::sync::CancellationToken;

use super::start;
use crate::{erasure::sweep, settings::Settings};

pub(super) async fn erase_due(settings: Settings, json: bool) -> anyhow::Result<bool> {
    start::log(&settings, false)?;
    let started = start::portal(settings, Some(1)).await?;
    let swept = sweep::sweep(&started.portal, &CancellationToken::new()).await;
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
    Ok(report.is_good())
}
