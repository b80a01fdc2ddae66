//! Receipts: what became of a deletion, for whoever has the code (R16, R24).

use std::{
    io,
    sync::{Arc, Mutex},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use stammtisch::mail::letter::LinkPurpose;

use crate::{
    deletion::delete,
    support::{Person, TestPortal},
    sweep::sweep,
};

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn path(code: &str) -> String {
    format!("/api/v1/deletions/{code}")
}

/// Deletes the account and returns the receipt's code.
async fn deleted(person: &Person) -> String {
    delete(person).await["receipt_code"].as_str().unwrap().to_owned()
}

async fn outcome(portal: &TestPortal, code: &str) -> Value {
    portal.visitor().get(&path(code)).await.must_be(200).json()
}

async fn unknown(portal: &TestPortal, code: &str) {
    portal
        .visitor()
        .get(&path(code))
        .await
        .must_fail(404, "not_found");
}

async fn hold(desk: &Person, person: &Person, order: &Value) -> Value {
    desk.post(&format!("/api/v1/admin/accounts/{}/holds", person.id), order)
        .await
        .must_be(201)
        .json()
}

async fn release(desk: &Person, hold: &Value) {
    let path = format!("/api/v1/admin/holds/{}/release", hold["id"].as_str().unwrap());
    desk.post(&path, &json!({ "reason": "erledigt" }))
        .await
        .must_be(200);
}

#[tokio::test]
async fn a_receipt_says_pending_and_then_erased_for_twelve_months() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let answer = delete(&anna).await;
    let code = answer["receipt_code"].as_str().unwrap();
    let pending =
        json!({ "state": "pending", "erase_by": answer["erase_by"], "erased_at": null, "held": [] });
    assert_eq!(outcome(&portal, code).await, pending);
    portal.advance(TimeDelta::minutes(61));
    assert_eq!(outcome(&portal, code).await, pending);

    sweep(&portal).await;
    let erased = outcome(&portal, code).await;
    assert_eq!(
        (&erased["state"], &erased["erase_by"], &erased["held"]),
        (&json!("erased"), &answer["erase_by"], &json!([]))
    );
    let instant = |value: &Value| value.as_str().unwrap().parse::<DateTime<Utc>>().unwrap();
    let (deleted_at, erased_at) = (instant(&answer["deleted_at"]), instant(&erased["erased_at"]));
    assert!(erased_at >= deleted_at + TimeDelta::minutes(60) && erased_at < deleted_at + TimeDelta::hours(2));

    portal.advance(TimeDelta::days(364));
    assert_eq!(outcome(&portal, code).await, erased);
    portal.advance(TimeDelta::days(1));
    unknown(&portal, code).await;
    assert_eq!(
        portal.count("SELECT count(*) FROM receipt").await,
        1,
        "no sweep has removed it"
    );
}

#[tokio::test]
async fn the_mail_carries_the_code_under_which_the_outcome_is_read() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    delete(&anna).await;
    portal.work().await;
    let mail = portal.mails_to(&anna.email).pop().unwrap();
    let codes: Vec<&str> = mail
        .text
        .lines()
        .map(str::trim)
        .filter(|line| line.len() == 43 && !line.contains(' '))
        .collect();
    let [code] = codes[..] else {
        panic!("one code in {}", mail.text)
    };
    assert_eq!(outcome(&portal, code).await["state"], "pending");
}

