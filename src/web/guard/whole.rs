//! Every request is gone through to its end, whether or not whoever asked still waits: what follows a commit, as telling
//! others what has changed, is done too.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    extract::{Request, State},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::runtime::Handle;

use crate::portal::Portal;

/// Answers in time, if only that it takes too long; `access` puts that into words. What was begun goes on.
pub async fn to_its_end(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let whole = Whole(Some(Box::pin(next.run(request))));
    match tokio::time::timeout(portal.settings.server.request_timeout, whole).await {
        Ok(response) => response,
        Err(_) => StatusCode::REQUEST_TIMEOUT.into_response(),
    }
}

/// A request that, dropped before its end, goes on by itself: a task of its own for each, which nearly none needs, would
/// cost as much as a statement.
struct Whole(Option<Pin<Box<dyn Future<Output = Response> + Send>>>);

impl Future for Whole {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response> {
        let Some(mut running) = self.0.take() else {
            return Poll::Pending; // It has ended: nobody asks again.
        };
        // While it runs it is not ours to go on with: one that panics is at its end.
        let poll = running.as_mut().poll(context);
        if poll.is_pending() {
            self.0 = Some(running);
        }
        poll
    }
}

impl Drop for Whole {
    fn drop(&mut self) {
        let Some(running) = self.0.take() else { return };
        // When the process ends nothing goes on, and nothing is written any more.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(running);
        }
    }
}
