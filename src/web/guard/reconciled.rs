//! Unless the database was found level with the ledger, nobody is served: what was erased could be seen again (R20).

use axum::extract::Request;

use crate::{
    portal::Portal,
    web::problem::{Code, Problem},
};

/// Seconds until it makes sense to ask again.
const RETRY_AFTER: u64 = 30;

/// Health alone is told while nobody knows.
pub fn check(portal: &Portal, request: &Request) -> Result<(), Problem> {
    if portal.ledger.is_level() || request.uri().path().starts_with("/health/") {
        return Ok(());
    }
    Err(Problem {
        retry_after: Some(RETRY_AFTER),
        ..Problem::new(Code::NotReconciled)
    })
}
