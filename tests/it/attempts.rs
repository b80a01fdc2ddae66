//! Tries to get in are limited by account, network, device and password; waits grow and end, and no stranger keeps
//! anybody out.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use stammtisch::mail::letter::LinkPurpose;
use tokio::task::JoinSet;

use crate::{
    support::{Client, PASSWORD, Response, TestPortal},
    sweep::sweep,
};

const SESSION: &str = "/api/v1/session";
/// The connection of a test comes from this machine: a proxy that says where requests come from.
const PROXY: &str = "server.trusted_proxies = ['127.0.0.1/32']";
const OTHER: &str = "sieben gruene Lampen am Markt";

async fn from(network: &str, client: &Client, path: &str, body: &Value) -> Response {
    let request = client
        .request(Method::POST, path)
        .header("x-forwarded-for", network);
    request.json(body).send().await
}

/// A sign-in on a device that is not known, from this network.
async fn stranger(portal: &TestPortal, network: &str, email: &str, password: &str) -> Response {
    let pair = json!({ "email": email, "password": password });
    from(network, &portal.visitor(), SESSION, &pair).await
}

/// When a refusal says that it works again.
#[track_caller]
fn wait(refused: Response) -> i64 {
    let wait = refused.header("retry-after").unwrap().parse().unwrap();
    refused.must_fail(429, "rate_limited");
    wait
}

/// Tries wrong passwords, each another one and from another network, until one is refused: how many were tried, and how
/// long it says to wait.
async fn until_refused(portal: &TestPortal, email: &str) -> (usize, i64) {
    for number in 0..100 {
        let (network, password) = (format!("192.0.2.{number}"), format!("falsch {number}"));
        let tried = stranger(portal, &network, email, &password).await;
        if tried.status == 429 {
            return (number, wait(tried));
        }
        tried.must_fail(401, "credentials_invalid");
    }
    panic!("nobody was refused");
}

#[tokio::test]
async fn strangers_wait_longer_and_longer_and_the_person_not_at_all_on_a_device_of_theirs() {
    let portal = TestPortal::with(PROXY).await;
    let anna = portal.member("Anna", "Beispiel").await;
    // The sixth is tried, and whoever comes after it waits.
    assert_eq!(until_refused(&portal, &anna.email).await, (6, 2));
    // On another new device even the right password waits, and what is refused uses nothing up.
    for _ in 0..5 {
        assert_eq!(
            wait(stranger(&portal, "198.51.100.1", &anna.email, PASSWORD).await),
            2
        );
    }
    anna.sign_in(&anna.email, PASSWORD).await.must_be(200);

    let mut waits = Vec::new();
    let mut next = 2;
    for number in 0..7 {
        portal.advance(TimeDelta::seconds(next));
        stranger(&portal, "198.51.100.1", &anna.email, &format!("auch {number}"))
            .await
            .must_fail(401, "credentials_invalid");
        next = wait(stranger(&portal, "198.51.100.1", &anna.email, "auch falsch").await);
        waits.push(next);
    }
    assert_eq!(
        waits,
        [4, 8, 16, 32, 60, 60, 60],
        "twice as long, a minute at most"
    );
    // Once waited for, the right password works from anywhere, and what strangers tried is forgotten.
    portal.advance(TimeDelta::seconds(60));
    stranger(&portal, "203.0.113.9", &anna.email, PASSWORD)
        .await
        .must_be(200);
    assert_eq!(until_refused(&portal, &anna.email).await, (6, 2));
}

#[tokio::test]
async fn an_unknown_address_waits_as_a_known_one_however_it_is_written() {
    let portal = TestPortal::with(PROXY).await;
    let anna = portal.member("Anna", "Beispiel").await;
    let known = until_refused(&portal, &anna.email).await;
    assert_eq!(
        until_refused(&portal, "niemand@musterhausen.example").await,
        known
    );
    assert_eq!(until_refused(&portal, "keine Adresse").await, known);
    for written in [anna.email.to_uppercase(), format!(" {} ", anna.email)] {
        wait(stranger(&portal, "203.0.113.1", &written, PASSWORD).await);
    }
}

#[tokio::test]
async fn of_many_at_once_so_many_are_tried_as_may_be_on_either_instance() {
    let portal = TestPortal::with(PROXY).await;
    let sibling = portal.sibling(PROXY).await;
    let anna = portal.member("Anna", "Beispiel").await;
    let mut tries = JoinSet::new();
    for number in 0..16 {
        let client = if number % 2 == 0 { &portal } else { &sibling }.visitor();
        let pair = json!({ "email": anna.email, "password": format!("falsch {number}") });
        let network = format!("192.0.2.{number}");
        tries.spawn(async move { from(&network, &client, SESSION, &pair).await.status.as_u16() });
    }
    let mut answers = tries.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers[..6], [401; 6]);
    assert_eq!(answers[6..], [429; 10]);
}

