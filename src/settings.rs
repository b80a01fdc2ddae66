//! What the operator decides, read once at the start: `config/default.toml`, a file, the environment.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    time::Duration,
};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use croner::{
    Cron,
    parser::{CronParser, Seconds},
};
use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use serde::Deserialize;
use url::Url;

use crate::{secrets::Keys, text::Locale};

mod complaint;
mod from_file;
mod operator;

use from_file::FromFile;
pub use operator::{Authority, DataProtectionOfficer, Operator};

/// The defaults, built in so that the binary needs no file beside it.
pub const DEFAULT: &str = include_str!("../config/default.toml");

/// The promise in hours, less four for people to act in when something fails (R22 alerts from here on).
pub const LATEST_ERASURE: TimeDelta = TimeDelta::hours(20);

/// How long a deletion by an administrator can be undone (R6).
const ADMINISTRATORS_GRACE: TimeDelta = TimeDelta::hours(12);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub data_dir: PathBuf,
    pub database: Database,
    pub server: Server,
    pub mail: Mail,
    pub secrets: Secrets,
    pub terms: Terms,
    pub registration: Registration,
    pub passwords: Passwords,
    pub sessions: Sessions,
    pub second_factor: SecondFactor,
    pub limits: Limits,
    pub erasure: Erasure,
    pub holds: Holds,
    pub residue: Residue,
    pub operator: Box<Operator>,
    pub log: Log,
    /// The longest time between two sweeps, worked out from `erasure.sweep`.
    #[serde(skip)]
    longest_gap: TimeDelta,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// None: an embedded server under `data_dir`.
    pub url: Option<String>,
    /// The role that the audit trail is to belong to, for migrating. None: the trail stays whose it is.
    pub owner_url: Option<String>,
    pub max_connections: u32,
    #[serde(with = "humantime_serde")]
    pub statement_timeout: Duration,
}

impl Database {
    /// How many searches may have a connection at once: a quarter of them, and at least one.
    pub fn searches(&self) -> usize {
        usize::try_from(self.max_connections / 4).unwrap_or(1).max(1)
    }
}

impl std::fmt::Debug for Database {
    /// The URL may hold a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Database")
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    pub public_url: Url,
    /// Where `/metrics` is, and nothing else.
    pub metrics_listen: SocketAddr,
    pub trusted_proxies: Vec<ipnet::IpNet>,
    #[serde(with = "humantime_serde")]
    pub request_timeout: Duration,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// None: files under `data_dir`/mail.
    pub url: Option<Url>,
    pub from: String,
    /// From a message to the mail about it, for those who want one at once.
    #[serde(with = "humantime_serde")]
    pub message_pause: Duration,
}

