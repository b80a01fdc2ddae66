//! What a request costs: reading takes at most two queries whatever there is to read, writing one transaction.

use axum::http::Method;
use serde_json::{Value, json};
use stammtisch::mail::letter::LinkPurpose;

use crate::{
    messaging::{id, messages_of, send, write_to},
    support::{Client, PASSWORD, TestPortal, people::application},
};

/// The session with its account, and what is asked for.
const MOST_QUERIES: usize = 2;

/// Every GET of the document that needs a session.
fn reads(document: &Value) -> Vec<String> {
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .filter(|(_, operations)| operations["get"]["security"].is_array())
        // A stream is opened once, and costs by what happens.
        .filter(|(path, _)| *path != "/api/v1/events")
        // It answers nobody who does not say what to search for.
        .filter(|(path, _)| *path != "/api/v1/messages")
        .map(|(path, _)| path.clone())
        .collect()
}

/// The path with its one parameter filled in.
fn with_id(template: &str, id: &str) -> String {
    let segments = template
        .split('/')
        .map(|segment| if segment.starts_with('{') { id } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn a_signed_in_read_costs_at_most_two_queries_however_much_there_is() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let cleo = portal.member("Cleo", "Beispiel").await;
    let desk = portal.administrator().await;
    portal.many_members(60, 2).await;
    let conversation = id(&write_to(&anna, &[&bea], "Hallo").await.must_be(201).json());
    let mut enquiry = String::new();
    for index in 0..5 {
        send(&bea, &conversation, &index.to_string()).await.must_be(201);
        write_to(&anna, &[&bea, &cleo], "Gruppe").await.must_be(201);
        let asked = anna
            .post("/api/v1/enquiries", &json!({ "subject": "a", "body": "b" }))
            .await;
        enquiry = id(&asked.must_be(201).json());
        portal
            .register(&format!("waits{index}@example.org"), "Willi", "Wartet")
            .await
            .must_be(200);
    }
    let group = crate::groups::open(&anna, "Gruppe").await;
    for inviter in [&bea, &cleo] {
        crate::groups::join(&anna, &group, inviter).await;
        let other = crate::groups::open(inviter, "Andere").await;
        crate::groups::invite(inviter, &other, &[&anna])
            .await
            .must_be(201);
    }
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["enquiries"] });
    desk.post(&format!("/api/v1/admin/accounts/{}/holds", bea.id), &order)
        .await
        .must_be(201);
    let newest = anna.get(&messages_of(&conversation)).await.must_be(200).json();
    let report = format!("/api/v1/messages/{}/report", id(&newest["items"][0]));
    let report = anna.post(&report, &json!({ "reason": "x" })).await;
    let report = id(&report.must_be(201).json());
    let document = desk.get("/api/openapi.json").await.must_be(200).json();
    let mut paths = reads(&document);
    assert!(paths.len() >= 19, "{paths:?}");
    for searched in [
        "/api/v1/members?query=many",
        "/api/v1/messages?query=hallo",
        "/api/v1/admin/accounts?query=many&status=active",
        "/api/v1/admin/enquiries?state=open&assigned=nobody",
    ] {
        paths.push(searched.to_owned());
    }
    let mut table = Vec::new();
    for template in &paths {
        let id = if template.contains("/conversations/") {
            conversation.clone()
        } else if template.contains("/reports/") {
            report.clone()
        } else if template.contains("/groups/") {
            group.clone()
        } else if template.contains("/enquiries/") {
            enquiry.clone()
        } else {
            bea.id.to_string()
        };
        let path = with_id(template, &id);
        let reader = if path.starts_with("/api/v1/admin/") {
            &desk
        } else {
            &anna
        };
        let (answer, statements) = portal.statements_of(reader.get(&path)).await;
        answer.must_be(200);
        table.push((template.clone(), statements));
    }
    for (path, statements) in &table {
        println!("{:>2}  GET {path}", statements.len());
    }
    for (path, statements) in table {
        assert!(
            (1..=MOST_QUERIES).contains(&statements.len()),
            "{path}: {statements:#?}"
        );
    }
}

