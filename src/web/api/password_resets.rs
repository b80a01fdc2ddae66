//! `/api/v1/password-resets`: a forgotten password.

use axum::{extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::common::token;
use crate::{
    authentication::password_reset::{self, ResetError},
    portal::Portal,
    values::{EmailAddress, Invalid},
    web::{
        api::who::routes,
        body::Body,
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
))]
async fn create(
    State(portal): State<Portal>,
    Body(PasswordReset { email }): Body<PasswordReset>,
) -> Result<StatusCode, Problem> {
    let address = EmailAddress::parse(&email).map_err(|fault| Invalid::one("email", fault))?;
    password_reset::note(&portal, &address).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Choose another password.
///
/// All sessions end. A refused password doesn't use the link up.
#[utoipa::path(post, path = "/api/v1/password-resets/confirm", tag = "password resets",
    request_body = PasswordResetConfirmation, responses(
        (status = 204, description = "The new password is in force."),
        (status = 410, body = ProblemBody, description = "`link_invalid`"),
        (status = 503, body = ProblemBody, description = "`busy`"),
    )
)]
async fn confirm(
    State(portal): State<Portal>,
    Body(PasswordResetConfirmation { token: raw, password }): Body<PasswordResetConfirmation>,
) -> Result<StatusCode, Problem> {
    password_reset::confirm(&portal, &token(&raw)?, &password).await?;
    Ok(StatusCode::NO_CONTENT)
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
