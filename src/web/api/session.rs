//! `/api/v1/session`: signing in, being signed in, proving anew who one is, signing out.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use entity::status::{Role, Status};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    authentication::{
        proof::{self, ProofError},
        second_step::{self, SecondStepError},
        session_store::{self, BeginError},
        sign_in::{self, SignInError, Step},
    },
    confirmation::Token,
    devices::Visit,
    portal::Portal,
    second_factor::Method,
    web::{
        api::who::routes,
        body::Body,
        guard::{
            device::KeepDevice,
            session::{KeepSession, Member, SignedOut},
        },
        problem::{Code, Problem, ProblemBody},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(create, read, delete))
        .routes(routes!(take_second_step))
        .routes(routes!(prove))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "anna.beispiel@stadt-musterhausen.example", "password": "vier blaue Stuehle im Rathaus"}))]
struct SignIn {
    email: String,
    password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"password": "vier blaue Stuehle im Rathaus", "code": "081 549"}))]
struct Proof {
    password: String,
    /// Of the authenticator app, or a recovery code: needed where the account has a second factor.
    #[serde(default)]
    code: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ticket": "Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmE", "code": "081 549"}))]
struct SecondStep {
    /// From the first step's answer.
    ticket: String,
    /// Of the authenticator app, or a recovery code.
    code: String,
}

/// The password was right; the account has a second factor.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "second_step": {"ticket": "Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmFyYmF6Zm9vYmE", "methods": ["totp", "recovery_code"]}
}))]
struct SecondStepNeeded {
    second_step: Ticket,
}

#[derive(Serialize, ToSchema)]
struct Ticket {
    /// Good for ten minutes, for one sign-in.
    ticket: String,
    /// `passkey` goes on at `POST /api/v1/session/passkey/options`, the others at `POST /api/v1/session/second-step`.
    methods: Vec<Method>,
}

#[derive(Serialize, ToSchema)]
#[schema(example = json!({"account": {"id": "2f1b9a8e-6f0c-4d0f-9d5c-0a3b7c1e2d4f", "role": "member", "status": "active"}}))]
pub(super) struct SignedIn {
    account: SessionAccount,
}

#[derive(Serialize, ToSchema)]
struct SessionAccount {
    id: Uuid,
    #[schema(value_type = String)]
    role: Role,
    #[schema(value_type = String)]
    status: Status,
    /// Only there when true: a backup was restored that is older than what this person changed last. They are asked to
    /// look their profile over; any `PATCH` of it, be it empty, says that they have.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    look_over: bool,
}

/// Sign in.
///
/// Nothing is said of an account before the password is right. Where it has a second factor, no session begins yet: 202
/// says how to go on. A second cookie, `device` (`__Host-device` where the
/// portal is reached by https), lets the portal know the device again; about a sign-in on one that it does not know, the
/// person is mailed.
#[utoipa::path(post, path = "/api/v1/session", tag = "session", request_body = SignIn, responses(
    (status = 200, body = SignedIn, description = "Signed in; the cookies are set."),
    (status = 202, body = SecondStepNeeded, description = "The account has a second factor."),
    (status = 401, body = ProblemBody, description = "`credentials_invalid`"),
    (status = 403, body = ProblemBody, description = "`registration_pending`, `registration_rejected`, `account_suspended`, `account_deleted`"),
    (status = 429, body = ProblemBody, description = "`rate_limited`: tried too often; `Retry-After` says when it works again"),
    (status = 503, body = ProblemBody, description = "`busy`: too many are signing in; see `Retry-After`"),
))]
async fn create(
    State(portal): State<Portal>,
    session: Session,
    visit: Visit,
    Body(SignIn { email, password }): Body<SignIn>,
) -> Result<Response, Problem> {
    match sign_in::sign_in(&portal, &visit, &email, &password).await? {
        Step::In(signed_in) => begun(&portal, &session, &visit, &signed_in).await,
        Step::Second(waiting) => {
            let second_step = Ticket {
                ticket: waiting.key.reveal(),
                methods: waiting.methods,
            };
            Ok((StatusCode::ACCEPTED, Json(SecondStepNeeded { second_step })).into_response())
        }
    }
}

/// Begins the session of somebody who proved who they are.
pub(super) async fn begun(
    portal: &Portal,
    session: &Session,
    visit: &Visit,
    signed_in: &sign_in::SignedIn,
) -> Result<Response, Problem> {
    let device = session_store::begin(portal, session, signed_in, visit).await?;
    let account = SessionAccount {
        id: signed_in.account,
        role: signed_in.role,
        status: signed_in.status,
        look_over: signed_in.look_over,
    };
    Ok((KeepDevice::new(portal, &device), Json(SignedIn { account })).into_response())
}

