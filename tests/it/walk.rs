//! The README's walk through the main job: its very lines, against the real program with its embedded PostgreSQL.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use chrono::Timelike;
use stammtisch::clock::{Clock, SystemClock};

/// The program, told to stop when the test ends, however it ends.
pub struct Served(pub Child);

impl Drop for Served {
    fn drop(&mut self) {
        let pid = nix::unistd::Pid::from_raw(i32::try_from(self.0.id()).unwrap_or_default());
        let _ = nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM);
        let _ = self.0.wait();
    }
}

fn walk() -> String {
    let readme = include_str!("../../README.md");
    let walk = readme
        .split("<!-- walk: begin -->")
        .nth(1)
        .and_then(|rest| rest.split("<!-- walk: end -->").next());
    let lines = walk
        .unwrap()
        .trim()
        .lines()
        .filter(|line| !line.starts_with("```"))
        .collect::<Vec<_>>();
    format!("set -euo pipefail\n{}\n", lines.join("\n"))
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

pub fn environment(command: &mut Command, data: &Path, port: u16) {
    command
        .env_remove("DATABASE_URL")
        .env("STAMMTISCH_DATA_DIR", data)
        .env("STAMMTISCH_SERVER__LISTEN", format!("127.0.0.1:{port}"))
        .env(
            "STAMMTISCH_SERVER__PUBLIC_URL",
            format!("http://localhost:{port}"),
        )
        .env("STAMMTISCH_ERASURE__GRACE", "2s")
        .env("STAMMTISCH_LIMITS__ENABLED", "false");
}

/// Every six hours, none of them near: a sweep of `serve` would take from the walk what it is about to erase by hand.
/// The first one, ten seconds after the start, is waited for.
fn far_away() -> String {
    let hour = (SystemClock.now().hour() + 3) % 6;
    format!("0 0 {hour},{},{},{} * * *", hour + 6, hour + 12, hour + 18)
}

#[test]
fn the_walk_in_the_readme_works_line_by_line() {
    let folder = crate::process::folder();
    let data: PathBuf = folder.path().join("data");
    let port = free_port();
    let program = env!("CARGO_BIN_EXE_stammtisch");
    let log = fs::File::create(folder.path().join("log")).unwrap();
    let (mut serve, metrics) = (Command::new(program), free_port());
    environment(&mut serve, &data, port);
    let serve = serve
        .arg("serve")
        .env(
            "STAMMTISCH_SERVER__METRICS_LISTEN",
            format!("127.0.0.1:{metrics}"),
        )
        .env("STAMMTISCH_ERASURE__SWEEP", far_away())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap();
    let serve = Served(serve);

    let waits = format!(
        "for _ in $(seq 300); do curl -sf http://127.0.0.1:{port}/health/ready && break; sleep 0.1; done
         for _ in $(seq 300); do
             curl -sf http://127.0.0.1:{metrics}/metrics | grep -q '^stammtisch_last_sweep_timestamp_seconds [1-9]' && break
             sleep 0.1
         done\n"
    );
    let script = folder.path().join("walk.sh");
    fs::write(&script, format!("{waits}{}", walk())).unwrap();
    let mut bash = Command::new("bash");
    environment(&mut bash, &data, port);
    let walked = bash
        .arg(&script)
        .env("PORTAL", format!("http://localhost:{port}"))
        .env("DATA", &data)
        .env("STAMMTISCH", program)
        .env("GRACE", "3")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&walked.stdout).into_owned();
    let complained = String::from_utf8_lossy(&walked.stderr).into_owned();
    drop(serve);
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
    assert!(walked.status.success(), "{said}\n{complained}\n{log}");
    for expected in [
        r#""status": "active""#,
        r#""status": "pending""#,
        r#""unread": 1"#,
        r#""state": "held""#,
        r#""held": 1"#,
        r#""erased": 1"#,
        r#""state": "released""#,
        r#""former_members": 1"#,
    ] {
        assert!(said.contains(expected), "{expected} is missing:\n{said}");
    }
    nothing_personal_is_logged(&log);
    assert!(
        !data.join("postgres/cluster/postmaster.pid").exists(),
        "a clean stop leaves no server behind"
    );
}

/// R3: logs name accounts by id, and nothing else.
fn nothing_personal_is_logged(log: &str) {
    assert!(log.contains("answered"), "the log has its lines:\n{log}");
    for personal in [
        "musterhausen",
        "operator.example",
        "Anna",
        "Beispiel",
        "Bert",
        "Doris",
        "blaue",
        "token=",
        "127.0.0.1",
        "Az. 4",
        "Guten Tag",
        "Tiefbau",
    ] {
        assert!(!log.contains(personal), "{personal} is logged:\n{log}");
    }
}