#[tokio::test]
async fn whoever_has_the_mailbox_gets_in_however_often_strangers_try() {
    let portal = TestPortal::with(PROXY).await;
    let anna = portal.member("Anna", "Beispiel").await;
    until_refused(&portal, &anna.email).await;
    let device = portal.visitor();
    let address = json!({ "email": anna.email });
    device
        .post("/api/v1/password-resets", &address)
        .await
        .must_be(202);
    portal.work().await;
    let token = portal.link_for(&anna.email, LinkPurpose::Reset);
    device
        .post(
            "/api/v1/password-resets/confirm",
            &json!({ "token": token, "password": OTHER }),
        )
        .await
        .must_be(204);
    wait(stranger(&portal, "203.0.113.1", &anna.email, OTHER).await);
    device.sign_in(&anna.email, OTHER).await.must_be(200);
}

#[tokio::test]
async fn a_device_that_is_known_has_an_allowance_of_its_own_which_ends_too() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let lost = portal.visitor();
    lost.sign_in(&anna.email, PASSWORD).await.must_be(200);
    for number in 0..11 {
        lost.sign_in(&anna.email, &format!("falsch {number}"))
            .await
            .must_fail(401, "credentials_invalid");
    }
    assert_eq!(wait(lost.sign_in(&anna.email, PASSWORD).await), 2);
    // Neither her other devices nor new ones are slowed down by it.
    anna.sign_in(&anna.email, PASSWORD).await.must_be(200);
    portal.visitor().sign_in(&anna.email, PASSWORD).await.must_be(200);
    portal.advance(TimeDelta::seconds(2));
    lost.sign_in(&anna.email, PASSWORD).await.must_be(200);
}

#[tokio::test]
async fn one_password_on_many_accounts_is_slowed_down_from_however_many_networks() {
    let portal = TestPortal::with(PROXY).await;
    let anna = portal.member("Anna", "Beispiel").await;
    for number in 0..21 {
        stranger(
            &portal,
            &format!("2001:db8:{number:x}::1"),
            &format!("person{number}@musterhausen.example"),
            "Sommer2026!Sommer2026!",
        )
        .await
        .must_fail(401, "credentials_invalid");
    }
    let refused = stranger(
        &portal,
        "198.51.100.7",
        "person21@musterhausen.example",
        "Sommer2026!Sommer2026!",
    )
    .await;
    assert_eq!(wait(refused), 1);
    // At the end of it there is one every 15 seconds: 41 hours for 10,000 accounts.
    let mut next = 1;
    for number in 22..30 {
        portal.advance(TimeDelta::seconds(next));
        let address = format!("person{number}@musterhausen.example");
        stranger(&portal, "198.51.100.7", &address, "Sommer2026!Sommer2026!")
            .await
            .must_fail(401, "credentials_invalid");
        next = wait(stranger(&portal, "203.0.113.1", &address, "Sommer2026!Sommer2026!").await);
    }
    assert_eq!(next, 15);
    // Everybody else's password is another one.
    stranger(&portal, "198.51.100.8", &anna.email, PASSWORD)
        .await
        .must_be(200);
}

#[tokio::test]
async fn what_fails_from_one_network_is_counted_and_what_succeeds_is_not() {
    let portal = TestPortal::with(PROXY).await;
    let anna = portal.member("Anna", "Beispiel").await;
    let fail = async |network: &str, number: usize| {
        let address = format!("person{number}@musterhausen.example");
        stranger(&portal, network, &address, &format!("falsch {number}")).await
    };
    for number in 0..50 {
        fail("192.0.2.7", number)
            .await
            .must_fail(401, "credentials_invalid");
        if number % 5 == 0 {
            stranger(&portal, "192.0.2.7", &anna.email, PASSWORD)
                .await
                .must_be(200);
        }
    }
    fail("192.0.2.7", 50).await.must_fail(401, "credentials_invalid");
    assert_eq!(wait(fail("192.0.2.7", 51).await), 1);
    // Devices of theirs work at once, whoever else is behind the same address.
    let known = json!({ "email": anna.email, "password": PASSWORD });
    from("192.0.2.7", &anna, SESSION, &known).await.must_be(200);
    fail("192.0.2.8", 52).await.must_fail(401, "credentials_invalid");
    // The rest of an IPv6 address is its owner's to choose.
    for number in 60..111 {
        fail(&format!("2001:db8:7:7:{number}::1"), number)
            .await
            .must_fail(401, "credentials_invalid");
    }
    wait(fail("2001:db8:7:7:ffff::1", 112).await);
    fail("2001:db8:7:8::1", 113)
        .await
        .must_fail(401, "credentials_invalid");
}

