//! What the law wants said to everybody: imprint, privacy, accessibility, and the terms of use. Made from the settings
//! and the inventory that run, so that what is said is what happens.

mod accessibility;
mod imprint;
mod privacy;
mod terms;

use axum::Router;

use crate::portal::Portal;

pub fn routes() -> Router<Portal> {
    imprint::routes()
        .merge(privacy::routes())
        .merge(accessibility::routes())
        .merge(terms::routes())
}
