//! Whether the portal lives, and whether it can serve. What is wrong with erasing makes it `degraded` (R22): it goes on
//! serving, and says so.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    database::is_migrated,
    erasure::guard::{self, Cause},
    portal::Portal,
    web::api::who::routes,
};

/// How long the answer waits for the database, and for what it knows of erasing.
const DATABASE_WITHIN: Duration = Duration::from_secs(5);
const ERASURE_WITHIN: Duration = Duration::from_secs(3);

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new().routes(routes!(live)).routes(routes!(ready))
}

/// What was looked at, and what was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`, `degraded` or `unavailable`.
    #[schema(example = "ok")]
    pub status: &'static str,
    pub checks: Checks,
    /// Why it is `degraded`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Cause>,
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Checks {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub migrations: Option<&'static str>,
    /// `unavailable`: the database is older than the ledger, as after a restored backup, and nobody is served (R20).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ledger: Option<&'static str>,
    /// `ok`, `degraded`, or `unknown` when the answer did not come in time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub erasure: Option<&'static str>,
}

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200, body = Health)))]
async fn live() -> Json<Health> {
    Json(Health {
        status: "ok",
        checks: Checks::default(),
        reasons: Vec::new(),
    })
}

/// The portal can serve: the database answers and its schema is the one this program knows. What is wrong with erasing
/// is told as `degraded`.
#[utoipa::path(get, path = "/health/ready", tag = "health",
    responses((status = 200, body = Health), (status = 503, body = Health)))]
async fn ready(State(portal): State<Portal>) -> Response {
    let (database, migrated) = tokio::time::timeout(DATABASE_WITHIN, database(&portal))
        .await
        .unwrap_or((false, false));
    let is_level = portal.ledger.is_level();
    let word = |good: bool| Some(if good { "ok" } else { "unavailable" });
    let mut checks = Checks {
        database: word(database),
        migrations: word(migrated),
        ledger: word(is_level),
        erasure: None,
    };
    if !(database && migrated && is_level) {
        let health = Health {
            status: "unavailable",
            checks,
            reasons: Vec::new(),
        };
        return (StatusCode::SERVICE_UNAVAILABLE, Json(health)).into_response();
    }
    let (erasure, reasons) = erasure(&portal).await;
    checks.erasure = Some(erasure);
    let status = if erasure == "ok" { "ok" } else { "degraded" };
    Json(Health {
        status,
        checks,
        reasons,
    })
    .into_response()
}

async fn database(portal: &Portal) -> (bool, bool) {
    let answers = portal.database.execute_unprepared("SELECT 1").await.is_ok();
    let migrated = answers && is_migrated(&portal.database).await.unwrap_or(false);
    (answers, migrated)
}

async fn erasure(portal: &Portal) -> (&'static str, Vec<Cause>) {
    match tokio::time::timeout(ERASURE_WITHIN, guard::look(portal)).await {
        Ok(Ok(state)) if state.troubles.is_empty() => ("ok", Vec::new()),
        Ok(Ok(state)) => (
            "degraded",
            state.troubles.into_iter().map(|trouble| trouble.cause).collect(),
        ),
        Ok(Err(_)) | Err(_) => ("unknown", Vec::new()),
    }
}
