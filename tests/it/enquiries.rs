//! Questions to the operator: their member and the desk write in turns, the desk shares them out, nobody else sees any.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    deletion::delete,
    messaging::id,
    support::{Person, Response, TestPortal, page},
    sweep::sweep,
};

const OWN: &str = "/api/v1/enquiries";
const DESK: &str = "/api/v1/admin/enquiries";

/// Asks, and answers the id.
pub async fn ask(person: &Person, subject: &str) -> String {
    let question = json!({ "subject": subject, "body": "Wo ist sie?" });
    id(&person.post(OWN, &question).await.must_be(201).json())
}

async fn write(person: &Person, enquiry: &str, body: &str) -> Response {
    let path = format!("{OWN}/{enquiry}/messages");
    person.post(&path, &json!({ "body": body })).await
}

async fn answer(desk: &Person, enquiry: &str, body: &str) -> Response {
    let path = format!("{DESK}/{enquiry}/answer");
    desk.post(&path, &json!({ "body": body })).await
}

async fn assign(desk: &Person, enquiry: &str, to: Option<Uuid>) -> Response {
    let path = format!("{DESK}/{enquiry}/assignment");
    desk.put(&path, &json!({ "account_id": to })).await
}

async fn state(person: &Person, enquiry: &str) -> Value {
    person.get(&format!("{OWN}/{enquiry}")).await.must_be(200).json()["state"].clone()
}

/// The bodies of a list's items.
fn bodies(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap().iter();
    items.map(|item| item["body"].as_str().unwrap()).collect()
}

