//! One's own profile and account: what is stored, who sees it, how one signs in, a copy of it all, and the way out.

mod account;
mod authenticator_app;
mod blocks;
mod confirm_identity;
mod delete;
mod email;
mod export;
mod language;
mod notifications;
mod passkeys;
mod password;
mod preview;
mod profile;
mod second_factor;
mod sessions;

use axum::{Router, middleware};

pub use confirm_identity::{ask_for_proof, prove_first};

use super::kit::resume::sign_in_first;
use crate::portal::Portal;

pub fn routes() -> Router<Portal> {
    profile::routes()
        .merge(preview::routes())
        .merge(account::routes())
        .merge(email::routes())
        .merge(password::routes())
        .merge(second_factor::routes())
        .merge(authenticator_app::routes())
        .merge(passkeys::routes())
        .merge(sessions::routes())
        .merge(blocks::routes())
        .merge(confirm_identity::routes())
        .merge(export::routes())
        .merge(language::routes())
        .merge(notifications::routes())
        .merge(delete::routes())
        .route_layer(middleware::from_fn(sign_in_first))
}
