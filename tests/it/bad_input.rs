//! Whatever is sent to whatever takes a body: it is refused with the field named, and leaves no trace.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::support::{Person, TestPortal};
use axum::http::Method;

/// An operation with a JSON body.
struct Operation {
    method: Method,
    path: String,
    kind: String,
    /// Its fields, with the schema of each.
    fields: Map<String, Value>,
    /// A body that is right, as the document shows it.
    example: Value,
    required: Vec<String>,
}

impl Operation {
    /// All of the document; path parameters name things that do not exist.
    fn all(document: &Value) -> Vec<Self> {
        let mut found = Vec::new();
        for (path, operations) in document["paths"].as_object().unwrap() {
            for (method, operation) in operations.as_object().unwrap() {
                let Some(content) = operation["requestBody"]["content"].as_object() else {
                    continue;
                };
                let (kind, body) = content.iter().next().expect("a body has a type");
                let schema = resolved(document, &body["schema"]);
                let required = schema["required"].as_array().into_iter().flatten();
                found.push(Self {
                    method: method.to_uppercase().parse().unwrap(),
                    path: with_foreign_ids(path),
                    kind: kind.clone(),
                    fields: schema["properties"].as_object().cloned().unwrap_or_default(),
                    example: schema["example"].clone(),
                    required: required.map(|name| name.as_str().unwrap().to_owned()).collect(),
                });
            }
        }
        found
    }

    /// A body whose fields have the right types: words of a list are known to the example alone.
    fn body(&self, document: &Value) -> Map<String, Value> {
        let value = |name: &String, schema| {
            self.example
                .get(name)
                .cloned()
                .unwrap_or_else(|| sample(document, schema))
        };
        self.fields
            .iter()
            .map(|(name, schema)| (name.clone(), value(name, schema)))
            .collect()
    }

    /// Bodies that are wrong in one way each, with what must be named, if anything must.
    fn wrong_bodies(&self, document: &Value) -> Vec<(Value, Option<String>)> {
        let good = self.body(document);
        let with = |name: &str, value: Value| {
            let mut body = good.clone();
            body.insert(name.to_owned(), value);
            Value::Object(body)
        };
        let mut wrong = vec![
            (json!([]), None),
            (json!(null), None),
            (json!("text"), None),
            (json!(1), None),
        ];
        wrong.push((with("no_such_field", json!(1)), Some("no_such_field".to_owned())));
        for name in &self.required {
            let mut body = good.clone();
            body.remove(name);
            wrong.push((Value::Object(body), Some(name.clone())));
            if !may_be_null(&self.fields[name]) {
                wrong.push((with(name, json!(null)), Some(name.clone())));
            }
        }
        for (name, schema) in &self.fields {
            let named = Some(name.clone());
            wrong.push((with(name, nested(100)), named.clone()));
            wrong.push((with(name, json!(1e300)), named.clone()));
            wrong.push((with(name, json!([[1]])), named.clone()));
            if kind_of(resolved(document, schema)) == "boolean" {
                wrong.push((with(name, json!("true")), named));
            } else {
                wrong.push((with(name, json!(true)), named.clone()));
                wrong.push((with(name, json!("a\u{0}b\u{1b}[31m")), None));
            }
        }
        wrong
    }
}

/// Follows a reference, and the one meaning beside null of what may be null.
pub fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    loop {
        let choices = schema["oneOf"]
            .as_array()
            .or(schema["anyOf"].as_array())
            .or(schema["allOf"].as_array());
        if let Some(reference) = schema["$ref"].as_str() {
            schema = document
                .pointer(reference.trim_start_matches('#'))
                .expect("the reference leads somewhere");
        } else if let Some(choice) = choices.and_then(|all| all.iter().find(|one| one["type"] != "null")) {
            schema = choice;
        } else {
            return schema;
        }
    }
}

/// The type of a field, whether or not it may be null.
fn kind_of(schema: &Value) -> &str {
    schema["type"]
        .as_str()
        .or_else(|| schema["type"][0].as_str())
        .unwrap_or_default()
}

fn may_be_null(schema: &Value) -> bool {
    let kinds = schema["type"].as_array();
    kinds.is_some_and(|kinds| kinds.contains(&json!("null")))
}

pub fn sample(document: &Value, schema: &Value) -> Value {
    let schema = resolved(document, schema);
    let kind = schema["type"]
        .as_str()
        .or_else(|| schema["type"][0].as_str())
        .unwrap_or_default();
    match (kind, schema["format"].as_str()) {
        ("boolean", _) => json!(true),
        ("integer" | "number", _) => json!(1),
        ("array", _) => json!([sample(document, &schema["items"])]),
        ("object", _) => json!({}),
        (_, Some("uuid")) => json!(Uuid::max()),
        (_, Some("date-time")) => json!("2031-05-01T12:00:00Z"),
        _ => schema["enum"].get(0).cloned().unwrap_or_else(|| json!("text")),
    }
}

fn nested(depth: usize) -> Value {
    (0..depth).fold(json!({}), |inner, _| json!({ "a": inner }))
}

