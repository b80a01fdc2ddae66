//! The desk's pages: who may see them, what they show, and that what the capability refuses is refused here, too.

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use crate::{
    deletion::delete,
    registration_desk::applicant,
    support::{Person, Response, TestPortal, page},
    sweep::sweep,
};

/// Every page that needs nothing, with its heading in both languages and what it says when there is nothing.
const PAGES: [(&str, [&str; 2], [&str; 2]); 9] = [
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
        ["keine wirksame Löschsperre", "no active hold"],
    ),
    (
        "/desk/deletions",
        ["Löschungen", "Deletions"],
        ["keine Löschung offen", "No deletion is open"],
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
    let more = ["registrations", "accounts", "holds", "enquiries", "organisations"]
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
    for part in ["registrations", "accounts", "holds", "enquiries", "organisations"] {
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

#[tokio::test]
async fn a_registration_is_read_whole_and_decided() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let id = applicant(&portal, "anna@example.org").await;
    let path = format!("/de/desk/registrations/{id}");
    let listed = desk.get("/de/desk/registrations").await.must_be(200);
    assert!(listed.text().contains(&format!("href=\"{path}\"")));
    listed.must_not_show("anna@example.org");
    let shown = desk.get(&path).await.must_be(200);
    must_head(&shown, "Anna Beispiel");
    let shown = ["anna@example.org", "Typed by hand", "Tiefbau", "Guten Tag!"]
        .iter()
        .fold(shown, |it, word| it.must_show(word));
    assert!(!shown.text().contains("Fehler"));
    desk.get(&format!("/en/desk/registrations/{id}"))
        .await
        .must_be(200)
        .must_show("Deletion without a decision");

    let reason = ("reason", "Bitte <nicht> verlieren");
    must_come_back(
        &desk,
        &path,
        &[("act", "reject"), reason],
        "Bitte &#60;nicht&#62; verlieren",
    )
    .await;
    let refused = desk
        .submit(&path, &[("act", "reject"), ("reason", " ")])
        .await
        .must_be(422);
    assert!(refused.text().contains("id=\"reason-error\""));
    desk.submit(&path, &[("act", "nonsense")]).await.must_be(400);
    assert_eq!(
        portal
            .count("SELECT count(*) FROM account WHERE status = 'pending'")
            .await,
        1
    );
    desk.submit(&path, &[("act", "approve"), ("reason", "")])
        .await
        .must_lead_to("/de/desk/registrations?done=approved");
    desk.get("/de/desk/registrations?done=approved")
        .await
        .must_show("Das Konto ist freigeschaltet.");
    desk.submit(&path, &[("act", "approve")])
        .await
        .must_be(409)
        .must_show("wartet nicht auf eine Entscheidung");
    desk.get(&path).await.must_be(404);

    let other = applicant(&portal, "bert@example.org").await;
    desk.submit(
        &format!("/en/desk/registrations/{other}"),
        &[("act", "reject"), ("reason", "Unknown")],
    )
    .await
    .must_lead_to("/en/desk/registrations?done=rejected");
    desk.get("/en/desk/registrations?done=rejected")
        .await
        .must_show("The registration is rejected.");
    desk.get(&format!("/en/desk/accounts/{other}"))
        .await
        .must_be(200)
        .must_show("Will be erased, as far as nothing is held");
    portal.work().await;
    assert!(
        portal
            .mails_to("bert@example.org")
            .last()
            .unwrap()
            .text
            .contains("Unknown")
    );
}

#[tokio::test]
async fn accounts_are_found_by_name_address_and_status_and_shown_masked() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal.member("Bert", "Muster").await;
    for query in [
        "query=beispiel",
        "query=anna.b&status=",
        "query=Anna&status=active",
    ] {
        desk.get(&format!("/de/desk/accounts?{query}"))
            .await
            .must_be(200)
            .must_show("Anna Beispiel")
            .must_show("a•••@musterhausen.example")
            .must_not_show("Bert")
            .must_not_show(&anna.email);
    }
    desk.get("/en/desk/accounts?query=anna&status=suspended")
        .await
        .must_be(200)
        .must_show("No account fits");
    let kept = desk
        .get("/en/desk/accounts?query=a%00b&status=active")
        .await
        .must_be(422)
        .text();
    assert!(
        kept.contains("id=\"query-error\"") && kept.contains("value=\"active\" selected"),
        "{kept}"
    );
    desk.get("/en/desk/accounts?status=nonsense")
        .await
        .must_be(422)
        .must_show("This value is not expected here.");
}

