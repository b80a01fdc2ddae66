//! The program as operators run it: exit codes, a private database that survives `kill -9`, several at once.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use sea_orm::ConnectionTrait;
use serde_json::Value;

use crate::{
    support::{CREATE_ADMINISTRATOR, TestPortal, database::TestDatabase},
    walk::{Served, environment, free_port},
};

/// A folder that the database server's user can reach, too.
pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o711)).unwrap();
    folder
}

pub fn program(data: &Path, port: u16) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stammtisch"));
    environment(&mut command, data, port);
    command.current_dir(data.parent().unwrap());
    command
}

pub fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

pub fn serve(data: &Path, port: u16) -> Served {
    serve_with(program(data, port), &data.with_extension(format!("{port}.log")))
}

/// Serves with what the command's environment says.
pub fn serve_with(mut program: Command, log: &Path) -> Served {
    let log = fs::File::create(log).unwrap();
    Served(
        program
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap(),
    )
}

pub fn is_ready(port: u16) {
    let waits = format!(
        "for _ in $(seq 900); do curl -sf -o /dev/null http://127.0.0.1:{port}/health/ready && exit 0; sleep 0.1; done; exit 1"
    );
    assert!(
        Command::new("bash")
            .args(["-c", &waits])
            .status()
            .unwrap()
            .success(),
        "the portal answers"
    );
}

