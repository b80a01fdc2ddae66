//! What the desk's pages decide and answer: registrations, enquiries, organisations.

use uuid::Uuid;

use crate::{
    deletion::delete,
    enquiries::ask,
    pages_desk::{must_come_back, must_head},
    registration_desk::applicant,
    support::{TestPortal, page},
};

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
async fn an_enquiry_is_answered_and_not_twice_by_two_at_once() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let ids = [ask(&anna, "Erste").await, ask(&anna, "Zweite").await];
    let listed = page::words(&desk.get("/de/desk/enquiries").await.must_be(200).text());
    assert!(
        listed.find("Erste") < listed.find("Zweite"),
        "longest waiting first: {listed}"
    );
    let path = format!("/de/desk/enquiries/{}", ids[0]);
    let shown = desk.get(&path).await.must_be(200);
    must_head(&shown, "Erste");
    let html = shown.must_show("Anna Beispiel, Stadt Musterhausen").text();
    let field = |name| page::hidden(&html, name).unwrap();
    let (key, after) = (field("key"), field("after"));
    let typed = |body| {
        [
            ("act", "answer"),
            ("key", key.as_str()),
            ("after", after.as_str()),
            ("body", body),
        ]
    };
    must_come_back(&desk, &path, &typed("Im Rathaus."), "Im Rathaus.</textarea>").await;
    desk.submit(&path, &typed(""))
        .await
        .must_be(422)
        .must_show("Diese Angabe fehlt.");
    for _ in 0..2 {
        desk.submit(&path, &typed("Im Rathaus."))
            .await
            .must_lead_to("/de/desk/enquiries?done=answered");
    }
    assert_eq!(
        portal
            .count("SELECT count(*) FROM enquiry_entry WHERE by_operator")
            .await,
        1
    );
    desk.get("/de/desk/enquiries?done=answered")
        .await
        .must_show("Die Antwort ist gesendet.")
        .must_not_show("Erste");
    // Somebody else had the page open meanwhile: they read the answer first, and send theirs, if they still want to.
    let refused = desk.submit(&path, &typed("Woanders.")).await.must_be(409);
    let html = refused
        .must_show("inzwischen schon geantwortet")
        .must_show("Im Rathaus.")
        .text();
    assert!(html.contains("Woanders.</textarea>"), "{html}");
    let after = page::hidden(&html, "after").unwrap();
    let again = [
        ("act", "answer"),
        ("after", after.as_str()),
        ("body", "Woanders."),
    ];
    desk.submit(&path, &again).await.must_be(303);
    desk.get(&format!("/en/desk/enquiries/{}", ids[0]))
        .await
        .must_be(200)
        .must_show("Doris Desk,")
        .must_show("Woanders.");
    desk.get("/en/desk/enquiries?show=all")
        .await
        .must_be(200)
        .must_show("Erste Answered")
        .must_show("Zweite Open");
    desk.get("/en/desk/enquiries?show=answered")
        .await
        .must_be(200)
        .must_show("Erste Answered")
        .must_not_show("Zweite");
    desk.get("/de/desk/enquiries?show=closed")
        .await
        .must_be(200)
        .must_show("Keine Anfrage ist abgeschlossen.");
    delete(&anna).await;
    desk.get("/de/desk/enquiries")
        .await
        .must_show("Alle Anfragen sind beantwortet.");
    desk.submit(
        &format!("/de/desk/enquiries/{}", ids[1]),
        &[("act", "answer"), ("body", "Zu spät.")],
    )
    .await
    .must_be(404);
}

#[tokio::test]
async fn enquiries_are_shared_out_and_closed() {
    let portal = TestPortal::start().await;
    let (desk, other) = (portal.administrator().await, portal.administrator().await);
    let anna = portal.member("Anna", "Beispiel").await;
    let path = format!("/de/desk/enquiries/{}", ask(&anna, "Rechnung").await);
    desk.get(&path)
        .await
        .must_be(200)
        .must_show("Zuständig niemand")
        .must_show("Selbst übernehmen");
    let unassigned = "/de/desk/enquiries?show=unassigned";
    desk.get(unassigned).await.must_show("Rechnung Offen");
    let id = other.id.to_string();
    let give = [("act", "assign"), ("account_id", id.as_str())];
    must_come_back(&desk, &path, &give, &format!("value=\"{id}\" selected")).await;
    let done = path.clone() + "?done=enquiry-assigned";
    desk.submit(&path, &give).await.must_lead_to(&done);
    desk.get(&done)
        .await
        .must_show("Die Zuständigkeit ist gespeichert.")
        .must_show("Zuständig Doris Desk");
    desk.get(unassigned)
        .await
        .must_show("Für jede offene Anfrage ist jemand zuständig.");
    other
        .get("/en/desk/enquiries?show=mine")
        .await
        .must_show("Rechnung Open")
        .must_show("Assigned to: Doris Desk");
    desk.get("/en/desk/enquiries?show=mine")
        .await
        .must_show("No enquiry is assigned to you.");
    let refused = desk
        .submit(&path, &[("act", "assign"), ("account_id", &anna.id.to_string())])
        .await
        .must_be(422);
    assert!(
        refused.text().contains("id=\"account-id-error\""),
        "{}",
        refused.text()
    );
    desk.submit(&path, &[("act", "assign"), ("account_id", "x")])
        .await
        .must_be(422);
    desk.submit(&path, &[("act", "take")]).await.must_lead_to(&done);
    desk.get(&path).await.must_not_show("Selbst übernehmen");
    desk.submit(&path, &[("act", "assign"), ("account_id", "")])
        .await
        .must_lead_to(&done);
    desk.submit(&path, &[("act", "close")])
        .await
        .must_lead_to(&(path.clone() + "?done=enquiry-closed"));
    desk.get(&path)
        .await
        .must_show("Stand Abgeschlossen")
        .must_not_show("Anfrage abschließen");
    desk.get("/de/desk/enquiries?show=closed")
        .await
        .must_be(200)
        .must_show("Rechnung Abgeschlossen");
    desk.submit(&path, &[("act", "nonsense")]).await.must_be(400);
    desk.get("/de/desk/audit")
        .await
        .must_show("Zuständigkeit für eine Anfrage aufgehoben")
        .must_show("Anfrage abgeschlossen");
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