/// The subjects at the desk.
async fn subjects(desk: &Person, query: &str) -> Vec<String> {
    let list = desk.get(&format!("{DESK}{query}")).await.must_be(200).json();
    let items = list["items"].as_array().unwrap().iter();
    items
        .map(|item| item["subject"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_question_is_answered_and_its_author_told_by_mail_without_the_answers_text() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let asked = anna
        .post(OWN, &json!({ "subject": "Rechnung", "body": "Wo ist sie?" }))
        .await
        .must_be(201)
        .json();
    let id = asked["id"].as_str().unwrap().to_owned();
    assert_eq!(
        anna.get(OWN).await.must_be(200).json()["items"][0]["answer"],
        json!(null)
    );

    let at_desk = desk.get(DESK).await.must_be(200).json()["items"][0].clone();
    assert_eq!(at_desk["id"], asked["id"]);
    assert_eq!(at_desk["account_id"], json!(anna.id));
    assert_eq!(at_desk["body"], "Wo ist sie?");

    answer(&desk, &id, "In der Post.").await.must_be(204);
    portal.work().await;
    let mail = portal.mails_to(&anna.email).pop().unwrap();
    assert_eq!(mail.subject, "Your enquiry has been answered");
    assert!(!mail.text.contains("In der Post."), "{}", mail.text);
    let link = format!("/en/enquiries/{id}\n");
    assert!(mail.text.contains(&link), "{}", mail.text);
    let own = anna.get(OWN).await.must_be(200).json()["items"][0].clone();
    assert_eq!(
        (own["answer"].as_str(), own["subject"].as_str()),
        (Some("In der Post."), Some("Rechnung"))
    );
    assert!(own["answered_at"].is_string());
    answer(&desk, &id, "Noch etwas.").await.must_be(204);
    assert_eq!(anna.get(OWN).await.json()["items"][0]["answer"], "Noch etwas.");
    let event = format!(
        "SELECT count(*) FROM audit_event WHERE code = 'enquiry.answered' AND actor_id = '{}'",
        desk.id
    );
    assert_eq!(portal.count(&event).await, 2);
}

#[tokio::test]
async fn a_thread_goes_on_between_the_member_and_the_desk_and_is_open_whenever_an_answer_is_waited_for() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let enquiry = ask(&anna, "Rechnung").await;
    assert_eq!(state(&anna, &enquiry).await, "open");
    write(&anna, &enquiry, "Es eilt.").await.must_be(201);
    answer(&desk, &enquiry, "In der Post.").await.must_be(204);
    assert_eq!(state(&anna, &enquiry).await, "answered");
    let written = write(&anna, &enquiry, "Seit wann?").await.must_be(201).json();
    assert_eq!(written["by_operator"], false);
    assert_eq!(state(&anna, &enquiry).await, "open");

    let path = format!("{OWN}/{enquiry}");
    let thread = anna.get(&path).await.must_be(200).json();
    assert_eq!(thread["entries"]["items"][0], written);
    assert_eq!(
        bodies(&thread["entries"]),
        ["Seit wann?", "In der Post.", "Es eilt.", "Wo ist sie?"]
    );
    assert_eq!(
        (thread["body"].as_str(), thread["answer"].as_str()),
        (Some("Wo ist sie?"), Some("In der Post."))
    );
    assert_eq!(thread["last_activity_at"], written["written_at"]);
    assert!(!thread.to_string().contains(&desk.id.to_string()), "{thread}");
    let first = anna.get(&format!("{path}?limit=3")).await.must_be(200).json();
    let next = format!("{path}?cursor={}", first["entries"]["next"].as_str().unwrap());
    let rest = anna.get(&next).await.must_be(200).json();
    assert_eq!(bodies(&rest["entries"]), ["Wo ist sie?"]);
    let at_desk = desk.get(&format!("{DESK}/{enquiry}")).await.must_be(200).json();
    assert_eq!(at_desk["entries"]["items"][1]["written_by"], json!(desk.id));
    assert_eq!(bodies(&at_desk["entries"]), bodies(&thread["entries"]));

    for door in [&anna, &desk] {
        let close = if door.id == anna.id {
            &path
        } else {
            &format!("{DESK}/{enquiry}")
        };
        for _ in 0..2 {
            door.post(&format!("{close}/close"), &json!({}))
                .await
                .must_be(204);
        }
        assert_eq!(state(&anna, &enquiry).await, "closed");
        write(&anna, &enquiry, "Doch noch etwas.").await.must_be(201);
        assert_eq!(state(&anna, &enquiry).await, "open");
    }
    let closed = "SELECT count(*) FROM audit_event WHERE code = 'enquiry.closed'";
    assert_eq!(portal.count(closed).await, 1);
}

#[tokio::test]
async fn what_is_written_twice_with_one_key_stands_there_once() {
    let portal = TestPortal::with("limits.messages_per_hour = 2").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let enquiry = ask(&anna, "Rechnung").await;
    let send = async |person: &Person, path: String, body: &str| {
        let request = person
            .request(Method::POST, &path)
            .header("idempotency-key", "einmal");
        request.json(&json!({ "body": body })).send().await
    };
    let messages = format!("{OWN}/{enquiry}/messages");
    let first = send(&anna, messages.clone(), "a").await.must_be(201).json();
    // The limit is used up by now, and what was written before is no new message.
    assert_eq!(
        send(&anna, messages.clone(), "a").await.must_be(201).json(),
        first
    );
    send(&anna, messages, "b")
        .await
        .must_fail(422, "idempotency_key_reused");
    write(&anna, &enquiry, "c").await.must_fail(429, "rate_limited");
    let question = json!({ "subject": "Noch eine", "body": "b" });
    anna.post(OWN, &question).await.must_fail(429, "rate_limited");
    let answers = format!("{DESK}/{enquiry}/answer");
    for _ in 0..2 {
        send(&desk, answers.clone(), "a").await.must_be(204);
    }
    send(&desk, answers, "b")
        .await
        .must_fail(422, "idempotency_key_reused");
    assert_eq!(portal.count("SELECT count(*) FROM enquiry_entry").await, 3);
    assert_eq!(portal.count("SELECT count(*) FROM enquiry").await, 1);
}

#[tokio::test]
async fn an_enquiry_is_given_to_an_administrator_who_is_told_when_something_is_new_in_it() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let (desk, other) = (portal.administrator().await, portal.administrator().await);
    let (mine, others) = (ask(&anna, "Meine").await, ask(&anna, "Andere").await);
    let told = async |person: &Person| {
        portal.work().await;
        portal.mails_to(&person.email).len()
    };
    assign(&desk, &mine, Some(desk.id)).await.must_be(204);
    assert_eq!(told(&desk).await, 0, "who takes it knows");
    for _ in 0..2 {
        assign(&desk, &others, Some(other.id)).await.must_be(204);
    }
    assert_eq!(told(&other).await, 1);
    let mail = portal.mails_to(&other.email).pop().unwrap();
    assert!(
        mail.text.contains(&format!("/en/desk/enquiries/{others}\n")),
        "{}",
        mail.text
    );
    assert!(!mail.text.contains("Wo ist sie?") && !mail.text.contains("Andere"));
    assert_eq!(subjects(&desk, "?assigned=me").await, ["Meine"]);
    assert_eq!(subjects(&desk, "?assigned=nobody").await, Vec::<String>::new());

    write(&anna, &others, "Es eilt.").await.must_be(201);
    assert_eq!(told(&other).await, 1, "it waits already");
    answer(&desk, &others, "In der Post.").await.must_be(204);
    write(&anna, &others, "Seit wann?").await.must_be(201);
    assert_eq!(told(&other).await, 2);
    assert_eq!(subjects(&other, "?state=open&assigned=me").await, ["Andere"]);
    assert_eq!(
        subjects(&other, "?state=answered&assigned=me").await,
        Vec::<String>::new()
    );

    assign(&desk, &others, None).await.must_be(204);
    assert_eq!(subjects(&desk, "?open=true&assigned=nobody").await, ["Andere"]);
    for nobody in [anna.id, Uuid::max()] {
        assign(&desk, &mine, Some(nobody))
            .await
            .must_refuse(&["account_id: no_administrator"]);
    }
    desk.put(&format!("{DESK}/{mine}/assignment"), &json!({}))
        .await
        .must_refuse(&["account_id: required"]);
    let codes: Vec<String> = portal
        .column("SELECT code FROM audit_event WHERE code LIKE 'enquiry.%' ORDER BY id")
        .await;
    assert_eq!(
        codes,
        [
            "enquiry.assigned",
            "enquiry.assigned",
            "enquiry.answered",
            "enquiry.freed"
        ]
    );
}

