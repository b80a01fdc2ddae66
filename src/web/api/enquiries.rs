//! `/api/v1/enquiries`: questions to the operator, and their answers; the member's side.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    enquiries::{
        Enquiry, EnquiryError, Entry, ask, close,
        own::{self, Thread},
        write,
    },
    portal::Portal,
    values::Listed,
    web::{
        api::who::routes,
        body::Body,
        guard::session::Member,
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Id, Once, Paging},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(read))
        .routes(routes!(reply))
        .routes(routes!(close_own))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"subject": "Rechnungsadresse", "body": "Wohin sollen wir unsere neue Rechnungsadresse melden?"}))]
struct NewEnquiry {
    #[schema(max_length = 200)]
    subject: String,
    #[schema(max_length = 10_000)]
    body: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"body": "Und ab wann gilt das?"}))]
struct NewEntry {
    #[schema(max_length = 10_000)]
    body: String,
}

/// Your enquiries, newest first, with the first question and the latest answer of each.
#[utoipa::path(get, path = "/api/v1/enquiries", tag = "enquiries", params(Paging), responses(
    (status = 200, body = Listed<Enquiry>, description = "A page of enquiries.", example = json!({
        "items": [{
            "id": "019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071", "subject": "Rechnungsadresse",
            "body": "Wohin sollen wir unsere neue Rechnungsadresse melden?", "asked_at": "2026-11-23T08:15:00Z",
            "answer": "Bitte an die Geschäftsstelle.", "answered_at": "2026-11-24T09:00:00Z",
            "state": "answered", "last_activity_at": "2026-11-24T09:00:00Z"
        }],
        "next": null
    })),
))]
async fn list(
    State(portal): State<Portal>,
    Member(caller): Member,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Enquiry>>, Problem> {
    Ok(Json(own::list(&portal, caller, &paging.page()?).await?))
}

/// Ask the operator something.
///
/// Sent again with the same `Idempotency-Key`, it is not asked twice: the first one is the answer.
#[utoipa::path(post, path = "/api/v1/enquiries", tag = "enquiries",
    params(("Idempotency-Key" = Option<String>, Header, description = "Up to 255 characters, new for every enquiry.")),
    request_body = NewEnquiry, responses(
    (status = 201, body = Enquiry, description = "Asked; a mail tells when there is an answer."),
    (status = 422, body = ProblemBody, description = "`idempotency_key_reused`: with another enquiry"),
    (status = 429, body = ProblemBody, description = "`rate_limited`: `Retry-After` says when it works again"),
))]
async fn create(
    State(portal): State<Portal>,
    Member(caller): Member,
    Once(key): Once,
    Body(NewEnquiry { subject, body }): Body<NewEnquiry>,
) -> Result<(StatusCode, Json<Enquiry>), Problem> {
    let enquiry = ask::ask(&portal, caller, &subject, &body, key).await?;
    Ok((StatusCode::CREATED, Json(enquiry)))
}

/// One of your enquiries with what was written in it, newest first.
///
/// `limit`, `cursor` and `entries.next` page through what was written.
#[utoipa::path(get, path = "/api/v1/enquiries/{id}", tag = "enquiries",
    params(("id" = Uuid, Path, description = "The enquiry."), Paging), responses(
    (status = 200, body = Thread, description = "The enquiry, and a page of its texts.", example = json!({
        "id": "019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071", "subject": "Rechnungsadresse",
        "body": "Wohin sollen wir unsere neue Rechnungsadresse melden?", "asked_at": "2026-11-23T08:15:00Z",
        "answer": null, "answered_at": null, "state": "open", "last_activity_at": "2026-11-23T08:15:00Z",
        "entries": {
            "items": [{
                "id": "019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6072", "by_operator": false,
                "body": "Wohin sollen wir unsere neue Rechnungsadresse melden?", "written_at": "2026-11-23T08:15:00Z"
            }],
            "next": null
        }
    })),
    (status = 404, body = ProblemBody, description = "`not_found`: none of yours"),
))]
async fn read(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(id): Id,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Thread>, Problem> {
    let thread = own::thread(&portal, caller, id, &paging.page()?)
        .await?
        .ok_or(Code::NotFound)?;
    Ok(Json(thread))
}

/// Write on in your enquiry.
///
/// It is open again then, whether it was answered or closed. It counts as a message. Sent again with the same
/// `Idempotency-Key`, it is not written twice: the first one is the answer.
#[utoipa::path(post, path = "/api/v1/enquiries/{id}/messages", tag = "enquiries",
    params(
        ("id" = Uuid, Path, description = "The enquiry."),
        ("Idempotency-Key" = Option<String>, Header, description = "Up to 255 characters, new for every text."),
    ),
    request_body = NewEntry, responses(
    (status = 201, body = Entry, description = "Written; a mail tells when there is an answer."),
    (status = 404, body = ProblemBody, description = "`not_found`: none of yours"),
    (status = 422, body = ProblemBody, description = "`idempotency_key_reused`: with another text"),
    (status = 429, body = ProblemBody, description = "`rate_limited`: `Retry-After` says when it works again"),
))]
async fn reply(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(id): Id,
    Once(key): Once,
    Body(NewEntry { body }): Body<NewEntry>,
) -> Result<(StatusCode, Json<Entry>), Problem> {
    let entry = write::write(&portal, caller, id, &body, key).await?;
    Ok((StatusCode::CREATED, Json(entry)))
}

/// Close your enquiry: you need no answer any more.
#[utoipa::path(post, path = "/api/v1/enquiries/{id}/close", tag = "enquiries",
    params(("id" = Uuid, Path, description = "The enquiry.")), responses(
    (status = 204),
    (status = 404, body = ProblemBody, description = "`not_found`: none of yours"),
))]
async fn close_own(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    close::by_member(&portal, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<EnquiryError> for Problem {
    fn from(error: EnquiryError) -> Self {
        match error {
            EnquiryError::Invalid(error) => error.into(),
            EnquiryError::NotActive(error) => error.into(),
            EnquiryError::NotFound => Code::NotFound.into(),
            EnquiryError::TooOften(error) => error.into(),
            EnquiryError::KeyReused => Code::IdempotencyKeyReused.into(),
            EnquiryError::Answered => Code::AlreadyAnswered.into(),
            EnquiryError::NoLonger(error) => error.into(),
            EnquiryError::Database(error) => error.into(),
        }
    }
}
