//! Who came in, and who was refused, stands in the audit trail for a while: by id, at most once an hour where somebody
//! tries again and again, and not longer than the account.

use std::process::Command;

use axum::http::Method;
use chrono::TimeDelta;
use sea_orm::FromQueryResult;
use serde_json::json;
use stammtisch::{audit, database::sql};
use uuid::Uuid;

use crate::{
    deletion::delete,
    process::{is_ready, program, serve_with},
    support::{PASSWORD, Person, TestPortal, page},
    sweep::sweep,
    walk::free_port,
};

const SESSION: &str = "/api/v1/session";
const PROOF: &str = "/api/v1/session/proof";

#[derive(Debug, PartialEq, Eq, FromQueryResult)]
struct Event {
    code: String,
    actor_id: Option<Uuid>,
    subject_id: Option<Uuid>,
}

/// What stands in the trail about the account's coming in, oldest first, once the workers have written it.
async fn events(portal: &TestPortal, account: Uuid) -> Vec<Event> {
    portal.work().await;
    Event::find_by_statement(sql(
        "SELECT code, actor_id, subject_id FROM audit_event WHERE account_id = $1 AND code = ANY ($2) ORDER BY at, id",
        [account.into(), audit::ACCESS.map(str::to_owned).to_vec().into()],
    ))
    .all(&portal.portal.database)
    .await
    .unwrap()
}

async fn codes(portal: &TestPortal, account: Uuid) -> Vec<String> {
    let events = events(portal, account).await;
    events.into_iter().map(|event| event.code).collect()
}

async fn current_session(person: &Person) -> Uuid {
    let listed = person.get("/api/v1/sessions").await.must_be(200).json();
    let items = listed["items"].as_array().unwrap();
    let current = items.iter().find(|session| session["current"] == true).unwrap();
    current["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test]
async fn signing_in_and_out_is_written_down_with_the_sessions_id() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let session = current_session(&anna).await;
    let other = portal.signed_in(&anna.email).await;
    let second = current_session(&other).await;
    portal.advance(TimeDelta::seconds(1));
    anna.delete(&format!("/api/v1/sessions/{second}"))
        .await
        .must_be(204);
    portal.advance(TimeDelta::seconds(1));
    anna.submit("/de/sign-out", &[]).await.must_be(303);
    let event = |code: &str, subject| Event {
        code: code.to_owned(),
        actor_id: Some(anna.id),
        subject_id: Some(subject),
    };
    assert_eq!(
        events(&portal, anna.id).await,
        [
            event("session.begun", session),
            event("session.begun", second),
            event("session.ended", second),
            event("session.ended", session),
        ]
    );
    // Nothing is ended twice.
    anna.delete(SESSION).await.must_fail(401, "not_signed_in");
    anna.submit("/de/sign-out", &[]).await.must_be(303);
    assert_eq!(events(&portal, anna.id).await.len(), 4);
}

#[tokio::test]
async fn a_wrong_password_is_written_once_an_hour_and_of_an_unknown_address_nothing() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let all = "SELECT count(*) FROM audit_event";
    let before = portal.count(all).await;
    let try_all = async || {
        for email in [&anna.email, "unknown@example.org", "nonsense"] {
            for _ in 0..3 {
                // A password that is tried again and again waits, too.
                portal
                    .visitor()
                    .sign_in(email, &portal.portal.random.uuid_v4().to_string())
                    .await
                    .must_fail(401, "credentials_invalid");
            }
        }
    };
    try_all().await;
    portal
        .visitor()
        .post(
            "/api/v1/deletions",
            &json!({ "email": anna.email, "password": "auch falsch" }),
        )
        .await
        .must_fail(401, "credentials_invalid");
    portal.work().await;
    assert_eq!(portal.count(all).await, before + 1);
    let refused = events(&portal, anna.id).await.pop().unwrap();
    assert_eq!(
        (refused.code.as_str(), refused.actor_id),
        ("session.refused", None),
        "nobody knows who it was"
    );
    // Another instance notes it as well, and does not write it again.
    let sibling = portal.sibling("").await;
    sibling
        .visitor()
        .sign_in(&anna.email, "falsch")
        .await
        .must_fail(401, "credentials_invalid");
    sibling.work().await;
    assert_eq!(portal.count(all).await, before + 1);

    portal.advance(TimeDelta::minutes(61));
    try_all().await;
    portal.work().await;
    assert_eq!(portal.count(all).await, before + 2);
    // What is refused because it was too often is no try.
    portal.advance(TimeDelta::minutes(61));
    try_all().await;
    portal.work().await;
    while portal.visitor().sign_in(&anna.email, "falsch").await.status != 429 {}
    portal.advance(TimeDelta::minutes(61));
    portal.work().await;
    assert_eq!(portal.count(all).await, before + 3);
}

