//! Conversations: who is in them sees them, how far each has read, and that two people have one.

use serde_json::{Value, json};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{
    deletion::delete,
    support::{Person, Response, TestPortal},
    sweep::sweep,
};

const CONVERSATIONS: &str = "/api/v1/conversations";

/// Writes to people, as the first message of a conversation or as its next.
pub async fn write_to(author: &Person, readers: &[&Person], body: &str) -> Response {
    let ids: Vec<_> = readers.iter().map(|reader| reader.id).collect();
    author
        .post(CONVERSATIONS, &json!({ "member_ids": ids, "body": body }))
        .await
}

pub fn id(value: &Value) -> String {
    value["id"]
        .as_str()
        .unwrap_or_else(|| panic!("no id in {value}"))
        .to_owned()
}

pub fn messages_of(conversation: &str) -> String {
    format!("{CONVERSATIONS}/{conversation}/messages")
}

pub async fn send(author: &Person, conversation: &str, body: &str) -> Response {
    author
        .post(&messages_of(conversation), &json!({ "body": body }))
        .await
}

/// The bodies of one page, newest first.
pub async fn bodies(reader: &Person, path: &str) -> Vec<String> {
    let page = reader.get(path).await.must_be(200).json();
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["body"].as_str().unwrap().to_owned())
        .collect()
}

async fn unread(reader: &Person) -> Vec<i64> {
    let page = reader.get(CONVERSATIONS).await.must_be(200).json();
    page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["unread"].as_i64().unwrap())
        .collect()
}

#[tokio::test]
async fn writing_to_someone_again_goes_on_where_it_was() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let opening = json!({ "member_ids": [bea.id], "subject": "Treffen", "body": "Hallo" });
    let begun = anna.post(CONVERSATIONS, &opening).await.must_be(201).json();
    assert_eq!(
        (begun["subject"].as_str(), begun["unread"].as_i64()),
        (Some("Treffen"), Some(0))
    );
    assert_eq!(begun["last_message"]["body"], "Hallo");
    let members: Vec<_> = begun["members"]
        .as_array()
        .unwrap()
        .iter()
        .map(|member| member["id"].clone())
        .collect();
    assert_eq!(members, [json!(anna.id), json!(bea.id)]);

    let again = json!({ "member_ids": [anna.id], "subject": "Ignored", "body": "Selber" });
    let went_on = bea.post(CONVERSATIONS, &again).await.must_be(200).json();
    assert_eq!(went_on["id"], begun["id"]);
    assert_eq!(went_on["subject"], "Treffen");
    assert_eq!(
        bodies(&anna, &messages_of(&id(&begun))).await,
        ["Selber", "Hallo"]
    );
    assert_eq!(portal.count("SELECT count(*) FROM conversation").await, 1);
}

#[tokio::test]
async fn two_who_write_to_each_other_at_once_have_one_conversation() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let mut writing = JoinSet::new();
    for index in 0..10 {
        let (author, reader) = if index % 2 == 0 {
            (anna.clone(), bea.clone())
        } else {
            (bea.clone(), anna.clone())
        };
        writing.spawn(async move { write_to(&author, &[&reader], &index.to_string()).await });
    }
    let answers = writing.join_all().await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 9);
    assert!(
        answers
            .iter()
            .all(|answer| answer.json()["id"] == answers[0].json()["id"])
    );
    assert_eq!(portal.count("SELECT count(*) FROM message").await, 10);
    assert_eq!(portal.count("SELECT count(*) FROM participation").await, 2);
}

#[tokio::test]
async fn a_group_is_begun_anew_each_time() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let cleo = portal.member("Cleo", "Beispiel").await;
    let first = write_to(&anna, &[&bea, &cleo], "eins").await.must_be(201).json();
    let second = write_to(&anna, &[&cleo, &bea], "zwei").await.must_be(201).json();
    assert_ne!(first["id"], second["id"]);
    send(&cleo, &id(&first), "drei").await.must_be(201);
    for reader in [&anna, &bea, &cleo] {
        let listed = reader.get(CONVERSATIONS).await.must_be(200).json();
        let ids: Vec<_> = listed["items"].as_array().unwrap().iter().map(id).collect();
        assert_eq!(ids, [id(&first), id(&second)], "latest news first");
        assert_eq!(bodies(reader, &messages_of(&id(&first))).await, ["drei", "eins"]);
    }
}

