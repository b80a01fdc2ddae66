//! The JSON API under `/api/v1`: one file a resource, handlers in the order of the contract.

use axum::{http::{HeaderValue, header}, response::{IntoResponse, Response}};
use utoipa::{OpenApi, openapi};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::portal::Portal;

pub mod admin;
pub mod deletions;
pub mod session;

#[derive(OpenApi)]
#[openapi(info(title = "Stammtisch", description = "A community portal whose members can have their data erased."))]
struct Document;

/// All routes with their documentation.
pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(super::health::live))
        .routes(routes!(super::health::ready))
        .merge(session::routes())
        .merge(deletions::routes())
        .merge(admin::routes())
}

/// The OpenAPI document alone.
pub fn document() -> openapi::OpenApi {
    routes().split_for_parts().1
}

/// `304`-less JSON of the document, made once.
pub fn serve_document(document: &openapi::OpenApi) -> Response {
    match document.to_pretty_json() {
        Ok(json) => ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], json).into_response(),
        Err(_) => super::problem::Problem::new(super::problem::Code::Internal).into_response(),
    }
}
