//! Who may do what: everybody calls every operation and opens every page of the desk, and is let in where the
//! operation says so, nowhere else.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use axum::http::Method;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use stammtisch::erasure::guard;
use uuid::Uuid;

use crate::{
    bad_input::{resolved, sample},
    enquiries::ask,
    messaging::id,
    reports::{insult, report},
    support::{Client, PASSWORD, Person, Response, TestPortal, page},
    sweep::sweep,
};

pub const MODERATOR: &str = "moderator";
pub const OFFICER: &str = "data_protection_officer";
const ROLES: [&str; 4] = ["member", MODERATOR, "administrator", OFFICER];

const ADMINISTRATORS: &[&str] = &["administrator"];
const REPORTS: &[&str] = &[MODERATOR, "administrator"];
const HOLDS: &[&str] = &["administrator", OFFICER];

/// Who may at the desk, by the beginning of method and path; the first that fits.
const DESK: [(&str, &[&str]); 16] = [
    ("get /api/v1/admin/registrations", ADMINISTRATORS),
    ("post /api/v1/admin/registrations/", ADMINISTRATORS),
    ("get /api/v1/admin/accounts/{id}/holds", HOLDS),
    ("post /api/v1/admin/accounts/{id}/holds", HOLDS),
    ("get /api/v1/admin/accounts", HOLDS),
    ("post /api/v1/admin/accounts/", ADMINISTRATORS),
    ("put /api/v1/admin/accounts/", ADMINISTRATORS),
    ("post /api/v1/admin/holds/", HOLDS),
    ("delete /api/v1/admin/holds/", HOLDS),
    ("get /api/v1/admin/deletions", HOLDS),
    ("get /api/v1/admin/ledger", HOLDS),
    ("get /api/v1/admin/audit-events", HOLDS),
    ("get /api/v1/admin/reports", REPORTS),
    ("post /api/v1/admin/reports/", REPORTS),
    ("get /api/v1/admin/mails", ADMINISTRATORS),
    ("", ADMINISTRATORS),
];

/// A page's path, who may open it, and who may send what stands on it.
type Page = (
    &'static str,
    &'static [&'static str],
    Option<&'static [&'static str]>,
);

/// The desk's pages: who may open them, and who may send what stands on them, if anything does.
pub const PAGES: [Page; 17] = [
    ("/desk", &[MODERATOR, "administrator", OFFICER], None),
    ("/desk/registrations", ADMINISTRATORS, None),
    ("/desk/registrations/{id}", ADMINISTRATORS, Some(ADMINISTRATORS)),
    ("/desk/accounts", HOLDS, None),
    ("/desk/accounts/{id}", HOLDS, Some(ADMINISTRATORS)),
    ("/desk/accounts/{id}/holds/new", HOLDS, Some(HOLDS)),
    ("/desk/holds", HOLDS, None),
    ("/desk/holds/{id}", HOLDS, Some(HOLDS)),
    ("/desk/deletions", HOLDS, None),
    ("/desk/reports", REPORTS, None),
    ("/desk/reports/{id}", REPORTS, Some(REPORTS)),
    ("/desk/enquiries", ADMINISTRATORS, None),
    ("/desk/enquiries/{id}", ADMINISTRATORS, Some(ADMINISTRATORS)),
    ("/desk/organisations", ADMINISTRATORS, Some(ADMINISTRATORS)),
    ("/desk/organisations/{id}", ADMINISTRATORS, Some(ADMINISTRATORS)),
    ("/desk/mails", ADMINISTRATORS, None),
    ("/desk/audit", HOLDS, None),
];

/// Something of every kind, by the name that it has in paths.
pub struct Scene {
    pub portal: TestPortal,
    pub anna: Person,
    pub bert: Person,
    ids: BTreeMap<&'static str, String>,
}

