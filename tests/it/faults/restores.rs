//! Restored backups (R20), made with `pg_dump` and `pg_restore`: nobody is served until the database is where the
//! ledger says it was, and nothing that was erased comes back.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use stammtisch::{
    erasure::{
        guard,
        reconcile::{Summary, reconcile},
        sweep::{SweepError, sweep as run_sweep},
    },
    ledger::{self, Event, LedgerError, files::Extent, heads},
    mail::letter::LinkPurpose,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{
    deletion::delete,
    messaging::{bodies, id, messages_of, send, write_to},
    support::{PASSWORD, Person, TestPortal, backup::Backup, faults::Seen},
    sweep::sweep,
};

/// A portal, its administrator, and when each of its people did what is decided by the tests.
pub(super) struct Town {
    pub portal: TestPortal,
    pub desk: Person,
}

impl Town {
    pub async fn found() -> Self {
        Self::found_with("sessions.idle = '12h'").await
    }

    pub async fn found_with(toml: &str) -> Self {
        let portal = TestPortal::with(toml).await;
        let desk = portal.administrator().await;
        let town = Self { portal, desk };
        // As a start does, so that the installation has its id before the first backup.
        town.settle().await;
        town
    }

    pub async fn hold(&self, person: &Person, categories: &[&str]) -> String {
        let order = json!({ "basis": "authority_order", "reference": "Az. 7", "categories": categories, "disclose": false });
        let path = format!("/api/v1/admin/accounts/{}/holds", person.id);
        self.desk.prove().await;
        id(&self.desk.post(&path, &order).await.must_be(201).json())
    }

    pub async fn release(&self, hold: &str) {
        let path = format!("/api/v1/admin/holds/{hold}/release");
        self.desk.prove().await;
        self.desk
            .post(&path, &json!({ "reason": "erledigt" }))
            .await
            .must_be(200);
    }

    pub async fn undo(&self, person: &Person) {
        self.portal.work().await;
        let token = self.portal.link_for(&person.email, LinkPurpose::Undo);
        undo(&self.portal, &token).await.must_be(204);
    }

    /// Everything so far stands in the files, as in `serve` a second later.
    pub async fn settle(&self) {
        let settled = self
            .portal
            .portal
            .ledger
            .settle(&self.portal.portal.database, Extent::New)
            .await;
        settled.expect("the ledger is settled");
        self.portal.portal.ledger.release().await;
    }

    /// The backup comes back, and its ledger is ahead of it.
    pub async fn restore(&self, backup: &Backup) -> TestPortal {
        self.settle().await;
        let restored = self.portal.restored(backup).await;
        let settled = restored
            .portal
            .ledger
            .settle(&restored.portal.database, Extent::Whole)
            .await;
        assert!(matches!(settled, Err(LedgerError::Older)), "{settled:?}");
        restored
    }
}

async fn undo(portal: &TestPortal, token: &str) -> crate::support::Response {
    portal
        .visitor()
        .post("/api/v1/deletions/undo", &json!({ "token": token }))
        .await
}

pub(super) async fn bring_up(portal: &TestPortal) -> Summary {
    reconcile(&portal.portal)
        .await
        .expect("the database is reconciled")
        .expect("there was something to do")
}

pub(super) async fn status(portal: &TestPortal, account: Uuid) -> Option<String> {
    let status = format!("SELECT status FROM account WHERE id = '{account}'");
    portal.column::<String>(&status).await.pop()
}

pub(super) async fn instants(portal: &TestPortal, account: Uuid) -> Vec<Option<DateTime<Utc>>> {
    let mut found = Vec::new();
    for column in ["deleted_at", "undo_until", "erase_by", "due_at"] {
        let instant = format!("SELECT {column} FROM account WHERE id = '{account}'");
        found.push(portal.scalar(&instant).await);
    }
    found
}

