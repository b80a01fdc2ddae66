//! The router: routes, and the layers around them from the inside out.

use axum::{
    Router, body::Bytes, extract::DefaultBodyLimit, middleware, response::IntoResponse, routing::get,
};
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer};
use tower_sessions::{Expiry, SessionManagerLayer};

use super::{
    api,
    body::BODY_LIMIT,
    guard::{access, origin, reconciled, session, whole},
    pages,
    problem::{Code, Problem},
};
use crate::{authentication::session_store::SessionStore, portal::Portal};

/// The whole portal as one service.
pub fn router(portal: &Portal) -> Router {
    let sessions = SessionManagerLayer::new(SessionStore::new(portal.clone()))
        .with_name(session::name(portal))
        .with_secure(portal.settings.is_https())
        .with_http_only(true)
        .with_same_site(session::SAME_SITE)
        .with_path("/")
        .with_expiry(Expiry::OnSessionEnd);
    let (api, document) = api::routes().split_for_parts();
    let document = document.to_pretty_json().ok().map(Bytes::from);
    api.route(
        "/api/openapi.json",
        get(move || async move { api::serve_document(document) }),
    )
    .merge(api::docs::routes())
    .merge(pages::routes(portal.is_demo))
    .fallback(|| async { Problem::new(Code::NotFound).into_response() })
    .method_not_allowed_fallback(|| async { Problem::new(Code::MethodNotAllowed).into_response() })
    .layer(sessions)
    .layer(middleware::from_fn(session::forget_when_signed_out))
    .layer(middleware::from_fn_with_state(
        portal.clone(),
        origin::same_origin,
    ))
    .layer(middleware::from_fn_with_state(
        portal.clone(),
        reconciled::only_health,
    ))
    .layer(DefaultBodyLimit::disable())
    .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
    .layer(middleware::from_fn_with_state(portal.clone(), whole::to_its_end))
    .layer(CatchPanicLayer::new())
    .layer(middleware::from_fn_with_state(portal.clone(), access::around))
    .with_state(portal.clone())
}
