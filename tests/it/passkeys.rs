//! A passkey is a sign-in by itself, and a proof; what a browser answers is held against what it was asked.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    deletion::delete,
    support::{Authenticator, Client, Person, Response, TestPortal},
    sweep::sweep,
};

pub const OWN: &str = "/api/v1/me/passkeys";
pub const ASK_FOR_NEW: &str = "/api/v1/me/passkeys/options";
pub const ASK: &str = "/api/v1/session/passkey/options";
pub const SIGN_IN: &str = "/api/v1/session/passkey";
const PROVE: &str = "/api/v1/session/proof/passkey";
const EXPORT: &str = "/api/v1/me/export";

/// What the browser is to be asked.
pub async fn offer(client: &Client, path: &str) -> Value {
    client
        .request(axum::http::Method::POST, path)
        .send()
        .await
        .must_be(200)
        .json()
}

/// The body that sets a device's passkey up.
pub async fn new_passkey(person: &Person, device: &mut Authenticator) -> Value {
    let offer = offer(person, ASK_FOR_NEW).await;
    json!({ "ceremony": offer["ceremony"], "credential": device.create(&offer["options"]) })
}

/// A device whose passkey is this person's.
pub async fn device_of(portal: &TestPortal, person: &Person) -> Authenticator {
    let mut device = Authenticator::new(portal);
    let new = new_passkey(person, &mut device).await;
    person.post(OWN, &new).await.must_be(201);
    device
}

/// The body that shows a device's passkey.
async fn shown(client: &Client, device: &Authenticator) -> Value {
    let offer = offer(client, ASK).await;
    json!({ "ceremony": offer["ceremony"], "credential": device.get(&offer["options"]) })
}

pub async fn show(client: &Client, path: &str, device: &Authenticator) -> Response {
    let shown = shown(client, device).await;
    client.post(path, &shown).await
}

/// The device's passkey lets somebody in.
async fn lets_in(portal: &TestPortal, device: &Authenticator) -> bool {
    let answer = show(&portal.visitor(), SIGN_IN, device).await;
    if answer.status != 200 {
        answer.must_fail(401, "passkey_invalid");
        return false;
    }
    true
}

#[tokio::test]
async fn a_passkey_is_asked_for_with_its_persons_check_and_signs_in_by_itself() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let asked = offer(&anna, ASK_FOR_NEW).await;
    let options = &asked["options"];
    assert_eq!(options["rp"]["id"], "localhost");
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["user"]["name"], anna.email);
    assert_eq!(options["user"]["displayName"], "Anna Beispiel");
    assert_eq!(options["excludeCredentials"], json!([]));
    let selection = &options["authenticatorSelection"];
    assert_eq!(
        (&selection["residentKey"], &selection["userVerification"]),
        (&json!("required"), &json!("required"))
    );

    let mut device = Authenticator::new(&portal);
    let mut new = new_passkey(&anna, &mut device).await;
    new["name"] = json!(" Diensthandy ");
    let added = anna.post(OWN, &new).await.must_be(201).json();
    assert_eq!(added["name"], "Diensthandy");
    assert_eq!(added["recovery_codes"].as_array().map(Vec::len), Some(10));
    let second = new_passkey(&anna, &mut Authenticator::new(&portal)).await;
    let second = anna.post(OWN, &second).await.must_be(201).json();
    assert_eq!(
        (&second["name"], second.get("recovery_codes")),
        (&json!("Passkey"), None)
    );
    let excluded = offer(&anna, ASK_FOR_NEW).await["options"]["excludeCredentials"].clone();
    assert_eq!(excluded.as_array().map(Vec::len), Some(2));

    let visitor = portal.visitor();
    let asked = offer(&visitor, ASK).await;
    assert_eq!(asked["options"]["userVerification"], "required");
    assert_eq!(asked["options"]["allowCredentials"], json!([]), "nobody is named");
    let answer = show(&visitor, SIGN_IN, &device).await.must_be(200);
    assert_eq!(answer.json()["account"]["id"], json!(anna.id));
    assert!(answer.set_cookie("session").is_some() && answer.set_cookie("device").is_some());
    visitor.get("/api/v1/session").await.must_be(200);
    visitor.get(EXPORT).await.must_be(200);
    let took_two = "SELECT count(*) FROM session WHERE second_factor";
    assert_eq!(
        portal.count(took_two).await,
        2,
        "the one it was set up in, and this one"
    );
    let listed = anna.get(OWN).await.must_be(200).json();
    let items = listed["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[1]["name"]), (2, &json!("Diensthandy")));
    assert!(items[1]["last_used_at"].is_string() && items[0]["last_used_at"].is_null());
}