#[tokio::test]
async fn an_account_is_suspended_reinstated_promoted_and_demoted() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let path = format!("/de/desk/accounts/{}", anna.id);
    let shown = desk.get(&path).await.must_be(200);
    must_head(&shown, "Anna Beispiel");
    shown
        .must_show(&anna.email)
        .must_show("Domain der E-Mail-Adresse")
        .must_show(&anna.id.to_string());
    desk.get(&format!("/en/desk/accounts/{}", anna.id))
        .await
        .must_be(200)
        .must_show("There is no hold");
    for (act, notice, event) in [
        ("suspend", "Das Konto ist gesperrt.", "Konto gesperrt"),
        ("reinstate", "Das Konto ist wieder aktiv.", "Konto entsperrt"),
        (
            "promote",
            "Die Person hat jetzt Verwaltungsrechte.",
            "Verwaltungsrechte gegeben",
        ),
        (
            "demote",
            "Die Person hat keine Verwaltungsrechte mehr.",
            "Verwaltungsrechte entzogen",
        ),
    ] {
        let done = desk.submit(&path, &[("act", act)]).await.must_be(303);
        let next = done.header("location").unwrap().to_owned();
        desk.get(&next)
            .await
            .must_be(200)
            .must_show(notice)
            .must_show(&format!("{event} Doris Desk"));
    }
    desk.submit(&path, &[("act", "reinstate")])
        .await
        .must_be(409)
        .must_show("in diesem Zustand des Kontos nicht möglich");
    let own = format!("/en/desk/accounts/{}", desk.id);
    for act in ["suspend", "demote", "delete"] {
        let last = desk.submit(&own, &[("act", act), ("reason", "Brief")]).await;
        last.must_be(409).must_show("last");
    }
    desk.submit(&path, &[("act", "promote")]).await.must_be(303);
    desk.submit(&own, &[("act", "demote")]).await.must_lead_to("/en");
    desk.get("/en/desk").await.must_be(403);
}

#[tokio::test]
async fn an_account_is_deleted_on_its_persons_behalf_and_has_no_name_from_then_on() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let path = format!("/de/desk/accounts/{}", anna.id);
    let typed = [("act", "delete"), ("reason", "Brief vom 20. November")];
    must_come_back(&desk, &path, &typed, "Brief vom 20. November</textarea>").await;
    let refused = desk
        .submit(&path, &[("act", "delete"), ("reason", "")])
        .await
        .must_be(422)
        .text();
    assert!(refused.contains("href=\"#reason\""), "{refused}");
    assert_eq!(
        portal
            .count("SELECT count(*) FROM account WHERE deleted_at IS NOT NULL")
            .await,
        0
    );
    let done = format!("{path}?done=account-deleted");
    desk.submit(&path, &typed).await.must_lead_to(&done);
    let short = format!("Konto {}", &anna.id.simple().to_string()[..8]);
    desk.get(&done)
        .await
        .must_be(200)
        .must_show("Die Löschung hat begonnen.")
        .must_show("Verbleibende Zeit: 23 Stunden")
        .must_show(&short)
        .must_not_show("Anna")
        .must_not_show(&anna.email)
        .must_not_show("Im Auftrag der Person löschen");
    desk.submit(&path, &typed)
        .await
        .must_lead_to(&format!("{path}?done=already-deleted"));
    desk.submit(&path, &[("act", "suspend")])
        .await
        .must_be(409)
        .must_show("wird gerade gelöscht");
    desk.get("/de/desk/deletions")
        .await
        .must_show(&short)
        .must_show("Rückgängig zu machen bis")
        .must_not_show("Anna");
    portal.advance(TimeDelta::hours(13));
    sweep(&portal).await;
    let desk = portal.signed_in(&desk.email).await;
    desk.get(&path).await.must_be(404);
    desk.get(&format!("/de/desk/audit?account={}", anna.id))
        .await
        .must_be(200)
        .must_show("Konto endgültig gelöscht Portal")
        .must_show("Löschung im Auftrag der Person verlangt Doris Desk")
        .must_show(&short);
}

