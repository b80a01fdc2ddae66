//! Groups: joining by invitation, leaving, and who manages them.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    deletion::delete,
    messaging::{bodies, id, messages_of, send},
    support::{Person, Response, TestPortal},
    sweep::sweep,
};

const GROUPS: &str = "/api/v1/groups";
const INVITATIONS: &str = "/api/v1/invitations";

/// Opens a group; its id.
pub async fn open(opener: &Person, name: &str) -> String {
    let answer = opener.post(GROUPS, &json!({ "name": name })).await;
    id(&answer.must_be(201).json())
}

pub async fn invite(member: &Person, group: &str, guests: &[&Person]) -> Response {
    let ids: Vec<Uuid> = guests.iter().map(|guest| guest.id).collect();
    let path = format!("{GROUPS}/{group}/invitations");
    member.post(&path, &json!({ "member_ids": ids })).await
}

/// What somebody is invited into, latest first.
pub async fn invitations(guest: &Person) -> Vec<Value> {
    let listed = guest.get(INVITATIONS).await.must_be(200).json();
    listed["items"].as_array().unwrap().clone()
}

pub async fn accept(guest: &Person, invitation: &Value) -> Response {
    let path = format!("{INVITATIONS}/{}/accept", id(invitation));
    guest.request(Method::POST, &path).send().await
}

/// Somebody is invited and accepts.
pub async fn join(member: &Person, group: &str, guest: &Person) -> Value {
    invite(member, group, &[guest]).await.must_be(201);
    let invitation = invitations(guest).await.remove(0);
    accept(guest, &invitation).await.must_be(200).json()
}

pub async fn remove(person: &Person, group: &str, member: &Person) -> Response {
    person
        .delete(&format!("{GROUPS}/{group}/members/{}", member.id))
        .await
}

pub async fn rename(person: &Person, group: &str, name: &str) -> Response {
    person
        .patch(&format!("{GROUPS}/{group}"), &json!({ "name": name }))
        .await
}

pub async fn seen(reader: &Person, group: &str) -> Vec<String> {
    bodies(reader, &messages_of(group)).await
}

/// The group as its member has it in the list.
pub async fn listed(member: &Person, group: &str) -> Option<Value> {
    let list = member.get("/api/v1/conversations").await.must_be(200).json();
    let mut items = list["items"].as_array().unwrap().clone().into_iter();
    items.find(|item| item["id"] == group)
}

pub async fn three(portal: &TestPortal) -> [Person; 3] {
    [
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Beispiel").await,
        portal.member("Cleo", "Beispiel").await,
    ]
}

/// A group of three, opened by the first.
pub async fn group_of_three(portal: &TestPortal) -> ([Person; 3], String) {
    let people = three(portal).await;
    let group = open(&people[0], "Bauamt").await;
    join(&people[0], &group, &people[1]).await;
    join(&people[0], &group, &people[2]).await;
    (people, group)
}

#[tokio::test]
async fn who_joins_sees_what_is_written_from_then_on() {
    let portal = TestPortal::start().await;
    let [anna, bea, cleo] = three(&portal).await;
    let opened = anna
        .post(GROUPS, &json!({ "name": "Bauamt", "member_ids": [bea.id] }))
        .await
        .must_be(201)
        .json();
    assert_eq!(
        (&opened["subject"], &opened["is_group"], &opened["manager_id"]),
        (&json!("Bauamt"), &json!(true), &json!(anna.id))
    );
    let group = id(&opened);
    send(&anna, &group, "für niemanden")
        .await
        .must_fail(409, "nobody_left");

    let invitation = invitations(&bea).await.remove(0);
    assert_eq!(invitation["name"], "Bauamt");
    assert_eq!(invitation["invited_by"]["display_name"], "Anna Beispiel");
    assert_eq!(invitation["members"], 1);
    bea.get(&messages_of(&group)).await.must_fail(404, "not_found");
    let joined = accept(&bea, &invitation).await.must_be(200).json();
    assert_eq!(joined["members"].as_array().unwrap().len(), 2);
    assert_eq!(joined["manager_id"], json!(anna.id));
    assert_eq!(invitations(&bea).await, Vec::<Value>::new());
    accept(&bea, &invitation).await.must_fail(404, "not_found");

    send(&anna, &group, "eins").await.must_be(201);
    join(&bea, &group, &cleo).await;
    assert_eq!(seen(&cleo, &group).await, Vec::<String>::new());
    send(&bea, &group, "zwei").await.must_be(201);
    assert_eq!(seen(&cleo, &group).await, ["zwei"]);
    assert_eq!(seen(&anna, &group).await, ["zwei", "eins"]);
    let of_cleo = listed(&cleo, &group).await.unwrap();
    assert_eq!(
        (&of_cleo["unread"], &of_cleo["is_group"]),
        (&json!(1), &json!(true))
    );
}

