//! A portal in which everything that somebody types says the same, wherever it can be typed.

use std::collections::BTreeSet;

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::{Value, json};
use stammtisch::mail::letter::LinkPurpose;

use crate::{
    groups,
    messaging::id,
    passkeys::new_passkey,
    roles::MODERATOR,
    support::{Client, PASSWORD, Person, TestPortal, authenticator::Authenticator},
};

/// Everything that somebody types says the same.
pub struct Stage {
    pub portal: TestPortal,
    pub words: &'static str,
    /// Which fields it stands in, as `method path field`.
    pub said: BTreeSet<String>,
}

/// Who looks, and where the words must be seen: by Anna, by the desk, by a moderator.
pub struct Cast {
    pub anna: Person,
    pub desk: Person,
    pub moderator: Person,
    pub annas: Vec<String>,
    pub desks: Vec<String>,
    pub moderators: Vec<String>,
}

impl Stage {
    /// Sends a body and notes which of its fields say the words. `{…}` of the path is filled with `ids` in their order.
    async fn say(&mut self, who: &Client, operation: &str, ids: &[&str], body: Value, status: u16) -> Value {
        let (method, template) = operation.split_once(' ').unwrap();
        let mut ids = ids.iter().copied();
        let path = template
            .split('/')
            .map(|segment| match segment.strip_prefix('{') {
                Some(_) => ids.next().unwrap(),
                None => segment,
            });
        let path = path.collect::<Vec<_>>().join("/");
        for (field, value) in body.as_object().unwrap() {
            if value == self.words {
                self.said.insert(format!("{operation} {field}"));
            }
        }
        let kind = match method {
            "patch" => "application/merge-patch+json",
            _ => "application/json",
        };
        let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
        let draft = who.request(method, &path).header("content-type", kind);
        let answer = draft.body(body.to_string()).send().await;
        assert_eq!(answer.status, status, "{operation}: {}", answer.text());
        if answer.body.is_empty() {
            Value::Null
        } else {
            answer.json()
        }
    }

    /// Somebody who registered and says it of themselves; they wait for a decision.
    async fn applicant(&mut self, email: &str) -> String {
        let words = self.words;
        let registration = json!({
            "email": email, "first_name": words, "last_name": words, "organisation": words, "department": words,
            "message": words, "locale": "de", "accept_terms": "2026-11",
        });
        let visitor = self.portal.visitor();
        self.say(&visitor, "post /api/v1/registrations", &[], registration, 202)
            .await;
        self.portal.work().await;
        let token = self.portal.link_for(email, LinkPurpose::Confirm);
        let confirm = json!({ "token": token, "password": PASSWORD });
        visitor
            .post("/api/v1/registrations/confirm", &confirm)
            .await
            .must_be(200);
        let account = "SELECT account_id::text FROM email_address WHERE address";
        self.portal.scalar(&format!("{account} = '{email}'")).await
    }

    /// Somebody whose profile says nothing else.
    async fn describe(&mut self, person: &Person, with_organisation: bool) {
        let words = self.words;
        let seen = json!({ "organisation": "members", "department": "members", "position": "members", "about": "members" });
        let mut profile = json!({
            "first_name": words, "last_name": words, "display_name": words, "department": words, "position": words,
            "about": words, "visibility": seen,
        });
        if with_organisation {
            profile["organisation"] = json!(words);
        }
        self.say(person, "patch /api/v1/me/profile", &[], profile, 200)
            .await;
    }

    /// What `author` writes to `reader`, who reports it.
    async fn report(&mut self, reader: &Person, author: &Person, conversation: &str) -> (String, String) {
        let words = self.words;
        let sends = "post /api/v1/conversations/{id}/messages";
        let message = self
            .say(author, sends, &[conversation], json!({ "body": words }), 201)
            .await;
        let message = id(&message);
        let report = "post /api/v1/messages/{id}/report";
        let report = self
            .say(reader, report, &[&message], json!({ "reason": words }), 201)
            .await;
        (message, id(&report))
    }

    async fn converse(&mut self, one: &Person, other: &Person) -> String {
        let words = self.words;
        let opening = json!({ "member_ids": [other.id], "subject": words, "body": words });
        let begun = self
            .say(one, "post /api/v1/conversations", &[], opening, 201)
            .await;
        id(&begun)
    }
}

