//! `/api/v1/admin/deletions`, `…/enquiries`, `…/audit-events`, `…/mails`: what waits, and what was done.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    administration::{
        audit_trail::{self, Entry},
        undelivered::{self, Undelivered},
    },
    enquiries::{self, AtDesk},
    erasure::deletions::{self, Deletion},
    portal::Portal,
    values::Listed,
    web::{
        body::Body,
        guard::session::Administrator,
        problem::{Problem, ProblemBody},
        query::{Asked, Id, Paging, page},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list_deletions))
        .routes(routes!(list_enquiries))
        .routes(routes!(answer_enquiry))
        .routes(routes!(list_audit_events))
        .routes(routes!(list_mails))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct EnquirySearch {
    /// Only those without an answer.
    open: Option<bool>,
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AuditSearch {
    /// Only those about this account.
    account_id: Option<Uuid>,
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": "Das Formular finden Sie im Mitgliederbereich unter Vorlagen."}))]
struct Answer {
    body: String,
}

/// Deletions that are pending or held, most urgent first.
#[utoipa::path(get, path = "/api/v1/admin/deletions", tag = "admin", params(Paging), responses(
    (status = 200, body = Listed<Deletion>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn list_deletions(
    State(portal): State<Portal>,
    _admin: Administrator,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Deletion>>, Problem> {
    Ok(Json(deletions::list(&portal, &paging.page()?).await?))
}

/// Enquiries of members, newest first.
#[utoipa::path(get, path = "/api/v1/admin/enquiries", tag = "admin", params(EnquirySearch),
    responses(
    (status = 200, body = Listed<AtDesk>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn list_enquiries(
    State(portal): State<Portal>,
    _admin: Administrator,
    Asked(search): Asked<EnquirySearch>,
) -> Result<Json<Listed<AtDesk>>, Problem> {
    let page = page(search.limit, search.cursor.as_deref())?;
    Ok(Json(
        enquiries::at_desk(&portal, search.open.unwrap_or(false), &page).await?,
    ))
}

/// Answer an enquiry; its author is told by mail that there is an answer.
#[utoipa::path(post, path = "/api/v1/admin/enquiries/{id}/answer", tag = "admin",
    params(("id" = Uuid, Path)), request_body = Answer, responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`already_answered`"),
))]
async fn answer_enquiry(
    State(portal): State<Portal>,
    Administrator(caller): Administrator,
    Id(id): Id,
    Body(Answer { body }): Body<Answer>,
) -> Result<StatusCode, Problem> {
    enquiries::answer(&portal, caller, id, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who did what to which account, newest first.
#[utoipa::path(get, path = "/api/v1/admin/audit-events", tag = "admin",
    params(AuditSearch), responses(
    (status = 200, body = Listed<Entry>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn list_audit_events(
    State(portal): State<Portal>,
    _admin: Administrator,
    Asked(search): Asked<AuditSearch>,
) -> Result<Json<Listed<Entry>>, Problem> {
    let page = page(search.limit, search.cursor.as_deref())?;
    Ok(Json(audit_trail::list(&portal, search.account_id, &page).await?))
}

/// Mail that could not be delivered so far, or was given up, newest first.
#[utoipa::path(get, path = "/api/v1/admin/mails", tag = "admin", params(Paging), responses(
    (status = 200, body = Listed<Undelivered>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn list_mails(
    State(portal): State<Portal>,
    _admin: Administrator,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Undelivered>>, Problem> {
    Ok(Json(undelivered::list(&portal, &paging.page()?).await?))
}
