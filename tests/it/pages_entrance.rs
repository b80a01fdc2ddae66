//! The pages that need no account, and the start page of members.

use chrono::TimeDelta;
use serde_json::json;
use stammtisch::mail::letter::LinkPurpose;

use crate::{
    deletion::delete,
    messaging::write_to,
    support::{Client, PASSWORD, Person, TestPortal, page},
    sweep::sweep,
};

const TERMS: &str = "2026-11";
const COMMAND: &str = "stammtisch admin create";

/// What the form of a registration sends.
fn registration(email: &str) -> [(&str, &str); 7] {
    [
        ("email", email),
        ("first_name", "Anna"),
        ("last_name", "Beispiel"),
        ("organisation", "Stadt Musterhausen"),
        ("department", ""),
        ("message", "Frau Muster\r\nhat mich eingeladen."),
        ("accept_terms", TERMS),
    ]
}

/// A form that comes back to be looked over changes nothing and shows what was typed.
async fn restores(portal: &TestPortal, path: &str, field: (&str, &str)) {
    let before = portal.row_counts().await;
    let visitor = portal.visitor();
    let form = visitor.submit(path, &[("_restore", "1"), field]).await;
    let form = form.must_be(200).must_not_show("Bitte sehen Sie noch einmal hin");
    let shown = format!("value=\"{}\"", field.1);
    assert!(form.text().contains(&shown), "{}", form.text());
    assert_eq!(portal.row_counts().await, before);
}

#[tokio::test]
async fn every_page_of_the_entrance_stands_in_both_languages() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    for (path, german, english) in [
        ("", "Willkommen am Stammtisch", "Welcome to Stammtisch"),
        ("/sign-in", "Anmelden", "Sign in"),
        ("/register", "Registrieren", "Register"),
        (
            "/register/sent",
            "Bitte sehen Sie in Ihr Postfach",
            "Please look into your mailbox",
        ),
        (
            "/forgot-password",
            "Passwort vergessen",
            "Forgotten your password",
        ),
        (
            "/forgot-password/sent",
            "Der Link darin gilt eine Stunde.",
            "good for one hour",
        ),
        ("/receipt", "Löschnachweis", "Receipt of erasure"),
        ("/delete-account", "Konto löschen", "Delete account"),
    ] {
        for (locale, words) in [("de", german), ("en", english)] {
            let answer = visitor.get(&format!("/{locale}{path}")).await.must_be(200);
            let other = if locale == "de" { "en" } else { "de" };
            assert!(
                answer.text().contains(&format!("href=\"/{other}{path}\"")),
                "{path}"
            );
            assert!(answer.header("set-cookie").is_none());
            answer.must_show(words);
        }
    }
}

#[tokio::test]
async fn the_start_page_says_how_to_make_the_first_administrator_until_there_is_one() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    let start = visitor.get("/de").await.must_be(200);
    start.must_show(COMMAND).must_show("nach höchstens 24 Stunden");
    portal.member("Anna", "Beispiel").await;
    visitor.get("/en").await.must_show(COMMAND);
    portal.administrator().await;
    visitor
        .get("/de")
        .await
        .must_not_show(COMMAND)
        .must_show("Unser Versprechen");
}

