//! `stammtisch doctor`: what is wrong with this installation, in sentences. Exit 1 if anything is.

use std::os::unix::fs::PermissionsExt;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::start;
use crate::{database::sql, erasure::sweep, portal::Portal, settings::Settings};

/// What PostgreSQL must be told so that it logs no values (R4).
const LOG_SETTINGS: [(&str, &str); 4] = [
    ("log_error_verbosity", "terse"),
    ("log_min_error_statement", "panic"),
    ("log_parameter_max_length_on_error", "0"),
    ("log_statement", "none"),
];

pub(super) async fn doctor(settings: Settings, accept_clock: bool) -> anyhow::Result<bool> {
    start::log(&settings, false)?;
    let stop = start::stop_on_signal()?;
    let started = start::portal(settings, Some(1), &stop).await?;
    let found = start::unless_told(&stop, examine(&started.portal, accept_clock)).await;
    started.stop().await;
    let found = found?;
    for complaint in &found {
        println!("- {complaint}");
    }
    if found.is_empty() {
        println!("Nothing is wrong.");
    }
    Ok(found.is_empty())
}

async fn examine(portal: &Portal, accept_clock: bool) -> Result<Vec<String>, DbErr> {
    if accept_clock && sweep::accept_clock(portal).await? {
        println!("The clock is accepted: holds expire again.");
    }
    let mut found = Vec::new();
    settings(portal, &mut found);
    server(portal, &mut found).await?;
    erasure(portal, &mut found).await?;
    Ok(found)
}

fn settings(portal: &Portal, found: &mut Vec<String>) {
    let settings = &portal.settings;
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
    let key = settings.key_file();
    if std::fs::metadata(&key).is_ok_and(|key| key.permissions().mode() & 0o077 != 0) {
        found.push(format!("{} can be read by others: chmod 600", key.display()));
    }
}

async fn server(portal: &Portal, found: &mut Vec<String>) -> Result<(), DbErr> {
    for (name, wanted) in LOG_SETTINGS {
        let row = portal
            .database
            .query_one_raw(sql("SELECT current_setting($1, true) AS value", [name.into()]))
            .await?;
        let value: Option<String> = row.map(|row| row.try_get("", "value")).transpose()?.flatten();
        if value.is_some_and(|value| value != wanted) {
            found.push(format!(
                "the database server can log personal data: set {name} = {wanted}"
            ));
        }
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Figures {
    failing: i64,
    overdue: i64,
    frozen: bool,
    unreviewed: i64,
    never_swept: bool,
}

async fn erasure(portal: &Portal, found: &mut Vec<String>) -> Result<(), DbErr> {
    let deadline = crate::erasure::request::DEADLINE;
    let figures = Figures::find_by_statement(sql(
        &format!(
            "SELECT (SELECT count(*) FROM account a WHERE a.due_at <= $1 AND a.failed_tries > 0) AS failing,
                    (SELECT count(*) FROM account a WHERE a.due_at <= $1 AND {deadline} < $1) AS overdue,
                    (SELECT holds_frozen_at IS NOT NULL FROM sweep_state) AS frozen,
                    (SELECT count(*) FROM hold h WHERE h.released_at IS NULL AND h.review_at <= $1
                        AND (h.expires_at IS NULL OR h.expires_at > $1)) AS unreviewed,
                    (SELECT coalesce(last_swept_at <= $1 - interval '1 hour', false) FROM sweep_state) AS never_swept"
        ),
        [portal.now().into()],
    ))
    .one(&portal.database)
    .await?;
    let Some(figures) = figures else { return Ok(()) };
    if figures.failing > 0 {
        found.push(format!(
            "{} accounts could not be erased so far; the log names them",
            figures.failing
        ));
    }
    if figures.overdue > 0 {
        found.push(format!("{} accounts are past their deadline", figures.overdue));
    }
    if figures.frozen {
        found.push(
            "no hold expires: if the clock is right, run `stammtisch doctor --accept-clock`".to_owned(),
        );
    }
    if figures.unreviewed > 0 {
        found.push(format!("{} holds have missed their review", figures.unreviewed));
    }
    if figures.never_swept {
        found.push("no sweep has ended well for an hour".to_owned());
    }
    Ok(())
}
