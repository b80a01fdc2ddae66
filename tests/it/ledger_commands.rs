//! The ledger and a restored backup as operators meet them: with the program itself.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    os::unix::fs::symlink,
    path::Path,
    process::Command,
};

use chrono::TimeDelta;
use serde_json::{Value, json};
use stammtisch::ledger::files::Extent;

use crate::{
    deletion::delete,
    messaging::{id, send, write_to},
    process::{fetched, is_ready, program, said, serve_with},
    support::{
        CREATE_ADMINISTRATOR, TestPortal,
        backup::Backup,
        database::{TestDatabase, address},
    },
    sweep::sweep,
    walk::free_port,
};

/// The program on a test's database and files.
fn on(portal: &TestPortal, arguments: &[&str]) -> (Option<i32>, String, String) {
    said(&command(portal, 1).args(arguments).output().unwrap())
}

fn command(portal: &TestPortal, port: u16) -> Command {
    let mut command = program(portal.folder(), port);
    command.env("DATABASE_URL", portal.database_url());
    command
}

async fn settle(portal: &TestPortal) {
    let ledger = &portal.portal.ledger;
    ledger.settle(&portal.portal.database, Extent::New).await.unwrap();
    ledger.release().await;
}

/// The ledger's documentation says how to check the hashes without us: its very lines.
fn checked_by_hand(portal: &TestPortal) -> String {
    let document = include_str!("../../docs/ledger.md");
    let script = document
        .split("```sh\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let mut bash = Command::new("bash");
    let checked = bash
        .args(["-c", script])
        .current_dir(portal.ledger_folder())
        .output()
        .unwrap();
    assert!(
        checked.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&checked.stderr)
    );
    String::from_utf8_lossy(&checked.stdout).into_owned()
}

