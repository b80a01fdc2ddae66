//! The router: routes, and the layers around them from the outside in.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::DefaultBodyLimit,
    middleware,
    response::IntoResponse,
    routing::get,
};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer, map_request_body::MapRequestBodyLayer,
};
use tower_sessions::{Expiry, SessionManagerLayer};

use super::{
    api,
    body::BODY_LIMIT,
    guard::{self, access, session, whole},
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
    // In one: the router puts whatever it is given into a box, and copies it for each request with all that is inside.
    .layer(
        ServiceBuilder::new()
            .layer(middleware::from_fn_with_state(portal.clone(), access::around))
            .layer(CatchPanicLayer::new())
            .layer(middleware::from_fn_with_state(portal.clone(), whole::to_its_end))
            .layer(RequestBodyLimitLayer::new(BODY_LIMIT))
            .layer(MapRequestBodyLayer::new(Body::new))
            .layer(DefaultBodyLimit::disable())
            .layer(middleware::from_fn_with_state(portal.clone(), guard::admit))
            .layer(middleware::from_fn(session::forget_when_signed_out))
            .layer(sessions),
    )
    .with_state(portal.clone())
}
