//! What could do great harm takes a sign-in, or a proof in its session, that is at most five minutes old; the document
//! says so of exactly these operations.

use std::collections::BTreeSet;

use axum::http::Method;
use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    authentication::attributes,
    support::{Client, PASSWORD, Person, Response, TestPortal},
};

const PROOF: &str = "/api/v1/session/proof";

/// Every operation that takes it. Those that carry the password themselves do not.
const PROVED: [&str; 17] = [
    "delete /api/v1/sessions",
    "delete /api/v1/sessions/{id}",
    "get /api/v1/me/export",
    "post /api/v1/me/passkeys",
    "post /api/v1/me/passkeys/options",
    "delete /api/v1/me/passkeys/{id}",
    "post /api/v1/me/second-factor/totp",
    "post /api/v1/me/second-factor/totp/confirm",
    "delete /api/v1/me/second-factor/totp",
    "post /api/v1/me/second-factor/recovery-codes",
    "post /api/v1/admin/accounts/{id}/second-factor/removal",
    "post /api/v1/admin/accounts/{id}/deletion",
    "post /api/v1/admin/accounts/{id}/holds",
    "put /api/v1/admin/accounts/{id}/role",
    "post /api/v1/admin/holds/{id}/review",
    "post /api/v1/admin/holds/{id}/release",
    "delete /api/v1/admin/holds/{id}/release",
];

/// Of what carries the password itself the document says that it takes more only then (`second_factor.rs` asks).
const WHERE_THERE_IS_A_SECOND_FACTOR: &str = "`proof_required` where the account has a second factor";

/// Operations that begin, prove or end the session by which the others are asked.
const ABOUT_THE_SESSION: [&str; 3] = [
    "post /api/v1/session",
    "post /api/v1/session/proof",
    "delete /api/v1/session",
];

async fn prove(person: &Person, password: &str) -> Response {
    person.post(PROOF, &json!({ "password": password })).await
}

fn asks_for_proof(answer: &Response) -> bool {
    answer.status == 403 && answer.json()["code"] == "proof_required"
}

/// Asks for what is there, and of what is written the example of the document.
async fn ask(person: &Person, document: &Value, method: &str, path: &str) -> Response {
    let segments = path.split('/').map(|segment| match segment.strip_prefix('{') {
        Some(_) => Uuid::max().to_string(),
        None => segment.to_owned(),
    });
    let address = segments.collect::<Vec<_>>().join("/");
    let method: Method = method.to_uppercase().parse().unwrap();
    let request = person.request(method.clone(), &address);
    let operation = &document["paths"][path][method.as_str().to_lowercase()];
    let content = operation["requestBody"]["content"].as_object();
    let Some((kind, body)) = content.and_then(|content| content.iter().next()) else {
        return request.send().await;
    };
    let reference = body["schema"]["$ref"].as_str().unwrap_or_default();
    let schema = document.pointer(reference.trim_start_matches('#'));
    let example = schema.map(|schema| schema["example"].to_string());
    request
        .header("content-type", kind)
        .body(example.unwrap_or_else(|| "{}".to_owned()))
        .send()
        .await
}

#[tokio::test]
async fn the_document_says_of_exactly_these_operations_that_they_take_a_proof() {
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let desk = portal.administrator().await;
    let document = desk.get("/api/openapi.json").await.must_be(200).json();
    portal.advance(TimeDelta::minutes(6));
    let (mut asked, mut documented) = (BTreeSet::new(), BTreeSet::new());
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = format!("{method} {path}");
            let refused = operation["responses"]["403"]["description"].as_str();
            let refused = refused.unwrap_or_default();
            if refused.contains("`proof_required`") && !refused.contains(WHERE_THERE_IS_A_SECOND_FACTOR) {
                documented.insert(name.clone());
            }
            if ABOUT_THE_SESSION.contains(&name.as_str()) || path.starts_with("/health/") {
                continue;
            }
            let answer = ask(&desk, &document, method, path).await;
            if answer.status == 403 && asks_for_proof(&answer) {
                asked.insert(name);
            }
        }
    }
    let expected: BTreeSet<String> = PROVED.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(asked, expected, "what is asked for a proof");
    assert_eq!(documented, expected, "of what the document says so");
    desk.get("/api/v1/session").await.must_be(200);
}

