//! `/api/v1/me/export`: a copy of one's own data.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    portal::Portal,
    rights,
    web::{
        api::who::routes,
        guard::session::{Member, Proved},
        problem::{Problem, ProblemBody},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new().routes(routes!(read_export))
}

/// A copy of your data (Art. 15 and 20 GDPR).
///
/// By category and table, with all your rows; nothing of others and no secrets. Of conversations it holds what you
/// wrote yourself.
#[utoipa::path(get, path = "/api/v1/me/export", tag = "me", responses(
    (status = 200, body = BTreeMap<String, BTreeMap<String, Vec<Object>>>, example = json!({
        "contact": {"email_address": [{"address": "anna.beispiel@stadt-musterhausen.example"}]},
        "credentials": {"credential": [{"changed_at": "2026-11-23T08:20:00+00:00"}]},
        "messages": {"message": [{"id": "01a1b2c3-0000-7000-8000-000000000001",
            "conversation_id": "01a1b2c3-0000-7000-8000-000000000000", "body": "Guten Tag!",
            "sent_at": "2026-11-23T09:00:00+00:00"}]}
    })),
    (status = 403, body = ProblemBody, description = "`proof_required`"),
))]
async fn read_export(
    State(portal): State<Portal>,
    Proved(Member(caller)): Proved<Member>,
) -> Result<Response, Problem> {
    let copy = rights::copy_of_own_data(&portal, caller).await?;
    let json = HeaderValue::from_static("application/json");
    Ok(([(header::CONTENT_TYPE, json)], copy).into_response())
}