#[test]
fn the_erasure_concept_is_printed_without_a_database_in_both_languages_and_for_programs() {
    let folder = folder();
    let data = folder.path().join("data");
    let print = |arguments: &[&str]| {
        said(
            &program(&data, 1)
                .arg("inventory")
                .args(arguments)
                .output()
                .unwrap(),
        )
    };
    let (code, german, complaint) = print(&[]);
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    assert!(german.starts_with("# Löschkonzept"), "{german}");
    let (code, english, _) = print(&["--format", "markdown", "--locale", "en"]);
    assert_eq!(code, Some(0));
    assert!(english.starts_with("# Erasure concept"), "{english}");
    let (code, json, _) = print(&["--format", "json", "--locale", "de"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (code, &json["clusters"][0]["name"]),
        (Some(0), &Value::from("activity"))
    );
    assert_eq!(print(&["--locale", "fr"]).0, Some(2));
    assert!(!data.exists(), "nothing was started or made");
}

#[test]
fn wrong_usage_is_2_and_what_fails_is_1_in_one_sentence() {
    let folder = folder();
    let data = folder.path().join("data");
    let (code, _, complaint) = said(&program(&data, 1).arg("nonsense").output().unwrap());
    assert_eq!(code, Some(2), "{complaint}");
    for (email, name) in [("nonsense", "Doris"), ("desk@operator.example", " ")] {
        let arguments = [
            "admin",
            "create",
            "--email",
            email,
            "--first-name",
            name,
            "--last-name",
            "Desk",
        ];
        let (code, _, complaint) = said(&program(&data, 1).args(arguments).output().unwrap());
        assert_eq!(code, Some(2), "{complaint}");
    }
    let misspelt = program(&data, 1)
        .env("STAMMTISCH_ERASURE__GRAZE", "1h")
        .arg("erase-due")
        .output()
        .unwrap();
    let (code, _, complaint) = said(&misspelt);
    assert_eq!(
        (code, complaint.contains("graze")),
        (Some(1), true),
        "{complaint}"
    );
    let slow = program(&data, 1)
        .env("STAMMTISCH_ERASURE__GRACE", "20h")
        .arg("serve")
        .output()
        .unwrap();
    let (code, _, complaint) = said(&slow);
    assert_eq!(
        (code, complaint.contains("deadline")),
        (Some(1), true),
        "{complaint}"
    );
    let none = program(&data, 1)
        .args(["--config", "missing.toml", "migrate"])
        .output()
        .unwrap();
    assert_eq!(said(&none).0, Some(1));
    assert!(!data.exists(), "nothing was started");
}

#[test]
fn the_openapi_document_is_printed_without_a_database() {
    let folder = folder();
    let (code, document, _) = said(
        &program(&folder.path().join("data"), 1)
            .arg("openapi")
            .output()
            .unwrap(),
    );
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!((code, document["openapi"].as_str().is_some()), (Some(0), true));
}

#[test]
fn the_private_database_survives_a_kill_is_shared_and_leaves_nothing_behind() {
    let folder = folder();
    let data: PathBuf = folder.path().join("data");
    let port = free_port();
    let mut killed = serve(&data, port);
    is_ready(port);
    killed.0.kill().unwrap();
    killed.0.wait().unwrap();
    assert!(
        data.join("postgres/cluster/postmaster.pid").exists(),
        "the database outlived the portal"
    );

    let again = serve(&data, port);
    is_ready(port);
    let created = program(&data, port).args(CREATE_ADMINISTRATOR).output().unwrap();
    let (code, link, complaint) = said(&created);
    assert_eq!(code, Some(0), "{complaint}");
    assert!(link.contains("/de/reset?token="), "{link}");
    let (code, report, _) = said(
        &program(&data, port)
            .args(["erase-due", "--json"])
            .output()
            .unwrap(),
    );
    let report: Value = serde_json::from_str(&report).unwrap();
    assert_eq!(code, Some(0));
    for key in [
        "due",
        "erased",
        "held",
        "skipped",
        "failed",
        "oldest_overdue_seconds",
    ] {
        assert_eq!(report[key], 0, "{key}");
    }
    is_ready(port);
    drop(again);
    assert!(
        !data.join("postgres/cluster/postmaster.pid").exists(),
        "the last user stops the database"
    );
    let (code, found, _) = said(&program(&data, port).arg("doctor").output().unwrap());
    assert_eq!(
        (code, found.ends_with("Nothing is wrong.\n")),
        (Some(0), true),
        "{found}"
    );
}

#[test]
fn a_signal_during_the_start_or_a_sweep_leaves_no_database_running() {
    let folder = folder();
    let data: PathBuf = folder.path().join("data");
    let running = data.join("postgres/cluster/postmaster.pid");
    for (command, codes) in [("serve", [0, 0]), ("erase-due", [0, 1]), ("migrate", [0, 1])] {
        let log = fs::File::create(data.with_extension(format!("{command}.log"))).unwrap();
        let mut told = program(&data, free_port())
            .arg(command)
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        while !running.exists() && told.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        // It may have ended by itself.
        if told.try_wait().unwrap().is_none() {
            let pid = nix::unistd::Pid::from_raw(i32::try_from(told.id()).unwrap());
            nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
        }
        let code = told.wait().unwrap().code();
        let log = fs::read_to_string(data.with_extension(format!("{command}.log"))).unwrap();
        assert!(
            code.is_some_and(|code| codes.contains(&code)),
            "{command}: {code:?} {log}"
        );
        assert!(!running.exists(), "{command} left the database running: {log}");
    }
}

#[tokio::test]
async fn several_instances_may_start_on_an_empty_database_at_once() {
    let database = TestDatabase::create().await;
    let settings = stammtisch::settings::Settings::from_toml("").unwrap();
    let first = stammtisch::database::connect(database.options(), &settings.database)
        .await
        .unwrap();
    first
        .execute_unprepared("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        .await
        .unwrap();
    let mut starts = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let options = database.options();
        let settings = settings.database.clone();
        starts.spawn(async move {
            let connection = stammtisch::database::connect(options, &settings).await.unwrap();
            stammtisch::database::migrate(&connection).await
        });
    }
    for started in starts.join_all().await {
        started.unwrap();
    }
    assert!(stammtisch::database::is_migrated(&first).await.unwrap());
}

#[tokio::test]
async fn no_statement_and_no_wait_for_a_lock_outlives_its_limit() {
    let portal = TestPortal::with("database.statement_timeout = '200ms'").await;
    let slow = portal
        .portal
        .database
        .execute_unprepared("SELECT pg_sleep(5)")
        .await
        .unwrap_err();
    assert_eq!(stammtisch::database::sql_state(&slow).as_deref(), Some("57014"));
    assert_eq!(portal.scalar::<String>("SHOW lock_timeout").await, "200ms");
}

/// What is at an address: status and body. None: nobody listens.
pub fn fetched(url: &str) -> Option<(String, String)> {
    let output = Command::new("curl")
        .args(["-s", "-w", "\n%{http_code}", url])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let (body, status) = text.rsplit_once('\n')?;
    (status != "000").then(|| (status.to_owned(), body.to_owned()))
}

/// The value of one line of the metrics.
fn metric(body: &str, name: &str) -> f64 {
    let line = body.lines().find(|line| line.starts_with(&format!("{name} ")));
    let value = line.and_then(|line| line.rsplit(' ').next());
    value
        .unwrap_or_else(|| panic!("{name} is missing in {body}"))
        .parse()
        .unwrap()
}

#[test]
fn metrics_have_a_listener_of_their_own_and_the_portal_runs_without_it_too() {
    let folder = folder();
    let data: PathBuf = folder.path().join("data");
    let (port, measured, other) = (free_port(), free_port(), free_port());
    let start = |port: u16| {
        let log = fs::File::create(data.with_extension(format!("{port}.log"))).unwrap();
        let mut command = program(&data, port);
        command
            .env(
                "STAMMTISCH_SERVER__METRICS_LISTEN",
                format!("127.0.0.1:{measured}"),
            )
            .arg("serve")
            .stdout(Stdio::null())
            .stderr(log);
        Served(command.spawn().unwrap())
    };
    let first = start(port);
    is_ready(port);
    let second = start(other);
    is_ready(other);
    let log = fs::read_to_string(data.with_extension(format!("{other}.log"))).unwrap();
    assert_eq!(log.matches("server.metrics_listen").count(), 1, "{log}");
    drop(second);

    fetched(&format!(
        "http://127.0.0.1:{port}/api/v1/members/secret@example.org"
    ))
    .unwrap();
    let (code, _, complaint) = said(&program(&data, port).arg("erase-due").output().unwrap());
    assert_eq!(code, Some(0), "{complaint}");
    let (status, body) = fetched(&format!("http://127.0.0.1:{measured}/metrics")).unwrap();
    assert_eq!(status, "200");
    for zero in [
        "stammtisch_accounts_due",
        "stammtisch_accounts_overdue",
        "stammtisch_accounts_failing",
        "stammtisch_accounts_held",
        "stammtisch_oldest_overdue_seconds",
        "stammtisch_ledger_waiting_events",
        "stammtisch_mails_waiting",
        "stammtisch_mails_given_up",
        "stammtisch_password_refusals_total",
        "stammtisch_alert{cause=\"erasure_late\"}",
        "stammtisch_last_sweep_outcome{outcome=\"failed\"}",
    ] {
        assert!(metric(&body, zero).abs() < f64::EPSILON, "{zero}: {body}");
    }
    for one in [
        "stammtisch_database_up",
        "stammtisch_last_sweep_outcome{outcome=\"well\"}",
        "stammtisch_http_requests_total{method=\"GET\",route=\"/api/v1/members/{id}\",status=\"401\"}",
    ] {
        assert!((metric(&body, one) - 1.0).abs() < f64::EPSILON, "{one}: {body}");
    }
    assert!(metric(&body, "stammtisch_last_sweep_timestamp_seconds") > 1.6e9);
    assert!(
        body.contains("stammtisch_http_request_duration_seconds_bucket{"),
        "{body}"
    );
    assert!(
        body.contains("# HELP stammtisch_accounts_due ")
            && body.contains("# TYPE stammtisch_accounts_due gauge")
    );
    assert!(!body.contains("secret") && !body.contains('@'), "{body}");

    assert_eq!(
        fetched(&format!("http://127.0.0.1:{port}/metrics")).unwrap().0,
        "404",
        "never on the public listener"
    );
    assert_eq!(
        fetched(&format!("http://127.0.0.1:{measured}/health/live"))
            .unwrap()
            .0,
        "404",
        "nothing but metrics there"
    );
    drop(first);
    assert!(fetched(&format!("http://127.0.0.1:{measured}/metrics")).is_none());
}

#[tokio::test]
async fn the_doctor_names_what_is_wrong_and_exits_1() {
    let portal = TestPortal::start().await;
    let folder = folder();
    let data: PathBuf = folder.path().join("data");
    let url = portal.database_url();
    let doctor = |arguments: &[&str]| {
        let output = program(&data, 1)
            .env("DATABASE_URL", &url)
            .arg("doctor")
            .args(arguments)
            .output()
            .unwrap();
        said(&output)
    };
    let (code, found, complaint) = doctor(&[]);
    assert_eq!(code, Some(0), "{found}{complaint}");
    assert!(found.ends_with("Nothing is wrong.\n"), "{found}");
    assert_eq!(found.matches("ok     ").count(), 14, "{found}");

    portal
        .execute("UPDATE sweep_state SET holds_frozen_at = now() - interval '2 hours', last_swept_at = now() - interval '2 hours'")
        .await;
    let (code, found, _) = doctor(&[]);
    assert_eq!(code, Some(1), "{found}");
    assert!(
        found.contains("wrong  sweeps") && found.contains("wrong  clocks") && !found.contains("Nothing"),
        "{found}"
    );
    let (code, found, _) = doctor(&["--accept-clock"]);
    assert_eq!(code, Some(1), "{found}");
    assert!(found.contains("ok     clocks"), "{found}");
    let (code, report, _) = said(
        &program(&data, 1)
            .env("DATABASE_URL", &url)
            .arg("erase-due")
            .output()
            .unwrap(),
    );
    assert_eq!(code, Some(0), "{report}");
    assert_eq!(doctor(&[]).0, Some(0));

    let name: String = portal.scalar("SELECT current_database()::text").await;
    portal
        .execute(&format!(
            "ALTER DATABASE {name} SET log_statement = 'all'; ALTER DATABASE {name} SET log_min_duration_statement = '1s'"
        ))
        .await;
    let (code, found, _) = doctor(&[]);
    assert_eq!(code, Some(1), "{found}");
    for setting in ["set log_statement = none", "set log_min_duration_statement = -1"] {
        assert!(found.contains(setting), "{found}");
    }
}

#[tokio::test]
async fn the_doctor_names_the_placeholders_that_people_would_read() {
    let portal = TestPortal::start().await;
    let folder = folder();
    let data: PathBuf = folder.path().join("data");
    let output = program(&data, 1)
        .env("DATABASE_URL", portal.database_url())
        .env("STAMMTISCH_SERVER__PUBLIC_URL", "https://portal.example")
        .env("STAMMTISCH_OPERATOR__NAME", "Rechenzentrum Nord")
        .env(
            "STAMMTISCH_OPERATOR__DATA_PROTECTION_OFFICER__EMAIL",
            "datenschutz@nord.example",
        )
        .arg("doctor")
        .output()
        .unwrap();
    let (code, found, _) = said(&output);
    assert_eq!(code, Some(1), "{found}");
    assert!(
        found.contains("operator.street is still a placeholder") && !found.contains("operator.name"),
        "{found}"
    );
    assert!(
        !found.contains("operator.data_protection_officer.email"),
        "{found}"
    );
}
