//! Passkeys (Web Authentication, level 3): key pairs of a person's devices that are bound to this portal's name, so that they cannot
//! be given away on another page. Each takes the device's own check of its person (a PIN, a finger, a face), and so is a
//! sign-in by itself: neither address nor password is asked for.

pub mod assertion;
pub mod own;
pub mod set_up;

use serde_json::Value;
use webauthn_rs::{Webauthn, WebauthnBuilder, prelude::WebauthnError};

use crate::{
    confirmation::Token,
    portal::Portal,
    text::{Locale, text},
};

/// So many can be set up for an account.
pub const MOST: usize = 10;
/// Longest name of one, in characters.
pub const NAME_LIMIT: usize = 60;

/// What a browser is asked, and the key under which its answer is awaited.
#[derive(Debug)]
pub struct Offer {
    pub ceremony: Token,
    /// What `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` takes.
    pub options: Value,
}

/// A passkey is bound to a name, and this portal is reached by a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("server.public_url has no name that passkeys could be bound to")]
pub struct Unavailable;

/// Whether there can be passkeys at all.
pub fn are_available(portal: &Portal) -> bool {
    portal.settings.server.public_url.domain().is_some()
}

/// This portal, as passkeys know it: its host, and the one origin that its pages have. Cheap to make.
fn relying_party(portal: &Portal) -> Result<Webauthn, Unavailable> {
    let url = &portal.settings.server.public_url;
    let host = url.domain().ok_or(Unavailable)?;
    let name = text(Locale::default(), "portal-name");
    WebauthnBuilder::new(host, url)
        .and_then(|builder| builder.rp_name(&name).build())
        .map_err(|_| Unavailable)
}

/// Why what a browser answered was refused, in words that hold nothing of it: for the log.
fn reason(error: &WebauthnError) -> &'static str {
    match error {
        WebauthnError::InvalidRPOrigin => "it was shown on another page",
        WebauthnError::InvalidRPIDHash => "it is another portal's",
        WebauthnError::MismatchedChallenge => "it answers something else",
        WebauthnError::UserNotPresent | WebauthnError::UserNotVerified => "its person was not checked",
        WebauthnError::CredentialPossibleCompromise => "it counts backwards: there may be two of it",
        _ => "it is not right",
    }
}
