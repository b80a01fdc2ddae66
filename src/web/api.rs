//! The JSON API under `/api/v1`: one file a resource, handlers in the order of the contract.

use axum::{
    body::Bytes,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use utoipa::{OpenApi, openapi};
use utoipa_axum::router::OpenApiRouter;

use crate::portal::Portal;

pub mod admin;
pub mod blocks;
mod common;
pub mod conversations;
pub mod deletions;
pub mod docs;
pub mod enquiries;
pub mod events;
pub mod export;
pub mod groups;
pub mod invitations;
pub mod me;
pub mod members;
pub mod messages;
pub mod passkeys;
pub mod password_resets;
pub mod preferences;
pub mod profile;
pub mod registrations;
pub mod reports;
pub mod second_factor;
pub mod session;
pub mod sessions;
pub mod terms;
pub mod who;

#[derive(OpenApi)]
#[openapi(info(
    title = "Stammtisch",
    description = "A community portal whose members can have their data erased."
))]
struct Document;

/// All routes with their documentation.
pub fn routes() -> OpenApiRouter<Portal> {
    let mut router = OpenApiRouter::with_openapi(Document::openapi())
        .merge(registrations::routes())
        .merge(terms::routes())
        .merge(session::routes())
        .merge(sessions::routes())
        .merge(passkeys::routes())
        .merge(password_resets::routes())
        .merge(me::routes())
        .merge(second_factor::routes())
        .merge(preferences::routes())
        .merge(profile::routes())
        .merge(members::routes())
        .merge(conversations::routes())
        .merge(messages::routes())
        .merge(groups::routes())
        .merge(invitations::routes())
        .merge(blocks::routes())
        .merge(reports::routes())
        .merge(enquiries::routes())
        .merge(events::routes())
        .merge(export::routes())
        .merge(deletions::routes())
        .merge(admin::routes())
        .merge(super::health::routes());
    common::complete(router.get_openapi_mut());
    router
}

/// The OpenAPI document alone.
pub fn document() -> openapi::OpenApi {
    routes().split_for_parts().1
}

/// The document as JSON. Its text is made once: it takes a tenth of the memory of what it is made of.
pub fn serve_document(json: Option<Bytes>) -> Response {
    match json {
        Some(json) => (
            [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))],
            json,
        )
            .into_response(),
        None => super::problem::Problem::new(super::problem::Code::Internal).into_response(),
    }
}
