//! `/api/v1/groups`: opening and naming a group, who is invited into it, and leaving it.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    messaging::{
        conversations::Conversation,
        groups::{
            GroupError,
            invite::{self, Invited},
            leave,
            open::{self, Opening},
            rename,
        },
    },
    portal::Portal,
    values::Listed,
    web::{
        api::who::routes,
        body::{Body, MergePatch},
        guard::session::Member,
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Id, Once, Paging},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(open))
        .routes(routes!(rename))
        .routes(routes!(list_invited, invite))
        .routes(routes!(withdraw))
        .routes(routes!(remove))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Runde der Bauämter", "member_ids": ["7a0c1d2e-3f40-4152-8637-48596a7b8c9d"]}))]
struct NewGroup {
    #[schema(max_length = 200)]
    name: String,
    /// Who is invited into it, up to 49.
    #[serde(default)]
    #[schema(max_items = 49)]
    member_ids: Vec<Uuid>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Runde der Bauämter"}))]
struct GroupName {
    #[schema(max_length = 200)]
    name: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"member_ids": ["7a0c1d2e-3f40-4152-8637-48596a7b8c9d"]}))]
struct NewInvitations {
    /// Who is invited, 1 to 49.
    #[schema(min_items = 1, max_items = 49)]
    member_ids: Vec<Uuid>,
}

/// Open a group.
///
/// You are alone in it until those whom you invited accept; what is written is seen by who is in it by then. Sent again
/// with the same `Idempotency-Key`, no other group is opened.
#[utoipa::path(post, path = "/api/v1/groups", tag = "groups",
    params(("Idempotency-Key" = Option<String>, Header, description = "Up to 255 characters, new for every group.",
        example = "0b9f5c0e-8f0a-4e0c-9f5e-1c9f3a2b7d11")),
    request_body = NewGroup,
    responses(
        (status = 201, body = Conversation, description = "Opened; write in it as in any conversation."),
        (status = 422, body = ProblemBody, description = "`idempotency_key_reused`: with another name"),
        (status = 429, body = ProblemBody, description = "`rate_limited`: `Retry-After` says when it works again"),
    )
)]
async fn open(
    State(portal): State<Portal>,
    Member(caller): Member,
    Once(key): Once,
    Body(NewGroup { name, member_ids }): Body<NewGroup>,
) -> Result<(StatusCode, Json<Conversation>), Problem> {
    let opening = Opening::parse(caller, &name, &member_ids)?.once(key);
    let group = open::open(&portal, caller, opening).await?;
    Ok((StatusCode::CREATED, Json(group)))
}

/// Rename a group that you manage.
#[utoipa::path(patch, path = "/api/v1/groups/{id}", tag = "groups",
    params(("id" = Uuid, Path, description = "The group.")),
    request_body(content(
        (GroupName = "application/merge-patch+json"),
        (GroupName = "application/json"),
    )),
    responses(
        (status = 200, body = Conversation, description = "Under its new name."),
        (status = 403, body = ProblemBody, description = "`not_manager`: somebody else manages it"),
        (status = 404, body = ProblemBody, description = "`not_found`: none that you are in"),
        (status = 429, body = ProblemBody, description = "`rate_limited`: a name counts as a message; `Retry-After` says when it works again"),
    )
)]
async fn rename(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(group): Id,
    MergePatch(GroupName { name }): MergePatch<GroupName>,
) -> Result<Json<Conversation>, Problem> {
    Ok(Json(rename::rename(&portal, caller, group, &name).await?))
}

/// Who is invited into a group, latest first.
#[utoipa::path(get, path = "/api/v1/groups/{id}/invitations", tag = "groups",
    params(("id" = Uuid, Path, description = "The group."), Paging),
    responses(
        (status = 200, body = Listed<Invited>, description = "Those who have not answered yet."),
        (status = 404, body = ProblemBody, description = "`not_found`: none that you are in"),
    )
)]
async fn list_invited(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(group): Id,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Invited>>, Problem> {
    let invited = invite::list(&portal, caller, group, &paging.page()?).await?;
    Ok(Json(invited.ok_or(Code::NotFound)?))
}

/// Invite members into a group that you are in.
///
/// Who is in it or was invited by you before is left as they are. An invitation can be accepted for 30 days.
#[utoipa::path(post, path = "/api/v1/groups/{id}/invitations", tag = "groups",
    params(("id" = Uuid, Path, description = "The group.")),
    request_body = NewInvitations,
    responses(
        (status = 201, body = Listed<Invited>, description = "The open invitations of those named."),
        (status = 404, body = ProblemBody, description = "`not_found`: none that you are in"),
        (status = 409, body = ProblemBody, description = "`group_full`: at most 200 people, those invited included"),
        (status = 429, body = ProblemBody, description = "`rate_limited`: `Retry-After` says when it works again"),
    )
)]
async fn invite(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(group): Id,
    Body(NewInvitations { member_ids }): Body<NewInvitations>,
) -> Result<(StatusCode, Json<Listed<Invited>>), Problem> {
    let items = invite::invite(&portal, caller, group, &member_ids).await?;
    Ok((StatusCode::CREATED, Json(Listed { items, next: None })))
}

/// A group or conversation and somebody in it, or invited into it. What is no id names nobody.
pub type Two = Result<Path<(Uuid, Uuid)>, PathRejection>;

/// Take an invitation back that you sent, or anybody's where you manage the group.
#[utoipa::path(delete, path = "/api/v1/groups/{id}/invitations/{account_id}", tag = "groups",
    params(
        ("id" = Uuid, Path, description = "The group."),
        ("account_id" = Uuid, Path, description = "Who is invited."),
    ),
    responses(
        (status = 204, description = "Taken back."),
        (status = 403, body = ProblemBody, description = "`not_manager`: somebody else invited them"),
        (status = 404, body = ProblemBody, description = "`not_found`: nobody is invited by this id"),
    )
)]
async fn withdraw(
    State(portal): State<Portal>,
    Member(caller): Member,
    two: Two,
) -> Result<StatusCode, Problem> {
    let Path((group, account)) = two.map_err(|_| Code::NotFound)?;
    invite::withdraw(&portal, caller, group, account).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Leave a group, or remove somebody from one that you manage.
///
/// What was written stays. With the last one the group ends, and everything in it disappears.
#[utoipa::path(delete, path = "/api/v1/groups/{id}/members/{member_id}", tag = "groups",
    params(
        ("id" = Uuid, Path, description = "The group."),
        ("member_id" = Uuid, Path, description = "Yourself, or whom you remove."),
    ),
    responses(
        (status = 204, description = "They are not in the group any more."),
        (status = 403, body = ProblemBody, description = "`not_manager`: somebody else manages it, or they will when they are not suspended any more"),
        (status = 404, body = ProblemBody, description = "`not_found`: no such group, or nobody in it has this id"),
    )
)]
async fn remove(
    State(portal): State<Portal>,
    Member(caller): Member,
    two: Two,
) -> Result<StatusCode, Problem> {
    let Path((group, member)) = two.map_err(|_| Code::NotFound)?;
    leave::remove(&portal, caller, group, member).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<GroupError> for Problem {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::Invalid(error) => error.into(),
            GroupError::NotActive(error) => error.into(),
            GroupError::NotFound => Code::NotFound.into(),
            GroupError::NotManager => Code::NotManager.into(),
            GroupError::Full => Code::GroupFull.into(),
            GroupError::Pair => Code::Forbidden.into(),
            GroupError::TooOften(error) => error.into(),
            GroupError::KeyReused => Code::IdempotencyKeyReused.into(),
            GroupError::Database(error) => error.into(),
        }
    }
}
