//! Reporting a message: who may, what the desk is shown and decides, and that a report keeps nothing by itself.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    deletion::delete,
    messaging::{bodies, id, messages_of, send, write_to},
    support::{Person, Response, TestPortal},
    sweep::sweep,
};

pub const REPORTS: &str = "/api/v1/admin/reports";

pub async fn report(person: &Person, message: &str, reason: &str) -> Response {
    let path = format!("/api/v1/messages/{message}/report");
    person.post(&path, &json!({ "reason": reason })).await
}

/// Anna, Bert and what Bert wrote to her: conversation and message.
pub async fn insult(portal: &TestPortal) -> (Person, Person, String, String) {
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let conversation = id(&write_to(&anna, &[&bert], "davor").await.must_be(201).json());
    let message = id(&send(&bert, &conversation, "Unverschämtheit")
        .await
        .must_be(201)
        .json());
    (anna, bert, conversation, message)
}

pub async fn decide(desk: &Person, report: &str, how: &str, body: &Value) -> Response {
    desk.post(&format!("{REPORTS}/{report}/{how}"), body).await
}

pub fn shown(report: &Value) -> Vec<&str> {
    let messages = report["messages"].as_array().unwrap().iter();
    messages
        .map(|message| message["body"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_message_is_reported_once_by_each_who_can_see_it_and_by_nobody_else() {
    let portal = TestPortal::with("limits.reports_per_day = 2").await;
    let (anna, bert, conversation, message) = insult(&portal).await;
    let cleo = portal.member("Cleo", "Fremd").await;
    let filed = report(&anna, &message, " Beleidigung ").await.must_be(201).json();
    assert_eq!(filed["reason"], "Beleidigung");
    let again = report(&anna, &message, "anders").await.must_be(200).json();
    assert_eq!(again, filed);
    report(&bert, &message, "x").await.must_fail(403, "own_account");
    report(&cleo, &message, "x").await.must_fail(404, "not_found");
    report(&anna, &uuid::Uuid::max().to_string(), "x")
        .await
        .must_fail(404, "not_found");
    report(&anna, &message, " ")
        .await
        .must_refuse(&["reason: required"]);
    report(&anna, &message, &"x".repeat(1_001))
        .await
        .must_refuse(&["reason: too_long"]);

    // What somebody writes who is blocked is not seen, and what is taken back neither.
    portal.advance(TimeDelta::seconds(1));
    let block = format!("/api/v1/me/blocks/{}", bert.id);
    anna.put(&block, &json!({})).await.must_be(204);
    let unseen = id(&send(&bert, &conversation, "ungesehen").await.must_be(201).json());
    report(&anna, &unseen, "x").await.must_fail(404, "not_found");
    anna.delete(&block).await.must_be(204);
    portal.advance(TimeDelta::seconds(1));
    let other = id(&send(&bert, &conversation, "noch eine").await.must_be(201).json());
    let third = id(&send(&bert, &conversation, "die dritte").await.must_be(201).json());
    let back = id(&send(&bert, &conversation, "zurück").await.must_be(201).json());
    bert.delete(&format!("/api/v1/messages/{back}"))
        .await
        .must_be(204);
    report(&anna, &back, "x").await.must_fail(404, "not_found");

    report(&anna, &other, "x").await.must_be(201);
    let refused = report(&anna, &third, "x").await;
    assert!(refused.header("retry-after").is_some());
    refused.must_fail(429, "rate_limited");
    report(&anna, &other, "schon bekannt").await.must_be(200);
    assert_eq!(portal.count("SELECT count(*) FROM report").await, 2);
}

#[tokio::test]
async fn the_same_report_sent_at_once_is_one_and_uses_up_one() {
    let portal = TestPortal::with("limits.reports_per_day = 2").await;
    let (anna, bert, conversation, message) = insult(&portal).await;
    let mut reporting = JoinSet::new();
    for _ in 0..6 {
        let (anna, message) = (anna.clone(), message.clone());
        reporting.spawn(async move { report(&anna, &message, "Beleidigung").await.status.as_u16() });
    }
    let mut answers = reporting.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [200, 200, 200, 200, 200, 201]);
    assert_eq!(portal.count("SELECT count(*) FROM report").await, 1);
    let other = id(&send(&bert, &conversation, "noch eine").await.must_be(201).json());
    report(&anna, &other, "x").await.must_be(201);
}

#[tokio::test]
async fn the_desk_sees_the_message_with_the_five_nearest_and_nothing_else_and_that_is_logged() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let desk = portal.administrator().await;
    let opening = json!({ "member_ids": [bert.id], "subject": "Geheimer Betreff", "body": "1" });
    let begun = anna.post("/api/v1/conversations", &opening).await.must_be(201);
    let conversation = id(&begun.json());
    let mut messages = vec![String::new()];
    for number in 2..=12 {
        let author = if number % 2 == 0 { &bert } else { &anna };
        let sent = send(author, &conversation, &number.to_string()).await;
        messages.push(id(&sent.must_be(201).json()));
    }
    let views = "SELECT count(*) FROM audit_event WHERE code = 'report.viewed'";
    for (seen, (place, around)) in [
        (6, ["3", "4", "5", "6", "7", "8"]),
        (2, ["1", "2", "3", "4", "5", "6"]),
        (12, ["7", "8", "9", "10", "11", "12"]),
    ]
    .into_iter()
    .enumerate()
    {
        let filed = report(&anna, &messages[place - 1], "Grund")
            .await
            .must_be(201)
            .json();
        let view = desk.get(&format!("{REPORTS}/{}", id(&filed))).await.must_be(200);
        for secret in ["Geheimer Betreff", "members", &conversation] {
            assert!(!view.text().contains(secret), "{secret}: {}", view.text());
        }
        let view = view.json();
        assert_eq!(shown(&view), around);
        let told = view["messages"].as_array().unwrap().iter();
        let told: Vec<_> = told.filter(|message| message["is_reported"] == true).collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["body"], place.to_string());
        assert_eq!(told[0]["author"], "Bert Muster");
        assert_eq!(view["reporter_id"], json!(anna.id));
        assert_eq!(portal.count(views).await, i64::try_from(seen).unwrap() + 1);
    }
    let logged = format!(
        "{views} AND actor_id = '{}' AND account_id = '{}'",
        desk.id, bert.id
    );
    assert_eq!(portal.count(&logged).await, 3);

    let listed = desk
        .get(&format!("{REPORTS}?state=open&limit=2"))
        .await
        .must_be(200);
    assert!(!listed.text().contains("body"), "{}", listed.text());
    let listed = listed.json();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    let rest = format!("{REPORTS}?limit=2&cursor={}", listed["next"].as_str().unwrap());
    assert_eq!(desk.get(&rest).await.json()["items"].as_array().unwrap().len(), 1);
    desk.get(&format!("{REPORTS}?state=nonsense")).await.must_be(422);
    let none = desk.get(&format!("{REPORTS}?state=dismissed")).await.must_be(200);
    assert_eq!(none.json()["items"], json!([]));
    anna.get(REPORTS).await.must_fail(403, "forbidden");
    desk.get(&format!("{REPORTS}/{}", uuid::Uuid::max()))
        .await
        .must_fail(404, "not_found");
    assert_eq!(portal.count(views).await, 3, "lists show no message");
}