#[tokio::test]
async fn an_enquiry_is_answered_once() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let mut ids = Vec::new();
    for subject in ["Erste", "Zweite"] {
        let asked = anna
            .post(
                "/api/v1/enquiries",
                &json!({ "subject": subject, "body": "Wo?\nWann?" }),
            )
            .await;
        ids.push(asked.must_be(201).json()["id"].as_str().unwrap().to_owned());
    }
    let listed = page::words(&desk.get("/de/desk/enquiries").await.must_be(200).text());
    assert!(
        listed.find("Erste") < listed.find("Zweite"),
        "longest waiting first: {listed}"
    );
    let path = format!("/de/desk/enquiries/{}", ids[0]);
    let shown = desk.get(&path).await.must_be(200);
    must_head(&shown, "Erste");
    shown
        .must_show("Wo? Wann?")
        .must_show("Anna Beispiel, Stadt Musterhausen");
    must_come_back(&desk, &path, &[("body", "Im Rathaus.")], "Im Rathaus.</textarea>").await;
    desk.submit(&path, &[("body", "")])
        .await
        .must_be(422)
        .must_show("Diese Angabe fehlt.");
    desk.submit(&path, &[("body", "Im Rathaus.")])
        .await
        .must_lead_to("/de/desk/enquiries?done=answered");
    desk.get("/de/desk/enquiries?done=answered")
        .await
        .must_show("Die Antwort ist gesendet.")
        .must_not_show("Erste");
    desk.submit(&path, &[("body", "Woanders.")])
        .await
        .must_be(409)
        .must_show("bereits beantwortet")
        .must_show("Ihr Text, nicht gesendet Woanders.")
        .must_show("Im Rathaus.");
    desk.get(&format!("/en/desk/enquiries/{}", ids[0]))
        .await
        .must_be(200)
        .must_show("Answered by Doris Desk");
    desk.get("/en/desk/enquiries?show=all")
        .await
        .must_be(200)
        .must_show("Erste Answered")
        .must_show("Zweite Open");
    delete(&anna).await;
    desk.get("/de/desk/enquiries")
        .await
        .must_show("Alle Anfragen sind beantwortet.");
    desk.submit(&format!("/de/desk/enquiries/{}", ids[1]), &[("body", "Zu spät.")])
        .await
        .must_be(404);
}

