//! The command line: one file a command, each thin.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use uuid::Uuid;

use crate::{
    text::Locale,
    values::{EmailAddress, Line, NAME_LIMIT, line},
    web::problem,
};

mod admin;
mod doctor;
mod erase_due;
mod inventory;
mod ledger;
mod migrate;
mod openapi;
mod passwords;
mod reconcile;
mod secrets;
mod serve;
mod start;

/// Characters of a reason on the command line.
const REASON_LIMIT: usize = 500;

/// A community portal whose members can have their data erased.
#[derive(Debug, Parser)]
#[command(name = "stammtisch", version, about)]
pub struct CommandLine {
    /// Settings over the built-in defaults.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the portal.
    Serve {
        /// With an invented community, in an empty database: for trying the portal out on this machine.
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database's schema up to date.
    Migrate,
    /// Administrators.
    Admin {
        #[command(subcommand)]
        command: Admin,
    },
    /// Erase what is due, once: for cron, a systemd timer or a Kubernetes `CronJob`.
    EraseDue {
        /// Print what was done as one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// The ledger: what was erased, in files outside the database.
    Ledger {
        #[command(subcommand)]
        command: LedgerCommand,
    },
    /// The list of breached passwords.
    Passwords {
        #[command(subcommand)]
        command: PasswordsCommand,
    },
    /// The key file.
    Secrets {
        #[command(subcommand)]
        command: SecretsCommand,
    },
    /// Bring a database that was restored from a backup up to the ledger.
    Reconcile,
    /// Say what is wrong with this installation.
    Doctor {
        /// Say that the clock is right after more than 7 days without a sweep: holds expire again.
        #[arg(long)]
        accept_clock: bool,
    },
    /// Print the erasure concept, made from the inventory of personal data.
    Inventory {
        #[arg(long, value_enum, default_value_t = inventory::Format::Markdown)]
        format: inventory::Format,
        /// de or en.
        #[arg(long, default_value_t = Locale::De)]
        locale: Locale,
    },
    /// Print the OpenAPI document.
    Openapi,
}

#[derive(Debug, Subcommand)]
enum Admin {
    /// Make an administrator; a known member is promoted.
    Create(CreateAdmin),
    /// Have the second factors of somebody who lost them removed after 48 hours, where no other administrator can.
    LostFactors {
        #[arg(long)]
        email: EmailAddress,
    },
}

#[derive(Debug, Subcommand)]
enum PasswordsCommand {
    /// Make the list that `passwords.breached` names from SHA-1 hashes, as Have I Been Pwned publishes them.
    Import {
        /// One hash a line in 40 hexadecimal digits, alone or followed by a colon and a count.
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum SecretsCommand {
    /// Put a new key in front; the older ones still open what they sealed.
    Rotate,
}

#[derive(Debug, Subcommand)]
enum LedgerCommand {
    /// Check every file's chain, and that it is the one the database remembers. Exit 1 if one is broken.
    Verify,
    /// Print the lines.
    Show {
        /// Only those about this account.
        #[arg(long, value_name = "ID")]
        account: Option<Uuid>,
    },
    /// Record a loss, set aside what is left, and begin anew.
    Restart {
        /// Why; it goes into the ledger and must name nobody.
        #[arg(long, value_parser = reason)]
        reason: String,
    },
}

#[derive(Debug, Args)]
struct CreateAdmin {
    #[arg(long)]
    email: EmailAddress,
    #[arg(long, value_parser = name)]
    first_name: Line,
    #[arg(long, value_parser = name)]
    last_name: Line,
    /// Read the password from the first line of standard input, instead of mailing and printing a one-time link.
    #[arg(long)]
    password_stdin: bool,
}

/// Part of a person's name, by the rule for names everywhere.
fn name(raw: &str) -> Result<Line, String> {
    line(raw, NAME_LIMIT).map_err(|fault| problem::message(Locale::En, &fault))
}

/// One line that says something.
fn reason(raw: &str) -> Result<String, String> {
    let line = line(raw, REASON_LIMIT).map_err(|fault| problem::message(Locale::En, &fault))?;
    Ok(line.into_string())
}

impl CommandLine {
    /// Runs the command. `Ok(false)`: it ran, and found something that is not as it should be.
    pub async fn run(self) -> anyhow::Result<bool> {
        let settings = || start::settings(self.config.as_deref());
        match self.command {
            Command::Serve { demo } => serve::serve(settings()?, demo).await,
            Command::Migrate => migrate::migrate(settings()?).await,
            Command::Admin {
                command: Admin::Create(person),
            } => admin::create(settings()?, person).await,
            Command::Admin {
                command: Admin::LostFactors { email },
            } => admin::lost_factors(settings()?, email).await,
            Command::EraseDue { json } => erase_due::erase_due(settings()?, json).await,
            Command::Doctor { accept_clock } => doctor::doctor(settings()?, accept_clock).await,
            Command::Ledger { command } => ledger::ledger(settings()?, command).await,
            Command::Passwords {
                command: PasswordsCommand::Import { file },
            } => passwords::import(&settings()?, &file),
            Command::Secrets {
                command: SecretsCommand::Rotate,
            } => secrets::rotate(&settings()?),
            Command::Reconcile => reconcile::reconcile(settings()?).await,
            Command::Inventory { format, locale } => inventory::inventory(&settings()?, format, locale),
            Command::Openapi => openapi::openapi(),
        }
    }
}
