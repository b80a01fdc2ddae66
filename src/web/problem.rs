//! Errors as people and programs see them (RFC 9457), in the reader's language. A handler's problem travels in the
//! response's extensions and is written out at the very end, where language and request id are known.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sea_orm::DbErr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    account::NotActive,
    acting::NoLonger,
    credentials::{CheckError, ChooseError},
    limits::TooOften,
    passwords::GateError,
    second_factor::code::CodeError,
    text::{Locale, text, text_with},
    values::{Fault, FieldFault, Invalid},
};

macro_rules! codes {
    ($($name:ident = $status:ident, $word:literal;)*) => {
        /// Every code a problem can have. It is stable: programs rely on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($name,)* }

        impl Code {
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            pub fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }

            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

codes! {
    BadRequest = BAD_REQUEST, "bad_request";
    NotJson = BAD_REQUEST, "not_json";
    NotSignedIn = UNAUTHORIZED, "not_signed_in";
    CredentialsInvalid = UNAUTHORIZED, "credentials_invalid";
    CodeInvalid = UNAUTHORIZED, "code_invalid";
    PasskeyInvalid = UNAUTHORIZED, "passkey_invalid";
    Forbidden = FORBIDDEN, "forbidden";
    CrossSite = FORBIDDEN, "cross_site";
    RegistrationPending = FORBIDDEN, "registration_pending";
    RegistrationRejected = FORBIDDEN, "registration_rejected";
    AccountSuspended = FORBIDDEN, "account_suspended";
    AccountDeleted = FORBIDDEN, "account_deleted";
    OwnAccount = FORBIDDEN, "own_account";
    ProofRequired = FORBIDDEN, "proof_required";
    SecondFactorRequired = FORBIDDEN, "second_factor_required";
    NotManager = FORBIDDEN, "not_manager";
    NotFound = NOT_FOUND, "not_found";
    MethodNotAllowed = METHOD_NOT_ALLOWED, "method_not_allowed";
    NotPending = CONFLICT, "not_pending";
    NotWaiting = CONFLICT, "not_waiting";
    Blocked = CONFLICT, "blocked";
    WrongStatus = CONFLICT, "wrong_status";
    BeingDeleted = CONFLICT, "being_deleted";
    AlreadyErased = CONFLICT, "already_erased";
    UndoImpossible = CONFLICT, "undo_impossible";
    LastAdministrator = CONFLICT, "last_administrator";
    SecondPersonMissing = CONFLICT, "second_person_missing";
    HoldEnded = CONFLICT, "hold_ended";
    NoReleaseWaiting = CONFLICT, "no_release_waiting";
    FactorExists = CONFLICT, "factor_exists";
    PasskeyThere = CONFLICT, "passkey_there";
    PasskeysFull = CONFLICT, "passkeys_full";
    PasskeysUnavailable = CONFLICT, "passkeys_unavailable";
    NoSecondFactor = CONFLICT, "no_second_factor";
    AddressTaken = CONFLICT, "address_taken";
    NobodyLeft = CONFLICT, "nobody_left";
    GroupFull = CONFLICT, "group_full";
    AlreadyAnswered = CONFLICT, "already_answered";
    AlreadyDecided = CONFLICT, "already_decided";
    LinkInvalid = GONE, "link_invalid";
    CeremonyInvalid = GONE, "ceremony_invalid";
    PreconditionFailed = PRECONDITION_FAILED, "precondition_failed";
    TooLarge = PAYLOAD_TOO_LARGE, "too_large";
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type";
    InvalidInput = UNPROCESSABLE_ENTITY, "invalid_input";
    IdempotencyKeyReused = UNPROCESSABLE_ENTITY, "idempotency_key_reused";
    RateLimited = TOO_MANY_REQUESTS, "rate_limited";
    TooManyStreams = TOO_MANY_REQUESTS, "too_many_streams";
    Internal = INTERNAL_SERVER_ERROR, "internal";
    Busy = SERVICE_UNAVAILABLE, "busy";
    TimedOut = SERVICE_UNAVAILABLE, "timed_out";
    Unavailable = SERVICE_UNAVAILABLE, "unavailable";
    NotReconciled = SERVICE_UNAVAILABLE, "not_reconciled";
}

/// What went wrong, before it is put into words.
#[derive(Debug, Clone)]
pub struct Problem {
    pub code: Code,
    pub errors: Vec<FieldFault>,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u64>,
}

/// The body of every error.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "urn:stammtisch:problem:invalid_input", "title": "Some entries need another look.", "status": 422,
    "code": "invalid_input", "request_id": "0b9f5c0e-8f0a-4e0c-9f5e-1c9f3a2b7d11",
    "errors": [{"field": "email", "code": "email_invalid", "message": "This is not a valid e-mail address."}]
}))]
pub struct ProblemBody {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub code: &'static str,
    pub request_id: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

/// What is wrong with one field.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldError {
    pub field: String,
    pub code: &'static str,
    pub message: String,
}

impl Problem {
    pub fn new(code: Code) -> Self {
        Self {
            code,
            errors: Vec::new(),
            retry_after: None,
        }
    }

