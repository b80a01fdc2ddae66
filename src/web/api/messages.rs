//! `/api/v1/conversations/{id}/messages` and `/api/v1/messages`: reading, searching, writing and taking back.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    messaging::{
        messages::{self, Message},
        read::{self, ReadError},
        search::{self, Hit, SearchError},
        send::{self, SendError},
        withdraw::{self, WithdrawError},
    },
    portal::Portal,
    values::Listed,
    web::{
        api::who::routes,
        body::Body,
        guard::session::{Asking, Member},
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Id, Once, page},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(mark_read))
        .routes(routes!(find))
        .routes(routes!(withdraw))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MessagePaging {
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// Only messages before the one with this id.
    before: Option<Uuid>,
    /// `next` of the page before; it goes on there, whatever `before` says.
    cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct MessageSearch {
    /// Words that must all occur, in whatever form; "in quotation marks" one right after the other, `-` before what must
    /// not occur, `or` between alternatives. Umlauts may be written either way.
    #[param(max_length = 200, example = "Müller \"neue Straße\" -Entwurf")]
    query: String,
    /// Only in this conversation.
    conversation_id: Option<Uuid>,
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": "Ja, gern."}))]
struct NewMessage {
    #[schema(max_length = 10_000)]
    body: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"up_to": "019a2b3c-5000-7aaa-8bbb-0123456789ab"}))]
struct ReadMark {
    /// The last message that was read.
    up_to: Uuid,
}

/// The messages of a conversation, newest first.
#[utoipa::path(get, path = "/api/v1/conversations/{id}/messages", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation."), MessagePaging),
    responses(
        (status = 200, body = Listed<Message>, description = "A page of messages.", example = json!({
            "items": [{
                "id": "019a2b3c-5000-7aaa-8bbb-0123456789ab", "author_id": "7a0c1d2e-3f40-4152-8637-48596a7b8c9d",
                "body": "Ja, gern.", "sent_at": "2026-11-23T13:05:00Z"
            }],
            "next": null
        })),
        (status = 404, body = ProblemBody, description = "`not_found`: none that you are in"),
    )
)]
async fn list(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(conversation): Id,
    Asked(asked): Asked<MessagePaging>,
) -> Result<Json<Listed<Message>>, Problem> {
    let mut page = page(asked.limit, asked.cursor.as_deref())?;
    page.after = page.after.or(asked.before);
    let messages = messages::list(&portal, caller, conversation, &page)
        .await?
        .ok_or(Code::NotFound)?;
    Ok(Json(messages))
}

/// Search the messages that you can read, newest first.
///
/// Words are found in any of their forms, German and English ones.
#[utoipa::path(get, path = "/api/v1/messages", tag = "conversations", params(MessageSearch), responses(
    (status = 200, body = Listed<Hit>, description = "A page of what was found.", example = json!({
        "items": [{
            "id": "019a2b3c-5000-7aaa-8bbb-0123456789ab", "conversation_id": "019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071",
            "subject": "Treffen im Mai", "author_id": "7a0c1d2e-3f40-4152-8637-48596a7b8c9d",
            "author_name": "Max Muster", "excerpt": "Ja, gern.", "sent_at": "2026-11-23T13:05:00Z"
        }],
        "next": null
    })),
    (status = 404, body = ProblemBody, description = "`not_found`: no conversation that you are in"),
    (status = 503, body = ProblemBody, description = "`busy`: as many search as may at once, or you do already"),
))]
async fn find(
    State(portal): State<Portal>,
    Member(caller): Member,
    Asked(asked): Asked<MessageSearch>,
) -> Result<Json<Listed<Hit>>, Problem> {
    let page = page(asked.limit, asked.cursor.as_deref())?;
    let found = search::find(&portal, caller, &asked.query, asked.conversation_id, &page).await?;
    Ok(Json(found))
}

