//! `/api/v1/admin`: the desk, for whoever has a role; what each may do stands in its handlers' signatures.

use utoipa_axum::router::OpenApiRouter;

use crate::portal::Portal;

mod accounts;
mod desk;
mod enquiries;
mod holds;
mod organisations;
mod registrations;
mod reports;
mod second_factor;

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .merge(registrations::routes())
        .merge(accounts::routes())
        .merge(organisations::routes())
        .merge(holds::routes())
        .merge(desk::routes())
        .merge(enquiries::routes())
        .merge(reports::routes())
        .merge(second_factor::routes())
}