impl std::fmt::Debug for Mail {
    /// The URL may hold a password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Mail")
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secrets {
    pub key_file: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    pub version: String,
    /// None: the portal's own page.
    pub url: Option<Url>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    pub approval: Approval,
}

/// Whose registration an administrator decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Approval {
    /// Everyone whose mail domain no organisation lists.
    ByDomain,
    Always,
    Never,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passwords {
    pub memory_kib: u32,
    pub iterations: u32,
    pub parallelism: u32,
    /// The current one first; the others are for hashes that were made with them.
    pub pepper: Keys,
    /// None: under `data_dir`, if there is one.
    pub breached: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sessions {
    #[serde(with = "humantime_serde")]
    pub idle: Duration,
    #[serde(with = "humantime_serde")]
    pub absolute: Duration,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecondFactor {
    /// The first day (UTC) on which an administrator's role takes a second factor.
    pub administrators_from: Option<NaiveDate>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub enabled: bool,
    pub messages_per_hour: NonZeroU32,
    pub conversations_per_day: NonZeroU32,
    pub conversations_per_day_when_new: NonZeroU32,
    pub invitations_per_day: NonZeroU32,
    pub invitations_per_day_when_new: NonZeroU32,
    pub reports_per_day: NonZeroU32,
    pub blocks_per_day: NonZeroU32,
    #[serde(with = "humantime_serde")]
    pub new_for: Duration,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Erasure {
    #[serde(with = "humantime_serde")]
    pub grace: Duration,
    pub sweep: String,
    /// Whether a start brings a database that is older than the ledger up to it (R20).
    pub reconcile_on_start: bool,
    /// None: under `data_dir`.
    pub ledger_dir: Option<PathBuf>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holds {
    pub second_person: SecondPerson,
}

/// What about a hold takes two administrators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondPerson {
    Off,
    Release,
}

/// How long what was erased can remain outside the tables, as the operator answers for it (R4).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Residue {
    #[serde(with = "humantime_serde")]
    pub free_space: Duration,
    #[serde(with = "humantime_serde")]
    pub wal: Duration,
    #[serde(with = "humantime_serde")]
    pub backups: Duration,
    #[serde(with = "humantime_serde")]
    pub logs: Duration,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Log {
    pub filter: String,
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("the settings cannot be read: {}", complaint::about(.0))]
    Unreadable(Box<figment::Error>),
    #[error("erasure.sweep is no cron expression with seconds: {0}")]
    Sweep(String),
    #[error(
        "an account could outlive its deadline: erasure.grace ({grace}) and twice the longest gap of erasure.sweep \
         ({gap}) and 1 hour are more than 20 hours"
    )]
    TooSlow {
        grace: humantime::Duration,
        gap: humantime::Duration,
    },
    #[error("the file that {variable} names cannot be read: {reason}")]
    File {
        variable: String,
        reason: std::io::Error,
    },
    #[error("{variable}_FILE is set and {variable} as well: one of them must go")]
    Both { variable: String },
    #[error("{setting} {reason}")]
    Unusable {
        setting: &'static str,
        reason: &'static str,
    },
}

impl Settings {
    /// The defaults, the named file, `STAMMTISCH_SECTION__KEY` and `DATABASE_URL`, in this order. Each variable may
    /// instead name a file that holds the value, by the same name and `_FILE`.
    pub fn load(file: Option<&std::path::Path>) -> Result<Self, SettingsError> {
        let mut figment = Figment::from(Toml::string(DEFAULT));
        if let Some(file) = file {
            figment = figment.merge(Toml::file_exact(file));
        }
        let files = FromFile::read_all(std::env::vars_os())?;
        let named: Vec<&str> = files.iter().filter_map(FromFile::unprefixed).collect();
        figment = figment.merge(Env::prefixed(from_file::PREFIX).ignore(&named).split("__"));
        let (last, files): (Vec<_>, Vec<_>) = files.into_iter().partition(FromFile::is_database_url);
        figment = files.into_iter().fold(figment, Figment::merge);
        figment = figment.merge(Env::raw().only(&["DATABASE_URL"]).map(|_| "database.url".into()));
        figment = last.into_iter().fold(figment, Figment::merge);
        Self::from_figment(&figment)
    }

    /// The defaults and `toml` over them: for tests and tools.
    pub fn from_toml(toml: &str) -> Result<Self, SettingsError> {
        Self::from_figment(&Figment::from(Toml::string(DEFAULT)).merge(Toml::string(toml)))
    }

