//! Somebody else's host, key or address in a request, which others would be led by.

use axum::http::Method;
use serde_json::json;
use url::Url;

use super::OWN;
use crate::support::{PASSWORD, Person, Response, TestPortal, log::Log, page};

#[tokio::test]
async fn links_in_mails_lead_to_the_portal_whatever_host_was_asked() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let visitor = portal.visitor();
    let draft = visitor
        .request(Method::POST, "/api/v1/password-resets")
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "https")
        .header("forwarded", "host=evil.example;proto=https");
    draft
        .json(&json!({ "email": anna.email }))
        .send()
        .await
        .must_be(202);
    portal.work().await;
    let mail = portal.mails_to(&anna.email).pop().unwrap();
    assert!(mail.links.iter().any(|link| link.path() == "/en/reset"));
    assert!(mail.links.iter().all(|link| link.as_str().starts_with(OWN)));
    assert!(!mail.html.contains("evil") && !mail.text.contains("evil"));
}

#[tokio::test]
async fn headers_that_make_no_sense_are_passed_over_and_never_repeated() {
    let portal = TestPortal::with("server.trusted_proxies = ['127.0.0.0/8']").await;
    let listening = Log::listen();
    let long = "evil".repeat(5_000);
    let lists = [
        "evil,".repeat(3_000),
        "evil;q=1,".repeat(1_000),
        ",;=".repeat(3_000),
    ];
    let known = [
        "de\tevil",
        "de;q=evil",
        "de;q=99999999999999999999",
        "en;q=-1;evil",
        "*;q=NaN;evil",
        "<script>evil</script>",
        "evil\"><b>",
        "127.0.0.1, evil",
        "::ffff:127.0.0.1%evil, 127.0.0.1",
        "unix:evil",
    ];
    let values = known
        .iter()
        .copied()
        .chain(lists.iter().map(String::as_str))
        .chain([long.as_str()]);
    for value in values {
        for name in [
            "accept-language",
            "x-forwarded-for",
            "user-agent",
            "idempotency-key",
            "if-match",
            "referer",
        ] {
            let visitor = portal.visitor();
            let reset = visitor
                .request(Method::POST, "/api/v1/password-resets")
                .header(name, value);
            let api = reset.json(&json!({})).send().await.must_be(422);
            let page = visitor.request(Method::GET, "/de/sign-in").header(name, value);
            let page = page.send().await.must_be(200);
            for answer in [api, page] {
                let language = answer.header("content-language");
                assert!(language == Some("de") || language == Some("en"), "{language:?}");
                assert!(!answer.text().contains("evil"), "{name}: {}", answer.text());
                let headers = format!("{:?}", answer.headers);
                assert!(!headers.contains("evil"), "{name}: {headers}");
            }
        }
    }
    let logged = listening.text();
    assert!(
        logged.contains("answered") && !logged.contains("evil"),
        "{logged}"
    );
}

/// Where somebody would like others to be led.
const PLACES: [&str; 22] = [
    "https://evil.example",
    "HTTPS:evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/de\\evil.example",
    "/\t/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/de@evil.example",
    "/de.evil.example",
    "/dé/evil",
    "javascript:alert(1)",
    "data:text/html,x",
    "/de\r\nSet-Cookie: session=evil",
    "/de/\nLocation: https://evil.example",
    "/de/\u{0}",
    "/de/\u{7f}",
    "/de/\u{85}",
    "/de/\u{1}evil",
    "",
];

/// These look bad and lead nowhere else.
const HARMLESS: [&str; 4] = [
    "/de//evil.example",
    "/de/..//evil.example",
    "/de/%0d%0aSet-Cookie:%20session=evil",
    "/de/?next=https://evil.example",
];

#[track_caller]
fn must_stay_here(answer: &Response, place: &str) {
    assert_eq!(answer.status, 303, "{place:?}: {}", answer.text());
    let location = answer.header("location").unwrap();
    let here = Url::parse(&format!("{OWN}/de/sign-in")).unwrap();
    let there = here.join(location).unwrap();
    assert_eq!(there.origin(), here.origin(), "{place:?} leads to {location}");
    assert!(
        location.bytes().all(|byte| byte.is_ascii_graphic()),
        "{location:?}"
    );
    if HARMLESS.contains(&place) {
        assert_eq!(location, place);
    } else {
        assert_eq!(location, "/de", "{place:?}");
    }
}

#[tokio::test]
async fn nobody_is_led_from_here_to_where_somebody_else_wants_them() {
    let portal = TestPortal::with("limits.enabled = false").await;
    let anna = portal.member("Anna", "Beispiel").await;
    for place in PLACES.into_iter().chain(HARMLESS) {
        let encoded: String = url::form_urlencoded::byte_serialize(place.as_bytes()).collect();
        for page in ["sign-in", "confirm-identity"] {
            let answer = anna.get(&format!("/de/{page}?next={encoded}")).await;
            must_stay_here(&answer, place);
        }
        let proof = [("password", PASSWORD), ("next", place)];
        must_stay_here(&anna.submit("/de/confirm-identity", &proof).await, place);
        let visitor = portal.visitor();
        let shown = visitor.get(&format!("/de/sign-in?next={encoded}")).await;
        shown.must_be(200);
        let signing_in = [
            ("email", anna.email.as_str()),
            ("password", PASSWORD),
            ("next", place),
        ];
        must_stay_here(&visitor.submit("/de/sign-in", &signing_in).await, place);
        // With a form that is carried along, the button leads there.
        let carried = [&signing_in[..], &[("carried", "a=b")]].concat();
        let visitor = portal.visitor();
        let offered = visitor.submit("/de/sign-in", &carried).await;
        if offered.status == 200 {
            let html = offered.text();
            let mut actions = page::values(&html, "action");
            assert!(
                actions.all(|action| action.starts_with("/de") || action.starts_with("/en")),
                "{html}"
            );
            assert!(HARMLESS.contains(&place), "{place:?}");
        } else {
            must_stay_here(&offered, place);
        }
    }
}

#[tokio::test]
async fn a_key_that_was_there_before_is_nobodys_after_a_sign_in_on_the_page() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let eve = portal.member("Eve", "Fremd").await;
    let unknown = "AAECAwQFBgcICQoLDA0ODw".to_owned();
    let key = |person: &Person| person.cookie("session").unwrap();
    for planted in [unknown, key(&eve), key(&anna)] {
        let victim = portal.visitor();
        victim.set_cookie("session", &planted);
        // Whoever is signed in already is led on; the form itself can still be sent.
        let signing_in = [("email", anna.email.as_str()), ("password", PASSWORD)];
        victim
            .submit("/en/sign-in", &signing_in)
            .await
            .must_lead_to("/en");
        assert_ne!(victim.cookie("session"), Some(planted.clone()));
        let thief = portal.visitor();
        thief.set_cookie("session", &planted);
        thief.get("/api/v1/session").await.must_fail(401, "not_signed_in");
        let signed_in = victim.get("/api/v1/session").await.must_be(200).json();
        assert_eq!(signed_in["account"]["id"], json!(anna.id));
    }
}
