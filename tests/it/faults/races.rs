//! What happens at the same moment as the sweep (R7, R15): of each race there are two or three allowed outcomes, what
//! was told is what is, and nothing of the erased is left. Whoever looks at an answer refuses 5xx there.

use std::{
    future::Future,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

use chrono::TimeDelta;
use serde_json::{Value, json};
use stammtisch::{
    confirmation,
    erasure::sweep::Report,
    mail::{letter::LinkPurpose, worker},
};
use uuid::Uuid;

use crate::{
    deletion::delete,
    messaging::{bodies, id, messages_of, send, write_to},
    support::{
        PASSWORD, Person, Response, TestPortal,
        faults::{Seen, rounds},
    },
    sweep::sweep,
};

/// How many races of each kind, in short and in full.
const SHORT: usize = 30;
const FULL: usize = 1_000;
/// So many round trips take about as long as a sweep.
const SPREAD: usize = 48;

/// Many races of one kind: the portal, its administrator, and the head start that makes either side win.
pub(super) struct Course {
    pub portal: TestPortal,
    pub desk: Person,
    pub people: Vec<Person>,
    pub seen: Seen,
    pub lead: Lead,
}

/// By how many round trips to the database the sweep begins before the other side, or after it where negative. Every
/// outcome moves it towards the other one, so that both happen however quick either side is on a machine.
#[derive(Default)]
pub(super) struct Lead(i64);

impl Lead {
    pub fn of(round_trips: i64) -> Self {
        Self(round_trips)
    }

    pub fn other_was_first(&mut self, was: bool) {
        let step = (self.0.abs() / 2).max(1);
        self.0 += if was { step } else { -step };
    }
}

impl Course {
    pub async fn of(name: &'static str) -> Self {
        Self::of_rounds(name, rounds(SHORT, FULL)).await
    }

    pub async fn of_rounds(name: &'static str, rounds: usize) -> Self {
        // The administrator's session outlives the full form.
        let portal = TestPortal::with("sessions.idle = '12h'\nlimits.enabled = false").await;
        let desk = portal.administrator().await;
        let people = portal.crowd(rounds).await;
        Self {
            portal,
            desk,
            people,
            seen: Seen::by(name),
            lead: Lead::default(),
        }
    }

    /// The sweep, and beside it someone else.
    pub async fn race<T>(&self, other: impl Future<Output = T>) -> (T, Report) {
        let (answer, report) = self.beside(other).await;
        assert_eq!((report.failed, report.skipped), (0, 0), "{report:?}");
        (answer, report)
    }

    /// The same, where somebody may have to wait for the next sweep.
    pub async fn beside<T>(&self, other: impl Future<Output = T>) -> (T, Report) {
        let late = async {
            self.wait(self.lead.0).await;
            other.await
        };
        let sweeping = async {
            self.wait(-self.lead.0).await;
            sweep(&self.portal).await
        };
        tokio::join!(late, sweeping)
    }

    async fn wait(&self, round_trips: i64) {
        for _ in 0..round_trips {
            self.portal.count("SELECT count(*) FROM sweep_state").await;
        }
    }

    /// Where both outcomes look alike: the other side begins at any moment of a sweep, in few rounds as well.
    pub fn spread(&mut self, round: usize) {
        let step = SPREAD.div_ceil(self.people.len());
        self.lead = Lead(i64::try_from(round * step % SPREAD).expect("few"));
    }

    /// Deleted long enough ago: due since a second.
    pub async fn make_due(&self, account: Uuid) {
        self.portal
            .execute(&format!(
                "UPDATE account SET status = 'deleted', status_before = 'active', deleted_at = now(), undo_until = now(),
                     erase_by = now() + interval '1 day', due_at = now() - interval '1 second' WHERE id = '{account}'"
            ))
            .await;
    }

    /// The same, that many round trips from now.
    pub async fn make_due_after(&self, lead: &Lead, account: Uuid) {
        self.wait(lead.0).await;
        self.make_due(account).await;
    }

    async fn is_there(&self, account: Uuid) -> bool {
        self.portal
            .count(&format!("SELECT count(*) FROM account WHERE id = '{account}'"))
            .await
            == 1
    }

    /// Not one row of the account anywhere, its own included.
    pub async fn must_be_gone(&self, account: Uuid) {
        assert_eq!(self.portal.rows_of(account).await, Vec::<String>::new());
    }
}

/// What an answer says: its status, and the code of an error.
pub(super) fn told(answer: &Response) -> String {
    let status = answer.status.as_u16();
    if answer.status.is_success() {
        return status.to_string();
    }
    format!("{status} {}", answer.json()["code"].as_str().unwrap_or("?"))
}

/// 201: the held data is there to the byte, and so is the account. 409: everything is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_against_the_sweep_is_intact_or_refused() {
    let mut course = Course::of("race: hold and sweep").await;
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["master_data"] });
    for person in &course.people.clone() {
        course.make_due(person.id).await;
        let before = held_data(&course.portal, person.id).await;
        let path = format!("/api/v1/admin/accounts/{}/holds", person.id);
        // In the full form they have been signed in for longer than a sign-in is a proof.
        course.desk.prove().await;
        let (answer, report) = course.race(course.desk.post(&path, &order)).await;
        match told(&answer).as_str() {
            "201" => {
                course.seen.note("201, held data intact");
                course.lead.other_was_first(true);
                assert_eq!(held_data(&course.portal, person.id).await, before);
                assert!(course.is_there(person.id).await);
                assert_eq!(report.erased, 0);
            }
            "409 already_erased" => {
                course.seen.note("409, erased");
                course.lead.other_was_first(false);
                assert_eq!(report.erased, 1);
                course.must_be_gone(person.id).await;
            }
            other => panic!("{other}"),
        }
    }
    course.seen.must_have(&["201", "409"]);
}