/// Fills the portal.
pub async fn fill(stage: &mut Stage) -> Cast {
    let member = async |stage: &Stage, name: &str| stage.portal.member(name, "Beispiel").await;
    let anna = member(stage, "Anna").await;
    let bert = member(stage, "Bert").await;
    let fritz = member(stage, "Fritz").await;
    let emil = member(stage, "Emil").await;
    let desk = stage.portal.administrator().await;
    let moderator = stage.portal.staff(MODERATOR).await;
    for person in [&anna, &bert, &fritz, &emil] {
        stage.describe(person, false).await;
    }
    stage.describe(&moderator, true).await;
    let waits = stage.applicant("carl@elsewhere.example").await;
    refuse(stage, &desk).await;
    let conversation = stage.converse(&anna, &bert).await;
    let (message, report) = stage.report(&anna, &bert, &conversation).await;
    decide_reports(stage, &moderator, &anna, &fritz).await;
    let group = gather(stage, &bert, &anna).await;
    let enquiry = enquire(stage, &anna, &desk).await;
    let hold = hold(stage, &desk, &bert).await;
    let reason = json!({ "reason": stage.words });
    let deletion = "post /api/v1/admin/accounts/{id}/deletion";
    stage
        .say(&desk, deletion, &[&emil.id.to_string()], reason, 202)
        .await;
    let organisation = organise(stage, &desk).await;
    name_passkey(stage, &anna).await;
    stage.portal.work().await;
    let annas = [
        "/de/profile".to_owned(),
        "/de/profile/preview".to_owned(),
        "/de/account/passkeys".to_owned(),
        "/de/members".to_owned(),
        format!("/de/members/{}", bert.id),
        "/de/conversations".to_owned(),
        format!("/de/conversations/{conversation}"),
        format!("/de/conversations/{conversation}/messages/{message}/report"),
        format!("/de/conversations/{group}"),
        format!("/de/groups/{group}"),
        "/de/invitations".to_owned(),
        "/de/enquiries".to_owned(),
        format!("/de/enquiries/{enquiry}"),
    ];
    let desks = [
        "/de/desk/registrations".to_owned(),
        format!("/de/desk/registrations/{waits}"),
        "/de/desk/accounts".to_owned(),
        format!("/de/desk/accounts/{}", bert.id),
        format!("/de/desk/holds/{hold}"),
        format!("/de/desk/reports/{report}"),
        "/de/desk/enquiries".to_owned(),
        format!("/de/desk/enquiries/{enquiry}"),
        "/de/desk/organisations".to_owned(),
        format!("/de/desk/organisations/{organisation}"),
    ];
    let moderators = [
        "/de/desk/reports".to_owned(),
        format!("/de/desk/reports/{report}"),
        "/de/profile".to_owned(),
    ];
    Cast {
        anna,
        desk,
        moderator,
        annas: annas.into(),
        desks: desks.into(),
        moderators: moderators.into(),
    }
}

/// A passkey is called so.
async fn name_passkey(stage: &mut Stage, person: &Person) {
    person.prove().await;
    let mut new = new_passkey(person, &mut Authenticator::new(&stage.portal)).await;
    new["name"] = json!(stage.words);
    stage.say(person, "post /api/v1/me/passkeys", &[], new, 201).await;
}

/// Somebody is turned away.
async fn refuse(stage: &mut Stage, desk: &Person) {
    let refused = stage.applicant("dora@elsewhere.example").await;
    let reject = "post /api/v1/admin/registrations/{account_id}/reject";
    let reason = json!({ "reason": stage.words });
    stage.say(desk, reject, &[&refused], reason, 204).await;
}

/// What becomes of reports: one of each kind.
async fn decide_reports(stage: &mut Stage, moderator: &Person, reader: &Person, author: &Person) {
    let conversation = stage.converse(reader, author).await;
    for how in ["dismiss", "remove", "suspend"] {
        let (_, report) = stage.report(reader, author, &conversation).await;
        let decide = format!("post /api/v1/admin/reports/{{id}}/{how}");
        let reason = json!({ "reason": stage.words });
        stage.say(moderator, &decide, &[&report], reason, 204).await;
        // Suspending takes back what is still to be mailed.
        stage.portal.work().await;
    }
}

/// A group of both, and one that the other is invited into.
async fn gather(stage: &mut Stage, one: &Person, other: &Person) -> String {
    let name = json!({ "name": stage.words });
    let opens = "post /api/v1/groups";
    let group = id(&stage.say(one, opens, &[], name.clone(), 201).await);
    groups::join(one, &group, other).await;
    let renames = "patch /api/v1/groups/{id}";
    stage.say(one, renames, &[&group], name.clone(), 200).await;
    let second = id(&stage.say(one, opens, &[], name, 201).await);
    groups::invite(one, &second, &[other]).await.must_be(201);
    group
}

async fn enquire(stage: &mut Stage, member: &Person, desk: &Person) -> String {
    let words = stage.words;
    let question = json!({ "subject": words, "body": words });
    let asks = "post /api/v1/enquiries";
    let enquiry = id(&stage.say(member, asks, &[], question, 201).await);
    let body = json!({ "body": words });
    let answers = "post /api/v1/admin/enquiries/{id}/answer";
    stage.say(desk, answers, &[&enquiry], body.clone(), 204).await;
    let writes = "post /api/v1/enquiries/{id}/messages";
    stage.say(member, writes, &[&enquiry], body, 201).await;
    enquiry
}

async fn organise(stage: &mut Stage, desk: &Person) -> String {
    let organisation = json!({ "name": stage.words, "email_domains": ["kreis.example"] });
    let adds = "post /api/v1/admin/organisations";
    let made = id(&stage.say(desk, adds, &[], organisation.clone(), 201).await);
    let replaces = "put /api/v1/admin/organisations/{id}";
    stage.say(desk, replaces, &[&made], organisation, 200).await;
    made
}

/// A hold that is released, and one that is reviewed.
async fn hold(stage: &mut Stage, desk: &Person, held: &Person) -> String {
    let words = stage.words;
    let held = held.id.to_string();
    let place = "post /api/v1/admin/accounts/{id}/holds";
    let order = || json!({ "basis": "open_claim", "reference": words, "categories": ["messages"] });
    let first = id(&stage.say(desk, place, &[&held], order(), 201).await);
    let release = "post /api/v1/admin/holds/{id}/release";
    stage
        .say(desk, release, &[&first], json!({ "reason": words }), 200)
        .await;
    let second = id(&stage.say(desk, place, &[&held], order(), 201).await);
    let review_at = stage.portal.portal.now() + TimeDelta::days(90);
    let review = json!({ "reason": words, "review_at": review_at });
    let reviews = "post /api/v1/admin/holds/{id}/review";
    stage.say(desk, reviews, &[&second], review, 200).await;
    second
}
