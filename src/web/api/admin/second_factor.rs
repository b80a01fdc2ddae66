//! `/api/v1/admin/accounts/{id}/second-factor`: what to do for somebody who lost theirs.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    portal::Portal,
    second_factor::removal::{self, RemovalError},
    web::{
        api::who::routes,
        guard::{may, session::Proved},
        problem::{Code, Problem, ProblemBody},
        query::Id,
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new().routes(routes!(request, withdraw))
}

#[derive(Serialize, ToSchema)]
#[schema(example = json!({"due_at": "2026-12-03T08:15:00Z"}))]
struct Removal {
    /// When all factors of the account are removed, unless its person signs in with one of them before.
    due_at: DateTime<Utc>,
}

/// Have lost second factors removed, after 48 hours.
///
/// Make sure first of who is asking. The person is mailed at once; a sign-in with one of the factors stops it. Asked for
/// again while one waits, nothing changes.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/second-factor/removal", tag = "admin",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 202, body = Removal),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`own_account`, `proof_required`"),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`no_second_factor`, `wrong_status`"),
))]
async fn request(
    State(portal): State<Portal>,
    Proved(may::ManageAccounts(caller)): Proved<may::ManageAccounts>,
    Id(id): Id,
) -> Result<(StatusCode, Json<Removal>), Problem> {
    let due_at = removal::request(&portal, Some(caller), id).await?;
    Ok((StatusCode::ACCEPTED, Json(Removal { due_at })))
}

/// Take the removal back.
#[utoipa::path(delete, path = "/api/v1/admin/accounts/{id}/second-factor/removal", tag = "admin",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody, description = "`not_found`: none waits"),
))]
async fn withdraw(
    State(portal): State<Portal>,
    may::ManageAccounts(caller): may::ManageAccounts,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    removal::withdraw(&portal, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<RemovalError> for Problem {
    fn from(error: RemovalError) -> Self {
        match error {
            RemovalError::NotFound => Code::NotFound.into(),
            RemovalError::OwnAccount => Code::OwnAccount.into(),
            RemovalError::WrongStatus => Code::WrongStatus.into(),
            RemovalError::NoFactor => Code::NoSecondFactor.into(),
            RemovalError::NoLonger(error) => error.into(),
            RemovalError::Database(error) => error.into(),
        }
    }
}
