//! Full lives: people who have done everything that leaves a row of theirs somewhere, through the portal itself.

use chrono::TimeDelta;
use serde_json::{Value, json};
use stammtisch::mail::letter::LinkPurpose;

use crate::{
    deletion::delete,
    groups,
    messaging::{id, messages_of, send, write_to},
    passkeys::new_passkey,
    support::{PASSWORD, Person, TestPortal, authenticator::Authenticator},
    sweep::sweep,
};

/// A word that nobody else uses.
pub fn word(portal: &TestPortal) -> String {
    format!("w{}", &portal.portal.random.uuid_v4().simple().to_string()[..15])
}

/// Registers, waits, is let in by the desk, fills the profile, asks the operator, and is signed in twice.
pub async fn begin(portal: &TestPortal, desk: &Person) -> Person {
    let mut word = || word(portal);
    let email = format!("{}@{}.example", word(), word());
    let application = json!({
        "email": email, "first_name": word(), "last_name": word(), "organisation": word(),
        "department": word(), "message": word(), "locale": "de", "accept_terms": "2026-11",
    });
    let visitor = portal.visitor();
    visitor
        .post("/api/v1/registrations", &application)
        .await
        .must_be(202);
    portal.work().await;
    let link = json!({ "token": portal.link_for(&email, LinkPurpose::Confirm), "password": PASSWORD });
    let confirmed = visitor.post("/api/v1/registrations/confirm", &link).await;
    assert_eq!(confirmed.must_be(200).json()["status"], "pending");
    let owner = format!("SELECT account_id FROM email_address WHERE address = '{email}'");
    let account: uuid::Uuid = portal.scalar(&owner).await;
    desk.post(
        &format!("/api/v1/admin/registrations/{account}/approve"),
        &json!({}),
    )
    .await
    .must_be(204);
    portal.signed_in(&email).await;
    let person = portal.signed_in(&email).await;
    fill_profile(&person, &mut word).await;
    ask(&person, desk, &mut word).await;
    portal.work().await;
    person
}

async fn fill_profile(person: &Person, word: &mut impl FnMut() -> String) {
    let profile = json!({
        "display_name": word(), "department": word(), "position": word(), "phone": "+49 30 9017382645",
        "about": word(),
        "visibility": { "department": "members", "position": "members", "phone": "members", "about": "members" },
    });
    person.patch("/api/v1/me/profile", &profile).await.must_be(200);
    let chosen = json!({ "message_mail": "daily" });
    person.patch("/api/v1/me/preferences", &chosen).await.must_be(200);
}

async fn ask(person: &Person, desk: &Person, word: &mut impl FnMut() -> String) {
    let question = json!({ "subject": word(), "body": word() });
    let asked = person
        .request(axum::http::Method::POST, "/api/v1/enquiries")
        .header("idempotency-key", &word())
        .json(&question)
        .send()
        .await
        .must_be(201)
        .json();
    let answer = format!("/api/v1/admin/enquiries/{}/answer", id(&asked));
    desk.post(&answer, &json!({ "body": word() })).await.must_be(204);
    let keyed = person
        .request(
            axum::http::Method::POST,
            &format!("/api/v1/enquiries/{}/messages", id(&asked)),
        )
        .header("idempotency-key", &word())
        .json(&json!({ "body": word() }));
    keyed.send().await.must_be(201);
}

/// The person chooses the subject, both write, one of the person's messages has an idempotency key.
pub async fn talk(portal: &TestPortal, person: &Person, others: &[&Person]) {
    let members: Vec<_> = others.iter().map(|other| other.id).collect();
    let opening = json!({ "member_ids": members, "subject": word(portal), "body": word(portal) });
    let started = person.post("/api/v1/conversations", &opening).await;
    let conversation = id(&started.must_be(201).json());
    let keyed = person
        .request(axum::http::Method::POST, &messages_of(&conversation))
        .header("idempotency-key", &word(portal))
        .json(&json!({ "body": word(portal) }));
    keyed.send().await.must_be(201);
    for other in others {
        send(other, &conversation, &word(portal)).await.must_be(201);
    }
    write_to(person, others, &word(portal)).await;
}

/// The two report what the other one wrote, and the other one blocks the person.
pub async fn quarrel(portal: &TestPortal, person: &Person, other: &Person) {
    let conversation = id(&write_to(other, &[person], &word(portal)).await.json());
    let message = id(&send(other, &conversation, &word(portal))
        .await
        .must_be(201)
        .json());
    let reply = id(&send(person, &conversation, &word(portal))
        .await
        .must_be(201)
        .json());
    for (reporter, message) in [(person, message), (other, reply)] {
        let report = format!("/api/v1/messages/{message}/report");
        let reason = json!({ "reason": word(portal) });
        reporter.post(&report, &reason).await.must_be(201);
    }
    let block = format!("/api/v1/me/blocks/{}", person.id);
    other.put(&block, &json!({})).await.must_be(204);
}