#[tokio::test]
async fn members_see_where_there_is_something_new() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let cleo = portal.member("Cleo", "Beispiel").await;
    let desk = portal.administrator().await;
    let quiet = anna.get("/de").await.must_be(200);
    quiet
        .must_show("Guten Tag, Anna Beispiel")
        .must_show("Keine ungelesenen Nachrichten")
        .must_show("Fragen an den Betreiber und seine Antworten")
        .must_not_show("Verwaltung");
    desk.get("/en")
        .await
        .must_show("Hello, Doris Desk")
        .must_show("Registrations, accounts, holds and enquiries");

    write_to(&bea, &[&anna], "Hallo").await.must_be(201);
    anna.get("/de").await.must_show("In einer Unterhaltung gibt es");
    write_to(&bea, &[&anna, &cleo], "An alle").await.must_be(201);
    let (answer, statements) = portal.statements_of(anna.get("/de")).await;
    answer.must_show("In 2 Unterhaltungen gibt es");
    assert_eq!(statements.len(), 5, "{statements:#?}");

    let asked = anna
        .post("/api/v1/enquiries", &json!({ "subject": "a", "body": "b" }))
        .await;
    let path = format!(
        "/api/v1/admin/enquiries/{}/answer",
        asked.must_be(201).json()["id"].as_str().unwrap()
    );
    desk.post(&path, &json!({ "body": "c" })).await.must_be(204);
    anna.get("/en")
        .await
        .must_show("One of your enquiries was answered in the last 14 days.");
    delete(&bea).await;
    anna.get("/de").await.must_show("Keine ungelesenen Nachrichten");
    portal.advance(TimeDelta::days(15));
    let anna = portal.signed_in(&anna.email).await;
    anna.get("/en")
        .await
        .must_show("Questions to the operator, and the answers");
}

#[tokio::test]
async fn whoever_registers_on_the_page_gets_the_mail_in_its_language() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    let form = visitor.get("/de/register").await.must_be(200).text();
    for expected in [
        "autocomplete=\"email\"",
        "autocomplete=\"given-name\"",
        "autocomplete=\"family-name\"",
        "autocomplete=\"organization\"",
        "href=\"/de/terms\"",
        "name=\"accept_terms\" value=\"2026-11\"",
    ] {
        assert!(form.contains(expected), "{expected}: {form}");
    }
    assert!(
        page::words(&form).contains("nach 72 Stunden gelöscht")
            && page::words(&form).contains("nach 90 Tagen")
    );
    let known = portal.member("Bea", "Beispiel").await;
    for email in ["anna@musterhausen.example", known.email.as_str()] {
        visitor
            .submit("/de/register", &registration(email))
            .await
            .must_lead_to("/de/register/sent");
    }
    portal.work().await;
    let sent = visitor.get("/de/register/sent").await.must_be(200);
    let mail = portal.mails_to("anna@musterhausen.example").pop().unwrap();
    sent.must_show(&mail.subject);
    let message: String = portal
        .scalar("SELECT message FROM registration WHERE message LIKE 'Frau%'")
        .await;
    assert_eq!(message, "Frau Muster\nhat mich eingeladen.");
}

#[tokio::test]
async fn a_refused_registration_keeps_everything_but_an_agreement_to_other_terms() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    let mut typed = registration("anna");
    typed[1].1 = "";
    typed[3].1 = "Amt <Nord>";
    let answer = visitor.submit("/de/register", &typed).await.must_be(422);
    let html = answer.text();
    for expected in [
        "<a href=\"#email\">",
        "<a href=\"#first-name\">",
        "value=\"anna\"",
        "value=\"Amt &#60;Nord&#62;\"",
        "hat mich eingeladen.</textarea>",
        "value=\"2026-11\" checked",
    ] {
        assert!(html.contains(expected), "{expected}: {html}");
    }
    let mut typed = registration("anna@musterhausen.example");
    for agreed in ["2020-01", ""] {
        typed[6].1 = agreed;
        let answer = visitor.submit("/en/register", &typed).await.must_be(422);
        assert!(!answer.text().contains(" checked"), "{}", answer.text());
        assert!(answer.text().contains("<a href=\"#accept-terms\">"));
    }
    assert_eq!(portal.count("SELECT count(*) FROM noted_request").await, 0);
    restores(&portal, "/de/register", ("first_name", "Anna")).await;
}

