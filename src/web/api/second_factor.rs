//! `/api/v1/me/second-factor`: an authenticator app, recovery codes, and what is asked of one's role. Passkeys have an
//! address of their own.

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::session::ticket_of;
use crate::{
    portal::Portal,
    second_factor::{
        own::{self, CodesError, Overview},
        totp::{self, SetUpError},
    },
    web::{
        api::who::routes,
        body::Body,
        guard::session::{Member, Proved},
        problem::{Code, Problem, ProblemBody},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(read))
        .routes(routes!(begin, remove))
        .routes(routes!(confirm))
        .routes(routes!(make_codes))
}

/// An authenticator app that is being set up.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "ceremony": "Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmE", "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    "uri": "otpauth://totp/Stammtisch:anna@stadt-musterhausen.example?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Stammtisch&algorithm=SHA1&digits=6&period=30"
}))]
struct SetUp {
    /// Good for ten minutes.
    ceremony: String,
    /// In base 32, to be typed into an app that reads no picture.
    secret: String,
    /// What a picture for the app says.
    uri: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ceremony": "Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmE", "code": "081549"}))]
struct FirstCode {
    ceremony: String,
    /// What the app shows.
    code: String,
}

/// Recovery codes, which are shown this once.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({"recovery_codes": ["ab12-cd34-ef56-gh78-jk90-mn12"]}))]
pub(super) struct RecoveryCodes {
    /// Ten, each good once. None: there are some from before.
    #[schema(required = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_codes: Option<Vec<String>>,
}

/// What you sign in with beside a password.
#[utoipa::path(get, path = "/api/v1/me/second-factor", tag = "second factor", responses(
    (status = 200, body = Overview, example = json!({
        "totp_since": "2026-12-01T08:15:00Z", "passkeys": 1, "recovery_codes": 9, "required_from": null,
        "removal_due_at": null
    })),
))]
async fn read(State(portal): State<Portal>, Member(caller): Member) -> Result<Json<Overview>, Problem> {
    Ok(Json(own::overview(&portal, caller).await?))
}

/// Begin to set up an authenticator app (RFC 6238).
#[utoipa::path(post, path = "/api/v1/me/second-factor/totp", tag = "second factor", responses(
    (status = 200, body = SetUp),
    (status = 403, body = ProblemBody, description = "`proof_required`"),
    (status = 409, body = ProblemBody, description = "`factor_exists`: remove the app that is there first"),
))]
async fn begin(
    State(portal): State<Portal>,
    Proved(Member(caller)): Proved<Member>,
) -> Result<Json<SetUp>, Problem> {
    let set_up = totp::begin(&portal, caller).await?;
    Ok(Json(SetUp {
        ceremony: set_up.ceremony.reveal(),
        secret: set_up.secret,
        uri: set_up.uri,
    }))
}

/// Set the app up with its first code.
///
/// With the first second factor all other sessions end, and ten recovery codes are made.
#[utoipa::path(post, path = "/api/v1/me/second-factor/totp/confirm", tag = "second factor", request_body = FirstCode,
    responses(
        (status = 200, body = RecoveryCodes),
        (status = 401, body = ProblemBody, description = "`code_invalid`"),
        (status = 403, body = ProblemBody, description = "`proof_required`"),
        (status = 409, body = ProblemBody, description = "`factor_exists`"),
        (status = 410, body = ProblemBody, description = "`ceremony_invalid`"),
        (status = 429, body = ProblemBody, description = "`rate_limited`: tried too often; `Retry-After` says when it works again"),
    )
)]
async fn confirm(
    State(portal): State<Portal>,
    Proved(Member(caller)): Proved<Member>,
    Body(FirstCode { ceremony, code }): Body<FirstCode>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let ceremony = ticket_of(&ceremony)?;
    let recovery_codes = totp::confirm(&portal, caller, &ceremony, &code).await?;
    Ok(Json(RecoveryCodes { recovery_codes }))
}

/// Remove the app. Recovery codes go with the last factor.
#[utoipa::path(delete, path = "/api/v1/me/second-factor/totp", tag = "second factor", responses(
    (status = 204),
    (status = 403, body = ProblemBody, description = "`proof_required`"),
    (status = 404, body = ProblemBody, description = "`not_found`: there is none"),
))]
async fn remove(
    State(portal): State<Portal>,
    Proved(Member(caller)): Proved<Member>,
) -> Result<StatusCode, Problem> {
    if totp::remove(&portal, caller).await?? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Code::NotFound.into())
    }
}

/// Make ten new recovery codes; the earlier ones end.
#[utoipa::path(post, path = "/api/v1/me/second-factor/recovery-codes", tag = "second factor", responses(
    (status = 200, body = RecoveryCodes),
    (status = 403, body = ProblemBody, description = "`proof_required`"),
    (status = 409, body = ProblemBody, description = "`no_second_factor`: there is none that they could stand in for"),
))]
async fn make_codes(
    State(portal): State<Portal>,
    Proved(Member(caller)): Proved<Member>,
) -> Result<Json<RecoveryCodes>, Problem> {
    let codes = own::make_codes(&portal, caller).await?;
    Ok(Json(RecoveryCodes {
        recovery_codes: Some(codes),
    }))
}

impl From<SetUpError> for Problem {
    fn from(error: SetUpError) -> Self {
        match error {
            SetUpError::AlreadyThere => Code::FactorExists.into(),
            SetUpError::CodeWrong => Code::CodeInvalid.into(),
            SetUpError::Expired => Code::CeremonyInvalid.into(),
            SetUpError::NotActive(error) => error.into(),
            SetUpError::TooOften(error) => error.into(),
            SetUpError::Database(error) => error.into(),
        }
    }
}

impl From<CodesError> for Problem {
    fn from(error: CodesError) -> Self {
        match error {
            CodesError::NoFactor => Code::NoSecondFactor.into(),
            CodesError::NotActive(error) => error.into(),
            CodesError::Database(error) => error.into(),
        }
    }
}
