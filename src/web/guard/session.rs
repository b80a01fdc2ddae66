//! Who is asking. Without a session: 401. What more than a session is asked for stands in `may`.

use axum::{extract::FromRequestParts, http::request::Parts};
use tower_sessions::Session;

use crate::{
    account::Caller,
    authentication::session_store,
    web::problem::{Code, Problem},
};

/// A signed-in person.
#[derive(Debug, Clone, Copy)]
pub struct Member(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let session = parts.extensions.get::<Session>().ok_or(Code::Internal)?;
        let caller = session_store::caller(session)
            .await
            .map_err(|_| Code::Unavailable)?;
        Ok(Self(caller.ok_or(Code::NotSignedIn)?))
    }
}
