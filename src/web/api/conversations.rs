//! `/api/v1/conversations`: one's conversations, beginning one, and leaving one.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    messaging::{
        conversations::{self, Conversation},
        groups::leave,
        start::{self, Opening, StartError},
    },
    portal::Portal,
    values::Listed,
    web::{
        api::{groups::Two, who::routes},
        body::Body,
        guard::session::Member,
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Id, Paging},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(show))
        .routes(routes!(leave))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "member_ids": ["7a0c1d2e-3f40-4152-8637-48596a7b8c9d"], "subject": "Treffen im Mai",
    "body": "Guten Tag Herr Muster, passt Ihnen der 12. Mai?"
}))]
struct NewConversation {
    /// Everyone else who is to be in it, 1 to 49.
    #[schema(min_items = 1, max_items = 49)]
    member_ids: Vec<Uuid>,
    #[schema(max_length = 200)]
    subject: Option<String>,
    #[schema(max_length = 10_000)]
    body: String,
}

/// Your conversations, those with the latest news first.
#[utoipa::path(get, path = "/api/v1/conversations", tag = "conversations", params(Paging), responses(
    (status = 200, body = Listed<Conversation>, description = "With `unread` and `last_message`.", example = json!({
        "items": [{
            "id": "019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071", "subject": "Treffen im Mai",
            "members": [
                {"id": "2f1b9a8e-6f0c-4d0f-9d5c-0a3b7c1e2d4f", "display_name": "Anna Beispiel"},
                {"id": "7a0c1d2e-3f40-4152-8637-48596a7b8c9d", "display_name": "Max Muster"}
            ],
            "former_members": 0, "unread": 1,
            "last_message": {
                "id": "019a2b3c-5000-7aaa-8bbb-0123456789ab", "author_id": "7a0c1d2e-3f40-4152-8637-48596a7b8c9d",
                "body": "Ja, gern.", "sent_at": "2026-11-23T13:05:00Z"
            },
            "created_at": "2026-11-23T12:00:00Z", "last_activity_at": "2026-11-23T13:05:00Z"
        }],
        "next": null
    })),
))]
async fn list(
    State(portal): State<Portal>,
    Member(caller): Member,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Conversation>>, Problem> {
    Ok(Json(conversations::list(&portal, caller, &paging.page()?).await?))
}

/// Begin a conversation.
///
/// Between the same two there is one: `body` is added to it, and `subject` ignored. Everyone beyond the first of
/// `member_ids` counts towards the limit of invitations.
#[utoipa::path(post, path = "/api/v1/conversations", tag = "conversations", request_body = NewConversation, responses(
    (status = 201, body = Conversation, description = "Begun."),
    (status = 200, body = Conversation, description = "The one that there was between the same two, with the message added."),
    (status = 409, body = ProblemBody, description = "`blocked`: you blocked the one whom you write to"),
    (status = 429, body = ProblemBody, description = "`rate_limited`: `Retry-After` says when it works again"),
))]
async fn create(
    State(portal): State<Portal>,
    Member(caller): Member,
    Body(NewConversation {
        member_ids,
        subject,
        body,
    }): Body<NewConversation>,
) -> Result<(StatusCode, Json<Conversation>), Problem> {
    let opening = Opening::parse(caller, &member_ids, subject.as_deref(), &body)?;
    let started = start::start(&portal, caller, opening).await?;
    let status = if started.created {
        StatusCode::CREATED
    } else {
        StatusCode::OK
    };
    Ok((status, Json(started.conversation)))
}

/// One of your conversations, as the list shows it.
#[utoipa::path(get, path = "/api/v1/conversations/{id}", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation.")),
    responses(
        (status = 200, body = Conversation, description = "With `unread` and `last_message`."),
        (status = 404, body = ProblemBody, description = "`not_found`: none of yours"),
    )
)]
async fn show(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(id): Id,
) -> Result<Json<Conversation>, Problem> {
    let found = conversations::listed(&portal, caller, id).await?;
    Ok(Json(found.ok_or(Code::NotFound)?))
}

/// Leave a conversation of several people, or a group.
///
/// What you wrote stays for the others. With the last one the conversation ends, and everything in it disappears. Nobody
/// leaves a conversation of two, and nobody is removed from one that is no group.
#[utoipa::path(delete, path = "/api/v1/conversations/{id}/members/{member_id}", tag = "conversations",
    params(
        ("id" = Uuid, Path, description = "The conversation."),
        ("member_id" = Uuid, Path, description = "Yourself."),
    ),
    responses(
        (status = 204, description = "You are not in it any more."),
        (status = 403, body = ProblemBody, description = "`forbidden`: it is between two, or somebody else was named"),
        (status = 404, body = ProblemBody, description = "`not_found`: none that you are in"),
    )
)]
async fn leave(
    State(portal): State<Portal>,
    Member(caller): Member,
    two: Two,
) -> Result<StatusCode, Problem> {
    let Path((conversation, member)) = two.map_err(|_| Code::NotFound)?;
    if member != caller.account {
        let found = conversations::one(&portal.database, caller, conversation).await?;
        return Err(found.map_or(Code::NotFound, |_| Code::Forbidden).into());
    }
    leave::leave(&portal, caller, conversation).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<StartError> for Problem {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Invalid(error) => error.into(),
            StartError::NotActive(error) => error.into(),
            StartError::TooOften(error) => error.into(),
            StartError::Blocked => Code::Blocked.into(),
            StartError::KeyReused => Code::IdempotencyKeyReused.into(),
            StartError::Database(error) => error.into(),
        }
    }
}
