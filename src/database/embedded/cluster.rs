//! Creates, starts and stops the database cluster. A cluster stands under its name only when it is complete;
//! callers hold `start.lock`.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use super::binaries::Binaries;
use super::error::{Doing as _, EmbeddedError};
use super::owner::{last_lines, run};
use super::place::Place;
use super::{NAME, files, settings, socket, state};

/// Seconds that the server may take to start or to end.
const PATIENCE: &str = "60";

/// How long the children of a killed server may hold on to its memory; they end as soon as they notice.
const ORPHANS: Duration = Duration::from_secs(20);

/// Beginning of the names of clusters that are not complete.
const UNFINISHED: &str = "cluster.new.";

/// Hands initdb the password, for as long as it runs.
const PASSWORD: &str = "password.initdb";

/// What the server says before its log begins.
const START_LOG: &str = "start.log";

const LOG_AGE: Duration = Duration::from_hours(24);

pub(super) struct Cluster {
    place: Place,
    binaries: Binaries,
    id: String,
}

impl Cluster {
    pub(super) fn new(place: Place, binaries: Binaries, id: String) -> Self {
        Self { place, binaries, id }
    }

    fn dir(&self) -> PathBuf {
        self.place.dir.join("cluster")
    }

    pub(super) fn exists(&self) -> Result<bool, EmbeddedError> {
        self.dir().try_exists().doing("look for", &self.dir())
    }

    /// Creates the cluster with its database beside its final name, so that a process killed in the middle
    /// leaves nothing that looks finished. The name is a new one each time: an initdb whose portal was killed
    /// may still be writing.
    pub(super) fn create(&self, password: &str) -> Result<(), EmbeddedError> {
        tracing::info!(directory = %self.dir().display(), "creating the embedded database");
        self.clear_leftovers();
        let name = format!("{UNFINISHED}{}", files::random(4)?);
        let new = self.place.dir.join(&name);
        // The C.UTF-8 locale knows letters beyond ASCII, but not every system has it.
        self.initdb(&name, password, "C.UTF-8").or_else(|error| {
            tracing::debug!(%error, "trying the C locale");
            self.initdb(&name, password, "C")
        })?;
        let conf = new.join("postgresql.conf");
        files::private()
            .append(true)
            .open(&conf)
            .and_then(|mut file| {
                file.write_all(b"\ninclude = '../stammtisch.conf'\n")?;
                file.sync_all()
            })
            .doing("write", &conf)?;
        self.write_settings(&self.place.dir.join("run"))?;
        let mut single = self.command("postgres");
        single.args(["--single", "-D", &name, "-c", "exit_on_error=true", "postgres"]);
        run("postgres", single, &format!("CREATE DATABASE {NAME}\n"))?;
        fs::rename(&new, self.dir()).doing("rename", &new)?;
        files::sync_dir(&self.place.dir)
    }

    fn initdb(&self, name: &str, password: &str, locale: &str) -> Result<(), EmbeddedError> {
        let new = self.place.dir.join(name);
        files::remove_dir(&new)?;
        files::own_dir(&new, 0o700)?;
        self.place.owner.give(&new)?;
        let password_file = self.place.dir.join(PASSWORD);
        files::replace(&password_file, password, 0o600)?;
        self.place.owner.give(&password_file)?;
        let mut initdb = self.command("initdb");
        initdb
            .args([
                "-D",
                name,
                "--encoding=UTF8",
                "--data-checksums",
                "--auth=scram-sha-256",
            ])
            .args([
                format!("--pwfile={PASSWORD}"),
                format!("--username={NAME}"),
                format!("--locale={locale}"),
            ]);
        let made = run("initdb", initdb, "");
        files::remove_file(&password_file)?;
        made.map(drop)
    }

