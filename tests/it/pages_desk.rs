//! The desk's pages: who may see them, what they show, and that what the capability refuses is refused here, too.

use serde_json::json;
use uuid::Uuid;

use crate::{
    deletion::delete,
    registration_desk::applicant,
    support::{Person, Response, TestPortal, page},
};

/// Every page that needs nothing, with its heading in both languages and what it says when there is nothing.
const PAGES: [(&str, [&str; 2], [&str; 2]); 10] = [
    (
        "/desk",
        ["Was ansteht", "What is waiting"],
        ["wartet nichts auf Sie", "Nothing is waiting"],
    ),
    (
        "/desk/registrations",
        ["Registrierungen", "Registrations"],
        ["Es wartet niemand", "Nobody is waiting"],
    ),
    (
        "/desk/accounts?status=erasing",
        ["Konten", "Accounts"],
        ["Kein Konto passt", "No account fits"],
    ),
    (
        "/desk/holds",
        ["Löschsperren", "Holds"],
        ["keine solche Löschsperre", "no such hold"],
    ),
    (
        "/desk/deletions",
        ["Löschungen", "Deletions"],
        ["keine Löschung offen", "No deletion is open"],
    ),
    (
        "/desk/reports",
        ["Offene Meldungen", "Open reports"],
        [
            "Über alle Meldungen ist entschieden",
            "All reports have been decided",
        ],
    ),
    (
        "/desk/enquiries",
        ["Offene Anfragen", "Open enquiries"],
        ["Alle Anfragen sind beantwortet", "All enquiries are answered"],
    ),
    (
        "/desk/organisations",
        ["Organisationen", "Organisations"],
        ["noch keine Organisation", "No organisation has been entered"],
    ),
    (
        "/desk/mails",
        ["Nicht zugestellte E-Mails", "Undelivered e-mails"],
        ["Alle E-Mails wurden zugestellt", "All e-mails were delivered"],
    ),
    (
        "/desk/audit",
        ["Prüfprotokoll", "Audit trail"],
        ["keine Einträge", "There are no entries"],
    ),
];

/// The page has this heading.
#[track_caller]
pub fn must_head(answer: &Response, heading: &str) {
    let html = answer.text();
    let found = html
        .split("<h1>")
        .nth(1)
        .and_then(|rest| rest.split("</h1>").next());
    assert_eq!(found, Some(heading), "{}", page::words(&html));
}

/// What was typed comes back and nothing is done, when the form was sent after its session had ended.
pub async fn must_come_back(person: &Person, path: &str, fields: &[(&str, &str)], shown: &str) {
    let mut fields = fields.to_vec();
    fields.push(("_restore", "1"));
    let html = person.submit(path, &fields).await.must_be(200).text();
    assert!(html.contains(shown), "{shown}: {html}");
    assert!(!html.contains("id=\"summary\""), "{html}");
}

#[tokio::test]
async fn every_page_of_the_desk_is_there_in_both_languages_and_calm_when_nothing_waits() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    for (path, headings, empty) in PAGES {
        for (index, language) in ["de", "en"].into_iter().enumerate() {
            let answer = desk.get(&format!("/{language}{path}")).await.must_be(200);
            must_head(&answer, headings[index]);
            let answer = answer.must_show(empty[index]);
            let marked = answer.text().matches("aria-current=\"true\"").count();
            assert_eq!(marked, 2, "{path}: the menu and the desk's menu");
        }
    }
}

