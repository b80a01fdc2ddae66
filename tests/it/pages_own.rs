//! One's own profile and account as pages: the same rules as through the interface for programs, said where people can
//! see what is wrong, and nothing that was typed is lost.

use serde_json::{Value, json};
use stammtisch::{inventory::Inventory, mail::letter::LinkPurpose, text};

use crate::support::{PASSWORD, Person, TestPortal, page, people::ORGANISATION};

const PROFILE: &str = "/api/v1/me/profile";
const OTHER_PASSWORD: &str = "morgens Tee und abends Akten lesen";

/// Every page with its headings.
const PAGES: [(&str, &str, &str); 10] = [
    ("/profile", "Ihr Profil", "Your profile"),
    (
        "/profile/preview",
        "Ihr Profil, wie andere es sehen",
        "Your profile as others see it",
    ),
    ("/account", "Ihr Konto", "Your account"),
    ("/account/email", "E-Mail-Adresse ändern", "Change e-mail address"),
    ("/account/password", "Passwort ändern", "Change password"),
    ("/account/second-factor", "Zweiter Faktor", "Second factor"),
    ("/account/sessions", "Laufende Anmeldungen", "Your sessions"),
    ("/account/export", "Kopie Ihrer Daten", "A copy of your data"),
    ("/account/language", "Sprache der E-Mails", "Language of e-mails"),
    (
        "/account/notifications",
        "E-Mails über Nachrichten und Lesestand",
        "E-mails about messages, and read marks",
    ),
    ("/account/delete", "Konto löschen", "Delete account"),
];

/// The form of the profile as it stands on the page, with some fields typed over.
async fn profile_form(person: &Person, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let html = person.get("/de/profile").await.must_be(200).text();
    let profile = person.get(PROFILE).await.json();
    let mut form = vec![("version".to_owned(), page::hidden(&html, "version").unwrap())];
    for field in [
        "first_name",
        "last_name",
        "display_name",
        "organisation",
        "department",
        "position",
        "phone",
        "about",
    ] {
        let value = profile[field].as_str().unwrap_or_default();
        form.push((field.to_owned(), value.to_owned()));
    }
    for (field, value) in typed {
        form.retain(|(name, _)| name != field);
        form.push(((*field).to_owned(), (*value).to_owned()));
    }
    form
}

fn pairs(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[tokio::test]
async fn every_page_is_there_in_both_languages_for_members_alone() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for (path, german, english) in PAGES {
        for (locale, heading) in [("de", german), ("en", english)] {
            let html = anna.get(&format!("/{locale}{path}")).await.must_be(200).text();
            assert!(html.contains(&format!("<h1>{heading}</h1>")), "{html}");
        }
        let next = path.replace('/', "%2F");
        portal
            .visitor()
            .get(&format!("/de{path}"))
            .await
            .must_lead_to(&format!("/de/sign-in?next=%2Fde{next}"));
    }
}

#[tokio::test]
async fn a_form_that_comes_back_after_a_sign_in_only_shows_what_was_typed() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal.signed_in(&anna.email).await;
    let before = anna.get(PROFILE).await.text();
    let form = profile_form(
        &anna,
        &[("position", "Leiterin"), ("_restore", "1"), ("listed", "true")],
    )
    .await;
    let shown = anna
        .submit("/de/profile", &pairs(&form))
        .await
        .must_be(200)
        .text();
    assert!(shown.contains("value=\"Leiterin\""), "{shown}");
    assert_eq!(page::hidden(&shown, "version"), Some(form[0].1.clone()));
    for (path, typed, kept) in [
        (
            "/account/email",
            ("email", "neu@example.org"),
            "value=\"neu@example.org\"",
        ),
        ("/account/password", ("x", "y"), "<form"),
        ("/account/sessions", ("act", "end-others"), "<form"),
        ("/account/language", ("locale", "de"), "value=\"de\" checked"),
        (
            "/account/notifications",
            ("message_mail", "never"),
            "value=\"never\" checked",
        ),
        ("/account/delete", ("x", "y"), "<form"),
    ] {
        let passwords = ["password", "current_password", "new_password"].map(|name| (name, PASSWORD));
        let fields = [&[typed, ("_restore", "1")][..], &passwords].concat();
        let html = anna
            .submit(&format!("/de{path}"), &fields)
            .await
            .must_be(200)
            .text();
        assert!(html.contains(kept) && !html.contains(PASSWORD), "{path}: {html}");
        assert!(!html.contains("role=\"alert\""), "{path}: {html}");
    }
    assert_eq!(anna.get(PROFILE).await.text(), before);
    let me = anna.get("/api/v1/me").await.must_be(200).json();
    assert_eq!((&me["locale"], &me["status"]), (&json!("en"), &json!("active")));
    let sessions = anna.get("/api/v1/sessions").await.json();
    assert_eq!(sessions["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn a_profile_is_saved_as_it_was_typed_and_shown_to_whom_it_says() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let typed = [
        ("display_name", "Anna B."),
        ("position", "Leiterin"),
        ("phone", "+49 30 12345"),
        ("about", "Eins\r\nzwei"),
        ("department", ""),
        ("visibility.position", "true"),
    ];
    let form = profile_form(&anna, &typed).await;
    anna.submit("/de/profile", &pairs(&form))
        .await
        .must_lead_to("/de/profile?done=profile-saved");
    anna.get("/de/profile?done=profile-saved")
        .await
        .must_show("Ihr Profil ist gespeichert.");
    assert_eq!(
        anna.get(PROFILE).await.json(),
        json!({
            "first_name": "Anna", "last_name": "Beispiel", "display_name": "Anna B.", "organisation": ORGANISATION,
            "department": null, "position": "Leiterin", "phone": "+49 30 12345", "about": "Eins\nzwei", "listed": false,
            "visibility": {
                "organisation": "nobody", "department": "nobody", "position": "members", "phone": "nobody", "about": "nobody",
            },
        })
    );
    anna.get("/de/profile/preview")
        .await
        .must_be(200)
        .must_show("Anna B.")
        .must_show("Leiterin")
        .must_show("Im Verzeichnis erscheinen Sie zurzeit nicht.")
        .must_not_show("12345")
        .must_not_show(ORGANISATION);
}