impl Scene {
    pub async fn set() -> Self {
        // Hundreds sign in from one place here.
        let portal = TestPortal::with("limits.enabled = false").await;
        let (anna, bert, conversation, message) = insult(&portal).await;
        let desk = portal.administrator().await;
        let reported = id(&report(&anna, &message, "Beleidigung").await.must_be(201).json());
        let enquiry = ask(&anna, "Rechnung").await;
        let hold = hold_on(&desk, &bert).await;
        portal
            .register("carl@elsewhere.example", "Carl", "Wartend")
            .await
            .must_be(200);
        let carl: Uuid = portal
            .scalar("SELECT id FROM account WHERE status = 'pending'")
            .await;
        let organisation: Uuid = portal.scalar("SELECT id FROM organisation").await;
        let ids = [
            ("admin/registrations", carl.to_string()),
            ("admin/accounts", bert.id.to_string()),
            ("admin/holds", hold),
            ("admin/reports", reported),
            ("admin/enquiries", enquiry.clone()),
            ("admin/organisations", organisation.to_string()),
            ("enquiries", enquiry),
            ("conversations", conversation),
            ("messages", message),
            ("members", anna.id.to_string()),
        ];
        Self {
            portal,
            anna,
            bert,
            ids: ids.into(),
        }
    }

    /// A path with an id of something that exists, where there is something of its kind.
    pub fn path(&self, template: &str) -> String {
        let mut before: Vec<String> = Vec::new();
        for segment in template.split('/') {
            if segment.starts_with('{') {
                let kind = before.iter().rev().take(2).rev().map(String::as_str);
                let kind = kind.collect::<Vec<_>>().join("/").replace("desk/", "admin/");
                let last = before.last().map(String::as_str).unwrap_or_default();
                let known = self.ids.get(kind.as_str()).or(self.ids.get(last));
                before.push(known.cloned().unwrap_or_else(|| self.anna.id.to_string()));
            } else {
                before.push(segment.to_owned());
            }
        }
        before.join("/")
    }

    /// Somebody new with this role, signed in; or a visitor.
    async fn somebody(&self, role: Option<&str>) -> (Client, String) {
        match role {
            Some(role) => {
                let person = self.portal.staff(role).await;
                ((*person).clone(), person.email.clone())
            }
            None => (self.portal.visitor(), self.portal.staff("member").await.email),
        }
    }
}

async fn hold_on(desk: &Person, person: &Person) -> String {
    let order = json!({ "basis": "open_claim", "reference": "Az. 4 O 123/26", "categories": ["messages"] });
    let path = format!("/api/v1/admin/accounts/{}/holds", person.id);
    id(&desk.post(&path, &order).await.must_be(201).json())
}

/// A body as the document shows it, with the caller's own address and password, so that nobody is refused for those.
pub fn body(document: &Value, schema: &Value, email: &str) -> Value {
    let schema = resolved(document, schema);
    let example = &schema["example"];
    let fields = schema["properties"].as_object().into_iter().flatten();
    let value = |(name, schema): (&String, &Value)| {
        let value = match name.as_str() {
            "email" => json!(email),
            "password" | "current_password" => json!(PASSWORD),
            _ => example
                .get(name)
                .cloned()
                .unwrap_or_else(|| sample(document, schema)),
        };
        (name.clone(), value)
    };
    Value::Object(fields.map(value).collect::<Map<_, _>>())
}

async fn call(client: &Client, method: &str, path: &str, sent: Option<(&str, Value)>) -> Response {
    // A stream that is let in never ends.
    let path = match path {
        "/api/v1/events" => "/api/v1/events?after=nonsense",
        path => path,
    };
    let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
    let request = client.request(method, path);
    match sent {
        Some((kind, body)) => {
            request
                .header("content-type", kind)
                .body(body.to_string())
                .send()
                .await
        }
        None => request.send().await,
    }
}

