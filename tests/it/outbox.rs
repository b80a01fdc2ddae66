//! The outbox: mail waits for a server that is away, is given up when it is refused, and is visible either way.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use stammtisch::{
    mail::worker::{self, Round},
    schedule,
};
use tokio_util::sync::CancellationToken;

use crate::{
    smtp_server::{Behaviour, SmtpServer, Stage},
    support::TestPortal,
    sweep::sweep,
};

/// Someone whose reset is queued, on a portal that sends through this server; and the desk.
async fn portal_through(server: &SmtpServer) -> (TestPortal, TestPortal) {
    let by_file = TestPortal::start().await;
    by_file.member("Anna", "Beispiel").await;
    let by_server = by_file.sibling(&format!("mail.url = '{}'", server.url())).await;
    let body = json!({ "email": "anna.beispiel@musterhausen.example" });
    by_server
        .visitor()
        .post("/api/v1/password-resets", &body)
        .await
        .must_be(202);
    stammtisch::authentication::password_reset::handle_noted(&by_server.portal)
        .await
        .unwrap();
    (by_file, by_server)
}

async fn deliver(portal: &TestPortal) -> Round {
    worker::deliver_due(&portal.portal).await.unwrap()
}

#[tokio::test]
async fn what_a_server_puts_off_is_tried_again_with_growing_pauses_and_given_up_after_a_day() {
    let server = SmtpServer::start(Behaviour::Answer(Stage::Recipient, 451)).await;
    let (_home, portal) = portal_through(&server).await;
    let desk = portal.administrator().await;
    assert_eq!(
        deliver(&portal).await,
        Round {
            put_off: 1,
            ..Round::default()
        }
    );
    assert_eq!(deliver(&portal).await, Round::default(), "not at once");
    let listed = desk.get("/api/v1/admin/mails").await.must_be(200);
    assert!(!listed.text().contains("anna"), "{}", listed.text());
    let mail = &listed.json()["items"][0];
    assert_eq!(
        (&mail["kind"], &mail["failure"]),
        (&json!("password_reset"), &json!("not_delivered_yet"))
    );

    let mut pauses = Vec::new();
    for _ in 0..4 {
        let pause = portal
            .count("SELECT extract(epoch FROM next_try_at - now())::bigint FROM mail")
            .await;
        portal.advance(TimeDelta::hours(1));
        deliver(&portal).await;
        pauses.push(pause);
    }
    // Measured against the real clock, each is an hour and a growing pause ahead of the one before.
    assert!(
        pauses.windows(2).all(|pair| pair[1] - pair[0] > 3_600),
        "{pauses:?}"
    );

    // A reset's link ends after an hour, and with it its mail; an announcement is tried for a day.
    portal.execute("UPDATE mail SET confirmation_id = NULL").await;
    portal.advance(TimeDelta::hours(24));
    assert_eq!(
        deliver(&portal).await,
        Round {
            given_up: 1,
            ..Round::default()
        }
    );
    let row = portal
        .scalar::<String>("SELECT concat_ws(' ', failure, letter IS NULL, next_try_at IS NULL) FROM mail")
        .await;
    assert_eq!(row, "undeliverable t t");
}

#[tokio::test]
async fn what_a_server_refuses_is_given_up_at_once_without_its_text_and_forgotten_after_a_week() {
    let server = SmtpServer::start(Behaviour::Answer(Stage::Recipient, 550)).await;
    let (_home, portal) = portal_through(&server).await;
    assert_eq!(
        deliver(&portal).await,
        Round {
            given_up: 1,
            ..Round::default()
        }
    );
    let given_up = portal
        .count("SELECT count(*) FROM mail WHERE letter IS NULL AND confirmation_id IS NULL AND failure = 'refused'")
        .await;
    assert_eq!(given_up, 1);
    portal.advance(TimeDelta::days(6));
    sweep(&portal).await;
    assert_eq!(portal.count("SELECT count(*) FROM mail").await, 1);
    portal.advance(TimeDelta::days(2));
    sweep(&portal).await;
    assert_eq!(portal.count("SELECT count(*) FROM mail").await, 0);
}

#[tokio::test]
async fn a_mail_that_is_sent_again_carries_another_token_and_both_links_are_good_until_one_is_used() {
    let away = SmtpServer::start(Behaviour::Answer(Stage::Content, 451)).await;
    let (home, portal) = portal_through(&away).await;
    assert_eq!(deliver(&portal).await.put_off, 1);
    portal.advance(TimeDelta::minutes(2));
    let back = SmtpServer::start(Behaviour::Accept).await;
    let again = home.sibling(&format!("mail.url = '{}'", back.url())).await;
    assert_eq!(deliver(&again).await.sent, 1);
    assert_eq!(portal.count("SELECT count(*) FROM confirmation_token").await, 2);
    assert_eq!(
        portal.count("SELECT count(*) FROM mail").await,
        0,
        "the row goes when the mail is sent"
    );
    assert!(
        back.received()[0].contains("/en/reset?token=3D") || back.received()[0].contains("/en/reset?token=")
    );
}

#[tokio::test]
async fn a_mail_that_nobody_can_read_is_given_up() {
    let server = SmtpServer::start(Behaviour::Accept).await;
    let (_home, portal) = portal_through(&server).await;
    portal
        .execute("UPDATE mail SET letter = '{\"kind\": \"from_the_future\"}'")
        .await;
    assert_eq!(
        deliver(&portal).await,
        Round {
            given_up: 1,
            ..Round::default()
        }
    );
    let failure = portal
        .scalar::<String>("SELECT failure FROM mail WHERE letter IS NULL AND next_try_at IS NULL")
        .await;
    assert_eq!(failure, "unreadable");
    assert!(server.commands().is_empty());
}

#[tokio::test]
async fn a_slow_recipient_holds_up_no_other_mail_and_no_request() {
    let server = SmtpServer::start(Behaviour::Hang(Stage::Recipient)).await;
    let by_file = TestPortal::start().await;
    for name in ["Anna", "Berta"] {
        by_file.member(name, "Beispiel").await;
    }
    let portal = by_file.sibling(&format!("mail.url = '{}'", server.url())).await;
    let stop = CancellationToken::new();
    // Not waited for: the server never lets go of what it has.
    let _workers = schedule::start(&portal.portal, &stop).await.unwrap();
    for name in ["anna", "berta"] {
        let body = json!({ "email": format!("{name}.beispiel@musterhausen.example") });
        portal
            .visitor()
            .post("/api/v1/password-resets", &body)
            .await
            .must_be(202);
        let reaches_the_server = async {
            let recipient = format!("RCPT TO:<{name}.");
            while !server.commands().iter().any(|line| line.starts_with(&recipient)) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), reaches_the_server)
            .await
            .unwrap_or_else(|_| panic!("{name}'s mail waits"));
    }
    stop.cancel();
}

#[tokio::test]
async fn no_mail_is_begun_after_the_portal_was_told_to_stop() {
    let server = SmtpServer::start(Behaviour::Accept).await;
    let (_home, portal) = portal_through(&server).await;
    let stop = CancellationToken::new();
    stop.cancel();
    let workers = schedule::start(&portal.portal, &stop).await.unwrap();
    workers.finish().await;
    assert!(server.commands().is_empty());
    assert_eq!(portal.count("SELECT count(*) FROM mail WHERE tries = 0").await, 1);
}