#[tokio::test]
async fn a_sign_in_is_good_for_five_minutes_and_a_proof_for_five_more() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let export = async || anna.get("/api/v1/me/export").await;
    portal.advance(TimeDelta::seconds(290));
    export().await.must_be(200);
    portal.advance(TimeDelta::seconds(11));
    export().await.must_fail(403, "proof_required");
    // Being there is no proof.
    anna.get("/api/v1/me").await.must_be(200);
    export().await.must_fail(403, "proof_required");
    prove(&anna, "falsch").await.must_fail(401, "credentials_invalid");
    export().await.must_fail(403, "proof_required");

    prove(&anna, PASSWORD).await.must_be(204);
    export().await.must_be(200);
    portal.advance(TimeDelta::seconds(290));
    export().await.must_be(200);
    portal.advance(TimeDelta::seconds(11));
    export().await.must_fail(403, "proof_required");
    portal
        .visitor()
        .post(PROOF, &json!({ "password": PASSWORD }))
        .await
        .must_fail(401, "not_signed_in");
    anna.post(PROOF, &json!({}))
        .await
        .must_refuse(&["password: required"]);
}

/// The window of somebody who got hold of the key before.
fn with_key(portal: &TestPortal, key: &str) -> Client {
    let window = portal.visitor();
    window.set_cookie("session", key);
    window
}

#[tokio::test]
async fn whoever_proves_who_they_are_gets_another_key_and_the_one_before_is_nobodys() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let session = "SELECT id FROM session";
    let id: Uuid = portal.scalar(session).await;
    let new = "sieben gruene Lampen am Markt";
    let change = json!({ "current_password": PASSWORD, "new_password": new });
    for way in ["api", "page", "password", "password page"] {
        let old = anna.cookie("session").unwrap();
        let form = [("current_password", new), ("new_password", PASSWORD)];
        let answer = match way {
            "api" => prove(&anna, PASSWORD).await.must_be(204),
            "page" => {
                let answer = anna.submit("/de/confirm-identity", &[("password", PASSWORD)]);
                answer.await.must_be(303)
            }
            "password" => anna.put("/api/v1/me/password", &change).await.must_be(204),
            _ => anna.submit("/de/account/password", &form).await.must_be(303),
        };
        assert_eq!(
            attributes(&answer, "session"),
            ["HttpOnly", "Path=/", "SameSite=Lax"],
            "{way}"
        );
        assert_ne!(anna.cookie("session").unwrap(), old, "{way}");
        anna.get("/api/v1/me").await.must_be(200);
        let refused = with_key(&portal, &old).get("/api/v1/me").await;
        // It may be another window's, which is not to forget the new one: the cookie is the same.
        assert!(refused.header("set-cookie").is_none(), "{way}");
        refused.must_fail(401, "not_signed_in");
        assert_eq!(portal.scalar::<Uuid>(session).await, id, "the session goes on");
    }
    let wrong = prove(&anna, "falsch").await;
    assert!(wrong.header("set-cookie").is_none());
}

#[tokio::test]
async fn under_https_the_new_key_is_bound_to_the_host() {
    let portal = TestPortal::with("server.public_url = 'https://portal.example'").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let answer = prove(&anna, PASSWORD).await.must_be(204);
    assert_eq!(
        attributes(&answer, "__Host-session"),
        ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]
    );
    anna.get("/api/v1/me").await.must_be(200);
}

#[tokio::test]
async fn signing_out_takes_no_proof_and_ending_other_sessions_does() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let other = portal.signed_in(&anna.email).await;
    let ids: Vec<Uuid> = portal.column("SELECT id FROM session ORDER BY id").await;
    portal.advance(TimeDelta::minutes(6));
    let one = format!("/api/v1/sessions/{}", ids[1]);
    for path in ["/api/v1/sessions", &one] {
        anna.delete(path).await.must_fail(403, "proof_required");
    }
    anna.get("/api/v1/sessions").await.must_be(200);
    other.get("/api/v1/me").await.must_be(200);
    prove(&anna, PASSWORD).await.must_be(204);
    anna.delete(&one).await.must_be(204);
    other.get("/api/v1/me").await.must_fail(401, "not_signed_in");
    portal.advance(TimeDelta::minutes(6));
    anna.delete("/api/v1/session").await.must_be(204);
}