#[tokio::test]
async fn what_a_profile_cannot_hold_is_said_at_the_field_and_kept() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let before = anna.get(PROFILE).await.text();
    let form = profile_form(
        &anna,
        &[("first_name", ""), ("phone", "anrufen"), ("about", "Mein Text")],
    )
    .await;
    let html = anna
        .submit("/de/profile", &pairs(&form))
        .await
        .must_be(422)
        .text();
    for expected in [
        "<a href=\"#first-name\">",
        "id=\"phone-error\"",
        "value=\"anrufen\"",
        "Mein Text</textarea>",
        "autocomplete=\"given-name\"",
    ] {
        assert!(html.contains(expected), "{expected}: {html}");
    }
    assert_eq!(anna.get(PROFILE).await.text(), before);
}

#[tokio::test]
async fn a_decided_organisation_is_shown_with_the_reason_and_cannot_be_typed_over() {
    let portal = TestPortal::with("registration.approval = 'never'").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let html = anna
        .get("/de/profile")
        .await
        .must_show("durch die Verwaltung festgelegt")
        .text();
    assert_eq!(html.matches(" readonly").count(), 1, "{html}");
    let form = profile_form(&anna, &[("organisation", "Eigene Firma")]).await;
    anna.submit("/de/profile", &pairs(&form))
        .await
        .must_be(422)
        .must_show("Diese Angabe ist festgelegt");
    assert_eq!(anna.get(PROFILE).await.json()["organisation"], ORGANISATION);

    portal
        .register("bea@example.org", "Bea", "Frei")
        .await
        .must_be(200);
    let bea = portal.signed_in("bea@example.org").await;
    let html = bea.get("/de/profile").await.must_not_show("festgelegt").text();
    assert!(!html.contains(" readonly"), "{html}");
    let form = profile_form(&bea, &[("organisation", "Eigene Firma")]).await;
    bea.submit("/de/profile", &pairs(&form))
        .await
        .must_lead_to("/de/profile?done=profile-saved");
}

#[tokio::test]
async fn a_change_that_would_undo_another_one_is_shown_again_before_it_does() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let form = profile_form(&anna, &[("position", "zweite")]).await;
    anna.patch(PROFILE, &json!({ "position": "erste" }))
        .await
        .must_be(200);
    let again = anna
        .submit("/de/profile", &pairs(&form))
        .await
        .must_be(412)
        .must_show("an anderer Stelle geändert");
    let html = again.text();
    assert!(
        html.contains("value=\"zweite\"") && html.contains("href=\"/de/profile\""),
        "{html}"
    );
    assert_eq!(anna.get(PROFILE).await.json()["position"], "erste");
    anna.submit("/de/profile", &pairs(&form)).await.must_be(412);
    anna.submit("/de/profile", &pairs(&form[1..])).await.must_be(412);

    let version = page::hidden(&html, "version").unwrap();
    let form = profile_form(&anna, &[("position", "zweite"), ("version", &version)]).await;
    anna.submit("/de/profile", &pairs(&form))
        .await
        .must_lead_to("/de/profile?done=profile-saved");
    assert_eq!(anna.get(PROFILE).await.json()["position"], "zweite");
}

#[tokio::test]
async fn the_account_is_there_at_a_glance() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    anna.get("/de/account")
        .await
        .must_show(&anna.email)
        .must_show("Rolle Mitglied")
        .must_show("Sprache der E-Mails Englisch");
    let desk = portal.administrator().await;
    desk.get("/en/account").await.must_show("Role Administrator");
}