#[tokio::test]
async fn whoever_was_refused_last_is_written_down_before_the_program_ends() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let port = free_port();
    let mut serving = program(portal.folder(), port);
    serving.env("DATABASE_URL", portal.database_url());
    let serving = serve_with(serving, &portal.folder().with_extension("log"));
    is_ready(port);
    let pair = json!({ "email": anna.email, "password": "falsch" }).to_string();
    let tried = Command::new("curl")
        .args(["-s", "-o", "/dev/null", "-w", "%{http_code}"])
        .args(["-H", "content-type: application/json", "-d", &pair])
        .arg(format!("http://127.0.0.1:{port}{SESSION}"))
        .output()
        .unwrap();
    // No worker need look any more before it is told to end.
    drop(serving);
    assert_eq!(tried.stdout, b"401");
    let written = "SELECT count(*) FROM audit_event WHERE code = 'session.refused'";
    assert_eq!(portal.count(written).await, 1);
}

#[tokio::test]
async fn a_refused_sign_in_asks_the_database_the_same_whether_or_not_the_address_is_known() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let asked = async |email: &str| {
        let visitor = portal.visitor();
        let (answer, asked) = portal.statements_of(visitor.sign_in(email, "falsch")).await;
        answer.must_fail(401, "credentials_invalid");
        asked
    };
    // The first one makes the key of the day.
    asked("somebody@example.org").await;
    assert_eq!(asked(&anna.email).await, asked("unknown@example.org").await);
}

#[tokio::test]
async fn whoever_may_not_sign_in_is_written_down_and_whoever_is_deleted_is_not() {
    let portal = TestPortal::start().await;
    for (name, status, refused) in [
        ("Anna", "suspended", 1),
        ("Bea", "pending", 1),
        ("Cleo", "deleted", 0),
    ] {
        let person = portal.member(name, "Beispiel").await;
        portal.set_status(person.id, status).await;
        for password in [PASSWORD, "falsch"] {
            portal.visitor().sign_in(&person.email, password).await;
        }
        let codes = codes(&portal, person.id).await;
        let count = codes.iter().filter(|code| *code == "session.refused").count();
        assert_eq!(count, refused, "{status}");
    }
}

#[tokio::test]
async fn a_wrong_proof_and_what_takes_another_role_are_written_down_once_an_hour() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for _ in 0..2 {
        anna.post(PROOF, &json!({ "password": "falsch" }))
            .await
            .must_fail(401, "credentials_invalid");
        anna.submit("/de/confirm-identity", &[("password", "falsch")])
            .await
            .must_be(401);
        anna.get("/api/v1/admin/accounts")
            .await
            .must_fail(403, "forbidden");
        anna.get("/de/desk/audit").await.must_be(403);
    }
    let written = events(&portal, anna.id).await;
    let refused: Vec<_> = written
        .iter()
        .filter(|event| event.code.ends_with(".refused"))
        .map(|event| (event.code.as_str(), event.actor_id))
        .collect();
    assert_eq!(
        refused,
        [
            ("proof.refused", Some(anna.id)),
            ("access.refused", Some(anna.id))
        ]
    );
    portal
        .visitor()
        .get("/api/v1/admin/accounts")
        .await
        .must_fail(401, "not_signed_in");
    let nobody = "SELECT count(*) FROM audit_event WHERE code = 'access.refused' AND account_id IS NULL";
    portal.work().await;
    assert_eq!(portal.count(nobody).await, 0);
}

