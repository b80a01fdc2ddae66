//! Pages on which messages are reported and people blocked, and on which the desk decides.

use serde_json::json;

use crate::{
    deletion::delete,
    messaging::{id, messages_of, send, write_to},
    pages_desk::{must_come_back, must_head},
    reports::{insult, report},
    support::{Person, TestPortal, page},
};

/// The page on which this message is reported.
fn form_of(conversation: &str, message: &str) -> String {
    format!("/de/conversations/{conversation}/messages/{message}/report")
}

/// The only report's page at the desk.
async fn only_report(portal: &TestPortal, desk: &Person) -> String {
    let html = desk.get("/de/desk/reports").await.must_be(200).text();
    let reports = page::values(&html, "href").filter(|href| href.starts_with("/de/desk/reports/"));
    let reports: Vec<_> = reports.collect();
    assert_eq!(reports.len(), 1, "{html}");
    assert_eq!(
        portal
            .count("SELECT count(*) FROM report WHERE state = 'open'")
            .await,
        1
    );
    reports[0].to_owned()
}

#[tokio::test]
async fn a_message_is_reported_and_its_author_blocked_with_it() {
    let portal = TestPortal::start().await;
    let (anna, bert, conversation, message) = insult(&portal).await;
    let talk = format!("/de/conversations/{conversation}");
    let path = form_of(&conversation, &message);
    let html = anna.get(&talk).await.must_be(200).must_show("Melden").text();
    assert!(html.contains(&format!("href=\"{path}\"")), "{html}");
    bert.get(&talk)
        .await
        .must_be(200)
        .must_show("Melden oder blockieren : Anna Beispiel");
    bert.get(&path).await.must_be(403);
    portal.member("Cleo", "Fremd").await.get(&path).await.must_be(404);
    let shown = anna.get(&path).await.must_be(200);
    must_head(&shown, "Nachricht melden");
    shown.must_show("Unverschämtheit").must_show("Bert Muster");
    anna.get(&path.replace("/de/", "/en/"))
        .await
        .must_be(200)
        .must_show("Report a message");
    must_come_back(
        &anna,
        &path,
        &[("reason", "Bitte <prüfen>")],
        "Bitte &#60;prüfen&#62;",
    )
    .await;
    anna.submit(&path, &[("reason", " "), ("block", "true")])
        .await
        .must_be(422)
        .must_show("Diese Angabe fehlt.");
    assert_eq!(portal.count("SELECT count(*) FROM block").await, 0);
    anna.submit(&path, &[("reason", "Beleidigung"), ("block", "true")])
        .await
        .must_lead_to(&format!("{talk}?done=reported-and-blocked"));
    anna.get(&format!("{talk}?done=reported-and-blocked"))
        .await
        .must_show("Die Person ist blockiert.")
        .must_show("Sie haben diese Person blockiert.")
        .must_not_show("Nachricht senden");
    anna.submit(&talk, &[("body", "Ungesendetes")])
        .await
        .must_be(409)
        .must_show("Heben Sie die Blockierung auf")
        .must_show("Ungesendetes");
    anna.submit(&path, &[("reason", "anders")])
        .await
        .must_lead_to(&format!("{talk}?done=reported-before"));
}

#[tokio::test]
async fn who_is_suspended_is_reported_and_blocked_like_anybody() {
    let portal = TestPortal::start().await;
    let (anna, bert, conversation, message) = insult(&portal).await;
    let desk = portal.administrator().await;
    let suspend = format!("/api/v1/admin/accounts/{}/suspend", bert.id);
    desk.post(&suspend, &json!({})).await.must_be(204);
    let talk = format!("/de/conversations/{conversation}");
    let path = form_of(&conversation, &message);
    let fields = [("reason", "Beleidigung"), ("block", "true")];
    anna.submit(&path, &fields)
        .await
        .must_lead_to(&format!("{talk}?done=reported-and-blocked"));
    anna.get("/de/account/blocks")
        .await
        .must_be(200)
        .must_show("Bert Muster");
    let before = format!("{talk}?done=reported-before-and-blocked");
    anna.submit(&path, &fields).await.must_lead_to(&before);
    anna.get(&before)
        .await
        .must_show("es bleibt bei Ihrer ersten Meldung. Die Person ist blockiert.");
}

