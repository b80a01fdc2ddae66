//! The way a letter leaves: as a file, or to a mail server. A log names mails and accounts by id, never an address.

mod file;
mod message;
mod smtp;

use std::{collections::HashSet, path::PathBuf, time::Duration};

use chrono::{DateTime, Utc};
use url::Url;
use uuid::Uuid;

use self::{file::FileDrop, smtp::Relay};
use super::letter::Rendered;
use crate::text::Locale;

/// One mail to one reader. No `Debug`: it holds an address.
#[derive(Clone)]
pub struct Envelope {
    /// Also the `Message-ID`, so that a mail that is sent again is recognised.
    pub mail_id: Uuid,
    pub account_id: Uuid,
    /// A bare address with an ASCII domain.
    pub to: String,
    /// A mailbox: `Name <address>` or an address.
    pub from: String,
    pub sent_at: DateTime<Utc>,
    /// The link that ends mails of this kind; their programs show a button for it (RFC 2369, RFC 8058).
    pub unsubscribe: Option<String>,
}

/// What became of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The server (or the disk) has taken it over.
    Sent,
    /// It will never be taken: the server answered 5xx to sender, recipient or content, or the address is none.
    Refused,
    /// It may be taken later: anything else, such as 4xx, no connection, a wrong password for the server, no time left.
    Failed,
}

/// Why a `mail.url` is not usable. Never shows the URL: a password stands in it.
#[derive(Debug, thiserror::Error)]
pub enum TransportError {
    #[error("mail.url must begin with file://, smtp://, smtps:// or smtp+starttls://, not {0}://")]
    Scheme(String),
    #[error(
        "mail.url must name an absolute directory of this machine, such as file:///var/lib/stammtisch/mail"
    )]
    Directory,
    #[error("mail.url must name the mail server")]
    Host,
    /// Such as lettre's `?tls=required`, which would silently send in clear.
    #[error("mail.url must end after host and port: encryption is chosen by smtps:// or smtp+starttls://")]
    Trailing,
    #[error("mail.url must give both user and password, percent-encoded, or neither")]
    Credentials,
    #[error("mail.url names a server for which TLS cannot be set up")]
    Tls(#[source] lettre::transport::smtp::Error),
}

/// Where mails go. Cheap to clone; each mail has a connection of its own.
#[derive(Debug, Clone)]
pub struct Transport(Way);

#[derive(Debug, Clone)]
enum Way {
    File(FileDrop),
    Smtp(Box<Relay>),
}

impl Transport {
    /// Seconds that one mail may take, from the connection to the server's last word.
    const TIMEOUT: Duration = Duration::from_secs(30);

    /// From `mail.url`: `file:///directory`; `smtp://` (unencrypted, for a relay on the same machine; port 25),
    /// `smtps://` (TLS from the first byte; port 465) or `smtp+starttls://` (TLS required; port 587), each
    /// `user:password@host:port` with what may be left out. Certificates are verified against Mozilla's roots.
    pub fn from_url(url: &Url) -> Result<Self, TransportError> {
        if url.scheme() == "file" {
            // A bare `file://` is the root directory to a URL parser, and meant by nobody.
            let dir = url.to_file_path().ok().filter(|dir| dir.parent().is_some());
            return dir.map(Self::file).ok_or(TransportError::Directory);
        }
        Relay::from_url(url, Self::TIMEOUT).map(|relay| Self(Way::Smtp(Box::new(relay))))
    }

    /// One `.eml` a mail in `dir`, which is made when the first is written.
    pub fn file(dir: PathBuf) -> Self {
        Self(Way::File(FileDrop::new(dir)))
    }

    /// The same, with another limit on what one mail may take (30 seconds by default). Files have none.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        if let Way::Smtp(relay) = &mut self.0 {
            relay.timeout = timeout;
        }
        self
    }

    /// Sends one mail, once. If it is cancelled, the mail may or may not have left.
    pub async fn send(&self, envelope: &Envelope, rendered: &Rendered, locale: Locale) -> Outcome {
        let message = match message::build(envelope, rendered, locale) {
            Ok(message) => message,
            Err(message::Unusable::Recipient) => {
                tracing::warn!(mail = %envelope.mail_id, "a mail has an address that is none");
                return Outcome::Refused;
            }
            // Not the mail's fault: it can leave once mail.from is right.
            Err(message::Unusable::Sender) => {
                tracing::error!(mail = %envelope.mail_id, "mail.from is not a mailbox");
                return Outcome::Failed;
            }
        };
        match &self.0 {
            Way::File(files) => files.send(envelope, message.formatted()).await,
            Way::Smtp(relay) => relay.send(envelope.mail_id, &message).await,
        }
    }

    /// Removes the account's mails, as far as they are files here; those of a server are out of reach.
    pub async fn forget_account(&self, account_id: Uuid) -> std::io::Result<()> {
        self.forget_accounts(HashSet::from([account_id])).await
    }

    /// The same for many accounts, with one look at the directory.
    pub async fn forget_accounts(&self, accounts: HashSet<Uuid>) -> std::io::Result<()> {
        match &self.0 {
            Way::File(files) if !accounts.is_empty() => files.forget_accounts(accounts).await,
            _ => Ok(()),
        }
    }

    /// Removes files of mails that were sent before `before`, by [`Envelope::sent_at`]. Answers how many.
    pub async fn forget_before(&self, before: DateTime<Utc>) -> std::io::Result<u64> {
        match &self.0 {
            Way::File(files) => files.forget_before(before).await,
            Way::Smtp(_) => Ok(0),
        }
    }
}

#[cfg(test)]
mod tests;
