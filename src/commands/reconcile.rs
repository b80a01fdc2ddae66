//! `stammtisch reconcile`: brings a restored database up to the ledger (R20). Exit 1 if an account could not be erased
//! again.

use super::start;
use crate::{
    erasure::reconcile::{Summary, reconcile as bring_up},
    settings::Settings,
};

pub(super) async fn reconcile(settings: Settings) -> anyhow::Result<bool> {
    start::log(&settings, false)?;
    let stop = start::stop_on_signal()?;
    let started = start::portal(settings, Some(1), &stop).await?;
    let reconciled = start::unless_told(&stop, bring_up(&started.portal)).await;
    started.stop().await;
    let Some(summary) = reconciled? else {
        println!("The database is not older than the ledger: there was nothing to do.");
        return Ok(true);
    };
    print(&summary);
    Ok(summary.failed.is_empty())
}

fn print(summary: &Summary) {
    println!(
        "Reconciled: {} accounts and {} single rows erased again, {} requests and {} undos, {} holds and {} releases restored.",
        summary.erased.len(),
        summary.items_erased,
        summary.requests,
        summary.undos,
        summary.holds_placed,
        summary.holds_released
    );
    println!("All sessions and links that came from the backup have ended.");
    for account in &summary.failed {
        println!("could not be erased again, the sweep goes on trying: {account}");
    }
    for (account, at) in &summary.to_look_over {
        println!("changed after the backup, at {at}, and is asked to look it over: {account}");
    }
    for account in &summary.lost {
        println!("lost with the restore, created after the backup: {account}");
    }
}