#[tokio::test]
async fn until_it_is_reconciled_a_restored_database_serves_sends_and_sweeps_nothing() {
    let town = Town::found().await;
    let anna = town.portal.member("Anna", "Beispiel").await;
    let backup = town.portal.backup();
    anna.post("/api/v1/password-resets", &json!({ "email": anna.email }))
        .await
        .must_be(202);
    delete(&anna).await;
    let restored = town.restore(&backup).await;

    let visitor = restored.visitor();
    for path in [
        "/api/v1/terms",
        "/api/docs/",
        "/api/openapi.json",
        "/nowhere",
        "/",
    ] {
        visitor.get(path).await.must_fail(503, "not_reconciled");
    }
    visitor
        .sign_in(&anna.email, PASSWORD)
        .await
        .must_fail(503, "not_reconciled");
    visitor.get("/health/live").await.must_be(200);
    let ready = visitor.get("/health/ready").await.must_be(503).json();
    assert_eq!(ready["status"], "unavailable");
    let swept = run_sweep(&restored.portal, &CancellationToken::new()).await;
    assert!(
        matches!(swept, Err(SweepError::Ledger(LedgerError::Older))),
        "{swept:?}"
    );

    let summary = bring_up(&restored).await;
    assert_eq!((summary.requests, summary.erased.len()), (1, 0));
    visitor.get("/api/v1/terms").await.must_be(200);
    visitor.get("/health/ready").await.must_be(200);
    assert_eq!(reconcile(&restored.portal).await.unwrap(), None, "once is enough");
    assert_eq!(town.portal.ledger_events("reconciled").len(), 1);
    let mut seen = Seen::by("restores: before it is reconciled");
    seen.note("served nobody before it was reconciled");
}

#[tokio::test]
async fn what_was_erased_after_the_backup_is_erased_again_and_recorded_once() {
    let town = Town::found().await;
    let portal = &town.portal;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let kurt = portal.member("Kurt", "Zweimal").await;
    write_to(&anna, &[&bert], "Guten Tag Bert").await.must_be(201);
    let receipt = delete(&anna).await["receipt_code"].clone();
    town.hold(&kurt, &["contact"]).await;
    delete(&kurt).await;
    portal.advance(chrono::TimeDelta::minutes(30));
    // Kurt's deletion cannot be undone any more, so his address may be registered again.
    portal.advance(chrono::TimeDelta::minutes(31));
    let again = portal.register(&kurt.email, "Kurt", "Nocheinmal").await;
    assert_eq!(again.must_be(200).json()["status"], "active");
    let again = portal.signed_in(&kurt.email).await;
    let backup = portal.backup();
    let before = portal.rows_of(again.id).await;

    sweep(portal).await;
    let holds: Vec<String> = portal.column("SELECT id::text FROM hold").await;
    town.release(&holds[0]).await;
    sweep(portal).await;
    assert_eq!(status(portal, anna.id).await, None);
    assert_eq!(status(portal, kurt.id).await, None);
    let erased_at: DateTime<Utc> = portal
        .scalar(&format!(
            "SELECT at FROM audit_event WHERE account_id = '{}' AND code = 'account.erased'",
            anna.id
        ))
        .await;

    portal.advance(chrono::TimeDelta::hours(3));
    let restored = town.restore(&backup).await;
    assert!(
        !restored.places_of("Beispiel").await.is_empty(),
        "the backup has it"
    );
    let summary = bring_up(&restored).await;
    assert_eq!(summary.erased.len(), 2);
    assert_eq!(restored.places_of("Guten Tag Bert").await, Vec::<String>::new());
    for gone in [anna.id, kurt.id] {
        assert_eq!(status(&restored, gone).await, None);
        let lines = restored.ledger_events("erased");
        let own = lines.iter().filter(|line| line["account_id"] == gone.to_string());
        assert_eq!(own.count(), 1, "recorded once");
        let path = format!("/api/v1/admin/accounts/{gone}/holds");
        let desk = restored.signed_in(&town.desk.email).await;
        desk.post(&path, &json!({ "basis": "open_claim", "reference": "zu spät" }))
            .await
            .must_fail(409, "already_erased");
    }
    let own_rows = |rows: Vec<String>| -> Vec<String> {
        // Sessions end with the restore; signing in begins another.
        rows.into_iter()
            .filter(|row| !row.starts_with("session"))
            .collect()
    };
    assert_eq!(
        own_rows(restored.rows_of(again.id).await),
        own_rows(before),
        "who registered again is untouched"
    );
    let told = format!("/api/v1/deletions/{}", receipt.as_str().unwrap());
    let told = restored.visitor().get(&told).await.must_be(200).json();
    assert_eq!(told["state"], "erased");
    assert_eq!(
        told["erased_at"]
            .as_str()
            .unwrap()
            .parse::<DateTime<Utc>>()
            .unwrap(),
        erased_at
    );
    let mut seen = Seen::by("restores: erased after the backup");
    seen.note_many("accounts erased again, recorded once", 2);
    seen.note("registered again with the same address, untouched");
}