#[tokio::test]
async fn the_desk_is_not_shown_what_the_reporter_could_not_see() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let cleo = portal.member("Cleo", "Dritte").await;
    let desk = portal.administrator().await;
    anna.put(&format!("/api/v1/me/blocks/{}", cleo.id), &json!({}))
        .await
        .must_be(204);
    portal.advance(TimeDelta::seconds(1));
    let group = id(&write_to(&anna, &[&bert, &cleo], "davor")
        .await
        .must_be(201)
        .json());
    send(&cleo, &group, "von Blockierter").await.must_be(201);
    send(&bert, &group, "auch davor").await.must_be(201);
    let back = id(&send(&bert, &group, "zurückgenommen").await.must_be(201).json());
    bert.delete(&format!("/api/v1/messages/{back}"))
        .await
        .must_be(204);
    let message = id(&send(&bert, &group, "gemeldet").await.must_be(201).json());
    let filed = id(&report(&anna, &message, "Grund").await.must_be(201).json());
    let path = format!("{REPORTS}/{filed}");
    assert_eq!(
        shown(&desk.get(&path).await.json()),
        ["davor", "auch davor", "gemeldet"]
    );
    // Of whoever leaves no words are shown any more; what others wrote is, and no more of it than before.
    delete(&anna).await;
    let nothing_of_anna = |view: &Value| {
        assert_eq!(shown(view), ["auch davor", "gemeldet"]);
        assert_eq!(
            (&view["reporter_id"], &view["reason"]),
            (&Value::Null, &Value::Null)
        );
    };
    nothing_of_anna(&desk.get(&path).await.must_be(200).json());
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(&portal).await.erased, 1);
    assert_eq!(portal.count("SELECT count(*) FROM block").await, 0);
    let desk = portal.signed_in(&desk.email).await;
    nothing_of_anna(&desk.get(&path).await.must_be(200).json());
}

