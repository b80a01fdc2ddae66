//! What needs no account: the start page, signing in and out.

mod sign_in;
mod start;

use axum::Router;

pub use sign_in::ask_again;

use crate::portal::Portal;

pub fn routes() -> Router<Portal> {
    start::routes().merge(sign_in::routes())
}