async fn held_data(portal: &TestPortal, account: Uuid) -> Vec<String> {
    let mut rows = portal.data_of(account).await;
    rows.retain(|row| row.starts_with("profile: ") || row.starts_with("registration: "));
    rows
}

/// 204: active as before, to the byte. 409: erased, by one of the sweeps beside it or the next.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undo_against_the_sweep_is_done_or_refused() {
    let mut course = Course::of("race: undo and sweep").await;
    // How long the grace still lasts when both begin: each outcome moves it towards the other, so that it ends in
    // the middle of the undo more often than not.
    let mut left = TimeDelta::milliseconds(10);
    for person in course.people.clone() {
        let carla = course.portal.signed_in(&person.email).await;
        let mut before = course.portal.data_of(person.id).await;
        // That ends with the deletion, and stays ended.
        before.retain(|row| !row.starts_with("session: "));
        delete(&carla).await;
        let body = json!({ "token": undo_link(&course.portal, person.id).await });
        let (answer, erased) = undo_beside_sweeps(&course.portal, person.id, &body, left).await;
        match told(&answer).as_str() {
            "204" => {
                course.seen.note("204, active and intact");
                left = left * 2 / 3;
                assert_eq!(erased, 0);
                assert_eq!(course.portal.data_of(person.id).await, before);
                let status = format!(
                    "SELECT concat_ws(' ', status, status_before, deleted_at, undo_until, erase_by, due_at)
                     FROM account WHERE id = '{}'",
                    person.id
                );
                assert_eq!(course.portal.scalar::<String>(&status).await, "active");
            }
            "409 undo_impossible" => {
                left = left * 3 / 2;
                let later = sweep(&course.portal).await.erased;
                assert_eq!(erased + later, 1, "refused, so it is erased");
                course.must_be_gone(person.id).await;
                course.seen.note(
                    ["409, erased meanwhile", "409, erased by the next sweep"][usize::from(later == 1)],
                );
            }
            other => panic!("{other}"),
        }
    }
    course.seen.must_have(&["204", "409"]);
}

/// An undo, and sweeps without pause by three processes until it is answered; how many accounts those erased.
async fn undo_beside_sweeps(
    portal: &TestPortal,
    account: Uuid,
    body: &Value,
    left: TimeDelta,
) -> (Response, u64) {
    let microseconds = left.num_microseconds().unwrap();
    portal
        .execute(&format!(
            "UPDATE account SET undo_until = clock_timestamp() + interval '1 microsecond' * {microseconds}
                 WHERE id = '{account}';
             UPDATE account SET due_at = undo_until WHERE id = '{account}'"
        ))
        .await;
    let visitor = portal.visitor();
    let answered = AtomicBool::new(false);
    let undoing = async {
        let answer = visitor.post("/api/v1/deletions/undo", body).await;
        answered.store(true, Relaxed);
        answer
    };
    let sweeping = async || {
        let mut erased = 0;
        while !answered.load(Relaxed) {
            erased += sweep(portal).await.erased;
        }
        erased
    };
    let (answer, one, two, three) = tokio::join!(undoing, sweeping(), sweeping(), sweeping());
    (answer, one + two + three)
}