#[tokio::test]
async fn a_proof_is_good_in_its_own_session_alone() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let stolen = portal.signed_in(&anna.email).await;
    portal.advance(TimeDelta::minutes(6));
    prove(&anna, PASSWORD).await.must_be(204);
    anna.get("/api/v1/me/export").await.must_be(200);
    stolen
        .get("/api/v1/me/export")
        .await
        .must_fail(403, "proof_required");
}

#[tokio::test]
async fn without_a_proof_nothing_is_done_by_the_desk() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let account = format!("/api/v1/admin/accounts/{}", anna.id);
    let order = json!({ "basis": "open_claim", "reference": "Az. 1" });
    let hold = desk.post(&format!("{account}/holds"), &order).await.must_be(201);
    let hold = format!("/api/v1/admin/holds/{}", hold.json()["id"].as_str().unwrap());
    portal.advance(TimeDelta::minutes(6));
    let before = (portal.row_counts().await, portal.rows_of(anna.id).await);
    let reason = json!({ "reason": "x" });
    for (path, body) in [
        (format!("{account}/holds"), &order),
        (format!("{account}/deletion"), &reason),
        (format!("{hold}/release"), &reason),
        (
            format!("{hold}/review"),
            &json!({ "reason": "x", "review_at": portal.portal.now() + TimeDelta::days(1) }),
        ),
    ] {
        desk.post(&path, body).await.must_fail(403, "proof_required");
    }
    desk.put(&format!("{account}/role"), &json!({ "role": "administrator" }))
        .await
        .must_fail(403, "proof_required");
    desk.delete(&format!("{hold}/release"))
        .await
        .must_fail(403, "proof_required");
    assert_eq!((portal.row_counts().await, portal.rows_of(anna.id).await), before);
    // What takes no proof goes on, and who may not do it at all is told that.
    desk.get(&format!("{account}/holds")).await.must_be(200);
    desk.post(&format!("{account}/suspend"), &json!({}))
        .await
        .must_be(204);
    let bert = portal.member("Bert", "Muster").await;
    portal.advance(TimeDelta::minutes(6));
    bert.post(&format!("{account}/holds"), &order)
        .await
        .must_fail(403, "forbidden");
    desk.prove().await;
    desk.post(&format!("{hold}/release"), &reason).await.must_be(200);
}

#[tokio::test]
async fn a_request_that_carries_the_password_is_its_own_proof() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal.advance(TimeDelta::minutes(6));
    let other = "sieben gruene Lampen am Markt";
    anna.post(
        "/api/v1/me/email-change",
        &json!({ "email": "neu@example.org", "password": PASSWORD }),
    )
    .await
    .must_be(202);
    anna.put(
        "/api/v1/me/password",
        &json!({ "current_password": PASSWORD, "new_password": other }),
    )
    .await
    .must_be(204);
    prove(&anna, PASSWORD).await.must_fail(401, "credentials_invalid");
    prove(&anna, other).await.must_be(204);
    portal.advance(TimeDelta::minutes(6));
    anna.post("/api/v1/me/deletion", &json!({ "password": other }))
        .await
        .must_be(202);
    prove(&anna, other).await.must_fail(401, "not_signed_in");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_password_that_is_replaced_while_it_is_checked_proves_nothing() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal.advance(TimeDelta::minutes(6));
    for (meanwhile, code) in [
        (
            "UPDATE credential SET version = version + 1",
            "credentials_invalid",
        ),
        ("DELETE FROM session", "not_signed_in"),
    ] {
        let holder = portal.hold_row(anna.id).await;
        let change = async {
            portal.until_something_waits().await;
            holder.execute_unprepared(meanwhile).await.unwrap();
            holder.commit().await.unwrap();
        };
        let (answer, ()) = tokio::join!(prove(&anna, PASSWORD), change);
        answer.must_fail(401, code);
        let proved = format!(
            "SELECT count(*) FROM session WHERE proved_at > '{}'",
            portal.portal.now() - TimeDelta::minutes(5)
        );
        assert_eq!(portal.count(&proved).await, 0);
    }
}
