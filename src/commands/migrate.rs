//! `stammtisch migrate`: the schema alone.

use super::start;
use crate::{database, settings::Settings};

pub(super) async fn migrate(settings: Settings) -> anyhow::Result<bool> {
    start::log(&settings, false)?;
    let (connection, server) = start::database(&settings).await?;
    let migrated = database::migrate(&connection).await;
    connection.close().await?;
    start::stop_server(server).await;
    migrated?;
    println!("The database is up to date.");
    Ok(true)
}