#[tokio::test]
async fn who_no_longer_administers_the_portal_has_no_enquiry_assigned() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let enquiry = ask(&anna, "Rechnung").await;
    let given = "SELECT count(*) FROM enquiry WHERE assigned_to IS NOT NULL";
    for end in ["suspend", "demote", "delete"] {
        let other = portal.administrator().await;
        assign(&desk, &enquiry, Some(other.id)).await.must_be(204);
        assert_eq!(portal.count(given).await, 1);
        let account = format!("/api/v1/admin/accounts/{}", other.id);
        match end {
            "suspend" => desk
                .post(&format!("{account}/suspend"), &json!({}))
                .await
                .must_be(204),
            "demote" => {
                let role = json!({ "role": "member" });
                desk.put(&format!("{account}/role"), &role).await.must_be(204)
            }
            _ => {
                let reason = json!({ "reason": "Brief" });
                desk.post(&format!("{account}/deletion"), &reason)
                    .await
                    .must_be(202)
            }
        };
        assert_eq!(portal.count(given).await, 0, "{end}");
        assign(&desk, &enquiry, Some(other.id))
            .await
            .must_refuse(&["account_id: no_administrator"]);
    }
}

#[tokio::test]
async fn an_administrator_who_is_erased_is_no_longer_named_and_a_member_takes_the_thread_along() {
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let (anna, bea) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Beispiel").await,
    );
    let (desk, other) = (portal.administrator().await, portal.administrator().await);
    let (annas, beas) = (ask(&anna, "Rechnung").await, ask(&bea, "Zugang").await);
    for enquiry in [&annas, &beas] {
        answer(&other, enquiry, "In der Post.").await.must_be(204);
        assign(&desk, enquiry, Some(other.id)).await.must_be(204);
    }
    delete(&other).await;
    // A backup that was restored may still say so.
    portal
        .execute(&format!("UPDATE enquiry SET assigned_to = '{}'", other.id))
        .await;
    delete(&bea).await;
    portal.advance(TimeDelta::hours(2));
    let report = sweep(&portal).await;
    assert_eq!((report.erased, report.failed), (2, 0));
    let entry = desk.get(&format!("{DESK}/{annas}")).await.must_be(200).json();
    assert_eq!(bodies(&entry["entries"]), ["In der Post.", "Wo ist sie?"]);
    assert_eq!(entry["entries"]["items"][0].get("written_by"), None);
    assert_eq!(
        (&entry["assigned_to"], &entry["answered_by"]),
        (&json!(null), &json!(null))
    );
    assert_eq!(portal.count("SELECT count(*) FROM enquiry_entry").await, 2);
    assert_eq!(portal.places_of("Zugang").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_question_that_is_sent_twice_is_asked_once() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Muster").await;
    let send = async |person: &Person, body: &str| {
        let request = person
            .request(Method::POST, OWN)
            .header("idempotency-key", "einmal");
        let question = json!({ "subject": "Rechnung", "body": body });
        request.json(&question).send().await
    };
    let first = send(&anna, "Wo?").await.must_be(201).json();
    assert_eq!(send(&anna, "Wo?").await.must_be(201).json(), first);
    send(&anna, "Wann?")
        .await
        .must_fail(422, "idempotency_key_reused");
    send(&bea, "Wo?").await.must_be(201);
    assert_eq!(portal.count("SELECT count(*) FROM enquiry").await, 2);

    let page = anna.get("/de/enquiries").await.must_be(200).text();
    let key = page::hidden(&page, "key").unwrap();
    let form = [("key", key.as_str()), ("subject", "Rechnung"), ("body", "Wo?")];
    let mut posts = JoinSet::new();
    for _ in 0..8 {
        let anna = anna.clone();
        let form = form.map(|(name, value)| (name, value.to_owned()));
        posts.spawn(async move {
            let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            anna.submit("/de/enquiries", &form).await
        });
    }
    while let Some(answer) = posts.join_next().await {
        answer.unwrap().must_lead_to("/de/enquiries?done=asked");
    }
    assert_eq!(portal.count("SELECT count(*) FROM enquiry").await, 3);
}

