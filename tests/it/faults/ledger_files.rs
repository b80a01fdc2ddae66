//! The ledger's files under what happens to files (R12, R19, R21): lost, cut, altered, swapped, somebody else's, two
//! writers, a disk that takes no more.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::PathBuf,
};

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use stammtisch::{
    erasure::{
        guard,
        sweep::{SweepError, sweep as run_sweep},
    },
    ledger::{Ledger, LedgerError, files::Extent, heads},
};
use tokio_util::sync::CancellationToken;

use crate::{
    deletion::delete,
    support::{TestPortal, faults::Seen},
    sweep::sweep,
};

/// A portal whose ledger has a few lines, and the file they stand in.
async fn with_lines() -> (TestPortal, PathBuf) {
    let portal = TestPortal::start().await;
    for name in ["Anna", "Bert", "Carl"] {
        delete(&portal.member(name, "Beispiel").await).await;
    }
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(&portal).await.erased, 3);
    portal.portal.ledger.release().await;
    let file = portal.ledger_folder().join("ledger-0001.jsonl");
    (portal, file)
}

/// What a start says to it.
async fn start(portal: &TestPortal) -> Result<(), LedgerError> {
    let sibling = portal.sibling("").await;
    let database = sibling.portal.database.clone();
    sibling.portal.ledger.settle(&database, Extent::Whole).await
}

/// A process that has not compared anything yet.
fn fresh(portal: &TestPortal) -> Ledger {
    Ledger::new(
        portal.ledger_folder(),
        portal.clock.clone(),
        portal.portal.random.clone(),
    )
}

fn lines(file: &PathBuf) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn write(file: &PathBuf, lines: &[String]) {
    fs::write(file, lines.join("\n") + "\n").unwrap();
}

#[tokio::test]
async fn the_ledger_says_what_happened_and_nothing_about_whom() {
    let (portal, file) = with_lines().await;
    let lines = portal.ledger_lines();
    assert_eq!(lines[0]["event"], "begun");
    let installation: String = portal.scalar("SELECT id::text FROM installation").await;
    assert_eq!(lines[0]["installation"], installation.as_str());
    for (number, line) in lines.iter().enumerate() {
        assert_eq!(line["seq"], number, "counted from 0");
        assert_eq!(line["hash"].as_str().map(str::len), Some(64));
    }
    for event in ["requested", "erasing", "erased"] {
        assert_eq!(portal.ledger_events(event).len(), 3, "{event}");
    }
    assert_eq!(
        portal.count("SELECT count(*) FROM ledger_event").await,
        0,
        "drained"
    );
    let head: Vec<String> = portal.column("SELECT seq || ' ' || hash FROM ledger_head").await;
    let last = lines.last().unwrap();
    assert_eq!(
        head,
        [format!("{} {}", last["seq"], last["hash"].as_str().unwrap())]
    );
    let text = fs::read_to_string(file).unwrap();
    for personal in ["Anna", "Beispiel", "musterhausen", "Musterhausen", "@"] {
        assert!(!text.contains(personal), "{personal} in {text}");
    }
}

#[tokio::test]
async fn a_file_that_is_not_what_the_database_remembers_stops_the_start_and_is_named_with_its_line() {
    let mut seen = Seen::by("ledger files");
    let (portal, file) = with_lines().await;
    let whole = lines(&file);
    let count = whole.len();
    let mut altered = whole.clone();
    altered[2] = altered[2].replacen("requested", "undone", 1);
    let mut swapped = whole.clone();
    swapped.swap(2, 3);
    let mut without = whole.clone();
    without.remove(4);
    let cases = [
        (
            "a line altered",
            altered,
            "line 3: the line was altered, or one before it was taken out",
        ),
        (
            "two lines swapped",
            swapped,
            "line 3: the line was altered, or one before it was taken out",
        ),
        (
            "a line taken out",
            without,
            "line 5: the line was altered, or one before it was taken out",
        ),
        (
            "the end taken out",
            whole[..count - 2].to_vec(),
            "the file ends before the line that the database remembers",
        ),
    ];
    for (what, lines, fault) in cases {
        write(&file, &lines);
        let error = start(&portal).await.expect_err(what).to_string();
        assert!(
            error.contains("ledger-0001.jsonl, ") && error.contains(fault),
            "{what}: {error}"
        );
        let swept = run_sweep(&portal.portal, &CancellationToken::new()).await;
        assert!(
            matches!(swept, Err(SweepError::Ledger(LedgerError::Broken(_)))),
            "{what}: {swept:?}"
        );
        seen.note(format!("{what}: start and sweep refused, line named"));
    }
    let mut torn = whole.join("\n").into_bytes();
    torn.truncate(torn.len() - 20);
    fs::write(&file, torn).unwrap();
    let error = start(&portal).await.expect_err("torn").to_string();
    assert!(
        error.contains(&format!("line {count}: the file ends before")),
        "{error}"
    );
    seen.note("truncated in the middle of a known line: refused");

    fs::remove_file(&file).unwrap();
    let error = start(&portal).await.expect_err("missing").to_string();
    assert!(
        error.contains("ledger-0001.jsonl") && error.contains("missing"),
        "{error}"
    );
    seen.note("missing: refused");

    write(&file, &whole);
    start(&portal).await.expect("whole again");
    sweep(&portal).await;
}