#[tokio::test]
async fn a_conversation_needs_other_members_who_want_to_be_found() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let begin = async |ids: Value| {
        anna.post(CONVERSATIONS, &json!({ "member_ids": ids, "body": "x" }))
            .await
    };
    begin(json!([])).await.must_refuse(&["member_ids: required"]);
    begin(json!([anna.id]))
        .await
        .must_refuse(&["member_ids: oneself"]);
    begin(json!([anna.id, bea.id]))
        .await
        .must_refuse(&["member_ids: oneself"]);
    begin(json!([Uuid::max()]))
        .await
        .must_refuse(&["member_ids: unknown_member"]);
    begin(json!(vec![bea.id; 50])).await.must_be(201);
    let strangers: Vec<_> = (0..50).map(Uuid::from_u128).collect();
    begin(json!(strangers))
        .await
        .must_refuse(&["member_ids: too_many"]);

    let cleo = portal.member("Cleo", "Beispiel").await;
    cleo.patch("/api/v1/me/profile", &json!({ "listed": false }))
        .await
        .must_be(200);
    begin(json!([cleo.id]))
        .await
        .must_refuse(&["member_ids: unknown_member"]);
    for status in ["suspended", "deleted"] {
        portal.set_status(bea.id, status).await;
        begin(json!([bea.id]))
            .await
            .must_refuse(&["member_ids: unknown_member"]);
    }
}

#[tokio::test]
async fn who_is_not_in_a_conversation_is_told_that_there_is_none() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let eve = portal.member("Eve", "Other").await;
    let begun = write_to(&anna, &[&bea], "geheim").await.must_be(201).json();
    let path = messages_of(&id(&begun));
    let message = id(&begun["last_message"]);
    eve.get(&path).await.must_fail(404, "not_found");
    send(&eve, &id(&begun), "x").await.must_fail(404, "not_found");
    let one = format!("{CONVERSATIONS}/{}", id(&begun));
    eve.get(&one).await.must_fail(404, "not_found");
    let read = format!("{CONVERSATIONS}/{}/read", id(&begun));
    eve.put(&read, &json!({ "up_to": message }))
        .await
        .must_fail(404, "not_found");
    eve.delete(&format!("/api/v1/messages/{message}"))
        .await
        .must_fail(404, "not_found");
    assert_eq!(
        eve.get(CONVERSATIONS).await.must_be(200).json(),
        json!({ "items": [], "next": null })
    );
    // A message of a conversation of her own marks nothing here.
    write_to(&eve, &[&bea], "hallo").await.must_be(201);
    for stranger in [&path, CONVERSATIONS] {
        portal
            .visitor()
            .get(stranger)
            .await
            .must_fail(401, "not_signed_in");
    }
    eve.get(&messages_of(&Uuid::max().to_string()))
        .await
        .must_fail(404, "not_found");
    eve.get(&messages_of("nonsense"))
        .await
        .must_fail(404, "not_found");
    // An administrator is no member of it either.
    portal
        .administrator()
        .await
        .get(&path)
        .await
        .must_fail(404, "not_found");
}

#[tokio::test]
async fn what_others_wrote_is_unread_until_it_is_read_and_never_again() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let begun = write_to(&anna, &[&bea], "eins").await.must_be(201).json();
    let conversation = id(&begun);
    let mut sent = vec![id(&begun["last_message"])];
    for body in ["zwei", "drei"] {
        sent.push(id(&send(&anna, &conversation, body).await.must_be(201).json()));
    }
    assert_eq!((unread(&anna).await, unread(&bea).await), (vec![0], vec![3]));
    let read = format!("{CONVERSATIONS}/{conversation}/read");
    bea.put(&read, &json!({ "up_to": sent[1] })).await.must_be(204);
    assert_eq!(unread(&bea).await, [1]);
    bea.put(&read, &json!({ "up_to": sent[0] })).await.must_be(204);
    assert_eq!(unread(&bea).await, [1], "a mark never goes back");
    bea.put(&read, &json!({ "up_to": sent[2] })).await.must_be(204);
    assert_eq!(unread(&bea).await, [0]);

    let cleo = portal.member("Cleo", "Beispiel").await;
    let other = id(&write_to(&cleo, &[&bea], "anderswo").await.must_be(201).json()["last_message"]);
    bea.put(&read, &json!({ "up_to": other }))
        .await
        .must_refuse(&["up_to: unknown_message"]);
    bea.put(&read, &json!({ "up_to": Uuid::max() }))
        .await
        .must_refuse(&["up_to: unknown_message"]);
    send(&bea, &conversation, "vier").await.must_be(201);
    assert_eq!(unread(&anna).await, [1]);
}

