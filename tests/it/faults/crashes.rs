//! `kill -9` of PostgreSQL in the middle of a sweep: it recovers by itself, the sweep that was cut off says so, and the
//! next one finishes, with every account in the ledger once.

use std::{
    fs,
    io::{BufRead, BufReader},
    os::unix::{fs::MetadataExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use super::kills::{Scene, finished, messages, start};
use crate::support::{
    TestPortal,
    backup::find,
    faults::{Seen, rounds},
    wire::{Door, Fatal, Moment, socket},
};

/// How many crashes, spread over the sweep.
const SHORT: usize = 2;
const FULL: usize = 25;
/// How often the server is started after a crash.
const TRIES: usize = 20;

/// A server for this test alone, which goes with it.
struct OwnServer {
    keeper: Child,
    address: String,
    folder: PathBuf,
}

impl OwnServer {
    fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/with-postgres");
        let mut keeper = Command::new(script)
            .args(["bash", "-c", "echo \"$TEST_DATABASE_URL\"; read -r _ || true"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a server is started");
        let mut address = String::new();
        let stdout = keeper.stdout.take().expect("its output is piped");
        BufReader::new(stdout)
            .read_line(&mut address)
            .expect("it says where it is");
        let address = address.trim().to_owned();
        let folder = socket(&address)
            .parent()
            .expect("a socket stands in a folder")
            .to_owned();
        Self {
            keeper,
            address,
            folder,
        }
    }

    /// All of its processes at once, none of which can do anything about it.
    fn kill(folder: &Path) {
        let pid = fs::read_to_string(folder.join("data/postmaster.pid")).expect("it runs");
        let pid = pid
            .lines()
            .next()
            .expect("the first line is its process")
            .to_owned();
        for arguments in [&["-STOP", &pid][..], &["-KILL", "-P", &pid], &["-KILL", &pid]] {
            let program = if arguments.len() == 3 { "pkill" } else { "kill" };
            let _ = Command::new(program).args(arguments).status();
        }
    }

    /// Starts it on what the crash has left.
    fn recover(&self) {
        let data = self.folder.join("data");
        let owner = fs::metadata(&data).expect("its data is there");
        let mut starting = Command::new(find("pg_ctl"));
        starting
            .args(["start", "-s", "-w", "-D"])
            .arg(&data)
            .arg("-l")
            .arg(self.folder.join("server.log"))
            .current_dir(&self.folder)
            .uid(owner.uid())
            .gid(owner.gid())
            .stdout(Stdio::null());
        // It refuses while one of the killed processes is still there.
        let recovered = (0..TRIES).any(|_| starting.status().expect("pg_ctl runs").success());
        let log = fs::read_to_string(self.folder.join("server.log")).unwrap_or_default();
        assert!(recovered, "the server recovers: {log}");
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        // Its input ends, and with it the script, which stops the server.
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_of_postgresql_at_any_statement_is_survived() {
    let mut seen = Seen::by("kill -9 of PostgreSQL");
    let server = OwnServer::start();
    let scene = Scene::set().await;
    let held = messages(&scene.portal, scene.held).await;
    let backup = scene.portal.backup();
    let statements = rehearse(
        &scene
            .portal
            .restored_on(&backup, &server.address)
            .await
            .copy()
            .await,
    )
    .await;
    let crashes = rounds(SHORT, FULL);
    for crash in 1..=crashes {
        let statement = statements * crash / (crashes + 1);
        let at = format!("crashed at statement {statement}");
        let portal = scene
            .portal
            .restored_on(&backup, &server.address)
            .await
            .copy()
            .await;
        let moment = if crash % 2 == 0 {
            Moment::Unsent
        } else {
            Moment::Unanswered
        };
        let door = Door::open(&portal.database_url(), Some(Fatal { statement, moment }));
        let folder = server.folder.clone();
        door.then(move || OwnServer::kill(&folder));
        let (ended, _, complaint) = sweep(&portal, &door.url(&portal.database_url())).await;
        assert!(matches!(ended, Some(0 | 1)), "{at}: {ended:?} {complaint}");
        server.recover();
        let after = portal.again().await;
        let (code, report, complaint) = sweep(&after, &after.database_url()).await;
        assert_eq!(code, Some(0), "{at}: {report}{complaint}");
        if ended == Some(0) {
            // It came when everything was erased and only remained to be noted.
            assert_eq!(report["erased"], 0, "{at}: {report}{complaint}");
        }
        finished(&scene, &after, &held, &at).await;
        seen.note(format!("crashed, {moment:?}: recovered and converged"));
    }
}

async fn rehearse(portal: &TestPortal) -> usize {
    let door = Door::open(&portal.database_url(), None);
    let (code, _, complaint) = sweep(portal, &door.url(&portal.database_url())).await;
    assert_eq!(code, Some(0), "{complaint}");
    door.statements()
}

/// The program's sweep: its exit code, its report, and what it complained of.
async fn sweep(portal: &TestPortal, url: &str) -> (Option<i32>, Value, String) {
    let child = start(portal, url);
    let ended = tokio::task::spawn_blocking(move || child.wait_with_output())
        .await
        .unwrap()
        .unwrap();
    let report = serde_json::from_slice(&ended.stdout).unwrap_or(Value::Null);
    let complaint = String::from_utf8_lossy(&ended.stderr).into_owned();
    (ended.status.code(), report, complaint)
}
