//! Pages on which members find each other, and what reading costs.

use serde_json::json;
use uuid::Uuid;

use crate::{
    messaging::{id, send, write_to},
    support::{TestPortal, page},
};

const MEMBERS: &str = "/de/members";
const NEW: &str = "/de/conversations/new";

#[tokio::test]
async fn the_directory_shows_what_each_member_made_visible_and_finds_them() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let patch = json!({ "position": "Amtsleitung", "about": "Ich <mag> Akten.\nWirklich.",
                        "visibility": { "about": "members" } });
    anna.patch("/api/v1/me/profile", &patch).await.must_be(200);

    let list = bea
        .get(MEMBERS)
        .await
        .must_be(200)
        .must_show("Alle Mitglieder")
        .must_show("Anna Beispiel , Stadt Musterhausen")
        .must_show("Das sind Sie")
        .must_not_show("Amtsleitung");
    assert!(
        list.text().contains(&format!("href=\"/de/members/{}\"", anna.id)),
        "{}",
        list.text()
    );
    bea.get("/en/members?query=beisp")
        .await
        .must_be(200)
        .must_show("Found for “beisp” Show all members")
        .must_show("Anna Beispiel")
        .must_not_show("Bea Leserin");
    bea.get("/de/members?query=%3Cb%3Eniemand")
        .await
        .must_be(200)
        .must_show("Gefunden zu „<b>niemand“")
        .must_show("Versuchen Sie es mit weniger Wörtern")
        .must_show("Alle Mitglieder zeigen");
    let refused = bea
        .get(&format!("/de/members?query={}", "x".repeat(201)))
        .await
        .must_be(422)
        .must_show("Höchstens 200 Zeichen sind möglich.")
        .must_not_show("Alle Mitglieder");
    assert!(
        refused.text().contains("<a href=\"#query\">"),
        "{}",
        refused.text()
    );
    let both = bea
        .get("/de/members?query=&organisation=stadt+muster&department=tief")
        .await
        .must_be(200)
        .must_show("Gefundene Mitglieder")
        .must_show("Organisation: stadt muster Auswahl aufheben : Organisation")
        .must_show("Dazu wurde niemand gefunden.");
    let html = both.text();
    for expected in [
        "href=\"/de/members?query=&#38;organisation=stadt+muster\"",
        "list=\"organisation-list\"",
        "<option value=\"Stadt Musterhausen\">",
        "name=\"department\" value=\"tief\"",
    ] {
        assert!(html.contains(expected), "{expected}: {html}");
    }
    bea.get(&format!("/en/members?department={}", "x".repeat(201)))
        .await
        .must_be(422)
        .must_show("Department: At most 200 characters are possible.");
    portal.execute("UPDATE profile SET listed = false").await;
    bea.get(MEMBERS)
        .await
        .must_show("Im Verzeichnis steht noch niemand.");
}

#[tokio::test]
async fn a_long_directory_is_shown_in_parts_that_keep_the_search() {
    let portal = TestPortal::start().await;
    portal.many_members(60, 0).await;
    let anna = portal.member("Anna", "Beispiel").await;
    let first = anna
        .get("/de/members?query=many&done=no-such-word")
        .await
        .must_be(200)
        .must_show("Number 000025")
        .must_not_show("Number 000026");
    let html = first.text();
    let next = page::values(&html, "href")
        .find(|href| href.contains("cursor="))
        .unwrap()
        .replace("&#38;", "&");
    assert!(next.starts_with("/de/members?query=many&cursor="), "{next}");
    anna.get(&next)
        .await
        .must_show("Number 000026")
        .must_show("Zum Anfang der Liste")
        .must_not_show("Number 000025");
    anna.get("/de/members?cursor=x").await.must_be(422);
}

