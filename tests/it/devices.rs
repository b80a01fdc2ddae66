//! Devices are known by a cookie that tells others nothing, until the password is replaced; people are mailed about a
//! new one and about another password, and see what they are signed in with.

use axum::http::Method;
use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde_json::json;
use stammtisch::{
    credentials::Checked,
    devices::{Device, Family, Visit},
    mail::letter::LinkPurpose,
    network::Network,
};
use uuid::Uuid;

use crate::{
    authentication::attributes,
    support::{Client, PASSWORD, Person, TestPortal},
};

const NEW_DEVICE: &str = "Sign-in on a new device";
const CHANGED: &str = "Your password was changed";
const OTHER: &str = "sieben gruene Lampen am Markt";
const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0";

/// How many mails with this subject the person got.
async fn told(portal: &TestPortal, person: &Person, subject: &str) -> usize {
    portal.work().await;
    let mails = portal.mails_to(&person.email);
    mails.iter().filter(|mail| mail.subject == subject).count()
}

/// Long enough for the next mail of the kind to be sent.
fn later(portal: &TestPortal) {
    portal.advance(TimeDelta::minutes(11));
}

async fn sign_in(client: &Client, person: &Person, password: &str) {
    client.sign_in(&person.email, password).await.must_be(200);
}

async fn change(client: &Client, current: &str, new: &str) {
    let change = json!({ "current_password": current, "new_password": new });
    client.put("/api/v1/me/password", &change).await.must_be(204);
}

async fn reset(portal: &TestPortal, person: &Person, new: &str) {
    let visitor = portal.visitor();
    visitor
        .post("/api/v1/password-resets", &json!({ "email": person.email }))
        .await
        .must_be(202);
    portal.work().await;
    let token = portal.link_for(&person.email, LinkPurpose::Reset);
    visitor
        .post(
            "/api/v1/password-resets/confirm",
            &json!({ "token": token, "password": new }),
        )
        .await
        .must_be(204);
}

#[tokio::test]
async fn the_first_sign_in_is_no_news_and_one_on_another_device_is_told_once() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    sign_in(&anna, &anna, PASSWORD).await;
    anna.delete("/api/v1/session").await.must_be(204);
    sign_in(&anna, &anna, PASSWORD).await;
    assert_eq!(told(&portal, &anna, NEW_DEVICE).await, 0);

    let other = portal.visitor();
    sign_in(&other, &anna, PASSWORD).await;
    assert_eq!(told(&portal, &anna, NEW_DEVICE).await, 1);
    let mail = portal.mails_to(&anna.email).pop().unwrap();
    assert_eq!(mail.links[0].path(), "/en/forgot-password");
    assert!(
        !mail.text.contains("token=") && !mail.text.contains("Anna"),
        "{}",
        mail.text
    );
    later(&portal);
    sign_in(&other, &anna, PASSWORD).await;
    assert_eq!(told(&portal, &anna, NEW_DEVICE).await, 1);

    // Whoever signs in on many at once does not flood the mailbox, and is told again later.
    for _ in 0..3 {
        portal.signed_in(&anna.email).await;
    }
    assert_eq!(told(&portal, &anna, NEW_DEVICE).await, 2);
    later(&portal);
    let page = portal.visitor();
    page.submit("/de/sign-in", &[("email", &anna.email), ("password", PASSWORD)])
        .await
        .must_lead_to("/de");
    assert_eq!(told(&portal, &anna, NEW_DEVICE).await, 3);
    later(&portal);
    page.submit("/de/sign-in", &[("email", &anna.email), ("password", PASSWORD)])
        .await
        .must_lead_to("/de");
    assert_eq!(told(&portal, &anna, NEW_DEVICE).await, 3);
}

#[tokio::test]
async fn the_cookie_is_kept_from_others_lasts_a_year_and_is_nowhere_else() {
    let year = "Max-Age=31536000";
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let answer = portal.visitor().sign_in(&anna.email, PASSWORD).await.must_be(200);
    assert_eq!(
        attributes(&answer, "device"),
        ["HttpOnly", year, "Path=/", "SameSite=Lax"]
    );
    let value = anna.cookie("device").unwrap();
    assert_eq!(portal.places_of(&value).await, Vec::<String>::new());
    anna.delete("/api/v1/session").await.must_be(204);
    assert_eq!(
        anna.cookie("device").as_ref(),
        Some(&value),
        "signing out leaves it"
    );

    let https = TestPortal::with("server.public_url = 'https://portal.example'").await;
    let bea = https.member("Bea", "Muster").await;
    let answer = https.visitor().sign_in(&bea.email, PASSWORD).await.must_be(200);
    assert_eq!(
        attributes(&answer, "__Host-device"),
        ["HttpOnly", year, "Path=/", "SameSite=Lax", "Secure"]
    );
    let refused = https.visitor().sign_in(&bea.email, "falsch").await.must_be(401);
    assert!(refused.header("set-cookie").is_none());
}

