//! Holds at the desk's pages: what a preview shows, that nothing is placed before, and that two people release.

use chrono::{Months, TimeDelta};
use serde_json::json;

use crate::{
    deletion::delete,
    pages_desk::{must_come_back, must_head},
    support::{Person, TestPortal, page},
};

const ORDER: [(&str, &str); 6] = [
    ("basis", "open_claim"),
    ("reference", "Az. 4 O 123/26"),
    ("categories", "messages"),
    ("review_at", ""),
    ("expires_at", ""),
    ("disclose", "true"),
];

fn new_hold(person: &Person) -> String {
    format!("/de/desk/accounts/{}/holds/new", person.id)
}

fn with<'a>(act: &'a str, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let order = ORDER.into_iter().map(|(name, value)| {
        let other = changed.iter().find(|(given, _)| *given == name);
        (name, other.map_or(value, |(_, other)| other))
    });
    order
        .filter(|(_, value)| *value != "-")
        .chain([("act", act)])
        .collect()
}

/// The page of a hold that was placed here.
async fn placed(portal: &TestPortal, desk: &Person, person: &Person) -> String {
    desk.submit(&new_hold(person), &with("place", &[]))
        .await
        .must_be(303);
    let id: uuid::Uuid = portal
        .scalar("SELECT id FROM hold ORDER BY id DESC LIMIT 1")
        .await;
    format!("/de/desk/holds/{id}")
}

#[tokio::test]
async fn a_hold_whose_button_was_pressed_twice_is_placed_once() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let path = new_hold(&anna);
    let form = desk.get(&path).await.must_be(200).text();
    let key = page::hidden(&form, "key").unwrap();
    let previewed: Vec<_> = with("preview", &[]).into_iter().chain([("key", &*key)]).collect();
    let form = desk.submit(&path, &previewed).await.must_be(200).text();
    assert_eq!(page::hidden(&form, "key").as_ref(), Some(&key));
    let order: Vec<_> = with("place", &[]).into_iter().chain([("key", &*key)]).collect();
    for _ in 0..2 {
        desk.submit(&path, &order).await.must_be(303);
    }
    assert_eq!(portal.count("SELECT count(*) FROM hold").await, 1);
}

#[tokio::test]
async fn a_preview_shows_what_stays_and_what_goes_before_a_hold_is_placed() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let opening = json!({ "member_ids": [bert.id], "body": "Guten Tag" });
    anna.post("/api/v1/conversations", &opening).await.must_be(201);
    let path = new_hold(&anna);
    let form = desk.get(&path).await.must_be(200);
    must_head(&form, "Löschsperre setzen");
    let html = form.must_show("Anna Beispiel").text();
    assert!(
        html.contains("name=\"disclose\" value=\"true\" checked"),
        "{html}"
    );
    assert!(!html.contains("value=\"place\""), "{html}");
    desk.get(&path.replace("/de/", "/en/"))
        .await
        .must_be(200)
        .must_show("See the preview");

    let shown = desk.submit(&path, &with("preview", &[])).await.must_be(200);
    let html = shown.text();
    assert!(
        html.contains("value=\"place\"") && html.contains("value=\"messages\" checked"),
        "{html}"
    );
    let words = page::words(&html);
    assert!(words.contains("Nachrichten Bleibt: "), "{words}");
    assert!(words.contains("Stammdaten Wird trotzdem gelöscht: "), "{words}");
    assert!(words.contains("Das Konto besteht."), "{words}");
    must_come_back(&desk, &path, &with("place", &[]), "value=\"Az. 4 O 123/26\"").await;
    assert_eq!(portal.count("SELECT count(*) FROM hold").await, 0);

    let hold = placed(&portal, &desk, &anna).await;
    let shown = desk.get(&format!("{hold}?done=hold-placed")).await.must_be(200);
    must_head(&shown, "Löschsperre Az. 4 O 123/26");
    shown
        .must_show("Die Löschsperre ist gesetzt.")
        .must_show("offene Forderung")
        .must_show("Gesetzt Doris Desk");
    desk.get(&hold.replace("/de/", "/en/"))
        .await
        .must_be(200)
        .must_show("Hold Az. 4 O 123/26");
    desk.get(&format!("/de/desk/accounts/{}", anna.id))
        .await
        .must_show("Az. 4 O 123/26 wirksam");
    delete(&anna).await;
    let other = with("preview", &[("categories", "contact")]);
    desk.submit(&path, &other)
        .await
        .must_be(200)
        .must_show("Kontakt Bleibt: 1 Eintrag")
        .must_show("Nachrichten Bleibt wegen einer anderen Löschsperre: ")
        .must_show("Das Konto wird gelöscht. Was nicht bleibt, ist spätestens am");
    desk.get("/de/desk/deletions")
        .await
        .must_show("Gesperrt: Nachrichten");
}

