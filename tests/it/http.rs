//! What holds for every route: problems in words, who may ask from where, what a body may be, headers, health, documents.

use axum::http::Method;
use serde_json::{Value, json};

use crate::support::{Client, Response, TestPortal, people::application};

const REGISTRATIONS: &str = "/api/v1/registrations";

/// Every route that the contract names and this portal has, as `METHOD path`.
const ROUTES: [&str; 57] = [
    "POST /api/v1/registrations",
    "POST /api/v1/registrations/confirm",
    "POST /api/v1/registrations/withdraw",
    "GET /api/v1/terms",
    "POST /api/v1/session",
    "GET /api/v1/session",
    "DELETE /api/v1/session",
    "GET /api/v1/sessions",
    "DELETE /api/v1/sessions/{id}",
    "DELETE /api/v1/sessions",
    "POST /api/v1/password-resets",
    "POST /api/v1/password-resets/confirm",
    "GET /api/v1/me",
    "PUT /api/v1/me/password",
    "POST /api/v1/me/email-change",
    "POST /api/v1/email-changes/confirm",
    "GET /api/v1/me/profile",
    "PATCH /api/v1/me/profile",
    "GET /api/v1/me/deletion-preview",
    "POST /api/v1/me/deletion",
    "POST /api/v1/deletions",
    "POST /api/v1/deletions/undo",
    "GET /api/v1/deletions/{receipt_code}",
    "GET /api/v1/members",
    "GET /api/v1/members/{id}",
    "GET /api/v1/conversations",
    "POST /api/v1/conversations",
    "GET /api/v1/conversations/{id}/messages",
    "POST /api/v1/conversations/{id}/messages",
    "PUT /api/v1/conversations/{id}/read",
    "DELETE /api/v1/messages/{id}",
    "GET /api/v1/enquiries",
    "POST /api/v1/enquiries",
    "GET /api/v1/admin/registrations",
    "POST /api/v1/admin/registrations/{account_id}/approve",
    "POST /api/v1/admin/registrations/{account_id}/reject",
    "GET /api/v1/admin/accounts",
    "GET /api/v1/admin/accounts/{id}",
    "POST /api/v1/admin/accounts/{id}/suspend",
    "POST /api/v1/admin/accounts/{id}/reinstate",
    "PUT /api/v1/admin/accounts/{id}/role",
    "POST /api/v1/admin/accounts/{id}/deletion",
    "GET /api/v1/admin/organisations",
    "POST /api/v1/admin/organisations",
    "PUT /api/v1/admin/organisations/{id}",
    "DELETE /api/v1/admin/organisations/{id}",
    "GET /api/v1/admin/accounts/{id}/holds",
    "POST /api/v1/admin/accounts/{id}/holds",
    "POST /api/v1/admin/holds/{id}/review",
    "POST /api/v1/admin/holds/{id}/release",
    "DELETE /api/v1/admin/holds/{id}/release",
    "GET /api/v1/admin/deletions",
    "GET /api/v1/admin/audit-events",
    "GET /api/v1/admin/enquiries",
    "POST /api/v1/admin/enquiries/{id}/answer",
    "GET /health/live",
    "GET /health/ready",
];

#[tokio::test]
async fn a_problem_is_told_in_the_readers_language_with_its_requests_id() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    let ask = async |language: &str| {
        let draft = visitor
            .request(Method::POST, REGISTRATIONS)
            .header("accept-language", language);
        draft
            .json(&json!({}))
            .send()
            .await
            .must_fail(422, "invalid_input")
    };
    let english = ask("fr, en-GB;q=0.8, de;q=0.5").await;
    let german = ask("de-AT").await;
    assert_eq!(
        (
            english.header("content-language"),
            german.header("content-language")
        ),
        (Some("en"), Some("de"))
    );
    assert_ne!(english.json()["title"], german.json()["title"]);
    assert_ne!(
        english.json()["errors"][0]["message"],
        german.json()["errors"][0]["message"]
    );
    assert_eq!(
        english.json()["errors"][0]["code"],
        german.json()["errors"][0]["code"]
    );
    assert_ne!(english.json()["request_id"], german.json()["request_id"]);
    assert!(
        english
            .header("vary")
            .is_some_and(|vary| vary.contains("accept-language"))
    );
    assert_eq!(english.json()["type"], "urn:stammtisch:problem:invalid_input");
}

#[tokio::test]
async fn what_does_not_exist_is_said_not_to() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    for path in [
        "/api/v1/nothing",
        "/api/v1/",
        "/api/v1/session/",
        "/..%2f",
        "/api/v2/session",
    ] {
        visitor.get(path).await.must_fail(404, "not_found");
    }
    let answer = visitor
        .patch("/api/v1/session", &json!({}))
        .await
        .must_fail(405, "method_not_allowed");
    let allowed = answer.header("allow").expect("what is allowed is said");
    assert!(
        allowed.contains("POST") && allowed.contains("DELETE"),
        "{allowed}"
    );
}

