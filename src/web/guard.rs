//! What stands in front of every handler: who is asking, from where, and what is noted of it.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{portal::Portal, web::problem::Problem};

pub mod access;
pub mod device;
pub mod may;
pub mod network;
pub mod origin;
pub mod reconciled;
pub mod session;
pub mod who;
pub mod whole;

/// Lets through what may come to a handler at all, before anything is looked up for it.
pub async fn admit(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let admitted = reconciled::check(&portal, &request)
        .and_then(|()| origin::check(&portal, &request).map_err(Problem::from));
    match admitted {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}