#[tokio::test]
async fn another_address_takes_the_password_and_is_confirmed_by_mail() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for (email, password, status, at) in [
        ("neu@example.org", "falsch", 401, "password"),
        ("neu@example.org", "", 401, "password"),
        ("keine Adresse", PASSWORD, 422, "email"),
        (&anna.email, PASSWORD, 422, "email"),
    ] {
        let html = anna
            .submit("/de/account/email", &[("email", email), ("password", password)])
            .await
            .must_be(status)
            .text();
        assert!(html.contains(&format!("<a href=\"#{at}\">")), "{html}");
        assert!(html.contains(&format!("value=\"{email}\"")), "{html}");
    }
    assert_eq!(portal.count("SELECT count(*) FROM email_change").await, 0);
    anna.submit(
        "/de/account/email",
        &[("email", "neu@example.org"), ("password", PASSWORD)],
    )
    .await
    .must_lead_to("/de/account?done=email-change-asked");
    anna.get("/de/account?done=email-change-asked")
        .await
        .must_show("Wir schreiben an beide Adressen.");
    portal.work().await;
    portal.link_for("neu@example.org", LinkPurpose::EmailChange);
}

#[tokio::test]
async fn another_password_ends_the_other_sessions() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let elsewhere = portal.signed_in(&anna.email).await;
    for (current, new, status, at) in [
        ("falsch", OTHER_PASSWORD, 401, "current-password"),
        (PASSWORD, "zu kurz", 422, "new-password"),
        (PASSWORD, "passwortpasswort", 422, "new-password"),
    ] {
        let html = anna
            .submit(
                "/de/account/password",
                &[("current_password", current), ("new_password", new)],
            )
            .await
            .must_be(status)
            .text();
        assert!(html.contains(&format!("<a href=\"#{at}\">")), "{html}");
        assert!(!html.contains(current) && !html.contains(new), "{html}");
    }
    elsewhere.get("/api/v1/me").await.must_be(200);
    anna.submit(
        "/de/account/password",
        &[("current_password", PASSWORD), ("new_password", OTHER_PASSWORD)],
    )
    .await
    .must_lead_to("/de/account?done=password-changed");
    anna.get("/de/account?done=password-changed")
        .await
        .must_be(200)
        .must_show("Ihr Passwort ist geändert.");
    elsewhere.get("/api/v1/me").await.must_fail(401, "not_signed_in");
}

#[tokio::test]
async fn sessions_are_ended_one_by_one_or_all_others_at_once_and_never_anyone_elses() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let path = "/de/account/sessions";
    let alone = anna.get(path).await.must_show("Diese Anmeldung").text();
    assert!(
        !alone.contains("name=\"act\""),
        "there is nothing to end: {alone}"
    );
    let (second, third) = (
        portal.signed_in(&anna.email).await,
        portal.signed_in(&anna.email).await,
    );
    let html = anna.get(path).await.text();
    assert_eq!(html.matches("value=\"end\"").count(), 2, "{html}");
    let id_of = async |person: &Person| {
        let sessions = person.get("/api/v1/sessions").await.json();
        let items = sessions["items"].as_array().unwrap();
        let current = items.iter().find(|session| session["current"] == true).unwrap();
        current["id"].as_str().unwrap().to_owned()
    };
    let bea = portal.member("Bea", "Muster").await;
    let id = id_of(&bea).await;
    for (id, act, status) in [(id.as_str(), "end", 404), ("x", "end", 404), ("", "", 400)] {
        anna.submit(path, &[("id", id), ("act", act)])
            .await
            .must_be(status);
    }
    bea.get("/api/v1/me").await.must_be(200);

    let id = id_of(&second).await;
    anna.submit(path, &[("id", &id), ("act", "end")])
        .await
        .must_lead_to("/de/account/sessions?done=session-ended");
    second.get("/api/v1/me").await.must_fail(401, "not_signed_in");
    third.get("/api/v1/me").await.must_be(200);
    anna.submit(path, &[("act", "end-others")])
        .await
        .must_lead_to("/de/account/sessions?done=other-sessions-ended");
    third.get("/api/v1/me").await.must_fail(401, "not_signed_in");
    anna.get("/de/account/sessions?done=other-sessions-ended")
        .await
        .must_show("Alle anderen Anmeldungen sind beendet.");
}

#[tokio::test]
async fn the_language_of_mails_is_one_of_the_portals() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for wrong in ["", "fr"] {
        let html = anna
            .submit("/de/account/language", &[("locale", wrong)])
            .await
            .must_be(422)
            .text();
        assert!(html.contains("<a href=\"#locale-1\">"), "{html}");
    }
    anna.submit("/de/account/language", &[("locale", "de")])
        .await
        .must_lead_to("/de/account?done=language-set");
    anna.get("/de/account?done=language-set")
        .await
        .must_show("Die Sprache Ihrer E-Mails ist gespeichert.")
        .must_show("Sprache der E-Mails Deutsch");
}

