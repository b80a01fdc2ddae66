//! `/api/v1/me/preferences`: how one hears of messages, and whether others see how far one has read.

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    messaging::preferences::{self, Change, MessageMail, PreferenceError, Preferences, UnsubscribeError},
    portal::Portal,
    profile::change::present_value,
    web::{
        api::who::routes,
        body::MergePatch,
        guard::session::Member,
        problem::{Code, Problem},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new().routes(routes!(read, change))
}

/// A field left out stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"message_mail": "daily", "share_read": false}))]
struct PreferencesPatch {
    /// `at_once`: a mail for a conversation, until you have read it; `daily`: one a day for all of them; `never`.
    #[serde(deserialize_with = "present_value")]
    #[schema(value_type = Option<String>, nullable = false, pattern = "^(at_once|daily|never)$")]
    message_mail: Option<MessageMail>,
    /// Whether others see how far you have read. Who does not share it does not see others' either.
    #[serde(deserialize_with = "present_value")]
    #[schema(nullable = false)]
    share_read: Option<bool>,
}

/// What you chose.
#[utoipa::path(get, path = "/api/v1/me/preferences", tag = "me", responses(
    (status = 200, body = Preferences, description = "How you hear of messages, and whether you share read marks.",
        example = json!({"message_mail": "at_once", "share_read": true})),
))]
async fn read(State(portal): State<Portal>, Member(caller): Member) -> Result<Json<Preferences>, Problem> {
    Ok(Json(preferences::read(&portal, caller).await?))
}

/// Change what you chose.
#[utoipa::path(patch, path = "/api/v1/me/preferences", tag = "me",
    request_body(content(
        (PreferencesPatch = "application/merge-patch+json"),
        (PreferencesPatch = "application/json"),
    )),
    responses((status = 200, body = Preferences, description = "What you chose, as it is now."))
)]
async fn change(
    State(portal): State<Portal>,
    Member(caller): Member,
    MergePatch(patch): MergePatch<PreferencesPatch>,
) -> Result<Json<Preferences>, Problem> {
    let change = Change {
        message_mail: patch.message_mail,
        share_read: patch.share_read,
    };
    Ok(Json(preferences::change(&portal, caller, change).await?))
}

impl From<PreferenceError> for Problem {
    fn from(error: PreferenceError) -> Self {
        match error {
            PreferenceError::NotActive(error) => error.into(),
            PreferenceError::Database(error) => error.into(),
        }
    }
}

impl From<UnsubscribeError> for Problem {
    fn from(error: UnsubscribeError) -> Self {
        match error {
            UnsubscribeError::LinkInvalid => Code::LinkInvalid.into(),
            UnsubscribeError::Database(error) => error.into(),
        }
    }
}
