//! What holds for every route: problems in words, who may ask from where, what a body may be, headers, health, documents.

use std::time::Duration;

use axum::http::Method;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use stammtisch::web::{connections::serve_until, router::router};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_util::sync::CancellationToken;

use crate::{
    openapi::docs,
    support::{Client, PASSWORD, Response, TestPortal, people::application},
};

const REGISTRATIONS: &str = "/api/v1/registrations";

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
async fn a_connection_takes_no_endless_head_and_bodies_in_pieces() {
    let portal = TestPortal::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = CancellationToken::new();
    let serving = tokio::spawn(serve_until(listener, router(&portal.portal), stop.clone()));
    // The status. None: the connection was ended before everything was taken.
    let ask = async |what: &str, head: usize, body: usize| {
        let mut connection = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "{what} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {body}\r\n\
             connection: close\r\nx-long: {}\r\n\r\n{}",
            "x".repeat(head),
            " ".repeat(body)
        );
        let _ = connection.write_all(request.as_bytes()).await;
        let mut answer = Vec::new();
        let _ = connection.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        answer.split(' ').nth(1).map(str::to_owned)
    };
    let (terms, registration) = ("GET /api/v1/terms", "POST /api/v1/registrations");
    assert_eq!(ask(terms, 60 * 1024, 0).await.as_deref(), Some("200"));
    let refused = ask(terms, 200 * 1024, 0).await;
    assert!(
        refused.as_deref().is_none_or(|status| status == "431"),
        "{refused:?}"
    );
    assert_eq!(ask(registration, 0, 256 * 1024).await.as_deref(), Some("400"));
    let refused = ask(registration, 0, 256 * 1024 + 1).await;
    assert!(
        refused.as_deref().is_none_or(|status| status == "413"),
        "{refused:?}"
    );
    stop.cancel();
    serving.await.unwrap();
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

    portal.portal.database.close().await;
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
async fn asking_whether_it_can_serve_creates_nothing() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    let (answer, statements) = portal.statements_of(visitor.get("/health/ready")).await;
    answer.must_be(200);
    assert!(
        statements
            .iter()
            .all(|statement| !statement.contains("CREATE") && !statement.contains("ALTER")),
        "{statements:#?}"
    );
}

#[tokio::test]
async fn what_takes_too_long_is_said_to() {
    let portal = TestPortal::with("server.request_timeout = '1s'").await;
    let lock = portal.portal.database.begin().await.unwrap();
    lock.execute_unprepared("LOCK TABLE seaql_migrations")
        .await
        .unwrap();
    let answer = portal
        .visitor()
        .get("/health/ready")
        .await
        .must_fail(503, "timed_out");
    assert!(answer.header("retry-after").is_some());
    lock.rollback().await.unwrap();
}

#[tokio::test]
async fn what_was_begun_is_done_whether_or_not_whoever_asked_still_waits() {
    for ending in ["they go", "it takes too long"] {
        let portal = TestPortal::with("server.request_timeout = '1s'").await;
        let anna = portal.member("Anna", "Beispiel").await;
        let holder = portal.hold_row(anna.id).await;
        let asking = anna.clone();
        let asked = tokio::spawn(async move {
            let about = json!({ "about": "Noch da" });
            asking.patch("/api/v1/me/profile", &about).await
        });
        portal.until_something_waits().await;
        if ending == "they go" {
            asked.abort();
            assert!(asked.await.unwrap_err().is_cancelled());
        } else {
            asked.await.unwrap().must_fail(503, "timed_out");
        }
        holder.commit().await.unwrap();
        let about = async || anna.get("/api/v1/me/profile").await.must_be(200).json()["about"].clone();
        for _ in 0..200 {
            if about().await == "Noch da" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        assert_eq!(about().await, "Noch da", "{ending}");
        let open = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
        assert_eq!(portal.count(open).await, 0, "{ending}");
    }
}

#[tokio::test]
async fn sessions_come_in_pages() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for _ in 0..4 {
        portal.visitor().sign_in(&anna.email, PASSWORD).await.must_be(200);
    }
    let all = anna.get("/api/v1/sessions").await.must_be(200).json();
    let ids = |page: &Value| -> Vec<Value> {
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| item["id"].clone()).collect()
    };
    let mut seen = Vec::new();
    let mut path = "/api/v1/sessions?limit=2".to_owned();
    loop {
        let page = anna.get(&path).await.must_be(200).json();
        assert!(ids(&page).len() <= 2);
        seen.extend(ids(&page));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/sessions?limit=2&cursor={next}");
    }
    assert!(seen.len() >= 5);
    assert_eq!(seen, ids(&all));
}
