//! Second factors as people meet them on pages: set up, asked for at the sign-in and before what could do great harm, lost.

use chrono::TimeDelta;

use crate::support::{PASSWORD, Person, Response, TestPortal, factors::App, page};

const OVERVIEW: &str = "/de/account/second-factor";
const APP: &str = "/de/account/second-factor/app";
const STEP: TimeDelta = TimeDelta::seconds(30);

fn owned(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = fields.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// What the page's form takes along, and these fields.
fn filled(html: &str, fields: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all = page::all_hidden(html);
    all.extend(owned(fields));
    all
}

async fn send(person: &crate::support::Client, path: &str, fields: &[(String, String)]) -> Response {
    let pairs: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    person.submit(path, &pairs).await
}

/// The codes that a page shows.
fn codes(html: &str) -> Vec<String> {
    let list = html.split("<ol class=\"codes\">").nth(1).unwrap_or_default();
    let list = list.split("</ol>").next().unwrap_or_default();
    list.split("<code>")
        .skip(1)
        .filter_map(|code| code.split('<').next())
        .map(str::to_owned)
        .collect()
}

async fn with_app(portal: &TestPortal) -> (Person, App) {
    let anna = portal.member("Anna", "Beispiel").await;
    let (app, _) = anna.set_up_app(portal).await;
    portal.advance(STEP);
    (anna, app)
}

#[tokio::test]
async fn an_app_is_set_up_by_a_picture_and_its_first_code() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    anna.get("/de/account")
        .await
        .must_be(200)
        .must_show("Zweiten Faktor einrichten");
    anna.get(OVERVIEW).await.must_be(200).must_show("App einrichten");
    anna.get(APP).await.must_lead_to(OVERVIEW);
    let html = anna.submit(APP, &[]).await.must_be(200).text();
    assert!(html.contains("<svg class=\"qr\""), "{html}");
    let uri = page::values(&html, "href").find(|href| href.starts_with("otpauth"));
    let app = App::reading(&uri.unwrap().replace("&#38;", "&"));

    let wrong = send(&anna, APP, &filled(&html, &[("code", "000000")]))
        .await
        .must_be(401)
        .must_show("Der Code stimmt nicht")
        .text();
    assert_eq!(
        page::values(&wrong, "d").nth(1),
        page::values(&html, "d").nth(1),
        "the same picture"
    );
    let shown = send(&anna, APP, &filled(&wrong, &[("code", &app.code(&portal))]))
        .await
        .must_be(200)
        .must_show("Diese Codes sehen Sie nur jetzt.")
        .text();
    assert_eq!(codes(&shown).len(), 10);
    anna.get(OVERVIEW)
        .await
        .must_show("App entfernen")
        .must_show("Sie haben noch 10 Wiederherstellungscodes.");

    let new = anna
        .submit(OVERVIEW, &[("act", "make-codes")])
        .await
        .must_be(200)
        .text();
    assert_eq!(codes(&new).len(), 10);
    assert_ne!(codes(&new), codes(&shown));
    anna.submit(OVERVIEW, &[("act", "remove-totp")])
        .await
        .must_lead_to("/de/account/second-factor?done=totp-removed");
    anna.submit(OVERVIEW, &[("act", "remove-totp")])
        .await
        .must_be(404);
    anna.submit(OVERVIEW, &[("act", "make-codes")]).await.must_be(409);
}

#[tokio::test]
async fn a_sign_in_goes_on_with_a_code_to_where_it_was_to_lead() {
    let portal = TestPortal::start().await;
    let (anna, app) = with_app(&portal).await;
    let visitor = portal.visitor();
    // A form whose session ended.
    let html = visitor
        .submit(
            "/de/profile",
            &[("first_name", "Anna"), ("about", "Noch zu sagen")],
        )
        .await
        .must_be(401)
        .text();
    let first = filled(&html, &[("email", &anna.email), ("password", PASSWORD)]);
    let html = send(&visitor, "/de/sign-in", &first)
        .await
        .must_be(200)
        .must_show("Ihr Passwort stimmt.")
        .text();
    assert!(html.contains("autocomplete=\"one-time-code\""));
    assert!(!html.contains(PASSWORD));
    let wrong = send(
        &visitor,
        "/de/sign-in/code",
        &filled(&html, &[("code", "000000")]),
    )
    .await
    .must_be(401)
    .text();
    assert!(!wrong.contains("000000"), "what was typed is not shown again");
    let back = send(
        &visitor,
        "/de/sign-in/code",
        &filled(&wrong, &[("code", &app.code(&portal))]),
    )
    .await
    .must_be(200)
    .must_show("Sie sind wieder angemeldet")
    .text();
    assert!(page::all_hidden(&back).contains(&("about".to_owned(), "Noch zu sagen".to_owned())));
    visitor.get("/de/profile").await.must_be(200);
}