#[tokio::test]
async fn who_is_in_no_directory_is_blocked_at_their_message_without_a_report() {
    let portal = TestPortal::start().await;
    let (anna, bert, conversation, message) = insult(&portal).await;
    bert.patch("/api/v1/me/profile", &json!({ "listed": false }))
        .await
        .must_be(200);
    anna.get(&format!("/de/members/{}", bert.id)).await.must_be(404);
    let talk = format!("/de/conversations/{conversation}");
    let path = form_of(&conversation, &message);
    let html = anna.get(&talk).await.must_be(200).text();
    assert!(html.contains(&format!("href=\"{path}\"")), "{html}");
    anna.get(&path)
        .await
        .must_show("Nur blockieren, nicht melden")
        .must_show("Diese Person blockieren");
    anna.submit(&path, &[("act", "block"), ("_restore", "1")])
        .await
        .must_be(200);
    assert_eq!(portal.count("SELECT count(*) FROM block").await, 0);
    anna.submit(&path, &[("act", "block")])
        .await
        .must_lead_to(&format!("{talk}?done=blocked"));
    anna.get(&format!("{talk}?done=blocked"))
        .await
        .must_show("Sie haben diese Person blockiert.");
    assert_eq!(portal.count("SELECT count(*) FROM report").await, 0);
    anna.get(&path)
        .await
        .must_be(200)
        .must_show("Blockierung aufheben")
        .must_not_show("auch blockieren");
    anna.submit(&path, &[("act", "unblock")])
        .await
        .must_lead_to(&format!("{talk}?done=unblocked"));
    bert.submit(&path, &[("act", "block")]).await.must_be(403);
}

#[tokio::test]
async fn members_are_blocked_on_their_page_and_freed_there_or_in_the_list() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let path = format!("/de/members/{}", bert.id);
    anna.get("/de/account")
        .await
        .must_show("Blockierte Mitglieder ansehen");
    anna.get("/de/account/blocks")
        .await
        .must_be(200)
        .must_show("Sie haben niemanden blockiert.");
    anna.get(&format!("/de/members/{}", anna.id))
        .await
        .must_not_show("blockieren");
    anna.get(&path)
        .await
        .must_show("Die Person erfährt davon nichts.");
    anna.submit(&path, &[("act", "block"), ("_restore", "1")])
        .await
        .must_be(200)
        .must_show("Diese Person blockieren");
    let before = bert.get(&format!("/de/members/{}", anna.id)).await.text();
    anna.submit(&path, &[("act", "block")])
        .await
        .must_lead_to(&format!("{path}?done=blocked"));
    anna.get(&format!("{path}?done=blocked"))
        .await
        .must_show("Die Person ist blockiert.")
        .must_show("Blockierung aufheben");
    let after = bert.get(&format!("/de/members/{}", anna.id)).await.text();
    assert_eq!(before, after, "whoever is blocked sees no difference");
    anna.submit(&path, &[("act", "unblock")])
        .await
        .must_lead_to(&format!("{path}?done=unblocked"));
    anna.submit(&path, &[("act", "block")]).await.must_be(303);
    anna.submit(&path, &[("act", "nonsense")]).await.must_be(400);
    anna.get("/en/account/blocks")
        .await
        .must_be(200)
        .must_show("Bert Muster")
        .must_show("End the block : Bert Muster");
    anna.submit("/de/account/blocks", &[("id", &bert.id.to_string())])
        .await
        .must_lead_to("/de/account/blocks?done=unblocked");
    anna.get("/de/account/blocks?done=unblocked")
        .await
        .must_show("Die Blockierung ist aufgehoben.")
        .must_not_show("Bert Muster");
    anna.submit("/de/account/blocks", &[("id", "x")])
        .await
        .must_be(404);
}

#[tokio::test]
async fn the_desk_reads_a_report_keeps_the_message_by_a_hold_and_removes_it() {
    let portal = TestPortal::start().await;
    let (anna, bert, _, message) = insult(&portal).await;
    let desk = portal.administrator().await;
    report(&anna, &message, "Das <geht> nicht.").await.must_be(201);
    desk.get("/de/desk")
        .await
        .must_show("Eine gemeldete Nachricht wartet auf Ihre Entscheidung")
        .must_show("Das <geht> nicht.")
        .must_not_show("Unverschämtheit");
    let path = only_report(&portal, &desk).await;
    let shown = desk.get(&path).await.must_be(200);
    must_head(&shown, "Gemeldete Nachricht");
    let html = shown
        .must_show("Unverschämtheit")
        .must_show("davor")
        .must_show("Gemeldet von Anna Beispiel")
        .must_show("steht im Prüfprotokoll")
        .text();
    let hold = page::values(&html, "href").find(|href| href.contains("/holds/new?report="));
    let hold = hold.unwrap();
    let order = desk.get(hold).await.must_be(200).text();
    let report_id = path.rsplit('/').next().unwrap();
    assert!(
        order.contains(&format!("value=\"Meldung {report_id}\"")),
        "{order}"
    );
    assert!(order.contains("value=\"messages\" checked"), "{order}");
    let fields = [
        ("report", report_id),
        ("basis", "legal_proceedings"),
        ("reference", "Az. 7"),
        ("categories", "messages"),
        ("disclose", "true"),
        ("act", "place"),
    ];
    let place = hold.split('?').next().unwrap();
    desk.submit(place, &fields[..5]).await.must_be(200);
    desk.submit(place, &fields)
        .await
        .must_lead_to(&format!("{path}?done=hold-placed"));

    let typed = [("act", "remove"), ("reason", "Das ist <beleidigend>.")];
    must_come_back(&desk, &path, &typed, "Das ist &#60;beleidigend&#62;.").await;
    desk.submit(&path, &[("act", "suspend"), ("reason", " ")])
        .await
        .must_be(422)
        .must_show("Diese Angabe fehlt.");
    desk.submit(&path, &[("act", "nonsense")]).await.must_be(400);
    desk.submit(&path, &typed)
        .await
        .must_lead_to("/de/desk/reports?done=message-removed");
    desk.get("/de/desk/reports?done=message-removed")
        .await
        .must_show("Die Nachricht ist entfernt.")
        .must_show("Über alle Meldungen ist entschieden.");
    desk.get("/en/desk/reports?show=all")
        .await
        .must_show("message removed");
    desk.submit(&path, &[("act", "dismiss"), ("reason", "Zu spät.")])
        .await
        .must_be(409)
        .must_show("bereits entschieden")
        .must_show("Ihre Begründung, nicht gesendet Zu spät.")
        .must_show("Das ist <beleidigend>.")
        .must_show("Die Nachricht sieht niemand mehr; gelöscht ist sie noch nicht.");
    desk.get(&format!("/en/desk/audit?account={}", bert.id))
        .await
        .must_show("Reported message looked at")
        .must_show("Reported message removed");
}

