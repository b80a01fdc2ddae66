//! What the document says of what is sent, wherever it is sent: what a token, an address or a key looks like, and that
//! nothing that must be there is empty. What only the portal can know (whether a member exists, whether a day lies ahead)
//! it says in its answer.

use std::collections::BTreeSet;

use utoipa::openapi::{
    KnownFormat, OpenApi, Ref, RefOr, Schema, SchemaFormat,
    path::{Operation, Parameter},
    schema::{Object, SchemaType, Type},
};

use super::operations;

/// 32 bytes in base64url, whose last digit holds four bits.
const TOKEN: &str = "^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$";
const CURSOR: &str = "^[A-Za-z0-9_-]+$";
/// What a header can hold, less what is cut off around it.
const KEY: &str = r"^[!-~]([\t -~]*[!-~])?$";
/// RFC 9110, section 13.1.1.
const TAGS: &str = r#"^(\*|(W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*)$"#;
const LANGUAGES: &str = "^(de|en)$";
/// Something that shows.
const NOT_BLANK: &str = r"\S";
/// Of an address, as [`crate::values::EmailAddress`] takes it.
const LONGEST_ADDRESS: usize = 254;
const LONGEST_KEY: usize = 255;

/// Completes the bodies and the parameters of all requests.
pub fn describe(document: &mut OpenApi) {
    let mut bodies = BTreeSet::new();
    for item in document.paths.paths.values_mut() {
        for (_, operation) in operations(item) {
            bodies.extend(body_names(operation));
            for parameter in operation.parameters.iter_mut().flatten() {
                if let RefOr::T(parameter) = parameter {
                    describe_parameter(parameter);
                }
            }
        }
    }
    let schemas = document.components.iter_mut().flat_map(|all| &mut all.schemas);
    for (name, schema) in schemas {
        let RefOr::T(Schema::Object(schema)) = schema else {
            continue;
        };
        schema.properties.values_mut().for_each(forget_default);
        if bodies.contains(name.as_str()) {
            describe_body(schema);
        }
    }
}

/// Which schemas the bodies of an operation have.
fn body_names(operation: &Operation) -> Vec<String> {
    let Some(RefOr::T(body)) = &operation.request_body else {
        return Vec::new();
    };
    let contents = body.content.values().filter_map(|content| match content {
        RefOr::T(content) => content.schema.as_ref(),
        RefOr::Ref(_) => None,
    });
    let names = contents.filter_map(|schema| match schema {
        RefOr::Ref(Ref { ref_location, .. }) => ref_location.rsplit('/').next(),
        RefOr::T(_) => None,
    });
    names.map(str::to_owned).collect()
}

fn describe_body(body: &mut Object) {
    let required = std::mem::take(&mut body.required);
    for (name, field) in &mut body.properties {
        let RefOr::T(Schema::Object(field)) = field else {
            continue;
        };
        if !is_text(field) {
            continue;
        }
        match name.as_str() {
            "token" => field.pattern = Some(TOKEN.to_owned()),
            "locale" => field.pattern = Some(LANGUAGES.to_owned()),
            "email" => {
                field.format = Some(SchemaFormat::KnownFormat(KnownFormat::Email));
                field.max_length = Some(LONGEST_ADDRESS);
            }
            name if required.iter().any(|required| required == name) => must_not_be_empty(name, field),
            _ => {}
        }
    }
    body.required = required;
}

fn describe_parameter(parameter: &mut Parameter) {
    let is_required = parameter.required == utoipa::openapi::Required::True;
    let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema else {
        return;
    };
    // It is left out or it is there: on the way no parameter is null.
    if let SchemaType::Array(kinds) = &mut schema.schema_type {
        kinds.retain(|kind| *kind != Type::Null);
        if let [kind] = kinds.as_slice() {
            schema.schema_type = SchemaType::Type(kind.clone());
        }
    }
    if !is_text(schema) {
        return;
    }
    match parameter.name.as_str() {
        "cursor" => schema.pattern = Some(CURSOR.to_owned()),
        "If-Match" => schema.pattern = Some(TAGS.to_owned()),
        "Idempotency-Key" => {
            schema.pattern = Some(KEY.to_owned());
            schema.max_length = Some(LONGEST_KEY);
        }
        name if is_required => must_not_be_empty(name, schema),
        _ => {}
    }
}

/// Passwords may be made of anything.
fn must_not_be_empty(name: &str, schema: &mut Object) {
    if schema.format.is_some() || schema.pattern.is_some() || schema.enum_values.is_some() {
        return;
    }
    schema.min_length = schema.min_length.or(Some(1));
    if !name.contains("password") {
        schema.pattern = Some(NOT_BLANK.to_owned());
    }
}

fn is_text(schema: &Object) -> bool {
    match &schema.schema_type {
        SchemaType::Type(kind) => *kind == Type::String,
        SchemaType::Array(kinds) => kinds.contains(&Type::String),
        SchemaType::AnyValue => false,
    }
}

/// What a patch leaves out stays: it is not as if it were null.
fn forget_default(field: &mut RefOr<Schema>) {
    let default = match field {
        RefOr::Ref(field) => &mut field.default,
        RefOr::T(Schema::Object(field)) => &mut field.default,
        RefOr::T(Schema::OneOf(field)) => &mut field.default,
        RefOr::T(_) => return,
    };
    default.take_if(|default| default.is_null());
}
