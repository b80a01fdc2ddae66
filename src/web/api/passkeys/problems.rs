//! What can go wrong with a passkey, as programs and pages are told.

use crate::{
    authentication::passkey::PasskeyError,
    second_factor::passkeys::{Unavailable, assertion::AssertionError, own::RemoveError, set_up::SetUpError},
    values::{Fault, Invalid},
    web::problem::{Code, Problem},
};

impl From<SetUpError> for Problem {
    fn from(error: SetUpError) -> Self {
        match error {
            SetUpError::TooMany => Code::PasskeysFull.into(),
            SetUpError::Name(fault) => Invalid::one("name", fault).into(),
            SetUpError::Expired => Code::CeremonyInvalid.into(),
            SetUpError::Refused => Invalid::one("credential", Fault::new("passkey_invalid")).into(),
            SetUpError::AlreadyThere => Code::PasskeyThere.into(),
            SetUpError::Unavailable(error) => error.into(),
            SetUpError::NotActive(error) => error.into(),
            SetUpError::TooOften(error) => error.into(),
            SetUpError::Database(error) => error.into(),
        }
    }
}

impl From<RemoveError> for Problem {
    fn from(error: RemoveError) -> Self {
        match error {
            RemoveError::NotFound => Code::NotFound.into(),
            RemoveError::NotActive(error) => error.into(),
            RemoveError::Database(error) => error.into(),
        }
    }
}

impl From<AssertionError> for Problem {
    fn from(error: AssertionError) -> Self {
        match error {
            AssertionError::Wrong => Code::PasskeyInvalid.into(),
            AssertionError::Expired => Code::CeremonyInvalid.into(),
            AssertionError::Unavailable(error) => error.into(),
            AssertionError::TooOften(error) => error.into(),
            AssertionError::Database(error) => error.into(),
        }
    }
}

impl From<PasskeyError> for Problem {
    fn from(error: PasskeyError) -> Self {
        match error {
            PasskeyError::Assertion(error) => error.into(),
            PasskeyError::SignIn(error) => error.into(),
            PasskeyError::Proof(error) => error.into(),
            PasskeyError::Database(error) => error.into(),
        }
    }
}

impl From<Unavailable> for Problem {
    fn from(_: Unavailable) -> Self {
        Code::PasskeysUnavailable.into()
    }
}
