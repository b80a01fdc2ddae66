//! `/api/v1/me/passkeys`: setting passkeys up; `/api/v1/session/passkey`: signing in by one, and proving by one who one is.

mod own;
mod problems;
mod session;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{portal::Portal, second_factor::passkeys::Offer};

pub fn routes() -> OpenApiRouter<Portal> {
    own::routes().merge(session::routes())
}

/// What the browser is to be asked.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "ceremony": "3q2-796tvu_erb7v3q2-796tvu_erb7v3q2-796tvu8",
    "options": {
        "challenge": "3q2-796tvu_erb7v3q2-796tvu_erb7v3q2-796tvu8", "timeout": 300_000, "rpId": "portal.example",
        "allowCredentials": [], "userVerification": "required"
    }
}))]
struct Asking {
    /// Comes back with the answer; good once, for 10 minutes.
    ceremony: String,
    /// In the form that `PublicKeyCredential.parseCreationOptionsFromJSON()` or `parseRequestOptionsFromJSON()` takes
    /// (Web Authentication, level 3).
    #[schema(value_type = Object)]
    options: Value,
}

impl From<Offer> for Asking {
    fn from(offer: Offer) -> Self {
        Self {
            ceremony: offer.ceremony.reveal(),
            options: offer.options,
        }
    }
}
