//! `/api/v1/me/blocks`: whom one blocked.

use axum::{Json, extract::State, http::StatusCode};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    messaging::blocks::{self, BlockError, Blocked},
    portal::Portal,
    values::Listed,
    web::{
        api::who::routes,
        guard::session::Member,
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Id, Paging},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(block, unblock))
}

/// Whom you blocked, latest first.
#[utoipa::path(get, path = "/api/v1/me/blocks", tag = "conversations", params(Paging), responses(
    (status = 200, body = Listed<Blocked>, description = "A page of members."),
))]
async fn list(
    State(portal): State<Portal>,
    Member(caller): Member,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Blocked>>, Problem> {
    Ok(Json(blocks::list(&portal, caller, &paging.page()?).await?))
}

/// Block a member.
///
/// What they write from now on is not shown to you, in groups neither. They are not told, and cannot find out.
#[utoipa::path(put, path = "/api/v1/me/blocks/{id}", tag = "conversations",
    params(("id" = uuid::Uuid, Path, description = "The member.")),
    responses(
        (status = 204, description = "Blocked."),
        (status = 404, body = ProblemBody, description = "`not_found`: no such member"),
        (status = 403, body = ProblemBody, description = "`own_account`"),
        (status = 429, body = ProblemBody, description = "`rate_limited`: `Retry-After` says when it works again"),
    )
)]
async fn block(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(member): Id,
) -> Result<StatusCode, Problem> {
    blocks::block(&portal, caller, member).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End a block. What they wrote meanwhile stays unseen.
#[utoipa::path(delete, path = "/api/v1/me/blocks/{id}", tag = "conversations",
    params(("id" = uuid::Uuid, Path, description = "The member.")),
    responses((status = 204, description = "They are not blocked."))
)]
async fn unblock(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(member): Id,
) -> Result<StatusCode, Problem> {
    blocks::unblock(&portal, caller, member).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<BlockError> for Problem {
    fn from(error: BlockError) -> Self {
        match error {
            BlockError::NotActive(error) => error.into(),
            BlockError::NotFound => Code::NotFound.into(),
            BlockError::Oneself => Code::OwnAccount.into(),
            BlockError::TooOften(error) => error.into(),
            BlockError::Database(error) => error.into(),
        }
    }
}