#[tokio::test]
async fn the_ledger_is_shown_verified_and_begun_anew() {
    let portal = TestPortal::start().await;
    let (code, text, _) = on(&portal, &["ledger", "verify"]);
    assert_eq!((code, text.as_str()), (Some(0), "There is no ledger yet.\n"));
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    delete(&anna).await;
    delete(&bert).await;
    settle(&portal).await;

    let (code, text, _) = on(&portal, &["ledger", "show"]);
    assert_eq!(code, Some(0));
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let events: Vec<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    assert_eq!(events, ["begun", "requested", "requested"]);
    let (_, text, _) = on(&portal, &["ledger", "show", "--account", &bert.id.to_string()]);
    assert_eq!(text.lines().count(), 1);
    assert!(text.contains(&bert.id.to_string()), "{text}");
    let (code, text, _) = on(&portal, &["ledger", "verify"]);
    assert_eq!(
        (code, text.as_str()),
        (
            Some(0),
            "ledger-0001.jsonl: 3 lines, 0 of them new to the database\n"
        )
    );

    assert_eq!(checked_by_hand(&portal), "", "whole");
    let file = portal.ledger_folder().join("ledger-0001.jsonl");
    let altered = fs::read_to_string(&file)
        .unwrap()
        .replacen(&anna.id.to_string(), &bert.id.to_string(), 1);
    fs::write(&file, altered).unwrap();
    assert!(checked_by_hand(&portal).starts_with("broken: "));
    let (code, text, _) = on(&portal, &["ledger", "verify"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("BROKEN: ledger-0001.jsonl, line 2: "), "{text}");
    for arguments in [&["serve"][..], &["erase-due"], &["reconcile"]] {
        let (code, _, complaint) = on(&portal, arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {complaint}");
        assert!(
            complaint.contains("ledger-0001.jsonl, line 2: "),
            "{arguments:?}: {complaint}"
        );
    }
    let (code, text, _) = on(&portal, &["doctor"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("wrong  ledger and database"), "{text}");

    assert_eq!(on(&portal, &["ledger", "restart", "--reason", " "]).0, Some(2));
    assert_eq!(on(&portal, &["ledger", "restart"]).0, Some(2));
    let (code, text, complaint) = on(&portal, &["ledger", "restart", "--reason", "a line was altered"]);
    assert_eq!(code, Some(0), "{complaint}");
    assert!(text.starts_with("given up: ledger-0001.jsonl\n"), "{text}");
    assert_eq!(on(&portal, &["ledger", "verify"]).0, Some(0));
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(&portal).await.erased, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_the_program_serves_nobody_until_it_is_reconciled() {
    let portal = TestPortal::start().await;
    // The program has no clock to move: what happens here happened three hours ago.
    portal.advance(TimeDelta::hours(-3));
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    settle(&portal).await;
    let backup = portal.backup();
    delete(&anna).await;
    portal.advance(TimeDelta::hours(2));
    sweep(&portal).await;
    let bert = portal.signed_in(&bert.email).await;
    bert.patch("/api/v1/me/profile", &json!({ "about": "Neues" }))
        .await
        .must_be(200);
    settle(&portal).await;

    let restored = portal.restored(&backup).await;
    refuses(&restored);
    let port = free_port();
    let mut serving = command(&restored, port);
    serving.env("STAMMTISCH_ERASURE__RECONCILE_ON_START", "false");
    let serving = serve_with(serving, &restored.folder().with_extension("log"));
    let base = format!("http://127.0.0.1:{port}");
    let answers = |path: &str| loop {
        if let Some(answer) = fetched(&format!("{base}{path}")) {
            break answer;
        }
    };
    let (code, body) = answers("/health/ready");
    assert_eq!(code, "503", "{body}");
    assert!(body.contains("\"ledger\":\"unavailable\""), "{body}");
    let (code, body) = answers("/api/v1/terms");
    assert_eq!(code, "503");
    assert!(body.contains("not_reconciled"), "{body}");
    assert_eq!(answers("/health/live").0, "200");
    assert_eq!(restored.count("SELECT count(*) FROM account").await, 2);

    let (code, text, complaint) = on(&restored, &["reconcile"]);
    assert_eq!(code, Some(0), "{complaint}");
    assert!(
        text.starts_with("Reconciled: 1 accounts and 0 single rows erased again"),
        "{text}"
    );
    assert!(
        text.contains(&format!("asked to look it over: {}", bert.id)),
        "{text}"
    );
    let (code, text, _) = on(&restored, &["reconcile"]);
    assert_eq!(code, Some(0));
    assert!(text.contains("there was nothing to do"), "{text}");
    is_ready(port);
    assert_eq!(answers("/api/v1/terms").0, "200");
    drop(serving);
    assert_eq!(restored.places_of("anna.beispiel").await, Vec::<String>::new());
    starts_by_itself(&portal, &backup).await;
}

fn refuses(restored: &TestPortal) {
    let restart = ["ledger", "restart", "--reason", "none"];
    for arguments in [&["erase-due"][..], &CREATE_ADMINISTRATOR, &["doctor"], &restart] {
        let (code, text, complaint) = on(restored, arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {text}{complaint}");
        let told = format!("{text}{complaint}");
        assert!(told.contains("stammtisch reconcile"), "{arguments:?}: {told}");
    }
    assert_eq!(
        on(restored, &["ledger", "verify"]).0,
        Some(0),
        "the files are whole"
    );
}

/// The default: `serve` reconciles before it listens.
async fn starts_by_itself(portal: &TestPortal, backup: &Backup) {
    let restored = portal.restored(backup).await;
    let port = free_port();
    let log = restored.folder().with_extension("log2");
    let serving = serve_with(command(&restored, port), &log);
    is_ready(port);
    drop(serving);
    assert_eq!(restored.places_of("anna.beispiel").await, Vec::<String>::new());
    let log = read(&log);
    assert!(log.contains("has been reconciled"), "{log}");
    assert!(!log.contains("musterhausen"), "{log}");
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_cannot_be_read_stops_the_start_and_one_that_cannot_be_written_does_not() {
    let portal = TestPortal::start().await;
    delete(&portal.member("Anna", "Beispiel").await).await;
    let folder = portal.ledger_folder();
    // There is nothing to read where the link leads, and nothing can be made there.
    symlink(portal.folder().join("nowhere").join("ledger"), &folder).unwrap();
    let port = free_port();
    let log = portal.folder().with_extension("log");
    let serving = serve_with(command(&portal, port), &log);
    is_ready(port);
    drop(serving);
    assert!(read(&log).contains("nothing is erased"), "{}", read(&log));
    assert_eq!(on(&portal, &["erase-due"]).0, Some(1));

    fs::remove_file(&folder).unwrap();
    settle(&portal).await;
    fs::rename(&folder, folder.with_extension("aside")).unwrap();
    fs::write(&folder, "").unwrap();
    for arguments in [&["serve"][..], &CREATE_ADMINISTRATOR, &["erase-due"]] {
        let (code, _, complaint) = on(&portal, arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {complaint}");
        assert!(
            complaint.contains("the ledger cannot be written or read"),
            "{arguments:?}: {complaint}"
        );
    }
    assert_eq!(portal.count("SELECT count(*) FROM account").await, 1);
}

#[tokio::test]
async fn verifying_names_what_cannot_be_read_and_changes_nothing() {
    let portal = TestPortal::start().await;
    delete(&portal.member("Anna", "Beispiel").await).await;
    settle(&portal).await;
    let path = portal.ledger_folder().join("ledger-0001.jsonl");
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"{\"seq\":").unwrap();
    let said = |portal: &TestPortal| on(portal, &["ledger", "verify"]).1;
    assert!(said(&portal).contains("will be cut off"), "{}", said(&portal));
    file.lock().unwrap();
    assert!(said(&portal).contains("is being written"), "{}", said(&portal));
    fs::create_dir(path.with_file_name("ledger-0002.jsonl")).unwrap();
    let (code, text, _) = on(&portal, &["ledger", "verify"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("BROKEN: ledger-0002.jsonl: "), "{text}");

    let empty = TestDatabase::create_empty(&address()).await;
    let mut verifying = command(&portal, 1);
    verifying
        .env("DATABASE_URL", empty.url())
        .args(["ledger", "verify"]);
    for _ in 0..2 {
        let output = verifying.output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{complaint}");
        assert!(complaint.contains("stammtisch migrate"), "{complaint}");
    }
}

/// The program on a disk that takes not one byte more.
fn on_a_full_disk(portal: &TestPortal, arguments: &[&str]) -> (Option<i32>, String, String) {
    let inner = command(portal, 1);
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$@\"", "sh"])
        .arg(inner.get_program())
        .args(arguments)
        .current_dir(inner.get_current_dir().unwrap());
    limited.envs(inner.get_envs().filter_map(|(name, value)| Some((name, value?))));
    said(&limited.output().unwrap())
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_erased_that_needs_no_line_either() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let path = format!("/api/v1/admin/accounts/{}/holds", anna.id);
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["messages"] });
    let hold = id(&desk.post(&path, &order).await.must_be(201).json());
    let talk = id(&write_to(&anna, &[&bert], "Anfang").await.must_be(201).json());
    let message = id(&send(&anna, &talk, "Gehaltenes").await.must_be(201).json());
    anna.delete(&format!("/api/v1/messages/{message}"))
        .await
        .must_be(204);
    let path = format!("/api/v1/admin/holds/{hold}/release");
    desk.post(&path, &json!({ "reason": "erledigt" }))
        .await
        .must_be(200);
    settle(&portal).await;
    let files = || -> Vec<_> {
        let entries = fs::read_dir(portal.ledger_folder()).unwrap();
        entries.map(|entry| entry.unwrap().file_name()).collect()
    };
    for arguments in [["erase-due"], ["doctor"]] {
        let (code, text, complaint) = on_a_full_disk(&portal, &arguments);
        assert_eq!(code, Some(1), "{arguments:?}: {text}{complaint}");
        let told = format!("{text}{complaint}");
        assert!(
            told.contains("the ledger cannot be written"),
            "{arguments:?}: {told}"
        );
        assert_eq!(portal.places_of("Gehaltenes").await, ["message.body"]);
        assert_eq!(files().len(), 1, "nothing stays of the try");
    }
    let (code, text, complaint) = on(&portal, &["erase-due"]);
    assert_eq!(code, Some(0), "{text}{complaint}");
    assert_eq!(portal.places_of("Gehaltenes").await, Vec::<String>::new());
    assert_eq!(files().len(), 1);
}
