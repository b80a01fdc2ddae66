//! `stammtisch migrate`: the schema alone.

use super::start;
use crate::settings::Settings;

pub(super) async fn migrate(settings: Settings) -> anyhow::Result<bool> {
    start::log(&settings, false)?;
    let stop = start::stop_on_signal()?;
    let (connection, server) = start::database(&settings, &stop).await?;
    let migrating = start::migrate(&settings, &connection, server.as_ref());
    let migrated = start::unless_told(&stop, migrating).await;
    start::end(connection, server).await;
    migrated?;
    println!("The database is up to date.");
    Ok(true)
}
