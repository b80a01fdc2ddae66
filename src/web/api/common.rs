//! What all handlers share, and what the OpenAPI document says of every operation without its being written at each:
//! operation ids, the session cookie, and the problems that any route can answer with.

use axum::http::StatusCode;
use utoipa::openapi::{
    Components, ContentBuilder, OpenApi, Ref, RefOr, Required, Response, ResponseBuilder,
    path::{Operation, PathItem},
    security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme},
};

mod sent;

use super::who;
use crate::{confirmation::Token, values::Invalid, web::problem::Problem};

/// The name of the session cookie in the document.
const COOKIE: &str = "session";
const PROBLEM: &str = "#/components/schemas/ProblemBody";
const PROBLEM_TYPE: &str = "application/problem+json";

/// The token in a body's field `token`.
pub fn token(raw: &str) -> Result<Token, Problem> {
    Ok(Token::parse(raw).map_err(|fault| Invalid::one("token", fault))?)
}

/// Completes the document.
pub fn complete(document: &mut OpenApi) {
    let cookie = ApiKeyValue::with_description(
        COOKIE,
        "Set by `POST /api/v1/session`. Its name is `__Host-session` where the portal is reached by https.",
    );
    let components = document.components.get_or_insert_with(Components::default);
    components.security_schemes.insert(
        COOKIE.to_owned(),
        SecurityScheme::ApiKey(ApiKey::Cookie(cookie)).into(),
    );
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(operation_id(method, path));
            guard(method, operation);
            read_body(operation);
            read_path(operation);
            add(operation, "500", "`internal`");
            add(
                operation,
                "503",
                "`unavailable`, `timed_out`: try again later; see `Retry-After`",
            );
            describe(operation);
        }
    }
    sent::describe(document);
}

/// The operations of one path with their methods, in lower case.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("get", &mut item.get),
        ("put", &mut item.put),
        ("post", &mut item.post),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| Some((method, operation.as_mut()?)))
}

/// `post_registrations_confirm`, `delete_sessions_by_id`: unique, because method and path are.
fn operation_id(method: &str, path: &str) -> String {
    let words = path
        .trim_start_matches("/api/v1")
        .split('/')
        .filter(|word| !word.is_empty())
        .map(
            |word| match word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
                Some(parameter) => format!("by_{parameter}"),
                None => word.replace('-', "_"),
            },
        );
    std::iter::once(method.to_owned())
        .chain(words)
        .collect::<Vec<_>>()
        .join("_")
}

/// What stands in front of the handler: the session, the role, and where the request comes from.
fn guard(method: &str, operation: &mut Operation) {
    if !who::is_open(operation) {
        operation.security = Some(vec![SecurityRequirement::new(COOKIE, Vec::<String>::new())]);
        add(operation, "401", "`not_signed_in`");
        if let Some(roles) = who::chosen(operation) {
            add(
                operation,
                "403",
                &format!("`forbidden`: only for {roles}; `second_factor_required`"),
            );
        }
    }
    if method != "get" {
        add(
            operation,
            "403",
            "`cross_site`: the request doesn't come from the portal itself",
        );
    }
}

/// What reading a JSON body, or the query, can fail on.
fn read_body(operation: &mut Operation) {
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        body.required = Some(Required::True);
        add(operation, "400", "`not_json`, `bad_request`");
        add(operation, "413", "`too_large`");
        add(operation, "415", "`unsupported_media_type`");
        add(operation, "422", "`invalid_input`: `errors` names the fields");
        return;
    }
    let in_query = |parameter: &RefOr<utoipa::openapi::path::Parameter>| match parameter {
        RefOr::T(parameter) => parameter.parameter_in == utoipa::openapi::path::ParameterIn::Query,
        RefOr::Ref(_) => false,
    };
    if operation.parameters.iter().flatten().any(in_query) {
        add(operation, "422", "`invalid_input`: `errors` names the parameters");
    }
}

/// What is no id names nothing.
fn read_path(operation: &mut Operation) {
    let has_id = operation
        .parameters
        .iter()
        .flatten()
        .any(|parameter| match parameter {
            RefOr::T(parameter) => parameter.parameter_in == utoipa::openapi::path::ParameterIn::Path,
            RefOr::Ref(_) => false,
        });
    if has_id && !operation.responses.responses.contains_key("404") {
        add(operation, "404", "`not_found`");
    }
}

/// Adds a problem; one that the handler documents under the same status stays in front of it.
fn add(operation: &mut Operation, status: &str, description: &str) {
    match operation.responses.responses.get_mut(status) {
        None => {
            let content = ContentBuilder::new().schema(Some(Ref::new(PROBLEM))).build();
            let response = ResponseBuilder::new()
                .description(description)
                .content(PROBLEM_TYPE, content)
                .build();
            operation
                .responses
                .responses
                .insert(status.to_owned(), response.into());
        }
        Some(RefOr::T(response)) if is_problem(response) => {
            let before = std::mem::take(&mut response.description);
            response.description = if before.is_empty() {
                description.to_owned()
            } else {
                format!("{before}; {description}")
            };
        }
        // A health check answers 503 in its own form.
        Some(_) => {}
    }
}

/// Handlers name the schema of their problems; the type of body is the same for all. What they leave unsaid, the
/// status says: OpenAPI wants a description.
fn describe(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if is_problem(response)
            && let Some(content) = response.content.shift_remove("application/json")
        {
            response.content.insert(PROBLEM_TYPE.to_owned(), content);
        }
        if response.description.is_empty() {
            let reason = StatusCode::from_bytes(status.as_bytes())
                .ok()
                .and_then(|status| status.canonical_reason());
            response.description = reason.unwrap_or(status).to_owned();
        }
    }
}

fn is_problem(response: &Response) -> bool {
    response.content.values().any(|content| match content {
        RefOr::T(content) => {
            matches!(&content.schema, Some(RefOr::Ref(schema)) if schema.ref_location == PROBLEM)
        }
        RefOr::Ref(_) => false,
    })
}

#[cfg(test)]
mod tests;