#[tokio::test]
async fn every_operation_admits_those_whom_it_names_and_nobody_else() {
    let scene = Scene::set().await;
    let document = scene.anna.get("/api/openapi.json").await.must_be(200).json();
    let mut asked = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = format!("{method} {path}");
            let stated: Vec<&str> = operation["x-roles"]
                .as_array()
                .unwrap_or_else(|| panic!("{name} does not say who may"))
                .iter()
                .map(|role| role.as_str().unwrap())
                .collect();
            assert!(!stated.is_empty(), "{name} is for nobody");
            assert!(
                stated
                    .iter()
                    .all(|role| *role == "visitor" || ROLES.contains(role)),
                "{name}: {stated:?}"
            );
            let content = operation["requestBody"]["content"].as_object();
            for role in [None].into_iter().chain(ROLES.map(Some)) {
                let (client, email) = scene.somebody(role).await;
                let sent = content.and_then(|content| content.iter().next());
                let sent = sent.map(|(kind, it)| (kind.as_str(), body(&document, &it["schema"], &email)));
                let answer = call(&client, method, &scene.path(path), sent).await;
                let status = answer.status.as_u16();
                let told = format!("{name} as {role:?}: {status} {}", answer.text());
                if stated.contains(&role.unwrap_or("visitor")) {
                    assert!(![401, 403].contains(&status) && status < 500, "{told}");
                } else {
                    let expected = match role {
                        None => (401, "not_signed_in"),
                        Some(_) => (403, "forbidden"),
                    };
                    assert_eq!(
                        (status, answer.json()["code"].as_str().unwrap()),
                        expected,
                        "{told}"
                    );
                }
            }
            asked.insert(name);
        }
    }
    assert!(asked.len() > 80, "{asked:?}");
}

#[test]
fn at_the_desk_every_operation_states_what_the_roles_are_for() {
    let document = serde_json::to_value(stammtisch::web::api::document()).unwrap();
    let (mut unused, mut seen): (BTreeSet<_>, usize) = (DESK.map(|(start, _)| start).into(), 0);
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = format!("{method} {path}");
            let stated = &operation["x-roles"];
            if !path.starts_with("/api/v1/admin/") {
                assert!(
                    ROLES
                        .iter()
                        .all(|role| stated.as_array().unwrap().contains(&json!(role))),
                    "{name}: {stated}"
                );
                continue;
            }
            seen += 1;
            let (start, roles) = DESK.iter().find(|(start, _)| name.starts_with(start)).unwrap();
            unused.remove(start);
            assert_eq!(*stated, json!(roles), "{name}");
            let told = operation["responses"]["403"]["description"].as_str().unwrap();
            assert!(told.contains("`forbidden`: only for"), "{name}: {told}");
        }
    }
    assert!(seen > 25 && unused.is_empty(), "{seen} {unused:?}");
}

/// The routes that the desk's pages have, with whether something can be sent there.
fn routes_of_the_desk() -> BTreeMap<String, bool> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir("src/web/pages/desk").unwrap() {
        let path = entry.unwrap().path();
        if !path.is_file() {
            continue;
        }
        let source = fs::read_to_string(path).unwrap();
        for route in source.split(".route(\"").skip(1) {
            let (path, handlers) = route.split_once('"').unwrap();
            let handlers = handlers.split_once("))").unwrap().0;
            found.insert(path.to_owned(), handlers.contains("post("));
        }
    }
    found
}

#[tokio::test]
async fn every_page_of_the_desk_opens_for_those_alone_whose_role_it_takes() {
    let known = PAGES.map(|(path, _, post)| (path.to_owned(), post.is_some()));
    assert_eq!(BTreeMap::from(known), routes_of_the_desk());
    let scene = Scene::set().await;
    for (template, opens, sends) in PAGES {
        let path = scene.path(&format!("/de{template}"));
        scene.portal.visitor().get(&path).await.must_be(303);
        for role in ROLES {
            let person = scene.portal.staff(role).await;
            let status = person.get(&path).await.status.as_u16();
            let expected = if opens.contains(&role) { 200 } else { 403 };
            assert_eq!(status, expected, "{path} as {role}");
            let Some(sends) = sends else { continue };
            let sent = person.submit(&path, &[("act", "nonsense")]).await;
            assert_eq!(
                sent.status.as_u16() == 403,
                !sends.contains(&role),
                "{path} as {role}: {}",
                sent.status
            );
        }
    }
}

