//! Every operation states who may call it: `x-roles` of the document, read off the handler's signature when its route
//! is made.

use axum::handler::Handler;
use entity::status::Role;
use serde_json::{Value, json};
use utoipa::openapi::path::Operation;
use utoipa_axum::router::UtoipaMethodRouter;

use super::common::operations;
use crate::{portal::Portal, web::guard::who::Signature};

/// The extension's name.
const ROLES: &str = "x-roles";
/// Whoever has no session.
const VISITOR: &str = "visitor";

/// Routes of one path with their documentation, as `utoipa_axum::routes!` makes them, that state who may.
macro_rules! routes {
    ($first:ident $(, $other:ident)* $(,)?) => {{
        let routes = $crate::web::api::who::stated(utoipa_axum::routes!($first), &$first);
        $(
            let other = $crate::web::api::who::stated(utoipa_axum::routes!($other), &$other);
            let routes = $crate::web::api::who::beside(routes, other);
        )*
        routes
    }};
}
pub(crate) use routes;

/// The routes of one handler, with whom its arguments admit.
pub fn stated<H, T>(routes: UtoipaMethodRouter<Portal>, _handler: &H) -> UtoipaMethodRouter<Portal>
where
    H: Handler<T, Portal>,
    T: Signature,
{
    let (schemas, mut paths, methods) = routes;
    let everybody = std::iter::once(None).chain(Role::ALL.map(Some));
    let admitted: Vec<&str> = everybody
        .filter(|who| T::admits(*who))
        .map(|who| who.map_or(VISITOR, Role::name))
        .collect();
    for (_, operation) in paths.paths.values_mut().flat_map(operations) {
        let extensions = operation.extensions.get_or_insert_default();
        extensions.insert(ROLES.to_owned(), json!(admitted));
    }
    (schemas, paths, methods)
}

/// The routes of two handlers of the same path.
pub fn beside(
    (mut schemas, mut paths, methods): UtoipaMethodRouter<Portal>,
    (others, other_paths, other_methods): UtoipaMethodRouter<Portal>,
) -> UtoipaMethodRouter<Portal> {
    schemas.extend(others);
    paths.merge(other_paths);
    (schemas, paths, methods.merge(other_methods))
}

/// Who may call an operation, by the words of its statement.
fn of(operation: &Operation) -> Vec<&str> {
    let stated = operation.extensions.as_ref();
    let stated = stated.and_then(|extensions| extensions.get(ROLES)?.as_array());
    stated.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Whether it takes no session.
pub fn is_open(operation: &Operation) -> bool {
    of(operation).contains(&VISITOR)
}

/// Who may call an operation that is not for every member; none where it is.
pub fn chosen(operation: &Operation) -> Option<String> {
    let roles = of(operation);
    let is_for_all = roles.contains(&Role::Member.name());
    (!is_for_all).then(|| {
        roles
            .iter()
            .map(|role| format!("`{role}`"))
            .collect::<Vec<_>>()
            .join(", ")
    })
}
