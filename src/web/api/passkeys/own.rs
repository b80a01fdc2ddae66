//! One's own passkeys: which there are, one more, one less.

use axum::{Json, extract::State, http::StatusCode};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;
use webauthn_rs::prelude::RegisterPublicKeyCredential;

use super::Asking;
use crate::{
    network::Network,
    portal::Portal,
    second_factor::passkeys::{
        own::{self, OwnPasskey},
        set_up::{self, Added, NewPasskey},
    },
    values::Listed,
    web::{
        api::{session::ticket_of, who::routes},
        body::Body,
        guard::session::{Member, Proved},
        problem::{Problem, ProblemBody},
        query::{Asked, Id, Paging},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(ask))
        .routes(routes!(remove))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "ceremony": "3q2-796tvu_erb7v3q2-796tvu_erb7v3q2-796tvu8", "name": "Diensthandy",
    "credential": {
        "id": "3q2-7w", "rawId": "3q2-7w", "type": "public-key", "clientExtensionResults": {},
        "response": { "clientDataJSON": "e30", "attestationObject": "oA", "transports": ["internal"] }
    }
}))]
struct Setting {
    ceremony: String,
    /// Left out: `Passkey`.
    #[schema(max_length = 60)]
    name: Option<String>,
    /// What `navigator.credentials.create()` gave, by its `toJSON()`.
    #[schema(value_type = Object)]
    credential: RegisterPublicKeyCredential,
}

#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071", "name": "Diensthandy", "set_up_at": "2026-12-01T08:15:00Z",
    "recovery_codes": ["6h2k-9mtp-x4wb-0c7r"]
}))]
struct WasAdded {
    id: Uuid,
    name: String,
    set_up_at: DateTime<Utc>,
    /// Only with the first factor: each is good once in place of one, and they are never shown again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    recovery_codes: Option<Vec<String>>,
}

/// Your passkeys, newest first.
#[utoipa::path(get, path = "/api/v1/me/passkeys", tag = "second factor", params(Paging), responses(
    (status = 200, body = Listed<OwnPasskey>, description = "At most 10.", example = json!({
        "items": [{
            "id": "019a2b3c-4d5e-7f60-8a1b-2c3d4e5f6071", "name": "Diensthandy",
            "set_up_at": "2026-12-01T08:15:00Z", "last_used_at": null
        }],
        "next": null
    })),
))]
async fn list(
    State(portal): State<Portal>,
    Member(caller): Member,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<OwnPasskey>>, Problem> {
    Ok(Json(own::list(&portal, caller, &paging.page()?).await?))
}

/// Begin to set a passkey up.
#[utoipa::path(post, path = "/api/v1/me/passkeys/options", tag = "second factor", responses(
    (status = 200, body = Asking, description = "For `navigator.credentials.create()`."),
    (status = 403, body = ProblemBody, description = "`proof_required`"),
    (status = 409, body = ProblemBody, description = "`passkeys_full`: there are 10; `passkeys_unavailable`: the portal is reached by a number, not by a name"),
    (status = 429, body = ProblemBody, description = "`rate_limited`"),
))]
async fn ask(
    State(portal): State<Portal>,
    Proved(Member(caller)): Proved<Member>,
    from: Network,
) -> Result<Json<Asking>, Problem> {
    Ok(Json(set_up::begin(&portal, caller, from).await?.into()))
}

/// Set the passkey up.
#[utoipa::path(post, path = "/api/v1/me/passkeys", tag = "second factor", request_body = Setting, responses(
    (status = 201, body = WasAdded, description = "Set up. With the first factor, sessions that were begun without one end."),
    (status = 403, body = ProblemBody, description = "`proof_required`"),
    (status = 409, body = ProblemBody, description = "`passkeys_full`, `passkey_there`, `passkeys_unavailable`"),
    (status = 410, body = ProblemBody, description = "`ceremony_invalid`: it was begun more than 10 minutes ago, or was finished before"),
    (status = 422, body = ProblemBody, description = "`invalid_input`; `credential: passkey_invalid`: it is not what was asked for"),
))]
async fn add(
    State(portal): State<Portal>,
    Proved(Member(caller)): Proved<Member>,
    Body(Setting {
        ceremony,
        name,
        credential,
    }): Body<Setting>,
) -> Result<(StatusCode, Json<WasAdded>), Problem> {
    let new = NewPasskey {
        ceremony: &ticket_of(&ceremony)?,
        name: name.as_deref(),
        credential: &credential,
    };
    let added = set_up::finish(&portal, caller, new).await?;
    Ok((StatusCode::CREATED, Json(added.into())))
}

/// Remove a passkey.
#[utoipa::path(delete, path = "/api/v1/me/passkeys/{id}", tag = "second factor",
    params(("id" = Uuid, Path, description = "From the list of passkeys.")),
    responses(
        (status = 204, description = "Removed: nobody signs in with it any more."),
        (status = 403, body = ProblemBody, description = "`proof_required`"),
        (status = 404, body = ProblemBody, description = "`not_found`"),
    )
)]
async fn remove(
    State(portal): State<Portal>,
    Proved(Member(caller)): Proved<Member>,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    own::remove(&portal, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Added> for WasAdded {
    fn from(added: Added) -> Self {
        Self {
            id: added.id,
            name: added.name,
            set_up_at: added.set_up_at,
            recovery_codes: added.recovery_codes,
        }
    }
}