#[tokio::test]
async fn requests_undos_holds_and_releases_after_the_backup_stand_as_they_did() {
    let town = Town::found().await;
    let portal = &town.portal;
    let mut people = Vec::new();
    for name in ["Anna", "Bert", "Carl", "Dora", "Emil", "Fred"] {
        people.push(portal.member(name, "Beispiel").await);
    }
    let [anna, bert, carl, dora, emil, fred] = &people[..] else {
        panic!("six people")
    };
    let carls = town.hold(carl, &["messages", "contact"]).await;
    write_to(carl, &[anna], "Carls Nachricht").await.must_be(201);
    delete(bert).await;
    delete(carl).await;
    portal.work().await;
    let void = portal.link_for(&bert.email, LinkPurpose::Undo);
    let backup = portal.backup();

    // Anna asks, Bert undoes, Carl's hold is released, Dora's is placed before she goes, Emil asks and undoes twice.
    let code = delete(anna).await["receipt_code"].clone();
    town.undo(bert).await;
    town.release(&carls).await;
    let doras = town.hold(dora, &["master_data"]).await;
    delete(dora).await;
    for _ in 0..2 {
        portal.advance(chrono::TimeDelta::minutes(11));
        delete(&portal.signed_in(&emil.email).await).await;
        town.undo(emil).await;
    }
    let expected = (instants(portal, anna.id).await, instants(portal, dora.id).await);
    let restored = town.restore(&backup).await;
    let summary = bring_up(&restored).await;

    assert_eq!((summary.requests, summary.undos), (4, 3));
    assert_eq!((summary.holds_placed, summary.holds_released), (1, 1));
    for (person, wanted) in [
        (anna, "deleted"),
        (bert, "active"),
        (carl, "deleted"),
        (dora, "deleted"),
        (emil, "active"),
        (fred, "active"),
    ] {
        assert_eq!(
            status(&restored, person.id).await.as_deref(),
            Some(wanted),
            "{}",
            person.email
        );
    }
    assert_eq!(
        instants(&restored, anna.id).await,
        expected.0,
        "the original instants"
    );
    assert_eq!(instants(&restored, dora.id).await, expected.1);
    let kept = format!("SELECT disclose FROM hold WHERE id = '{doras}' AND released_at IS NULL");
    assert!(!restored.scalar::<bool>(&kept).await);
    let told = format!("/api/v1/deletions/{}", code.as_str().unwrap());
    let told = restored.visitor().get(&told).await.must_be(200).json();
    assert_eq!(told["state"], "pending");

    // Links from before are void; who can still undo has another.
    undo(&restored, &void).await.must_fail(409, "undo_impossible");
    restored.work().await;
    let fresh = restored.link_for(&anna.email, LinkPurpose::Undo);
    undo(&restored, &fresh).await.must_be(204);
    assert_eq!(status(&restored, anna.id).await.as_deref(), Some("active"));

    restored.advance(chrono::TimeDelta::hours(2));
    assert_eq!(sweep(&restored).await.failed, 0);
    assert_eq!(
        status(&restored, carl.id).await,
        None,
        "nothing holds Carl any more"
    );
    assert_eq!(restored.places_of("Carls Nachricht").await, Vec::<String>::new());
    let profile = format!("SELECT count(*) FROM profile WHERE account_id = '{}'", dora.id);
    assert_eq!(restored.count(&profile).await, 1, "held");
    let credential = format!("SELECT count(*) FROM credential WHERE account_id = '{}'", dora.id);
    assert_eq!(restored.count(&credential).await, 0, "not held");
    let mut seen = Seen::by("restores: requests and holds");
    seen.note_many("requests restored with their instants", 4);
    seen.note_many("undos restored", 3);
    seen.note_many("holds and releases restored", 2);
}