#[tokio::test]
async fn any_member_invites_who_wants_to_be_found_and_is_not_in_it() {
    let portal = TestPortal::start().await;
    let [anna, bea, cleo] = three(&portal).await;
    let group = open(&anna, "Bauamt").await;
    let path = format!("{GROUPS}/{group}/invitations");
    invite(&anna, &group, &[])
        .await
        .must_refuse(&["member_ids: required"]);
    invite(&anna, &group, &[&anna])
        .await
        .must_refuse(&["member_ids: oneself"]);
    anna.post(&path, &json!({ "member_ids": [Uuid::max()] }))
        .await
        .must_refuse(&["member_ids: unknown_member"]);
    cleo.patch("/api/v1/me/profile", &json!({ "listed": false }))
        .await
        .must_be(200);
    invite(&anna, &group, &[&bea, &cleo])
        .await
        .must_refuse(&["member_ids: unknown_member"]);
    assert_eq!(invitations(&bea).await, Vec::<Value>::new());
    invite(&bea, &group, &[&cleo]).await.must_fail(404, "not_found");
    bea.get(&path).await.must_fail(404, "not_found");

    join(&anna, &group, &bea).await;
    cleo.patch("/api/v1/me/profile", &json!({ "listed": true }))
        .await
        .must_be(200);
    for inviter in [&anna, &bea, &bea] {
        let invited = invite(inviter, &group, &[&cleo, &anna, &bea][..1]).await;
        let items = invited.must_be(201).json()["items"].clone();
        assert!(
            items
                .as_array()
                .unwrap()
                .iter()
                .all(|item| item["account_id"] == json!(cleo.id))
        );
    }
    // Two invited her; it is one invitation to her, and one answer answers both.
    let own = invitations(&cleo).await;
    assert_eq!(own.len(), 1);
    assert_eq!(own[0]["invited_by"]["id"], json!(bea.id));
    let open = anna.get(&path).await.must_be(200).json();
    assert_eq!(open["items"].as_array().unwrap().len(), 2);
    let declined = format!("{INVITATIONS}/{}", id(&own[0]));
    bea.delete(&declined).await.must_fail(404, "not_found");
    cleo.delete(&declined).await.must_be(204);
    assert_eq!(portal.count("SELECT count(*) FROM group_invitation").await, 0);
}

#[tokio::test]
async fn an_invitation_is_taken_back_by_who_sent_it_or_manages_the_group_and_lapses_after_30_days() {
    let portal = TestPortal::with("sessions.idle = '12h'\nsessions.absolute = '12h'").await;
    let ([anna, bea, cleo], group) = group_of_three(&portal).await;
    let dora = portal.member("Dora", "Beispiel").await;
    let path = format!("{GROUPS}/{group}/invitations/{}", dora.id);
    anna.delete(&path).await.must_fail(404, "not_found");
    for (sender, other, taker) in [(&bea, &cleo, &bea), (&bea, &cleo, &anna)] {
        invite(sender, &group, &[&dora]).await.must_be(201);
        let invitation = invitations(&dora).await.remove(0);
        other.delete(&path).await.must_fail(403, "not_manager");
        dora.delete(&path).await.must_fail(404, "not_found");
        taker.delete(&path).await.must_be(204);
        accept(&dora, &invitation).await.must_fail(404, "not_found");
    }
    // Whoever leaves takes their invitations along.
    invite(&bea, &group, &[&dora]).await.must_be(201);
    remove(&bea, &group, &bea).await.must_be(204);
    assert_eq!(invitations(&dora).await, Vec::<Value>::new());
    invite(&anna, &group, &[&dora]).await.must_be(201);
    portal.advance(TimeDelta::days(29));
    sweep(&portal).await;
    let kept = "SELECT count(*) FROM group_invitation";
    assert_eq!(portal.count(kept).await, 1);
    portal.advance(TimeDelta::days(2));
    sweep(&portal).await;
    assert_eq!(portal.count(kept).await, 0);
}