#[tokio::test]
async fn of_many_answers_at_once_to_the_same_text_one_is_given() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let enquiry = ask(&anna, "Rechnung").await;
    let thread = desk.get(&format!("{DESK}/{enquiry}")).await.must_be(200).json();
    let seen = thread["entries"]["items"][0]["id"].clone();
    let path = format!("{DESK}/{enquiry}/answer");
    let mut answers = JoinSet::new();
    for index in 0..6 {
        let (desk, path, seen) = (desk.clone(), path.clone(), seen.clone());
        answers.spawn(async move {
            let answer = json!({ "body": index.to_string(), "after": seen });
            desk.post(&path, &answer).await.status.as_u16()
        });
    }
    let mut statuses = answers.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409, 409, 409, 409, 409]);
    let late = json!({ "body": "zu spät", "after": seen });
    desk.post(&path, &late).await.must_fail(409, "already_answered");
}

#[tokio::test]
async fn nobody_else_sees_a_question() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let asked = anna
        .post(OWN, &json!({ "subject": "a", "body": "b" }))
        .await
        .must_be(201)
        .json();
    let (answer, own) = (
        format!("{DESK}/{}/answer", id(&asked)),
        format!("{OWN}/{}", id(&asked)),
    );
    assert_eq!(
        bea.get(OWN).await.must_be(200).json(),
        json!({ "items": [], "next": null })
    );
    bea.get(DESK).await.must_fail(403, "forbidden");
    bea.post(&answer, &json!({ "body": "I answer" }))
        .await
        .must_fail(403, "forbidden");
    portal.visitor().get(OWN).await.must_fail(401, "not_signed_in");
    portal.visitor().get(DESK).await.must_fail(401, "not_signed_in");
    let desk = portal.administrator().await;
    for stranger in [&bea, &desk] {
        stranger.get(&own).await.must_fail(404, "not_found");
        write(stranger, &id(&asked), "c")
            .await
            .must_fail(404, "not_found");
        let closed = stranger.post(&format!("{own}/close"), &json!({})).await;
        closed.must_fail(404, "not_found");
    }
    desk.post(&format!("{DESK}/{}/answer", Uuid::max()), &json!({ "body": "c" }))
        .await
        .must_fail(404, "not_found");
}

#[tokio::test]
async fn a_question_has_a_subject_and_a_text_of_bounded_length() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    anna.post(OWN, &json!({ "subject": "a\nb", "body": " " }))
        .await
        .must_refuse(&["subject: control_character", "body: required"]);
    anna.post(
        OWN,
        &json!({ "subject": "x".repeat(201), "body": "y".repeat(10_001) }),
    )
    .await
    .must_refuse(&["subject: too_long", "body: too_long"]);
    let longest = json!({ "subject": "ä".repeat(200), "body": "ü".repeat(10_000) });
    anna.post(OWN, &longest).await.must_be(201);
    assert_eq!(portal.count("SELECT count(*) FROM enquiry").await, 1);
    let asked = anna.get(OWN).await.json()["items"][0].clone();
    write(&anna, &id(&asked), " ")
        .await
        .must_refuse(&["body: required"]);
    write(&anna, &id(&asked), &"y".repeat(10_001))
        .await
        .must_refuse(&["body: too_long"]);
}

