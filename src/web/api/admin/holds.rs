//! `/api/v1/admin/…/holds`: placing, reviewing, releasing.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    erasure::{
        holds::{self, Hold, HoldError},
        place_hold::{self, Order},
        release_hold::{self, Outcome},
        review_hold,
    },
    portal::Portal,
    values::Listed,
    web::{
        api::who::routes,
        body::Body,
        guard::{may, session::Proved},
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Id, Once, Paging},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list, place))
        .routes(routes!(review))
        .routes(routes!(release, withdraw_release))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "basis": "open_claim", "reference": "Az. 4 O 123/26", "categories": ["messages", "contact"],
    "review_at": "2027-03-01T00:00:00Z"
}))]
struct HoldOrder {
    /// `statutory_retention`, `open_claim`, `legal_proceedings` or `authority_order`.
    #[schema(pattern = "^(statutory_retention|open_claim|legal_proceedings|authority_order)$")]
    basis: String,
    /// The norm or the file reference.
    #[schema(max_length = 200)]
    reference: String,
    /// Left out: all that may be held.
    #[schema(min_items = 1)]
    categories: Option<Vec<String>>,
    /// At most, and if left out, 6 months ahead.
    review_at: Option<DateTime<Utc>>,
    /// At most 11 years ahead. Left out: until it is released.
    expires_at: Option<DateTime<Utc>>,
    /// Whether the person is told the basis; `false` is possible for `authority_order` and `legal_proceedings`.
    disclose: Option<bool>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Das Verfahren läuft noch.", "review_at": "2027-05-01T00:00:00Z"}))]
struct Review {
    #[schema(max_length = 2_000)]
    reason: String,
    review_at: DateTime<Utc>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Die Forderung ist beglichen."}))]
struct Release {
    #[schema(max_length = 2_000)]
    reason: String,
}

/// The holds of an account, newest first.
#[utoipa::path(get, path = "/api/v1/admin/accounts/{id}/holds", tag = "admin",
    params(("id" = uuid::Uuid, Path), Paging), responses(
    (status = 200, body = Listed<Hold>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
async fn list(
    State(portal): State<Portal>,
    _: may::ReadHolds,
    Id(account): Id,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Hold>>, Problem> {
    Ok(Json(
        holds::of_account(&portal, account, &paging.page()?)
            .await?
            .ok_or(Code::NotFound)?,
    ))
}

/// Place a hold on an account's data.
///
/// The answer lists the categories that are still there and held. Sent again with the same `Idempotency-Key`, the hold
/// is not placed twice: the first one is the answer.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/holds", tag = "admin",
    params(
        ("id" = uuid::Uuid, Path),
        ("Idempotency-Key" = Option<String>, Header, description = "Up to 255 characters, new for every hold."),
    ), request_body = HoldOrder, responses(
    (status = 201, body = Hold),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`own_account`, `proof_required`"),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`already_erased`"),
    (status = 422, body = ProblemBody, description = "`idempotency_key_reused`: with another hold"),
))]
async fn place(
    State(portal): State<Portal>,
    Proved(may::DecideHolds(caller)): Proved<may::DecideHolds>,
    Id(account): Id,
    Once(key): Once,
    Body(order): Body<HoldOrder>,
) -> Result<(StatusCode, Json<Hold>), Problem> {
    let order = Order {
        basis: &order.basis,
        reference: &order.reference,
        categories: order.categories.as_deref(),
        review_at: order.review_at,
        expires_at: order.expires_at,
        disclose: order.disclose,
        key,
    };
    Ok((
        StatusCode::CREATED,
        Json(place_hold::place(&portal, caller, account, &order).await?),
    ))
}

/// Review a hold: it goes on until the new date.
#[utoipa::path(post, path = "/api/v1/admin/holds/{id}/review", tag = "admin",
    params(("id" = uuid::Uuid, Path)), request_body = Review, responses(
    (status = 200, body = Hold),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`own_account`, `proof_required`"),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`hold_ended`"),
))]
async fn review(
    State(portal): State<Portal>,
    Proved(may::DecideHolds(caller)): Proved<may::DecideHolds>,
    Id(id): Id,
    Body(Review { reason, review_at }): Body<Review>,
) -> Result<Json<Hold>, Problem> {
    Ok(Json(
        review_hold::review(&portal, caller, id, &reason, review_at).await?,
    ))
}

/// Release a hold: what it alone held is due at once.
#[utoipa::path(post, path = "/api/v1/admin/holds/{id}/release", tag = "admin",
    params(("id" = uuid::Uuid, Path)), request_body = Release, responses(
    (status = 200, body = Hold, description = "Released."),
    (status = 202, body = Hold, description = "Waits for somebody else's release."),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`own_account`, `proof_required`"),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`hold_ended`, `second_person_missing`"),
))]
async fn release(
    State(portal): State<Portal>,
    Proved(may::DecideHolds(caller)): Proved<may::DecideHolds>,
    Id(id): Id,
    Body(Release { reason }): Body<Release>,
) -> Result<(StatusCode, Json<Hold>), Problem> {
    Ok(match release_hold::release(&portal, caller, id, &reason).await? {
        Outcome::Released(hold) => (StatusCode::OK, Json(hold)),
        Outcome::Waiting(hold) => (StatusCode::ACCEPTED, Json(hold)),
    })
}

/// Take back a release that waits for somebody else's.
#[utoipa::path(delete, path = "/api/v1/admin/holds/{id}/release", tag = "admin",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`own_account`, `proof_required`"),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`hold_ended`, `no_release_waiting`"),
))]
async fn withdraw_release(
    State(portal): State<Portal>,
    Proved(may::DecideHolds(caller)): Proved<may::DecideHolds>,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    release_hold::withdraw(&portal, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<HoldError> for Problem {
    fn from(error: HoldError) -> Self {
        match error {
            HoldError::Invalid(invalid) => invalid.into(),
            HoldError::NotFound => Code::NotFound.into(),
            HoldError::OwnAccount => Code::OwnAccount.into(),
            HoldError::AlreadyErased => Code::AlreadyErased.into(),
            HoldError::KeyReused => Code::IdempotencyKeyReused.into(),
            HoldError::Ended => Code::HoldEnded.into(),
            HoldError::NoReleaseWaiting => Code::NoReleaseWaiting.into(),
            HoldError::SecondPersonMissing => Code::SecondPersonMissing.into(),
            HoldError::NoLonger(error) => error.into(),
            HoldError::Database(error) => error.into(),
        }
    }
}