#[tokio::test]
async fn who_manages_a_group_names_it_and_removes_people_until_they_leave_themselves() {
    let portal = TestPortal::start().await;
    let ([anna, bea, cleo], group) = group_of_three(&portal).await;
    rename(&bea, &group, "x").await.must_fail(403, "not_manager");
    rename(&anna, &group, " ").await.must_refuse(&["name: required"]);
    let renamed = rename(&anna, &group, "Tiefbau").await.must_be(200).json();
    assert_eq!(renamed["subject"], "Tiefbau");
    remove(&bea, &group, &cleo).await.must_fail(403, "not_manager");
    remove(&anna, &group, &cleo).await.must_be(204);
    remove(&anna, &group, &cleo).await.must_fail(404, "not_found");
    cleo.get(&messages_of(&group)).await.must_fail(404, "not_found");
    assert_eq!(listed(&cleo, &group).await, None);
    invite(&bea, &group, &[&cleo])
        .await
        .must_refuse(&["member_ids: removed_from_group"]);
    join(&anna, &group, &cleo).await;
    remove(&cleo, &group, &cleo).await.must_be(204);
    invite(&bea, &group, &[&cleo]).await.must_be(201);

    remove(&anna, &group, &anna).await.must_be(204);
    let of_bea = listed(&bea, &group).await.unwrap();
    assert_eq!(of_bea["manager_id"], json!(bea.id));
    assert_eq!(
        (&of_bea["subject"], &of_bea["former_members"]),
        (&json!("Tiefbau"), &json!(0))
    );
    rename(&anna, &group, "x").await.must_fail(404, "not_found");
    rename(&bea, &group, "Hochbau").await.must_be(200);
    // A conversation that is no group has nobody who manages it.
    let pair = json!({ "member_ids": [bea.id], "body": "zu zweit" });
    let pair = anna
        .post("/api/v1/conversations", &pair)
        .await
        .must_be(201)
        .json();
    assert_eq!(
        (&pair["is_group"], &pair["manager_id"]),
        (&json!(false), &json!(null))
    );
    for refused in [
        rename(&anna, &id(&pair), "x").await,
        remove(&anna, &id(&pair), &anna).await,
        invite(&anna, &id(&pair), &[&cleo]).await,
    ] {
        refused.must_fail(404, "not_found");
    }
}

#[tokio::test]
async fn who_left_keeps_their_words_and_their_name_and_can_still_delete_them() {
    let portal = TestPortal::start().await;
    let ([anna, bea, cleo], group) = group_of_three(&portal).await;
    let first = send(&bea, &group, "von Bea").await.must_be(201).json();
    assert_eq!(first["author_name"], json!(null));
    send(&bea, &group, "noch eins").await.must_be(201);
    remove(&bea, &group, &bea).await.must_be(204);
    let page = anna.get(&messages_of(&group)).await.must_be(200).json();
    assert_eq!(page["items"][1]["author_name"], "Bea Beispiel");
    let last = listed(&cleo, &group).await.unwrap()["last_message"].clone();
    assert_eq!(last["author_name"], "Bea Beispiel");
    let copy = bea.get("/api/v1/me/export").await.must_be(200).text();
    assert!(copy.contains("von Bea") && copy.contains("noch eins"), "{copy}");
    bea.delete(&format!("/api/v1/messages/{}", id(&first)))
        .await
        .must_be(204);
    send(&bea, &group, "x").await.must_fail(404, "not_found");
    assert_eq!(seen(&anna, &group).await, ["noch eins"]);

    // Having joined again, one is back with one's own old words only for the others.
    join(&anna, &group, &bea).await;
    assert_eq!(seen(&bea, &group).await, Vec::<String>::new());
    remove(&bea, &group, &bea).await.must_be(204);
    delete(&bea).await;
    portal.advance(TimeDelta::hours(2));
    sweep(&portal).await;
    let anna = portal.signed_in(&anna.email).await;
    assert_eq!(seen(&anna, &group).await, Vec::<String>::new());
    let of_anna = listed(&anna, &group).await.unwrap();
    assert_eq!(of_anna["former_members"], 0, "they had left the group before");
}

#[tokio::test]
async fn an_invitation_of_a_blocked_person_is_not_shown_and_hides_no_other() {
    let portal = TestPortal::start().await;
    let [anna, bea, cleo] = three(&portal).await;
    let group = open(&anna, "Bauamt").await;
    join(&anna, &group, &bea).await;
    let block = format!("/api/v1/me/blocks/{}", anna.id);
    invite(&anna, &group, &[&cleo]).await.must_be(201);
    let invitation = invitations(&cleo).await.remove(0);
    portal.advance(TimeDelta::seconds(1));
    cleo.put(&block, &json!({})).await.must_be(204);
    assert_eq!(invitations(&cleo).await, Vec::<Value>::new());
    accept(&cleo, &invitation).await.must_fail(404, "not_found");
    let path = format!("{GROUPS}/{group}/invitations");
    let open = anna.get(&path).await.must_be(200).json();
    assert_eq!(open["items"].as_array().unwrap().len(), 1, "{open}");
    invite(&bea, &group, &[&cleo]).await.must_be(201);
    let own = invitations(&cleo).await;
    assert_eq!((own.len(), &own[0]["invited_by"]["id"]), (1, &json!(bea.id)));
    accept(&cleo, &own[0]).await.must_be(200);
    assert!(
        listed(&cleo, &group).await.is_some(),
        "a group is not hidden for one of its people"
    );
}

