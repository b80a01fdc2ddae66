//! Who is asking. Without a session: 401; who must first prove anew who they are: 403. What more than a session is asked
//! for stands in `may`.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderName, HeaderValue, header, request::Parts},
    middleware::Next,
    response::{IntoResponseParts, Response, ResponseParts},
};
use tower_sessions::{
    Session,
    cookie::{Cookie, SameSite},
};

use crate::{
    account::Caller,
    authentication::{proof, session_key::SessionKey, session_store},
    portal::Portal,
    web::problem::{Code, Problem},
};

/// A signed-in person.
#[derive(Debug, Clone, Copy)]
pub struct Member(pub Caller);

/// A signed-in person who was not asked for yet: by an operation whose own statement asks for the session along, so that
/// it takes one way to the database instead of two.
#[derive(Debug, Clone)]
pub struct Asking(Session);

impl Asking {
    pub fn key(&self) -> Option<SessionKey> {
        session_store::key(&self.0)
    }

    pub async fn member(self) -> Result<Member, Problem> {
        let caller = session_store::caller(&self.0)
            .await
            .map_err(|_| Code::Unavailable)?;
        Ok(Member(caller.ok_or(Code::NotSignedIn)?))
    }
}

/// One of these who proved who they are at most 5 minutes ago: the mark of every operation that takes that. Where the
/// request itself carries the password, it is the proof.
#[derive(Debug, Clone, Copy)]
pub struct Proved<T>(pub T);

impl AsRef<Caller> for Member {
    fn as_ref(&self) -> &Caller {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let session = parts.extensions.get::<Session>().ok_or(Code::Internal)?;
        Ok(Self(session.clone()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Member {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        Asking::from_request_parts(parts, state).await?.member().await
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

/// The cookie's name.
pub fn name(portal: &Portal) -> &'static str {
    if portal.settings.is_https() {
        "__Host-session"
    } else {
        "session"
    }
}

/// Strict would make people who arrive from their mail look signed out.
pub const SAME_SITE: SameSite = SameSite::Lax;

/// Has the browser keep the session's new key, as the session's layer does with one that begins.
#[derive(Debug, Clone)]
pub struct KeepSession(Option<HeaderValue>);

impl KeepSession {
    pub fn new(portal: &Portal, key: Option<SessionKey>) -> Self {
        let cookie = key.map(|key| {
            Cookie::build((name(portal), key.reveal()))
                .http_only(true)
                .secure(portal.settings.is_https())
                .same_site(SAME_SITE)
                .path("/")
                .to_string()
        });
        Self(cookie.and_then(|cookie| HeaderValue::from_str(&cookie).ok()))
    }
}

impl IntoResponseParts for KeepSession {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Some(cookie) = self.0 {
            parts.headers_mut().append(header::SET_COOKIE, cookie);
        }
        Ok(parts)
    }
}

const CLEAR_SITE_DATA: HeaderName = HeaderName::from_static("clear-site-data");

/// Whoever asked is signed out: nothing of what the browser kept of the portal is to be had by whoever sits there next
/// (OWASP ASVS 5.0, 14.3.1). Its cookies are not cleared along: the device stays a known one.
#[derive(Debug, Clone, Copy)]
pub struct SignedOut;

impl IntoResponseParts for SignedOut {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        let kept = HeaderValue::from_static("\"cache\", \"storage\"");
        parts.headers_mut().insert(CLEAR_SITE_DATA, kept);
        Ok(parts)
    }
}

/// Around the session's layer, which has the browser forget a key that is not known. Another window may have got a new
/// one while this request was on its way, and it is the same cookie: so it is forgotten only by whoever signs out.
pub async fn forget_when_signed_out(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if headers.contains_key(&CLEAR_SITE_DATA) {
        return response;
    }
    let cookies = headers.get_all(header::SET_COOKIE).iter();
    let kept: Vec<HeaderValue> = cookies.filter(|cookie| !is_forgotten(cookie)).cloned().collect();
    headers.remove(header::SET_COOKIE);
    for cookie in kept {
        headers.append(header::SET_COOKIE, cookie);
    }
    response
}

fn is_forgotten(cookie: &HeaderValue) -> bool {
    let parsed = cookie.to_str().ok().and_then(|text| Cookie::parse(text).ok());
    parsed.is_some_and(|cookie| cookie.max_age() == Some(time::Duration::ZERO))
}