#[tokio::test]
async fn a_visitor_costs_no_query_until_something_is_to_be_looked_up() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    for path in [
        "/api/v1/terms",
        "/api/v1/me",
        "/api/v1/members",
        "/api/openapi.json",
        "/health/live",
        "/nothing",
    ] {
        let (_, statements) = portal.statements_of(visitor.get(path)).await;
        assert_eq!(statements, Vec::<String>::new(), "{path}");
    }
}

/// Does one thing and finds out how many transactions wrote: each leaves its number on the rows it wrote.
async fn writers_of(
    portal: &TestPortal,
    client: &Client,
    method: Method,
    path: &str,
    body: &Value,
    status: u16,
) -> usize {
    let before = portal.writers().await;
    let sent = client.request(method.clone(), path).json(body).send();
    let (answer, statements) = portal.statements_of(sent).await;
    answer.must_be(status);
    let after = portal.writers().await;
    let writers = after.difference(&before).count();
    println!(
        "{writers} transactions, {:>2} statements  {method} {path}",
        statements.len()
    );
    writers
}

/// What is written, by whom, and the answer.
type Write<'a> = (&'a Client, Method, String, Value, u16);

async fn must_be_one_transaction_each(portal: &TestPortal, writes: &[Write<'_>]) {
    for (client, method, path, body, status) in writes {
        let transactions = writers_of(portal, client, method.clone(), path, body, *status).await;
        assert_eq!(transactions, 1, "{method} {path}");
    }
}

#[tokio::test]
async fn what_members_write_is_one_transaction() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let conversation = id(&write_to(&anna, &[&bea], "Hallo").await.must_be(201).json());
    let reported = id(&send(&bea, &conversation, "grob").await.must_be(201).json());
    let other = id(&send(&anna, &conversation, "bald weg").await.must_be(201).json());
    let question = json!({ "subject": "a", "body": "b" });
    let asked = anna.post("/api/v1/enquiries", &question).await.must_be(201);
    let enquiry = format!("/api/v1/enquiries/{}", id(&asked.json()));
    let opening = json!({ "member_ids": [bea.id], "body": "noch etwas" });
    let change = json!({ "email": "neu@example.org", "password": PASSWORD });
    let password =
        json!({ "current_password": PASSWORD, "new_password": "sieben gelbe Fahrraeder am Kanal" });
    let read = format!("/api/v1/conversations/{conversation}/read");
    let writes = [
        (
            &*anna,
            Method::POST,
            "/api/v1/conversations".to_owned(),
            opening,
            200,
        ),
        (
            &*anna,
            Method::POST,
            messages_of(&conversation),
            json!({ "body": "noch etwas" }),
            201,
        ),
        (
            &*anna,
            Method::POST,
            format!("/api/v1/messages/{reported}/report"),
            json!({ "reason": "a" }),
            201,
        ),
        (&*bea, Method::PUT, read, json!({ "up_to": other }), 204),
        (
            &*anna,
            Method::DELETE,
            format!("/api/v1/messages/{other}"),
            json!({}),
            204,
        ),
        (
            &*anna,
            Method::PATCH,
            "/api/v1/me/profile".to_owned(),
            json!({ "about": "neu" }),
            200,
        ),
        (
            &*anna,
            Method::POST,
            "/api/v1/enquiries".to_owned(),
            question,
            201,
        ),
        (
            &*anna,
            Method::POST,
            format!("{enquiry}/messages"),
            json!({ "body": "noch etwas" }),
            201,
        ),
        (&*anna, Method::POST, format!("{enquiry}/close"), json!({}), 204),
        (
            &*anna,
            Method::POST,
            "/api/v1/me/email-change".to_owned(),
            change,
            202,
        ),
        (
            &*anna,
            Method::PUT,
            "/api/v1/me/password".to_owned(),
            password,
            204,
        ),
    ];
    must_be_one_transaction_each(&portal, &writes).await;
}