    fn from_figment(figment: &Figment) -> Result<Self, SettingsError> {
        let mut settings: Self = figment
            .extract()
            .map_err(|error| SettingsError::Unreadable(Box::new(error)))?;
        settings.longest_gap = longest_gap(&sweep_schedule(&settings.erasure.sweep)?)?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), SettingsError> {
        let unusable = |setting, reason| Err(SettingsError::Unusable { setting, reason });
        if !matches!(self.server.public_url.scheme(), "http" | "https") || !self.server.public_url.has_host()
        {
            return unusable("server.public_url", "is no http or https address");
        }
        if self.server.public_url.path() != "/" {
            return unusable(
                "server.public_url",
                "has a path: the portal lives at the root of its host",
            );
        }
        if self.database.max_connections < 5 {
            return unusable(
                "database.max_connections",
                "is below 5, which the portal's own workers need",
            );
        }
        if self.sessions.idle > self.sessions.absolute {
            return unusable("sessions.idle", "is longer than sessions.absolute");
        }
        if !self.limits.enabled && !self.server.listen.ip().is_loopback() {
            return unusable(
                "limits.enabled",
                "is off, which is for loopback alone, but server.listen is not loopback",
            );
        }
        let gap = self.longest_gap;
        let grace = TimeDelta::from_std(self.erasure.grace).unwrap_or(TimeDelta::MAX);
        let slowest = gap
            .checked_mul(2)
            .and_then(|both| both.checked_add(&grace))
            .map(|all| all + TimeDelta::hours(1));
        if slowest.is_none_or(|slowest| slowest > LATEST_ERASURE) {
            return Err(SettingsError::TooSlow {
                grace: self.erasure.grace.into(),
                gap: gap.to_std().unwrap_or_default().into(),
            });
        }
        Ok(())
    }

    /// How long a deletion by an administrator can be undone: 12 hours (R6), or as long as sweeps that are far apart
    /// leave for it.
    pub fn administrators_grace(&self) -> TimeDelta {
        let left = LATEST_ERASURE - TimeDelta::hours(1) - self.longest_gap * 2;
        ADMINISTRATORS_GRACE.min(left)
    }

    /// The longest time between two sweeps.
    pub fn longest_gap(&self) -> TimeDelta {
        self.longest_gap
    }

    /// Where people read the terms of use in force.
    pub fn terms_url(&self, locale: Locale) -> String {
        match &self.terms.url {
            Some(url) => url.to_string(),
            None => format!("{}{locale}/terms", self.server.public_url),
        }
    }

    /// Where the key that keys everything stands.
    pub fn key_file(&self) -> PathBuf {
        self.secrets
            .key_file
            .clone()
            .unwrap_or_else(|| self.data_dir.join("key"))
    }

    /// Where the list of breached passwords is, if there is one.
    pub fn breached_file(&self) -> PathBuf {
        self.passwords
            .breached
            .clone()
            .unwrap_or_else(|| self.data_dir.join("breached"))
    }

    /// Where the ledger's files are: outside the database's backup.
    pub fn ledger_dir(&self) -> PathBuf {
        self.erasure
            .ledger_dir
            .clone()
            .unwrap_or_else(|| self.data_dir.join("ledger"))
    }

    /// Scheme, host and port as a browser's `Origin` header writes them.
    pub fn origin(&self) -> String {
        self.server.public_url.origin().ascii_serialization()
    }

    pub fn is_https(&self) -> bool {
        self.server.public_url.scheme() == "https"
    }
}

/// Whether a host's name or address is this machine itself: what goes there crosses no network.
pub fn is_this_machine(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A cron expression of six fields, in UTC.
pub fn sweep_schedule(expression: &str) -> Result<Cron, SettingsError> {
    CronParser::builder()
        .seconds(Seconds::Required)
        .build()
        .parse(expression)
        .map_err(|error| SettingsError::Sweep(error.to_string()))
}

/// The longest time between two runs: every hour of two weeks and every day of the year after is asked for the run
/// before and the run after it, which finds every gap that could break the promise.
fn longest_gap(schedule: &Cron) -> Result<TimeDelta, SettingsError> {
    let begin = DateTime::<Utc>::UNIX_EPOCH;
    let hours = (0..14 * 24).map(|hour| begin + TimeDelta::hours(hour));
    let days = (14..400).map(|day| begin + TimeDelta::days(day));
    let mut longest = TimeDelta::zero();
    for instant in hours.chain(days) {
        let never = |error: croner::errors::CronError| SettingsError::Sweep(error.to_string());
        let next = schedule.find_next_occurrence(&instant, false).map_err(never)?;
        let after = schedule.find_next_occurrence(&next, false).map_err(never)?;
        longest = longest.max(next - instant).max(after - next);
        if longest > LATEST_ERASURE {
            break;
        }
    }
    Ok(longest)
}

#[cfg(test)]
#[expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]
mod tests;
