//! `/api/v1/registrations`: asking to join, confirming the mailbox, taking the registration back.

use axum::{Json, extract::State, http::StatusCode};
use entity::status::Status;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::common::token;
use crate::{
    network::Network,
    portal::Portal,
    registration::{
        confirm::{self, ConfirmError},
        sign_up::{self, SignUp, Typed},
        withdraw::{self, WithdrawError},
    },
    text::Locale,
    web::{
        api::who::routes,
        body::Body,
        problem::{Code, Problem, ProblemBody, password_problem},
        query::Reader,
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(create))
        .routes(routes!(confirm))
        .routes(routes!(withdraw))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "email": "anna.beispiel@stadt-musterhausen.example", "first_name": "Anna", "last_name": "Beispiel",
    "organisation": "Stadt Musterhausen", "department": "IT", "message": "Frau Muster hat mich eingeladen.",
    "locale": "de", "accept_terms": "2026-11"
}))]
struct Registration {
    email: String,
    #[schema(max_length = 100)]
    first_name: String,
    #[schema(max_length = 100)]
    last_name: String,
    #[schema(max_length = 200)]
    organisation: String,
    #[schema(max_length = 200)]
    department: Option<String>,
    /// For whoever decides on the registration.
    #[schema(max_length = 2_000)]
    message: Option<String>,
    /// The language of mails, `de` or `en`; left out, it is taken from `Accept-Language`.
    #[schema(value_type = Option<String>)]
    locale: Option<Locale>,
    /// The version that `GET /api/v1/terms` names.
    accept_terms: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "mJ3o0Yt5oXGZ1m9zB7c2k4Q8s6D1f0H5j3L7n9P2r4U", "password": "vier blaue Stuehle im Rathaus"}))]
struct Confirmation {
    /// From the link in the mail.
    token: String,
    #[schema(min_length = 15, max_length = 128)]
    password: String,
}

#[derive(Serialize, ToSchema)]
#[schema(example = json!({"status": "active"}))]
struct Confirmed {
    /// `active`, or `pending` while an administrator has to decide.
    #[schema(value_type = String)]
    status: Status,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "mJ3o0Yt5oXGZ1m9zB7c2k4Q8s6D1f0H5j3L7n9P2r4U"}))]
struct Withdrawal {
    /// From the link in the mail.
    token: String,
}

/// Ask to join.
///
/// The answer is the same whether or not the address is known; everything else happens by mail.
#[utoipa::path(post, path = "/api/v1/registrations", tag = "registrations", request_body = Registration, responses(
    (status = 202, description = "Noted; a mail follows."),
    (status = 429, body = ProblemBody, description = "`rate_limited`: asked too often; `Retry-After` says when it works again"),
))]
async fn create(
    State(portal): State<Portal>,
    from: Network,
    Reader(reader): Reader,
    Body(typed): Body<Registration>,
) -> Result<StatusCode, Problem> {
    let sign_up = SignUp::parse(
        &portal,
        &Typed {
            email: &typed.email,
            first_name: &typed.first_name,
            last_name: &typed.last_name,
            organisation: &typed.organisation,
            department: typed.department.as_deref(),
            message: typed.message.as_deref(),
            locale: typed.locale.unwrap_or(reader),
            accept_terms: &typed.accept_terms,
        },
    )?;
    sign_up::note(&portal, from, &sign_up).await??;
    Ok(StatusCode::ACCEPTED)
}

/// Confirm the mailbox and choose the password.
///
/// A refused password doesn't use the link up.
#[utoipa::path(post, path = "/api/v1/registrations/confirm", tag = "registrations", request_body = Confirmation, responses(
    (status = 200, body = Confirmed, description = "Confirmed."),
    (status = 410, body = ProblemBody, description = "`link_invalid`"),
    (status = 503, body = ProblemBody, description = "`busy`"),
))]
async fn confirm(
    State(portal): State<Portal>,
    Body(Confirmation { token: raw, password }): Body<Confirmation>,
) -> Result<Json<Confirmed>, Problem> {
    let status = confirm::confirm(&portal, &token(&raw)?, &password).await?;
    Ok(Json(Confirmed { status }))
}

/// Take the registration back while it waits.
///
/// Its data goes with the next sweep, without undo.
#[utoipa::path(post, path = "/api/v1/registrations/withdraw", tag = "registrations", request_body = Withdrawal, responses(
    (status = 204, description = "Withdrawn."),
    (status = 409, body = ProblemBody, description = "`not_waiting`: it was decided meanwhile"),
    (status = 410, body = ProblemBody, description = "`link_invalid`"),
))]
async fn withdraw(
    State(portal): State<Portal>,
    Body(Withdrawal { token: raw }): Body<Withdrawal>,
) -> Result<StatusCode, Problem> {
    withdraw::withdraw(&portal, &token(&raw)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<ConfirmError> for Problem {
    fn from(error: ConfirmError) -> Self {
        match error {
            ConfirmError::LinkInvalid => Code::LinkInvalid.into(),
            ConfirmError::Password(error) => password_problem("password", error),
            ConfirmError::Database(error) => error.into(),
        }
    }
}

impl From<WithdrawError> for Problem {
    fn from(error: WithdrawError) -> Self {
        match error {
            WithdrawError::LinkInvalid => Code::LinkInvalid.into(),
            WithdrawError::NotWaiting => Code::NotWaiting.into(),
            WithdrawError::Database(error) => error.into(),
        }
    }
}