#[tokio::test]
async fn conversations_are_listed_latest_news_first_in_pages_without_gaps_or_repeats() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let cleo = portal.member("Cleo", "Beispiel").await;
    let mut begun = Vec::new();
    for index in 0..7 {
        begun.insert(
            0,
            id(&write_to(&anna, &[&bea, &cleo], &index.to_string())
                .await
                .must_be(201)
                .json()),
        );
    }
    let mut seen = Vec::new();
    let mut path = format!("{CONVERSATIONS}?limit=3");
    loop {
        let page = bea.get(&path).await.must_be(200).json();
        seen.extend(page["items"].as_array().unwrap().iter().map(id));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{CONVERSATIONS}?limit=3&cursor={next}");
    }
    assert_eq!(seen, begun);
}

#[tokio::test]
async fn who_left_is_a_former_member_whose_words_are_gone() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let opening = json!({ "member_ids": [bea.id], "subject": "Annas Thema", "body": "von Anna" });
    let conversation = id(&anna.post(CONVERSATIONS, &opening).await.must_be(201).json());
    send(&bea, &conversation, "von Bea").await.must_be(201);
    portal.set_status(anna.id, "deleted").await;

    let listed = bea.get(CONVERSATIONS).await.must_be(200).json()["items"][0].clone();
    assert_eq!(listed["former_members"], 1);
    assert_eq!(listed["members"].as_array().unwrap().len(), 1);
    assert!(!listed.to_string().contains("Anna"), "{listed}");
    assert_eq!(bodies(&bea, &messages_of(&conversation)).await, ["von Bea"]);
    send(&bea, &conversation, "noch da?")
        .await
        .must_fail(409, "nobody_left");
}

#[tokio::test]
async fn who_is_held_on_messages_alone_is_a_former_member_all_the_same() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let desk = portal.administrator().await;
    write_to(&anna, &[&bea], "von Anna").await.must_be(201);
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["messages"] });
    desk.post(&format!("/api/v1/admin/accounts/{}/holds", anna.id), &order)
        .await
        .must_be(201);
    delete(&anna).await;
    portal.advance(chrono::TimeDelta::hours(2));
    sweep(&portal).await;
    let bea = portal.signed_in(&bea.email).await;
    assert_eq!(
        portal
            .count(&format!(
                "SELECT count(*) FROM profile WHERE account_id = '{}'",
                anna.id
            ))
            .await,
        0
    );

    let listed = bea.get(CONVERSATIONS).await.must_be(200).json()["items"][0].clone();
    assert_eq!(listed["former_members"], 1);
    assert_eq!(listed["members"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn one_conversation_is_answered_as_the_list_shows_it() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let begun = write_to(&anna, &[&bea], "eins").await.must_be(201).json();
    let path = format!("{CONVERSATIONS}/{}", id(&begun));
    for reader in [&anna, &bea] {
        let list = reader.get(CONVERSATIONS).await.must_be(200).json();
        assert_eq!(reader.get(&path).await.must_be(200).json(), list["items"][0]);
    }
    anna.get(&format!("{CONVERSATIONS}/nonsense"))
        .await
        .must_fail(404, "not_found");
    // What someone began whom one had blocked is in no list.
    let cleo = portal.member("Cleo", "Beispiel").await;
    cleo.put(&format!("/api/v1/me/blocks/{}", anna.id), &json!({}))
        .await
        .must_be(204);
    portal.advance(chrono::TimeDelta::seconds(1));
    let hidden = id(&write_to(&anna, &[&cleo], "ungesehen").await.must_be(201).json());
    cleo.get(&format!("{CONVERSATIONS}/{hidden}"))
        .await
        .must_fail(404, "not_found");
}