#[tokio::test]
async fn a_group_is_opened_once_with_one_key_and_takes_200_people() {
    let portal = TestPortal::with("limits.enabled = false").await;
    let [anna, bea, _] = three(&portal).await;
    let opening = json!({ "name": "Einmal" });
    let keyed = async |key: &str, body: &Value| {
        let request = anna.request(Method::POST, GROUPS).header("idempotency-key", key);
        request.json(body).send().await
    };
    let (one, other) = tokio::join!(keyed("k", &opening), keyed("k", &opening));
    let (one, other) = (one.must_be(201).json(), other.must_be(201).json());
    assert_eq!(id(&one), id(&other));
    keyed("k", &json!({ "name": "Anders" }))
        .await
        .must_fail(422, "idempotency_key_reused");

    portal.crowd(198).await;
    portal
        .execute(&format!(
            "INSERT INTO participation (conversation_id, account_id, joined_at, last_activity_at)
             SELECT '{}', account_id, now(), now() FROM profile WHERE organisation = 'Menge'",
            id(&one)
        ))
        .await;
    invite(&anna, &id(&one), &[&bea]).await.must_be(201);
    let dora = portal.member("Dora", "Beispiel").await;
    invite(&anna, &id(&one), &[&dora])
        .await
        .must_fail(409, "group_full");
    invite(&anna, &id(&one), &[&bea]).await.must_be(201);
}

#[tokio::test]
async fn invitations_beyond_the_limit_are_refused_until_it_is_said_to_work_again() {
    let portal = TestPortal::with(
        "sessions.idle = '12h'\nlimits.invitations_per_day = 2\nlimits.invitations_per_day_when_new = 2",
    )
    .await;
    let [anna, bea, cleo] = three(&portal).await;
    let dora = portal.member("Dora", "Beispiel").await;
    let group = open(&anna, "Bauamt").await;
    invite(&anna, &group, &[&bea, &cleo, &dora])
        .await
        .must_refuse(&["member_ids: too_many"]);
    invite(&anna, &group, &[&bea, &cleo]).await.must_be(201);
    let refused = invite(&anna, &group, &[&dora]).await;
    let wait: i64 = refused.header("retry-after").unwrap().parse().unwrap();
    refused.must_fail(429, "rate_limited");
    assert!((43_198..=43_200).contains(&wait), "half a day: {wait}");
    assert_eq!(portal.count("SELECT count(*) FROM group_invitation").await, 2);
    portal.advance(TimeDelta::seconds(wait));
    let anna = portal.signed_in(&anna.email).await;
    invite(&anna, &group, &[&dora]).await.must_be(201);
}

#[tokio::test]
async fn who_manages_a_group_hands_it_on_while_suspended_and_has_it_back_afterwards() {
    let portal = TestPortal::start().await;
    let ([anna, bea, cleo], group) = group_of_three(&portal).await;
    let manager = async |member: &Person| listed(member, &group).await.unwrap()["manager_id"].clone();
    let desk = portal.administrator().await;
    desk.post(
        &format!("/api/v1/admin/accounts/{}/suspend", anna.id),
        &json!({ "reason": "Prüfung" }),
    )
    .await
    .must_be(204);
    for member in [&bea, &cleo] {
        assert_eq!(manager(member).await, json!(bea.id));
    }
    rename(&bea, &group, "Tiefbau").await.must_be(200);
    remove(&cleo, &group, &bea).await.must_fail(403, "not_manager");
    remove(&bea, &group, &anna).await.must_fail(403, "not_manager");
    desk.post(
        &format!("/api/v1/admin/accounts/{}/reinstate", anna.id),
        &json!({}),
    )
    .await
    .must_be(204);
    let anna = portal.signed_in(&anna.email).await;
    for member in [&anna, &bea] {
        assert_eq!(manager(member).await, json!(anna.id));
    }
    rename(&bea, &group, "x").await.must_fail(403, "not_manager");
    remove(&bea, &group, &anna).await.must_fail(403, "not_manager");
    remove(&anna, &group, &bea).await.must_be(204);

    // Whoever joined later can be removed, suspended or not.
    portal.set_status(cleo.id, "suspended").await;
    remove(&anna, &group, &cleo).await.must_be(204);
}

#[tokio::test]
async fn who_opened_a_group_left_it_and_came_back_manages_it_no_more() {
    let portal = TestPortal::start().await;
    let ([anna, bea, cleo], group) = group_of_three(&portal).await;
    remove(&anna, &group, &anna).await.must_be(204);
    portal.advance(TimeDelta::seconds(1));
    let joined = join(&bea, &group, &anna).await;
    assert_eq!(joined["manager_id"], json!(bea.id));
    rename(&anna, &group, "x").await.must_fail(403, "not_manager");
    remove(&anna, &group, &cleo).await.must_fail(403, "not_manager");
    remove(&bea, &group, &anna).await.must_be(204);
}
