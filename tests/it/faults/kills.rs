//! `kill -9` of the portal at every statement of a sweep: whatever was under way, nobody is half-erased, and the next
//! sweep finishes it, with every account in the ledger once.

use std::{
    collections::BTreeMap,
    process::{Child, Command, ExitStatus, Stdio},
};

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    deletion::delete,
    groups,
    messaging::{id, send, write_to},
    reports::report,
    support::{
        Person, TestPortal,
        faults::{Seen, rounds},
        wire::{Door, Fatal, Moment},
    },
};

/// One statement in so many, in the short form.
const SHORT_STRIDE: usize = 59;

/// A portal on which everything that a sweep does is due, by the real clock.
pub struct Scene {
    pub portal: TestPortal,
    /// Gone afterwards.
    pub leaving: Vec<Uuid>,
    big: Uuid,
    /// Kept in part.
    pub held: Uuid,
    /// Whose superseded values go, and nothing else.
    staying: Uuid,
}

impl Scene {
    pub async fn set() -> Self {
        let portal = TestPortal::with("sessions.idle = '12h'\nlimits.enabled = false").await;
        // What happens now happened three hours ago.
        portal.advance(TimeDelta::hours(-3));
        let desk = portal.administrator().await;
        let mut people = Vec::new();
        for name in ["Anna", "Bert", "Carl", "Dora", "Emil"] {
            people.push(portal.member(name, "Beispiel").await);
        }
        let [anna, bert, carl, dora, emil] = &people[..] else {
            panic!("five people")
        };
        let conversation = id(&write_to(anna, &[bert, carl, dora, emil], "Anfang")
            .await
            .must_be(201)
            .json());
        for person in &people {
            send(person, &conversation, "Guten Tag").await.must_be(201);
        }
        portal
            .execute(&format!(
                "INSERT INTO message (id, conversation_id, author_id, body, sent_at)
                 SELECT gen_random_uuid(), '{conversation}', '{}', 'viele', now() FROM generate_series(1, 10500)",
                carl.id
            ))
            .await;
        let hold = |person: Uuid, categories: &str| {
            let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": [categories] });
            let path = format!("/api/v1/admin/accounts/{person}/holds");
            let desk = desk.clone();
            async move { id(&desk.post(&path, &order).await.must_be(201).json()) }
        };
        hold(dora.id, "messages").await;
        hold(dora.id, "enquiries").await;
        quarrel(&portal, anna, emil, dora).await;
        let over = hold(emil.id, "master_data").await;
        emil.patch(
            "/api/v1/me/profile",
            &json!({ "about": "Neues", "display_name": "E." }),
        )
        .await
        .must_be(200);
        emil.patch("/api/v1/me/profile", &json!({ "about": "Neueres" }))
            .await
            .must_be(200);
        desk.post(
            &format!("/api/v1/admin/holds/{over}/release"),
            &json!({ "reason": "erledigt" }),
        )
        .await
        .must_be(200);
        portal
            .register("waits@elsewhere.example", "Wanda", "Wartet")
            .await
            .must_be(200);
        portal.work().await;
        let pending: Uuid = portal
            .scalar("SELECT id FROM account WHERE status = 'pending'")
            .await;
        portal
            .execute(&format!(
                "UPDATE account SET due_at = now() - interval '1 day' WHERE id = '{pending}';
                 UPDATE registration SET confirmed_at = now() - interval '91 days' WHERE account_id = '{pending}'"
            ))
            .await;
        for person in [anna, bert, carl, dora] {
            delete(person).await;
        }
        portal.work().await;
        portal.advance(TimeDelta::hours(3));
        Self {
            leaving: vec![anna.id, bert.id, carl.id, pending],
            big: carl.id,
            held: dora.id,
            staying: emil.id,
            portal,
        }
    }

    /// What there is of each account that is erased in one transaction: all of it, or nothing.
    async fn whole(&self, portal: &TestPortal) -> BTreeMap<Uuid, Vec<String>> {
        let mut whole = BTreeMap::new();
        for id in self
            .leaving
            .iter()
            .chain([&self.held])
            .filter(|id| **id != self.big)
        {
            whole.insert(*id, portal.data_of(*id).await);
        }
        whole
    }
}

/// What is of two people, one of whom leaves: a group, an invitation, reports, a block. Of a report a hold keeps what its
/// reporter wrote.
async fn quarrel(portal: &TestPortal, leaving: &Person, staying: &Person, held: &Person) {
    let group = groups::open(staying, "Bleibt").await;
    groups::join(staying, &group, leaving).await;
    send(leaving, &group, "bald weg").await.must_be(201);
    let waiting = groups::open(leaving, "Endet").await;
    groups::invite(leaving, &waiting, &[staying]).await.must_be(201);
    for (author, reporter, reason) in [
        (leaving, staying, "Grund des Bleibenden"),
        (staying, leaving, "Grund der Gehenden"),
        (leaving, held, "Gehaltener Grund"),
    ] {
        let opened = write_to(author, &[reporter], "grob").await.json();
        let message = id(&opened["last_message"]);
        report(reporter, &message, reason).await.must_be(201);
    }
    for (one, other) in [(leaving, staying), (staying, leaving)] {
        let block = format!("/api/v1/me/blocks/{}", other.id);
        one.put(&block, &json!({})).await.must_be(204);
    }
    assert_eq!(portal.count("SELECT count(*) FROM report").await, 3);
}

