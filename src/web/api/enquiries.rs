//! `/api/v1/enquiries`: questions to the operator, and their answers.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    enquiries::{self, Enquiry, EnquiryError},
    portal::Portal,
    values::Listed,
    web::{
        body::Body,
        guard::session::Member,
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Once, Paging},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new().routes(routes!(list, create))
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

/// Your enquiries, newest first, with their answers.
#[utoipa::path(get, path = "/api/v1/enquiries", tag = "enquiries", params(Paging), responses(
    (status = 200, body = Listed<Enquiry>, description = "A page of enquiries.", example = json!({
        "items": [{
            "id": "019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071", "subject": "Rechnungsadresse",
            "body": "Wohin sollen wir unsere neue Rechnungsadresse melden?", "asked_at": "2026-11-23T08:15:00Z",
            "answer": "Bitte an die Geschäftsstelle.", "answered_at": "2026-11-24T09:00:00Z"
        }],
        "next": null
    })),
))]
async fn list(
    State(portal): State<Portal>,
    Member(caller): Member,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Enquiry>>, Problem> {
    Ok(Json(enquiries::own(&portal, caller, &paging.page()?).await?))
}

/// Ask the operator something.
///
/// Sent again with the same `Idempotency-Key`, it is not asked twice: the first one is the answer.
#[utoipa::path(post, path = "/api/v1/enquiries", tag = "enquiries",
    params(("Idempotency-Key" = Option<String>, Header, description = "Up to 255 characters, new for every enquiry.")),
    request_body = NewEnquiry, responses(
    (status = 201, body = Enquiry, description = "Asked; a mail tells when there is an answer."),
    (status = 422, body = ProblemBody, description = "`idempotency_key_reused`: with another enquiry"),
))]
async fn create(
    State(portal): State<Portal>,
    Member(caller): Member,
    Once(key): Once,
    Body(NewEnquiry { subject, body }): Body<NewEnquiry>,
) -> Result<(StatusCode, Json<Enquiry>), Problem> {
    let enquiry = enquiries::ask(&portal, caller, &subject, &body, key).await?;
    Ok((StatusCode::CREATED, Json(enquiry)))
}

impl From<EnquiryError> for Problem {
    fn from(error: EnquiryError) -> Self {
        match error {
            EnquiryError::Invalid(error) => error.into(),
            EnquiryError::NotActive(error) => error.into(),
            EnquiryError::NotFound => Code::NotFound.into(),
            EnquiryError::KeyReused => Code::IdempotencyKeyReused.into(),
            EnquiryError::Answered => Code::AlreadyAnswered.into(),
            EnquiryError::Database(error) => error.into(),
        }
    }
}