#[tokio::test]
async fn organisations_are_added_changed_and_removed_after_asking_once_more() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let list = "/de/desk/organisations";
    let typed = [
        ("name", "Stadt Beispielstedt"),
        ("email_domains", "beispielstedt.example\nrathaus.example"),
    ];
    must_come_back(&desk, list, &typed, "value=\"Stadt Beispielstedt\"").await;
    let wrong = [
        ("name", ""),
        ("email_domains", "a.example, kein@domain a.example"),
    ];
    let refused = desk.submit(list, &wrong).await.must_be(422);
    assert!(
        refused.text().contains("a.example, kein@domain"),
        "{}",
        refused.text()
    );
    refused
        .must_show("„kein@domain“ ist kein gültiger Domainname")
        .must_show("„a.example“ steht zweimal da.")
        .must_show("Diese Angabe fehlt.");
    assert_eq!(portal.count("SELECT count(*) FROM organisation").await, 0);
    desk.submit(list, &typed)
        .await
        .must_lead_to("/de/desk/organisations?done=organisation-added");
    desk.get("/de/desk/organisations?done=organisation-added")
        .await
        .must_show("Die Organisation ist hinzugefügt.")
        .must_show("beispielstedt.example, rathaus.example");
    desk.submit(list, &typed)
        .await
        .must_be(422)
        .must_show("bereits vergeben");

    let id: Uuid = portal.scalar("SELECT id FROM organisation").await;
    let one = format!("/de/desk/organisations/{id}");
    let shown = desk.get(&one).await.must_be(200);
    must_head(&shown, "Stadt Beispielstedt");
    assert!(
        shown
            .text()
            .contains("beispielstedt.example\nrathaus.example</textarea>")
    );
    desk.get(&format!("/en/desk/organisations/{id}"))
        .await
        .must_be(200)
        .must_show("Save the changes");
    let renamed = [
        ("act", "save"),
        ("name", "Gemeinde Beispielstedt"),
        ("email_domains", ""),
    ];
    must_come_back(&desk, &one, &renamed, "value=\"Gemeinde Beispielstedt\"").await;
    desk.submit(&one, &[("act", "save"), ("name", "x"), ("email_domains", "?")])
        .await
        .must_be(422);
    desk.submit(&one, &renamed)
        .await
        .must_lead_to("/de/desk/organisations?done=organisation-saved");
    desk.get(list)
        .await
        .must_show("Gemeinde Beispielstedt")
        .must_show("keine Domain");
    desk.submit(&one, &[("act", "ask")])
        .await
        .must_be(200)
        .must_show("wirklich entfernen?");
    desk.submit(&one, &[("act", "x")]).await.must_be(400);
    assert_eq!(portal.count("SELECT count(*) FROM organisation").await, 1);
    desk.submit(&one, &[("act", "remove")])
        .await
        .must_lead_to("/de/desk/organisations?done=organisation-removed");
    desk.submit(&one, &[("act", "remove")]).await.must_be(404);
    desk.get("/de/desk/audit")
        .await
        .must_show("Organisation entfernt Doris Desk");
}

#[tokio::test]
async fn the_audit_trail_tells_who_did_what_to_whom_and_is_filtered_by_account() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    for person in [&anna, &bert] {
        desk.submit(&format!("/de/desk/accounts/{}", person.id), &[("act", "suspend")])
            .await
            .must_be(303);
    }
    desk.get("/de/desk/audit")
        .await
        .must_be(200)
        .must_show("Konto gesperrt Doris Desk Anna Beispiel")
        .must_show("Konto gesperrt Doris Desk Bert Muster");
    desk.get(&format!("/en/desk/audit?account={}", anna.id))
        .await
        .must_be(200)
        .must_show("Account suspended Doris Desk Anna Beispiel")
        .must_not_show("Bert");
    let wrong = desk.get("/en/desk/audit?account=anna").await.must_be(422).text();
    assert!(
        wrong.contains("id=\"account-error\"") && wrong.contains("value=\"anna\""),
        "{wrong}"
    );
}

/// The codes that the program writes are found where they are written: each has its words.
#[tokio::test]
async fn every_code_of_the_audit_trail_is_told_in_words() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    anna.put(
        "/api/v1/me/password",
        &json!({ "current_password": crate::support::PASSWORD, "new_password": "fuenf rote Lampen im Flur" }),
    )
    .await
    .must_be(204);
    anna.delete("/api/v1/sessions").await.must_be(204);
    let (bert, id) = (portal.member("Bert", "Muster").await, anna.id);
    delete(&bert).await;
    for act in ["suspend", "reinstate", "promote", "demote"] {
        desk.submit(&format!("/de/desk/accounts/{id}"), &[("act", act)])
            .await
            .must_be(303);
    }
    let codes: Vec<String> = portal.column("SELECT DISTINCT code FROM audit_event").await;
    assert!(codes.len() > 7, "{codes:?}");
    for language in ["de", "en"] {
        let words = page::words(&desk.get(&format!("/{language}/desk/audit")).await.text());
        for code in &codes {
            assert!(!words.contains(code.as_str()), "{code}: {words}");
        }
    }
}