#[tokio::test]
async fn nobody_but_a_trusted_proxy_is_believed_where_a_request_comes_from() {
    let portal = TestPortal::start().await;
    for number in 0..51 {
        let address = format!("person{number}@musterhausen.example");
        stranger(
            &portal,
            &format!("192.0.2.{number}"),
            &address,
            &format!("falsch {number}"),
        )
        .await
        .must_fail(401, "credentials_invalid");
    }
    wait(stranger(&portal, "198.51.100.9", "x@musterhausen.example", "falsch").await);
}

#[tokio::test]
async fn who_asks_for_mails_to_many_addresses_is_slowed_down() {
    let portal = TestPortal::with(PROXY).await;
    let visitor = portal.visitor();
    let ask = async |network: &str, number: usize| {
        let address = json!({ "email": format!("person{number}@musterhausen.example") });
        from(network, &visitor, "/api/v1/password-resets", &address).await
    };
    for number in 0..61 {
        ask("192.0.2.7", number).await.must_be(202);
    }
    assert_eq!(wait(ask("192.0.2.7", 61).await), 2);
    ask("192.0.2.8", 61).await.must_be(202);
    portal.work().await;
}

#[tokio::test]
async fn whoever_got_hold_of_a_session_cannot_try_passwords_in_it() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let proof = |password: String| json!({ "password": password });
    for number in 0..11 {
        anna.post("/api/v1/session/proof", &proof(format!("falsch {number}")))
            .await
            .must_fail(401, "credentials_invalid");
    }
    for path in ["/api/v1/session/proof", "/api/v1/me/deletion"] {
        assert_eq!(wait(anna.post(path, &proof(PASSWORD.to_owned())).await), 2);
    }
    portal.advance(TimeDelta::seconds(2));
    anna.post("/api/v1/me/deletion", &proof(PASSWORD.to_owned()))
        .await
        .must_be(202);
}

#[tokio::test]
async fn what_was_counted_is_forgotten_after_an_hour_and_gone_with_its_key_after_a_day() {
    let portal = TestPortal::with(PROXY).await;
    let anna = portal.member("Anna", "Beispiel").await;
    until_refused(&portal, &anna.email).await;
    portal.advance(TimeDelta::hours(1));
    assert_eq!(until_refused(&portal, &anna.email).await, (6, 2));

    let key = "SELECT count(*) FROM attempt_key";
    let rows = "SELECT count(*) FROM attempt";
    assert_eq!(portal.count(key).await, 1);
    assert!(portal.count(rows).await > 6);
    portal.advance(TimeDelta::hours(24));
    sweep(&portal).await;
    assert_eq!((portal.count(key).await, portal.count(rows).await), (0, 0));
    stranger(&portal, "192.0.2.1", &anna.email, "falsch")
        .await
        .must_fail(401, "credentials_invalid");
    assert_eq!(portal.count(key).await, 1);
}

#[tokio::test]
async fn one_key_is_made_by_however_many_begin_and_another_key_file_makes_another() {
    let portal = TestPortal::start().await;
    let siblings = [
        portal.sibling("").await,
        portal.sibling("").await,
        portal.sibling("").await,
    ];
    let mut tries = JoinSet::new();
    for sibling in &siblings {
        let visitor = sibling.visitor();
        tries.spawn(async move {
            visitor
                .sign_in("niemand@musterhausen.example", "falsch")
                .await
                .status
        });
    }
    assert_eq!(tries.join_all().await, [401, 401, 401]);
    assert_eq!(portal.count("SELECT count(*) FROM attempt").await, 3);
    assert_eq!(portal.count("SELECT max(tries)::bigint FROM attempt").await, 3);
    portal
        .execute("UPDATE attempt_key SET sealed = decode('00', 'hex')")
        .await;
    // Who knows the key goes on with it; who does not makes another.
    let late = portal.sibling("").await;
    late.visitor()
        .sign_in("niemand@musterhausen.example", "falsch")
        .await
        .must_fail(401, "credentials_invalid");
    assert_eq!(portal.count("SELECT count(*) FROM attempt").await, 6);
}

#[tokio::test]
async fn without_limits_nothing_is_counted() {
    let portal = TestPortal::with("limits.enabled = false").await;
    for number in 0..60 {
        portal
            .visitor()
            .sign_in("niemand@musterhausen.example", &format!("falsch {number}"))
            .await
            .must_fail(401, "credentials_invalid");
    }
    assert_eq!(portal.count("SELECT count(*) FROM attempt").await, 0);
}

#[tokio::test]
async fn the_page_says_when_it_works_again_and_keeps_what_was_typed() {
    let portal = TestPortal::with(PROXY).await;
    until_refused(&portal, "niemand@musterhausen.example").await;
    let typed = [("email", "niemand@musterhausen.example"), ("password", "falsch")];
    let refused = portal.visitor().submit("/de/sign-in", &typed).await;
    assert_eq!(refused.status, 429);
    assert!(refused.text().contains("niemand@musterhausen.example"));
    refused.must_show("2 Sekunden");
}