#[tokio::test]
async fn what_is_held_is_named_with_basis_and_end_until_it_goes_too() {
    let portal = TestPortal::start().await;
    let (anna, desk) = (
        portal.member("Anna", "Beispiel").await,
        portal.administrator().await,
    );
    let until = (portal.portal.now() + TimeDelta::days(3)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let claim = json!({ "basis": "open_claim", "reference": "Az. 4 O 123/26", "categories": ["messages", "contact"] });
    let norm = json!({ "basis": "statutory_retention", "reference": "§ 147 AO", "categories": ["contact"],
        "expires_at": until });
    let claim = hold(&desk, &anna, &claim).await;
    hold(&desk, &anna, &norm).await;
    let answer = delete(&anna).await;
    let code = answer["receipt_code"].as_str().unwrap();
    let kept = json!([
        { "category": "contact", "basis": "open_claim", "until": null },
        { "category": "contact", "basis": "statutory_retention", "until": until },
        { "category": "messages", "basis": "open_claim", "until": null },
    ]);
    let seen = outcome(&portal, code).await;
    assert_eq!((&seen["state"], &seen["held"]), (&json!("pending"), &kept));
    portal.advance(TimeDelta::minutes(61));
    assert_eq!(
        outcome(&portal, code).await["state"],
        "pending",
        "the rest is not gone before the sweep"
    );
    sweep(&portal).await;
    let seen = portal.visitor().get(&path(code)).await.must_be(200);
    assert!(!seen.text().contains("Az. 4 O") && !seen.text().contains("AO"));
    assert_eq!(
        seen.json(),
        json!({ "state": "held", "erase_by": answer["erase_by"], "erased_at": null, "held": kept })
    );

    let desk = portal.signed_in(&desk.email).await;
    release(&desk, &claim).await;
    let seen = outcome(&portal, code).await;
    assert_eq!(seen["state"], "pending", "the messages are due");
    let kept = json!([{ "category": "contact", "basis": "statutory_retention", "until": until }]);
    assert_eq!(seen["held"], kept);
    sweep(&portal).await;
    let seen = outcome(&portal, code).await;
    assert_eq!((&seen["state"], &seen["held"]), (&json!("held"), &kept));
    assert_eq!(seen["erase_by"], answer["erase_by"]);

    portal.advance(TimeDelta::days(3));
    sweep(&portal).await;
    let seen = outcome(&portal, code).await;
    assert_eq!((&seen["state"], &seen["held"]), (&json!("erased"), &json!([])));
}

#[tokio::test]
async fn an_undisclosed_hold_shows_only_that_something_is_kept_by_law() {
    let portal = TestPortal::start().await;
    let (anna, desk) = (
        portal.member("Anna", "Beispiel").await,
        portal.administrator().await,
    );
    let until = portal.portal.now() + TimeDelta::days(30);
    let quiet = json!({ "basis": "authority_order", "reference": "geheim", "categories": ["messages", "contact"],
        "disclose": false, "expires_at": until });
    hold(&desk, &anna, &quiet).await;
    let answer = delete(&anna).await;
    let code = answer["receipt_code"].as_str().unwrap();
    let by_law = json!({ "category": null, "basis": null, "until": null });
    portal.advance(TimeDelta::minutes(61));
    sweep(&portal).await;
    assert_eq!(
        outcome(&portal, code).await,
        json!({ "state": "held", "erase_by": answer["erase_by"], "erased_at": null, "held": [by_law] }),
        "its end shows nowhere"
    );
    let desk = portal.signed_in(&desk.email).await;
    let open = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["messages"] });
    hold(&desk, &anna, &open).await;
    let told = json!({ "category": "messages", "basis": "open_claim", "until": null });
    assert_eq!(outcome(&portal, code).await["held"], json!([told, by_law]));
}

#[tokio::test]
async fn a_deletion_that_was_undone_has_no_outcome_and_the_next_one_has_its_own() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let undone = deleted(&anna).await;
    portal.work().await;
    let token = portal.link_for(&anna.email, LinkPurpose::Undo);
    portal
        .visitor()
        .post("/api/v1/deletions/undo", &json!({ "token": token }))
        .await
        .must_be(204);
    unknown(&portal, &undone).await;
    let again = deleted(&portal.signed_in(&anna.email).await).await;
    unknown(&portal, &undone).await;
    assert_eq!(outcome(&portal, &again).await["state"], "pending");
    portal.advance(TimeDelta::minutes(61));
    sweep(&portal).await;
    unknown(&portal, &undone).await;
    assert_eq!(outcome(&portal, &again).await["state"], "erased");
}

#[tokio::test]
async fn any_other_code_is_unknown_and_what_cannot_be_one_costs_no_query() {
    let portal = TestPortal::start().await;
    let code = deleted(&portal.member("Anna", "Beispiel").await).await;
    let other = if code.starts_with('A') { "B" } else { "A" };
    unknown(&portal, &format!("{other}{}", &code[1..])).await;
    for malformed in [
        &code[1..],
        &format!("{code}="),
        &format!("{code}A"),
        &format!("%20{code}"),
        "%ff",
        "x",
        "00000000-0000-4000-8000-000000000000",
    ] {
        let (answer, statements) = portal.statements_of(portal.visitor().get(&path(malformed))).await;
        answer.must_fail(404, "not_found");
        assert_eq!(statements, Vec::<String>::new(), "{malformed}");
    }
    let (_, statements) = portal.statements_of(outcome(&portal, &code)).await;
    assert_eq!(statements.len(), 1, "{statements:#?}");
}

#[tokio::test]
async fn the_code_is_never_logged() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let _logging = tracing::subscriber::set_default(subscriber);
    let portal = TestPortal::start().await;
    let code = deleted(&portal.member("Anna", "Beispiel").await).await;
    outcome(&portal, &code).await;
    unknown(&portal, &code.replace(|c: char| c.is_ascii_digit(), "x")).await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("route=\"/api/v1/deletions/{receipt_code}\""),
        "{log}"
    );
    assert!(!log.contains(&code) && !log.contains(&code[..20]), "{log}");
}