#[tokio::test]
async fn whoever_takes_too_long_begins_again() {
    let portal = TestPortal::start().await;
    let (anna, app) = with_app(&portal).await;
    let visitor = portal.visitor();
    visitor.get("/de/sign-in/code").await.must_lead_to("/de/sign-in");
    let fields = [
        ("email", anna.email.as_str()),
        ("password", PASSWORD),
        ("next", "/de/members"),
    ];
    let html = visitor.submit("/de/sign-in", &fields).await.must_be(200).text();
    portal.advance(TimeDelta::minutes(10));
    let again = send(
        &visitor,
        "/de/sign-in/code",
        &filled(&html, &[("code", &app.code(&portal))]),
    )
    .await
    .must_be(410)
    .must_show("Bitte beginnen Sie noch einmal.")
    .text();
    assert!(again.contains("action=\"/de/sign-in\""));
    assert_eq!(page::hidden(&again, "next").unwrap(), "/de/members");
}

#[tokio::test]
async fn before_what_could_do_great_harm_the_code_is_asked_for_too() {
    let portal = TestPortal::start().await;
    let (anna, app) = with_app(&portal).await;
    portal.advance(TimeDelta::minutes(6));
    let change = [("email", "neu@example.org"), ("password", PASSWORD)];
    let html = anna
        .submit("/de/account/email", &change)
        .await
        .must_be(403)
        .must_show("Code")
        .text();
    let confirm = "/de/confirm-identity";
    send(
        &anna,
        confirm,
        &filled(&html, &[("password", PASSWORD), ("code", "")]),
    )
    .await
    .must_be(422)
    .must_show("Diese Angabe fehlt.");
    send(
        &anna,
        confirm,
        &filled(&html, &[("password", PASSWORD), ("code", "000000")]),
    )
    .await
    .must_be(401)
    .must_show("Der Code stimmt nicht");
    let code = app.code(&portal);
    let back = send(
        &anna,
        confirm,
        &filled(&html, &[("password", PASSWORD), ("code", &code)]),
    )
    .await
    .must_be(200)
    .text();
    assert!(page::all_hidden(&back).contains(&("email".to_owned(), "neu@example.org".to_owned())));
    anna.submit("/de/account/email", &change)
        .await
        .must_lead_to("/de/account?done=email-change-asked");
}

#[tokio::test]
async fn without_signing_in_a_code_is_asked_for_after_a_right_password() {
    let portal = TestPortal::start().await;
    let (anna, app) = with_app(&portal).await;
    let path = "/de/delete-account";
    let visitor = portal.visitor();
    let asks = |answer: &Response| answer.text().contains("name=\"code\"");
    let wrong = [("email", anna.email.as_str()), ("password", "falsch")];
    let wrong = visitor.submit(path, &wrong).await.must_be(401);
    assert!(!asks(&wrong), "nothing is said of a second factor before");
    let right = [("email", anna.email.as_str()), ("password", PASSWORD)];
    let right = visitor.submit(path, &right).await.must_be(422);
    assert!(asks(&right));
    let code = app.code(&portal);
    let all = [
        ("email", anna.email.as_str()),
        ("password", PASSWORD),
        ("code", &code),
    ];
    visitor.submit(path, &all).await.must_be(200);
    anna.get("/api/v1/me").await.must_fail(401, "not_signed_in");
}

#[tokio::test]
async fn the_desk_has_lost_factors_removed_and_takes_that_back() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let (anna, _) = with_app(&portal).await;
    let path = format!("/de/desk/accounts/{}", anna.id);
    desk.get(&path).await.must_show("Verlorene Faktoren entfernen");
    desk.submit(&path, &[("act", "remove-factors")])
        .await
        .must_lead_to(&format!("{path}?done=factor-removal-requested"));
    desk.get(&path).await.must_show("Alle zweiten Faktoren werden am");
    anna.get(OVERVIEW)
        .await
        .must_show("Jemand hat gemeldet, dass Sie Ihre zweiten Faktoren verloren haben.");
    desk.submit(&path, &[("act", "keep-factors")])
        .await
        .must_lead_to(&format!("{path}?done=factor-removal-withdrawn"));
    desk.get(&path).await.must_show("Verlorene Faktoren entfernen");
    let bert = portal.member("Bert", "Muster").await;
    desk.get(&format!("/de/desk/accounts/{}", bert.id))
        .await
        .must_show("Für dieses Konto ist keiner eingerichtet.");
}
