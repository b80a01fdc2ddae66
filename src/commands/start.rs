//! What every command starts with: settings, log, database, portal; and how it ends.

use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt, path::Path, sync::Arc};

use anyhow::Context;
use sea_orm::DatabaseConnection;
use tokio::{sync::Notify, task::spawn_blocking};
use tracing_subscriber::EnvFilter;

use crate::{
    clock::{SystemClock, SystemRandom},
    database::{self, embedded::EmbeddedServer},
    inventory::Inventory,
    mail::transport::Transport,
    passwords::{HashParameters, Passwords},
    portal::{Parts, Portal},
    secrets::Secrets,
    settings::{LogFormat, Settings},
};

/// A portal, and the embedded server it uses, if it does.
pub(super) struct Started {
    pub portal: Portal,
    server: Option<EmbeddedServer>,
}

pub(super) fn settings(file: Option<&Path>) -> anyhow::Result<Settings> {
    Ok(Settings::load(file)?)
}

/// Starts the log. Commands that end by themselves only say what is wrong.
pub(super) fn log(settings: &Settings, serving: bool) -> anyhow::Result<()> {
    let filter = if serving {
        settings.log.filter.as_str()
    } else {
        "warn"
    };
    // The session library warns of every session that has ended; cron and SQL libraries chat.
    let quiet = "tower_sessions_core=error,tower_sessions=error,tokio_cron_scheduler=warn,sqlx=warn,sea_orm=warn,sea_orm_migration=warn";
    let filter = EnvFilter::try_new(format!("{filter},{quiet}")).context("log.filter is not understood")?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match settings.log.format {
        LogFormat::Text => builder.with_ansi(false).init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}

/// Connects, migrates, checks the inventory, and puts the portal together.
pub(super) async fn portal(settings: Settings, hash_threads: Option<usize>) -> anyhow::Result<Started> {
    let (database, server) = database(&settings).await?;
    match assemble(settings, database, hash_threads).await {
        Ok(portal) => Ok(Started { portal, server }),
        Err(error) => {
            stop_server(server).await;
            Err(error)
        }
    }
}

/// The database alone, as the settings say: another server, or the embedded one.
pub(super) async fn database(
    settings: &Settings,
) -> anyhow::Result<(DatabaseConnection, Option<EmbeddedServer>)> {
    let Some(url) = &settings.database.url else {
        let data_dir = settings.data_dir.clone();
        let server = spawn_blocking(move || EmbeddedServer::start(&data_dir)).await??;
        let options = database::embedded_options(server.connection());
        return match database::connect(options, &settings.database).await {
            Ok(database) => Ok((database, Some(server))),
            Err(error) => {
                stop_server(Some(server)).await;
                Err(error.into())
            }
        };
    };
    Ok((
        database::connect(database::options(url)?, &settings.database).await?,
        None,
    ))
}

async fn assemble(
    settings: Settings,
    database: DatabaseConnection,
    hash_threads: Option<usize>,
) -> anyhow::Result<Portal> {
    database::migrate(&database)
        .await
        .context("the database could not be migrated")?;
    let inventory = Inventory::built_in();
    inventory.check(&database).await?;
    private_folder(&settings.data_dir)?;
    let secrets = Secrets::load_or_create(&settings.key_file(), &SystemRandom)?;
    let hashing = &settings.passwords;
    let parameters = HashParameters {
        memory_kib: hashing.memory_kib,
        iterations: hashing.iterations,
        parallelism: hashing.parallelism,
    };
    let passwords = Passwords::new(parameters, hash_threads)?;
    let transport = match &settings.mail.url {
        Some(url) => Transport::from_url(url)?,
        None => Transport::file(settings.data_dir.join("mail")),
    };
    Ok(Portal::new(Parts {
        database,
        settings,
        clock: Arc::new(SystemClock),
        database_clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        passwords,
        transport,
        secrets,
        inventory,
        post: Notify::new(),
    }))
}

/// Makes the data folder readable by its owner alone; one that exists is left as it is.
fn private_folder(path: &Path) -> anyhow::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("{} cannot be made", path.display()))
}

impl Started {
    /// Closes the connections and, as its last user, stops the embedded server.
    pub async fn stop(self) {
        if let Err(error) = self.portal.database.clone().close().await {
            tracing::warn!(%error, "the database connections could not be closed");
        }
        stop_server(self.server).await;
    }
}

pub(super) async fn stop_server(server: Option<EmbeddedServer>) {
    let Some(server) = server else { return };
    match spawn_blocking(move || server.stop()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the embedded database server could not be stopped"),
        Err(error) => tracing::error!(%error, "stopping the embedded database server panicked"),
    }
}
