//! What holds for all pages: the language is in the address, whoever is not signed in is led through the sign-in and
//! loses nothing, and what goes wrong is a page, too.

use axum::http::Method;

use crate::support::{PASSWORD, TestPortal, page};

/// What a sign-out has the browser forget; not its cookies, one of which is the device.
const CLEARED: &str = "\"cache\", \"storage\"";

#[tokio::test]
async fn the_language_is_in_the_address_and_costs_no_cookie() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    for (header, start) in [("de", "/de"), ("en-GB, de;q=0.5", "/en")] {
        let draft = visitor
            .request(Method::GET, "/")
            .header("accept-language", header);
        draft.send().await.must_lead_to(start);
    }
    let german = visitor.get("/de/sign-in?next=%2Fde").await.must_be(200);
    assert_eq!(german.header("content-language"), Some("de"));
    assert!(german.header("set-cookie").is_none());
    assert!(
        german.text().contains("href=\"/en/sign-in?next=%2Fde\""),
        "{}",
        german.text()
    );
    visitor.get("/en/sign-in").await.must_show("Sign in");
    visitor.get("/fr/sign-in").await.must_fail(404, "not_found");
}

#[tokio::test]
async fn whoever_signs_in_goes_on_where_they_wanted_to_and_never_elsewhere() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let given = |next: &'static str| {
        [
            ("email", anna.email.as_str()),
            ("password", PASSWORD),
            ("next", next),
        ]
    };
    for (next, goes_to) in [
        ("/en/sign-in", "/en/sign-in"),
        ("", "/de"),
        ("https://evil.example/de", "/de"),
        ("//evil.example", "/de"),
        ("/\\evil.example/de", "/de"),
        ("/api/docs", "/de"),
    ] {
        let visitor = portal.visitor();
        visitor
            .submit("/de/sign-in", &given(next))
            .await
            .must_lead_to(goes_to);
        visitor.get("/api/v1/me").await.must_be(200);
    }
}

#[tokio::test]
async fn a_refused_sign_in_keeps_the_address_and_never_the_password() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    let answer = visitor
        .submit(
            "/de/sign-in",
            &[("email", "anna@musterhausen.example"), ("password", "geheim")],
        )
        .await
        .must_be(401)
        .must_show("E-Mail-Adresse oder Passwort stimmt nicht.");
    let html = answer.text();
    assert!(html.contains("value=\"anna@musterhausen.example\""), "{html}");
    assert!(!html.contains("geheim"), "{html}");
    assert!(html.contains("<title>Fehler: "), "{html}");
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let device = anna.cookie("device");
    let answer = anna.submit("/de/sign-out", &[]).await;
    assert_eq!(answer.header("clear-site-data"), Some(CLEARED));
    answer.must_lead_to("/de?done=signed-out");
    assert_eq!(anna.cookie("session"), None);
    assert!(
        device.is_some() && anna.cookie("device") == device,
        "it stays known"
    );
    anna.get("/de?done=signed-out")
        .await
        .must_show("Sie sind abgemeldet.");
    anna.get("/api/v1/me").await.must_fail(401, "not_signed_in");
}

#[tokio::test]
async fn whoever_signs_out_has_the_browser_forget_what_it_kept() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let answer = anna.delete("/api/v1/session").await.must_be(204);
    assert_eq!(answer.header("clear-site-data"), Some(CLEARED));
    let bea = portal.member("Bea", "Beispiel").await;
    let answer = bea.submit("/de/account/delete", &[("password", PASSWORD)]).await;
    assert_eq!(answer.must_be(200).header("clear-site-data"), Some(CLEARED));
    assert_eq!(bea.cookie("session"), None);
    let visitor = portal.visitor().get("/de").await.must_be(200);
    assert_eq!(visitor.header("clear-site-data"), None);
}

#[tokio::test]
async fn the_windows_of_whoever_signs_out_are_told_and_no_others() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let script = "<script src=\"/assets/parting.js";
    let told = " data-signed-out>";
    for path in ["/de/profile", "/de/members", "/de/account?done=signed-out"] {
        let html = anna.get(path).await.must_be(200).text();
        assert!(html.contains(script) && !html.contains(told), "{path}: {html}");
    }
    let visitor = portal.visitor();
    let html = visitor.get("/de?done=signed-out").await.must_be(200).text();
    assert!(html.contains(script) && html.contains(told), "{html}");
    let html = visitor.get("/de").await.must_be(200).text();
    assert!(!html.contains(script), "{html}");
}

