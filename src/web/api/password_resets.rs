//! `/api/v1/password-resets`: a forgotten password.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::common::token;
use crate::{
    authentication::password_reset::{self, ResetError},
    devices::Visit,
    network::Network,
    portal::Portal,
    values::{EmailAddress, Invalid},
    web::{
        api::who::routes,
        body::Body,
        guard::device::KeepDevice,
        problem::{Code, Problem, ProblemBody, password_problem},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(create))
        .routes(routes!(confirm))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "anna.beispiel@stadt-musterhausen.example"}))]
struct PasswordReset {
    email: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "mJ3o0Yt5oXGZ1m9zB7c2k4Q8s6D1f0H5j3L7n9P2r4U", "password": "vier blaue Stuehle im Rathaus"}))]
struct PasswordResetConfirmation {
    /// From the link in the mail; it is good for an hour.
    token: String,
    #[schema(min_length = 15, max_length = 128)]
    password: String,
}

/// Ask for a link to choose another password.
///
/// The answer is the same whether or not the address is known.
#[utoipa::path(post, path = "/api/v1/password-resets", tag = "password resets", request_body = PasswordReset, responses(
    (status = 202, description = "Noted; if the address has an account, a mail follows."),
    (status = 429, body = ProblemBody, description = "`rate_limited`: asked too often; `Retry-After` says when it works again"),
))]
async fn create(
    State(portal): State<Portal>,
    from: Network,
    Body(PasswordReset { email }): Body<PasswordReset>,
) -> Result<StatusCode, Problem> {
    let address = EmailAddress::parse(&email).map_err(|fault| Invalid::one("email", fault))?;
    password_reset::note(&portal, from, &address).await??;
    Ok(StatusCode::ACCEPTED)
}

/// Choose another password.
///
/// All sessions end. A refused password doesn't use the link up. Whoever has the mailbox signs in next on this device as
/// on one that is known, however often others tried the account meanwhile.
#[utoipa::path(post, path = "/api/v1/password-resets/confirm", tag = "password resets",
    request_body = PasswordResetConfirmation, responses(
        (status = 204, description = "The new password is in force."),
        (status = 410, body = ProblemBody, description = "`link_invalid`"),
        (status = 503, body = ProblemBody, description = "`busy`"),
    )
)]
async fn confirm(
    State(portal): State<Portal>,
    visit: Visit,
    Body(PasswordResetConfirmation { token: raw, password }): Body<PasswordResetConfirmation>,
) -> Result<(KeepDevice, StatusCode), Problem> {
    let chosen = password_reset::confirm(&portal, &token(&raw)?, &password).await?;
    let device = visit.after_sign_in(&portal, chosen);
    Ok((KeepDevice::new(&portal, &device), StatusCode::NO_CONTENT))
}

impl From<ResetError> for Problem {
    fn from(error: ResetError) -> Self {
        match error {
            ResetError::LinkInvalid => Code::LinkInvalid.into(),
            ResetError::Password(error) => password_problem("password", error),
            ResetError::Database(error) => error.into(),
        }
    }
}