#[tokio::test]
async fn a_file_of_another_installation_is_refused() {
    let ((portal, file), (other, others)) = (with_lines().await, with_lines().await);
    fs::copy(&others, file.with_file_name("ledger-0002.jsonl")).unwrap();
    let error = start(&portal).await.expect_err("foreign").to_string();
    assert!(
        error.contains("ledger-0002.jsonl, line 1: the file belongs to another installation"),
        "{error}"
    );
    fs::copy(&others, &file).unwrap();
    fs::remove_file(file.with_file_name("ledger-0002.jsonl")).unwrap();
    start(&portal).await.expect_err("swapped with another's");
    // A database without a ledger does not take over what lies in the folder.
    other
        .execute("DELETE FROM ledger_head; DELETE FROM installation")
        .await;
    let error = start(&other).await.expect_err("whose?").to_string();
    assert!(error.contains("belongs to another installation"), "{error}");
    Seen::by("files of others").note("another installation's file: refused");
}

#[tokio::test]
async fn an_unfinished_last_line_is_cut_off_and_recorded() {
    let (portal, file) = with_lines().await;
    let whole = fs::read_to_string(&file).unwrap();
    let unfinished = "{\"seq\":99,\"at\":\"2026-";
    OpenOptions::new()
        .append(true)
        .open(&file)
        .unwrap()
        .write_all(unfinished.as_bytes())
        .unwrap();
    start(&portal).await.expect("nothing known is lost");
    let sibling = portal.sibling("").await;
    delete(&sibling.member("Dora", "Beispiel").await).await;
    start(&sibling).await.expect("it is written on");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.starts_with(&whole) && !text.contains("\"seq\":99"));
    let cut = portal.ledger_events("cut");
    assert_eq!(cut[0]["bytes"], unfinished.len());
    Seen::by("unfinished line").note("cut off and recorded");
}

#[tokio::test]
async fn what_was_written_and_not_yet_forgotten_is_not_written_twice() {
    let (portal, _) = with_lines().await;
    delete(&portal.member("Dora", "Beispiel").await).await;
    // As if the process had died between the file's flush and the commit: lines in the file, rows in the table.
    portal
        .execute("CREATE TABLE kept AS TABLE ledger_event; CREATE TABLE heads AS TABLE ledger_head")
        .await;
    start(&portal).await.unwrap();
    let before = portal.ledger_lines().len();
    portal
        .execute(
            "INSERT INTO ledger_event (at, event, account_id, no, details) SELECT at, event, account_id, no, details FROM kept;
             DELETE FROM ledger_head; INSERT INTO ledger_head SELECT * FROM heads; DROP TABLE kept; DROP TABLE heads",
        )
        .await;
    start(&portal).await.unwrap();
    assert_eq!(portal.ledger_lines().len(), before);
    assert_eq!(portal.count("SELECT count(*) FROM ledger_event").await, 0);
    Seen::by("killed after the flush").note("each event once");
}

