//! `/api/v1/members`: the directory.

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;

use crate::{
    portal::Portal,
    profile::{
        directory::{self, Filter, Member as Listing},
        places::{self, Place},
    },
    values::Listed,
    web::{
        api::who::routes,
        guard::session::Member,
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Id, Paging, page},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(organisations))
        .routes(routes!(departments))
        .routes(routes!(read))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Search {
    /// Beginnings of words, all of which must occur in what is visible; case, accents and umlauts make no difference.
    #[param(max_length = 200, example = "mül stadt")]
    query: Option<String>,
    /// Beginnings of words, all of which must occur in the organisation.
    #[param(max_length = 200, example = "stadt muster")]
    organisation: Option<String>,
    /// Beginnings of words, all of which must occur in the department.
    #[param(max_length = 200, example = "tiefbau")]
    department: Option<String>,
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct DepartmentSearch {
    /// The name of an organisation; left out, departments of all of them.
    #[param(max_length = 200, example = "Stadt Musterhausen")]
    organisation: Option<String>,
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Find members, by name. Whoever is found fits every parameter.
#[utoipa::path(get, path = "/api/v1/members", tag = "members", params(Search), responses(
    (status = 200, body = Listed<Listing>, description = "What each member made visible.", example = json!({
        "items": [{
            "id": "2f1b9a8e-6f0c-4d0f-9d5c-0a3b7c1e2d4f", "display_name": "Anna Beispiel", "first_name": "Anna",
            "last_name": "Beispiel", "organisation": "Stadt Musterhausen", "department": null, "position": null,
            "phone": null, "about": null
        }],
        "next": null
    })),
))]
async fn list(
    State(portal): State<Portal>,
    _member: Member,
    Asked(search): Asked<Search>,
) -> Result<Json<Listed<Listing>>, Problem> {
    let page = page(search.limit, search.cursor.as_deref())?;
    let filter = Filter {
        query: search.query.as_deref(),
        organisation: search.organisation.as_deref(),
        department: search.department.as_deref(),
    };
    Ok(Json(directory::members(&portal, filter, &page).await??))
}

/// The organisations in the directory, by name.
#[utoipa::path(get, path = "/api/v1/members/organisations", tag = "members", params(Paging), responses(
    (status = 200, body = Listed<Place>, description = "Organisations that members in the directory made visible.",
        example = json!({ "items": [{ "name": "Stadt Musterhausen", "members": 12 }], "next": null })),
))]
async fn organisations(
    State(portal): State<Portal>,
    _member: Member,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Place>>, Problem> {
    Ok(Json(places::organisations(&portal, &paging.page()?).await?))
}

/// The departments in the directory, by name.
#[utoipa::path(get, path = "/api/v1/members/departments", tag = "members", params(DepartmentSearch), responses(
    (status = 200, body = Listed<Place>, description = "Departments that members in the directory made visible.",
        example = json!({ "items": [{ "name": "Tiefbau", "members": 3 }], "next": null })),
))]
async fn departments(
    State(portal): State<Portal>,
    _member: Member,
    Asked(search): Asked<DepartmentSearch>,
) -> Result<Json<Listed<Place>>, Problem> {
    let page = page(search.limit, search.cursor.as_deref())?;
    let departments = places::departments(&portal, search.organisation.as_deref(), &page).await??;
    Ok(Json(departments))
}

/// One member.
#[utoipa::path(get, path = "/api/v1/members/{id}", tag = "members",
    params(("id" = uuid::Uuid, Path, description = "The member's account.")),
    responses(
        (status = 200, body = Listing, description = "What the member made visible."),
        (status = 404, body = ProblemBody, description = "`not_found`: nobody, or nobody who wants to be found"),
    )
)]
async fn read(
    State(portal): State<Portal>,
    Member(caller): Member,
    Id(id): Id,
) -> Result<Json<Listing>, Problem> {
    let member = directory::member(&portal, caller, id)
        .await?
        .ok_or(Code::NotFound)?;
    Ok(Json(member))
}
