//! `stammtisch doctor`: what is wrong with this installation, check by check in sentences. Exit 1 if anything is.

use std::os::unix::fs::PermissionsExt;

use sea_orm::{ConnectionTrait, DbErr};

use super::start;
use crate::{
    credentials::{self, Peppering},
    database::{self, sql, trail},
    erasure::{
        guard::{self, Cause, Trouble},
        sweep,
    },
    ledger::files::Extent,
    passwords::breached::Breached,
    portal::Portal,
    second_factor::totp,
    settings::{Settings, is_this_machine},
};

/// What PostgreSQL must be told so that it logs no values (R4). What a server doesn't know it can't log.
const LOG_SETTINGS: [(&str, &str); 10] = [
    ("log_error_verbosity", "terse"),
    ("log_min_error_statement", "panic"),
    ("log_parameter_max_length_on_error", "0"),
    ("log_statement", "none"),
    ("log_min_duration_statement", "-1"),
    ("log_min_duration_sample", "-1"),
    ("log_transaction_sample_rate", "0"),
    ("auto_explain.log_min_duration", "-1"),
    ("pgaudit.log", "none"),
    ("pgaudit.log_parameter", "off"),
];

/// What was looked at, and the sentences about what is wrong there.
struct Check {
    what: String,
    found: Vec<String>,
    /// What is found is worth knowing, and does not make the installation a wrong one.
    is_remark: bool,
}

impl Check {
    fn new(what: impl Into<String>, found: impl IntoIterator<Item = String>) -> Self {
        Self {
            what: what.into(),
            found: found.into_iter().collect(),
            is_remark: false,
        }
    }

    fn word(&self) -> &'static str {
        match (self.found.is_empty(), self.is_remark) {
            (true, _) => "ok   ",
            (false, true) => "note ",
            (false, false) => "wrong",
        }
    }

    fn is_well(&self) -> bool {
        self.found.is_empty() || self.is_remark
    }
}

pub(super) async fn doctor(settings: Settings, accept_clock: bool) -> anyhow::Result<bool> {
    start::log(&settings, false)?;
    let stop = start::stop_on_signal()?;
    let started = start::portal(settings, Some(1), &stop).await?;
    let checks = start::unless_told(&stop, examine(&started.portal, accept_clock)).await;
    started.stop().await;
    let checks = checks?;
    for check in &checks {
        println!("{}  {}", check.word(), check.what);
        for complaint in &check.found {
            println!("       - {complaint}");
        }
    }
    let is_well = checks.iter().all(Check::is_well);
    if is_well {
        println!("Nothing is wrong.");
    }
    Ok(is_well)
}

async fn examine(portal: &Portal, accept_clock: bool) -> Result<Vec<Check>, DbErr> {
    if accept_clock && sweep::accept_clock(portal).await? {
        println!("The clock is accepted: holds expire again.");
    }
    let mut checks = vec![
        Check::new("settings", settings(portal)),
        Check::new("connections to other machines", connections(&portal.settings)),
        Check::new("how people reach the portal", reached(&portal.settings)),
        peppers(portal).await?,
        sealed(portal).await?,
        breached(portal),
        Check::new("the database server's log", server(portal).await?),
        audit_trail(portal).await?,
        Check::new("ledger and database", ledger(portal).await),
    ];
    let state = guard::look(portal).await?;
    for cause in Cause::ALL {
        let trouble = state.troubles.iter().find(|trouble| trouble.cause == cause);
        checks.push(Check::new(about(cause), trouble.map(sentence)));
    }
    Ok(checks)
}

fn settings(portal: &Portal) -> Vec<String> {
    let settings = &portal.settings;
    let mut found = Vec::new();
    if settings.is_https()
        && settings
            .mail
            .url
            .as_ref()
            .is_none_or(|url| url.scheme() == "file")
    {
        found
            .push("mail.url writes files, but server.public_url is https: nobody gets their mail".to_owned());
    }
    if settings.is_https() && !settings.limits.enabled {
        found.push("limits.enabled is off, but server.public_url is https".to_owned());
    }
    if settings.is_https() {
        found.extend(settings.placeholders().into_iter().map(|setting| {
            format!("{setting} is still a placeholder, but people read it at server.public_url")
        }));
    }
    let key = settings.key_file();
    if std::fs::metadata(&key).is_ok_and(|key| key.permissions().mode() & 0o077 != 0) {
        found.push(format!("{} can be read by others: chmod 600", key.display()));
    }
    found
}

/// Passwords, links and everybody's data go over these: nobody on the way may read them.
fn connections(settings: &Settings) -> Vec<String> {
    let mut found = Vec::new();
    let options = settings.database.url.as_deref().map(database::options);
    if options.is_some_and(|options| options.is_ok_and(|options| !database::is_verified(&options))) {
        found.push(
            "the sslmode of database.url does not verify that the right database server answers: leave it out, or set \
             verify-full (with sslrootcert where the certificate is of an authority of your own)"
                .to_owned(),
        );
    }
    let plain = settings.mail.url.as_ref().filter(|url| url.scheme() == "smtp");
    if plain.is_some_and(|url| !url.host_str().is_some_and(is_this_machine)) {
        found.push(
            "mail.url sends mails, with the links in them, unencrypted to another machine: use smtps:// or \
             smtp+starttls://"
                .to_owned(),
        );
    }
    found
}

/// What people send and read is encrypted as far as this machine (OWASP ASVS 5.0, 12.3.1): the portal itself speaks
/// plain HTTP, so another machine that reaches it must be a proxy that it knows.
fn reached(settings: &Settings) -> Option<String> {
    let server = &settings.server;
    if server.listen.ip().is_loopback() {
        return None;
    }
    let listen = server.listen;
    if !settings.is_https() {
        return Some(format!(
            "server.listen is {listen}, which other machines reach, but server.public_url is not https: what people \
             send and read goes unencrypted over the network"
        ));
    }
    server.trusted_proxies.is_empty().then(|| {
        format!(
            "server.public_url is https and server.listen is {listen}, but server.trusted_proxies names nobody: set \
             the proxy there that ends TLS, and let no other machine reach {listen}"
        )
    })
}