#[tokio::test]
async fn two_processes_write_to_files_of_their_own_which_are_read_together() {
    let portal = TestPortal::start().await;
    let other = portal.sibling("").await;
    let mut people = Vec::new();
    for number in 0..8 {
        people.push(
            portal
                .member("Anna", &format!("Beispiel{}", "n".repeat(number)))
                .await,
        );
    }
    for person in &people {
        delete(person).await;
    }
    portal.advance(TimeDelta::hours(2));
    // Both have a file before there is anything to do.
    assert_eq!(sweep(&portal).await.due + sweep(&other).await.due, 8);
    let (one, two) = tokio::join!(sweep(&portal), sweep(&other));
    assert_eq!((one.failed, two.failed), (0, 0));
    let files = fs::read_dir(portal.ledger_folder()).unwrap().count();
    assert_eq!(files, 2, "each has its own");
    for event in ["requested", "erased"] {
        assert_eq!(portal.ledger_events(event).len(), 8, "{event}");
    }
    assert!(start(&portal).await.is_ok());
    Seen::by("two writers").note("two files, each event once");
}

#[tokio::test]
async fn a_ledger_that_cannot_be_written_stops_erasing_and_not_the_portal() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    delete(&anna).await;
    portal.advance(TimeDelta::hours(2));
    // Nobody can make a folder where a file is: root neither.
    let folder = portal.ledger_folder();
    fs::write(&folder, "").unwrap();
    for _ in 0..2 {
        let swept = run_sweep(&portal.portal, &CancellationToken::new()).await;
        assert!(
            matches!(swept, Err(SweepError::Ledger(LedgerError::Unusable(_)))),
            "{swept:?}"
        );
    }
    assert!(
        !portal.places_of("anna.beispiel").await.is_empty(),
        "nothing is erased"
    );
    bert.get("/api/v1/me").await.must_be(401);
    let bert = portal.signed_in(&bert.email).await;
    bert.patch("/api/v1/me/profile", &serde_json::json!({ "about": "Neu" }))
        .await
        .must_be(200);
    let tries: i32 = portal
        .scalar(&format!(
            "SELECT failed_tries FROM account WHERE id = '{}'",
            anna.id
        ))
        .await;
    assert_eq!(tries, 0, "it isn't the account's fault");
    fs::remove_file(&folder).unwrap();
    assert_eq!(sweep(&portal).await.erased, 1);
    Seen::by("unwritable ledger").note("nothing erased, portal serves, then all erased");
}

#[tokio::test]
async fn a_ledger_that_is_lost_begins_anew_only_when_someone_says_so() {
    let (portal, file) = with_lines().await;
    fs::remove_file(&file).unwrap();
    start(&portal).await.expect_err("it is missed");
    let ledger = fresh(&portal);
    let backup = portal.backup();
    let lost = ledger
        .restart(&portal.portal.database, "disk lost")
        .await
        .unwrap();
    assert_eq!(lost.into_iter().collect::<Vec<_>>(), ["ledger-0001.jsonl"]);
    let again = ledger.restart(&portal.portal.database, "twice").await;
    assert!(again.is_err(), "this process still writes to it");
    ledger.release().await;
    let restarted = portal.ledger_events("restarted");
    assert_eq!(restarted[0]["reason"], "disk lost");
    start(&portal).await.expect("it goes on");
    delete(&portal.member("Dora", "Beispiel").await).await;
    start(&portal).await.unwrap();
    // A backup from before the loss knows the lost file, and is told by the new one that it is given up.
    let restored = portal.restored(&backup).await;
    let settled = restored
        .portal
        .ledger
        .settle(&restored.portal.database, Extent::Whole)
        .await;
    assert!(matches!(settled, Err(LedgerError::Older)), "{settled:?}");
    Seen::by("restart").note("recorded, begun anew, older backups understood");
}

#[tokio::test]
async fn a_backup_from_before_two_restarts_is_told_of_both() {
    let (portal, file) = with_lines().await;
    let backup = portal.backup();
    let dora = portal.member("Dora", "Beispiel").await;
    fs::remove_file(file).unwrap();
    for number in 1..=2 {
        let ledger = fresh(&portal);
        let lost = ledger
            .restart(&portal.portal.database, "disk lost")
            .await
            .unwrap();
        assert_eq!(
            lost.into_iter().collect::<Vec<_>>(),
            [format!("ledger-000{number}.jsonl")]
        );
        ledger.release().await;
        start(&portal).await.unwrap();
    }
    delete(&dora).await;
    start(&portal).await.unwrap();
    let restored = portal.restored(&backup).await;
    let settled = start(&restored).await;
    assert!(!matches!(settled, Err(LedgerError::Broken(_))), "{settled:?}");
    Seen::by("restart twice").note("older backups understood");
}

