//! Signing in by a passkey, and proving by one who one is.

use axum::{Json, extract::State, http::StatusCode, response::Response};
use serde::Deserialize;
use tower_sessions::Session;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use webauthn_rs::prelude::PublicKeyCredential;

use super::Asking;
use crate::{
    authentication::passkey,
    devices::Visit,
    network::Network,
    portal::Portal,
    second_factor::passkeys::assertion::{self, Answer},
    web::{
        api::{
            session::{SignedIn, begun, ticket_of},
            who::routes,
        },
        body::Body,
        guard::session::{KeepSession, Member},
        problem::{Problem, ProblemBody},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(ask))
        .routes(routes!(sign_in))
        .routes(routes!(prove))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "ceremony": "3q2-796tvu_erb7v3q2-796tvu_erb7v3q2-796tvu8",
    "credential": {
        "id": "3q2-7w", "rawId": "3q2-7w", "type": "public-key", "clientExtensionResults": {},
        "response": { "clientDataJSON": "e30", "authenticatorData": "3q2-7w", "signature": "3q2-7w", "userHandle": "3q2-7w" }
    }
}))]
struct Showing {
    ceremony: String,
    /// What `navigator.credentials.get()` gave, by its `toJSON()`.
    #[schema(value_type = Object)]
    credential: PublicKeyCredential,
}

/// Begin to sign in, or to prove who you are, by a passkey.
///
/// Nobody says who they are: the passkey does.
#[utoipa::path(post, path = "/api/v1/session/passkey/options", tag = "session", responses(
    (status = 200, body = Asking, description = "For `navigator.credentials.get()`."),
    (status = 409, body = ProblemBody, description = "`passkeys_unavailable`: the portal is reached by a number, not by a name"),
    (status = 429, body = ProblemBody, description = "`rate_limited`"),
))]
async fn ask(State(portal): State<Portal>, from: Network) -> Result<Json<Asking>, Problem> {
    Ok(Json(assertion::begin(&portal, from).await?.into()))
}

/// Sign in by a passkey.
///
/// It stands for a password and a second factor at once; the device must have checked its person. The cookies are those of
/// `POST /api/v1/session`.
#[utoipa::path(post, path = "/api/v1/session/passkey", tag = "session", request_body = Showing, responses(
    (status = 200, body = SignedIn, description = "Signed in; the cookies are set."),
    (status = 401, body = ProblemBody, description = "`passkey_invalid`"),
    (status = 403, body = ProblemBody, description = "`registration_pending`, `registration_rejected`, `account_suspended`, `account_deleted`"),
    (status = 410, body = ProblemBody, description = "`ceremony_invalid`: it was begun more than 10 minutes ago, or was finished before"),
    (status = 429, body = ProblemBody, description = "`rate_limited`: tried too often; `Retry-After` says when it works again"),
))]
async fn sign_in(
    State(portal): State<Portal>,
    session: Session,
    visit: Visit,
    Body(Showing { ceremony, credential }): Body<Showing>,
) -> Result<Response, Problem> {
    let answer = Answer {
        ceremony: &ticket_of(&ceremony)?,
        credential: &credential,
        from: visit.network,
    };
    let signed_in = passkey::sign_in(&portal, answer).await?;
    begun(&portal, &session, &visit, &signed_in).await
}

/// Prove anew who you are, by one of your passkeys.
#[utoipa::path(post, path = "/api/v1/session/proof/passkey", tag = "session", request_body = Showing, responses(
    (status = 204, description = "Good for 5 minutes in this session; the cookie is set anew."),
    (status = 401, body = ProblemBody, description = "`passkey_invalid`: it is none of yours"),
    (status = 410, body = ProblemBody, description = "`ceremony_invalid`: it was begun more than 10 minutes ago, or was finished before"),
    (status = 429, body = ProblemBody, description = "`rate_limited`: tried too often; `Retry-After` says when it works again"),
))]
async fn prove(
    State(portal): State<Portal>,
    Member(caller): Member,
    from: Network,
    Body(Showing { ceremony, credential }): Body<Showing>,
) -> Result<(KeepSession, StatusCode), Problem> {
    let answer = Answer {
        ceremony: &ticket_of(&ceremony)?,
        credential: &credential,
        from,
    };
    let key = passkey::prove(&portal, caller, answer).await?;
    Ok((KeepSession::new(&portal, Some(key)), StatusCode::NO_CONTENT))
}
