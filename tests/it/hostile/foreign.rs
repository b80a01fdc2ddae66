//! Requests that pages of other sites make a browser send, to every operation and every page.

use std::{collections::BTreeSet, fs, path::Path};

use axum::http::Method;
use serde_json::Value;
use stammtisch::mail::letter::LinkPurpose;
use uuid::Uuid;

use super::OWN;
use crate::{
    acting::everything_but,
    roles::{Scene, body},
    support::Client,
};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const PARTS: (&str, &str) = ("content-type", "multipart/form-data; boundary=x");
const TEXT: (&str, &str) = ("content-type", "text/plain");
const JSON: (&str, &str) = ("content-type", "application/json");

/// What a browser says that was led here by somebody else's page, and what that page can have it send.
const FOREIGN: [&[(&str, &str)]; 12] = [
    &[("sec-fetch-site", "cross-site"), FORM],
    &[("sec-fetch-site", "cross-site"), JSON],
    &[("sec-fetch-site", "cross-site"), TEXT],
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site"), PARTS],
    &[("sec-fetch-site", "none"), FORM],
    &[("sec-fetch-site", "cross-site"), ("origin", OWN), FORM],
    &[("origin", "null"), FORM],
    &[("origin", "https://evil.example"), TEXT],
    &[("origin", "http://localhost:8080.evil.example"), JSON],
    &[FORM],
    &[PARTS],
];

async fn sent(client: &Client, method: &Method, path: &str, headers: &[(&str, &str)], body: &str) -> u16 {
    let draft = client.request(method.clone(), path);
    let draft = headers
        .iter()
        .fold(draft, |draft, (name, value)| draft.header(name, value));
    let answer = draft.body(body.to_owned()).send().await;
    let is_page = answer
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("text/html"));
    if answer.status == 403 && is_page {
        answer.clone().must_show("kommt nicht von diesem Portal");
    } else if answer.status == 403 {
        assert_eq!(answer.json()["code"], "cross_site", "{method} {path}");
    }
    answer.status.as_u16()
}

/// Every operation that changes something, with a body that is right.
fn operations(scene: &Scene, document: &Value, email: &str) -> Vec<(Method, String, Value)> {
    let mut found = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if method == "get" {
                continue;
            }
            let content = operation["requestBody"]["content"].as_object();
            let content = content.and_then(|content| content.values().next());
            let body = content.map_or(Value::Null, |content| body(document, &content["schema"], email));
            found.push((method.to_uppercase().parse().unwrap(), scene.path(path), body));
        }
    }
    found
}

/// Every page, whether or not something can be sent there.
fn pages(folder: &Path, into: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, into);
            continue;
        }
        let source = fs::read_to_string(path).unwrap();
        for route in source.split(".route(").skip(1) {
            let path = route.trim_start().strip_prefix('"');
            into.extend(path.and_then(|path| path.split('"').next()).map(str::to_owned));
        }
    }
}

#[tokio::test]
async fn nothing_is_done_for_another_sites_page_whatever_it_sends_and_wherever() {
    let scene = Scene::set().await;
    let desk = scene.portal.administrator().await;
    let document = desk.get("/api/openapi.json").await.must_be(200).json();
    let operations = operations(&scene, &document, &desk.email);
    assert!(operations.len() > 50, "{}", operations.len());
    let mut templates = BTreeSet::new();
    pages(Path::new("src/web/pages"), &mut templates);
    for purpose in [
        LinkPurpose::Confirm,
        LinkPurpose::Withdraw,
        LinkPurpose::Reset,
        LinkPurpose::EmailChange,
        LinkPurpose::Undo,
    ] {
        templates.insert(format!("/{}", purpose.segment()));
    }
    assert!(
        templates.len() > 50 && templates.contains("/sign-out"),
        "{templates:?}"
    );
    let pages: Vec<String> = templates
        .iter()
        .filter(|path| !path.starts_with("/demo/") && !path.starts_with("/assets/"))
        .map(|path| scene.path(&format!("/de{path}")))
        .collect();

    let before = everything_but(&scene.portal, Uuid::nil()).await;
    for (method, path, body) in &operations {
        for headers in FOREIGN {
            let status = sent(&desk, method, path, headers, &body.to_string()).await;
            assert_eq!(status, 403, "{method} {path} {headers:?}");
        }
        // The one simple type of body that is neither a form nor ours.
        let status = sent(&desk, method, path, &[TEXT], &body.to_string()).await;
        assert_eq!(status, 415, "{method} {path}");
    }
    for path in &pages {
        for headers in FOREIGN {
            let status = sent(&desk, &Method::POST, path, headers, "act=delete&reason=x").await;
            assert_eq!(status, 403, "{path} {headers:?}");
        }
    }
    assert_eq!(everything_but(&scene.portal, Uuid::nil()).await, before);
    desk.get("/api/v1/session").await.must_be(200);

    // The same from the portal's own pages is looked at.
    let same = ("sec-fetch-site", "same-origin");
    for path in &pages {
        let visitor = scene.portal.visitor();
        let status = sent(&visitor, &Method::POST, path, &[same, FORM], "a=b").await;
        assert_ne!(status, 403, "{path}");
    }
    let suspend = format!("/api/v1/admin/accounts/{}/suspend", scene.bert.id);
    assert_eq!(sent(&desk, &Method::POST, &suspend, &[same], "").await, 204);
}