    /// Removes what a killed start left. What an orphaned initdb is still writing goes the next time.
    fn clear_leftovers(&self) {
        for entry in fs::read_dir(&self.place.dir).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let cleared = match name.to_str() {
                Some(PASSWORD) => files::remove_file(&entry.path()),
                Some(name) if name.starts_with(UNFINISHED) => files::remove_dir(&entry.path()),
                _ => Ok(()),
            };
            if let Err(error) = cleared {
                tracing::warn!(%error, "an unfinished embedded database stays for now");
            }
        }
    }

    /// Starts the server unless it runs already, and returns the directory of its socket.
    pub(super) fn start(&self) -> Result<PathBuf, EmbeddedError> {
        self.clear_leftovers();
        if let Some(socket_dir) = state::running(&self.dir())? {
            tracing::debug!("the embedded PostgreSQL runs already");
            return Ok(socket_dir);
        }
        let socket_dir = socket::prepare(&self.place, &self.id)?;
        self.write_settings(&socket_dir)?;
        let log_dir = self.place.dir.join("log");
        files::own_dir(&log_dir, 0o700)?;
        self.place.owner.give(&log_dir)?;
        self.launch(&log_dir)?;
        tracing::info!(directory = %self.place.dir.display(), version = self.binaries.major, "embedded PostgreSQL started");
        Ok(socket_dir)
    }

    /// `pg_ctl` puts the server into a session of its own. Relative names, since it hands them to a shell.
    fn launch(&self, log_dir: &Path) -> Result<(), EmbeddedError> {
        let deadline = Instant::now() + ORPHANS;
        loop {
            remove_logs(log_dir)?;
            let mut start = self.command("pg_ctl");
            start.args([
                "start",
                "-s",
                "-w",
                "-t",
                PATIENCE,
                "-D",
                "cluster",
                "-l",
                &format!("log/{START_LOG}"),
            ]);
            let Err(error) = run("pg_ctl start", start, "") else {
                return Ok(());
            };
            let said = last_words(log_dir);
            if said.contains("shared memory block") && Instant::now() < deadline {
                sleep(Duration::from_millis(250));
            } else if said.is_empty() {
                return Err(error);
            } else {
                return Err(EmbeddedError::Tool {
                    tool: "pg_ctl start",
                    message: said,
                });
            }
        }
    }

    /// Stops the server, if it runs, and waits for its end.
    pub(super) fn stop(&self) -> Result<(), EmbeddedError> {
        if state::is_alive(&self.dir())? {
            let mut stop = self.command("pg_ctl");
            stop.args(["stop", "-s", "-w", "-t", PATIENCE, "-m", "fast", "-D", "cluster"]);
            let stopped = run("pg_ctl stop", stop, "");
            // It may have ended by itself in the meantime.
            if stopped.is_err() && state::is_alive(&self.dir())? {
                return stopped.map(drop);
            }
            tracing::info!("embedded PostgreSQL stopped");
        }
        socket::clean_up(&self.place, &self.id);
        Ok(())
    }

    fn command(&self, program: &str) -> std::process::Command {
        self.place.owner.command(&self.binaries, program, &self.place.dir)
    }

    fn write_settings(&self, socket_dir: &Path) -> Result<(), EmbeddedError> {
        files::replace(
            &self.place.dir.join("stammtisch.conf"),
            &settings::text(socket_dir, settings::buffers()),
            0o644,
        )
    }
}

/// The server overwrites a log of its own only while it runs: an old or large one is cleared here, as is what it
/// said to us before its log began.
#[expect(
    clippy::disallowed_methods,
    reason = "the ages of files are measured in the system's time"
)]
fn remove_logs(dir: &Path) -> Result<(), EmbeddedError> {
    for entry in fs::read_dir(dir).doing("read", dir)? {
        let entry = entry.doing("read", dir)?;
        let metadata = entry.metadata().doing("look at", &entry.path())?;
        let age = metadata
            .modified()
            .ok()
            .and_then(|at| SystemTime::now().duration_since(at).ok());
        let old = metadata.len() > settings::LOG_SIZE_KB * 1024 || age.is_some_and(|age| age > LOG_AGE);
        if old || entry.file_name() == START_LOG {
            files::remove_file(&entry.path())?;
        }
    }
    Ok(())
}

/// Why the server did not start, as it says itself: in its log, if that had begun.
fn last_words(log_dir: &Path) -> String {
    let first_words = files::tail(&log_dir.join(START_LOG));
    if !first_words.contains("redirecting log output") {
        return last_lines(&first_words);
    }
    let logs = fs::read_dir(log_dir).into_iter().flatten().flatten();
    let newest = logs
        .filter(|entry| entry.file_name() != START_LOG)
        .max_by_key(|entry| entry.metadata().and_then(|metadata| metadata.modified()).ok());
    let log = newest.map(|entry| files::tail(&entry.path())).unwrap_or_default();
    let this_start = log.rsplit("LOG:  starting PostgreSQL").next().unwrap_or_default();
    let reason = this_start
        .lines()
        .rfind(|line| line.contains("FATAL:") || line.contains("PANIC:"));
    reason.unwrap_or("see its log").to_owned()
}