#[tokio::test]
async fn a_forgotten_password_is_answered_alike_for_everyone() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let visitor = portal.visitor();
    for email in [anna.email.as_str(), "nobody@musterhausen.example"] {
        visitor
            .submit("/de/forgot-password", &[("email", email)])
            .await
            .must_lead_to("/de/forgot-password/sent");
    }
    portal.work().await;
    portal.link_for(&anna.email, LinkPurpose::Reset);
    assert!(portal.mails_to("nobody@musterhausen.example").is_empty());
    let answer = visitor.submit("/en/forgot-password", &[("email", "anna")]).await;
    let answer = answer.must_be(422).must_show("not a valid e-mail address");
    assert!(answer.text().contains("value=\"anna\""));
    restores(&portal, "/de/forgot-password", ("email", "a@b.example")).await;
}

async fn ask(client: &Client, locale: &str, code: &str) -> crate::support::Response {
    client
        .submit(&format!("/{locale}/receipt"), &[("receipt_code", code)])
        .await
}

#[tokio::test]
async fn a_receipt_tells_in_words_what_is_pending_held_and_erased() {
    let portal = TestPortal::start().await;
    let (anna, desk) = (
        portal.member("Anna", "Beispiel").await,
        portal.administrator().await,
    );
    let until = portal.portal.now() + TimeDelta::days(3);
    for order in [
        json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["messages"], "expires_at": until }),
        json!({ "basis": "authority_order", "reference": "geheim", "categories": ["contact"], "disclose": false }),
    ] {
        let path = format!("/api/v1/admin/accounts/{}/holds", anna.id);
        desk.post(&path, &order).await.must_be(201);
    }
    let code = delete(&anna).await["receipt_code"].as_str().unwrap().to_owned();
    let visitor = portal.visitor();
    let (start, end) = code.split_at(20);
    ask(&visitor, "de", &format!(" {start}\r\n{end} "))
        .await
        .must_be(200)
        .must_show("noch nicht abgeschlossen")
        .must_show(&code)
        .must_show("Was danach noch aufbewahrt wird")
        .must_show("Nachrichten Grund: offene Forderung")
        .must_show("Längstens bis zum ")
        .must_show("Es wird etwas aufgrund eines Gesetzes aufbewahrt.")
        .must_not_show("geheim")
        .must_not_show("Anordnung");
    portal.advance(TimeDelta::minutes(61));
    sweep(&portal).await;
    ask(&visitor, "en", &code)
        .await
        .must_be(200)
        .must_show("Everything has been erased but what is still kept.")
        .must_show("Messages Reason: open claim");

    let bea = portal.member("Bea", "Beispiel").await;
    let code = delete(&bea).await["receipt_code"].as_str().unwrap().to_owned();
    portal.advance(TimeDelta::minutes(61));
    sweep(&portal).await;
    let erased = ask(&visitor, "de", &code).await.must_be(200);
    erased
        .must_show("Alles ist gelöscht.")
        .must_show("Gelöscht am")
        .must_show("Portal Stammtisch")
        .must_show("Abgefragt am")
        .must_not_show("aufbewahrt");
}

#[tokio::test]
async fn an_unknown_code_is_refused_at_its_field() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    let unknown = "A".repeat(43);
    for (code, status, words) in [
        (unknown.as_str(), 404, "Zu diesem Code gibt es keine Löschung."),
        ("\"><b>", 404, "Zu diesem Code gibt es keine Löschung."),
        (" ", 422, "Diese Angabe fehlt."),
    ] {
        let answer = ask(&visitor, "de", code).await.must_be(status).must_show(words);
        assert!(
            answer.text().contains("<a href=\"#receipt-code\">"),
            "{}",
            answer.text()
        );
    }
    let answer = ask(&visitor, "en", &unknown).await.must_be(404);
    assert!(answer.text().contains(&format!("value=\"{unknown}\"")));
    restores(&portal, "/de/receipt", ("receipt_code", &unknown)).await;
}