#[tokio::test]
async fn removing_the_message_decides_all_reports_of_it_and_its_author_is_told_why() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let cleo = portal.member("Cleo", "Dritte").await;
    let desk = portal.administrator().await;
    let group = id(&write_to(&anna, &[&bert, &cleo], "davor")
        .await
        .must_be(201)
        .json());
    let message = id(&send(&bert, &group, "Unverschämtheit").await.must_be(201).json());
    let first = id(&report(&anna, &message, "Grund A").await.must_be(201).json());
    let second = id(&report(&cleo, &message, "Grund C").await.must_be(201).json());
    decide(&desk, &first, "remove", &json!({ "reason": " " }))
        .await
        .must_refuse(&["reason: required"]);
    let why = json!({ "reason": "Das ist beleidigend." });
    decide(&desk, &first, "remove", &why).await.must_be(204);
    for (report, how) in [(&first, "remove"), (&second, "suspend"), (&second, "dismiss")] {
        decide(&desk, report, how, &why)
            .await
            .must_fail(409, "already_decided");
    }
    for reader in [&anna, &bert, &cleo] {
        assert_eq!(bodies(reader, &messages_of(&group)).await, ["davor"]);
    }
    let view = desk.get(&format!("{REPORTS}/{second}")).await.must_be(200).json();
    assert_eq!((view["state"].as_str(), shown(&view).len()), (Some("removed"), 0));
    portal.work().await;
    let mail = portal.mails_to(&bert.email).pop().unwrap();
    assert!(mail.text.contains("Das ist beleidigend."), "{}", mail.text);
    for secret in ["Unverschämtheit", "Anna", "Cleo", "Grund"] {
        assert!(!mail.text.contains(secret), "{secret}: {}", mail.text);
    }
    let logged = "SELECT count(*) FROM audit_event WHERE code = 'report.removed'";
    assert_eq!(portal.count(logged).await, 2);
    let erased = "SELECT count(*) FROM ledger_event WHERE event = 'item_erased'";
    let written = portal.ledger_events("item_erased").len();
    assert_eq!(portal.count(erased).await + i64::try_from(written).unwrap(), 1);
}

#[tokio::test]
async fn suspending_the_author_and_dismissing_leave_the_message_alone() {
    let portal = TestPortal::start().await;
    let (anna, bert, conversation, message) = insult(&portal).await;
    let desk = portal.administrator().await;
    let first = id(&report(&anna, &message, "Grund").await.must_be(201).json());
    decide(&desk, &first, "dismiss", &json!({})).await.must_be(204);
    decide(&desk, &first, "dismiss", &json!({}))
        .await
        .must_fail(409, "already_decided");
    let other = id(&send(&bert, &conversation, "nochmal").await.must_be(201).json());
    let second = id(&report(&anna, &other, "Grund").await.must_be(201).json());
    let why = json!({ "reason": "Wiederholt beleidigend." });
    decide(&desk, &second, "suspend", &why).await.must_be(204);
    bert.get("/api/v1/me").await.must_be(401);
    assert_eq!(
        bodies(&anna, &messages_of(&conversation)).await,
        ["nochmal", "Unverschämtheit", "davor"]
    );
    portal.work().await;
    let mail = portal.mails_to(&bert.email).pop().unwrap();
    assert!(mail.text.contains("Wiederholt beleidigend."), "{}", mail.text);
    assert_eq!(
        portal.places_of("Wiederholt beleidigend.").await,
        ["administrative_note.body"]
    );
    let third = id(&report(&anna, &message, "Grund").await.must_be(200).json());
    assert_eq!(third, first, "a decided report stands");
    let states: Vec<String> = portal.column("SELECT state FROM report ORDER BY id").await;
    assert_eq!(states, ["dismissed", "suspended"]);
}

#[tokio::test]
async fn nobody_sees_or_decides_a_report_of_their_own_message_and_the_last_administrator_stays() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let conversation = id(&write_to(&desk, &[&anna], "Guten Tag").await.must_be(201).json());
    let message = id(&send(&desk, &conversation, "unhöflich").await.must_be(201).json());
    let filed = id(&report(&anna, &message, "Grund").await.must_be(201).json());
    assert_eq!(desk.get(REPORTS).await.json()["items"], json!([]));
    desk.get(&format!("{REPORTS}/{filed}"))
        .await
        .must_fail(403, "own_account");
    for how in ["remove", "suspend", "dismiss"] {
        decide(&desk, &filed, how, &json!({ "reason": "x" }))
            .await
            .must_fail(403, "own_account");
    }
    let trail = format!("/api/v1/admin/audit-events?account_id={}", desk.id);
    let trail = desk.get(&trail).await.must_be(200).text();
    assert!(trail.contains("report.filed") && !trail.contains(&anna.id.to_string()));
    let other = portal.administrator().await;
    decide(&other, &filed, "suspend", &json!({ "reason": "x" }))
        .await
        .must_be(204);
    let own = id(&write_to(&other, &[&anna], "ebenso").await.must_be(201).json());
    let listed = anna.get(&messages_of(&own)).await.json();
    let message = id(&listed["items"][0]);
    report(&anna, &message, "Grund").await.must_be(201);
}

