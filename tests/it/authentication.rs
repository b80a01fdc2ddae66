//! Signing in, staying signed in, signing out: sessions begin under a new key, end for good and never come back.

use axum::http::Method;
use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use stammtisch::authentication::session_store::SessionStore;
use tower_sessions::{SessionStore as _, session::Id};
use uuid::Uuid;

use crate::{
    messaging::{id, messages_of, send, write_to},
    support::{Client, PASSWORD, Person, Response, TestPortal},
};

const SESSION: &str = "/api/v1/session";
const SESSIONS: &str = "/api/v1/sessions";

/// What is said of the cookie beside its value, in the order of the alphabet.
#[track_caller]
pub fn attributes<'a>(answer: &'a Response, cookie: &str) -> Vec<&'a str> {
    let set = answer.set_cookie(cookie).expect("the cookie is set");
    let mut attributes: Vec<_> = set.split("; ").skip(1).collect();
    attributes.sort_unstable();
    attributes
}

/// Another session of the same person.
async fn another_session(portal: &TestPortal, person: &Person) -> Client {
    let client = portal.visitor();
    client.sign_in(&person.email, PASSWORD).await.must_be(200);
    client
}

#[tokio::test]
async fn whoever_signs_in_is_told_who_they_are() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let account = json!({ "account": { "id": anna.id, "role": "member", "status": "active" } });
    assert_eq!(
        portal
            .visitor()
            .sign_in(&anna.email, PASSWORD)
            .await
            .must_be(200)
            .json(),
        account
    );
    assert_eq!(
        portal
            .visitor()
            .sign_in(&anna.email.to_uppercase(), PASSWORD)
            .await
            .must_be(200)
            .json(),
        account
    );
    assert_eq!(anna.get(SESSION).await.must_be(200).json(), account);
    portal
        .visitor()
        .get(SESSION)
        .await
        .must_fail(401, "not_signed_in");

    let me = anna.get("/api/v1/me").await.must_be(200).json();
    for (field, value) in [
        ("email", anna.email.as_str()),
        ("role", "member"),
        ("status", "active"),
        ("locale", "en"),
    ] {
        assert_eq!(me[field], value);
    }
}

#[tokio::test]
async fn what_an_account_is_stands_in_no_answer_before_the_password_is_right() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let unknown = portal
        .visitor()
        .sign_in("unknown@example.org", PASSWORD)
        .await
        .must_fail(401, "credentials_invalid");
    for (status, code) in [
        ("pending", "registration_pending"),
        ("rejected", "registration_rejected"),
        ("suspended", "account_suspended"),
        ("deleted", "account_deleted"),
    ] {
        portal.set_status(anna.id, status).await;
        let wrong = portal
            .visitor()
            .sign_in(&anna.email, "wrong")
            .await
            .must_fail(401, "credentials_invalid");
        assert_eq!(wrong.json()["title"], unknown.json()["title"]);
        let right = portal
            .visitor()
            .sign_in(&anna.email, PASSWORD)
            .await
            .must_fail(403, code);
        assert!(
            right.header("set-cookie").is_none(),
            "no device is known by it either"
        );
        portal
            .execute("UPDATE account SET status = 'active', status_before = NULL, deleted_at = NULL, undo_until = NULL, erase_by = NULL")
            .await;
    }
    for nobody in ["", "nobody", "a@b", "x\u{0}@example.org"] {
        portal
            .visitor()
            .sign_in(nobody, PASSWORD)
            .await
            .must_fail(401, "credentials_invalid");
    }
    portal
        .visitor()
        .sign_in(&anna.email, &"x".repeat(100_000))
        .await
        .must_fail(401, "credentials_invalid");
}

#[tokio::test]
async fn on_localhost_the_cookie_is_kept_from_scripts_and_other_sites() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let answer = portal.visitor().sign_in(&anna.email, PASSWORD).await.must_be(200);
    assert_eq!(
        attributes(&answer, "session"),
        ["HttpOnly", "Path=/", "SameSite=Lax"]
    );
}

#[tokio::test]
async fn over_https_the_cookie_is_bound_to_the_host() {
    let portal = TestPortal::with("server.public_url = 'https://portal.example'").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let answer = portal.visitor().sign_in(&anna.email, PASSWORD).await.must_be(200);
    assert_eq!(
        attributes(&answer, "__Host-session"),
        ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    );
    assert_eq!(
        anna.get(SESSION).await.must_be(200).json()["account"]["id"],
        json!(anna.id)
    );
}