#[tokio::test]
async fn what_is_wrong_with_an_order_stands_at_its_field_and_nothing_is_placed() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let path = new_hold(&anna);
    for (changed, at) in [
        (("basis", "-"), "basis-error"),
        (("reference", ""), "reference-error"),
        (("categories", "-"), "categories-error"),
        (("categories", "credentials"), "categories-error"),
        (("review_at", "31.02.2027"), "review-at-error"),
        (("review_at", "2020-01-01"), "review-at-error"),
        (("review_at", "2090-01-01"), "review-at-error"),
        (("expires_at", "morgen"), "expires-at-error"),
        (("expires_at", "2090-01-01"), "expires-at-error"),
        (("disclose", "-"), "disclose-error"),
    ] {
        for act in ["preview", "place"] {
            let html = desk
                .submit(&path, &with(act, &[changed]))
                .await
                .must_be(422)
                .text();
            assert!(html.contains(&format!("id=\"{at}\"")), "{changed:?}: {html}");
            assert_eq!(html.matches("class=\"error\"").count(), 1, "{changed:?}: {html}");
        }
    }
    let several = with(
        "place",
        &[("basis", "-"), ("review_at", "bald"), ("reference", "")],
    );
    let html = desk.submit(&path, &several).await.must_be(422).text();
    assert_eq!(html.matches("class=\"error\"").count(), 3, "{html}");
    assert!(html.contains("value=\"bald\""), "{html}");
    assert_eq!(portal.count("SELECT count(*) FROM hold").await, 0);

    let own = format!("/de/desk/accounts/{}/holds/new", desk.id);
    desk.submit(&own, &with("place", &[]))
        .await
        .must_be(403)
        .must_show("Mit dem eigenen Konto geht das nicht.");
    delete(&anna).await;
    portal
        .execute(&format!(
            "UPDATE account SET status = 'erasing' WHERE id = '{}'",
            anna.id
        ))
        .await;
    desk.submit(&path, &with("place", &[]))
        .await
        .must_be(409)
        .must_show("bereits gelöscht");
}

#[tokio::test]
async fn a_chosen_day_ends_at_midnight_in_berlin() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let expires = (portal.portal.now() + Months::new(12)).format("%Y").to_string();
    let order = with("place", &[]);
    let day = format!("{expires}-07-01");
    let order: Vec<_> = order
        .into_iter()
        .map(|(name, value)| {
            if name == "expires_at" {
                (name, day.as_str())
            } else {
                (name, value)
            }
        })
        .collect();
    desk.submit(&new_hold(&anna), &order).await.must_be(303);
    let stored: chrono::DateTime<chrono::Utc> = portal.scalar("SELECT expires_at FROM hold").await;
    assert_eq!(stored.to_rfc3339(), format!("{expires}-07-01T21:59:59+00:00"));
}

#[tokio::test]
async fn a_review_needs_a_reason_and_a_day_ahead() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let hold = placed(&portal, &desk, &anna).await;
    let day = (portal.portal.now() + TimeDelta::days(60))
        .format("%Y-%m-%d")
        .to_string();
    let typed = [
        ("act", "review"),
        ("reason", "Das Verfahren läuft."),
        ("review_at", day.as_str()),
    ];
    must_come_back(&desk, &hold, &typed, "Das Verfahren läuft.</textarea>").await;
    for (reason, review_at, at) in [
        ("", day.as_str(), "review-reason-error"),
        ("läuft", "", "review-review-at-error"),
        ("läuft", "2020-01-01", "review-review-at-error"),
        ("läuft", "kein Tag", "review-review-at-error"),
    ] {
        let wrong = [("act", "review"), ("reason", reason), ("review_at", review_at)];
        let html = desk.submit(&hold, &wrong).await.must_be(422).text();
        assert!(html.contains(&format!("id=\"{at}\"")), "{at}: {html}");
        assert!(!html.contains("id=\"release-reason-error\""), "{html}");
    }
    assert_eq!(
        portal
            .count("SELECT count(*) FROM hold WHERE reviewed_at IS NOT NULL")
            .await,
        0
    );
    desk.submit(&hold, &typed)
        .await
        .must_lead_to(&format!("{hold}?done=hold-reviewed"));
    desk.get(&format!("{hold}?done=hold-reviewed"))
        .await
        .must_show("Die Prüfung ist festgehalten.")
        .must_show("Prüfung Doris Desk")
        .must_show("Das Verfahren läuft.")
        .must_show("Zuletzt geprüft");
    desk.submit(&hold, &[("act", "x")]).await.must_be(400);
}

