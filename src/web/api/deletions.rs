//! `/api/v1/me/deletion…` and `/api/v1/deletions…`: what would go, asking for it, undoing it, what became of
//! it.

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
    http::StatusCode,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    confirmation::Token,
    devices::Visit,
    erasure::{
        outcome::{self, Outcome},
        preview::{self, Preview},
        request::{self, RequestError, Requested},
        undo::{self, UndoError},
    },
    portal::Portal,
    values::Invalid,
    web::{
        api::who::routes,
        body::Body,
        guard::session::Member,
        problem::{Code, Problem, ProblemBody},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(preview_own))
        .routes(routes!(delete_own))
        .routes(routes!(delete_without_session))
        .routes(routes!(undo_deletion))
        .routes(routes!(read_outcome))
}

/// The instants of a deletion.
#[derive(Serialize, ToSchema)]
#[schema(as = RequestedDeletion, example = json!({
    "deleted_at": "2026-11-23T09:00:00Z", "undo_until": "2026-11-23T10:00:00Z", "erase_by": "2026-11-24T09:00:00Z",
    "receipt_code": "mJ3yV0q8cXoJtq2yB0l0m3yH7m9sQv1u5r2x8w4z6aE"
}))]
pub(super) struct DeletionAnswer {
    deleted_at: DateTime<Utc>,
    undo_until: DateTime<Utc>,
    erase_by: DateTime<Utc>,
    /// Under this code the outcome can be read. Left out when the deletion was under way already.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt_code: Option<String>,
}

impl From<Requested> for DeletionAnswer {
    fn from(
        Requested {
            deadlines,
            receipt_code,
        }: Requested,
    ) -> Self {
        Self {
            deleted_at: deadlines.deleted_at,
            undo_until: deadlines.undo_until,
            erase_by: deadlines.erase_by,
            receipt_code,
        }
    }
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "vier blaue Stuehle im Rathaus"}))]
struct OwnDeletion {
    password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "anna.beispiel@stadt-musterhausen.example", "password": "vier blaue Stuehle im Rathaus"}))]
struct DeletionByCredentials {
    email: String,
    password: String,
    /// Of the authenticator app, or a recovery code: needed where the account could sign in and has a second factor.
    #[serde(default)]
    code: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "wK5m3oQ1p0b8H1m7n2c9X4v6b3n8M1k5j2h7g4f9d0s"}))]
struct Undo {
    token: String,
}

/// What deleting the account would erase, and what is held.
#[utoipa::path(get, path = "/api/v1/me/deletion-preview", tag = "deletion", responses(
    (status = 200, body = Preview),
    (status = 401, body = ProblemBody),
))]
async fn preview_own(State(portal): State<Portal>, Member(caller): Member) -> Result<Json<Preview>, Problem> {
    Ok(Json(preview::preview(&portal, caller).await?))
}

/// Delete one's own account.
///
/// Access ends at once; until `undo_until` the link in the mail undoes it. Asking again answers the same instants.
#[utoipa::path(post, path = "/api/v1/me/deletion", tag = "deletion",
    request_body = OwnDeletion, responses(
    (status = 202, body = DeletionAnswer),
    (status = 401, body = ProblemBody, description = "not signed in, or `credentials_invalid`"),
    (status = 403, body = ProblemBody, description = "`proof_required` where the account has a second factor"),
    (status = 429, body = ProblemBody, description = "`rate_limited`: tried too often; `Retry-After` says when it works again"),
    (status = 409, body = ProblemBody, description = "`last_administrator`"),
))]
async fn delete_own(
    State(portal): State<Portal>,
    Member(caller): Member,
    Body(OwnDeletion { password }): Body<OwnDeletion>,
) -> Result<(StatusCode, Json<DeletionAnswer>), Problem> {
    let requested = request::by_member(&portal, caller, &password).await?;
    Ok((StatusCode::ACCEPTED, Json(requested.into())))
}

/// Delete an account without signing in, for whoever is suspended or still waits.
#[utoipa::path(post, path = "/api/v1/deletions", tag = "deletion",
    request_body = DeletionByCredentials, responses(
    (status = 202, body = DeletionAnswer),
    (status = 401, body = ProblemBody, description = "`credentials_invalid`; `code_invalid`: the code is wrong, or was used before"),
    (status = 429, body = ProblemBody, description = "`rate_limited`: tried too often; `Retry-After` says when it works again"),
    (status = 409, body = ProblemBody, description = "`last_administrator`"),
))]
async fn delete_without_session(
    State(portal): State<Portal>,
    visit: Visit,
    Body(DeletionByCredentials {
        email,
        password,
        code,
    }): Body<DeletionByCredentials>,
) -> Result<(StatusCode, Json<DeletionAnswer>), Problem> {
    let code = code.as_deref().unwrap_or_default();
    let requested = request::by_credentials(&portal, &visit, &email, &password, code).await?;
    Ok((StatusCode::ACCEPTED, Json(requested.into())))
}

/// Undo a deletion by the link in its mail.
#[utoipa::path(post, path = "/api/v1/deletions/undo", tag = "deletion",
    request_body = Undo, responses(
    (status = 204),
    (status = 409, body = ProblemBody, description = "`undo_impossible`: undone already, too late, or erasure has begun"),
))]
async fn undo_deletion(
    State(portal): State<Portal>,
    Body(Undo { token }): Body<Undo>,
) -> Result<StatusCode, Problem> {
    let token = Token::parse(&token).map_err(|fault| Invalid::one("token", fault))?;
    undo::undo(&portal, &token).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What became of a deletion, under the code of its receipt.
///
/// `held` while something is kept and the rest is gone; its `held` names what is kept, on what basis and until when.
/// Where an authority or a court forbids more, one entry of nulls says that something is kept by law. The code is good
/// for 12 months after the erasure.
#[utoipa::path(get, path = "/api/v1/deletions/{receipt_code}", tag = "deletion",
    params(("receipt_code" = String, Path, description = "From the answer to the request or from its mail.",
        example = "mJ3yV0q8cXoJtq2yB0l0m3yH7m9sQv1u5r2x8w4z6aE")),
    responses(
    (status = 200, body = Outcome, example = json!({
        "state": "held", "erase_by": "2026-11-24T09:00:00Z", "erased_at": null,
        "held": [{"category": "messages", "basis": "open_claim", "until": "2027-05-31T22:00:00Z"}]
    })),
    (status = 404, body = ProblemBody, description = "`not_found`: no such code, undone, or longer ago than 12 months"),
))]
async fn read_outcome(
    State(portal): State<Portal>,
    code: Result<Path<String>, PathRejection>,
) -> Result<Json<Outcome>, Problem> {
    let Path(code) = code.map_err(|_| Code::NotFound)?;
    let outcome = outcome::of(&portal, &code).await?.ok_or(Code::NotFound)?;
    Ok(Json(outcome))
}

impl From<RequestError> for Problem {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Password(error) => error.into(),
            RequestError::Code(error) => error.into(),
            RequestError::ProofRequired => Code::ProofRequired.into(),
            RequestError::NotFound => Code::NotFound.into(),
            RequestError::OwnAccount => Code::OwnAccount.into(),
            RequestError::LastAdministrator => Code::LastAdministrator.into(),
            RequestError::Invalid(invalid) => invalid.into(),
            RequestError::NoLonger(error) => error.into(),
            RequestError::Database(error) => error.into(),
        }
    }
}

impl From<UndoError> for Problem {
    fn from(error: UndoError) -> Self {
        match error {
            UndoError::Impossible => Code::UndoImpossible.into(),
            UndoError::Database(error) => error.into(),
        }
    }
}