/// Runs the sweep through a door, and tells how it ended and how many statements it had.
async fn erase_due(portal: &TestPortal, fatal: Option<Fatal>) -> (ExitStatus, Value, usize) {
    let door = Door::open(&portal.database_url(), fatal);
    let child = start(portal, &door.url(&portal.database_url()));
    door.watch_over(child.id());
    let ended = tokio::task::spawn_blocking(move || child.wait_with_output())
        .await
        .unwrap()
        .unwrap();
    let report = serde_json::from_slice(&ended.stdout).unwrap_or(Value::Null);
    let complaint = String::from_utf8_lossy(&ended.stderr);
    assert!(fatal.is_some() || ended.status.success(), "{report}\n{complaint}");
    (ended.status, report, door.statements())
}

/// The program's sweep on a portal's files, with the database at this address.
pub fn start(portal: &TestPortal, url: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stammtisch"));
    command
        .args(["erase-due", "--json"])
        .env("DATABASE_URL", url)
        .env("STAMMTISCH_DATA_DIR", portal.folder())
        .env("STAMMTISCH_PASSWORDS__MEMORY_KIB", "64")
        .env("STAMMTISCH_PASSWORDS__ITERATIONS", "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs")
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_statement_nobody_is_half_erased_and_the_next_sweep_finishes() {
    let mut seen = Seen::by("kill -9 of the portal");
    let scene = Scene::set().await;
    let before = scene.whole(&scene.portal).await;
    let held: Vec<String> = messages(&scene.portal, scene.held).await;
    let rehearsal = scene.portal.copy().await;
    let (_, report, statements) = erase_due(&rehearsal, None).await;
    assert_eq!(
        (&report["erased"], &report["held"]),
        (&json!(4), &json!(1)),
        "{report}"
    );
    seen.note_many("statements of a sweep", statements);

    for statement in (1..=statements).step_by(rounds(SHORT_STRIDE, 1)) {
        for moment in [Moment::Unsent, Moment::Unanswered] {
            let at = format!("killed at statement {statement}, {moment:?}");
            let portal = scene.portal.copy().await;
            let (status, _, had) = erase_due(&portal, Some(Fatal { statement, moment })).await;
            // How often a sweep looks after others by the clock differs: it may have ended before.
            assert!(!status.success() || had < statement, "{at}: {status}");
            portal.wait_for_quiet().await;
            for (id, rows) in scene.whole(&portal).await {
                let is_whole = rows == before[&id] || rows.is_empty() || id == scene.held;
                assert!(is_whole, "{at}: {id} is half-erased: {rows:?}");
            }
            let (_, report, _) = erase_due(&portal, None).await;
            assert_eq!(
                (&report["failed"], &report["held"]),
                (&json!(0), &json!(1)),
                "{at}: {report}"
            );
            finished(&scene, &portal, &held, &at).await;
            seen.note(format!("killed, {moment:?}: converged"));
        }
    }
}

pub async fn messages(portal: &TestPortal, account: Uuid) -> Vec<String> {
    let messages = format!("SELECT m::text FROM message m WHERE author_id = '{account}' ORDER BY id");
    portal.column(&messages).await
}

pub async fn finished(scene: &Scene, portal: &TestPortal, held: &[String], at: &str) {
    let left: Vec<Uuid> = portal.column("SELECT id FROM account").await;
    let erased = portal.ledger_events("erased");
    for id in &scene.leaving {
        assert!(!left.contains(id), "{at}: {id} is still there");
        assert_eq!(portal.data_of(*id).await, Vec::<String>::new(), "{at}: {id}");
        let lines = erased.iter().filter(|line| line["account_id"] == id.to_string());
        assert_eq!(lines.count(), 1, "{at}: {id} is in the ledger once");
    }
    assert_eq!(erased.len(), scene.leaving.len(), "{at}");
    assert_eq!(
        messages(portal, scene.held).await,
        held,
        "{at}: what is held is intact"
    );
    let open = "SELECT count(*) FROM receipt WHERE erased_at IS NULL";
    assert_eq!(
        portal.count(open).await,
        1,
        "{at}: only the held account's receipt is open"
    );
    for (what, number) in [
        ("block", 0),
        ("group_invitation", 0),
        ("conversation WHERE is_group", 1),
        ("report WHERE reporter_id IS NULL AND reason IS NULL", 1),
        ("report", 1),
        ("superseded_report WHERE reason = 'Gehaltener Grund'", 1),
        ("superseded_report", 1),
    ] {
        let found = portal.count(&format!("SELECT count(*) FROM {what}")).await;
        assert_eq!(found, number, "{at}: {what}");
    }
    let profile = format!("SELECT about FROM profile WHERE account_id = '{}'", scene.staying);
    assert_eq!(portal.scalar::<String>(&profile).await, "Neueres", "{at}");
    assert_eq!(
        portal.count("SELECT count(*) FROM superseded_profile").await,
        0,
        "{at}"
    );
    assert_eq!(
        portal.count("SELECT count(*) FROM ledger_event").await,
        0,
        "{at}: drained"
    );
}
