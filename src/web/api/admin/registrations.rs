//! `/api/v1/admin/registrations`: who waits, and the decision.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    portal::Portal,
    registration::decision::{self, DecisionError, Waiting},
    values::Listed,
    web::{
        api::who::routes,
        body::Body,
        guard::may,
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Id, Paging},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(approve))
        .routes(routes!(reject))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Wir konnten Ihre Behörde keiner Kundin zuordnen."}))]
struct Rejection {
    #[schema(max_length = 2_000)]
    reason: String,
}

/// Registrations that wait for a decision, longest first.
#[utoipa::path(get, path = "/api/v1/admin/registrations", tag = "admin",
    params(Paging), responses(
    (status = 200, body = Listed<Waiting>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn list(
    State(portal): State<Portal>,
    _: may::DecideRegistrations,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Waiting>>, Problem> {
    Ok(Json(decision::waiting(&portal, &paging.page()?).await?))
}

/// Let someone in; they are told by mail.
#[utoipa::path(post, path = "/api/v1/admin/registrations/{account_id}/approve", tag = "admin", params(("account_id" = uuid::Uuid, Path)), responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`not_pending`, `being_deleted`"),
))]
async fn approve(
    State(portal): State<Portal>,
    may::DecideRegistrations(caller): may::DecideRegistrations,
    Id(account): Id,
) -> Result<StatusCode, Problem> {
    decision::approve(&portal, caller, account).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Turn someone away; the reason is mailed to them.
#[utoipa::path(post, path = "/api/v1/admin/registrations/{account_id}/reject", tag = "admin", params(("account_id" = uuid::Uuid, Path)), request_body = Rejection, responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`not_pending`, `being_deleted`"),
))]
async fn reject(
    State(portal): State<Portal>,
    may::DecideRegistrations(caller): may::DecideRegistrations,
    Id(account): Id,
    Body(Rejection { reason }): Body<Rejection>,
) -> Result<StatusCode, Problem> {
    decision::reject(&portal, caller, account, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<DecisionError> for Problem {
    fn from(error: DecisionError) -> Self {
        match error {
            DecisionError::NotFound => Code::NotFound.into(),
            DecisionError::NotPending => Code::NotPending.into(),
            DecisionError::Deleted => Code::BeingDeleted.into(),
            DecisionError::Invalid(invalid) => invalid.into(),
            DecisionError::NoLonger(error) => error.into(),
            DecisionError::Database(error) => error.into(),
        }
    }
}
