//! Passkeys on pages: what the script fills in is sent with the form, and goes on to where a password would lead.

use chrono::TimeDelta;

use crate::{
    passkeys::{ASK, ASK_FOR_NEW, device_of, offer},
    support::{Authenticator, Client, PASSWORD, Person, Response, TestPortal, page},
};

const PAGE: &str = "/de/account/passkeys";

/// Sends the form with the device's passkey, as the script does.
async fn submit(client: &Client, path: &str, device: &Authenticator, more: &[(&str, &str)]) -> Response {
    let offer = offer(client, ASK).await;
    let (ceremony, credential) = (
        offer["ceremony"].as_str().unwrap(),
        device.get(&offer["options"]).to_string(),
    );
    let fields = [more, &[("ceremony", ceremony), ("credential", &credential)]].concat();
    client.submit(path, &fields).await
}

async fn add(person: &Person, device: &mut Authenticator, name: &str) -> Response {
    let offer = offer(person, ASK_FOR_NEW).await;
    let credential = device.create(&offer["options"]).to_string();
    let ceremony = offer["ceremony"].as_str().unwrap();
    let fields = [
        ("act", "add"),
        ("name", name),
        ("ceremony", ceremony),
        ("credential", &credential),
    ];
    person.submit(PAGE, &fields).await
}

#[tokio::test]
async fn a_passkey_is_added_with_recovery_codes_seen_and_removed() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let empty = anna.get(PAGE).await.must_be(200).must_show("noch keinen Passkey");
    let html = empty.text();
    assert!(
        html.contains("data-passkey=\"create\" data-options=\"/api/v1/me/passkeys/options\""),
        "{html}"
    );
    assert!(
        html.contains(" hidden>"),
        "without the script it is not seen: {html}"
    );
    let codes = add(&anna, &mut Authenticator::new(&portal), "Diensthandy")
        .await
        .must_be(200);
    assert_eq!(codes.text().matches("<li><code>").count(), 10, "{}", codes.text());
    add(&anna, &mut Authenticator::new(&portal), "")
        .await
        .must_lead_to(&format!("{PAGE}?done=passkey-added"));
    let html = anna.get(PAGE).await.must_be(200).must_show("Diensthandy").text();
    assert_eq!(html.matches("value=\"remove\"").count(), 2, "{html}");
    let id = page::hidden(&html, "id").unwrap();
    for _ in 0..2 {
        let remove = anna.submit(PAGE, &[("act", "remove"), ("id", &id)]).await;
        if remove.status != 404 {
            remove.must_lead_to(&format!("{PAGE}?done=passkey-removed"));
        }
    }
    anna.get(PAGE).await.must_not_show("noch keinen Passkey");
    let long = "x".repeat(61);
    let html = add(&anna, &mut Authenticator::new(&portal), &long)
        .await
        .must_be(422)
        .text();
    assert!(
        html.contains("<a href=\"#name\">") && html.contains(&long),
        "{html}"
    );
    for (ceremony, credential, status) in [("", "", 422), ("", "{", 422), ("", "{}", 422)] {
        let fields = [("act", "add"), ("ceremony", ceremony), ("credential", credential)];
        anna.submit(PAGE, &fields).await.must_be(status);
    }
    anna.submit(PAGE, &[("act", "other")]).await.must_be(400);
    portal.advance(TimeDelta::minutes(6));
    let ask = anna.submit(PAGE, &[("act", "remove"), ("id", &id)]).await;
    ask.must_be(403).must_show("Mit Passkey bestätigen");
}

