//! `stammtisch migrate`: the schema alone.

use super::start;
use crate::{database, settings::Settings};

pub(super) async fn migrate(settings: Settings) -> anyhow::Result<bool> {
    start::log(&settings, false)?;
    let stop = start::stop_on_signal()?;
    let (connection, server) = start::database(&settings, &stop).await?;
    let migrated = start::unless_told(&stop, database::migrate(&connection)).await;
    start::end(connection, server).await;
    migrated?;
    println!("The database is up to date.");
    Ok(true)
}
