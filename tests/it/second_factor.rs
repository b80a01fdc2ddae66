//! An authenticator app and recovery codes: set up once, asked for at every sign-in, good once, and never passed by.

use chrono::TimeDelta;
use serde_json::{Value, json};
use stammtisch::mail::letter::LinkPurpose;
use tokio::task::JoinSet;

use crate::support::{
    PASSWORD, Person, TestPortal,
    factors::{FACTORS, SESSION},
};

const OTHER: &str = "sieben gruene Lampen am Markt";
/// A step of an app, after which it shows another code.
const STEP: TimeDelta = TimeDelta::seconds(30);

async fn overview(person: &Person) -> Value {
    person.get(FACTORS).await.must_be(200).json()
}

async fn with_app(portal: &TestPortal) -> (Person, crate::support::factors::App, Vec<String>) {
    let anna = portal.member("Anna", "Beispiel").await;
    let (app, codes) = anna.set_up_app(portal).await;
    portal.advance(STEP);
    (anna, app, codes)
}

/// What mails about factors to the address say, by their subjects.
fn told(portal: &TestPortal, email: &str) -> Vec<String> {
    let mails = portal.mails_to(email);
    mails
        .into_iter()
        .map(|mail| mail.subject)
        .filter(|subject| {
            ["app", "code", "factor"]
                .iter()
                .any(|word| subject.contains(word))
        })
        .collect()
}

#[tokio::test]
async fn an_app_is_set_up_by_its_first_code_and_other_sessions_end() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let elsewhere = portal.signed_in(&anna.email).await;
    let totp = format!("{FACTORS}/totp");
    let begun = anna.post(&totp, &json!({})).await.must_be(200).json();
    assert_eq!(overview(&anna).await["totp_since"], Value::Null);
    let app = crate::support::factors::App::reading(begun["uri"].as_str().unwrap());
    assert!(
        begun["uri"]
            .as_str()
            .unwrap()
            .contains(begun["secret"].as_str().unwrap())
    );

    let confirm = async |person: &Person, code: &str| {
        let body = json!({ "ceremony": begun["ceremony"], "code": code });
        person.post(&format!("{totp}/confirm"), &body).await
    };
    for wrong in ["000000", "", "abc"] {
        confirm(&anna, wrong).await.must_fail(401, "code_invalid");
    }
    elsewhere.get(SESSION).await.must_be(200);
    let bert = portal.member("Bert", "Muster").await;
    confirm(&bert, &app.code(&portal))
        .await
        .must_fail(410, "ceremony_invalid");

    let done = confirm(&anna, &app.code(&portal)).await.must_be(200).json();
    let codes = done["recovery_codes"].as_array().unwrap();
    assert_eq!(codes.len(), 10);
    elsewhere.get(SESSION).await.must_fail(401, "not_signed_in");
    anna.get(SESSION).await.must_be(200);
    confirm(&anna, &app.code(&portal))
        .await
        .must_fail(410, "ceremony_invalid");
    anna.post(&totp, &json!({})).await.must_fail(409, "factor_exists");
    let own = overview(&anna).await;
    assert_eq!(
        (&own["recovery_codes"], &own["passkeys"]),
        (&json!(10), &json!(0))
    );
    assert!(own["totp_since"].is_string());
    portal.work().await;
    assert_eq!(told(&portal, &anna.email), ["Authenticator app set up"]);
}

#[tokio::test]
async fn what_was_begun_is_good_for_ten_minutes() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let totp = format!("{FACTORS}/totp");
    let begun = anna.post(&totp, &json!({})).await.must_be(200).json();
    let app = crate::support::factors::App::reading(begun["uri"].as_str().unwrap());
    portal.advance(TimeDelta::minutes(10));
    anna.prove().await;
    let body = json!({ "ceremony": begun["ceremony"], "code": app.code(&portal) });
    anna.post(&format!("{totp}/confirm"), &body)
        .await
        .must_fail(410, "ceremony_invalid");
    let (anna, app, _) = {
        let (app, codes) = anna.set_up_app(&portal).await;
        (anna, app, codes)
    };
    portal.advance(STEP);
    let visitor = portal.visitor();
    let ticket = visitor.first_step(&anna.email, PASSWORD).await;
    portal.advance(TimeDelta::minutes(10));
    visitor
        .second_step(&ticket, &app.code(&portal))
        .await
        .must_fail(410, "ceremony_invalid");
}

