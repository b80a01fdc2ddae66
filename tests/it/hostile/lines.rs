//! Texts and addresses that try to begin a line of their own: in the headers of mails, in what is told to a mail server.

use std::{collections::BTreeSet, fs};

use axum::http::Method;
use mail_parser::MessageParser;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    enquiries::ask,
    groups::open,
    messaging::id,
    reports::{insult, report},
    support::{Client, PASSWORD, TestPortal, people::application},
};

/// What begins another line somewhere, or ends a text.
const BREAKS: [&str; 8] = [
    "\r\nBcc: evil@evil.example\r\n",
    "\nBcc: evil@evil.example\n",
    "\rBcc: evil@evil.example\r",
    "\u{0}",
    "\u{b}",
    "\u{85}",
    "\u{2028}",
    "\u{2029}",
];

/// The same as mail programs write what is not ASCII (RFC 2047): harmless as long as nobody takes it for that.
const ENCODED: &str = "=?utf-8?B?DQpCY2M6IGV2aWxAZXZpbC5leGFtcGxlDQo=?=";

/// The headers of mails.
const HEADERS: [&str; 11] = [
    "auto-submitted",
    "content-language",
    "content-type",
    "date",
    "from",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "message-id",
    "mime-version",
    "subject",
    "to",
];

/// Whether a mail is one message to one mailbox, to the byte.
fn check_mail(raw: &[u8]) {
    let text = std::str::from_utf8(raw).unwrap();
    assert!(
        text.bytes()
            .all(|byte| byte.is_ascii_graphic() || b" \t\r\n".contains(&byte))
    );
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "{text}");
    assert!(text.lines().all(|line| line.len() <= 998), "{text}");
    let (head, _) = text.split_once("\r\n\r\n").unwrap();
    let mut names = BTreeSet::new();
    for line in head.split("\r\n").filter(|line| !line.starts_with([' ', '\t'])) {
        let name = line.split(':').next().unwrap().to_ascii_lowercase();
        assert!(HEADERS.contains(&name.as_str()), "{name} in {head}");
        assert!(names.insert(name), "twice: {line}");
    }
    let mail = MessageParser::default().parse(raw).unwrap();
    assert_eq!((mail.parts.len(), mail.attachment_count()), (3, 0), "{text}");
    assert!(mail.bcc().is_none() && mail.cc().is_none(), "{text}");
    assert_eq!(
        mail.to().map(|to| to.iter().count()),
        Some(1),
        "one recipient: {head}"
    );
}

/// How many mails left, every one of them looked at.
fn check_mails(portal: &TestPortal) -> usize {
    let mails = fs::read_dir(portal.folder().join("mail")).unwrap();
    mails
        .map(|mail| check_mail(&fs::read(mail.unwrap().path()).unwrap()))
        .count()
}

#[test]
#[should_panic(expected = "bcc")]
fn a_mail_with_another_header_is_seen() {
    check_mail(b"To: a@example.org\r\nBcc: evil@evil.example\r\nSubject: x\r\n\r\nx\r\n");
}

/// Sends a body whose field holds the text, and expects the field to be refused.
async fn must_refuse(client: &Client, method: &Method, path: &str, body: &Value, field: &str, text: &str) {
    let mut body = body.clone();
    body[field] = json!(text);
    let kind = match *method {
        Method::PATCH => "application/merge-patch+json",
        _ => "application/json",
    };
    let draft = client.request(method.clone(), path).header("content-type", kind);
    let answer = draft.body(body.to_string()).send().await;
    assert_eq!(
        answer.status,
        422,
        "{method} {path} {field} {text:?}: {}",
        answer.text()
    );
    assert_eq!(answer.json()["errors"][0]["field"], field, "{}", answer.text());
}

#[tokio::test]
async fn no_line_that_people_type_begins_another_one() {
    let portal = TestPortal::with("limits.enabled = false").await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let desk = portal.administrator().await;
    let visitor = portal.visitor();
    let registration = application("neu@elsewhere.example", "Nora", "Neu");
    let opening = json!({ "member_ids": [bert.id], "body": "Guten Tag" });
    let question = json!({ "subject": "Frage", "body": "Wann?" });
    let organisation = json!({ "name": "Kreis", "email_domains": [] });
    let order = json!({ "basis": "open_claim", "reference": "Az. 1" });
    let holds = format!("/api/v1/admin/accounts/{}/holds", bert.id);
    let before = portal.row_counts().await;
    let lines: [(&Client, Method, &str, &Value, &[&str]); 7] = [
        (
            &visitor,
            Method::POST,
            "/api/v1/registrations",
            &registration,
            &["first_name", "last_name", "organisation", "department"],
        ),
        (
            &anna,
            Method::PATCH,
            "/api/v1/me/profile",
            &json!({}),
            &[
                "first_name",
                "last_name",
                "display_name",
                "department",
                "position",
                "phone",
            ],
        ),
        (
            &anna,
            Method::POST,
            "/api/v1/conversations",
            &opening,
            &["subject"],
        ),
        (&anna, Method::POST, "/api/v1/groups", &json!({}), &["name"]),
        (&anna, Method::POST, "/api/v1/enquiries", &question, &["subject"]),
        (
            &desk,
            Method::POST,
            "/api/v1/admin/organisations",
            &organisation,
            &["name"],
        ),
        (&desk, Method::POST, &holds, &order, &["reference"]),
    ];
    for (client, method, path, body, fields) in &lines {
        for field in *fields {
            for inside in BREAKS {
                must_refuse(client, method, path, body, field, &format!("1{inside}2")).await;
            }
        }
    }
    assert_eq!(portal.row_counts().await, before);
}