#[tokio::test]
async fn what_visitors_and_the_desk_write_is_one_transaction() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let visitor = portal.visitor();
    let asked = anna
        .post("/api/v1/enquiries", &json!({ "subject": "a", "body": "b" }))
        .await
        .must_be(201)
        .json();
    portal
        .register("willi@example.org", "Willi", "Wartet")
        .await
        .must_be(200);
    let waits: uuid::Uuid = portal
        .scalar("SELECT id FROM account WHERE status = 'pending'")
        .await;
    let sign_in = json!({ "email": anna.email, "password": PASSWORD });
    let approve = format!("/api/v1/admin/registrations/{waits}/approve");
    let bea = portal.member("Bea", "Beispiel").await;
    let conversation = id(&write_to(&bea, &[&anna], "Hallo").await.must_be(201).json());
    let message = id(&send(&bea, &conversation, "weg").await.must_be(201).json());
    let report = format!("/api/v1/messages/{message}/report");
    let report = anna.post(&report, &json!({ "reason": "a" })).await.must_be(201);
    let remove = format!("/api/v1/admin/reports/{}/remove", id(&report.json()));
    let enquiry = format!("/api/v1/admin/enquiries/{}", id(&asked));
    let writes = [
        (&visitor, Method::POST, "/api/v1/session".to_owned(), sign_in, 200),
        (
            &visitor,
            Method::POST,
            "/api/v1/registrations".to_owned(),
            application("x@example.org", "X", "Y"),
            202,
        ),
        (&*desk, Method::POST, approve, json!({}), 204),
        (
            &*desk,
            Method::PUT,
            format!("{enquiry}/assignment"),
            json!({ "account_id": desk.id }),
            204,
        ),
        (
            &*desk,
            Method::POST,
            format!("{enquiry}/answer"),
            json!({ "body": "c" }),
            204,
        ),
        (&*desk, Method::POST, format!("{enquiry}/close"), json!({}), 204),
        (&*desk, Method::POST, remove, json!({ "reason": "c" }), 204),
    ];
    must_be_one_transaction_each(&portal, &writes).await;
}

#[tokio::test]
async fn confirming_is_one_transaction() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    visitor
        .post("/api/v1/registrations", &application("x@example.org", "X", "Y"))
        .await
        .must_be(202);
    portal.work().await;
    let body =
        json!({ "token": portal.link_for("x@example.org", LinkPurpose::Confirm), "password": PASSWORD });
    let path = "/api/v1/registrations/confirm";
    assert_eq!(
        writers_of(&portal, &visitor, Method::POST, path, &body, 200).await,
        1
    );
}

#[tokio::test]
async fn signing_in_writes_the_session_once() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    // On a device that is known one statement does it, once the session that it takes the place of has ended.
    let (answer, statements) = portal.statements_of(anna.sign_in(&anna.email, PASSWORD)).await;
    answer.must_be(200);
    let count = |statements: &[String], beginning: &str| {
        let matching = statements.iter().filter(|it| it.starts_with(beginning));
        matching.count()
    };
    assert_eq!(count(&statements, "SELECT begin_session("), 1, "{statements:#?}");
    assert_eq!(
        count(&statements, "INSERT INTO \"audit_event\""),
        1,
        "{statements:#?}"
    );
    let written = (count(&statements, "INSERT"), count(&statements, "UPDATE"));
    assert_eq!(written, (1, 0), "{statements:#?}");

    // On a new device a letter is queued as well.
    let visitor = portal.visitor();
    let (answer, statements) = portal.statements_of(visitor.sign_in(&anna.email, PASSWORD)).await;
    answer.must_be(200);
    for table in ["session", "audit_event", "mail"] {
        let beginning = format!("INSERT INTO \"{table}\"");
        assert_eq!(count(&statements, &beginning), 1, "{statements:#?}");
    }
    assert_eq!(count(&statements, "SELECT begin_session("), 0, "{statements:#?}");
}
