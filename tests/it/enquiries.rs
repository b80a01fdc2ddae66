//! Questions to the operator: their author reads them and the answer, the desk reads all, nobody else any.

use axum::http::Method;
use serde_json::json;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::support::{Person, TestPortal, page};

const OWN: &str = "/api/v1/enquiries";
const DESK: &str = "/api/v1/admin/enquiries";

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

    let answer = format!("{DESK}/{id}/answer");
    desk.post(&answer, &json!({ "body": "In der Post." }))
        .await
        .must_be(204);
    portal.work().await;
    let mail = portal.mails_to(&anna.email).pop().unwrap();
    assert_eq!(mail.subject, "Your enquiry has been answered");
    assert!(!mail.text.contains("In der Post."), "{}", mail.text);
    let own = anna.get(OWN).await.must_be(200).json()["items"][0].clone();
    assert_eq!(
        (own["answer"].as_str(), own["subject"].as_str()),
        (Some("In der Post."), Some("Rechnung"))
    );
    assert!(own["answered_at"].is_string());
    desk.post(&answer, &json!({ "body": "Noch einmal." }))
        .await
        .must_fail(409, "already_answered");
    let event = format!(
        "SELECT count(*) FROM audit_event WHERE code = 'enquiry.answered' AND actor_id = '{}'",
        desk.id
    );
    assert_eq!(portal.count(&event).await, 1);
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
async fn of_many_answers_at_once_one_is_given() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let asked = anna
        .post(OWN, &json!({ "subject": "a", "body": "b" }))
        .await
        .must_be(201)
        .json();
    let answer = format!("{DESK}/{}/answer", asked["id"].as_str().unwrap());
    let mut answers = JoinSet::new();
    for index in 0..6 {
        let (desk, answer) = (desk.clone(), answer.clone());
        answers.spawn(async move {
            desk.post(&answer, &json!({ "body": index.to_string() }))
                .await
                .status
                .as_u16()
        });
    }
    let mut statuses = answers.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [204, 409, 409, 409, 409, 409]);
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
    let answer = format!("{DESK}/{}/answer", asked["id"].as_str().unwrap());
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
    let answer = format!("{DESK}/{}/answer", asked["id"].as_str().unwrap());
    desk.post(&answer, &json!({ "body": "c" }))
        .await
        .must_fail(404, "not_found");
}