/// Under a hold everything that can be replaced or deleted is: name, address, a message. The hold is returned.
pub async fn be_held(portal: &TestPortal, desk: &Person, person: &mut Person, other: &Person) -> Value {
    let word = || word(portal);
    let order = json!({ "basis": "open_claim", "reference": word() });
    let holds = format!("/api/v1/admin/accounts/{}/holds", person.id);
    let keyed = desk
        .request(axum::http::Method::POST, &holds)
        .header("idempotency-key", &word())
        .json(&order);
    let hold = keyed.send().await.must_be(201).json();
    let review = format!("/api/v1/admin/holds/{}/review", id(&hold));
    let next = portal.portal.now() + TimeDelta::days(30);
    desk.post(&review, &json!({ "reason": word(), "review_at": next }))
        .await
        .must_be(200);
    let renamed = json!({ "first_name": word(), "last_name": word(), "about": word() });
    person.patch("/api/v1/me/profile", &renamed).await.must_be(200);
    let started = write_to(person, &[other], &word()).await.json();
    let regretted = send(person, &id(&started), &word()).await.must_be(201).json();
    person
        .delete(&format!("/api/v1/messages/{}", id(&regretted)))
        .await
        .must_be(204);
    let email = format!("{}@{}.example", word(), word());
    ask_for_address(person, &email).await;
    portal.work().await;
    let link = json!({ "token": portal.link_for(&email, LinkPurpose::EmailChange) });
    portal
        .visitor()
        .post("/api/v1/email-changes/confirm", &link)
        .await
        .must_be(204);
    person.email = email;
    hold
}

/// The person reported somebody who has gone since, while a hold keeps what the person wrote to the operator.
pub async fn outlive(portal: &TestPortal, desk: &Person, person: &Person) {
    let gone = begin(portal, desk).await;
    let opened = write_to(&gone, &[person], &word(portal))
        .await
        .must_be(201)
        .json();
    let report = format!("/api/v1/messages/{}/report", id(&opened["last_message"]));
    let reason = json!({ "reason": word(portal) });
    person.post(&report, &reason).await.must_be(201);
    delete(&gone).await;
    portal.advance(TimeDelta::minutes(61));
    assert_eq!(sweep(portal).await.erased, 1);
}

/// Two open groups, invite each other, join, leave, are removed, and in the end block each other. The person is held.
pub async fn gather(portal: &TestPortal, person: &Person, other: &Person) {
    let own = groups::open(person, &word(portal)).await;
    groups::rename(person, &own, &word(portal)).await.must_be(200);
    groups::invite(person, &own, &[other]).await.must_be(201);
    let others = groups::open(other, &word(portal)).await;
    for _ in 0..2 {
        groups::join(other, &others, person).await;
        send(person, &others, &word(portal)).await.must_be(201);
        groups::remove(person, &others, person).await.must_be(204);
    }
    groups::join(other, &others, person).await;
    groups::remove(other, &others, person).await.must_be(204);
    let waiting = groups::open(other, &word(portal)).await;
    groups::invite(other, &waiting, &[person]).await.must_be(201);
    for (one, another) in [(person, other), (other, person)] {
        let block = format!("/api/v1/me/blocks/{}", another.id);
        one.put(&block, &json!({})).await.must_be(204);
    }
}

async fn ask_for_address(person: &Person, email: &str) {
    let change = json!({ "email": email, "password": PASSWORD });
    person.post("/api/v1/me/email-change", &change).await.must_be(202);
}

/// All there is beside a password: an app with recovery codes, a passkey with a name, a sign-in that waits for its second
/// step; and all of it is said to be lost.
async fn secure(portal: &TestPortal, desk: &Person, person: &Person) {
    person.prove().await;
    person.set_up_app(portal).await;
    let mut passkey = new_passkey(person, &mut Authenticator::new(portal)).await;
    passkey["name"] = json!(word(portal));
    person.post("/api/v1/me/passkeys", &passkey).await.must_be(201);
    portal.visitor().first_step(&person.email, PASSWORD).await;
    desk.prove().await;
    let removal = format!("/api/v1/admin/accounts/{}/second-factor/removal", person.id);
    desk.post(&removal, &json!({})).await.must_be(202);
}

/// What waits: another address to be confirmed, factors to be removed, mails that have not left yet.
pub async fn leave_open(portal: &TestPortal, desk: &Person, person: &Person) {
    secure(portal, desk, person).await;
    let mut word = || word(portal);
    ask_for_address(person, &format!("{}@{}.example", word(), word())).await;
    ask(person, desk, &mut word).await;
}