#[tokio::test]
async fn a_device_that_is_known_stays_so_and_a_new_one_is_told() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let device = device_of(&portal, &anna).await;
    portal.work().await;
    let told = async || {
        portal.work().await;
        let mails = portal.mails_to(&anna.email);
        mails
            .iter()
            .filter(|mail| mail.subject == "Sign-in on a new device")
            .count()
    };
    show(&anna, SIGN_IN, &device).await.must_be(200);
    assert_eq!(told().await, 0);
    let other = portal.visitor();
    show(&other, SIGN_IN, &device).await.must_be(200);
    assert_eq!(told().await, 1);
    portal.advance(TimeDelta::minutes(11));
    show(&other, SIGN_IN, &device).await.must_be(200);
    assert_eq!(told().await, 1);
}

#[tokio::test]
async fn what_was_begun_is_good_once_for_ten_minutes_and_for_whoever_began_it() {
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    let mut device = Authenticator::new(&portal);
    let late = new_passkey(&anna, &mut device).await;
    portal.advance(TimeDelta::seconds(601));
    anna.prove().await;
    bert.prove().await;
    anna.post(OWN, &late).await.must_fail(410, "ceremony_invalid");
    let annas = new_passkey(&anna, &mut device).await;
    bert.post(OWN, &annas).await.must_fail(410, "ceremony_invalid");
    let new = new_passkey(&anna, &mut device).await;
    anna.post(OWN, &new).await.must_be(201);
    anna.post(OWN, &new).await.must_fail(410, "ceremony_invalid");
    let shown_late = shown(&anna, &device).await;
    portal.advance(TimeDelta::seconds(599));
    let shown_once = shown(&anna, &device).await;
    let visitor = portal.visitor();
    visitor.post(SIGN_IN, &shown_once).await.must_be(200);
    visitor
        .post(SIGN_IN, &shown_once)
        .await
        .must_fail(410, "ceremony_invalid");
    portal.advance(TimeDelta::seconds(2));
    visitor
        .post(SIGN_IN, &shown_late)
        .await
        .must_fail(410, "ceremony_invalid");
    // A passkey that is shown sets none up, and the other way round.
    let mut mixed = shown(&anna, &device).await;
    mixed["ceremony"] = offer(&anna, ASK).await["ceremony"].clone();
    visitor
        .post(SIGN_IN, &mixed)
        .await
        .must_fail(401, "passkey_invalid");
    show(&anna, PROVE, &device).await.must_be(204);
    let mut mixed = new_passkey(&anna, &mut Authenticator::new(&portal)).await;
    mixed["ceremony"] = offer(&anna, ASK).await["ceremony"].clone();
    anna.post(OWN, &mixed).await.must_fail(410, "ceremony_invalid");
    mixed["ceremony"] = json!("nothing");
    anna.post(OWN, &mixed).await.must_fail(410, "ceremony_invalid");
    assert_eq!(portal.count("SELECT count(*) FROM passkey").await, 1);
    portal.advance(TimeDelta::days(1));
    sweep(&portal).await;
    assert_eq!(portal.count("SELECT count(*) FROM ceremony").await, 0);
}

#[tokio::test]
async fn what_is_shown_elsewhere_or_without_a_check_of_its_person_is_refused() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let breakers: [fn(&mut Authenticator); 4] = [
        |device| device.checks_its_person = false,
        |device| device.origin = "http://localhost:9090".to_owned(),
        |device| device.origin = "https://localhost.evil.example".to_owned(),
        |device| device.relying_party = "evil.example".to_owned(),
    ];
    for wrong in breakers {
        let mut device = Authenticator::new(&portal);
        wrong(&mut device);
        let new = new_passkey(&anna, &mut device).await;
        anna.post(OWN, &new)
            .await
            .must_refuse(&["credential: passkey_invalid"]);
    }
    let device = device_of(&portal, &anna).await;
    for wrong in breakers {
        let mut device = device.clone();
        wrong(&mut device);
        assert!(!lets_in(&portal, &device).await);
        show(&anna, PROVE, &device)
            .await
            .must_fail(401, "passkey_invalid");
    }
    assert!(!lets_in(&portal, &Authenticator::new(&portal)).await, "nobody's");
    let mut imitated = shown(&anna, &device).await;
    imitated["credential"]["response"]["signature"] = json!("MEUCIQDx");
    let visitor = portal.visitor();
    visitor
        .post(SIGN_IN, &imitated)
        .await
        .must_fail(401, "passkey_invalid");
    let mut nameless = shown(&anna, &device).await;
    nameless["credential"]["response"]["userHandle"] = Value::Null;
    visitor
        .post(SIGN_IN, &nameless)
        .await
        .must_fail(401, "passkey_invalid");
    assert!(lets_in(&portal, &device).await);
}