#[tokio::test]
async fn a_member_is_shown_as_they_want_to_be_seen_and_can_be_written_to() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let shown = json!({ "display_name": "Die Anna", "position": "Amtsleitung", "phone": "030 12345",
                        "about": "Ich <mag> Akten.", "visibility": { "about": "members", "phone": "members" } });
    anna.patch("/api/v1/me/profile", &shown).await.must_be(200);
    let path = format!("/members/{}", anna.id);
    let seen = bea
        .get(&format!("/de{path}"))
        .await
        .must_be(200)
        .must_show("Die Anna")
        .must_show("Name Anna Beispiel")
        .must_show("Telefon 030 12345")
        .must_show("Ich <mag> Akten.")
        .must_show("Nachricht an Die Anna schreiben")
        .must_show("Weitere Mitglieder aus: Stadt Musterhausen")
        .must_not_show("Tiefbau")
        .must_not_show("Amtsleitung");
    assert!(!seen.text().contains(&anna.email), "{}", seen.text());
    assert!(
        seen.text().contains(&format!("href=\"{NEW}?to={}\"", anna.id)),
        "{}",
        seen.text()
    );
    anna.patch(
        "/api/v1/me/profile",
        &json!({ "visibility": { "department": "members" } }),
    )
    .await
    .must_be(200);
    let seen = bea
        .get(&format!("/en{path}"))
        .await
        .must_show("Write to Die Anna")
        .must_show("More members from: Tiefbau, Stadt Musterhausen");
    let html = seen.text();
    let colleagues = page::values(&html, "href")
        .find(|href| href.contains("department="))
        .unwrap()
        .replace("&#38;", "&");
    assert_eq!(
        colleagues,
        "/en/members?organisation=Stadt+Musterhausen&department=Tiefbau"
    );
    bea.get(&colleagues)
        .await
        .must_show("Die Anna")
        .must_not_show("Bea Leserin");
    anna.get(&format!("/en{path}"))
        .await
        .must_show("This is how other members see your profile")
        .must_show("Change your profile")
        .must_not_show("Write to");
    let nothing = json!({ "display_name": null,
                          "visibility": { "about": "nobody", "phone": "nobody", "organisation": "nobody",
                                          "department": "nobody" } });
    anna.patch("/api/v1/me/profile", &nothing).await.must_be(200);
    bea.get(&format!("/de{path}"))
        .await
        .must_show("Anna Beispiel hat keine weiteren Angaben sichtbar gemacht.");
    anna.patch("/api/v1/me/profile", &json!({ "listed": false }))
        .await
        .must_be(200);
    let mut told = Vec::new();
    for status in ["active", "suspended", "deleted"] {
        portal.set_status(anna.id, status).await;
        told.push(bea.get(&format!("/de{path}")).await);
    }
    for nobody in ["nonsense".to_owned(), Uuid::max().to_string()] {
        told.push(bea.get(&format!("/de/members/{nobody}")).await);
    }
    for answer in told {
        let answer = answer.must_be(404).must_show(
            "Nicht im Verzeichnis Diese Person steht nicht oder nicht mehr im Verzeichnis. Vielleicht möchte sie nicht gefunden \
             werden, oder sie hat das Portal verlassen. Zum Verzeichnis der Mitglieder",
        );
        assert!(!answer.text().contains("Anna"), "{}", answer.text());
    }
    portal
        .visitor()
        .get("/de/members/x")
        .await
        .must_lead_to("/de/sign-in?next=%2Fde%2Fmembers%2Fx");
}

#[tokio::test]
async fn reading_a_page_costs_few_queries_however_much_there_is() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    portal.many_members(40, 1).await;
    let begun = write_to(&anna, &[&bea], "eins").await.must_be(201).json();
    for index in 0..30 {
        send(&anna, &id(&begun), &index.to_string()).await.must_be(201);
    }
    // The session first; and pages that are kept up to date ask from when on.
    for (path, most) in [
        ("/de/members?query=many&organisation=many".to_owned(), 3),
        (format!("/de/members/{}", bea.id), 3),
        ("/de/conversations".to_owned(), 4),
        (format!("/de/conversations/new?to={}&query=many", bea.id), 3),
        (format!("/de/conversations/{}", id(&begun)), 4),
    ] {
        let (answer, statements) = portal.statements_of(anna.get(&path)).await;
        answer.must_be(200);
        assert!(statements.len() <= most, "{path}: {statements:#?}");
    }
}