#[tokio::test]
async fn single_rows_go_again_and_whoever_changed_their_data_is_asked_to_look_it_over() {
    let town = Town::found().await;
    let portal = &town.portal;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let held = portal.member("Hela", "Gehalten").await;
    town.hold(&held, &["messages"]).await;
    let conversation = id(&write_to(&anna, &[&bert, &held], "Anfang")
        .await
        .must_be(201)
        .json());
    let unwise = id(&send(&anna, &conversation, "Unbedachtes")
        .await
        .must_be(201)
        .json());
    let kept = id(&send(&held, &conversation, "Gehaltenes").await.must_be(201).json());
    let backup = portal.backup();
    anna.delete(&format!("/api/v1/messages/{unwise}"))
        .await
        .must_be(204);
    held.delete(&format!("/api/v1/messages/{kept}"))
        .await
        .must_be(204);
    bert.patch("/api/v1/me/profile", &json!({ "about": "Neues" }))
        .await
        .must_be(200);

    let restored = town.restore(&backup).await;
    let summary = bring_up(&restored).await;
    assert_eq!(summary.items_erased, 2);
    let asked: Vec<Uuid> = summary.to_look_over.iter().map(|(id, _)| *id).collect();
    assert_eq!(asked, [bert.id]);
    assert_eq!(restored.places_of("Unbedachtes").await, Vec::<String>::new());
    assert_eq!(restored.places_of("Gehaltenes").await, ["message.body"]);

    let sessions = restored.count("SELECT count(*) FROM session").await;
    assert_eq!(sessions, 0, "those from the backup have ended");
    let other = restored.signed_in(&anna.email).await;
    assert_eq!(bodies(&other, &messages_of(&conversation)).await, ["Anfang"]);
    assert_eq!(look_over(&other).await, Value::Null);
    let bert = restored.signed_in(&bert.email).await;
    assert_eq!(look_over(&bert).await, Value::Bool(true));
    bert.patch("/api/v1/me/profile", &json!({})).await.must_be(200);
    assert_eq!(look_over(&bert).await, Value::Null);
    let mut seen = Seen::by("restores: single rows and changes");
    seen.note_many("single rows erased again or withdrawn", 2);
    seen.note("asked to look their data over");
}

async fn look_over(person: &Person) -> Value {
    person.get("/api/v1/session").await.must_be(200).json()["account"]["look_over"].clone()
}

#[tokio::test]
async fn accounts_that_the_backup_does_not_know_keep_their_receipts() {
    let town = Town::found().await;
    let portal = &town.portal;
    let backup = portal.backup();
    let (anna, bert, carl) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
        portal.member("Carl", "Exempel").await,
    );
    let annas = delete(&anna).await["receipt_code"].clone();
    portal.advance(chrono::TimeDelta::hours(2));
    sweep(portal).await;
    let berts = delete(&bert).await["receipt_code"].clone();
    carl.patch("/api/v1/me/profile", &json!({ "about": "Neues" }))
        .await
        .must_be(200);

    let restored = town.restore(&backup).await;
    let summary = bring_up(&restored).await;
    assert_eq!(summary.lost, [carl.id]);
    for code in [annas, berts] {
        let told = format!("/api/v1/deletions/{}", code.as_str().unwrap());
        let told = restored.visitor().get(&told).await.must_be(200).json();
        assert_eq!(told["state"], "erased");
    }
    let lines = restored.ledger_events("erased");
    assert_eq!(lines.len(), 2, "Bert's data went with the restore: {lines:?}");
    assert_eq!(sweep(&restored).await.due, 0);
    let mut seen = Seen::by("restores: unknown to the backup");
    seen.note_many("accounts unknown to the backup, receipts kept", 2);
}

#[tokio::test]
async fn in_a_database_that_is_older_no_breach_is_recorded() {
    let town = Town::found().await;
    let portal = &town.portal;
    let anna = portal.member("Anna", "Beispiel").await;
    delete(&anna).await;
    let backup = portal.backup();
    town.undo(&anna).await;
    portal.advance(chrono::TimeDelta::hours(26));
    let restored = town.restore(&backup).await;
    let swept = run_sweep(&restored.portal, &CancellationToken::new()).await;
    assert!(swept.is_err(), "{swept:?}");
    guard::watch(&restored.portal).await.unwrap();
    let breaches = "SELECT count(*) FROM ledger_event WHERE event = 'breached'";
    assert_eq!(restored.count(breaches).await, 0);
    assert_eq!(bring_up(&restored).await.undos, 1);
    assert_eq!(status(&restored, anna.id).await.as_deref(), Some("active"));
    Seen::by("restores: late in the backup").note("a breach is not recorded, the undo stands");
}

