//! `/api/v1/invitations`: the groups one is invited into, and answering.

use axum::{Json, extract::State, http::StatusCode};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    messaging::{
        conversations::Conversation,
        groups::invitations::{self, Invitation},
    },
    portal::Portal,
    values::Listed,
    web::{
        api::who::routes,
        guard::session::Member,
        problem::{Problem, ProblemBody},
        query::{Asked, Id, Paging},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(accept))
        .routes(routes!(decline))
}

/// The groups that you are invited into, latest first.
#[utoipa::path(get, path = "/api/v1/invitations", tag = "groups", params(Paging), responses(
    (status = 200, body = Listed<Invitation>, description = "Without anything that is written there."),
))]
async fn list(
    State(portal): State<Portal>,
    Member(caller): Member,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Invitation>>, Problem> {
    Ok(Json(invitations::list(&portal, caller, &paging.page()?).await?))
}

/// Accept an invitation.
///
/// From then on you see what is written in the group.
#[utoipa::path(post, path = "/api/v1/invitations/{id}/accept", tag = "groups",
    params(("id" = uuid::Uuid, Path, description = "The invitation.")),
    responses(
        (status = 200, body = Conversation, description = "You are in the group."),
        (status = 404, body = ProblemBody, description = "`not_found`: it was taken back, is over, or the group has ended"),
    )
)]
async fn accept(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(id): Id,
) -> Result<Json<Conversation>, Problem> {
    Ok(Json(invitations::accept(&portal, caller, id).await?))
}

/// Decline an invitation.
#[utoipa::path(delete, path = "/api/v1/invitations/{id}", tag = "groups",
    params(("id" = uuid::Uuid, Path, description = "The invitation.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, body = ProblemBody, description = "`not_found`: there is none"),
    )
)]
async fn decline(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    invitations::decline(&portal, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
