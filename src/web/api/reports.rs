//! `/api/v1/messages/{id}/report`: telling the desk about somebody else's message.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    portal::Portal,
    reports::{
        ReportError,
        file::{self, Filed},
    },
    web::{
        api::who::routes,
        body::Body,
        guard::session::Member,
        problem::{Code, Problem, ProblemBody},
        query::Id,
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new().routes(routes!(file))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Das ist Werbung."}))]
struct NewReport {
    #[schema(max_length = 1_000)]
    reason: String,
}

/// Report somebody else's message to the operator.
///
/// Whoever decides about reports sees it with the five messages around it. Its author is not told who reported it.
/// Reported again by the same person, the first report stands.
#[utoipa::path(post, path = "/api/v1/messages/{id}/report", tag = "conversations",
    params(("id" = uuid::Uuid, Path, description = "The message.")),
    request_body = NewReport,
    responses(
        (status = 201, body = Filed, description = "Reported."),
        (status = 200, body = Filed, description = "You reported it before."),
        (status = 403, body = ProblemBody, description = "`own_account`: you wrote it"),
        (status = 404, body = ProblemBody, description = "`not_found`: none that you can see"),
        (status = 429, body = ProblemBody, description = "`rate_limited`: `Retry-After` says when it works again"),
    )
)]
async fn file(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(message): Id,
    Body(NewReport { reason }): Body<NewReport>,
) -> Result<(StatusCode, Json<Filed>), Problem> {
    let filed = file::file(&portal, caller, message, &reason).await?;
    let status = if filed.is_known {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok((status, Json(filed)))
}

impl From<ReportError> for Problem {
    fn from(error: ReportError) -> Self {
        match error {
            ReportError::Invalid(error) => error.into(),
            ReportError::NotActive(error) => error.into(),
            ReportError::NotFound => Code::NotFound.into(),
            ReportError::OwnMessage => Code::OwnAccount.into(),
            ReportError::TooOften(error) => error.into(),
            ReportError::Decided => Code::AlreadyDecided.into(),
            ReportError::Gone => Code::AlreadyErased.into(),
            ReportError::HasRole => Code::Forbidden.into(),
            ReportError::Status(error) => error.into(),
            ReportError::NoLonger(error) => error.into(),
            ReportError::Database(error) => error.into(),
        }
    }
}