#[tokio::test]
async fn a_hold_can_be_placed_from_a_report_as_long_as_its_message_is_there() {
    let portal = TestPortal::start().await;
    let (anna, bert, conversation, first) = insult(&portal).await;
    let desk = portal.administrator().await;
    let page_of = |filed: &str| format!("/de/desk/reports/{filed}");
    let offers = "Eine Meldung hält nichts fest";
    let second = id(&send(&bert, &conversation, "nochmal").await.must_be(201).json());
    let [first, second] = [
        id(&report(&anna, &first, "Grund").await.must_be(201).json()),
        id(&report(&anna, &second, "Grund").await.must_be(201).json()),
    ];
    desk.submit(&page_of(&first), &[("act", "dismiss")])
        .await
        .must_be(303);
    desk.get(&page_of(&first))
        .await
        .must_show("abgewiesen")
        .must_show(offers);
    let reason = ("reason", "Wiederholt beleidigend.");
    desk.submit(&page_of(&second), &[("act", "suspend"), reason])
        .await
        .must_be(303);
    let html = desk
        .get(&page_of(&second))
        .await
        .must_show("Konto gesperrt")
        .must_show(offers)
        .text();
    let hold = format!("/de/desk/accounts/{}/holds/new?report={second}", bert.id);
    assert!(html.contains(&format!("href=\"{hold}\"")), "{html}");

    for (shown, word, other) in [
        ("dismissed", "abgewiesen", "Konto gesperrt"),
        ("suspended", "Konto gesperrt", "abgewiesen"),
    ] {
        desk.get(&format!("/de/desk/reports?show={shown}"))
            .await
            .must_be(200)
            .must_show(&format!(" {word} Grund"))
            .must_not_show(&format!(" {other} Grund"));
    }
    desk.get("/de/desk/reports?show=removed")
        .await
        .must_be(200)
        .must_show("Nach keiner Meldung wurde eine Nachricht entfernt.");

    // Who begins to leave takes the message out of sight, and it can still be kept.
    let other = portal.member("Cleo", "Dritte").await;
    let written = id(&write_to(&other, &[&anna], "ebenso").await.must_be(201).json());
    let message = id(&anna.get(&messages_of(&written)).await.json()["items"][0]);
    let third = id(&report(&anna, &message, "Grund").await.must_be(201).json());
    delete(&other).await;
    desk.get(&page_of(&third))
        .await
        .must_show("gelöscht ist sie noch nicht")
        .must_not_show("ebenso")
        .must_show(offers);
    let begun = id(&write_to(&desk, &[&anna], "Guten Tag").await.must_be(201).json());
    let message = id(&send(&anna, &begun, "unhöflich").await.must_be(201).json());
    let fourth = id(&report(&desk, &message, "Grund").await.must_be(201).json());
    anna.delete(&format!("/api/v1/messages/{message}"))
        .await
        .must_be(204);
    desk.get(&page_of(&fourth))
        .await
        .must_show("Die Nachricht gibt es nicht mehr.")
        .must_not_show(offers);
}

#[tokio::test]
async fn an_administrator_finds_no_report_of_their_own_message() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let conversation = id(&write_to(&desk, &[&anna], "Guten Tag").await.must_be(201).json());
    let message = id(&send(&desk, &conversation, "unhöflich").await.must_be(201).json());
    let filed = id(&report(&anna, &message, "Grund").await.must_be(201).json());
    for part in ["/de/desk", "/de/desk/reports?show=all"] {
        desk.get(part).await.must_be(200).must_not_show("Grund");
    }
    let path = format!("/de/desk/reports/{filed}");
    desk.get(&path).await.must_be(403).must_not_show("Anna");
    let dismissed = desk.submit(&path, &[("act", "dismiss")]).await;
    dismissed.must_be(403).must_not_show("Anna");
}
