//! JSON bodies: not JSON is 400, JSON that breaks a rule 422 with the field named, another type of body 415, too
//! large 413.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{StatusCode, header},
};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Map, Value};

use super::problem::{Code, Problem};
use crate::values::{Fault, Invalid};

/// Largest body, in bytes.
pub const BODY_LIMIT: usize = 256 * 1024;

/// A body of `application/json`.
pub struct Body<T>(pub T);

/// A body of `application/merge-patch+json` (RFC 7396), or of plain JSON. No field of ours that it changes is a list.
pub struct MergePatch<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = read(request, state, &["application/json"]).await?;
        parse(&bytes).map(Self)
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for MergePatch<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let types = ["application/merge-patch+json", "application/json"];
        let bytes = read(request, state, &types).await?;
        parse_patch(&bytes).map(Self)
    }
}

async fn read<S: Send + Sync>(request: Request, state: &S, types: &[&str]) -> Result<Bytes, Problem> {
    if !media_type(&request).is_some_and(|found| types.contains(&found.as_str())) {
        return Err(Code::UnsupportedMediaType.into());
    }
    Bytes::from_request(request, state)
        .await
        .map_err(|rejection| rejected(&rejection))
}

/// The request's type of body, without parameters, in lower case.
pub fn media_type(request: &Request) -> Option<String> {
    let value = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(
        value
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase(),
    )
}

/// A body that could not be read.
pub fn rejected(rejection: &BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge.into(),
        _ => Code::BadRequest.into(),
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // A whole look first, so that a broken rule is only spoken of where there is JSON at all.
    serde_json::from_slice::<IgnoredAny>(bytes).map_err(|_| Code::NotJson)?;
    // serde takes a list for a struct, field by field; every body is an object.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(Invalid::one("body", Fault::new("wrong_type")).into());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let reason = error.inner().to_string();
        // Escapes that make no character are found only now; numbers beyond any type are JSON all the same, and so is
        // what serde_json calls no value where it wants one of several words, or trailing where a list stands for an
        // object that has fewer fields.
        let is_json = ["number out of range", "expected value", "trailing characters"]
            .iter()
            .any(|known| reason.starts_with(known));
        if !error.inner().is_data() && !is_json {
            return Code::NotJson.into();
        }
        broken_rule(&path, &reason).into()
    })
}

/// A merge patch; serde would take a list for an object inside it, field by field.
fn parse_patch<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let parsed = parse(bytes);
    match &parsed {
        Err(problem) if !problem.errors.iter().any(|error| error.field.contains('[')) => return parsed,
        _ => {}
    }
    let fields: Map<String, Value> = serde_json::from_slice(bytes).map_err(|_| Code::NotJson)?;
    match fields.iter().find_map(|(name, value)| list_in(name, value)) {
        Some(field) => Err(Invalid::one(field, Fault::new("wrong_type")).into()),
        None => parsed,
    }
}

/// Where a list stands, if one does.
fn list_in(path: &str, value: &Value) -> Option<String> {
    match value {
        Value::Array(_) => Some(path.to_owned()),
        Value::Object(fields) => fields
            .iter()
            .find_map(|(name, value)| list_in(&format!("{path}.{name}"), value)),
        _ => None,
    }
}