/// A link as the mail would carry it.
async fn undo_link(portal: &TestPortal, account: Uuid) -> String {
    let database = &portal.portal.database;
    let until = portal.portal.now() + TimeDelta::hours(1);
    let confirmation = confirmation::open(database, &portal.portal, account, LinkPurpose::Undo, until);
    let confirmation = confirmation.await.unwrap();
    let token = confirmation::mint(database, portal.portal.random.as_ref(), confirmation);
    token.await.unwrap().reveal()
}

/// Others go on writing (201) into a conversation that someone is erased from; whoever writes to the erased alone is
/// told so (409), and who is being erased writes nothing (401). What others wrote stays, and nothing else does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_against_the_sweep_stay_if_others_wrote_them_and_go_otherwise() {
    let mut course = Course::of("race: messages and sweep").await;
    let others = course.portal.crowd(2).await;
    let bert = course.portal.signed_in(&others[0].email).await;
    let cleo = course.portal.signed_in(&others[1].email).await;
    for (round, person) in course.people.clone().iter().enumerate() {
        course.spread(round);
        let person = course.portal.signed_in(&person.email).await;
        let opening = json!({ "member_ids": [bert.id, cleo.id], "subject": "Kanal", "body": "Guten Tag" });
        let together = id(&person
            .post("/api/v1/conversations", &opening)
            .await
            .must_be(201)
            .json());
        let alone = id(&write_to(&person, &[&bert], "Unter uns").await.must_be(201).json());
        course.make_due(person.id).await;
        let writing = async {
            tokio::join!(
                send(&bert, &together, "Noch da?"),
                send(&cleo, &together, "Ich schon"),
                send(&bert, &alone, "Hallo?"),
                send(&person, &together, "Ich auch noch"),
            )
        };
        let ((from_bert, from_cleo, to_nobody, from_person), report) = course.race(Box::pin(writing)).await;
        from_bert.must_be(201);
        from_cleo.must_be(201);
        to_nobody.must_fail(409, "nobody_left");
        from_person.must_be(401);
        assert_eq!(report.erased, 1);
        course.must_be_gone(person.id).await;
        let mut left = bodies(&bert, &messages_of(&together)).await;
        left.sort_unstable();
        assert_eq!(left, ["Ich schon", "Noch da?"]);
        let former = format!("SELECT former_members::bigint FROM conversation WHERE id = '{together}'");
        assert_eq!(course.portal.count(&former).await, 1);
        course
            .seen
            .note("201 to those who stay, 409 and 401 to and from the erased");
    }
}

/// Nobody begins a conversation with someone who is being erased: they are no member.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_conversation_against_the_sweep_is_refused() {
    let mut course = Course::of("race: new conversation and sweep").await;
    let others = course.portal.crowd(1).await;
    let bert = course.portal.signed_in(&others[0].email).await;
    for (round, person) in course.people.clone().iter().enumerate() {
        course.spread(round);
        course.make_due(person.id).await;
        let (answer, report) = course.race(write_to(&bert, &[person], "Guten Tag")).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        course.seen.note("422");
        assert_eq!(report.erased, 1);
        course.must_be_gone(person.id).await;
    }
    assert_eq!(course.portal.count("SELECT count(*) FROM conversation").await, 0);
}

/// 403 while the account is there, 401 afterwards; never a session.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_against_the_sweep_is_told_that_the_account_is_deleted_or_unknown() {
    let mut course = Course::of("race: sign-in and sweep").await;
    for person in &course.people.clone() {
        course.make_due(person.id).await;
        let visitor = course.portal.visitor();
        let (answer, report) = course.race(visitor.sign_in(&person.email, PASSWORD)).await;
        let told = told(&answer);
        assert!(
            ["403 account_deleted", "401 credentials_invalid"].contains(&told.as_str()),
            "{told}"
        );
        course.lead.other_was_first(told.starts_with("403"));
        course.seen.note(told);
        assert_eq!(report.erased, 1);
        course.must_be_gone(person.id).await;
        visitor.get("/api/v1/me").await.must_fail(401, "not_signed_in");
    }
    course.seen.must_have(&["401", "403"]);
}