#[tokio::test]
async fn the_copy_is_explained_and_downloaded_as_a_file() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let html = anna
        .get("/de/account/export")
        .await
        .must_show("Nachrichten, die die Person geschrieben hat")
        .text();
    let link = page::values(&html, "href").find(|href| href.ends_with("/file"));
    let file = anna.get(link.unwrap()).await.must_be(200);
    assert_eq!(
        file.header("content-disposition"),
        Some("attachment; filename=\"meine-daten.json\"")
    );
    let copy = file.json();
    assert_eq!(copy["contact"]["email_address"][0]["address"], anna.email);
}

#[tokio::test]
async fn before_a_deletion_everything_that_goes_or_stays_is_said() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    let desk = portal.administrator().await;
    anna.get("/de/account/delete")
        .await
        .must_show("Was gelöscht wird")
        .must_show("Ihr Passwort")
        .must_show("1 Stunde lang")
        .must_show("Spätestens 24 Stunden nach Ihrem Antrag")
        .must_not_show("Was vorerst bleibt")
        .must_not_show("Nachrichten, die Sie");
    anna.post(
        "/api/v1/conversations",
        &json!({ "member_ids": [bert.id], "body": "Guten Tag" }),
    )
    .await
    .must_be(201);
    let until = portal.portal.now() + chrono::TimeDelta::days(30);
    for order in [
        json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["messages"], "expires_at": until }),
        json!({ "basis": "statutory_retention", "reference": "§ 147 AO", "categories": ["contact"] }),
        json!({ "basis": "legal_proceedings", "reference": "Az. 2", "categories": ["master_data"], "disclose": false }),
    ] {
        desk.post(&format!("/api/v1/admin/accounts/{}/holds", anna.id), &order)
            .await
            .must_be(201);
    }
    let until = text::instant(text::Locale::De, until);
    anna.get("/de/account/delete")
        .await
        .must_show("Was vorerst bleibt")
        .must_show("Eine Nachricht, die Sie geschrieben haben")
        .must_show(&format!(
            "offene Forderung, Art. 17 Abs. 3 Buchst. e DSGVO; längstens bis {until}"
        ))
        .must_show("gesetzliche Aufbewahrungspflicht, Art. 17 Abs. 3 Buchst. b DSGVO; bis die Löschsperre")
        .must_show("Es wird etwas von Gesetzes wegen aufbewahrt.")
        .must_not_show("gerichtliches Verfahren")
        .must_not_show("Az.");
}

#[test]
fn whatever_the_preview_counts_has_words() {
    let inventory = Inventory::built_in();
    for (table, _) in inventory.owned().filter(|(table, _)| table.counted) {
        let key = format!("delete-count-{}", table.cluster.replace('_', "-"));
        assert!(text::known(text::Locale::De, &key).is_some(), "{key}");
    }
}

#[tokio::test]
async fn a_deletion_ends_the_session_and_hands_over_the_receipt() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let refused = anna
        .submit("/de/account/delete", &[("password", "falsch")])
        .await
        .must_be(401)
        .must_show("Das Passwort stimmt nicht.");
    assert!(
        refused.text().contains("<a href=\"#password\">"),
        "{}",
        refused.text()
    );
    anna.get("/api/v1/me").await.must_be(200);

    let answer = anna
        .submit("/de/account/delete", &[("password", PASSWORD)])
        .await
        .must_be(200)
        .must_show("Ihr Konto wird gelöscht")
        .must_show("Rückgängig zu machen bis")
        .must_not_show("Abmelden");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert!(
        anna.cookie("session").is_none(),
        "the browser forgets the session"
    );
    let html = answer.text();
    assert!(html.contains("href=\"/de/receipt\""), "{html}");
    let code = html.split("<code>").nth(1).unwrap().split('<').next().unwrap();
    let outcome: Value = portal
        .visitor()
        .get(&format!("/api/v1/deletions/{code}"))
        .await
        .must_be(200)
        .json();
    assert_eq!(outcome["state"], "pending");
    anna.submit("/de/account/delete", &[("password", PASSWORD)])
        .await
        .must_be(401)
        .must_show("Bitte melden Sie sich an.");
}

#[tokio::test]
async fn the_last_administrator_is_told_why_they_stay() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    desk.submit("/de/account/delete", &[("password", PASSWORD)])
        .await
        .must_be(409)
        .must_show("Das ist das letzte Konto mit der Rolle Verwaltung.")
        .must_show("Konto jetzt löschen");
    desk.get("/api/v1/me").await.must_be(200);
}
