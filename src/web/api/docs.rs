//! `/api/docs`: a page to read the API and try it, served from the binary; nothing comes from a third party.

use axum::{
    Router,
    http::{HeaderValue, header},
};
use tower::ServiceBuilder;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::portal::Portal;

/// The page runs the scripts that come with it and styles itself; nothing may be loaded from elsewhere.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// The scripts weigh more than a megabyte, and change only with the program.
const CACHE: HeaderValue = HeaderValue::from_static("max-age=3600");

/// The page and everything it loads.
pub fn routes() -> Router<Portal> {
    // Without a validator of its own, the page asks one on the internet about the document.
    let config = Config::new(["/api/openapi.json"])
        .validator_url("none")
        .use_base_layout();
    let headers = ServiceBuilder::new()
        .layer(SetResponseHeaderLayer::overriding(
            header::CONTENT_SECURITY_POLICY,
            CONTENT_SECURITY_POLICY,
        ))
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, CACHE));
    Router::from(SwaggerUi::new("/api/docs").config(config)).layer(headers)
}
