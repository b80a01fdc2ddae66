//! `/api/v1/admin/organisations`: who may join by mail domain.

use axum::{Json, extract::State, http::StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    administration::organisations::{self, Organisation, OrganisationError, Wanted},
    portal::Portal,
    values::Listed,
    web::{
        api::who::routes,
        body::Body,
        guard::may,
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Id, Paging},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list, create))
        .routes(routes!(replace, remove))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "Stadt Musterhausen", "email_domains": ["stadt-musterhausen.example"]}))]
struct OrganisationBody {
    #[schema(max_length = 200)]
    name: String,
    #[schema(max_items = 100)]
    email_domains: Vec<String>,
}

/// Organisations by name.
#[utoipa::path(get, path = "/api/v1/admin/organisations", tag = "admin",
    params(Paging), responses(
    (status = 200, body = Listed<Organisation>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn list(
    State(portal): State<Portal>,
    _: may::ManageOrganisations,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Organisation>>, Problem> {
    Ok(Json(organisations::list(&portal, &paging.page()?).await?))
}

/// Add an organisation.
#[utoipa::path(post, path = "/api/v1/admin/organisations", tag = "admin",
    request_body = OrganisationBody, responses(
    (status = 201, body = Organisation),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn create(
    State(portal): State<Portal>,
    may::ManageOrganisations(caller): may::ManageOrganisations,
    Body(OrganisationBody { name, email_domains }): Body<OrganisationBody>,
) -> Result<(StatusCode, Json<Organisation>), Problem> {
    let wanted = Wanted::parse(&name, &email_domains)?;
    Ok((
        StatusCode::CREATED,
        Json(organisations::create(&portal, caller, wanted).await?),
    ))
}

/// Replace an organisation's name and domains.
///
/// Who joined before keeps the name they joined under.
#[utoipa::path(put, path = "/api/v1/admin/organisations/{id}", tag = "admin",
    params(("id" = uuid::Uuid, Path)), request_body = OrganisationBody, responses(
    (status = 200, body = Organisation),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
async fn replace(
    State(portal): State<Portal>,
    may::ManageOrganisations(caller): may::ManageOrganisations,
    Id(id): Id,
    Body(OrganisationBody { name, email_domains }): Body<OrganisationBody>,
) -> Result<Json<Organisation>, Problem> {
    let wanted = Wanted::parse(&name, &email_domains)?;
    Ok(Json(organisations::replace(&portal, caller, id, wanted).await?))
}

/// Remove an organisation; its members stay.
#[utoipa::path(delete, path = "/api/v1/admin/organisations/{id}", tag = "admin",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
async fn remove(
    State(portal): State<Portal>,
    may::ManageOrganisations(caller): may::ManageOrganisations,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    organisations::remove(&portal, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<OrganisationError> for Problem {
    fn from(error: OrganisationError) -> Self {
        match error {
            OrganisationError::Invalid(invalid) => invalid.into(),
            OrganisationError::NotFound => Code::NotFound.into(),
            OrganisationError::NoLonger(error) => error.into(),
            OrganisationError::Database(error) => error.into(),
        }
    }
}