#[tokio::test]
async fn whoever_is_suspended_deletes_their_account_without_signing_in() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal.set_status(anna.id, "suspended").await;
    let visitor = portal.visitor();
    let wrong = [("email", anna.email.as_str()), ("password", "falsch")];
    let answer = visitor.submit("/de/delete-account", &wrong).await.must_be(401);
    assert!(answer.text().contains(&anna.email) && !answer.text().contains("falsch"));
    restores(&portal, "/de/delete-account", ("email", &anna.email)).await;

    let right = [("email", anna.email.as_str()), ("password", PASSWORD)];
    let begun = visitor.submit("/de/delete-account", &right).await.must_be(200);
    let html = begun.text();
    begun
        .must_show("Ihr Konto wird gelöscht")
        .must_show("Rückgängig zu machen bis")
        .must_show("Endgültig gelöscht spätestens");
    let code = html.split("<code>").nth(1).unwrap().split('<').next().unwrap();
    ask(&visitor, "de", code)
        .await
        .must_show("noch nicht abgeschlossen");
    let again = visitor.submit("/en/delete-account", &right).await.must_be(200);
    assert!(!again.text().contains("<code>"));
    again.must_show("had been requested already");
}

#[tokio::test]
async fn the_last_administrator_is_refused_on_the_page_as_elsewhere() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let right = [("email", desk.email.as_str()), ("password", PASSWORD)];
    portal
        .visitor()
        .submit("/de/delete-account", &right)
        .await
        .must_be(409)
        .must_show("Das ist das letzte Konto mit der Rolle Verwaltung.");
    desk.get("/api/v1/me").await.must_be(200);
}

#[tokio::test]
async fn a_refused_sign_in_says_what_can_be_done() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for (status, words) in [
        ("pending", "Sie erhalten eine E-Mail, sobald entschieden ist."),
        ("rejected", "Die Begründung steht in der E-Mail"),
        ("suspended", "Ihr Konto löschen können Sie auch"),
        ("deleted", "Löschnachweis prüfen Passwort vergessen"),
    ] {
        portal.set_status(anna.id, status).await;
        let right = [("email", anna.email.as_str()), ("password", PASSWORD)];
        let answer = portal.visitor().submit("/de/sign-in", &right).await;
        answer.must_be(403).must_show(words);
    }
}

#[tokio::test]
async fn a_made_up_address_carries_nothing_into_the_sign_in() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    let form = visitor
        .get("/de/sign-in?next=%2Fde%2Fenquiries&carried=subject%3Dx&email=a%40b.example")
        .await
        .must_be(200);
    let html = form.text();
    assert_eq!(page::hidden(&html, "next").as_deref(), Some("/de/enquiries"));
    assert_eq!(page::hidden(&html, "carried"), None);
    let main = html.split("<main").nth(1).unwrap();
    assert!(!main.contains("a@b.example"), "{main}");
    restores(&portal, "/de/sign-in", ("email", "a@b.example")).await;
}

/// The page of a link that was mailed.
struct Link {
    client: Client,
    path: String,
    token: String,
}

impl Link {
    async fn open(portal: &TestPortal, locale: &str, address: &str, purpose: LinkPurpose) -> Self {
        portal.work().await;
        let link = Self {
            client: portal.visitor(),
            path: format!("/{locale}/{}", purpose.segment()),
            token: portal.link_for(address, purpose),
        };
        let before = portal.row_counts().await;
        let asked = link
            .client
            .get(&format!("{}?token={}", link.path, link.token))
            .await;
        let html = asked.must_be(200).text();
        assert_eq!(page::hidden(&html, "token").as_ref(), Some(&link.token));
        let restored = [("_restore", "1"), ("token", link.token.as_str())];
        link.client.submit(&link.path, &restored).await.must_be(200);
        assert_eq!(portal.row_counts().await, before, "nothing but the button acts");
        link
    }

    async fn press(&self, password: Option<&str>) -> crate::support::Response {
        let mut fields = vec![("token", self.token.as_str())];
        fields.extend(password.map(|password| ("password", password)));
        self.client.submit(&self.path, &fields).await
    }
}

