//! What people do: coming in, writing to each other, changing and leaving; and what the desk decides.

use axum::http::Method;
use chrono::TimeDelta;
use serde_json::json;
use stammtisch::mail::letter::LinkPurpose;

use crate::{
    deletion::delete,
    enquiries::ask,
    events::listen,
    groups,
    messaging::{id, messages_of, send, write_to},
    passkeys::{ASK_FOR_NEW, OWN, SIGN_IN, device_of, offer, show},
    plans::heard::Ear,
    reports::{decide, report},
    roles::Scene,
    support::{PASSWORD, Person, people::application},
    sweep::sweep,
};

const NEW_PASSWORD: &str = "sieben gelbe Fahrraeder am Kanal";

/// Messages, read marks, the stream, and the mails that tell of messages.
pub async fn messaging(ear: &mut Ear<'_>, anna: &Person, bert: &Person) {
    let others = [bert];
    let started = ear.hear("a conversation", write_to(anna, &others, "Guten Tag"));
    let talk = id(&started.await.must_be(200).json());
    ear.hear("a message", send(anna, &talk, "Wann passt es?"))
        .await
        .must_be(201);
    let told = async {
        let mut stream = listen(anna).await;
        let sent = send(bert, &talk, "Morgen").await.must_be(201).json();
        stream.next().await;
        sent
    };
    let sent = ear.hear("a message to an open stream", told).await;
    let read = format!("/api/v1/conversations/{talk}/read");
    ear.hear("a read mark", anna.put(&read, &json!({ "up_to": id(&sent) })))
        .await
        .must_be(204);
    ear.hear("a report", report(anna, &id(&sent), "grob"))
        .await
        .must_be(201);
    let regretted = id(&send(anna, &talk, "Doch nicht").await.must_be(201).json());
    ear.hear(
        "a withdrawal",
        anna.delete(&format!("/api/v1/messages/{regretted}")),
    )
    .await
    .must_be(204);
    ear.portal.advance(TimeDelta::minutes(3));
    ear.hear("the mails about messages", ear.portal.work()).await;
    let chosen = json!({ "message_mail": "never" });
    ear.hear("other preferences", anna.patch("/api/v1/me/preferences", &chosen))
        .await
        .must_be(200);
}

/// Groups, blocks, enquiries, and one's own profile.
pub async fn community(ear: &mut Ear<'_>, anna: &Person, bert: &Person) {
    let joining = async {
        let group = groups::open(anna, "Gruppe").await;
        groups::join(anna, &group, bert).await;
        groups::rename(anna, &group, "Kanal").await.must_be(200);
        groups::remove(bert, &group, bert).await.must_be(204);
    };
    ear.hear("a group", joining).await;
    let change = json!({ "about": "Kanäle", "department": "Tiefbau" });
    ear.hear("another profile", anna.patch("/api/v1/me/profile", &change))
        .await
        .must_be(200);
    let blocking = async {
        let block = format!("/api/v1/me/blocks/{}", bert.id);
        anna.put(&block, &json!({})).await.must_be(204);
        anna.delete(&block).await.must_be(204);
    };
    ear.hear("a block", blocking).await;
    let asking = async {
        let enquiry = format!("/api/v1/enquiries/{}", ask(anna, "Rechnung").await);
        let more = json!({ "body": "Und wann?" });
        let more = anna.post(&format!("{enquiry}/messages"), &more).await;
        more.must_be(201);
        let closing = anna.request(Method::POST, &format!("{enquiry}/close"));
        closing.send().await.must_be(204);
    };
    ear.hear("an enquiry", asking).await;
}

/// Registering, signing in and out by every way, and what is asked for by mail.
pub async fn coming_in(ear: &mut Ear<'_>) {
    let portal = ear.portal;
    let carla = ear.hear("a registration", portal.member("Carla", "Neu")).await;
    let waiting = portal.register("wartet@fremd.example", "Willi", "Wartet");
    ear.hear("a registration that waits", waiting).await.must_be(200);
    let visitor = portal.visitor();
    let again = application(&carla.email, "Carla", "Neu");
    let again = async {
        visitor.post("/api/v1/registrations", &again).await.must_be(202);
        portal.work().await;
    };
    ear.hear("a registration with a known address", again).await;

    let device = portal.visitor();
    for doing in ["a sign-in on a new device", "a sign-in on a known device"] {
        ear.hear(doing, device.sign_in(&carla.email, PASSWORD))
            .await
            .must_be(200);
    }
    for (doing, email) in [
        ("a sign-in with a wrong password", carla.email.as_str()),
        ("a sign-in with an unknown address", "nobody@example.org"),
    ] {
        ear.hear(doing, portal.visitor().sign_in(email, NEW_PASSWORD))
            .await
            .must_fail(401, "credentials_invalid");
    }
    ear.hear("a sign-out", device.delete("/api/v1/session"))
        .await
        .must_be(204);
    let carla = by_mail(ear, &carla.email).await;
    second_factors(ear, &carla).await;
}