async fn peppers(portal: &Portal) -> Result<Check, DbErr> {
    let Peppering { lost, outdated } = credentials::count_peppers(portal).await?;
    let complaint = (lost > 0).then(|| {
        format!(
            "{lost} passwords were hashed with a pepper that passwords.pepper does not have: nobody can sign in with \
             them until it stands there again, or they are reset"
        )
    });
    let what = format!("peppers of passwords ({outdated} hashes without the current one)");
    Ok(Check::new(what, complaint))
}

/// Whether an older key is still needed: `serve` seals with the current one within a minute.
async fn sealed(portal: &Portal) -> Result<Check, DbErr> {
    let outdated = totp::count_outdated(portal).await?;
    let found = (outdated > 0).then(|| {
        format!(
            "{outdated} are sealed with another key than the current one: keep its line in the key file until `serve` \
             has sealed them anew"
        )
    });
    Ok(Check {
        is_remark: true,
        ..Check::new("the secrets of authenticator apps", found)
    })
}

fn breached(portal: &Portal) -> Check {
    let list = portal.passwords.breached();
    let count = list.as_ref().map_or(0, |list| list.map_or(0, Breached::count));
    let is_missing = matches!(list, Ok(None)) && portal.settings.is_https();
    let remark = is_missing.then(|| "no list of breached passwords is there: see docs/secrets.md".to_owned());
    let complaint = list.err().map(ToString::to_string);
    Check {
        is_remark: is_missing,
        ..Check::new(
            format!("breached passwords ({count} in the list)"),
            complaint.or(remark),
        )
    }
}

/// A database that is older than the ledger is told here as well: the portal then serves nobody (R20).
async fn ledger(portal: &Portal) -> Vec<String> {
    let writable = match portal.ledger.settle(&portal.database, Extent::Whole).await {
        Ok(()) => portal.ledger.check_writable().await,
        settled => settled,
    };
    writable
        .err()
        .map(|error| error.to_string())
        .into_iter()
        .collect()
}

/// Whether the portal can alter what it noted (R3): where people use it, it must not.
async fn audit_trail(portal: &Portal) -> Result<Check, DbErr> {
    let alterable = trail::alterable_by(&portal.database).await?;
    let found = alterable.map(|by| format!("{by}: see database.owner_url and docs/database-roles.md"));
    Ok(Check {
        is_remark: !portal.settings.is_https(),
        ..Check::new("the audit trail", found)
    })
}

async fn server(portal: &Portal) -> Result<Vec<String>, DbErr> {
    let mut found = Vec::new();
    for (name, wanted) in LOG_SETTINGS {
        let row = portal
            .database
            .query_one_raw(sql("SELECT current_setting($1, true) AS value", [name.into()]))
            .await?;
        let value: Option<String> = row.map(|row| row.try_get("", "value")).transpose()?.flatten();
        // One that was never loaded may be there without a value.
        if value.is_some_and(|value| !value.is_empty() && value != wanted) {
            found.push(format!(
                "the database server can log personal data: set {name} = {wanted}"
            ));
        }
    }
    Ok(found)
}

fn about(cause: Cause) -> &'static str {
    match cause {
        Cause::ErasureLate => "deadlines",
        Cause::ErasureFailing => "accounts that cannot be erased",
        Cause::NoSweep => "sweeps",
        Cause::LedgerUnwritable => "the ledger's files",
        Cause::ReviewMissed => "reviews of holds",
        Cause::Clock => "clocks",
    }
}

fn sentence(trouble: &Trouble) -> String {
    let since = trouble.since.format("%Y-%m-%d %H:%M UTC");
    let count = trouble.count.unwrap_or_default();
    match trouble.cause {
        Cause::ErasureLate => {
            format!("{count} due accounts are later than 20 hours, the first since {since}")
        }
        Cause::ErasureFailing => {
            format!(
                "{count} accounts could not be erased so far, the first is due since {since}; the log names them"
            )
        }
        Cause::NoSweep => format!("no sweep has ended well since {since}"),
        Cause::LedgerUnwritable => {
            format!("{count} events wait to be written since {since}: nothing is erased until they can be")
        }
        Cause::ReviewMissed => format!("{count} holds have missed their review, the first since {since}"),
        Cause::Clock => format!(
            "the clocks disagree, or no hold expires after a long pause, since {since}: if they are right, run \
             `stammtisch doctor --accept-clock`"
        ),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn other_machines_reach_the_portal_through_a_known_proxy_or_are_named() {
        let found = |server: &str| {
            let settings = Settings::from_toml(&format!("[server]\n{server}")).unwrap();
            reached(&settings).unwrap_or_default()
        };
        let https = "public_url = 'https://portal.example'\n";
        for well in [
            String::new(),
            "listen = '[::1]:8080'".to_owned(),
            format!("{https}listen = '127.0.0.1:8080'"),
            format!("{https}listen = '0.0.0.0:8080'\ntrusted_proxies = ['10.0.0.0/8']"),
        ] {
            assert_eq!(found(&well), "", "{well}");
        }
        assert!(found("listen = '0.0.0.0:8080'").contains("unencrypted"));
        assert!(found("listen = '10.1.2.3:80'\ntrusted_proxies = ['10.0.0.0/8']").contains("unencrypted"));
        assert!(found(&format!("{https}listen = '[::]:8080'")).contains("trusted_proxies"));
    }
}