#[tokio::test]
async fn another_event_under_the_same_number_does_not_hide_the_ledgers() {
    let town = Town::found().await;
    let portal = &town.portal;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    delete(&anna).await;
    let backup = portal.backup();
    town.undo(&anna).await;
    delete(&bert).await;
    portal.advance(chrono::TimeDelta::minutes(5));
    let restored = town.restore(&backup).await;
    // It was restored under a running portal, which goes on for a moment.
    let transaction = restored.portal.database.begin().await.unwrap();
    for person in [&anna, &bert, &bert] {
        let cluster = "profile";
        let event = Event::Changed { cluster };
        ledger::record(&transaction, person.id, restored.portal.now(), event)
            .await
            .unwrap();
    }
    transaction.commit().await.unwrap();
    let settled = restored
        .portal
        .ledger
        .settle(&restored.portal.database, Extent::New)
        .await;
    assert!(matches!(settled, Err(LedgerError::Older)), "{settled:?}");
    let summary = bring_up(&restored).await;
    assert_eq!((summary.requests, summary.undos), (1, 1));
    assert_eq!(status(&restored, anna.id).await.as_deref(), Some("active"));
    assert_eq!(status(&restored, bert.id).await.as_deref(), Some("deleted"));
    assert_eq!(restored.count("SELECT count(*) FROM ledger_event").await, 0);
    for person in [&anna, &bert] {
        let last = format!("SELECT event_no FROM account WHERE id = '{}'", person.id);
        let lines = restored.ledger_lines();
        let own = lines
            .iter()
            .filter(|line| line["account_id"] == person.id.to_string());
        let said = own.filter_map(|line| line["no"].as_i64()).max();
        assert_eq!(said, Some(restored.scalar(&last).await));
    }
    Seen::by("restores: under a running portal").note_many("events under the same number", 2);
}

#[tokio::test]
async fn of_two_processes_that_find_the_database_older_one_reconciles() {
    let town = Town::found().await;
    let anna = town.portal.member("Anna", "Beispiel").await;
    let backup = town.portal.backup();
    delete(&anna).await;
    let restored = town.restore(&backup).await;
    let other = restored.sibling("").await;
    // Both have asked before either knows.
    let holder = restored.portal.database.begin().await.unwrap();
    heads::lock(&holder).await.unwrap();
    let begin = async {
        let waiting = "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                       WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted";
        while restored.count(waiting).await < 2 {
            tokio::task::yield_now().await;
        }
        holder.rollback().await.unwrap();
    };
    let (one, two, ()) = tokio::join!(reconcile(&restored.portal), reconcile(&other.portal), begin);
    let done = [one.unwrap(), two.unwrap()];
    assert_eq!(done.iter().flatten().count(), 1, "{done:?}");
    assert_eq!(town.portal.ledger_events("reconciled").len(), 1);
    assert!(restored.portal.ledger.is_level() && other.portal.ledger.is_level());
    Seen::by("restores: two processes").note("one reconciled");
}

#[tokio::test]
async fn a_process_that_waits_for_the_reconciliation_reads_the_files_no_more_than_it_must() {
    let town = Town::found().await;
    let anna = town.portal.member("Anna", "Beispiel").await;
    let backup = town.portal.backup();
    delete(&anna).await;
    let restored = town.restore(&backup).await;
    let compares = async || {
        let asking = restored.portal.ledger.settle_waiting(&restored.portal.database);
        let (settled, statements) = restored.statements_of(asking).await;
        let locks = statements
            .iter()
            .any(|text| text.contains("pg_advisory_xact_lock"));
        (settled.is_ok(), locks)
    };
    assert_eq!(compares().await, (false, false), "it was looked at a moment ago");
    restored.advance(chrono::TimeDelta::seconds(31));
    assert_eq!(compares().await, (false, true));
    let other = restored.sibling("").await;
    bring_up(&other).await;
    assert_eq!(compares().await, (true, true), "at once");
}

#[tokio::test]
async fn a_ledger_that_is_whole_is_not_given_up_while_the_database_is_older() {
    let town = Town::found().await;
    let anna = town.portal.member("Anna", "Beispiel").await;
    let backup = town.portal.backup();
    delete(&anna).await;
    let restored = town.restore(&backup).await;
    let restarted = restored
        .portal
        .ledger
        .restart(&restored.portal.database, "why not")
        .await;
    let refused = restarted.expect_err("it can be reconciled").to_string();
    assert!(refused.contains("stammtisch reconcile"), "{refused}");
    assert_eq!(bring_up(&restored).await.requests, 1);
}