fn with_foreign_ids(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        if segment.starts_with('{') {
            Uuid::max().to_string()
        } else {
            segment.to_owned()
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

async fn document(person: &Person) -> Value {
    person.get("/api/openapi.json").await.must_be(200).json()
}

/// Sends raw bytes and expects a refusal.
async fn must_refuse(person: &Person, operation: &Operation, body: Vec<u8>, named: Option<&str>) {
    let Operation {
        method, path, kind, ..
    } = operation;
    let shown: String = String::from_utf8_lossy(&body).chars().take(200).collect();
    let sent = person
        .request(method.clone(), path)
        .header("content-type", kind)
        .body(body)
        .send()
        .await;
    let status = sent.status.as_u16();
    assert!(
        (400..500).contains(&status),
        "{method} {path}: {status} for {shown}: {}",
        sent.text()
    );
    if status == 422 {
        let problem = sent.json();
        let errors = problem["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("{method} {path}: no field for {shown}: {problem}"));
        assert!(
            errors
                .iter()
                .all(|error| error["field"].as_str().is_some_and(|field| !field.is_empty())),
            "{problem}"
        );
        if let Some(named) = named {
            // serde names the place it could not go on from: the field, or something inside it.
            let begins = |field: &str| {
                field == named
                    || field.starts_with(&format!("{named}."))
                    || field.starts_with(&format!("{named}["))
            };
            let fields: Vec<_> = errors
                .iter()
                .map(|error| error["field"].as_str().unwrap())
                .collect();
            assert!(
                fields.iter().any(|field| begins(field)),
                "{method} {path}: {named} is not named for {shown}: {fields:?}"
            );
        }
    } else if named.is_some() {
        // What is signed in and may do this is told about the body before anything is looked up.
        assert_eq!(status, 422, "{method} {path}: {shown}: {}", sent.text());
    }
}

#[tokio::test]
async fn every_body_that_breaks_a_rule_is_refused_by_field_and_leaves_no_trace() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let document = document(&desk).await;
    let operations = Operation::all(&document);
    assert!(
        operations.len() >= 12,
        "only {} operations take a body",
        operations.len()
    );
    let before = portal.row_counts().await;
    for operation in &operations {
        for (body, named) in operation.wrong_bodies(&document) {
            must_refuse(&desk, operation, body.to_string().into_bytes(), named.as_deref()).await;
        }
    }
    assert_eq!(portal.row_counts().await, before);
}

#[tokio::test]
async fn every_body_that_is_no_json_is_refused_and_leaves_no_trace() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let document = document(&desk).await;
    let before = portal.row_counts().await;
    for operation in Operation::all(&document) {
        let name = operation
            .fields
            .keys()
            .next()
            .cloned()
            .unwrap_or_else(|| "x".to_owned());
        let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        for body in [
            b"".to_vec(),
            b"{".to_vec(),
            format!("{{\"{name}\":}}").into_bytes(),
            format!("{{\"{name}\":1e999999}}").into_bytes(),
            [format!("{{\"{name}\":\"").as_bytes(), b"\xff\xfe\"}"].concat(),
            format!("{{\"{name}\":\"\\ud800\"}}").into_bytes(),
            deep.into_bytes(),
        ] {
            must_refuse(&desk, &operation, body, None).await;
        }
    }
    assert_eq!(portal.row_counts().await, before);
}

#[tokio::test]
async fn names_and_addresses_with_line_breaks_reach_no_mail() {
    let portal = TestPortal::start().await;
    let visitor = portal.visitor();
    for field in ["first_name", "last_name", "organisation", "department", "email"] {
        for bad in [
            "a\r\nBcc: victim@example.org",
            "a\nb",
            "a\rb",
            "a\u{2028}b",
            "a\u{0}b",
            "a\u{85}b",
        ] {
            let mut asked = crate::support::people::application("anna@example.org", "Anna", "Beispiel");
            asked[field] = if field == "email" {
                json!(format!("{bad}@example.org"))
            } else {
                json!(bad)
            };
            let fault = if field == "email" {
                "email: email_invalid".to_owned()
            } else {
                format!("{field}: control_character")
            };
            visitor
                .post("/api/v1/registrations", &asked)
                .await
                .must_refuse(&[&fault]);
        }
    }
    portal.work().await;
    assert!(portal.mails().is_empty());
    assert_eq!(portal.count("SELECT count(*) FROM account").await, 0);
}

#[tokio::test]
async fn an_invented_cursor_is_refused_by_every_list() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let document = document(&desk).await;
    let foreign = Uuid::max();
    let mut lists = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let parameters = operations["get"]["parameters"].as_array().into_iter().flatten();
        let parameters: Vec<_> = parameters.collect();
        if !parameters.iter().any(|parameter| parameter["name"] == "cursor") {
            continue;
        }
        let needed = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "query" && parameter["required"] == true)
            .map(|parameter| format!("&{}=x", parameter["name"].as_str().unwrap()))
            .collect::<Vec<_>>()
            .concat();
        lists += 1;
        for key in [
            json!(["a\u{0}", foreign]),
            json!(["+262142-01-01T00:00:00Z", foreign]),
            json!(["-262142-01-01T00:00:00Z", foreign]),
            json!(["-4800-01-01T00:00:00Z", foreign]),
            json!("\u{0}"),
            json!({ "a": "\u{0}" }),
            json!(null),
        ] {
            let cursor = URL_SAFE_NO_PAD.encode(key.to_string());
            desk.get(&format!("{}?cursor={cursor}{needed}", with_foreign_ids(path)))
                .await
                .must_refuse(&["cursor: cursor_invalid"]);
        }
    }
    assert!(lists >= 11, "only {lists} lists");
}

#[tokio::test]
async fn a_list_is_no_object_inside_a_patch_either() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for list in [json!([]), json!(["members"]), json!([1])] {
        anna.patch("/api/v1/me/profile", &json!({ "visibility": list }))
            .await
            .must_refuse(&["visibility: wrong_type"]);
    }
}
