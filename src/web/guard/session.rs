//! Who is asking. Without a session: 401; who must first prove anew who they are: 403. What more than a session is asked
//! for stands in `may`.

use axum::{extract::FromRequestParts, http::request::Parts};
use tower_sessions::Session;

use crate::{
    account::Caller,
    authentication::{proof, session_store},
    portal::Portal,
    web::problem::{Code, Problem},
};

/// A signed-in person.
#[derive(Debug, Clone, Copy)]
pub struct Member(pub Caller);

/// One of these who proved who they are at most 5 minutes ago: the mark of every operation that takes that. Where the
/// request itself carries the password, it is the proof.
#[derive(Debug, Clone, Copy)]
pub struct Proved<T>(pub T);

impl AsRef<Caller> for Member {
    fn as_ref(&self) -> &Caller {
        &self.0
    }
}

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

impl<T> FromRequestParts<Portal> for Proved<T>
where
    T: FromRequestParts<Portal, Rejection = Problem> + AsRef<Caller>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Problem> {
        let asking = T::from_request_parts(parts, portal).await?;
        if proof::is_fresh(portal, *asking.as_ref()) {
            Ok(Self(asking))
        } else {
            Err(Code::ProofRequired.into())
        }
    }
}