#[tokio::test]
async fn a_device_must_not_count_backwards_and_of_two_at_once_one_is_let_in() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let mut device = device_of(&portal, &anna).await;
    device.counter = 5;
    assert!(lets_in(&portal, &device).await);
    for (counter, expected) in [(5, false), (4, false), (0, false), (6, true)] {
        device.counter = counter;
        assert_eq!(lets_in(&portal, &device).await, expected, "{counter}");
    }
    device.counter = 7;
    let (one, other) = (shown(&anna, &device).await, shown(&anna, &device).await);
    let (first, second) = (portal.visitor(), portal.visitor());
    let (first, second) = tokio::join!(first.post(SIGN_IN, &one), second.post(SIGN_IN, &other));
    let mut answers = [first.status.as_u16(), second.status.as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [200, 401]);
}

#[tokio::test]
async fn ones_own_passkey_is_a_proof_and_somebody_elses_is_none() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    let (annas, berts) = (device_of(&portal, &anna).await, device_of(&portal, &bert).await);
    portal.advance(TimeDelta::minutes(6));
    anna.get(EXPORT).await.must_fail(403, "proof_required");
    show(&anna, PROVE, &berts).await.must_fail(401, "passkey_invalid");
    anna.get(EXPORT).await.must_fail(403, "proof_required");
    assert_eq!(
        portal
            .count("SELECT count(*) FROM passkey WHERE last_used_at IS NOT NULL")
            .await,
        0
    );
    show(&anna, PROVE, &annas).await.must_be(204);
    anna.get(EXPORT).await.must_be(200);
    bert.get(EXPORT).await.must_fail(403, "proof_required");
    let shown = shown(&anna, &annas).await;
    portal
        .visitor()
        .post(PROVE, &shown)
        .await
        .must_fail(401, "not_signed_in");
}

#[tokio::test]
async fn whose_account_may_not_sign_in_is_told_so_after_a_right_passkey_alone() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let device = device_of(&portal, &anna).await;
    for (status, code) in [
        ("suspended", "account_suspended"),
        ("pending", "registration_pending"),
        ("rejected", "registration_rejected"),
        ("deleted", "account_deleted"),
    ] {
        portal.set_status(anna.id, status).await;
        show(&portal.visitor(), SIGN_IN, &device)
            .await
            .must_fail(403, code);
        let mut wrong = device.clone();
        wrong.checks_its_person = false;
        show(&portal.visitor(), SIGN_IN, &wrong)
            .await
            .must_fail(401, "passkey_invalid");
    }
    let unused = "SELECT count(*) FROM passkey WHERE last_used_at IS NULL";
    assert_eq!(portal.count(unused).await, 1, "nothing is added to what leaves");
}

#[tokio::test]
async fn a_passkey_that_is_removed_lets_nobody_in_and_takes_the_codes_with_it() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    let device = device_of(&portal, &anna).await;
    let id = anna.get(OWN).await.json()["items"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("{OWN}/{id}");
    bert.delete(&path).await.must_fail(404, "not_found");
    anna.delete(&path).await.must_be(204);
    anna.delete(&path).await.must_fail(404, "not_found");
    assert!(!lets_in(&portal, &device).await);
    assert_eq!(anna.get(OWN).await.json()["items"], json!([]));
    assert_eq!(portal.count("SELECT count(*) FROM recovery_code").await, 0);
    // Now a password alone is enough again.
    portal.signed_in(&anna.email).await;
    let events: Vec<String> = portal
        .column("SELECT code FROM audit_event WHERE code LIKE 'passkey.%' ORDER BY id")
        .await;
    assert_eq!(events, ["passkey.added", "passkey.removed"]);
}

#[tokio::test]
async fn setting_up_and_removing_take_a_proof_and_are_told_by_mail() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let late = new_passkey(&anna, &mut Authenticator::new(&portal)).await;
    portal.advance(TimeDelta::minutes(6));
    anna.post(ASK_FOR_NEW, &json!({}))
        .await
        .must_fail(403, "proof_required");
    anna.post(OWN, &late).await.must_fail(403, "proof_required");
    anna.prove().await;
    portal.work().await;
    let before = portal.mails_to(&anna.email).len();
    let mut device = Authenticator::new(&portal);
    let mut new = new_passkey(&anna, &mut device).await;
    new["name"] = json!("Diensthandy");
    let added = anna.post(OWN, &new).await.must_be(201).json();
    let path = format!("{OWN}/{}", added["id"].as_str().unwrap());
    portal.advance(TimeDelta::minutes(6));
    anna.delete(&path).await.must_fail(403, "proof_required");
    show(&anna, PROVE, &device).await.must_be(204);
    anna.delete(&path).await.must_be(204);
    portal.work().await;
    let mails = portal.mails_to(&anna.email).split_off(before);
    assert_eq!(mails.len(), 2, "{mails:#?}");
    for mail in &mails {
        assert!(!mail.text.contains("Diensthandy"), "{}", mail.text);
    }
    assert!(mails[0].text.contains("passkey"), "{}", mails[0].text);
    assert_ne!(mails[0].text, mails[1].text);
}

