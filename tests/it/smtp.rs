//! Mails over a real SMTP conversation, with servers that take them, refuse them, break off or fall silent.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::time::Duration;

use chrono::DateTime;
use mail_parser::MessageParser;
use stammtisch::{
    mail::{
        letter::Rendered,
        transport::{Envelope, Outcome, Transport},
    },
    text::Locale,
};
use url::Url;
use uuid::Uuid;

use crate::smtp_server::{Behaviour, SmtpServer, Stage};

/// Long enough for a conversation on one machine, short enough to wait for.
const PATIENCE: Duration = Duration::from_millis(300);

async fn sent_to(url: &Url, timeout: Duration) -> Outcome {
    let envelope = Envelope {
        mail_id: Uuid::from_u128(1),
        account_id: Uuid::from_u128(2),
        to: "someone@example.org".to_owned(),
        from: "Stammtisch <portal@example.net>".to_owned(),
        sent_at: DateTime::UNIX_EPOCH,
        unsubscribe: None,
    };
    let rendered = Rendered {
        subject: "Grüße".to_owned(),
        text: "Guten Tag,\n\n.beginnt mit einem Punkt\n.\nEnde\n".to_owned(),
        html: "<p>Guten Tag</p>\n".to_owned(),
    };
    let transport = Transport::from_url(url)
        .expect("the URL is usable")
        .with_timeout(timeout);
    transport.send(&envelope, &rendered, Locale::De).await
}

async fn outcome(behaviour: Behaviour) -> (Outcome, usize) {
    let server = SmtpServer::start(behaviour).await;
    let timeout = if matches!(behaviour, Behaviour::Hang(_)) {
        PATIENCE
    } else {
        Duration::from_secs(30)
    };
    let outcome = sent_to(&server.url(), timeout).await;
    (outcome, server.received().len())
}

#[tokio::test]
async fn a_mail_arrives_as_it_was_written() {
    let server = SmtpServer::start(Behaviour::Accept).await;
    assert_eq!(
        sent_to(&server.url(), Duration::from_secs(30)).await,
        Outcome::Sent
    );
    let received = server.received();
    assert_eq!(received.len(), 1);
    let mail = MessageParser::default()
        .parse(received[0].as_bytes())
        .expect("it is a mail");
    assert_eq!(mail.subject(), Some("Grüße"));
    let text = mail.body_text(0).map(|text| text.replace("\r\n", "\n"));
    assert_eq!(
        text.as_deref(),
        Some("Guten Tag,\n\n.beginnt mit einem Punkt\n.\nEnde\n")
    );
    let commands = server.commands();
    assert!(
        commands
            .iter()
            .any(|line| line == "MAIL FROM:<portal@example.net>"),
        "{commands:?}"
    );
    assert!(
        commands
            .iter()
            .any(|line| line == "RCPT TO:<someone@example.org>"),
        "{commands:?}"
    );
}

#[tokio::test]
async fn what_a_server_puts_off_is_tried_again() {
    for stage in [
        Stage::Greeting,
        Stage::Auth,
        Stage::Sender,
        Stage::Recipient,
        Stage::Data,
        Stage::Content,
    ] {
        let expected = if stage == Stage::Auth {
            (Outcome::Sent, 1)
        } else {
            (Outcome::Failed, 0)
        };
        assert_eq!(outcome(Behaviour::Answer(stage, 451)).await, expected);
    }
}

#[tokio::test]
async fn what_a_server_refuses_for_good_is_not_tried_again() {
    for stage in [Stage::Sender, Stage::Recipient, Stage::Data, Stage::Content] {
        assert_eq!(
            outcome(Behaviour::Answer(stage, 550)).await,
            (Outcome::Refused, 0)
        );
    }
}

#[tokio::test]
async fn a_server_that_refuses_us_says_nothing_about_the_mail() {
    assert_eq!(
        outcome(Behaviour::Answer(Stage::Greeting, 554)).await,
        (Outcome::Failed, 0)
    );
    let server = SmtpServer::start(Behaviour::Answer(Stage::Auth, 535)).await;
    assert_eq!(
        sent_to(&with_login(&server.url()), Duration::from_secs(30)).await,
        Outcome::Failed
    );
}

#[tokio::test]
async fn a_server_that_falls_silent_is_left_in_time() {
    for stage in [Stage::Greeting, Stage::Recipient, Stage::Data, Stage::Content] {
        assert_eq!(outcome(Behaviour::Hang(stage)).await, (Outcome::Failed, 0));
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_tried_again() {
    for stage in [Stage::Greeting, Stage::Recipient, Stage::Data, Stage::Content] {
        assert_eq!(outcome(Behaviour::Close(stage)).await, (Outcome::Failed, 0));
    }
}

#[tokio::test]
async fn a_mail_that_was_taken_is_sent_however_the_server_parts() {
    for behaviour in [
        Behaviour::Hang(Stage::Quit),
        Behaviour::Close(Stage::Quit),
        Behaviour::Answer(Stage::Quit, 500),
    ] {
        assert_eq!(outcome(behaviour).await, (Outcome::Sent, 1));
    }
}

#[tokio::test]
async fn nobody_listening_is_tried_again() {
    let server = SmtpServer::start(Behaviour::Accept).await;
    let url = server.url();
    server.stop().await;
    assert_eq!(sent_to(&url, Duration::from_secs(30)).await, Outcome::Failed);
}

#[tokio::test]
async fn credentials_are_decoded_from_the_url() {
    let server = SmtpServer::start(Behaviour::Accept).await;
    assert_eq!(
        sent_to(&with_login(&server.url()), Duration::from_secs(30)).await,
        Outcome::Sent
    );
    // RFC 4616: NUL, "p@x", NUL, "a:ü", in base64.
    let commands = server.commands();
    assert!(
        commands.iter().any(|line| line == "AUTH PLAIN AHBAeABhOsO8"),
        "{commands:?}"
    );
}

#[tokio::test]
async fn without_encryption_a_server_is_not_spoken_to_where_it_is_required() {
    let server = SmtpServer::start(Behaviour::Accept).await;
    for scheme in ["smtps", "smtp+starttls"] {
        let url = with_login(&server.url()).as_str().replacen("smtp", scheme, 1);
        let url = Url::parse(&url).expect("the scheme is one");
        assert_eq!(sent_to(&url, PATIENCE).await, Outcome::Failed);
    }
    assert!(
        !server
            .commands()
            .iter()
            .any(|line| line.starts_with("AUTH") || line.starts_with("MAIL"))
    );
    assert!(server.received().is_empty());
}

fn with_login(url: &Url) -> Url {
    Url::parse(&url.as_str().replacen("://", "://p%40x:a%3A%C3%BC@", 1)).expect("the credentials are encoded")
}
