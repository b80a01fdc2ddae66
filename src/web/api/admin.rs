//! `/api/v1/admin`: for administrators only.

use utoipa_axum::router::OpenApiRouter;

use crate::portal::Portal;

mod accounts;
mod desk;
mod holds;
mod organisations;
mod registrations;
mod reports;

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .merge(registrations::routes())
        .merge(accounts::routes())
        .merge(organisations::routes())
        .merge(holds::routes())
        .merge(desk::routes())
        .merge(reports::routes())
}
