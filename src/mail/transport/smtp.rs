//! Mails to a mail server (RFC 5321). The steps are taken one by one, so that an answer is judged by the step it
//! belongs to: a server that refuses us says nothing about the mail.

use std::time::Duration;

use lettre::{
    Message,
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};
use percent_encoding::percent_decode_str;
use tokio::time::timeout;
use url::{Host, Url};
use uuid::Uuid;

use super::{Outcome, TransportError};

/// A mail server and how to speak to it.
#[derive(Clone)]
pub struct Relay {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
    hello: ClientId,
    /// For one mail, from the connection to the answer that ends it.
    pub timeout: Duration,
}

#[derive(Clone)]
enum Security {
    None,
    Tls(TlsParameters),
    StartTls(TlsParameters),
}

/// What went wrong, and whose business it is.
enum Failure {
    /// Greeting, encryption or sign-in: nothing to do with the mail.
    Session(Error),
    /// Sender, recipient or content.
    Mail(Error),
    Timeout,
}

impl Relay {
    pub fn from_url(url: &Url, timeout: Duration) -> Result<Self, TransportError> {
        let default_port = match url.scheme() {
            "smtp" => 25,
            "smtps" => 465,
            "smtp+starttls" => 587,
            other => return Err(TransportError::Scheme(other.to_owned())),
        };
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(TransportError::Trailing);
        }
        let host = match url.host().ok_or(TransportError::Host)? {
            Host::Domain("") => return Err(TransportError::Host),
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let tls = || TlsParameters::new(host.clone()).map_err(TransportError::Tls);
        let security = match url.scheme() {
            "smtps" => Security::Tls(tls()?),
            "smtp+starttls" => Security::StartTls(tls()?),
            _ => Security::None,
        };
        let port = url.port().unwrap_or(default_port);
        Ok(Self {
            host,
            port,
            security,
            credentials: credentials(url)?,
            hello: ClientId::default(),
            timeout,
        })
    }

    pub async fn send(&self, mail_id: Uuid, message: &Message) -> Outcome {
        // lettre's own limit covers the connecting only.
        let attempt = timeout(self.timeout, self.attempt(message));
        let failure = match attempt.await.unwrap_or(Err(Failure::Timeout)) {
            Ok(()) => return Outcome::Sent,
            Err(failure) => failure,
        };
        // A server's words may repeat the address: its code must do.
        let (step, code) = match &failure {
            Failure::Session(error) => ("session", described(error)),
            Failure::Mail(error) => ("mail", described(error)),
            Failure::Timeout => ("timeout", String::new()),
        };
        tracing::warn!(mail = %mail_id, step, code, "a mail was not taken");
        match failure {
            Failure::Mail(error) if error.is_permanent() => Outcome::Refused,
            _ => Outcome::Failed,
        }
    }

    async fn attempt(&self, message: &Message) -> Result<(), Failure> {
        let mut connection = self.session().await.map_err(Failure::Session)?;
        let delivered = deliver(&mut connection, message).await.map_err(Failure::Mail);
        say_goodbye(connection);
        delivered
    }

    async fn session(&self) -> Result<AsyncSmtpConnection, Error> {
        let implicit = match &self.security {
            Security::Tls(tls) => Some(tls.clone()),
            Security::None | Security::StartTls(_) => None,
        };
        let server = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(self.timeout), &self.hello, implicit, None)
                .await?;
        if let Security::StartTls(tls) = &self.security {
            // An error if the server does not offer it: never in clear.
            connection.starttls(tls.clone(), &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Relay")
            .field("host", &self.host)
            .field("port", &self.port)
            .finish_non_exhaustive()
    }
}

async fn deliver(connection: &mut AsyncSmtpConnection, message: &Message) -> Result<(), Error> {
    let envelope = message.envelope();
    // The message is 7-bit and both addresses are ASCII, so no extension is asked for.
    connection
        .command(Mail::new(envelope.from().cloned(), Vec::new()))
        .await?;
    for recipient in envelope.to() {
        connection
            .command(Rcpt::new(recipient.clone(), Vec::new()))
            .await?;
    }
    connection.command(Data).await?;
    connection.message(&message.formatted()).await?;
    Ok(())
}

/// QUIT, aside: the answer has been given, and a server that is slow to part must not make a mail look untaken.
fn say_goodbye(mut connection: AsyncSmtpConnection) {
    tokio::spawn(async move {
        let _ = timeout(Duration::from_secs(5), connection.quit()).await;
    });
}

/// The server's code, or the kind of error where it gave none.
fn described(error: &Error) -> String {
    match error.status() {
        Some(code) => code.to_string(),
        None if error.is_tls() => "tls".to_owned(),
        None if error.is_timeout() => "timeout".to_owned(),
        None if error.is_client() => "client".to_owned(),
        None if error.is_response() => "unreadable answer".to_owned(),
        None => "network".to_owned(),
    }
}

fn credentials(url: &Url) -> Result<Option<Credentials>, TransportError> {
    let (user, password) = match (url.username(), url.password()) {
        ("", None) => return Ok(None),
        ("", Some(_)) | (_, None | Some("")) => return Err(TransportError::Credentials),
        (user, Some(password)) => (user, password),
    };
    let decoded = |part| {
        percent_decode_str(part)
            .decode_utf8()
            .map(String::from)
            .map_err(|_| TransportError::Credentials)
    };
    Ok(Some(Credentials::new(decoded(user)?, decoded(password)?)))
}