/// Another password and another address, each by a link: where they are signed in, under the address that they have then.
async fn by_mail(ear: &mut Ear<'_>, email: &str) -> Person {
    let portal = ear.portal;
    let visitor = portal.visitor();
    let resetting = async {
        for email in [email, "nobody@example.org"] {
            let asked = json!({ "email": email });
            visitor.post("/api/v1/password-resets", &asked).await.must_be(202);
        }
        portal.work().await;
        let token = portal.link_for(email, LinkPurpose::Reset);
        let reset = json!({ "token": token, "password": NEW_PASSWORD });
        visitor
            .post("/api/v1/password-resets/confirm", &reset)
            .await
            .must_be(204);
        visitor.sign_in(email, NEW_PASSWORD).await.must_be(200);
        let change = json!({ "current_password": NEW_PASSWORD, "new_password": PASSWORD });
        visitor.put("/api/v1/me/password", &change).await.must_be(204);
    };
    ear.hear("a password that is reset and changed", resetting).await;
    let new = "anderswo@example.org";
    let moving = async {
        let change = json!({ "email": new, "password": PASSWORD });
        visitor
            .post("/api/v1/me/email-change", &change)
            .await
            .must_be(202);
        portal.work().await;
        let token = json!({ "token": portal.link_for(new, LinkPurpose::EmailChange) });
        visitor
            .post("/api/v1/email-changes/confirm", &token)
            .await
            .must_be(204);
    };
    ear.hear("another address", moving).await;
    portal.signed_in(new).await
}

async fn second_factors(ear: &mut Ear<'_>, person: &Person) {
    let portal = ear.portal;
    let (app, codes) = ear.hear("an app", person.set_up_app(portal)).await;
    let device = ear.hear("a passkey", device_of(portal, person)).await;
    offer(person, ASK_FOR_NEW).await;
    ear.hear("own passkeys", person.get(OWN)).await.must_be(200);
    portal.advance(TimeDelta::minutes(1));
    let visitor = portal.visitor();
    let code = app.code(portal);
    ear.hear(
        "a sign-in with a code",
        visitor.sign_in_with(&person.email, &code),
    )
    .await
    .must_be(200);
    ear.hear(
        "a sign-in with a recovery code",
        visitor.sign_in_with(&person.email, &codes[0]),
    )
    .await
    .must_be(200);
    ear.hear("a sign-in with a passkey", show(&visitor, SIGN_IN, &device))
        .await
        .must_be(200);
}

/// What the desk decides about people.
pub async fn desk(ear: &mut Ear<'_>, scene: &Scene, desk: &Person, bert: &Person) {
    let paths = [
        ("/api/v1/admin/registrations/{id}/approve", json!({}), 204),
        (
            "/api/v1/admin/enquiries/{id}/answer",
            json!({ "body": "Morgen." }),
            204,
        ),
        ("/api/v1/admin/enquiries/{id}/close", json!({}), 204),
        (
            "/api/v1/admin/holds/{id}/release",
            json!({ "reason": "erledigt" }),
            200,
        ),
        ("/api/v1/admin/accounts/{id}/suspend", json!({}), 204),
        ("/api/v1/admin/accounts/{id}/reinstate", json!({}), 204),
    ];
    desk.prove().await;
    for (template, body, status) in paths {
        let path = scene.path(template);
        ear.hear(&format!("POST {template}"), desk.post(&path, &body))
            .await
            .must_be(status);
    }
    let portal = ear.portal;
    let holding = async {
        let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["messages"] });
        let path = format!("/api/v1/admin/accounts/{}/holds", bert.id);
        let hold = desk.post(&path, &order).await.must_be(201).json();
        let review = json!({ "reason": "laut Akte", "review_at": portal.portal.now() + TimeDelta::days(30) });
        let path = format!("/api/v1/admin/holds/{}/review", id(&hold));
        desk.post(&path, &review).await.must_be(200);
    };
    ear.hear("a hold", holding).await;
    let report = scene.path("/api/v1/admin/reports/{id}");
    let report = report.rsplit('/').next().unwrap_or_default();
    ear.hear(
        "a report's end",
        decide(desk, report, "remove", &json!({ "reason": "grob" })),
    )
    .await
    .must_be(204);
}

/// A deletion that is undone, one that is not, and the sweep that finds it due.
pub async fn leaving(ear: &mut Ear<'_>, anna: &Person) {
    let portal = ear.portal;
    let gone = portal.member("Gerd", "Geht").await;
    let talk = id(&write_to(&gone, &[anna], "Tschüss").await.must_be(201).json());
    let undoing = async {
        delete(&gone).await;
        portal.work().await;
        let token = portal.link_for(&gone.email, LinkPurpose::Undo);
        let undo = json!({ "token": token });
        portal
            .visitor()
            .post("/api/v1/deletions/undo", &undo)
            .await
            .must_be(204);
    };
    ear.hear("a deletion that is undone", undoing).await;
    let gone = portal.signed_in(&gone.email).await;
    // A group that nobody is in any more once this one is gone.
    let left = groups::open(anna, "Verlassen").await;
    groups::join(anna, &left, &gone).await;
    send(anna, &left, "Guten Tag").await.must_be(201);
    groups::remove(anna, &left, anna).await.must_be(204);
    let deleted = ear.hear("a deletion", delete(&gone)).await;
    let receipt = format!("/api/v1/deletions/{}", deleted["receipt_code"].as_str().unwrap());
    ear.get(&portal.visitor(), &receipt).await;
    ear.get(anna, &messages_of(&talk)).await;
    portal.advance(TimeDelta::minutes(61));
    let swept = ear
        .hear("a sweep with one account and a group to end", sweep(portal))
        .await;
    assert_eq!(swept.erased, 1);
    ear.get(&portal.visitor(), &receipt).await;
}