#[tokio::test]
async fn a_body_is_json_of_the_right_type_or_refused() {
    let portal = TestPortal::start().await;
    let send = async |kind: Option<&str>, body: &'static [u8]| {
        let visitor = portal.visitor();
        let mut draft = visitor.request(Method::POST, REGISTRATIONS);
        if let Some(kind) = kind {
            draft = draft.header("content-type", kind);
        }
        draft.body(body).send().await
    };
    for kind in [
        None,
        Some("text/plain"),
        Some("application/xml"),
        Some("nonsense"),
        Some("application/merge-patch+json"),
    ] {
        send(kind, b"{}").await.must_fail(415, "unsupported_media_type");
    }
    for kind in [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON",
    ] {
        send(Some(kind), b"{}").await.must_fail(422, "invalid_input");
    }
    for body in [
        b"".as_slice(),
        b"{",
        b"{}{}",
        b"{\"email\":\"\xff\"}",
        b"\xef\xbb\xbf{}",
        b"{\"email\":\"\\ud800\"}",
    ] {
        send(Some("application/json"), body)
            .await
            .must_fail(400, "not_json");
    }
}

#[tokio::test]
async fn a_body_of_more_than_256_kib_is_refused_however_it_is_sent() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    let draft = || {
        visitor
            .request(Method::POST, REGISTRATIONS)
            .header("content-type", "application/json")
    };
    let too_large = vec![b' '; 256 * 1024 + 1];
    let announced = draft()
        .header("content-length", &too_large.len().to_string())
        .body(too_large.clone());
    announced.send().await.must_fail(413, "too_large");
    // Nothing but reading tells how long this one is.
    let chunked = draft().header("transfer-encoding", "chunked").body(too_large);
    chunked.send().await.must_fail(413, "too_large");
    let largest = format!("{{}}{}", " ".repeat(256 * 1024 - 2));
    draft().body(largest).send().await.must_fail(422, "invalid_input");
}

#[tokio::test]
async fn unsafe_requests_come_from_the_portals_own_pages_or_from_programs() {
    let portal = TestPortal::with("server.public_url = 'https://portal.example'").await;
    let json = ("content-type", "application/json");
    let form = ("content-type", "application/x-www-form-urlencoded");
    let own = ("origin", "https://portal.example");
    let same = ("sec-fetch-site", "same-origin");
    for (headers, passes) in [
        (vec![json], true),
        (vec![], true),
        (vec![same, json], true),
        (vec![own, json], true),
        (vec![form], false),
        (vec![("sec-fetch-site", "cross-site"), json], false),
        (vec![("sec-fetch-site", "same-site"), json], false),
        (vec![("sec-fetch-site", "none"), json], false),
        (vec![("sec-fetch-site", "cross-site"), own, json], false),
        (vec![("origin", "https://evil.example"), json], false),
        (vec![("origin", "http://portal.example"), json], false),
        (
            vec![("origin", "https://portal.example.evil.example"), json],
            false,
        ),
        (vec![("origin", "null"), json], false),
    ] {
        let anna = portal.administrator().await;
        let mut draft = anna.request(Method::DELETE, "/api/v1/session");
        for (name, value) in &headers {
            draft = draft.header(name, value);
        }
        let answer = draft.send().await;
        if passes {
            answer.must_be(204);
        } else {
            answer.must_fail(403, "cross_site");
            anna.get("/api/v1/session").await.must_be(200);
        }
    }
    // Reading is no matter of origin: cookies of other sites' requests are SameSite's.
    let visitor = portal.visitor();
    let read = visitor
        .request(Method::GET, "/api/v1/terms")
        .header("sec-fetch-site", "cross-site");
    read.send().await.must_be(200);
}

/// Answers of every kind.
async fn kinds_of_answers(visitor: &Client) -> Vec<(&'static str, Response)> {
    let too_large = visitor
        .request(Method::POST, REGISTRATIONS)
        .header("content-type", "application/json");
    let foreign = visitor
        .request(Method::POST, REGISTRATIONS)
        .header("origin", "https://evil.example");
    vec![
        ("200", visitor.get("/api/v1/terms").await.must_be(200)),
        (
            "202",
            visitor
                .post(REGISTRATIONS, &application("a@example.org", "A", "B"))
                .await
                .must_be(202),
        ),
        ("401", visitor.get("/api/v1/me").await.must_be(401)),
        ("403", foreign.send().await.must_be(403)),
        ("404", visitor.get("/nothing").await.must_be(404)),
        ("405", visitor.delete(REGISTRATIONS).await.must_be(405)),
        (
            "413",
            too_large.body(vec![b' '; 300_000]).send().await.must_be(413),
        ),
        (
            "415",
            visitor
                .request(Method::POST, REGISTRATIONS)
                .body("x")
                .send()
                .await
                .must_be(415),
        ),
        ("422", visitor.post(REGISTRATIONS, &json!({})).await.must_be(422)),
        ("health", visitor.get("/health/live").await.must_be(200)),
        ("document", visitor.get("/api/openapi.json").await.must_be(200)),
        ("page", docs(visitor).await),
    ]
}

