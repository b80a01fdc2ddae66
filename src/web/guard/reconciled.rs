//! Unless the database was found level with the ledger, nobody is served: what was erased could be seen again (R20).

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    portal::Portal,
    web::problem::{Code, Problem},
};

/// Seconds until it makes sense to ask again.
const RETRY_AFTER: u64 = 30;

pub async fn only_health(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    if !portal.ledger.is_level() && !request.uri().path().starts_with("/health/") {
        let problem = Problem {
            retry_after: Some(RETRY_AFTER),
            ..Problem::new(Code::NotReconciled)
        };
        return problem.into_response();
    }
    next.run(request).await
}
