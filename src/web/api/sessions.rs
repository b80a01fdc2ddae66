//! `/api/v1/sessions`: where one is signed in, and ending it there.

use axum::{Json, extract::State, http::StatusCode};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    authentication::sessions::{self, OwnSession},
    portal::Portal,
    values::Listed,
    web::{
        api::who::routes,
        guard::session::{Member, Proved},
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Id, Paging},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list, end_others))
        .routes(routes!(end))
}

/// Your sessions, newest first.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "session", params(Paging), responses(
    (status = 200, body = Listed<OwnSession>, description = "Where you are signed in.", example = json!({
        "items": [{
            "id": "019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071", "created_at": "2026-11-23T08:15:00Z",
            "last_used_at": "2026-11-23T13:05:00Z", "expires_at": "2026-11-23T20:15:00Z",
            "browser": "firefox", "system": "windows", "current": true
        }],
        "next": null
    })),
))]
async fn list(
    State(portal): State<Portal>,
    Member(caller): Member,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<OwnSession>>, Problem> {
    Ok(Json(sessions::own(&portal, caller, &paging.page()?).await?))
}

/// End all other sessions.
///
/// Takes a sign-in or a proof of the last 5 minutes, so that whoever got hold of one session cannot end the others.
#[utoipa::path(delete, path = "/api/v1/sessions", tag = "session", responses(
    (status = 204, description = "Only the session that asked is left."),
    (status = 403, body = ProblemBody, description = "`proof_required`: see `POST /api/v1/session/proof`"),
))]
async fn end_others(
    State(portal): State<Portal>,
    Proved(Member(caller)): Proved<Member>,
) -> Result<StatusCode, Problem> {
    sessions::end_others(&portal, caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End one session.
///
/// Takes a sign-in or a proof of the last 5 minutes; signing out, which is `DELETE /api/v1/session`, never does.
#[utoipa::path(delete, path = "/api/v1/sessions/{id}", tag = "session",
    params(("id" = uuid::Uuid, Path, description = "From the list of sessions.")),
    responses(
        (status = 204, description = "Ended."),
        (status = 403, body = ProblemBody, description = "`proof_required`: see `POST /api/v1/session/proof`"),
        (status = 404, body = ProblemBody, description = "`not_found`"),
    )
)]
async fn end(
    State(portal): State<Portal>,
    Proved(Member(caller)): Proved<Member>,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    if sessions::end(&portal, caller, id).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Code::NotFound.into())
    }
}