#[tokio::test]
async fn pages_lead_nobody_where_they_may_not_go() {
    let scene = Scene::set().await;
    scene
        .bert
        .post("/api/v1/me/deletion", &json!({ "password": PASSWORD }))
        .await
        .must_be(202);
    for (role, words, parts) in [
        (
            "administrator",
            "Registrierungen, Konten, Löschsperren und Anfragen",
            10,
        ),
        (MODERATOR, "Gemeldete Nachrichten", 2),
        (OFFICER, "Löschsperren, Löschungen und Verlauf", 5),
    ] {
        let person = scene.portal.staff(role).await;
        person.get("/de").await.must_be(200).must_show(words);
        let mut waiting = vec!["/de/desk".to_owned()];
        let mut seen = BTreeSet::from(["/de/desk".to_owned()]);
        while let Some(path) = waiting.pop() {
            let html = person.get(&path).await.must_be(200).text();
            for href in page::values(&html, "href") {
                let href = href.replace("&#38;", "&").replace("&amp;", "&");
                if href.starts_with("/de/desk") && seen.insert(href.clone()) {
                    waiting.push(href);
                }
            }
        }
        let menu = PAGES.iter().map(|(path, ..)| format!("/de{path}"));
        assert_eq!(
            menu.filter(|path| seen.contains(path)).count(),
            parts,
            "{role}: {seen:?}"
        );
    }
    let member = scene.portal.staff("member").await;
    let start = member.get("/de").await.must_be(200).text();
    assert!(!start.contains("/de/desk"), "{start}");
}

#[tokio::test]
async fn a_moderator_decides_about_reports_but_suspends_nobody_with_a_role() {
    let portal = TestPortal::start().await;
    let (anna, bert, _, message) = insult(&portal).await;
    let (desk, moderator) = (portal.administrator().await, portal.staff(MODERATOR).await);
    let reported = id(&report(&anna, &message, "Beleidigung").await.must_be(201).json());
    let path = format!("/api/v1/admin/reports/{reported}");
    let shown = moderator.get(&path).await.must_be(200).json();
    assert_eq!(shown["messages"].as_array().unwrap().len(), 2);
    moderator
        .get(&format!("/de/desk/reports/{reported}"))
        .await
        .must_be(200)
        .must_show("wenden Sie sich an Verwaltung oder Datenschutz")
        .must_not_show("Löschsperre setzen");
    let role = format!("/api/v1/admin/accounts/{}/role", bert.id);
    let reason = json!({ "reason": "Beleidigung" });
    for protected in [MODERATOR, OFFICER, "administrator"] {
        desk.put(&role, &json!({ "role": protected })).await.must_be(204);
        moderator
            .post(&format!("{path}/suspend"), &reason)
            .await
            .must_fail(403, "forbidden");
        moderator
            .submit(
                &format!("/de/desk/reports/{reported}"),
                &[("act", "suspend"), ("reason", "Beleidigung")],
            )
            .await
            .must_be(403)
            .must_show("Dazu fehlt Ihnen die Berechtigung.");
    }
    desk.put(&role, &json!({ "role": "member" })).await.must_be(204);
    moderator
        .post(&format!("{path}/suspend"), &reason)
        .await
        .must_be(204);
    bert.get("/api/v1/session").await.must_be(401);
}

#[tokio::test]
async fn a_data_protection_officer_is_the_second_person_and_a_moderator_is_not() {
    let portal = TestPortal::with("holds.second_person = 'release'").await;
    let (anna, desk) = (
        portal.member("Anna", "Beispiel").await,
        portal.administrator().await,
    );
    let hold = hold_on(&desk, &anna).await;
    let path = format!("/api/v1/admin/holds/{hold}/release");
    let reason = json!({ "reason": "erledigt" });
    portal.staff(MODERATOR).await;
    desk.post(&path, &reason)
        .await
        .must_fail(409, "second_person_missing");
    let officer = portal.staff(OFFICER).await;
    desk.post(&path, &reason).await.must_be(202);
    officer
        .get(&format!("/en/desk/holds/{hold}"))
        .await
        .must_be(200)
        .must_show("Doris Desk would like to release");
    let released = officer.post(&path, &reason).await.must_be(200).json();
    assert_eq!(released["state"], "released");

    // The other way round, and never about oneself.
    let second = hold_on(&officer, &anna).await;
    let path = format!("/api/v1/admin/holds/{second}/release");
    officer.post(&path, &reason).await.must_be(202);
    desk.post(&path, &reason).await.must_be(200);
    let own = hold_on(&desk, &officer).await;
    officer
        .post(&format!("/api/v1/admin/holds/{own}/release"), &reason)
        .await
        .must_fail(403, "own_account");
    desk.post(&format!("/api/v1/admin/holds/{own}/release"), &reason)
        .await
        .must_fail(409, "second_person_missing");
}

