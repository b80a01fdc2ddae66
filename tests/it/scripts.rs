//! Scripts in what people type stay text: wherever it is shown, on every page and in every mail, no element and no
//! attribute comes of it, and no script that stands in a page would run.

mod stage;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use stage::{Cast, Stage, fill};

use crate::{
    bad_input::resolved,
    support::{
        Client, Response, TestPortal,
        html::{Document, collapsed},
    },
};

/// What would become an element, an attribute or a script, if it were not text.
const PAYLOADS: [&str; 8] = [
    "<script>alert('payload')</script>",
    "\"><img src=x onerror=alert(1)>",
    "'><svg/onload=alert(1)>",
    "</title></textarea></style></script><xss/>",
    "\" autofocus onfocus=alert(1) x=\"",
    "' style='x' onmouseover='alert(1)",
    "javascript:alert(1)//<!--<a href=javascript:x>",
    "&lt;img src=x onerror=alert(1)&gt;&#60;b&#62;{{7*7}}",
];

/// What nothing comes of anyway.
const HARMLESS: &str = "Musterwort";

/// So many pages are looked at for everybody, if there are as many.
const PAGES: usize = 150;

/// What was shown.
#[derive(Default)]
struct Shown {
    /// Elements and attributes of all pages and mails.
    shape: BTreeSet<(String, String)>,
    /// Where the words are seen, by reader and path.
    places: BTreeSet<String>,
}

impl Shown {
    fn look_at(&mut self, place: &str, html: &str, words: &str) -> Document {
        let document = Document::read(html);
        for (element, name, value) in &document.attributes {
            let leads = ["href", "src", "action", "formaction"].contains(&name.as_str());
            let place_of = value.trim_start().to_lowercase();
            assert!(
                !leads || !(place_of.starts_with("javascript:") || place_of.starts_with("data:")),
                "{place}: {element} {name} {value}"
            );
        }
        self.shape.extend(document.shape.iter().cloned());
        if document.shows(words) {
            self.places.insert(place.to_owned());
        }
        document
    }

    #[track_caller]
    fn must_have(&self, places: &[String]) {
        for place in places {
            assert!(
                self.places.contains(place),
                "{place} does not show it, but {:#?}",
                self.places
            );
        }
    }
}

/// Scripts of the portal's own files alone, whatever stands in the page.
#[track_caller]
fn must_forbid_scripts(answer: &Response) {
    let policy = answer.header("content-security-policy").unwrap_or_default();
    let rules: BTreeMap<&str, &str> = policy
        .split(';')
        .filter_map(|rule| rule.trim().split_once(' '))
        .collect();
    assert_eq!(rules.get("default-src"), Some(&"'none'"), "{policy}");
    assert_eq!(rules.get("script-src"), Some(&"'self'"), "{policy}");
    assert_eq!(rules.get("style-src"), Some(&"'self'"), "{policy}");
    assert_eq!(rules.get("base-uri"), Some(&"'none'"), "{policy}");
    assert_eq!(rules.get("form-action"), Some(&"'self'"), "{policy}");
}

/// Opens page after page as far as they lead, from the start page on.
async fn walk(stage: &Stage, name: &str, reader: &Client, begin: &[String], shown: &mut Shown) {
    let mut waiting: VecDeque<String> = begin.iter().cloned().collect();
    waiting.push_front("/de".to_owned());
    let mut known: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut opened = 0;
    while let Some(path) = waiting.pop_front() {
        let answer = reader.get(&path).await;
        let is_page = answer
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/html"));
        if !is_page {
            continue;
        }
        must_forbid_scripts(&answer);
        let document = shown.look_at(&format!("{name} {path}"), &answer.text(), stage.words);
        opened += 1;
        if opened == PAGES {
            break;
        }
        for (_, attribute, value) in document.attributes {
            let value = value.split('#').next().unwrap_or_default().to_owned();
            if attribute == "href" && value.starts_with("/de") && known.insert(value.clone()) {
                waiting.push_back(value);
            }
        }
    }
    assert!(opened > 5, "{name} saw {opened} pages");
}

