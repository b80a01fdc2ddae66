//! Whether the portal lives, and whether it can serve.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{database::is_migrated, portal::Portal};

/// What was looked at, and what was found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`, `degraded` or `unavailable`.
    #[schema(example = "ok")]
    pub status: &'static str,
    pub checks: Checks,
}

#[derive(Debug, Default, Serialize, ToSchema)]
pub struct Checks {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub migrations: Option<&'static str>,
}

/// The process answers.
#[utoipa::path(get, path = "/health/live", tag = "health", responses((status = 200, body = Health)))]
pub async fn live() -> Json<Health> {
    Json(Health {
        status: "ok",
        checks: Checks::default(),
    })
}

/// The portal can serve: the database answers and its schema is the one this program knows.
#[utoipa::path(get, path = "/health/ready", tag = "health",
    responses((status = 200, body = Health), (status = 503, body = Health)))]
pub async fn ready(State(portal): State<Portal>) -> Response {
    let database = portal.database.execute_unprepared("SELECT 1").await.is_ok();
    let migrated = database && is_migrated(&portal.database).await.unwrap_or(false);
    let word = |good: bool| Some(if good { "ok" } else { "unavailable" });
    let checks = Checks {
        database: word(database),
        migrations: word(migrated),
    };
    let (code, status) = if database && migrated {
        (StatusCode::OK, "ok")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    };
    (code, Json(Health { status, checks })).into_response()
}