#[tokio::test]
async fn whoever_decides_about_holds_is_told_of_missed_reviews_and_administrators_of_everything() {
    let portal = TestPortal::start().await;
    let (anna, desk) = (
        portal.member("Anna", "Beispiel").await,
        portal.administrator().await,
    );
    let (officer, moderator) = (portal.staff(OFFICER).await, portal.staff(MODERATOR).await);
    sweep(&portal).await;
    hold_on(&desk, &anna).await;
    portal
        .execute(
            "UPDATE hold SET placed_at = now() - interval '2 days', review_at = now() - interval '1 day'",
        )
        .await;
    guard::watch(&portal.portal).await.unwrap();
    portal
        .execute("UPDATE sweep_state SET last_outcome = 'clock', last_swept_at = now()")
        .await;
    guard::watch(&portal.portal).await.unwrap();
    portal.work().await;
    let subjects = |person: &Person| -> Vec<String> {
        let mails = portal.mails().into_iter();
        let mut subjects: Vec<_> = mails
            .filter(|mail| mail.to == person.email)
            .map(|mail| mail.subject)
            .collect();
        subjects.sort();
        subjects
    };
    assert_eq!(subjects(&desk).len(), 2, "{:?}", subjects(&desk));
    assert_eq!(subjects(&officer), ["Holds have not been reviewed"]);
    assert_eq!(subjects(&moderator), Vec::<String>::new());
    let shown = officer.get("/en/desk").await.must_be(200);
    shown.must_show("Holds have not been reviewed");
}

#[tokio::test]
async fn the_ledger_is_read_line_by_line_and_for_one_account() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let (desk, officer) = (portal.administrator().await, portal.staff(OFFICER).await);
    for person in [&anna, &bert] {
        hold_on(&desk, person).await;
    }
    hold_on(&desk, &anna).await;
    let ledger = &portal.portal.ledger;
    ledger.settle_waiting(&portal.portal.database).await.unwrap();
    let all = officer.get("/api/v1/admin/ledger").await.must_be(200).json();
    assert_eq!(all["next"], Value::Null);
    let all = all["items"].as_array().unwrap().clone();
    assert!(
        all.len() >= 4 && all[0]["event"] == "begun" && all[0]["seq"] == 0,
        "{all:?}"
    );
    let (mut paged, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/admin/ledger?limit=1{cursor}");
        let page = officer.get(&path).await.must_be(200).json();
        paged.extend(page["items"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(paged, all);
    let path = format!("/api/v1/admin/ledger?account_id={}", anna.id);
    let annas = officer.get(&path).await.must_be(200).json();
    let annas: Vec<_> = annas["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| (line["event"].as_str().unwrap().to_owned(), line["no"].clone()))
        .collect();
    assert_eq!(
        annas,
        [
            ("hold_placed".to_owned(), json!(1)),
            ("hold_placed".to_owned(), json!(2))
        ]
    );
    for place in [
        json!(["../key", 0]),
        json!(["ledger-0001.jsonl", 5]),
        json!(["ledger-0001.jsonl", u64::MAX]),
        json!(["ledger-0001.jsonl", -1]),
    ] {
        let cursor = URL_SAFE_NO_PAD.encode(place.to_string());
        officer
            .get(&format!("/api/v1/admin/ledger?cursor={cursor}"))
            .await
            .must_refuse(&["cursor: cursor_invalid"]);
    }
}