#[tokio::test]
async fn what_cannot_be_read_is_not_taken_for_level() {
    let (portal, file) = with_lines().await;
    let folder = portal.ledger_folder();
    let aside = folder.with_extension("aside");
    fs::rename(&folder, &aside).unwrap();
    fs::write(&folder, "").unwrap();
    delete(&portal.member("Dora", "Beispiel").await).await;
    portal.advance(TimeDelta::hours(26));
    let other = portal.sibling("").await;
    assert!(!other.portal.ledger.is_level());
    let opened = other.portal.ledger.open(&portal.portal.database).await;
    assert!(matches!(opened, Err(LedgerError::Unusable(_))), "{opened:?}");
    other
        .visitor()
        .get("/api/v1/terms")
        .await
        .must_fail(503, "not_reconciled");
    guard::watch(&other.portal).await.unwrap();
    let waiting = "SELECT count(*) FROM ledger_event WHERE event = 'breached'";
    assert_eq!(portal.count(waiting).await, 0, "nothing is recorded either");
    fs::remove_file(&folder).unwrap();
    fs::rename(&aside, &folder).unwrap();
    other
        .portal
        .ledger
        .settle_waiting(&portal.portal.database)
        .await
        .unwrap();
    other.visitor().get("/api/v1/terms").await.must_be(200);
    assert!(file.exists());
    Seen::by("unreadable ledger").note("nobody served, nothing recorded, until it can be read");
}

#[tokio::test]
async fn what_another_process_may_take_back_is_not_remembered() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    delete(&anna).await;
    let database = &portal.portal.database;
    portal.portal.ledger.settle(database, Extent::New).await.unwrap();
    let other = portal.sibling("").await;
    let others = &other.portal.ledger;
    others.check_writable().await.unwrap();
    let file = portal.ledger_folder().join("ledger-0002.jsonl");
    let before = fs::metadata(&file).unwrap().len();
    let now = portal.portal.now();
    others.note_erasing(&[(anna.id, 1)], now).await.unwrap();
    portal.portal.ledger.settle(database, Extent::New).await.unwrap();
    // The disk was full: what was appended is cut off again.
    let file = OpenOptions::new().write(true).open(&file).unwrap();
    file.set_len(before).unwrap();
    let settled = portal.portal.ledger.settle(database, Extent::New).await;
    assert!(settled.is_ok(), "{settled:?}");
    Seen::by("taken back").note("a line that is not on the disk is not remembered");
}

#[tokio::test]
async fn whoever_holds_the_ledgers_lock_is_bounded() {
    let portal = TestPortal::start().await;
    let usual: String = portal.scalar("SHOW statement_timeout").await;
    let transaction = portal.portal.database.begin().await.unwrap();
    heads::lock(&transaction).await.unwrap();
    for (setting, wanted) in [
        ("statement_timeout", usual.as_str()),
        ("lock_timeout", &usual),
        ("idle_in_transaction_session_timeout", "5min"),
    ] {
        let row = transaction
            .query_one_raw(Statement::from_string(
                DbBackend::Postgres,
                format!("SHOW {setting}"),
            ))
            .await;
        let value: String = row.unwrap().unwrap().try_get_by_index(0).unwrap();
        assert_eq!(value, wanted, "{setting}");
    }
}

#[tokio::test]
async fn an_installation_has_its_id_before_anything_is_written_under_it() {
    let portal = TestPortal::start().await;
    delete(&portal.member("Anna", "Beispiel").await).await;
    portal
        .execute(
            "DELETE FROM installation;
             CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'killed'; END $$;
             CREATE TRIGGER die BEFORE INSERT ON ledger_head FOR EACH ROW EXECUTE FUNCTION die()",
        )
        .await;
    let ledger = fresh(&portal);
    let killed = ledger.settle(&portal.portal.database, Extent::Whole).await;
    assert!(matches!(killed, Err(LedgerError::Database(_))), "{killed:?}");
    ledger.release().await;
    assert_eq!(portal.ledger_events("requested").len(), 1, "it was written");
    portal.execute("DROP TRIGGER die ON ledger_head").await;
    let again = fresh(&portal)
        .settle(&portal.portal.database, Extent::Whole)
        .await;
    assert!(again.is_ok(), "{again:?}");
    assert_eq!(portal.ledger_events("requested").len(), 1, "once");
    Seen::by("killed while the ledger begins").note("it is known again");
}