#[tokio::test]
async fn ten_passkeys_are_the_most_each_once_and_with_a_name_of_one_line() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    let mut device = device_of(&portal, &anna).await;
    let again = new_passkey(&anna, &mut device).await;
    anna.post(OWN, &again)
        .await
        .must_refuse(&["credential: passkey_invalid"]);
    let other = new_passkey(&bert, &mut device).await;
    bert.post(OWN, &other).await.must_fail(409, "passkey_there");
    let long = "x".repeat(61);
    for (name, fault) in [
        (long.as_str(), "name: too_long"),
        ("a\u{202e}b", "name: control_character"),
    ] {
        let mut new = new_passkey(&anna, &mut Authenticator::new(&portal)).await;
        new["name"] = json!(name);
        anna.post(OWN, &new).await.must_refuse(&[fault]);
        // What was wrong with the name used nothing up.
        new["name"] = json!("");
        anna.post(OWN, &new).await.must_be(201);
    }
    let waiting = new_passkey(&anna, &mut Authenticator::new(&portal)).await;
    for _ in 3..10 {
        device_of(&portal, &anna).await;
    }
    anna.post(ASK_FOR_NEW, &json!({}))
        .await
        .must_fail(409, "passkeys_full");
    anna.post(OWN, &waiting).await.must_fail(409, "passkeys_full");
    let page = anna.get(&format!("{OWN}?limit=7")).await.json();
    assert_eq!(page["items"].as_array().map(Vec::len), Some(7));
    let next = format!("{OWN}?limit=7&cursor={}", page["next"].as_str().unwrap());
    let page = anna.get(&next).await.json();
    assert_eq!(
        (page["items"].as_array().map(Vec::len), &page["next"]),
        (Some(3), &Value::Null)
    );
}

#[tokio::test]
async fn the_copy_names_passkeys_without_their_keys_and_a_deletion_erases_them() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let mut new = new_passkey(&anna, &mut Authenticator::new(&portal)).await;
    new["name"] = json!("Diensthandy");
    anna.post(OWN, &new).await.must_be(201);
    offer(&anna, ASK_FOR_NEW).await;
    let answer = anna.get(EXPORT).await.must_be(200);
    assert_eq!(answer.json()["credentials"]["passkey"][0]["name"], "Diensthandy");
    assert!(!answer.text().contains(new["credential"]["id"].as_str().unwrap()));
    delete(&anna).await;
    portal.advance(TimeDelta::hours(2));
    sweep(&portal).await;
    for table in ["passkey", "ceremony", "recovery_code"] {
        assert_eq!(
            portal.count(&format!("SELECT count(*) FROM {table}")).await,
            0,
            "{table}"
        );
    }
    assert_eq!(portal.places_of("Diensthandy").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_network_that_shows_wrong_passkeys_or_asks_too_often_waits() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let device = device_of(&portal, &anna).await;
    let mut refused = 0;
    for _ in 0..100 {
        let asked = portal.visitor().post(ASK, &json!({})).await;
        if asked.status == 429 {
            assert!(asked.header("retry-after").is_some());
            refused += 1;
        }
    }
    assert!((30..=45).contains(&refused), "{refused}");
    portal.advance(TimeDelta::hours(2));
    let wrong = Authenticator::new(&portal);
    let shown_right = shown(&anna, &device).await;
    let mut tries = 0;
    while show(&portal.visitor(), SIGN_IN, &wrong).await.status == 401 {
        tries += 1;
    }
    assert!((50..=52).contains(&tries), "{tries}");
    let answer = portal.visitor().post(SIGN_IN, &shown_right).await;
    answer.must_fail(429, "rate_limited");
    portal.advance(TimeDelta::minutes(1));
    let answer = portal.visitor().post(SIGN_IN, &shown_right).await;
    answer.must_be(200);
}

#[tokio::test]
async fn where_the_portal_is_reached_by_a_number_there_are_no_passkeys() {
    let portal = TestPortal::with("server.public_url = 'http://127.0.0.1:8080'").await;
    let anna = portal.member("Anna", "Beispiel").await;
    for path in [ASK, ASK_FOR_NEW] {
        anna.post(path, &json!({}))
            .await
            .must_fail(409, "passkeys_unavailable");
    }
}