/// What comes back on the page at once: searches, forms that are refused, and what stands in the address.
async fn reflect(stage: &Stage, cast: &Cast, shown: &mut Shown) {
    let words = stage.words;
    let encoded: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
    let visitor = stage.portal.visitor();
    for (name, reader, path, is_seen) in [
        ("anna", &*cast.anna, "/de/members?query=", true),
        ("anna", &*cast.anna, "/de/members?organisation=", true),
        ("anna", &*cast.anna, "/de/conversations/search?query=", true),
        ("anna", &*cast.anna, "/de/profile?done=", false),
        ("anna", &*cast.anna, "/de/members?cursor=", false),
        ("desk", &*cast.desk, "/de/desk/accounts?query=", true),
        ("desk", &*cast.desk, "/de/desk/accounts?status=", false),
        ("visitor", &visitor, "/de/sign-in?next=", false),
        ("visitor", &visitor, "/de/confirm?token=", false),
        ("visitor", &visitor, "/de/unknown?a=", false),
    ] {
        let answer = reader.get(&format!("{path}{encoded}")).await;
        must_forbid_scripts(&answer);
        let place = format!("{name} {path}");
        shown.look_at(&place, &answer.text(), words);
        if is_seen {
            shown.must_have(&[place]);
        }
    }
    for (name, reader, path, field) in [
        ("visitor", &visitor, "/de/sign-in", "email"),
        ("visitor", &visitor, "/de/sign-in", "next"),
        ("visitor", &visitor, "/de/sign-in", "carried"),
        ("visitor", &visitor, "/de/register", "first_name"),
        ("visitor", &visitor, "/de/register", "message"),
        ("visitor", &visitor, "/de/receipt", "receipt_code"),
        ("visitor", &visitor, "/de/enquiries", "subject"),
        ("anna", &*cast.anna, "/de/profile", "phone"),
        ("anna", &*cast.anna, "/de/enquiries", "subject"),
        ("anna", &*cast.anna, "/de/account/email", "email"),
        ("desk", &*cast.desk, "/de/desk/organisations", "email_domains"),
    ] {
        let answer = reader.submit(path, &[(field, words)]).await;
        assert_ne!(answer.status, 303, "{path} {field}");
        must_forbid_scripts(&answer);
        let place = format!("{name} {path} {field}");
        let document = shown.look_at(&place, &answer.text(), words);
        // A form that is carried through a sign-in stands in one field, encoded as forms are.
        assert!(
            document.shows(words) || document.shows(&encoded),
            "{place}: {}",
            document.text
        );
    }
}

async fn show_everything(words: &'static str) -> (Shown, BTreeSet<String>) {
    let mut stage = Stage {
        portal: TestPortal::with("limits.enabled = false").await,
        words,
        said: BTreeSet::new(),
    };
    let cast = Box::pin(fill(&mut stage)).await;
    let mut shown = Shown::default();
    let visitor = stage.portal.visitor();
    walk(&stage, "anna", &cast.anna, &cast.annas, &mut shown).await;
    walk(&stage, "desk", &cast.desk, &cast.desks, &mut shown).await;
    walk(&stage, "moderator", &cast.moderator, &cast.moderators, &mut shown).await;
    walk(&stage, "visitor", &visitor, &[], &mut shown).await;
    reflect(&stage, &cast, &mut shown).await;
    let places = |name: &str, paths: &[String]| -> Vec<String> {
        paths.iter().map(|path| format!("{name} {path}")).collect()
    };
    shown.must_have(&places("anna", &cast.annas));
    shown.must_have(&places("desk", &cast.desks));
    shown.must_have(&places("moderator", &cast.moderators));
    let mut mailed = Shown::default();
    for mail in stage.portal.mails() {
        mailed.look_at(&mail.subject, &mail.html, words);
        assert!(!collapsed(&mail.subject).contains(words), "{}", mail.subject);
    }
    assert_eq!(
        mailed.places.len(),
        3,
        "rejection, removal and suspension give reasons: {:?}",
        mailed.places
    );
    shown.shape.extend(mailed.shape);
    (shown, stage.said)
}

#[tokio::test]
async fn what_people_type_is_text_on_every_page_and_in_every_mail() {
    let (plain, _) = show_everything(HARMLESS).await;
    for payload in PAYLOADS {
        let (shown, _) = show_everything(payload).await;
        let new: Vec<_> = shown.shape.difference(&plain.shape).collect();
        assert!(new.is_empty(), "{payload} became {new:?}");
    }
}

/// What is no text of somebody's: addresses, secrets and words of lists.
const OF_OTHER_KINDS: [&str; 14] = [
    "email",
    "password",
    "current_password",
    "new_password",
    "token",
    "ticket",
    "ceremony",
    "code",
    "basis",
    "locale",
    "accept_terms",
    "message_mail",
    "role",
    // Digits and a few marks: anything else is refused.
    "phone",
];

#[tokio::test]
async fn every_text_that_the_document_knows_is_among_them() {
    let document = serde_json::to_value(stammtisch::web::api::document()).unwrap();
    let mut texts = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let content = operation["requestBody"]["content"].as_object();
            let Some(body) = content.and_then(|content| content.values().next()) else {
                continue;
            };
            let fields = resolved(&document, &body["schema"])["properties"].as_object();
            for (name, schema) in fields.into_iter().flatten() {
                let schema = resolved(&document, schema);
                let is_text = schema["type"] == "string" || schema["type"][0] == "string";
                if is_text && schema["format"].is_null() && !OF_OTHER_KINDS.contains(&name.as_str()) {
                    texts.insert(format!("{method} {path} {name}"));
                }
            }
        }
    }
    assert!(texts.len() > 30, "{texts:?}");
    let (_, said) = show_everything(PAYLOADS[0]).await;
    assert_eq!(said, texts);
}

#[test]
fn what_becomes_an_element_or_an_attribute_is_seen() {
    for payload in &PAYLOADS[..7] {
        let read = |text: &str| {
            Document::read(&format!(
                "<title>x</title><p class=\"a\" title=\"{text}\" lang='{text}'>{text}</p>"
            ))
        };
        assert_ne!(read(payload).shape, read(HARMLESS).shape, "{payload}");
    }
    let escaped = Document::read("<p title=\"&#34;&#62;&lt;b&gt;\">&#60;b&#62; &amp;lt;</p>");
    assert_eq!(escaped.text, "<b> &lt;");
    assert_eq!(escaped.attributes[0].2, "\"><b>");
    assert_eq!(escaped.shape.len(), 1);
}
