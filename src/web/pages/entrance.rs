//! What needs no account: the start page, coming in, and going without having to come in.

mod delete_account;
mod forgot_password;
mod receipt;
mod register;
mod second_step;
mod sign_in;
mod start;

use axum::Router;

pub use second_step::{at_code, code_field, without_code};
pub use sign_in::ask_again;

use crate::portal::Portal;

pub fn routes() -> Router<Portal> {
    start::routes()
        .merge(sign_in::routes())
        .merge(second_step::routes())
        .merge(register::routes())
        .merge(forgot_password::routes())
        .merge(receipt::routes())
        .merge(delete_account::routes())
}