    pub fn field(field: impl Into<String>, code: &'static str) -> Self {
        Invalid::one(field, Fault::new(code)).into()
    }

    /// The problem in words.
    pub fn render(&self, locale: Locale, request_id: &str) -> Response {
        let body = ProblemBody {
            kind: format!("urn:stammtisch:problem:{}", self.code.word()),
            title: self.title(locale),
            status: self.code.status().as_u16(),
            code: self.code.word(),
            request_id: request_id.to_owned(),
            errors: self
                .errors
                .iter()
                .map(|error| FieldError::of(locale, error))
                .collect(),
        };
        let mut response = (self.code.status(), Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        headers.insert(
            header::CONTENT_LANGUAGE,
            HeaderValue::from_static(locale.as_str()),
        );
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    pub fn title(&self, locale: Locale) -> String {
        text(locale, &format!("problem-{}", self.code.word().replace('_', "-")))
    }
}

impl FieldError {
    fn of(locale: Locale, error: &FieldFault) -> Self {
        Self {
            field: error.field.clone(),
            code: error.fault.code,
            message: message(locale, &error.fault),
        }
    }
}

/// A fault in words.
pub fn message(locale: Locale, fault: &Fault) -> String {
    let limit = fault.limit.as_deref().unwrap_or_default();
    text_with(
        locale,
        &format!("field-{}", fault.code.replace('_', "-")),
        &[("limit", limit)],
    )
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.code.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Code> for Problem {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<Invalid> for Problem {
    fn from(Invalid(errors): Invalid) -> Self {
        Self {
            code: Code::InvalidInput,
            errors,
            retry_after: None,
        }
    }
}

impl From<NotActive> for Problem {
    fn from(_: NotActive) -> Self {
        Self::new(Code::NotSignedIn)
    }
}

impl From<NoLonger> for Problem {
    fn from(error: NoLonger) -> Self {
        match error {
            NoLonger::Active => Self::new(Code::NotSignedIn),
            NoLonger::Permitted => Self::new(Code::Forbidden),
        }
    }
}

impl From<DbErr> for Problem {
    /// What the database says may hold values, so only its code is logged.
    fn from(error: DbErr) -> Self {
        let state = crate::database::sql_state(&error);
        let kind = match &error {
            DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => "no connection",
            DbErr::Exec(_) | DbErr::Query(_) => "statement failed",
            _ => "other",
        };
        tracing::error!(?state, kind, "the database failed a request");
        match (kind, state.as_deref()) {
            // A NUL or an impossible instant, which only a made-up cursor brings this far.
            (_, Some("22021" | "22008")) => Self::new(Code::BadRequest),
            // Statement and lock time-outs, and a server that shuts down or is full: trying again makes sense.
            ("no connection", _)
            | (_, Some("57014" | "55P03" | "57P01" | "57P02" | "57P03" | "53300" | "40P01")) => Self {
                retry_after: Some(5),
                ..Self::new(Code::Unavailable)
            },
            _ => Self::new(Code::Internal),
        }
    }
}

impl From<TooOften> for Problem {
    fn from(error: TooOften) -> Self {
        // Whole seconds, rounded up: whoever waits so long is not refused again.
        let seconds = error
            .again_in
            .num_milliseconds()
            .max(0)
            .unsigned_abs()
            .div_ceil(1_000);
        Self {
            retry_after: Some(seconds.max(1)),
            ..Self::new(Code::RateLimited)
        }
    }
}

impl From<CodeError> for Problem {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::Missing => Self::field("code", "required"),
            CodeError::Invalid(fault) => Invalid::one("code", fault).into(),
            CodeError::Wrong => Self::new(Code::CodeInvalid),
            CodeError::NotActive(error) => error.into(),
            CodeError::TooOften(error) => error.into(),
            CodeError::Database(error) => error.into(),
        }
    }
}

impl From<GateError> for Problem {
    fn from(error: GateError) -> Self {
        match error {
            GateError::Busy { retry_after } => Self {
                retry_after: Some(retry_after.as_secs().max(1)),
                ..Self::new(Code::Busy)
            },
            GateError::Failed => Self::new(Code::Internal),
        }
    }
}

impl From<CheckError> for Problem {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Wrong => Self::new(Code::CredentialsInvalid),
            CheckError::TooOften(error) => error.into(),
            CheckError::Gate(error) => error.into(),
            CheckError::Database(error) => error.into(),
        }
    }
}

/// A refused password, in the field it was typed into.
pub fn password_problem(field: &'static str, error: ChooseError) -> Problem {
    match error {
        ChooseError::Refused(refused) => {
            let limit = match refused.code() {
                "too_short" => Some(crate::passwords::MIN_CHARACTERS.to_string()),
                "too_long" => Some(crate::passwords::MAX_CHARACTERS.to_string()),
                _ => None,
            };
            let code = match refused.code() {
                "too_common" => "password_too_common",
                "breached" => "password_breached",
                "contains_personal_data" => "password_personal",
                other => other,
            };
            Invalid::one(field, Fault { code, limit }).into()
        }
        ChooseError::Gate(error) => error.into(),
        ChooseError::Database(error) => error.into(),
    }
}

#[cfg(test)]
mod tests;