#[tokio::test]
async fn signing_in_again_begins_a_new_session_and_ends_the_old_one() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let old = anna.cookie("session").unwrap();
    anna.sign_in(&anna.email, PASSWORD).await.must_be(200);
    assert_ne!(anna.cookie("session").unwrap(), old);
    anna.get(SESSION).await.must_be(200);

    let thief = portal.visitor();
    thief.set_cookie("session", &old);
    thief.get(SESSION).await.must_fail(401, "not_signed_in");
    assert_eq!(portal.count("SELECT count(*) FROM session").await, 1);
}

#[tokio::test]
async fn a_planted_cookie_is_not_signed_in() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let planted = Id(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef).to_string();
    let victim = portal.visitor();
    victim.set_cookie("session", &planted);
    victim.sign_in(&anna.email, PASSWORD).await.must_be(200);
    assert_ne!(victim.cookie("session").unwrap(), planted);
    let thief = portal.visitor();
    thief.set_cookie("session", &planted);
    thief.get(SESSION).await.must_fail(401, "not_signed_in");
}

#[tokio::test]
async fn a_living_session_that_somebody_planted_is_not_the_victims() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let eve = portal.member("Eve", "Fremd").await;
    let planted = eve.cookie("session").unwrap();
    let victim = portal.visitor();
    victim.set_cookie("session", &planted);
    victim.sign_in(&anna.email, PASSWORD).await.must_be(200);
    assert_ne!(victim.cookie("session").unwrap(), planted);
    let signed_in = victim.get(SESSION).await.must_be(200).json();
    assert_eq!(signed_in["account"]["id"], json!(anna.id));
    eve.get(SESSION).await.must_fail(401, "not_signed_in");
    // A sign-in that fails leaves whoever is signed in where they are.
    let id = victim.cookie("session").unwrap();
    victim.sign_in(&anna.email, "falsch").await.must_be(401);
    assert_eq!(victim.cookie("session").unwrap(), id);
    victim.get(SESSION).await.must_be(200);
}

#[tokio::test]
async fn neither_cookie_nor_password_stands_in_the_database() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    assert!(
        portal
            .places_of(&anna.cookie("session").unwrap())
            .await
            .is_empty()
    );
    assert!(portal.places_of(PASSWORD).await.is_empty());
    assert_eq!(
        portal
            .count("SELECT count(*) FROM credential WHERE password_hash LIKE '$argon2id$%'")
            .await,
        1
    );
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_use() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for _ in 0..3 {
        portal.advance(TimeDelta::minutes(29));
        anna.get(SESSION).await.must_be(200);
    }
    portal.advance(TimeDelta::minutes(30));
    anna.get(SESSION).await.must_fail(401, "not_signed_in");
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_much_it_is_used() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for _ in 0..35 {
        portal.advance(TimeDelta::minutes(20));
        anna.get(SESSION).await.must_be(200);
    }
    portal.advance(TimeDelta::minutes(20));
    anna.get(SESSION).await.must_fail(401, "not_signed_in");
}

#[tokio::test]
async fn use_is_noted_at_most_once_a_minute() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let noted = async || {
        portal
            .scalar::<String>("SELECT last_used_at::text || xmin::text FROM session")
            .await
    };
    let before = noted().await;
    for _ in 0..5 {
        portal.advance(TimeDelta::seconds(10));
        anna.get(SESSION).await.must_be(200);
    }
    assert_eq!(noted().await, before);
    portal.advance(TimeDelta::seconds(11));
    anna.get(SESSION).await.must_be(200);
    assert_ne!(noted().await, before);
}

#[tokio::test]
async fn signing_out_ends_this_session_and_no_other() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let other = another_session(&portal, &anna).await;
    let cookie = anna.cookie("session").unwrap();
    anna.delete(SESSION).await.must_be(204);
    assert_eq!(anna.cookie("session"), None);
    anna.set_cookie("session", &cookie);
    anna.get(SESSION).await.must_fail(401, "not_signed_in");
    anna.delete(SESSION).await.must_fail(401, "not_signed_in");
    other.get(SESSION).await.must_be(200);
}