/// Write in a conversation.
///
/// Sent again with the same `Idempotency-Key`, the message is not written twice: the first one is the answer.
#[utoipa::path(post, path = "/api/v1/conversations/{id}/messages", tag = "conversations",
    params(
        ("id" = Uuid, Path, description = "The conversation."),
        ("Idempotency-Key" = Option<String>, Header, description = "Up to 255 characters, new for every message.",
            example = "0b9f5c0e-8f0a-4e0c-9f5e-1c9f3a2b7d11"),
    ),
    request_body = NewMessage,
    responses(
        (status = 201, body = Message, description = "Sent."),
        (status = 404, body = ProblemBody, description = "`not_found`: none that you are in"),
        (status = 409, body = ProblemBody, description = "`nobody_left`: nobody else is there; `blocked`: you blocked the other one"),
        (status = 422, body = ProblemBody, description = "`idempotency_key_reused`: with another message"),
        (status = 429, body = ProblemBody, description = "`rate_limited`: `Retry-After` says when it works again"),
    )
)]
async fn create(
    State(portal): State<Portal>,
    asking: Asking,
    conversation: Result<Id, Problem>,
    key: Result<Once, Problem>,
    message: Result<Body<NewMessage>, Problem>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    if let (Some(session), Ok(Id(conversation)), Ok(Once(key)), Ok(Body(message))) =
        (asking.key(), &conversation, &key, &message)
        && let Some(sent) =
            send::at_once(&portal, session, *conversation, &message.body, key.as_ref()).await?
    {
        return Ok((StatusCode::CREATED, Json(sent)));
    }
    // Something is in the way, and who is asking comes first.
    let Member(caller) = asking.member().await?;
    let (Id(conversation), Once(key), Body(NewMessage { body })) = (conversation?, key?, message?);
    let sent = send::send(&portal, caller, conversation, &body, key).await?;
    Ok((StatusCode::CREATED, Json(sent)))
}

/// Mark everything up to a message as read.
///
/// The mark never goes back.
#[utoipa::path(put, path = "/api/v1/conversations/{id}/read", tag = "conversations",
    params(("id" = Uuid, Path, description = "The conversation.")),
    request_body = ReadMark,
    responses(
        (status = 204, description = "Marked."),
        (status = 404, body = ProblemBody, description = "`not_found`: none that you are in"),
    )
)]
async fn mark_read(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(conversation): Id,
    Body(ReadMark { up_to }): Body<ReadMark>,
) -> Result<StatusCode, Problem> {
    read::mark(&portal, caller, conversation, up_to).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete your own message, for everyone.
#[utoipa::path(delete, path = "/api/v1/messages/{id}", tag = "conversations",
    params(("id" = Uuid, Path, description = "The message.")),
    responses(
        (status = 204, description = "Gone."),
        (status = 403, body = ProblemBody, description = "`forbidden`: somebody else wrote it"),
        (status = 404, body = ProblemBody, description = "`not_found`: none that you can see"),
    )
)]
async fn withdraw(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    withdraw::withdraw(&portal, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<SendError> for Problem {
    fn from(error: SendError) -> Self {
        match error {
            SendError::Invalid(error) => error.into(),
            SendError::NotActive(error) => error.into(),
            SendError::NotFound => Code::NotFound.into(),
            SendError::NobodyLeft => Code::NobodyLeft.into(),
            SendError::Blocked => Code::Blocked.into(),
            SendError::TooOften(error) => error.into(),
            SendError::KeyReused => Code::IdempotencyKeyReused.into(),
            SendError::Database(error) => error.into(),
        }
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Invalid(error) => error.into(),
            SearchError::NotFound => Code::NotFound.into(),
            SearchError::Busy => Self {
                retry_after: Some(1),
                ..Self::new(Code::Busy)
            },
            SearchError::Database(error) => error.into(),
        }
    }
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Invalid(error) => error.into(),
            ReadError::NotActive(error) => error.into(),
            ReadError::NotFound => Code::NotFound.into(),
            ReadError::Database(error) => error.into(),
        }
    }
}

impl From<WithdrawError> for Problem {
    fn from(error: WithdrawError) -> Self {
        match error {
            WithdrawError::NotActive(error) => error.into(),
            WithdrawError::NotFound => Code::NotFound.into(),
            WithdrawError::NotOwn => Code::Forbidden.into(),
            WithdrawError::Database(error) => error.into(),
        }
    }
}