#[tokio::test]
async fn a_device_is_known_to_whoever_signed_in_there_and_to_nobody_else() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Muster").await;
    let shared = portal.visitor();
    shared.set_cookie("device", &anna.cookie("device").unwrap());
    sign_in(&shared, &bea, PASSWORD).await;
    assert_eq!(told(&portal, &bea, NEW_DEVICE).await, 1, "it was Anna's alone");
    later(&portal);
    for person in [&anna, &bea, &anna] {
        sign_in(&shared, person, PASSWORD).await;
    }
    assert_eq!(told(&portal, &anna, NEW_DEVICE).await, 0);
    assert_eq!(told(&portal, &bea, NEW_DEVICE).await, 1);

    let value = shared.cookie("device").unwrap();
    for wrong in ["", "x", &value[1..], &format!("{value}A"), &value.to_uppercase()] {
        let broken = portal.visitor();
        broken.set_cookie("device", wrong);
        sign_in(&broken, &anna, PASSWORD).await;
        assert!(
            Device::parse(&broken.cookie("device").unwrap()).is_some(),
            "{wrong}"
        );
        assert_ne!(broken.cookie("device").unwrap(), wrong);
    }
    assert_eq!(told(&portal, &anna, NEW_DEVICE).await, 1);
}

#[tokio::test]
async fn another_password_is_told_and_makes_strangers_of_all_other_devices() {
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let other = portal.visitor();
    sign_in(&other, &anna, PASSWORD).await;
    later(&portal);
    change(&anna, PASSWORD, OTHER).await;
    assert_eq!(told(&portal, &anna, CHANGED).await, 1);
    let mail = portal.mails_to(&anna.email).pop().unwrap();
    assert_eq!(mail.links[0].path(), "/en/forgot-password");
    let before = told(&portal, &anna, NEW_DEVICE).await;
    sign_in(&anna, &anna, OTHER).await;
    assert_eq!(
        told(&portal, &anna, NEW_DEVICE).await,
        before,
        "it was changed here"
    );
    sign_in(&other, &anna, OTHER).await;
    assert_eq!(told(&portal, &anna, NEW_DEVICE).await, before + 1);

    later(&portal);
    reset(&portal, &anna, PASSWORD).await;
    assert_eq!(told(&portal, &anna, CHANGED).await, 2);
    later(&portal);
    sign_in(&anna, &anna, PASSWORD).await;
    assert_eq!(told(&portal, &anna, NEW_DEVICE).await, before + 2);
    // Each change is told, however soon it follows: the second may be somebody else's.
    let page = [("current_password", PASSWORD), ("new_password", OTHER)];
    anna.submit("/de/account/password", &page).await.must_be(303);
    change(&anna, OTHER, PASSWORD).await;
    assert_eq!(told(&portal, &anna, CHANGED).await, 4);
    later(&portal);
    sign_in(&anna, &anna, PASSWORD).await;
    assert_eq!(told(&portal, &anna, NEW_DEVICE).await, before + 2);
}