#[tokio::test]
async fn what_goes_wrong_is_a_page_for_people_and_a_problem_for_programs() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    visitor
        .get("/de/no-such-page")
        .await
        .must_be(404)
        .must_show("Zur Startseite");
    visitor
        .get("/en/no-such-page")
        .await
        .must_be(404)
        .must_show("To the start page");
    let draft = visitor
        .request(Method::GET, "/no-such-page")
        .header("accept", "text/html,*/*;q=0.8");
    draft.send().await.must_be(404).must_show("Zur Startseite");
    visitor
        .get("/de/sign-out")
        .await
        .must_be(405)
        .must_show("Zur Startseite");
    let foreign = visitor
        .request(Method::POST, "/de/sign-in")
        .header("sec-fetch-site", "cross-site");
    foreign
        .send()
        .await
        .must_be(403)
        .must_show("nicht von diesem Portal");
    visitor.get("/no-such-page").await.must_fail(404, "not_found");
    visitor
        .get("/api/v1/no-such-thing")
        .await
        .must_fail(404, "not_found");
    let html = visitor.get("/de/no-such-page?done=%3Cb%3E").await.text();
    assert!(!html.contains("<b>"), "{html}");
    assert_eq!(page::values(&html, "lang").next(), Some("de"));
}

#[tokio::test]
async fn a_form_sent_after_the_session_ended_is_not_lost() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let asked = anna
        .get("/de/enquiries")
        .await
        .must_be(200)
        .must_show("Neue Anfrage");
    assert!(!asked.text().contains("Fehler"));
    let visitor = portal.visitor();
    visitor
        .get("/de/enquiries?cursor=x")
        .await
        .must_lead_to("/de/sign-in?next=%2Fde%2Fenquiries%3Fcursor%3Dx");
    let sent = [
        ("subject", "Wo ist & was?"),
        ("body", "Zeile 1\r\nZeile 2"),
        ("password", "geheim"),
    ];
    let asks = visitor
        .submit("/de/enquiries", &sent)
        .await
        .must_be(401)
        .must_show("Ihre Eingaben sind nicht verloren");
    let html = asks.text();
    let carried = page::hidden(&html, "carried").unwrap();
    assert!(!html.contains("geheim"), "{html}");
    let wrong = [
        ("email", anna.email.as_str()),
        ("password", "falsch"),
        ("next", "/de/enquiries"),
        ("carried", &carried),
    ];
    let again = visitor.submit("/de/sign-in", &wrong).await.must_be(401).text();
    assert_eq!(page::hidden(&again, "carried").as_ref(), Some(&carried));
    let right = [
        ("email", anna.email.as_str()),
        ("password", PASSWORD),
        ("next", "/de/enquiries"),
        ("carried", &carried),
    ];
    let offer = visitor
        .submit("/de/sign-in", &right)
        .await
        .must_be(200)
        .must_show("Sie sind wieder angemeldet");
    let fields: Vec<(String, String)> = ["_restore", "subject", "body"]
        .map(|name| (name.to_owned(), page::hidden(&offer.text(), name).unwrap()))
        .into();
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let form = visitor.submit("/de/enquiries", &fields).await.must_be(200);
    assert!(
        form.text().contains("value=\"Wo ist &#38; was?\""),
        "{}",
        form.text()
    );
    assert!(form.text().contains("Zeile 1\nZeile 2"), "{}", form.text());
    assert_eq!(
        portal.count("SELECT count(*) FROM enquiry").await,
        0,
        "nothing is done yet"
    );
    visitor
        .submit("/de/enquiries", &fields[1..])
        .await
        .must_lead_to("/de/enquiries?done=asked");
    visitor
        .get("/de/enquiries?done=asked")
        .await
        .must_show("Ihre Anfrage ist eingegangen.")
        .must_show("Wo ist & was?");
}

#[tokio::test]
async fn what_is_wrong_stands_at_the_field_and_above_and_nothing_is_lost() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let answer = anna
        .submit("/en/enquiries", &[("subject", ""), ("body", "<b>Where?</b>")])
        .await
        .must_be(422)
        .must_show("Please have another look")
        .must_not_show("problem");
    let html = answer.text();
    for expected in [
        "<a href=\"#subject\">",
        "id=\"subject-error\"",
        "aria-invalid=\"true\" aria-describedby=\"subject-error\"",
        "&#60;b&#62;Where?&#60;/b&#62;",
        "<title>Error: ",
    ] {
        assert!(html.contains(expected), "{expected}: {html}");
    }
}

#[tokio::test]
async fn what_everybody_gets_alike_is_compressed_and_no_page_is() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    for (path, encoding) in [
        ("/assets/pages.css", Some("gzip")),
        ("/assets/live.js", Some("gzip")),
        ("/assets/passkey.js", Some("gzip")),
        ("/de/sign-in", None),
        ("/de/privacy", None),
        ("/api/openapi.json", None),
    ] {
        let plain = visitor.get(path).await.must_be(200);
        let asked = visitor
            .request(Method::GET, path)
            .header("accept-encoding", "gzip");
        let answer = asked.send().await.must_be(200);
        assert_eq!(answer.header("content-encoding"), encoding, "{path}");
        assert_eq!(plain.header("content-encoding"), None, "{path}");
        if encoding.is_some() {
            assert!(answer.body.len() < plain.body.len() / 2, "{path}");
            assert_eq!(answer.header("vary"), Some("accept-encoding"), "{path}");
        }
    }
}