#[tokio::test]
async fn one_person_releases_a_hold_where_one_is_enough() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let hold = placed(&portal, &desk, &anna).await;
    let typed = [("act", "release"), ("reason", "Die Forderung ist beglichen.")];
    must_come_back(&desk, &hold, &typed, "Die Forderung ist beglichen.</textarea>").await;
    let html = desk
        .submit(&hold, &[("act", "release"), ("reason", "")])
        .await
        .must_be(422)
        .text();
    assert!(html.contains("href=\"#release-reason\""), "{html}");
    desk.submit(&hold, &[("act", "withdraw")])
        .await
        .must_be(409)
        .must_show("wartet keine Freigabe");
    desk.submit(&hold, &typed)
        .await
        .must_lead_to(&format!("{hold}?done=hold-released"));
    let shown = desk.get(&hold).await.must_be(200).must_show("Status aufgehoben");
    assert!(!shown.text().contains("<textarea"), "nothing is left to decide");
    desk.submit(&hold, &typed)
        .await
        .must_be(409)
        .must_show("bereits beendet");
    desk.get("/de/desk/holds")
        .await
        .must_show("keine solche Löschsperre");
}

#[tokio::test]
async fn where_two_are_asked_for_the_second_person_sees_why_and_agrees_or_withdraws() {
    let portal = TestPortal::with("[holds]\nsecond_person = \"release\"").await;
    let first = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let hold = placed(&portal, &first, &anna).await;
    let typed = [("act", "release"), ("reason", "Die Forderung ist beglichen.")];
    first
        .submit(&hold, &typed)
        .await
        .must_be(409)
        .must_show("zweite Person mit der Rolle Verwaltung oder Datenschutz");
    let second = portal.administrator().await;
    first
        .submit(&hold, &typed)
        .await
        .must_lead_to(&format!("{hold}?done=release-waits"));
    let waits = first
        .get(&hold)
        .await
        .must_show("wartet auf eine zweite Person")
        .text();
    assert!(
        !waits.contains("value=\"release\"") && waits.contains("value=\"withdraw\""),
        "{waits}"
    );
    second
        .get("/de/desk/holds?show=releases")
        .await
        .must_show("Az. 4 O 123/26 Aufhebung wartet Anna Beispiel");
    second
        .get(&hold)
        .await
        .must_show("Doris Desk möchte diese Löschsperre aufheben.")
        .must_show("Die Forderung ist beglichen.");
    second
        .submit(&hold, &[("act", "withdraw")])
        .await
        .must_lead_to(&format!("{hold}?done=release-withdrawn"));
    second
        .get("/en/desk/holds?show=releases")
        .await
        .must_show("There is no such hold.");
    first.submit(&hold, &typed).await.must_be(303);
    second
        .submit(&hold, &typed)
        .await
        .must_lead_to(&format!("{hold}?done=hold-released"));
    first.get(&hold).await.must_show("Status aufgehoben");

    let about_second = placed(&portal, &first, &second).await;
    second
        .submit(&about_second, &typed)
        .await
        .must_be(403)
        .must_show("Mit dem eigenen Konto geht das nicht.");
    let own = second
        .get(&about_second)
        .await
        .must_show("entscheiden andere")
        .text();
    assert!(!own.contains("<textarea"), "{own}");
}

#[tokio::test]
async fn active_holds_are_listed_by_their_review_in_parts() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal
        .execute(&format!(
            "INSERT INTO hold (id, account_id, categories, basis, reference, review_at, placed_by, placed_at)
             SELECT gen_random_uuid(), '{}', '{{messages}}', 'open_claim', 'Ref-' || lpad(n::text, 2, '0'),
                    now() + make_interval(days => n - 2), '{}', now() FROM generate_series(1, 30) n",
            anna.id, desk.id
        ))
        .await;
    let first = desk
        .get("/de/desk/holds")
        .await
        .must_be(200)
        .must_show("Prüftermin versäumt");
    let refs = |html: &str| -> Vec<String> {
        let words = page::words(html);
        let found = words.split_whitespace().filter(|word| word.starts_with("Ref-"));
        found.map(str::to_owned).collect()
    };
    let expected: Vec<String> = (1..=30).map(|n| format!("Ref-{n:02}")).collect();
    assert_eq!(refs(&first.text()), expected[..25]);
    let html = first.text();
    let next = page::values(&html, "href")
        .find(|href| href.contains("cursor="))
        .unwrap();
    let second = desk
        .get(next)
        .await
        .must_be(200)
        .must_show("Zum Anfang der Liste");
    assert_eq!(refs(&second.text()), expected[25..]);
    desk.get("/de/desk")
        .await
        .must_show("30 Löschsperren sind demnächst zu prüfen");
}
