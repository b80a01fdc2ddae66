//! The document of the API is complete, and the page to read it needs nobody else's server.

use std::io::Read;

use serde_json::Value;

use crate::support::{Client, Response, TestPortal};

/// Every route that the contract names and this portal has, as `METHOD path`.
const ROUTES: [&str; 102] = [
    "POST /api/v1/registrations",
    "POST /api/v1/registrations/confirm",
    "POST /api/v1/registrations/withdraw",
    "GET /api/v1/terms",
    "POST /api/v1/session",
    "GET /api/v1/session",
    "DELETE /api/v1/session",
    "POST /api/v1/session/second-step",
    "POST /api/v1/session/proof",
    "POST /api/v1/session/proof/passkey",
    "POST /api/v1/session/passkey",
    "POST /api/v1/session/passkey/options",
    "GET /api/v1/me/passkeys",
    "POST /api/v1/me/passkeys",
    "POST /api/v1/me/passkeys/options",
    "DELETE /api/v1/me/passkeys/{id}",
    "GET /api/v1/sessions",
    "DELETE /api/v1/sessions/{id}",
    "DELETE /api/v1/sessions",
    "POST /api/v1/password-resets",
    "POST /api/v1/password-resets/confirm",
    "GET /api/v1/me",
    "PATCH /api/v1/me",
    "PUT /api/v1/me/password",
    "POST /api/v1/me/email-change",
    "POST /api/v1/email-changes/confirm",
    "GET /api/v1/me/second-factor",
    "POST /api/v1/me/second-factor/totp",
    "DELETE /api/v1/me/second-factor/totp",
    "POST /api/v1/me/second-factor/totp/confirm",
    "POST /api/v1/me/second-factor/recovery-codes",
    "GET /api/v1/me/profile",
    "PATCH /api/v1/me/profile",
    "GET /api/v1/me/preferences",
    "PATCH /api/v1/me/preferences",
    "GET /api/v1/me/export",
    "GET /api/v1/me/deletion-preview",
    "POST /api/v1/me/deletion",
    "POST /api/v1/deletions",
    "POST /api/v1/deletions/undo",
    "GET /api/v1/deletions/{receipt_code}",
    "GET /api/v1/members",
    "GET /api/v1/members/{id}",
    "GET /api/v1/conversations",
    "POST /api/v1/conversations",
    "GET /api/v1/conversations/{id}",
    "GET /api/v1/conversations/{id}/messages",
    "POST /api/v1/conversations/{id}/messages",
    "PUT /api/v1/conversations/{id}/read",
    "DELETE /api/v1/conversations/{id}/members/{member_id}",
    "DELETE /api/v1/messages/{id}",
    "POST /api/v1/messages/{id}/report",
    "POST /api/v1/groups",
    "PATCH /api/v1/groups/{id}",
    "GET /api/v1/groups/{id}/invitations",
    "POST /api/v1/groups/{id}/invitations",
    "DELETE /api/v1/groups/{id}/invitations/{account_id}",
    "DELETE /api/v1/groups/{id}/members/{member_id}",
    "GET /api/v1/invitations",
    "POST /api/v1/invitations/{id}/accept",
    "DELETE /api/v1/invitations/{id}",
    "GET /api/v1/enquiries",
    "POST /api/v1/enquiries",
    "GET /api/v1/enquiries/{id}",
    "POST /api/v1/enquiries/{id}/messages",
    "POST /api/v1/enquiries/{id}/close",
    "GET /api/v1/admin/registrations",
    "POST /api/v1/admin/registrations/{account_id}/approve",
    "POST /api/v1/admin/registrations/{account_id}/reject",
    "GET /api/v1/admin/accounts",
    "GET /api/v1/admin/accounts/{id}",
    "POST /api/v1/admin/accounts/{id}/suspend",
    "POST /api/v1/admin/accounts/{id}/reinstate",
    "DELETE /api/v1/admin/accounts/{id}/sessions",
    "PUT /api/v1/admin/accounts/{id}/role",
    "POST /api/v1/admin/accounts/{id}/second-factor/removal",
    "DELETE /api/v1/admin/accounts/{id}/second-factor/removal",
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
    "GET /api/v1/admin/ledger",
    "GET /api/v1/admin/audit-events",
    "GET /api/v1/admin/enquiries",
    "GET /api/v1/admin/enquiries/{id}",
    "POST /api/v1/admin/enquiries/{id}/answer",
    "GET /api/v1/admin/reports",
    "GET /api/v1/admin/reports/{id}",
    "POST /api/v1/admin/reports/{id}/remove",
    "POST /api/v1/admin/reports/{id}/suspend",
    "POST /api/v1/admin/reports/{id}/dismiss",
    "PUT /api/v1/admin/enquiries/{id}/assignment",
    "POST /api/v1/admin/enquiries/{id}/close",
    "GET /health/live",
    "GET /health/ready",
];

/// The page to read the document, wherever its address leads.
pub async fn docs(visitor: &Client) -> Response {
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

#[tokio::test]
async fn the_page_to_read_the_document_is_served_from_here_alone() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    let page = docs(&visitor).await;
    assert!(
        page.header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"))
    );
    // It is kept packed, and sent so.
    assert_eq!(page.header("content-encoding"), Some("gzip"));
    let mut text = String::new();
    flate2::read::GzDecoder::new(&*page.body)
        .read_to_string(&mut text)
        .unwrap();
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