#[tokio::test]
async fn a_session_that_ended_is_not_revived_by_a_slower_request() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let id: Id = anna.cookie("session").unwrap().parse().unwrap();
    let store = SessionStore::new(portal.portal.clone());
    let loaded = store.load(&id).await.unwrap().expect("the session lives");
    anna.delete(SESSION).await.must_be(204);
    store.save(&loaded).await.unwrap();
    assert_eq!(portal.count("SELECT count(*) FROM session").await, 0);
    assert!(store.load(&id).await.unwrap().is_none());
}

/// Sends a request that waits for the person's row, while `meanwhile` happens in the transaction that holds it.
async fn caught(
    portal: &TestPortal,
    account: Uuid,
    client: &Client,
    (method, path, body): (Method, String, Value),
    meanwhile: &str,
) -> Response {
    let holder = portal.hold_row(account).await;
    let slow = client.clone();
    let request = tokio::spawn(async move { slow.request(method, &path).json(&body).send().await });
    portal.until_something_waits().await;
    holder.execute_unprepared(meanwhile).await.unwrap();
    holder.commit().await.unwrap();
    request.await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_ends_for_good_what_a_slower_request_still_uses() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let cookie = anna.cookie("session").unwrap();
    // So that the request notes its use of the session as well.
    portal.advance(TimeDelta::minutes(2));
    let holder = portal.hold_row(anna.id).await;
    let slow = portal.visitor();
    slow.set_cookie("session", &cookie);
    let request = async { slow.patch("/api/v1/me", &json!({ "locale": "de" })).await };
    let meanwhile = async {
        portal.until_something_waits().await;
        anna.delete(SESSION).await.must_be(204);
        assert_eq!(portal.count("SELECT count(*) FROM session").await, 0);
        holder.commit().await.unwrap();
    };
    let (answer, ()) = tokio::join!(request, meanwhile);
    // It was asked for while the session lived.
    answer.must_be(200);
    assert_eq!(slow.cookie("session").as_deref(), Some(cookie.as_str()));
    slow.get(SESSION).await.must_fail(401, "not_signed_in");
    assert_eq!(portal.count("SELECT count(*) FROM session").await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_is_suspended_in_the_middle_of_a_request_changes_nothing() {
    let portal = TestPortal::with("limits.enabled = false").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Muster").await;
    let new = json!({ "current_password": PASSWORD, "new_password": "sieben gruene Lampen am Markt" });
    let path = |path: &str| format!("/api/v1{path}");
    for request in [
        (
            Method::POST,
            path("/conversations"),
            json!({ "member_ids": [bea.id], "body": "Guten Tag" }),
        ),
        (Method::POST, path("/groups"), json!({ "name": "Bauamt" })),
        (
            Method::POST,
            path("/enquiries"),
            json!({ "subject": "Frage", "body": "Wann?" }),
        ),
        (Method::PUT, path(&format!("/me/blocks/{}", bea.id)), Value::Null),
        (Method::PATCH, path("/me"), json!({ "locale": "de" })),
        (Method::PATCH, path("/me/profile"), json!({ "about": "Neues" })),
        (
            Method::PATCH,
            path("/me/preferences"),
            json!({ "message_mail": "never" }),
        ),
        (
            Method::POST,
            path("/me/email-change"),
            json!({ "email": "neu@example.org", "password": PASSWORD }),
        ),
        (Method::PUT, path("/me/password"), new),
        (
            Method::POST,
            path("/session/proof"),
            json!({ "password": PASSWORD }),
        ),
    ] {
        let what = format!("{} {}", request.0, request.1);
        portal.set_status(anna.id, "active").await;
        let anna = portal.signed_in(&anna.email).await;
        portal.work().await;
        let before = portal.data_of(anna.id).await;
        let suspend = format!("UPDATE account SET status = 'suspended' WHERE id = '{}'", anna.id);
        let answer = caught(&portal, anna.id, &anna, request, &suspend).await;
        assert_eq!(answer.status, 401, "{what}: {}", answer.text());
        assert_eq!(portal.data_of(anna.id).await, before, "{what}");
        anna.get(SESSION).await.must_fail(401, "not_signed_in");
    }
    assert_eq!(portal.count("SELECT count(*) FROM conversation").await, 0);
}

/// The password was right, and no second factor was there yet when it was checked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_that_comes_in_the_middle_of_a_sign_in_is_asked_for() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let sign_in = json!({ "email": anna.email, "password": PASSWORD });
    let set_up = format!(
        "INSERT INTO totp (account_id, secret, last_step, set_up_at) VALUES ('{0}', '', 0, now());
         DELETE FROM session WHERE account_id = '{0}'",
        anna.id
    );
    // On the device that is known, and on one that is not.
    let stranger = portal.visitor();
    for somebody in [&*anna, &stranger] {
        let request = (Method::POST, SESSION.to_owned(), sign_in.clone());
        let answer = caught(&portal, anna.id, somebody, request, &set_up).await;
        answer.must_fail(401, "credentials_invalid");
        assert_eq!(portal.count("SELECT count(*) FROM session").await, 0);
        portal.execute("DELETE FROM totp").await;
    }
}

/// Sending asks for its session by itself.
#[tokio::test]
async fn a_message_takes_a_living_session() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Muster").await;
    let begun = write_to(&anna, &[&bea], "Anfang").await.must_be(201).json();
    let conversation = id(&begun);
    let visitor = portal.visitor();
    visitor
        .post(&messages_of(&conversation), &json!({ "body": "" }))
        .await
        .must_fail(401, "not_signed_in");

    let used = "SELECT count(*) FROM session s WHERE EXISTS (
        SELECT 1 FROM session o WHERE o.account_id <> s.account_id AND o.last_used_at < s.last_used_at)";
    portal.advance(TimeDelta::seconds(61));
    send(&anna, &conversation, "Use is noted").await.must_be(201);
    assert_eq!(portal.count(used).await, 1);

    for end in [
        "UPDATE session SET last_used_at = last_used_at - interval '31 minutes'",
        "UPDATE session SET expires_at = last_used_at",
        "UPDATE account SET status = 'suspended'",
        "DELETE FROM session",
    ] {
        let somebody = portal.signed_in(&anna.email).await;
        send(&somebody, &conversation, "Guten Tag").await.must_be(201);
        let before = portal.count("SELECT count(*) FROM message").await;
        portal.execute(end).await;
        send(&somebody, &conversation, "Guten Tag")
            .await
            .must_fail(401, "not_signed_in");
        assert_eq!(
            portal.count("SELECT count(*) FROM message").await,
            before,
            "{end}"
        );
        portal.execute("UPDATE account SET status = 'active'").await;
    }
}

