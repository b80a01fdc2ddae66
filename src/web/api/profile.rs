//! `/api/v1/me/profile`: one's profile, changed by a JSON merge patch (RFC 7396) without losing anyone's update.

use axum::{
    Json,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    portal::Portal,
    profile::{
        change::{self, ChangeError, Patch},
        own::{self, Profile},
    },
    web::{
        api::who::routes,
        body::MergePatch,
        etag::{self, IfMatch},
        guard::session::Member,
        problem::{Code, Problem, ProblemBody},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new().routes(routes!(read, change))
}

/// Your profile.
#[utoipa::path(get, path = "/api/v1/me/profile", tag = "me", responses(
    (status = 200, body = Profile, description = "As you see it yourself.",
        headers(("ETag" = String, description = "The profile's version, for `If-Match`.")),
        example = json!({
            "first_name": "Anna", "last_name": "Beispiel", "display_name": null,
            "organisation": "Stadt Musterhausen", "department": "IT", "position": null,
            "phone": "+49 30 123456", "about": null, "listed": true,
            "visibility": {
                "organisation": "members", "department": "nobody", "position": "nobody", "phone": "nobody",
                "about": "nobody"
            }
        })),
))]
async fn read(State(portal): State<Portal>, Member(caller): Member) -> Result<Response, Problem> {
    let profile = own::read(&portal, caller).await?.ok_or(Code::NotSignedIn)?;
    Ok(shown(profile))
}

/// Change your profile.
///
/// A field left out stays, `null` empties it. `organisation` is read-only once a mail domain or an administrator
/// decided it. With `If-Match`, nothing is changed that was changed meanwhile.
#[utoipa::path(patch, path = "/api/v1/me/profile", tag = "me",
    params(("If-Match" = Option<String>, Header, description = "`ETag` of the profile that was read.", example = "\"3\"")),
    request_body(content(
        (Patch = "application/merge-patch+json", example = json!({"position": "Referentin", "phone": null, "visibility": {"position": "members"}})),
        (Patch = "application/json", example = json!({"position": "Referentin", "phone": null, "visibility": {"position": "members"}})),
    )),
    responses(
        (status = 200, body = Profile, description = "The profile as it is now.",
            headers(("ETag" = String, description = "Its new version."))),
        (status = 412, body = ProblemBody, description = "`precondition_failed`: it was changed meanwhile"),
    )
)]
async fn change(
    State(portal): State<Portal>,
    Member(caller): Member,
    IfMatch(expected): IfMatch,
    MergePatch(patch): MergePatch<Patch>,
) -> Result<Response, Problem> {
    Ok(shown(
        change::change(&portal, caller, patch, expected.as_deref()).await?,
    ))
}

fn shown(profile: Profile) -> Response {
    ([(header::ETAG, etag::of(profile.version))], Json(profile)).into_response()
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Invalid(error) => error.into(),
            ChangeError::NotActive(error) => error.into(),
            ChangeError::Lost => Code::PreconditionFailed.into(),
            ChangeError::Database(error) => error.into(),
        }
    }
}