#[tokio::test]
async fn one_of_two_who_decide_at_once_is_told_that_it_is_decided() {
    let portal = TestPortal::start().await;
    let (anna, _, _, message) = insult(&portal).await;
    let desks = [portal.administrator().await, portal.administrator().await];
    let filed = id(&report(&anna, &message, "Grund").await.must_be(201).json());
    let mut deciding = JoinSet::new();
    for (desk, how) in desks
        .iter()
        .cycle()
        .zip(["remove", "dismiss", "suspend", "remove"])
    {
        let (desk, filed) = (desk.clone(), filed.clone());
        deciding.spawn(async move {
            let decided = decide(&desk, &filed, how, &json!({ "reason": "x" })).await;
            decided.status.as_u16()
        });
    }
    let mut answers = deciding.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers, [204, 409, 409, 409]);
}

#[tokio::test]
async fn a_report_keeps_no_message_and_goes_with_its_author() {
    let portal = TestPortal::start().await;
    let (anna, bert, conversation, message) = insult(&portal).await;
    let desk = portal.administrator().await;
    let filed = id(&report(&anna, &message, "Grund").await.must_be(201).json());
    bert.delete(&format!("/api/v1/messages/{message}"))
        .await
        .must_be(204);
    let path = format!("{REPORTS}/{filed}");
    assert_eq!(shown(&desk.get(&path).await.must_be(200).json()).len(), 0);
    decide(&desk, &filed, "remove", &json!({ "reason": "x" }))
        .await
        .must_fail(409, "already_erased");
    let other = id(&send(&bert, &conversation, "nochmal").await.must_be(201).json());
    let second = id(&report(&anna, &other, "Grund").await.must_be(201).json());
    delete(&bert).await;
    let path = format!("{REPORTS}/{second}");
    assert_eq!(shown(&desk.get(&path).await.must_be(200).json()).len(), 0);
    decide(&desk, &second, "suspend", &json!({ "reason": "x" }))
        .await
        .must_fail(409, "being_deleted");
    decide(&desk, &second, "dismiss", &json!({ "reason": "zu spät" }))
        .await
        .must_be(204);
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(&portal).await.erased, 1);
    assert_eq!(portal.count("SELECT count(*) FROM report").await, 0);
    assert_eq!(portal.places_of("Grund").await, Vec::<String>::new());
}

#[tokio::test]
async fn what_a_hold_keeps_of_a_removed_message_stays_with_its_report_until_the_hold_ends() {
    let portal = TestPortal::start().await;
    let (anna, bert, _, message) = insult(&portal).await;
    let desk = portal.administrator().await;
    let filed = id(&report(&anna, &message, "Grund").await.must_be(201).json());
    let order = json!({ "basis": "legal_proceedings", "reference": "Az. 7", "categories": ["messages"] });
    let holds = format!("/api/v1/admin/accounts/{}/holds", bert.id);
    let hold = id(&desk.post(&holds, &order).await.must_be(201).json());
    decide(&desk, &filed, "remove", &json!({ "reason": "x" }))
        .await
        .must_be(204);
    assert_eq!(
        portal.places_of("Unverschämtheit").await,
        ["message.body", "message.searched"]
    );
    let view = desk.get(&format!("{REPORTS}/{filed}")).await.must_be(200).json();
    assert_eq!(shown(&view).len(), 0, "kept restricted");
    delete(&bert).await;
    portal.advance(TimeDelta::days(200));
    sweep(&portal).await;
    assert_eq!(
        portal.places_of("Unverschämtheit").await,
        ["message.body", "message.searched"]
    );
    assert_eq!(portal.count("SELECT count(*) FROM report").await, 1);
    let desk = portal.signed_in(&desk.email).await;
    desk.post(
        &format!("/api/v1/admin/holds/{hold}/release"),
        &json!({ "reason": "Ende" }),
    )
    .await
    .must_be(200);
    sweep(&portal).await;
    assert_eq!(portal.places_of("Unverschämtheit").await, Vec::<String>::new());
    assert_eq!(portal.count("SELECT count(*) FROM report").await, 0);
}