/// Sign in, the second step.
#[utoipa::path(post, path = "/api/v1/session/second-step", tag = "session", request_body = SecondStep, responses(
    (status = 200, body = SignedIn, description = "Signed in; the cookies are set."),
    (status = 401, body = ProblemBody, description = "`code_invalid`: wrong, or used before; the ticket stays good"),
    (status = 410, body = ProblemBody, description = "`ceremony_invalid`: the first step is to be taken again"),
    (status = 429, body = ProblemBody, description = "`rate_limited`: tried too often; `Retry-After` says when it works again"),
))]
async fn take_second_step(
    State(portal): State<Portal>,
    session: Session,
    visit: Visit,
    Body(SecondStep { ticket, code }): Body<SecondStep>,
) -> Result<Response, Problem> {
    let ticket = ticket_of(&ticket)?;
    let signed_in = second_step::finish(&portal, &ticket, &code).await?;
    begun(&portal, &session, &visit, &signed_in).await
}

/// What a ticket or ceremony is called by; what is none is not good.
pub fn ticket_of(raw: &str) -> Result<Token, Problem> {
    Token::parse(raw).map_err(|_| Code::CeremonyInvalid.into())
}

/// Who is signed in.
#[utoipa::path(get, path = "/api/v1/session", tag = "session", responses(
    (status = 200, body = SignedIn),
    (status = 401, body = ProblemBody),
))]
async fn read(Member(caller): Member) -> Json<SignedIn> {
    // Sessions of accounts that are not active don't load.
    Json(SignedIn {
        account: SessionAccount {
            id: caller.account,
            role: caller.role,
            status: Status::Active,
            look_over: caller.look_over,
        },
    })
}

/// Prove anew who you are.
///
/// Operations that answer 403 `proof_required` take a sign-in, or a proof after it, that is at most 5 minutes old. The
/// session goes on under another key: the cookie is set anew, and the one before is good for nothing any more.
#[utoipa::path(post, path = "/api/v1/session/proof", tag = "session", request_body = Proof, responses(
    (status = 204, description = "Good for 5 minutes in this session; the cookie is set anew."),
    (status = 401, body = ProblemBody, description = "`credentials_invalid`: the password is wrong; `code_invalid`: the code is wrong, or was used before"),
    (status = 429, body = ProblemBody, description = "`rate_limited`: tried too often; `Retry-After` says when it works again"),
    (status = 503, body = ProblemBody, description = "`busy`"),
))]
async fn prove(
    State(portal): State<Portal>,
    Member(caller): Member,
    Body(Proof { password, code }): Body<Proof>,
) -> Result<(KeepSession, StatusCode), Problem> {
    let key = proof::renew(&portal, caller, &password, code.as_deref().unwrap_or_default()).await?;
    Ok((KeepSession::new(&portal, Some(key)), StatusCode::NO_CONTENT))
}

/// Sign out.
#[utoipa::path(delete, path = "/api/v1/session", tag = "session", responses(
    (status = 204, description = "Signed out; `Clear-Site-Data` has the browser forget what it kept."),
    (status = 401, body = ProblemBody),
))]
async fn delete(_member: Member, session: Session) -> Result<(SignedOut, StatusCode), Problem> {
    session.flush().await.map_err(|_| Code::Unavailable)?;
    Ok((SignedOut, StatusCode::NO_CONTENT))
}

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::CredentialsInvalid => Code::CredentialsInvalid.into(),
            SignInError::Pending => Code::RegistrationPending.into(),
            SignInError::Rejected => Code::RegistrationRejected.into(),
            SignInError::Suspended => Code::AccountSuspended.into(),
            SignInError::Deleted => Code::AccountDeleted.into(),
            SignInError::TooOften(error) => error.into(),
            SignInError::Gate(error) => error.into(),
            SignInError::Database(error) => error.into(),
        }
    }
}

impl From<BeginError> for Problem {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::Lost => Code::CredentialsInvalid.into(),
            BeginError::Failed => Code::Unavailable.into(),
        }
    }
}

impl From<SecondStepError> for Problem {
    fn from(error: SecondStepError) -> Self {
        match error {
            SecondStepError::Code(error) => error.into(),
            SecondStepError::Expired => Code::CeremonyInvalid.into(),
            SecondStepError::Database(error) => error.into(),
        }
    }
}

impl From<ProofError> for Problem {
    fn from(error: ProofError) -> Self {
        match error {
            ProofError::Password(error) => error.into(),
            ProofError::Code(error) => error.into(),
            ProofError::NotActive(error) => error.into(),
            ProofError::Database(error) => error.into(),
        }
    }
}