#[tokio::test]
async fn a_first_password_is_no_changed_one() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    // As of somebody who was invited.
    portal.execute("DELETE FROM credential").await;
    reset(&portal, &anna, OTHER).await;
    assert_eq!(told(&portal, &anna, CHANGED).await, 0);
    sign_in(&portal.visitor(), &anna, OTHER).await;
    assert_eq!(told(&portal, &anna, NEW_DEVICE).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_mail_about_a_sign_in_follows_a_deletion() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal.work().await;
    let holder = portal.hold_row(anna.id).await;
    let visitor = portal.visitor();
    let signing_in = visitor.sign_in(&anna.email, PASSWORD);
    let deletion = async {
        portal.until_something_waits().await;
        let deleted = format!(
            "UPDATE account SET status = 'deleted', status_before = status, deleted_at = now(),
                 undo_until = now() + interval '1 hour', erase_by = now() + interval '24 hours',
                 due_at = now() + interval '1 hour' WHERE id = '{}'",
            anna.id
        );
        holder.execute_unprepared(&deleted).await.unwrap();
        holder.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(signing_in, deletion);
    answer.must_fail(401, "credentials_invalid");
    assert_eq!(visitor.cookie("device"), None);
    assert_eq!(portal.count("SELECT count(*) FROM mail").await, 0);
    visitor
        .sign_in(&anna.email, PASSWORD)
        .await
        .must_fail(403, "account_deleted");
    assert_eq!(portal.count("SELECT count(*) FROM mail").await, 0);
}

fn visit(device: Option<Device>) -> Visit {
    Visit {
        device,
        family: Family::of(""),
        network: Network::LOCAL,
    }
}

#[tokio::test]
async fn what_a_cookie_tells_is_bound_to_account_password_and_device_and_ends() {
    let portal = TestPortal::start().await;
    let parts = &portal.portal;
    let person = |version| Checked {
        account: Uuid::from_u128(7),
        version,
    };
    let device = visit(None).after_sign_in(parts, person(3));
    let read = Device::parse(&device.write());
    assert!(read.as_ref() == Some(&device));
    let back = visit(read);
    assert!(back.is_known_to(parts, Uuid::from_u128(7), 3));
    assert!(
        !back.is_known_to(parts, Uuid::from_u128(7), 2),
        "an earlier password"
    );
    assert!(!back.is_known_to(parts, Uuid::from_u128(7), 4), "a later one");
    assert!(!back.is_known_to(parts, Uuid::from_u128(8), 3), "somebody else");
    assert!(!visit(None).is_known_to(parts, Uuid::from_u128(7), 3));

    // A proof that is put on another device proves nothing there.
    let mut value = device.write();
    let other = visit(None).after_sign_in(parts, person(3)).write();
    value.replace_range(..22, &other[..22]);
    let moved = Device::parse(&value).expect("it has the form of one");
    assert!(!visit(Some(moved)).is_known_to(parts, Uuid::from_u128(7), 3));

    // The same account takes no second place; of more than eight the one who was there longest ago is forgotten.
    let again = back.after_sign_in(parts, person(3));
    assert_eq!(again.write().len(), device.write().len());
    let mut crowded = again;
    for account in 100..107 {
        let checked = Checked {
            account: Uuid::from_u128(account),
            version: 1,
        };
        crowded = visit(Some(crowded)).after_sign_in(parts, checked);
    }
    assert!(visit(Some(crowded.clone())).is_known_to(parts, Uuid::from_u128(7), 3));
    let ninth = Checked {
        account: Uuid::from_u128(107),
        version: 1,
    };
    let crowded = visit(Some(crowded)).after_sign_in(parts, ninth);
    assert!(crowded.write().len() <= 215);
    assert!(!visit(Some(crowded.clone())).is_known_to(parts, Uuid::from_u128(7), 3));
    assert!(visit(Some(crowded)).is_known_to(parts, Uuid::from_u128(100), 1));

    portal.advance(TimeDelta::days(364));
    let back = visit(Some(device));
    assert!(back.is_known_to(parts, Uuid::from_u128(7), 3));
    portal.advance(TimeDelta::days(2));
    assert!(!back.is_known_to(parts, Uuid::from_u128(7), 3));
}

#[tokio::test]
async fn people_see_what_they_are_signed_in_with_and_the_header_is_not_stored() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let firefox = portal.visitor();
    let credentials = json!({ "email": anna.email, "password": PASSWORD });
    firefox
        .request(Method::POST, "/api/v1/session")
        .header("user-agent", FIREFOX)
        .json(&credentials)
        .send()
        .await
        .must_be(200);
    let listed = anna.get("/api/v1/sessions").await.must_be(200).json();
    let families: Vec<_> = listed["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|session| (session["browser"].as_str(), session["system"].as_str()))
        .collect();
    assert_eq!(
        families,
        [(Some("firefox"), Some("windows")), (Some("other"), Some("other"))]
    );
    assert_eq!(portal.places_of("Gecko").await, Vec::<String>::new());
    anna.get("/de/account/sessions")
        .await
        .must_show("Firefox unter Windows")
        .must_show("Unbekanntes Gerät");
    anna.get("/en/account/sessions")
        .await
        .must_show("Firefox on Windows")
        .must_show("Unknown device");
    portal
        .execute("UPDATE session SET browser = 'other' WHERE browser = 'firefox'")
        .await;
    anna.get("/de/account/sessions")
        .await
        .must_show("Unbekannter Browser unter Windows");
}
