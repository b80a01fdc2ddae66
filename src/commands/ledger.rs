//! `stammtisch ledger`: what stands in the ledger's files, whether they are whole, and beginning anew after a loss.

use std::{
    fs::File,
    io::{BufRead, BufReader, Write},
    path::Path,
    sync::Arc,
};

use anyhow::{Context, bail};
use uuid::Uuid;

use super::{LedgerCommand, start};
use crate::{
    clock::{SystemClock, SystemRandom},
    database::{self, Pool},
    ledger::{
        Ledger,
        files::{self, ReadError},
        line::Line,
    },
    settings::Settings,
};

pub(super) async fn ledger(settings: Settings, command: LedgerCommand) -> anyhow::Result<bool> {
    start::log(&settings, false)?;
    let ledger = Ledger::new(
        settings.ledger_dir(),
        Arc::new(SystemClock),
        Arc::new(SystemRandom),
    );
    if let LedgerCommand::Show { account } = command {
        show(ledger.folder(), account, &mut std::io::stdout().lock())?;
        return Ok(true);
    }
    // The ledger may be broken: only the database is started, not the portal.
    let stop = start::stop_on_signal()?;
    let (connection, server) = start::database(&settings, &stop).await?;
    let done = async {
        // Looking changes nothing, the schema neither.
        if matches!(command, LedgerCommand::Restart { .. }) {
            start::migrate(&settings, &connection, server.as_ref()).await?;
        }
        with_database(&connection, &ledger, command).await
    };
    let done = start::unless_told(&stop, done).await;
    start::end(connection, server).await;
    done
}

async fn with_database(connection: &Pool, ledger: &Ledger, command: LedgerCommand) -> anyhow::Result<bool> {
    if !database::is_migrated(connection).await? {
        bail!("the database is not the one this program knows: run `stammtisch migrate` first");
    }
    match command {
        LedgerCommand::Show { .. } => Ok(true),
        LedgerCommand::Verify => verify(connection, ledger).await,
        LedgerCommand::Restart { reason } => {
            let lost = ledger.restart(connection, &reason).await?;
            for file in &lost {
                println!("given up: {file}");
            }
            println!("A new ledger has begun.");
            Ok(true)
        }
    }
}

/// Every file from its first line on, against what the database remembers. False: something is wrong with one.
async fn verify(connection: &Pool, ledger: &Ledger) -> anyhow::Result<bool> {
    let transaction = connection.begin().await?;
    let checks = ledger.verify(&transaction).await?;
    transaction.rollback().await?;
    if checks.is_empty() {
        println!("There is no ledger yet.");
    }
    let mut is_whole = true;
    for (name, checked) in &checks {
        match checked {
            Ok(read) => {
                let new = read.lines.len();
                println!(
                    "{name}: {} lines, {new} of them new to the database",
                    read.end.lines
                );
                if read.unfinished > 0 {
                    println!(
                        "{name}: an unfinished last line of {} bytes {}",
                        read.unfinished,
                        if files::is_in_use(ledger.folder(), name)? {
                            "is being written"
                        } else {
                            "will be cut off"
                        }
                    );
                }
            }
            Err(error) => {
                is_whole = false;
                match error {
                    ReadError::Fault(fault) => println!("BROKEN: {fault}"),
                    ReadError::Io(_) => println!("BROKEN: {name}: {error}"),
                }
            }
        }
    }
    Ok(is_whole)
}

/// The lines as they stand, file by file; or those of one account.
fn show(folder: &Path, account: Option<Uuid>, out: &mut impl Write) -> anyhow::Result<()> {
    let unreadable = || format!("{} cannot be read", folder.display());
    for name in files::names(folder).with_context(unreadable)? {
        let file = File::open(folder.join(&name)).with_context(unreadable)?;
        for line in BufReader::new(file).lines() {
            let line = line.with_context(unreadable)?;
            let is_asked = account.is_none_or(|account| {
                serde_json::from_str::<Line>(&line).is_ok_and(|line| line.account_id == Some(account))
            });
            if is_asked && writeln!(out, "{line}").is_err() {
                // Whoever reads has seen enough, as with `head`.
                return Ok(());
            }
        }
    }
    Ok(())
}