#[tokio::test]
async fn a_sign_in_takes_a_code_and_each_code_is_good_once() {
    let portal = TestPortal::start().await;
    let (anna, app, _) = with_app(&portal).await;
    let visitor = portal.visitor();
    let answer = visitor.sign_in(&anna.email, PASSWORD).await.must_be(202).json();
    assert_eq!(answer["second_step"]["methods"], json!(["totp", "recovery_code"]));
    let ticket = answer["second_step"]["ticket"].as_str().unwrap().to_owned();
    visitor.get(SESSION).await.must_fail(401, "not_signed_in");
    for nonsense in ["", "x", &"A".repeat(43)] {
        visitor
            .second_step(nonsense, &app.code(&portal))
            .await
            .must_fail(410, "ceremony_invalid");
    }
    visitor
        .second_step(&ticket, "000000")
        .await
        .must_fail(401, "code_invalid");
    let code = app.code(&portal);
    let (start, end) = code.split_at(3);
    let signed_in = visitor
        .second_step(&ticket, &format!(" {start} {end}"))
        .await
        .must_be(200)
        .json();
    assert_eq!(signed_in["account"]["id"], anna.id.to_string());
    visitor.get("/api/v1/me").await.must_be(200);
    // The ticket is used up, and so is the code, and each of the steps before it.
    portal
        .visitor()
        .second_step(&ticket, &code)
        .await
        .must_fail(410, "ceremony_invalid");
    let other = portal.visitor();
    other
        .sign_in_with(&anna.email, &code)
        .await
        .must_fail(401, "code_invalid");
    portal.advance(STEP);
    other
        .sign_in_with(&anna.email, &app.code(&portal))
        .await
        .must_be(200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_one_gets_in_with_a_code() {
    let portal = TestPortal::with("limits.enabled = false").await;
    let (anna, app, codes) = with_app(&portal).await;
    for code in [app.code(&portal), codes[0].clone()] {
        let mut tries = JoinSet::new();
        for _ in 0..8 {
            let visitor = portal.visitor();
            let ticket = visitor.first_step(&anna.email, PASSWORD).await;
            let code = code.clone();
            tries.spawn(async move { visitor.second_step(&ticket, &code).await.status.as_u16() });
        }
        let mut answers = tries.join_all().await;
        answers.sort_unstable();
        assert_eq!(answers, [200, 401, 401, 401, 401, 401, 401, 401]);
    }
}

#[tokio::test]
async fn a_recovery_code_is_good_once_and_its_use_is_told() {
    let portal = TestPortal::start().await;
    let (anna, _, codes) = with_app(&portal).await;
    let visitor = portal.visitor();
    visitor
        .sign_in_with(&anna.email, &codes[3].to_uppercase().replace('-', " "))
        .await
        .must_be(200);
    portal
        .visitor()
        .sign_in_with(&anna.email, &codes[3])
        .await
        .must_fail(401, "code_invalid");
    assert_eq!(overview(&anna).await["recovery_codes"], 9);
    let bert = portal.member("Bert", "Muster").await;
    bert.set_up_app(&portal).await;
    portal
        .visitor()
        .sign_in_with(&bert.email, &codes[4])
        .await
        .must_fail(401, "code_invalid");

    let made = anna
        .post(&format!("{FACTORS}/recovery-codes"), &json!({}))
        .await
        .must_be(200)
        .json();
    assert_eq!(made["recovery_codes"].as_array().unwrap().len(), 10);
    portal
        .visitor()
        .sign_in_with(&anna.email, &codes[4])
        .await
        .must_fail(401, "code_invalid");
    let new = made["recovery_codes"][0].as_str().unwrap();
    portal.visitor().sign_in_with(&anna.email, new).await.must_be(200);
    portal.work().await;
    assert_eq!(
        told(&portal, &anna.email),
        [
            "Authenticator app set up",
            "Recovery code used",
            "New recovery codes",
            "Recovery code used"
        ]
    );
}

#[tokio::test]
async fn a_password_that_is_reset_leaves_the_second_factor_in_place() {
    let portal = TestPortal::start().await;
    let (anna, app, _) = with_app(&portal).await;
    let visitor = portal.visitor();
    let before = visitor.first_step(&anna.email, PASSWORD).await;
    visitor
        .post("/api/v1/password-resets", &json!({ "email": anna.email }))
        .await
        .must_be(202);
    portal.work().await;
    let token = portal.link_for(&anna.email, LinkPurpose::Reset);
    let reset = json!({ "token": token, "password": OTHER });
    visitor
        .post("/api/v1/password-resets/confirm", &reset)
        .await
        .must_be(204);
    // A first step that was taken with the old password leads nowhere.
    visitor
        .second_step(&before, &app.code(&portal))
        .await
        .must_fail(401, "credentials_invalid");
    portal.advance(STEP);
    let ticket = visitor.first_step(&anna.email, OTHER).await;
    visitor
        .second_step(&ticket, &app.code(&portal))
        .await
        .must_be(200);
}

#[tokio::test]
async fn codes_cannot_be_guessed_however_many_first_steps_are_taken() {
    let portal = TestPortal::start().await;
    let (anna, app, codes) = with_app(&portal).await;
    let thief = portal.visitor();
    let mut tried = 0;
    let refused = loop {
        let ticket = thief.first_step(&anna.email, PASSWORD).await;
        let answer = thief.second_step(&ticket, "000000").await;
        if answer.status == 429 {
            break answer;
        }
        answer.must_fail(401, "code_invalid");
        tried += 1;
        assert!(tried < 20, "nobody was refused");
    };
    assert_eq!(tried, 6);
    assert_eq!(refused.header("retry-after"), Some("2"));
    // A refusal uses nothing up, neither the ticket nor the code.
    let visitor = portal.visitor();
    let ticket = visitor.first_step(&anna.email, PASSWORD).await;
    visitor
        .second_step(&ticket, &codes[0])
        .await
        .must_fail(429, "rate_limited");
    portal.advance(TimeDelta::seconds(2));
    visitor.second_step(&ticket, &codes[0]).await.must_be(200);
    // Whoever got in begins anew.
    portal.advance(STEP);
    portal
        .visitor()
        .sign_in_with(&anna.email, &app.code(&portal))
        .await
        .must_be(200);
}

#[tokio::test]
async fn where_there_is_a_second_factor_a_password_is_no_proof() {
    let portal = TestPortal::start().await;
    let (anna, app, _) = with_app(&portal).await;
    portal.advance(TimeDelta::minutes(6));
    let email = json!({ "email": "neu@example.org", "password": PASSWORD });
    let password = json!({ "current_password": PASSWORD, "new_password": OTHER });
    anna.post("/api/v1/me/email-change", &email)
        .await
        .must_fail(403, "proof_required");
    anna.put("/api/v1/me/password", &password)
        .await
        .must_fail(403, "proof_required");
    anna.post("/api/v1/me/deletion", &json!({ "password": PASSWORD }))
        .await
        .must_fail(403, "proof_required");
    anna.delete(&format!("{FACTORS}/totp"))
        .await
        .must_fail(403, "proof_required");

    let prove = async |code: Option<&str>| {
        let body = json!({ "password": PASSWORD, "code": code });
        anna.post("/api/v1/session/proof", &body).await
    };
    prove(None).await.must_refuse(&["code: required"]);
    prove(Some("000000")).await.must_fail(401, "code_invalid");
    anna.put("/api/v1/me/password", &password)
        .await
        .must_fail(403, "proof_required");
    prove(Some(&app.code(&portal))).await.must_be(204);
    anna.post("/api/v1/me/email-change", &email).await.must_be(202);
    anna.put("/api/v1/me/password", &password).await.must_be(204);
    anna.post("/api/v1/me/deletion", &json!({ "password": OTHER }))
        .await
        .must_be(202);
}

#[tokio::test]
async fn without_a_session_a_deletion_takes_the_code_of_whoever_could_sign_in() {
    let portal = TestPortal::start().await;
    let (anna, app, _) = with_app(&portal).await;
    let delete = async |code: Option<&str>| {
        let body = json!({ "email": anna.email, "password": PASSWORD, "code": code });
        portal.visitor().post("/api/v1/deletions", &body).await
    };
    delete(None).await.must_refuse(&["code: required"]);
    delete(Some("000000")).await.must_fail(401, "code_invalid");
    // Whoever cannot sign in has nothing but the password.
    portal.set_status(anna.id, "suspended").await;
    let suspended = portal
        .count("SELECT count(*) FROM account WHERE status = 'suspended'")
        .await;
    assert_eq!(suspended, 1);
    portal.set_status(anna.id, "active").await;
    delete(Some(&app.code(&portal))).await.must_be(202);

    let bert = portal.member("Bert", "Muster").await;
    bert.set_up_app(&portal).await;
    portal.set_status(bert.id, "suspended").await;
    let body = json!({ "email": bert.email, "password": PASSWORD });
    portal
        .visitor()
        .post("/api/v1/deletions", &body)
        .await
        .must_be(202);
}

#[tokio::test]
async fn whoever_removes_their_app_signs_in_with_a_password_again() {
    let portal = TestPortal::start().await;
    let (anna, app, codes) = with_app(&portal).await;
    let ticket = portal.visitor().first_step(&anna.email, PASSWORD).await;
    anna.delete(&format!("{FACTORS}/totp")).await.must_be(204);
    anna.delete(&format!("{FACTORS}/totp"))
        .await
        .must_fail(404, "not_found");
    for code in [&app.code(&portal), &codes[0]] {
        portal
            .visitor()
            .second_step(&ticket, code)
            .await
            .must_fail(410, "ceremony_invalid");
    }
    anna.post(&format!("{FACTORS}/recovery-codes"), &json!({}))
        .await
        .must_fail(409, "no_second_factor");
    assert_eq!(overview(&anna).await["recovery_codes"], 0);
    portal.visitor().sign_in(&anna.email, PASSWORD).await.must_be(200);
    portal.work().await;
    assert_eq!(
        told(&portal, &anna.email),
        ["Authenticator app set up", "Authenticator app removed"]
    );
}

#[tokio::test]
async fn what_is_stored_tells_no_code_and_a_copy_tells_no_secret() {
    let portal = TestPortal::start().await;
    let (anna, _, codes) = with_app(&portal).await;
    portal.visitor().first_step(&anna.email, PASSWORD).await;
    let rows = portal.rows_of(anna.id).await.join("\n");
    for table in ["totp", "recovery_code", "ceremony"] {
        assert!(rows.contains(table), "{table} holds something of hers");
    }
    let copy = anna.get("/api/v1/me/export").await.must_be(200).json();
    assert!(copy["credentials"]["totp"][0]["set_up_at"].is_string());
    let copy = copy.to_string();
    for hidden in codes
        .iter()
        .map(|code| code.replace('-', ""))
        .chain(codes.clone())
    {
        assert!(!rows.contains(&hidden) && !copy.contains(&hidden));
    }
    for column in ["secret", "last_step", "code_hash", "state"] {
        assert!(!copy.contains(&format!("\"{column}\"")), "{column}");
    }
}