#[tokio::test]
async fn no_address_leads_a_mail_to_somebody_else() {
    let portal = TestPortal::with("limits.enabled = false").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let visitor = portal.visitor();
    portal.work().await;
    let sent_before = portal.mails().len();
    let registration = application("", "Nora", "Neu");
    let change = json!({ "password": PASSWORD });
    let mut addresses: Vec<String> = [
        "a@example.org,evil@evil.example",
        "a@example.org;evil@evil.example",
        "a@example.org evil@evil.example",
        "Nora <a@example.org>",
        "<a@example.org>",
        "a@example.org>\r\nRCPT TO:<evil@evil.example",
        "\"a\\\r\n b\"@example.org",
        "\"a@evil.example\"@example.org",
        "a(evil@evil.example)@example.org",
        "a@[127.0.0.1]",
        "a@example.org (Bcc: evil@evil.example)",
        "@evil.example:a@example.org",
        "a@example.org@evil.example",
    ]
    .map(str::to_owned)
    .into();
    for inside in BREAKS {
        addresses.push(format!("an{inside}na@example.org"));
        addresses.push(format!("anna@exa{inside}mple.org"));
    }
    for address in &addresses {
        must_refuse(
            &visitor,
            &Method::POST,
            "/api/v1/registrations",
            &registration,
            "email",
            address,
        )
        .await;
        must_refuse(
            &anna,
            &Method::POST,
            "/api/v1/me/email-change",
            &change,
            "email",
            address,
        )
        .await;
        let reset = visitor
            .post("/api/v1/password-resets", &json!({ "email": address }))
            .await;
        assert!([202, 422].contains(&reset.status.as_u16()), "{}", reset.text());
    }
    portal.work().await;
    assert_eq!(portal.mails().len(), sent_before);
}

#[tokio::test]
async fn whatever_reasons_and_names_hold_a_mail_is_one_message_to_one_mailbox() {
    let portal = TestPortal::with("limits.enabled = false").await;
    let (anna, bert, _, message) = insult(&portal).await;
    let desk = portal.administrator().await;
    // As text it may stand anywhere; mails name nobody and show reasons alone.
    anna.patch(
        "/api/v1/me/profile",
        &json!({ "first_name": ENCODED, "last_name": ENCODED, "display_name": ENCODED }),
    )
    .await
    .must_be(200);
    let enquiry = ask(&anna, ENCODED).await;
    open(&anna, ENCODED).await;
    let evil = application("=?utf-8?q?nora?=@elsewhere.example", ENCODED, ENCODED);
    let visitor = portal.visitor();
    let noted = visitor.post("/api/v1/registrations", &evil).await;
    assert!([202, 422].contains(&noted.status.as_u16()), "{}", noted.text());
    for (number, inside) in BREAKS.iter().enumerate() {
        let email = format!("nora{number}@elsewhere.example");
        portal.register(&email, ENCODED, ENCODED).await.must_be(200);
        let applicant: Uuid = portal
            .scalar("SELECT id FROM account WHERE status = 'pending'")
            .await;
        let reject = format!("/api/v1/admin/registrations/{applicant}/reject");
        let typed = format!("Grund{inside}{ENCODED} .\r\n.\r\nEnde");
        let answer = desk.post(&reject, &json!({ "reason": typed })).await;
        // Reasons have lines; what is no line break has no place in them.
        if inside.contains("Bcc") {
            answer.must_be(204);
            portal.work().await;
            let mail = portal.mails_to(&email).pop().unwrap();
            assert!(mail.text.contains("> Bcc: evil@evil.example"), "{}", mail.text);
            assert!(mail.text.contains(ENCODED), "{}", mail.text);
        } else {
            answer.must_refuse(&["reason: control_character"]);
            let approve = format!("/api/v1/admin/registrations/{applicant}/approve");
            desk.post(&approve, &json!({})).await.must_be(204);
        }
    }
    let reported = id(&report(&anna, &message, ENCODED).await.must_be(201).json());
    let suspend = format!("/api/v1/admin/reports/{reported}/suspend");
    let reason = json!({ "reason": format!("{ENCODED}{}", BREAKS[0]) });
    desk.post(&suspend, &reason).await.must_be(204);
    let answer = format!("/api/v1/admin/enquiries/{enquiry}/answer");
    desk.post(&answer, &json!({ "body": BREAKS[0] }))
        .await
        .must_be(204);
    portal.work().await;
    assert_eq!(portal.mails_to("evil@evil.example").len(), 0);
    assert!(!portal.mails_to(&bert.email).is_empty());
    assert!(check_mails(&portal) > 20);
}