/// Which field breaks the rule. serde names missing, unknown and repeated fields in its message alone.
fn broken_rule(path: &str, reason: &str) -> Invalid {
    let named = |code: &'static str| {
        let name = reason.split('`').nth(1).unwrap_or_default();
        let inside = path.rsplit_once('.').map_or("", |(outer, _)| outer);
        let parent = if path == "." || path == name {
            ""
        } else if path.ends_with(name) {
            inside
        } else {
            path
        };
        let field = if parent.is_empty() {
            name.to_owned()
        } else {
            format!("{parent}.{name}")
        };
        Invalid::one(field, Fault::new(code))
    };
    if reason.starts_with("missing field") {
        named("required")
    } else if reason.starts_with("unknown field") {
        named("unknown_field")
    } else if reason.starts_with("duplicate field") {
        named("repeated_field")
    } else if reason.starts_with("unknown variant") {
        Invalid::one(path, Fault::new("unknown_value"))
    } else {
        let field = if path == "." { "body" } else { path };
        Invalid::one(field, Fault::new("wrong_type"))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        number: u8,
        inner: Option<Inner>,
    }

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        text: String,
    }

    /// JSON of any form, in which the fields above occur more often than by chance.
    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<u8>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            let name = "number|inner|text|.{0,4}";
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map(name, inner, 0..4)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (json, field, code) in [
            ("{}", "number", "required"),
            (r#"{"number":"1"}"#, "number", "wrong_type"),
            (r#"{"number":1e99}"#, "number", "wrong_type"),
            (r#"{"number":-1}"#, "number", "wrong_type"),
            (r#"{"number":1e999}"#, "number", "wrong_type"),
            (r#"{"number":1,"unicode":1}"#, "unicode", "unknown_field"),
            (r#"{"number":1,"x":1}"#, "x", "unknown_field"),
            (r#"{"number":1,"number":1}"#, "number", "repeated_field"),
            (r#"{"number":1,"inner":{}}"#, "inner.text", "required"),
            (r#"{"number":1,"inner":{"text":1}}"#, "inner.text", "wrong_type"),
            (
                r#"{"number":1,"inner":{"text":"","x":1}}"#,
                "inner.x",
                "unknown_field",
            ),
            ("[]", "body", "wrong_type"),
            ("[1, null]", "body", "wrong_type"),
            ("null", "body", "wrong_type"),
        ] {
            let problem = parse::<Outer>(json.as_bytes()).unwrap_err();
            assert_eq!(problem.code, Code::InvalidInput, "{json}");
            assert_eq!(
                (problem.errors[0].field.as_str(), problem.errors[0].fault.code),
                (field, code),
                "{json}"
            );
        }
    }

    #[test]
    fn no_list_stands_for_an_object() {
        for json in [
            r#"{"number":1,"inner":[]}"#,
            r#"{"number":1,"inner":["text"]}"#,
            r#"{"number":1,"inner":[1]}"#,
            r#"{"number":1,"inner":["text",null]}"#,
        ] {
            let problem = parse_patch::<Outer>(json.as_bytes()).unwrap_err();
            assert_eq!(
                (problem.errors[0].field.as_str(), problem.errors[0].fault.code),
                ("inner", "wrong_type"),
                "{json}"
            );
        }
        assert!(parse_patch::<Outer>(br#"{"number":1,"inner":{"text":"a"}}"#).is_ok());
    }

    #[test]
    fn what_is_not_json_is_said_to_be_none() {
        let surrogate = br#"{"number":1,"inner":{"text":"\ud800"}}"#;
        for raw in [
            b"".as_slice(),
            b"{",
            b"{\"number\":1}x",
            b"\xff\xfe",
            b"{\"number\":\"\xff\"}",
            surrogate,
        ] {
            assert_eq!(parse::<Outer>(raw).unwrap_err().code, Code::NotJson, "{raw:?}");
        }
    }

    proptest! {
        #[test]
        fn a_patch_is_read_as_it_was_written(number: u8, text in proptest::option::of(".{0,20}")) {
            let inner = text.clone().map(|text| json!({ "text": text }));
            let written = json!({ "number": number, "inner": inner });
            let read = parse_patch::<Outer>(written.to_string().as_bytes()).unwrap();
            prop_assert_eq!(read, Outer { number, inner: text.map(|text| Inner { text }) });
        }

        #[test]
        fn whatever_json_is_sent_is_read_whole_or_one_field_is_named(sent in any_json()) {
            match parse_patch::<Outer>(sent.to_string().as_bytes()) {
                Ok(Outer { number, inner }) => {
                    let mut written = json!({ "number": number });
                    if sent.get("inner").is_some() {
                        written["inner"] = inner.map_or(Value::Null, |Inner { text }| json!({ "text": text }));
                    }
                    prop_assert_eq!(written, sent);
                }
                Err(problem) => {
                    prop_assert_eq!(problem.code, Code::InvalidInput);
                    prop_assert_eq!(problem.errors.len(), 1);
                }
            }
        }

        #[test]
        fn no_bytes_make_the_parser_panic(
            raw in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..60),
                "[{}\\[\\]\",:0-9enultrufasi\\\\-]{0,40}".prop_map(String::into_bytes),
            ],
        ) {
            let _ = parse_patch::<Outer>(&raw);
        }
    }
}
