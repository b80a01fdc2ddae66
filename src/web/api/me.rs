//! `/api/v1/me`: one's own account, the language of its mail, its password and its mail address.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use super::common::token;
use crate::{
    authentication::{
        email_change::{self, EmailChangeError},
        password_change::{self, Changed, PasswordChangeError},
    },
    devices::Visit,
    portal::Portal,
    profile::{
        change::present_value,
        own::{self, Me, SetLocaleError},
    },
    text::Locale,
    web::{
        api::who::routes,
        body::{Body, MergePatch},
        guard::{
            device::KeepDevice,
            session::{KeepSession, Member},
        },
        problem::{Code, Problem, ProblemBody, password_problem},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(read, change))
        .routes(routes!(change_password))
        .routes(routes!(request_email_change))
        .routes(routes!(confirm_email_change))
}

/// A field left out stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"locale": "en"}))]
struct AccountPatch {
    /// The language of mails, `de` or `en`.
    #[serde(deserialize_with = "present_value")]
    #[schema(value_type = Option<String>, nullable = false)]
    locale: Option<Locale>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"current_password": "vier blaue Stuehle im Rathaus", "new_password": "morgens Tee und Akten lesen"}))]
struct PasswordChange {
    current_password: String,
    #[schema(min_length = 15, max_length = 128)]
    new_password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"email": "a.beispiel@kreis-musterland.example", "password": "vier blaue Stuehle im Rathaus"}))]
struct EmailChange {
    /// The new address.
    email: String,
    password: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"token": "mJ3o0Yt5oXGZ1m9zB7c2k4Q8s6D1f0H5j3L7n9P2r4U"}))]
struct EmailChangeConfirmation {
    /// From the link in the mail to the new address.
    token: String,
}

/// Your account.
#[utoipa::path(get, path = "/api/v1/me", tag = "me", responses(
    (status = 200, body = Me, description = "The account that is signed in.", example = json!({
        "id": "2f1b9a8e-6f0c-4d0f-9d5c-0a3b7c1e2d4f", "email": "anna.beispiel@stadt-musterhausen.example",
        "role": "member", "status": "active", "locale": "de", "created_at": "2026-11-23T08:15:00Z"
    })),
))]
async fn read(State(portal): State<Portal>, Member(caller): Member) -> Result<Json<Me>, Problem> {
    let me = own::me(&portal, caller).await?.ok_or(Code::NotSignedIn)?;
    Ok(Json(me))
}

/// Change your account: the language in which mails come.
#[utoipa::path(patch, path = "/api/v1/me", tag = "me",
    request_body(content(
        (AccountPatch = "application/merge-patch+json"),
        (AccountPatch = "application/json"),
    )),
    responses((status = 200, body = Me, description = "The account as it is now."))
)]
async fn change(
    State(portal): State<Portal>,
    Member(caller): Member,
    MergePatch(AccountPatch { locale }): MergePatch<AccountPatch>,
) -> Result<Json<Me>, Problem> {
    if let Some(locale) = locale {
        own::set_locale(&portal, caller, locale).await?;
    }
    let me = own::me(&portal, caller).await?.ok_or(Code::NotSignedIn)?;
    Ok(Json(me))
}

/// Change your password.
///
/// All other sessions end, and other devices are no longer known; the person is mailed. The session that asks goes on
/// under another key: its cookie is set anew.
#[utoipa::path(put, path = "/api/v1/me/password", tag = "me", request_body = PasswordChange, responses(
    (status = 204, description = "The new password is in force."),
    (status = 401, body = ProblemBody, description = "`credentials_invalid`: the current password is wrong"),
    (status = 403, body = ProblemBody, description = "`proof_required` where the account has a second factor"),
    (status = 429, body = ProblemBody, description = "`rate_limited`: tried too often; `Retry-After` says when it works again"),
    (status = 503, body = ProblemBody, description = "`busy`"),
))]
async fn change_password(
    State(portal): State<Portal>,
    Member(caller): Member,
    visit: Visit,
    Body(PasswordChange {
        current_password,
        new_password,
    }): Body<PasswordChange>,
) -> Result<(KeepDevice, KeepSession, StatusCode), Problem> {
    let Changed { checked, key } =
        password_change::change(&portal, caller, &current_password, &new_password).await?;
    let device = KeepDevice::new(&portal, &visit.after_sign_in(&portal, checked));
    Ok((device, KeepSession::new(&portal, key), StatusCode::NO_CONTENT))
}

/// Ask for another mail address.
///
/// Mail goes to both addresses; the new one has to be confirmed.
#[utoipa::path(post, path = "/api/v1/me/email-change", tag = "me", request_body = EmailChange, responses(
    (status = 202, description = "Noted, whether or not the new address is known."),
    (status = 401, body = ProblemBody, description = "`credentials_invalid`: the password is wrong"),
    (status = 403, body = ProblemBody, description = "`proof_required` where the account has a second factor"),
    (status = 429, body = ProblemBody, description = "`rate_limited`: tried too often; `Retry-After` says when it works again"),
    (status = 503, body = ProblemBody, description = "`busy`"),
))]
async fn request_email_change(
    State(portal): State<Portal>,
    Member(caller): Member,
    Body(EmailChange { email, password }): Body<EmailChange>,
) -> Result<StatusCode, Problem> {
    email_change::request(&portal, caller, &email, &password).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Confirm the new mail address.
#[utoipa::path(post, path = "/api/v1/email-changes/confirm", tag = "me", request_body = EmailChangeConfirmation, responses(
    (status = 204, description = "The new address is in force, the old one is gone."),
    (status = 409, body = ProblemBody, description = "`address_taken`: another account has it now"),
    (status = 410, body = ProblemBody, description = "`link_invalid`"),
))]
async fn confirm_email_change(
    State(portal): State<Portal>,
    Body(EmailChangeConfirmation { token: raw }): Body<EmailChangeConfirmation>,
) -> Result<StatusCode, Problem> {
    email_change::confirm(&portal, &token(&raw)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<PasswordChangeError> for Problem {
    fn from(error: PasswordChangeError) -> Self {
        match error {
            PasswordChangeError::Current(error) => error.into(),
            PasswordChangeError::New(error) => password_problem("new_password", error),
            PasswordChangeError::ProofRequired => Code::ProofRequired.into(),
            PasswordChangeError::Database(error) => error.into(),
        }
    }
}

impl From<EmailChangeError> for Problem {
    fn from(error: EmailChangeError) -> Self {
        match error {
            EmailChangeError::Invalid(error) => error.into(),
            EmailChangeError::Password(error) => error.into(),
            EmailChangeError::ProofRequired => Code::ProofRequired.into(),
            EmailChangeError::NotActive(error) => error.into(),
            EmailChangeError::LinkInvalid => Code::LinkInvalid.into(),
            EmailChangeError::Taken => Code::AddressTaken.into(),
            EmailChangeError::Database(error) => error.into(),
        }
    }
}

impl From<SetLocaleError> for Problem {
    fn from(error: SetLocaleError) -> Self {
        match error {
            SetLocaleError::NotActive(error) => error.into(),
            SetLocaleError::Database(error) => error.into(),
        }
    }
}
