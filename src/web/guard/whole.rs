//! Every request is gone through to its end, whether or not whoever asked still waits: a handler that is dropped while it
//! begins a transaction would give its connection back to the pool with that transaction open, and whatever is written on
//! it next would be lost.

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::portal::Portal;

/// Answers in time, if only that it takes too long; `access` puts that into words. What was begun goes on.
pub async fn to_its_end(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let running = tokio::spawn(next.run(request));
    match tokio::time::timeout(portal.settings.server.request_timeout, running).await {
        Ok(Ok(response)) => response,
        // A panic goes on to where panics are caught; nothing else ends a task that nobody aborts.
        Ok(Err(ended)) if ended.is_panic() => std::panic::resume_unwind(ended.into_panic()),
        Ok(Err(_)) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}