#[tokio::test]
async fn they_end_after_ninety_days_and_what_was_decided_does_not() {
    let portal = TestPortal::start().await;
    let now = portal.portal.now();
    let mut written = audit::ACCESS.to_vec();
    written.push("role.administrator");
    for days in [91, 89] {
        let at = now - TimeDelta::days(days);
        for code in &written {
            let id = portal.portal.random.uuid_v7(at);
            portal
                .execute(&format!(
                    "INSERT INTO audit_event (id, at, code) VALUES ('{id}', '{at}', '{code}')"
                ))
                .await;
        }
    }
    sweep(&portal).await;
    let kept = |days: i64| {
        let ends = now - TimeDelta::days(days) + TimeDelta::hours(1);
        format!("SELECT count(*) FROM audit_event WHERE at < '{ends}'")
    };
    assert_eq!(portal.count(&kept(91)).await, 1, "the role");
    let (both, role) = (audit::ACCESS.len() + 1, 1);
    assert_eq!(portal.count(&kept(89)).await, i64::try_from(both + role).unwrap());
}

#[tokio::test]
async fn they_go_with_the_account_and_from_one_that_is_held_as_well() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let (anna, bea) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Beispiel").await,
    );
    let hold = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["messages"] });
    desk.post(&format!("/api/v1/admin/accounts/{}/holds", bea.id), &hold)
        .await
        .must_be(201);
    for person in [&anna, &bea] {
        portal.visitor().sign_in(&person.email, "falsch").await;
        assert_eq!(
            codes(&portal, person.id).await,
            ["session.begun", "session.refused"]
        );
        delete(person).await;
    }
    // Noted before the erasure, and looked at after it.
    portal.advance(TimeDelta::minutes(61));
    for person in [&anna, &bea] {
        portal.visitor().sign_in(&person.email, "falsch").await;
    }
    let report = sweep(&portal).await;
    assert_eq!((report.erased, report.held), (1, 1));
    for person in [&anna, &bea] {
        assert!(codes(&portal, person.id).await.is_empty());
        let deeds = format!(
            "SELECT count(*) FROM audit_event WHERE account_id = '{}' AND code = 'deletion.requested'",
            person.id
        );
        assert_eq!(portal.count(&deeds).await, 1, "what was decided stays");
    }
    assert!(!codes(&portal, desk.id).await.is_empty());
}

#[tokio::test]
async fn nobody_ends_those_of_an_account_that_is_there() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let ended = format!("SELECT end_access_events(ARRAY['{}'::uuid])", anna.id);
    assert_eq!(portal.count(&ended).await, 0);
    assert_eq!(codes(&portal, anna.id).await, ["session.begun"]);
}

#[tokio::test]
async fn the_desk_finds_them_where_it_asks_for_them_and_nowhere_else() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let officer = portal.staff("data_protection_officer").await;
    let anna = portal.member("Anna", "Beispiel").await;
    anna.get("/de/desk").await.must_be(403);
    portal.work().await;
    let listed = async |kind: &str| {
        let path = format!("/api/v1/admin/audit-events?account_id={}{kind}", anna.id);
        let listed = officer.get(&path).await.must_be(200).json();
        let items = listed["items"].as_array().unwrap().clone();
        let codes = items.iter().map(|item| item["code"].as_str().unwrap().to_owned());
        codes.collect::<Vec<_>>()
    };
    let access = listed("&kind=access").await;
    assert_eq!(access, ["access.refused", "session.begun"]);
    let deeds = listed("&kind=deeds").await;
    assert!(deeds.contains(&"registration.activated".to_owned()), "{deeds:?}");
    assert_eq!(listed("").await.len(), access.len() + deeds.len());
    officer
        .request(Method::GET, "/api/v1/admin/audit-events?kind=x")
        .send()
        .await
        .must_be(422);

    let words = async |path: &str| page::words(&desk.get(path).await.must_be(200).text());
    let (refused, begun) = ("Abgewiesen, weil die Rolle fehlt", "Angemeldet");
    let shown = words("/de/desk/audit?kind=access").await;
    assert!(shown.contains(refused) && shown.contains(begun), "{shown}");
    assert!(words("/de/desk/audit?kind=all").await.contains(refused));
    for without in [
        "/de/desk/audit".to_owned(),
        format!("/de/desk/accounts/{}", anna.id),
    ] {
        let shown = words(&without).await;
        assert!(!shown.contains(refused) && !shown.contains(begun), "{shown}");
    }
    desk.get("/de/desk/audit?kind=x").await.must_be(422);
}
