//! The document as a whole: nothing in it is nameless, unexplained or said twice.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{values::tests::sources, web::api::document};

/// Every operation as JSON, with its method and path.
fn operations() -> Vec<(String, Value)> {
    let document = serde_json::to_value(document()).unwrap_or_default();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            found.push((format!("{method} {path}"), operation.clone()));
        }
    }
    assert!(found.len() > 25, "{}", found.len());
    found
}

/// Whether a reader learns what the bodies look like.
fn is_shown(body: &Value) -> bool {
    let contents = body["content"].as_object().into_iter().flatten();
    contents.clone().count() > 0
        && contents
            .into_iter()
            .all(|(_, content)| content.get("schema").or(content.get("example")).is_some())
}

#[test]
fn every_operation_has_a_name_a_summary_and_an_answer() {
    let mut ids = BTreeSet::new();
    for (name, operation) in operations() {
        let id = operation["operationId"].as_str().unwrap_or_default();
        assert!(!id.is_empty() && ids.insert(id.to_owned()), "{name}: {id:?}");
        assert!(
            operation["summary"]
                .as_str()
                .is_some_and(|summary| !summary.is_empty()),
            "{name} has no summary"
        );
        assert!(operation["tags"][0].is_string(), "{name} has no tag");
        let responses = operation["responses"].as_object().cloned().unwrap_or_default();
        assert!(
            responses.keys().any(|status| status.starts_with('2')),
            "{name} has no 2xx"
        );
        for (status, response) in &responses {
            let without_body = ["202", "204"].contains(&status.as_str()) && response.get("content").is_none();
            assert!(
                without_body || is_shown(response),
                "{name}: the body of {status} is not shown"
            );
        }
        let body = operation.get("requestBody");
        assert!(
            body.is_none_or(is_shown),
            "{name}: the body of the request is not shown"
        );
    }
}

#[test]
fn every_operation_says_what_stands_in_front_of_it() {
    for (name, operation) in operations() {
        let responses = &operation["responses"];
        let unsafe_method = !name.starts_with("get ");
        let cross_site = responses["403"]["description"]
            .as_str()
            .is_some_and(|text| text.contains("cross_site"));
        assert_eq!(cross_site, unsafe_method, "{name}");
        if operation.get("requestBody").is_some() {
            for status in ["400", "413", "415", "422"] {
                assert!(responses[status].is_object(), "{name}: {status}");
            }
        }
        let by_session = operation.get("security").is_some();
        assert!(!by_session || responses["401"].is_object(), "{name}");
        for status in [
            "400", "401", "403", "404", "409", "410", "412", "413", "415", "422", "500",
        ] {
            let content = responses[status]["content"].as_object();
            assert!(
                content.is_none_or(|content| content.contains_key("application/problem+json")),
                "{name}: {status}"
            );
        }
    }
}

#[test]
fn what_needs_a_session_says_so() {
    for (name, operation) in operations() {
        let open = [
            "get /health/live",
            "post /api/v1/session",
            "post /api/v1/registrations",
            "get /api/v1/terms",
        ];
        if open.contains(&name.as_str()) {
            assert!(operation.get("security").is_none(), "{name}");
        }
        if name.contains("/me") || name.ends_with("/session") && !name.starts_with("post") {
            assert!(operation["security"][0]["session"].is_array(), "{name}");
        }
    }
}

/// Schemas are told apart by the bare names of their types: of two alike, one would be lost.
#[test]
fn no_two_schemas_have_the_same_name() {
    let mut names = BTreeSet::new();
    for (file, source) in sources() {
        let (mut derived, mut renamed) = (false, None);
        for line in source
            .lines()
            .map(str::trim_start)
            .filter(|line| !line.starts_with("//"))
        {
            derived |= line.starts_with("#[derive(") && line.contains("ToSchema");
            let words: Vec<_> = line
                .split(|letter: char| !letter.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .collect();
            let after = |word: &[&str]| {
                let at = words.iter().position(|found| word.contains(found))?;
                words.get(at + 1).map(|name| (*name).to_owned())
            };
            if derived && line.starts_with("#[schema(as =") {
                renamed = after(&["as"]);
            }
            if let Some(name) = after(&["struct", "enum"]).filter(|_| derived && !line.starts_with('#')) {
                let name = renamed.take().unwrap_or(name);
                assert!(
                    names.insert(name.clone()),
                    "{} has another {name}",
                    file.display()
                );
                derived = false;
            }
        }
    }
    assert!(names.len() > 20, "{names:?}");
}