#[tokio::test]
async fn whoever_signs_in_with_a_passkey_goes_on_with_the_form_they_had_sent() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let device = device_of(&portal, &anna).await;
    let visitor = portal.visitor();
    let html = visitor
        .get("/de/sign-in")
        .await
        .must_be(200)
        .must_show("Mit Passkey anmelden")
        .text();
    assert!(html.contains("data-passkey=\"get\""), "{html}");
    submit(&visitor, "/de/sign-in", &device, &[("next", "/de/members")])
        .await
        .must_lead_to("/de/members");
    visitor
        .get("/de/account")
        .await
        .must_be(200)
        .must_show(&anna.email);

    let sent = portal.visitor();
    let html = sent
        .submit("/de/account/language", &[("locale", "en")])
        .await
        .must_be(401)
        .text();
    // Both forms take along what was sent.
    assert_eq!(html.matches("name=\"carried\"").count(), 2, "{html}");
    let (next, carried) = (
        page::hidden(&html, "next").unwrap(),
        page::hidden(&html, "carried").unwrap(),
    );
    let back = submit(
        &sent,
        "/de/sign-in",
        &device,
        &[("next", &next), ("carried", &carried)],
    )
    .await;
    back.must_be(200).must_show("Sie sind wieder angemeldet");

    let nobody = portal.visitor();
    let wrong = submit(
        &nobody,
        "/de/sign-in",
        &Authenticator::new(&portal),
        &[("next", "/de/members")],
    )
    .await;
    let html = wrong
        .must_be(401)
        .must_show("Mit diesem Passkey geht es nicht")
        .text();
    assert_eq!(page::hidden(&html, "next").as_deref(), Some("/de/members"));
    portal.set_status(anna.id, "suspended").await;
    submit(&nobody, "/de/sign-in", &device, &[])
        .await
        .must_be(403)
        .must_show("gesperrt");
}

#[tokio::test]
async fn a_passkey_confirms_who_one_is_where_one_has_any() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    let device = device_of(&portal, &anna).await;
    portal.advance(TimeDelta::minutes(6));
    let ask = "/de/confirm-identity?next=%2Fde%2Faccount%2Fexport";
    bert.get(ask)
        .await
        .must_be(200)
        .must_not_show("Mit Passkey bestätigen");
    anna.get(ask)
        .await
        .must_be(200)
        .must_show("Mit Passkey bestätigen");
    let next = [("next", "/de/account/export")];
    submit(&bert, "/de/confirm-identity", &device, &next)
        .await
        .must_be(401)
        .must_show("Mit diesem Passkey geht es nicht");
    submit(&anna, "/de/confirm-identity", &device, &next)
        .await
        .must_lead_to("/de/account/export");
    anna.get("/de/account/export/file").await.must_be(200);
}

#[tokio::test]
async fn whoever_typed_their_password_first_goes_on_with_a_passkey_as_well() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let device = device_of(&portal, &anna).await;
    let visitor = portal.visitor();
    let pair = [
        ("email", anna.email.as_str()),
        ("password", PASSWORD),
        ("next", "/de/members"),
    ];
    let html = visitor
        .submit("/de/sign-in", &pair)
        .await
        .must_show("Mit Passkey anmelden")
        .text();
    assert!(html.contains("name=\"code\""), "{html}");
    let next = page::hidden(&html, "next").unwrap();
    visitor
        .get("/api/v1/session")
        .await
        .must_fail(401, "not_signed_in");
    submit(&visitor, "/de/sign-in", &device, &[("next", &next)])
        .await
        .must_lead_to("/de/members");
}

#[tokio::test]
async fn the_script_is_served_as_others_are_and_stands_where_it_is_needed() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    let html = visitor.get("/en/sign-in").await.must_be(200).text();
    let script = page::values(&html, "src")
        .next()
        .expect("there is a script")
        .to_owned();
    assert!(script.starts_with("/assets/passkey.js?v="), "{script}");
    let answer = visitor.get(&script).await.must_be(200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/javascript; charset=utf-8")
    );
    assert_eq!(
        answer.header("cache-control"),
        Some("public, max-age=31536000, immutable")
    );
    for other in ["/en", "/en/register", "/en/forgot-password"] {
        let html = visitor.get(other).await.must_be(200).text();
        assert!(!html.contains("passkey.js"), "{other}");
    }
}

#[tokio::test]
async fn the_page_of_a_portal_that_is_reached_by_a_number_says_so() {
    let portal = TestPortal::with("server.public_url = 'http://127.0.0.1:8080'").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let html = anna
        .get(PAGE)
        .await
        .must_be(200)
        .must_show("unter einer Nummer")
        .text();
    assert!(!html.contains("data-passkey"), "{html}");
}
