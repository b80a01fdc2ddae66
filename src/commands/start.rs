//! What every command starts with: settings, log, signals, database, portal; and how it ends.

use std::{
    fs::DirBuilder, future::Future, os::unix::fs::DirBuilderExt, path::Path, sync::Arc, time::Duration,
};

use anyhow::{Context, anyhow, bail};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::Notify,
    task::spawn_blocking,
};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::{
    announcements::Announcements,
    attempt_keys::AttemptKeys,
    clock::{Clock, DatabaseClock, SystemClock, SystemRandom},
    database::{
        self, Pool,
        embedded::{EmbeddedServer, PORTAL},
        trail,
    },
    demo::DemoClock,
    inventory::Inventory,
    ledger::Ledger,
    mail::transport::Transport,
    passwords::Passwords,
    portal::{Parts, Portal},
    refusals::Refusals,
    searches::Searches,
    secrets::Secrets,
    settings::{LogFormat, Settings},
    streams::Streams,
};

/// How long the end waits for connections that are still in use.
const CLOSE_WITHIN: Duration = Duration::from_secs(2);

/// A signal came before the command was done.
#[derive(Debug, thiserror::Error)]
#[error("told to stop before it was done")]
pub(super) struct Interrupted;

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

/// Cancelled by SIGTERM or Ctrl-C. To be called before a database is started: from then on no signal ends the process
/// and leaves the embedded server behind.
pub(super) fn stop_on_signal() -> anyhow::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let told = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        told.cancel();
    });
    Ok(stop)
}

/// The work's result, or [`Interrupted`] once told to stop; the work is dropped then.
pub(super) async fn unless_told<T, E>(
    stop: &CancellationToken,
    work: impl Future<Output = Result<T, E>>,
) -> anyhow::Result<T>
where
    anyhow::Error: From<E>,
{
    tokio::select! {
        biased;
        () = stop.cancelled() => Err(Interrupted.into()),
        done = work => Ok(done?),
    }
}

/// Connects, migrates, checks the inventory, and puts the portal together. Told to stop, it leaves nothing running.
pub(super) async fn portal(
    settings: Settings,
    hash_threads: Option<usize>,
    stop: &CancellationToken,
) -> anyhow::Result<Started> {
    let clock = Arc::new(SystemClock);
    portal_by(settings, hash_threads, clock, false, stop).await
}

/// The same by another clock than the machine's: a demonstration.
pub(super) async fn demo(
    settings: Settings,
    clock: Arc<DemoClock>,
    stop: &CancellationToken,
) -> anyhow::Result<Started> {
    portal_by(settings, None, clock, true, stop).await
}

async fn portal_by(
    settings: Settings,
    hash_threads: Option<usize>,
    clock: Arc<impl Clock + DatabaseClock>,
    is_demo: bool,
    stop: &CancellationToken,
) -> anyhow::Result<Started> {
    let (database, server) = Box::pin(database(&settings, stop)).await?;
    let assembled = async {
        migrate(&settings, &database, server.as_ref()).await?;
        assemble(settings, database.clone(), hash_threads, clock, is_demo).await
    };
    match Box::pin(unless_told(stop, assembled)).await {
        Ok(portal) => Ok(Started { portal, server }),
        Err(error) => {
            end(database, server).await;
            Err(error)
        }
    }
}

/// The database alone, as the settings say: another server, or the embedded one.
pub(super) async fn database(
    settings: &Settings,
    stop: &CancellationToken,
) -> anyhow::Result<(Pool, Option<EmbeddedServer>)> {
    let Some(url) = &settings.database.url else {
        let data_dir = settings.data_dir.clone();
        // Waited for even when told to stop: a server that is half started could not be stopped.
        let server = spawn_blocking(move || EmbeddedServer::start(&data_dir)).await??;
        return match unless_told(stop, embedded(settings, &server)).await {
            Ok(database) => Ok((database, Some(server))),
            Err(error) => {
                stop_server(Some(server)).await;
                Err(error)
            }
        };
    };
    let connecting = database::connect(database::options(url)?, &settings.database);
    Ok((unless_told(stop, connecting).await?, None))
}

