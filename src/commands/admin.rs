//! `stammtisch admin`: making the first administrator, or another; and what only the command line can do for the last one.

use std::io::BufRead;

use anyhow::{Context, anyhow};
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use super::{CreateAdmin, start};
use crate::{
    account,
    administration::create::{self, CreateError, Created, Person},
    credentials::ChooseError,
    mail::worker,
    portal::Portal,
    second_factor::removal::{self, RemovalError},
    settings::Settings,
    text::Locale,
    values::{EmailAddress, Invalid},
    web::problem,
};

pub(super) async fn create(settings: Settings, asked: CreateAdmin) -> anyhow::Result<bool> {
    start::log(&settings, false)?;
    let person =
        Person::parse(asked.email, asked.first_name.as_str(), asked.last_name.as_str()).map_err(in_words)?;
    let password = if asked.password_stdin {
        Some(first_line()?)
    } else {
        None
    };
    let stop = start::stop_on_signal()?;
    let started = start::portal(settings, Some(1), &stop).await?;
    // A database that was restored may hold what was erased: nothing is added to it before it is known to be level
    // with the ledger (R20).
    if let Err(error) = started.portal.ledger.open(&started.portal.database).await {
        started.stop().await;
        return Err(error.into());
    }
    if password.is_some()
        && let Err(error) = start::read_breached(&started.portal).await
    {
        started.stop().await;
        return Err(error);
    }
    let password = password.as_ref().map(|line| line.as_str());
    let created = create::create(&started.portal, &person, password).await;
    if created.is_ok() {
        // Where `serve` isn't running, the mail leaves now; if it cannot, `serve` sends it later.
        let delivered = start::unless_told(&stop, worker::deliver_due(&started.portal)).await;
        if delivered.is_err() {
            tracing::warn!("the mail has not left yet; `serve` will send it");
        }
    }
    started.stop().await;
    match created.map_err(explain)? {
        Created::Promoted(id) => println!("The member {id} is an administrator now."),
        Created::WithPassword(id) => println!("The administrator {id} can sign in."),
        Created::WithLink(id, link) => {
            println!("The administrator {id} sets a password here, once and within 24 hours:");
            println!("{link}");
        }
    }
    Ok(true)
}

fn first_line() -> anyhow::Result<Zeroizing<String>> {
    let mut line = Zeroizing::new(String::new());
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .context("the password could not be read")?;
    Ok(Zeroizing::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

fn explain(error: CreateError) -> anyhow::Error {
    match error {
        CreateError::Password(ChooseError::Refused(refused)) => {
            let problem = problem::password_problem("--password-stdin", ChooseError::Refused(refused));
            in_words(Invalid(problem.errors))
        }
        error => error.into(),
    }
}

fn in_words(Invalid(faults): Invalid) -> anyhow::Error {
    let lines: Vec<String> = faults
        .iter()
        .map(|fault| format!("{}: {}", fault.field, problem::message(Locale::En, &fault.fault)))
        .collect();
    anyhow!(lines.join("; "))
}

/// Has lost second factors removed: of an administrator who is the only one.
pub(super) async fn lost_factors(settings: Settings, email: EmailAddress) -> anyhow::Result<bool> {
    start::log(&settings, false)?;
    let stop = start::stop_on_signal()?;
    let started = start::portal(settings, Some(1), &stop).await?;
    let requested = request_removal(&started.portal, &email).await;
    if requested.is_ok()
        && start::unless_told(&stop, worker::deliver_due(&started.portal))
            .await
            .is_err()
    {
        tracing::warn!("the mail has not left yet; `serve` will send it");
    }
    started.stop().await;
    let due_at = requested?;
    println!(
        "The second factors are removed at {due_at}, unless their person signs in with one of them before."
    );
    Ok(true)
}

async fn request_removal(portal: &Portal, email: &EmailAddress) -> anyhow::Result<DateTime<Utc>> {
    // As with `create`: nothing is added to a database that is not known to be level with the ledger (R20).
    portal.ledger.open(&portal.database).await?;
    let owner = account::owner_of(&portal.database, email.as_str()).await?;
    let owner = owner.ok_or(RemovalError::NotFound)?;
    Ok(removal::request(portal, None, owner).await?)
}