#[tokio::test]
async fn members_are_told_that_it_is_not_for_them_and_visitors_sign_in_first() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let id = anna.id;
    let more = [
        "registrations",
        "accounts",
        "holds",
        "reports",
        "enquiries",
        "organisations",
    ]
    .map(|part| format!("/desk/{part}/{id}"));
    let paths = PAGES.map(|(path, ..)| path.to_owned());
    for path in paths.iter().chain(&more) {
        anna.get(&format!("/de{path}"))
            .await
            .must_be(403)
            .must_show("fehlt Ihnen die Berechtigung");
        let visitor = portal.visitor().get(&format!("/de{path}")).await.must_be(303);
        assert!(
            visitor
                .header("location")
                .unwrap()
                .starts_with("/de/sign-in?next=")
        );
    }
    for path in &more {
        let act = [("act", "delete"), ("reason", "x"), ("name", "x"), ("body", "x")];
        anna.submit(&format!("/de{path}"), &act).await.must_be(403);
    }
    let desk = portal.administrator().await;
    for path in &more[2..] {
        desk.get(&format!("/de{path}"))
            .await
            .must_be(404)
            .must_show("Zur Startseite");
    }
    for part in [
        "registrations",
        "accounts",
        "holds",
        "reports",
        "enquiries",
        "organisations",
    ] {
        let nothing = format!("/en/desk/{part}/{}", Uuid::nil());
        desk.get(&nothing).await.must_be(404);
        let act = [("act", "suspend"), ("reason", "x"), ("body", "x"), ("act", "x")];
        let answer = desk.submit(&nothing, &act).await;
        assert!(
            [400, 404].contains(&answer.status.as_u16()),
            "{part}: {}",
            answer.status
        );
    }
    let nowhere = format!("/en/desk/accounts/{}/holds/new", Uuid::nil());
    desk.get(&nowhere).await.must_be(404);
    desk.get("/en/desk/accounts/no-id").await.must_be(404);
    desk.get("/en/desk/holds?cursor=x").await.must_be(422);
}

#[tokio::test]
async fn the_desk_shows_at_one_glance_what_waits_and_what_is_wrong() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    for index in 0..5 {
        applicant(&portal, &format!("waits{index}@example.org")).await;
    }
    anna.post(
        "/api/v1/enquiries",
        &json!({ "subject": "Rechnung", "body": "Wo ist sie?" }),
    )
    .await
    .must_be(201);
    let order = json!({ "basis": "open_claim", "reference": "Az. 7", "categories": ["messages"] });
    let hold = desk
        .post(&format!("/api/v1/admin/accounts/{}/holds", anna.id), &order)
        .await
        .must_be(201)
        .json();
    delete(&bert).await;
    portal
        .execute(&format!(
            "UPDATE hold SET review_at = now() - interval '1 day', release_requested_by = '{}';
             UPDATE mail SET failure = 'refused', tries = 2 WHERE id = (SELECT min(id::text)::uuid FROM mail);
             UPDATE account SET due_at = now() - interval '30 hours', erase_by = now() - interval '6 hours',
                 undo_until = now() - interval '30 hours' WHERE id = '{}'",
            desk.id, bert.id
        ))
        .await;
    let german = desk.get("/de/desk").await.must_be(200);
    let words = page::words(&german.text());
    for expected in [
        "Löschungen sind verspätet Seit:",
        "Löschsperren wurden nicht überprüft",
        "Eine Löschung ist noch nicht abgeschlossen",
        "Überfällig: 6 Stunden",
        "5 Registrierungen warten auf Ihre Entscheidung",
        "Wartet: 1 Minute",
        "w•••@example.org",
        "Eine Aufhebung wartet auf eine zweite Person",
        "Eine Löschsperre ist demnächst zu prüfen",
        "Az. 7 Aufhebung wartet Anna Beispiel",
        "Eine Anfrage ist noch nicht beantwortet",
        "Rechnung",
        "Eine E-Mail konnte nicht zugestellt werden",
    ] {
        assert!(words.contains(expected), "{expected}: {words}");
    }
    for never in ["wartet nichts", "Bert", "waits0@example.org"] {
        assert!(!words.contains(never), "{never}: {words}");
    }
    assert_eq!(
        words.matches("w•••@example.org").count(),
        3,
        "the first few: {words}"
    );
    desk.get("/en/desk")
        .await
        .must_be(200)
        .must_show("5 registrations are waiting");
    let path = format!("/en/desk/holds/{}", hold["id"].as_str().unwrap());
    desk.get(&path).await.must_be(200).must_show("release waiting");
    desk.get("/de/desk/mails")
        .await
        .must_be(200)
        .must_show("Der Mailserver hat sie abgelehnt.");
}