#[tokio::test]
async fn the_link_to_confirm_lets_one_choose_a_password_and_keeps_the_link_if_it_is_refused() {
    let portal = TestPortal::start().await;
    let address = "willi@elsewhere.example";
    let visitor = portal.visitor();
    visitor
        .submit("/de/register", &registration(address))
        .await
        .must_lead_to("/de/register/sent");
    let link = Link::open(&portal, "de", address, LinkPurpose::Confirm).await;
    let short = link.press(Some("zu kurz")).await.must_be(422);
    let html = short.text();
    assert!(
        html.contains("<a href=\"#password\">") && !html.contains("zu kurz"),
        "{html}"
    );
    assert_eq!(page::hidden(&html, "token").as_ref(), Some(&link.token));
    assert!(
        html.contains(&format!("href=\"/en/confirm?token={}\"", link.token)),
        "{html}"
    );
    short.must_show("Mindestens 15 Zeichen");
    let done = link.press(Some(PASSWORD)).await.must_be(200);
    done.must_show("Das Ergebnis erfahren Sie per E-Mail.");
    let dead = link.press(Some(PASSWORD)).await.must_be(410);
    dead.must_show("Dieser Link ist ungültig")
        .must_show("Schon bestätigt: anmelden");

    let link = Link::open(&portal, "en", address, LinkPurpose::Withdraw).await;
    link.press(None)
        .await
        .must_be(200)
        .must_show("Registration withdrawn");
    link.press(None).await.must_be(410).must_show("To the start page");
}

#[tokio::test]
async fn the_link_for_another_password_sets_it_once() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let asked = [("email", anna.email.as_str())];
    anna.submit("/de/forgot-password", &asked)
        .await
        .must_lead_to("/de/forgot-password/sent");
    let link = Link::open(&portal, "de", &anna.email, LinkPurpose::Reset).await;
    link.press(Some("zu kurz")).await.must_be(422);
    let other = "sieben gelbe Lampen am Markt";
    link.press(Some(other))
        .await
        .must_be(200)
        .must_show("Jetzt anmelden");
    link.press(Some(other))
        .await
        .must_be(410)
        .must_show("Neuen Link anfordern");
    let signs_in = [("email", anna.email.as_str()), ("password", other)];
    portal
        .visitor()
        .submit("/de/sign-in", &signs_in)
        .await
        .must_lead_to("/de");
}

#[tokio::test]
async fn the_links_to_change_the_address_and_to_undo_do_so_by_their_button() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let moved = "anna.neu@musterhausen.example";
    anna.post(
        "/api/v1/me/email-change",
        &json!({ "email": moved, "password": PASSWORD }),
    )
    .await
    .must_be(202);
    let link = Link::open(&portal, "en", moved, LinkPurpose::EmailChange).await;
    link.press(None).await.must_be(200).must_show("Sign in now");
    link.press(None).await.must_be(410);

    let anna: Person = portal.signed_in(moved).await;
    delete(&anna).await;
    let link = Link::open(&portal, "de", moved, LinkPurpose::Undo).await;
    link.press(None)
        .await
        .must_be(200)
        .must_show("Ihr Konto bleibt bestehen");
    portal.signed_in(moved).await;
    link.press(None).await.must_be(409);
}

#[tokio::test]
async fn a_link_that_cannot_be_one_is_told_at_once_and_never_repeated() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    for purpose in ["confirm", "withdraw", "reset", "email-change", "undo"] {
        for query in ["", "?token=abc", "?token=%22%3E%3Cb%3E", "?token=%FF"] {
            let answer = visitor.get(&format!("/de/{purpose}{query}")).await.must_be(410);
            assert!(!answer.text().contains("<b>"), "{}", answer.text());
            answer.must_show("Das hat nicht geklappt");
        }
        visitor.submit(&format!("/en/{purpose}"), &[]).await.must_be(410);
    }
}