#[tokio::test]
async fn who_reported_is_gone_with_them_and_the_report_waits_on_and_ends_half_a_year_after_its_decision() {
    let portal = TestPortal::start().await;
    let (anna, _, _, message) = insult(&portal).await;
    let desk = portal.administrator().await;
    let filed = id(&report(&anna, &message, "Kennwort Schilf")
        .await
        .must_be(201)
        .json());
    delete(&anna).await;
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(&portal).await.erased, 1);
    assert_eq!(portal.places_of("Schilf").await, Vec::<String>::new());
    let desk = portal.signed_in(&desk.email).await;
    let nobody = "SELECT count(*) FROM report WHERE reporter_id IS NULL AND state = 'open'";
    assert_eq!(portal.count(nobody).await, 1);
    let view = desk.get(&format!("{REPORTS}/{filed}")).await.must_be(200).json();
    assert_eq!(shown(&view), ["Unverschämtheit"]);
    decide(&desk, &filed, "dismiss", &json!({})).await.must_be(204);
    portal.advance(TimeDelta::days(183));
    sweep(&portal).await;
    assert_eq!(portal.count("SELECT count(*) FROM report").await, 1);
    portal.advance(TimeDelta::days(2));
    sweep(&portal).await;
    assert_eq!(portal.count("SELECT count(*) FROM report").await, 0);
}

/// Places a hold, and answers its id.
async fn hold(desk: &Person, person: &Person, categories: &[&str]) -> String {
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": categories });
    let path = format!("/api/v1/admin/accounts/{}/holds", person.id);
    id(&desk.post(&path, &order).await.must_be(201).json())
}

#[tokio::test]
async fn a_hold_on_the_reporter_keeps_their_reason_when_the_reported_person_goes() {
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let (anna, bert, conversation, message) = insult(&portal).await;
    let cleo = portal.member("Cleo", "Dritte").await;
    let desk = portal.administrator().await;
    report(&anna, &message, "Beleidigung").await.must_be(201);
    let other = id(&write_to(&bert, &[&cleo], "auch grob").await.must_be(201).json()["last_message"]);
    report(&cleo, &other, "Frechheit").await.must_be(201);
    let annas = hold(&desk, &anna, &["enquiries"]).await;
    hold(&desk, &cleo, &["messages"]).await;
    delete(&bert).await;
    portal.advance(TimeDelta::hours(2));
    let swept = sweep(&portal).await;
    assert_eq!((swept.erased, swept.failed), (1, 0));
    assert_eq!(portal.count("SELECT count(*) FROM report").await, 0);
    assert_eq!(
        portal.places_of("Beleidigung").await,
        ["superseded_report.reason"]
    );
    let nowhere = Vec::<String>::new();
    assert_eq!(portal.places_of("Frechheit").await, nowhere, "nothing holds it");
    assert_eq!(bodies(&anna, &messages_of(&conversation)).await, ["davor"]);
    anna.prove().await;
    let copy = anna.get("/api/v1/me/export").await.must_be(200).text();
    assert!(!copy.contains("Beleidigung"), "{copy}");

    let release = format!("/api/v1/admin/holds/{annas}/release");
    desk.prove().await;
    desk.post(&release, &json!({ "reason": "erledigt" }))
        .await
        .must_be(200);
    sweep(&portal).await;
    assert_eq!(portal.places_of("Beleidigung").await, nowhere);
}

#[tokio::test]
async fn nobodys_reports_go_while_a_hold_may_be_placed_on_whoever_made_them() {
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let (anna, bert, _, message) = insult(&portal).await;
    let desk = portal.administrator().await;
    let filed = id(&report(&anna, &message, "Beleidigung").await.must_be(201).json());
    decide(&desk, &filed, "dismiss", &json!({})).await.must_be(204);
    let reports = "SELECT count(*) FROM report";
    let other = portal.sibling("").await;
    portal.advance(TimeDelta::days(185));
    for person in [&anna, &bert] {
        let holder = other.hold_row(person.id).await;
        sweep(&portal).await;
        assert_eq!(portal.count(reports).await, 1);
        holder.rollback().await.unwrap();
    }

    delete(&portal.signed_in(&bert.email).await).await;
    portal.advance(TimeDelta::hours(2));
    let holder = other.hold_row(anna.id).await;
    let swept = sweep(&portal).await;
    assert_eq!((swept.due, swept.skipped, swept.erased), (1, 1, 0));
    assert_eq!(portal.count(reports).await, 1);
    holder.rollback().await.unwrap();
    assert_eq!(sweep(&portal).await.erased, 1);
    assert_eq!(portal.count(reports).await, 0);
}