#[tokio::test]
async fn questions_are_listed_newest_first_in_pages_without_gaps_or_repeats() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for index in 0..5 {
        anna.post(OWN, &json!({ "subject": index.to_string(), "body": "b" }))
            .await
            .must_be(201);
    }
    let desk = portal.administrator().await;
    for (reader, list) in [(&anna, OWN), (&desk, DESK)] {
        let mut seen = Vec::new();
        let mut path = format!("{list}?limit=2");
        loop {
            let page = reader.get(&path).await.must_be(200).json();
            seen.extend(
                page["items"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|item| item["subject"].as_str().unwrap().to_owned()),
            );
            let Some(next) = page["next"].as_str() else { break };
            path = format!("{list}?limit=2&cursor={next}");
        }
        assert_eq!(seen, ["4", "3", "2", "1", "0"]);
    }
}

#[tokio::test]
async fn the_questions_of_someone_who_left_are_not_at_the_desk() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let asked = anna
        .post(OWN, &json!({ "subject": "a", "body": "b" }))
        .await
        .must_be(201)
        .json();
    portal.set_status(anna.id, "deleted").await;
    assert_eq!(desk.get(DESK).await.must_be(200).json()["items"], json!([]));
    let asked = id(&asked);
    answer(&desk, &asked, "c").await.must_fail(404, "not_found");
    assign(&desk, &asked, None).await.must_fail(404, "not_found");
    desk.get(&format!("{DESK}/{asked}"))
        .await
        .must_fail(404, "not_found");
    let closed = desk.post(&format!("{DESK}/{asked}/close"), &json!({})).await;
    closed.must_fail(404, "not_found");
}

#[tokio::test]
async fn enquiries_from_before_there_were_threads_become_threads() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let hours = |hours: i64| (portal.portal.now() - TimeDelta::hours(hours)).to_rfc3339();
    let id_of = |hours| {
        portal
            .portal
            .random
            .uuid_v7(portal.portal.now() - TimeDelta::hours(hours))
    };
    let (open, answered, gone) = (id_of(3), id_of(8), id_of(9));
    portal
        .execute(&format!(
            "DROP TABLE enquiry_entry;
             DROP TABLE enquiry;
             CREATE TABLE enquiry (
                 id uuid NOT NULL, account_id uuid NOT NULL, subject text NOT NULL, body text NOT NULL,
                 asked_at timestamptz NOT NULL, answer text, answered_by uuid, answered_at timestamptz,
                 idempotency_hash bytea,
                 CONSTRAINT enquiry_pkey PRIMARY KEY (id),
                 CONSTRAINT enquiry_account_fkey FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT,
                 CONSTRAINT enquiry_answer_complete CHECK ((answer IS NULL) = (answered_at IS NULL)));
             CREATE INDEX enquiry_open ON enquiry (id) WHERE answered_at IS NULL;
             INSERT INTO enquiry VALUES
                 ('{open}', '{0}', 'Offen', 'a', '{1}', NULL, NULL, NULL),
                 ('{answered}', '{0}', 'Beantwortet', 'b', '{2}', 'c', '{3}', '{4}'),
                 ('{gone}', '{0}', 'Von früher', 'd', '{5}', 'e', gen_random_uuid(), '{5}')",
            anna.id,
            hours(3),
            hours(8),
            desk.id,
            hours(2),
            hours(9),
        ))
        .await;
    portal
        .execute(include_str!("../../migration/src/m20261123_000010_thread/up.sql"))
        .await;
    assert_eq!(subjects(&desk, "?state=open").await, ["Offen"]);
    assert_eq!(
        subjects(&desk, "?state=answered").await,
        ["Beantwortet", "Von früher"]
    );
    for (enquiry, texts, by) in [
        (open, vec!["a"], None),
        (answered, vec!["c", "b"], Some(desk.id)),
        (gone, vec!["e", "d"], None),
    ] {
        let thread = desk.get(&format!("{DESK}/{enquiry}")).await.must_be(200).json();
        assert_eq!(bodies(&thread["entries"]), texts);
        assert_eq!(thread["answered_by"], json!(by));
    }
    write(&anna, &answered.to_string(), "f").await.must_be(201);
    let thread = anna.get(&format!("{OWN}/{answered}")).await.json();
    assert_eq!(bodies(&thread["entries"]), ["f", "c", "b"]);
    let of_seven = "SELECT count(*) FROM enquiry_entry WHERE substr(id::text, 15, 1) = '7'";
    assert_eq!(portal.count(of_seven).await, 6);
}
