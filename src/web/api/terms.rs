//! `/api/v1/terms`: what one agrees to when asking to join.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    portal::Portal,
    web::{api::who::routes, query::Reader},
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new().routes(routes!(read))
}

#[derive(Serialize, ToSchema)]
#[schema(example = json!({"version": "2026-01", "url": "https://portal.example/de/terms"}))]
struct CurrentTerms {
    /// What `accept_terms` of a registration must be.
    version: String,
    /// In the reader's language.
    url: String,
}

/// The terms of use in force.
#[utoipa::path(get, path = "/api/v1/terms", tag = "registrations", responses(
    (status = 200, body = CurrentTerms, description = "Version and address of the terms."),
))]
async fn read(State(portal): State<Portal>, Reader(locale): Reader) -> Json<CurrentTerms> {
    Json(CurrentTerms {
        version: portal.settings.terms.version.clone(),
        url: portal.settings.terms_url(locale),
    })
}