#[tokio::test]
async fn saving_revives_neither_an_idle_session_nor_an_old_one() {
    let portal = TestPortal::start().await;
    for hours in [1, 13] {
        let anna = portal.administrator().await;
        let id: Id = anna.cookie("session").unwrap().parse().unwrap();
        let store = SessionStore::new(portal.portal.clone());
        let loaded = store.load(&id).await.unwrap().expect("the session lives");
        portal.advance(TimeDelta::hours(hours));
        store.save(&loaded).await.unwrap();
        assert!(store.load(&id).await.unwrap().is_none(), "after {hours} hours");
    }
}

#[tokio::test]
async fn an_account_that_is_no_longer_active_is_signed_out_everywhere() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for status in ["suspended", "deleted"] {
        portal.set_status(anna.id, status).await;
        anna.get(SESSION).await.must_fail(401, "not_signed_in");
    }
}

#[tokio::test]
async fn people_see_their_own_sessions_and_end_one_or_all_others() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let second = another_session(&portal, &anna).await;
    let third = another_session(&portal, &anna).await;
    let bea = portal.member("Bea", "Beispiel").await;

    let listed = second.get(SESSIONS).await.must_be(200).json();
    let listed = listed["items"].as_array().or(listed.as_array()).unwrap().clone();
    assert_eq!(
        listed
            .iter()
            .map(|session| session["current"] == json!(true))
            .collect::<Vec<_>>(),
        [false, true, false]
    );
    let first = listed[2]["id"].as_str().unwrap().to_owned();

    bea.delete(&format!("{SESSIONS}/{first}"))
        .await
        .must_fail(404, "not_found");
    anna.get(SESSION).await.must_be(200);
    second.delete(&format!("{SESSIONS}/{first}")).await.must_be(204);
    second
        .delete(&format!("{SESSIONS}/{first}"))
        .await
        .must_fail(404, "not_found");
    anna.get(SESSION).await.must_fail(401, "not_signed_in");

    second.delete(SESSIONS).await.must_be(204);
    third.get(SESSION).await.must_fail(401, "not_signed_in");
    second.get(SESSION).await.must_be(200);
    bea.get(SESSION).await.must_be(200);
}