/// The embedded server's database, by a role that may do no more than the portal needs.
async fn embedded(settings: &Settings, server: &EmbeddedServer) -> anyhow::Result<Pool> {
    let server = server.connection();
    let superuser = database::connect(
        database::embedded_options(server, &server.user),
        &settings.database,
    );
    let superuser = superuser.await?;
    let made = trail::make_application(&superuser, PORTAL, &server.password).await;
    superuser.close().await;
    made.context("the embedded database could not be given to the portal")?;
    Ok(database::connect(database::embedded_options(server, PORTAL), &settings.database).await?)
}

/// Brings the schema up to date. Where the audit trail is to belong to another role than the portal's, it does from then
/// on.
pub(super) async fn migrate(
    settings: &Settings,
    database: &Pool,
    server: Option<&EmbeddedServer>,
) -> anyhow::Result<()> {
    database::migrate(database)
        .await
        .context("the database could not be migrated")?;
    let owner = match (&settings.database.owner_url, server) {
        (_, Some(server)) => {
            let server = server.connection();
            database::embedded_options(server, &server.user)
        }
        (Some(url), None) => database::options(url).context("database.owner_url")?,
        (None, None) if trail::is_current(database).await? => return Ok(()),
        (None, None) => bail!(
            "the audit trail belongs to another role, and is of an earlier version: run `stammtisch migrate` with \
             database.owner_url first (docs/database-roles.md)"
        ),
    };
    let owner = database::connect(owner, &settings.database)
        .await
        .context("database.owner_url")?;
    let taken = trail::take_over(&owner, database).await;
    owner.close().await;
    taken.context("the audit trail could not be given to the role of database.owner_url")
}

async fn assemble(
    settings: Settings,
    database: Pool,
    hash_threads: Option<usize>,
    clock: Arc<impl Clock + DatabaseClock>,
    is_demo: bool,
) -> anyhow::Result<Portal> {
    let inventory = Inventory::built_in();
    inventory.check(&database).await?;
    private_folder(&settings.data_dir)?;
    let secrets = Secrets::load_or_create(&settings.key_file(), &SystemRandom)?;
    let passwords = Passwords::from_settings(&settings, hash_threads)?;
    let transport = match &settings.mail.url {
        Some(url) => Transport::from_url(url)?,
        None => Transport::file(settings.data_dir.join("mail")),
    };
    let ledger = Ledger::new(settings.ledger_dir(), clock.clone(), Arc::new(SystemRandom));
    Ok(Portal::new(Parts {
        attempt_keys: AttemptKeys::default(),
        announcements: Announcements::new(database.clone()),
        streams: Streams::default(),
        searches: Searches::new(settings.database.searches()),
        refusals: Refusals::default(),
        database,
        settings,
        clock: clock.clone(),
        database_clock: clock,
        random: Arc::new(SystemRandom),
        passwords,
        transport,
        secrets,
        inventory,
        ledger,
        is_demo,
        post: Notify::new(),
    }))
}

/// Reads the list of breached passwords, before anybody chooses one: without it, where there should be one, nothing
/// starts by which passwords are chosen.
pub(super) async fn read_breached(portal: &Portal) -> anyhow::Result<()> {
    let passwords = portal.passwords.clone();
    spawn_blocking(move || match passwords.breached() {
        Ok(_) => Ok(()),
        Err(error) => Err(anyhow!("{error}")),
    })
    .await?
}

/// Makes the data folder readable by its owner alone; one that exists is left as it is.
pub(super) fn private_folder(path: &Path) -> anyhow::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .with_context(|| format!("{} cannot be made", path.display()))
}

impl Started {
    /// Closes the connections and, as its last user, stops the embedded server.
    pub async fn stop(self) {
        end(self.portal.database.clone(), self.server).await;
    }
}

/// Closes the connections, those in use no later than after 2 seconds, and stops the embedded server.
pub(super) async fn end(database: Pool, server: Option<EmbeddedServer>) {
    if tokio::time::timeout(CLOSE_WITHIN, database.close())
        .await
        .is_err()
    {
        tracing::warn!("database connections were still in use and were cut off");
    }
    stop_server(server).await;
}

async fn stop_server(server: Option<EmbeddedServer>) {
    let Some(server) = server else { return };
    match spawn_blocking(move || server.stop()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::error!(%error, "the embedded database server could not be stopped"),
        Err(error) => tracing::error!(%error, "stopping the embedded database server panicked"),
    }
}
