//! `/api/v1/admin/reports`: what members reported, and the decision.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    portal::Portal,
    reports::{
        self, Report, decide, lists,
        view::{self, InContext},
    },
    values::Listed,
    web::{
        api::who::routes,
        body::Body,
        guard::may,
        problem::{Problem, ProblemBody},
        query::{Asked, Id, page},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read))
        .routes(routes!(remove))
        .routes(routes!(suspend))
        .routes(routes!(dismiss))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Search {
    #[param(value_type = Option<String>, pattern = "^(open|removed|suspended|dismissed)$", example = "open")]
    state: Option<reports::State>,
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Werbung ist nach den Nutzungsbedingungen nicht erlaubt."}))]
struct Reasons {
    #[schema(max_length = 2_000)]
    reason: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Die Nachricht ist sachlich."}))]
struct MayHaveReasons {
    #[schema(max_length = 2_000)]
    reason: Option<String>,
}

/// Reports, newest first, without the messages. Those of your own messages are left out.
#[utoipa::path(get, path = "/api/v1/admin/reports", tag = "admin", params(Search), responses(
    (status = 200, body = Listed<Report>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn list(
    State(portal): State<Portal>,
    may::DecideReports(caller): may::DecideReports,
    Asked(search): Asked<Search>,
) -> Result<Json<Listed<Report>>, Problem> {
    let page = page(search.limit, search.cursor.as_deref())?;
    Ok(Json(lists::list(&portal, caller, search.state, &page).await?))
}

/// One report, with its message and the five around it. That you looked at it is logged.
#[utoipa::path(get, path = "/api/v1/admin/reports/{id}", tag = "admin",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = InContext),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`own_account`: you wrote the message"),
    (status = 404, body = ProblemBody),
))]
async fn read(
    State(portal): State<Portal>,
    may::DecideReports(caller): may::DecideReports,
    Id(id): Id,
) -> Result<Json<InContext>, Problem> {
    Ok(Json(view::view(&portal, caller, id).await?))
}

/// Remove the message for everyone. Its author is told why, and all open reports of it are decided.
#[utoipa::path(post, path = "/api/v1/admin/reports/{id}/remove", tag = "admin",
    params(("id" = uuid::Uuid, Path)), request_body = Reasons, responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`own_account`: you wrote the message"),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`already_decided`; `already_erased`: the message is gone"),
))]
async fn remove(
    State(portal): State<Portal>,
    may::DecideReports(caller): may::DecideReports,
    Id(id): Id,
    Body(Reasons { reason }): Body<Reasons>,
) -> Result<StatusCode, Problem> {
    decide::remove(&portal, caller, id, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Suspend the message's author, who is told why. The message stays.
///
/// Authors with a role are suspended by administrators alone.
#[utoipa::path(post, path = "/api/v1/admin/reports/{id}/suspend", tag = "admin",
    params(("id" = uuid::Uuid, Path)), request_body = Reasons, responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`own_account`: you wrote the message; `forbidden`: its author has a role"),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`already_decided`, `wrong_status`, `being_deleted`, `last_administrator`"),
))]
async fn suspend(
    State(portal): State<Portal>,
    may::DecideReports(caller): may::DecideReports,
    Id(id): Id,
    Body(Reasons { reason }): Body<Reasons>,
) -> Result<StatusCode, Problem> {
    decide::suspend(&portal, caller, id, &reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Dismiss the report. Nobody is told.
#[utoipa::path(post, path = "/api/v1/admin/reports/{id}/dismiss", tag = "admin",
    params(("id" = uuid::Uuid, Path)), request_body = MayHaveReasons, responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`own_account`: you wrote the message"),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`already_decided`"),
))]
async fn dismiss(
    State(portal): State<Portal>,
    may::DecideReports(caller): may::DecideReports,
    Id(id): Id,
    Body(MayHaveReasons { reason }): Body<MayHaveReasons>,
) -> Result<StatusCode, Problem> {
    decide::dismiss(&portal, caller, id, reason.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}