/// The page to read the document, wherever its address leads.
async fn docs(visitor: &Client) -> Response {
    let mut path = "/api/docs".to_owned();
    loop {
        let answer = visitor.get(&path).await;
        if !answer.status.is_redirection() {
            return answer.must_be(200);
        }
        let next = answer
            .header("location")
            .expect("a redirection leads somewhere")
            .to_owned();
        assert!(next.starts_with("/api/docs") && next != path, "{next}");
        path = next;
    }
}

#[tokio::test]
async fn every_kind_of_answer_carries_the_security_headers() {
    for (url, https) in [("http://localhost:8080", false), ("https://portal.example", true)] {
        let portal = TestPortal::with(&format!("server.public_url = '{url}'")).await;
        for (kind, answer) in kinds_of_answers(&portal.visitor()).await {
            for (name, value) in [
                ("x-content-type-options", "nosniff"),
                ("x-frame-options", "DENY"),
                ("referrer-policy", "same-origin"),
                ("cross-origin-opener-policy", "same-origin"),
                ("cross-origin-resource-policy", "same-origin"),
            ] {
                assert_eq!(answer.header(name), Some(value), "{kind}: {name}");
            }
            let policy = answer
                .header("content-security-policy")
                .unwrap_or_else(|| panic!("{kind}: no policy"));
            assert!(policy.contains("default-src 'none'"), "{kind}: {policy}");
            assert!(policy.contains("frame-ancestors 'none'"), "{kind}: {policy}");
            assert!(
                !policy.contains("unsafe-eval") && !policy.contains("http"),
                "{kind}: {policy}"
            );
            assert!(
                answer.header("x-request-id").is_some() && answer.header("cache-control").is_some(),
                "{kind}"
            );
            assert!(answer.header("access-control-allow-origin").is_none(), "{kind}");
            assert_eq!(
                answer.header("strict-transport-security").is_some(),
                https,
                "{kind}"
            );
        }
    }
}

#[tokio::test]
async fn health_says_whether_the_portal_can_serve() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    assert_eq!(
        visitor.get("/health/live").await.must_be(200).json()["status"],
        "ok"
    );
    let ready = visitor.get("/health/ready").await.must_be(200).json();
    assert_eq!(ready["checks"]["database"], "ok");

    portal.execute("DELETE FROM seaql_migrations").await;
    let unmigrated = visitor.get("/health/ready").await.must_be(503).json();
    assert_eq!(
        (
            unmigrated["status"].as_str(),
            unmigrated["checks"]["database"].as_str()
        ),
        (Some("unavailable"), Some("ok"))
    );

    portal.portal.database.clone().close().await.unwrap();
    assert_eq!(
        visitor.get("/health/ready").await.must_be(503).json()["checks"]["database"],
        "unavailable"
    );
    visitor.get("/health/live").await.must_be(200);
    let answer = visitor
        .post(REGISTRATIONS, &application("a@example.org", "A", "B"))
        .await;
    assert!(
        answer
            .must_fail(503, "unavailable")
            .header("retry-after")
            .is_some()
    );
}

#[tokio::test]
async fn the_document_has_every_route_of_the_contract() {
    let portal = TestPortal::start().await;
    let document = portal
        .visitor()
        .get("/api/openapi.json")
        .await
        .must_be(200)
        .json();
    let mut documented = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            documented.push(format!("{} {}", method.to_uppercase(), unnamed(path)));
            assert!(
                operation["responses"]
                    .as_object()
                    .is_some_and(|answers| !answers.is_empty()),
                "{method} {path}"
            );
        }
    }
    let missing: Vec<_> = ROUTES
        .iter()
        .filter(|route| !documented.contains(&unnamed(route)))
        .collect();
    assert!(missing.is_empty(), "missing: {missing:#?}");
    assert_eq!(unresolved(&document, &document), Vec::<String>::new());
}

/// A path whatever its parameters are called.
fn unnamed(path: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// References that lead nowhere.
fn unresolved(document: &Value, part: &Value) -> Vec<String> {
    match part {
        Value::Object(fields) => {
            let own = fields
                .get("$ref")
                .and_then(Value::as_str)
                .filter(|reference| document.pointer(reference.trim_start_matches('#')).is_none());
            own.map(str::to_owned)
                .into_iter()
                .chain(fields.values().flat_map(|field| unresolved(document, field)))
                .collect()
        }
        Value::Array(items) => items.iter().flat_map(|item| unresolved(document, item)).collect(),
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn the_page_to_read_the_document_is_served_from_here_alone() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    let page = docs(&visitor).await;
    assert!(
        page.header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
    );
    let text = page.text();
    let mut assets = 0;
    for attribute in ["src=\"", "href=\""] {
        for part in text.split(attribute).skip(1) {
            let link = part.split('"').next().unwrap();
            assert!(!link.contains("//"), "{link} is someone else's");
            let path = if link.starts_with('/') {
                link.to_owned()
            } else {
                format!("/api/docs/{}", link.trim_start_matches("./"))
            };
            let asset = visitor.get(&path).await.must_be(200);
            assert!(!asset.body.is_empty(), "{path}");
            assets += 1;
        }
    }
    assert!(assets >= 2, "{text}");
}