/// The deletion's mail leaves or is taken back; its file goes with the account in any case.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_against_the_sweep_leaves_no_file_of_the_erased() {
    let mut course = Course::of("race: mail and sweep").await;
    for person in &course.people.clone() {
        delete(&course.portal.signed_in(&person.email).await).await;
        course
            .portal
            .execute(&format!(
                "UPDATE account SET undo_until = now(), due_at = now() - interval '1 second' WHERE id = '{}'",
                person.id
            ))
            .await;
        let (mailed, report) = course.race(worker::deliver_due(&course.portal.portal)).await;
        let sent = mailed.expect("the worker goes on").sent;
        course.lead.other_was_first(sent > 0);
        match sent {
            0 => course.seen.note("taken back"),
            _ => course.seen.note("sent, and its file removed"),
        }
        assert_eq!(report.erased, 1);
        course.must_be_gone(person.id).await;
        assert!(
            course.portal.mails().is_empty(),
            "a mail's file outlived its account"
        );
    }
    course.seen.must_have(&["taken back", "sent"]);
}

/// 409 while the account is there, 404 afterwards; 202 with the old instants and without a code, or 404.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_desk_does_against_the_sweep_changes_nothing() {
    let mut course = Course::of("race: desk and sweep").await;
    for (round, person) in course.people.clone().iter().enumerate() {
        course.make_due(person.id).await;
        let path = |action: &str| format!("/api/v1/admin/accounts/{}/{action}", person.id);
        let (suspend, deletion) = (path("suspend"), path("deletion"));
        let reason = json!({ "reason": "auf Wunsch" });
        let nothing = json!({});
        let acting = async {
            tokio::join!(
                course.desk.post(&suspend, &nothing),
                course.desk.post(&deletion, &reason)
            )
        };
        let ((suspended, deleted), report) = course.race(acting).await;
        let (suspended, told) = (told(&suspended), told(&deleted));
        assert!(
            ["409 being_deleted", "404 not_found"].contains(&suspended.as_str()),
            "{suspended}"
        );
        assert!(["202", "404 not_found"].contains(&told.as_str()), "{told}");
        assert_eq!(deleted.json().get("receipt_code"), None::<&Value>);
        // Two at once: what moves the lead is now the one and now the other.
        let decides = [&suspended, &told][round % 2];
        course.lead.other_was_first(!decides.starts_with("404"));
        course.seen.note(format!("suspend {suspended}"));
        course.seen.note(format!("deletion {told}"));
        assert_eq!(report.erased, 1);
        course.must_be_gone(person.id).await;
    }
    course
        .seen
        .must_have(&["suspend 409", "suspend 404", "deletion 202", "deletion 404"]);
}

/// The sweep removes what a living member had replaced while a hold lay on it; meanwhile they change their profile
/// (200) again and write. Their new data stays, what was replaced is gone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_against_the_sweep_of_what_was_replaced_keeps_the_new_alone() {
    let mut course = Course::of("race: profile change and sweep").await;
    for (round, person) in course.people.clone().iter().enumerate() {
        course.spread(round);
        let person = course.portal.signed_in(&person.email).await;
        course
            .portal
            .execute(&format!(
                "INSERT INTO superseded_profile (id, account_id, field, value, superseded_at)
                     VALUES (gen_random_uuid(), '{0}', 'last_name', 'Frueher', now());
                 UPDATE account SET due_at = now() WHERE id = '{0}'",
                person.id
            ))
            .await;
        let change = json!({ "position": format!("Stelle {round}") });
        let (answer, report) = course.race(person.patch("/api/v1/me/profile", &change)).await;
        answer.must_be(200);
        assert_eq!((report.due, report.erased), (1, 0));
        course.seen.note("200, the new stays and the replaced is gone");
        let profile = person.get("/api/v1/me/profile").await.must_be(200).json();
        assert_eq!(profile["position"], change["position"]);
        let rows = course.portal.data_of(person.id).await;
        assert!(
            !rows.iter().any(|row| row.starts_with("superseded_profile: ")),
            "{rows:?}"
        );
    }
}
