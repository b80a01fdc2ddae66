//! `/api/v1/admin/accounts`: finding, suspending, reinstating, ending sessions, roles, deletion on someone's behalf.

use axum::{Json, extract::State, http::StatusCode};
use entity::status::{Role, Status};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;

use crate::{
    administration::{
        accounts::{self, Account, Filter, SingleAccount},
        sessions::{self, EndError},
        status::{self, StatusError},
    },
    erasure::request,
    portal::Portal,
    values::Listed,
    web::{
        api::{deletions::DeletionAnswer, who::routes},
        body::Body,
        guard::{may, session::Proved},
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Id, page},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read))
        .routes(routes!(suspend))
        .routes(routes!(reinstate))
        .routes(routes!(end_sessions))
        .routes(routes!(give_role))
        .routes(routes!(delete_on_behalf))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Search {
    /// Beginnings of words of name and organisation, or of the mail address.
    #[param(max_length = 200)]
    query: Option<String>,
    #[param(value_type = Option<String>, pattern = "^(unconfirmed|pending|rejected|active|suspended|deleted|erasing)$", example = "active")]
    status: Option<Status>,
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"role": "administrator"}))]
struct NewRole {
    #[schema(value_type = String, pattern = "^(member|moderator|administrator|data_protection_officer)$")]
    role: Role,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "Antrag per Brief vom 20. November"}))]
struct DeletionOnBehalf {
    #[schema(max_length = 2_000)]
    reason: String,
}

/// Accounts, newest first.
#[utoipa::path(get, path = "/api/v1/admin/accounts", tag = "admin", params(Search), responses(
    (status = 200, body = Listed<Account>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn list(
    State(portal): State<Portal>,
    _: may::FindAccounts,
    Asked(search): Asked<Search>,
) -> Result<Json<Listed<Account>>, Problem> {
    let filter = Filter {
        query: search.query.as_deref(),
        status: search.status,
    };
    let page = page(search.limit, search.cursor.as_deref())?;
    Ok(Json(accounts::list(&portal, &filter, &page).await??))
}

/// One account.
#[utoipa::path(get, path = "/api/v1/admin/accounts/{id}", tag = "admin",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 200, body = SingleAccount),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
async fn read(
    State(portal): State<Portal>,
    _: may::FindAccounts,
    Id(id): Id,
) -> Result<Json<SingleAccount>, Problem> {
    Ok(Json(accounts::one(&portal, id).await?.ok_or(Code::NotFound)?))
}

/// Suspend an active account: its sessions end at once.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/suspend", tag = "admin",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`wrong_status`, `being_deleted`, `last_administrator`"),
))]
async fn suspend(
    State(portal): State<Portal>,
    may::ManageAccounts(caller): may::ManageAccounts,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    status::suspend(&portal, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reinstate a suspended account.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/reinstate", tag = "admin",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`wrong_status`, `being_deleted`"),
))]
async fn reinstate(
    State(portal): State<Portal>,
    may::ManageAccounts(caller): may::ManageAccounts,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    status::reinstate(&portal, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// End all sessions of an account: the person can sign in again at once.
#[utoipa::path(delete, path = "/api/v1/admin/accounts/{id}/sessions", tag = "admin",
    params(("id" = uuid::Uuid, Path)), responses(
    (status = 204, description = "Nobody is signed in to the account."),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
    (status = 404, body = ProblemBody),
))]
async fn end_sessions(
    State(portal): State<Portal>,
    may::ManageAccounts(caller): may::ManageAccounts,
    Id(id): Id,
) -> Result<StatusCode, Problem> {
    sessions::end_all(&portal, caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Give an active account a role.
#[utoipa::path(put, path = "/api/v1/admin/accounts/{id}/role", tag = "admin",
    params(("id" = uuid::Uuid, Path)), request_body = NewRole, responses(
    (status = 204),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`proof_required`"),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`wrong_status`, `being_deleted`, `last_administrator`"),
))]
async fn give_role(
    State(portal): State<Portal>,
    Proved(may::ManageAccounts(caller)): Proved<may::ManageAccounts>,
    Id(id): Id,
    Body(NewRole { role }): Body<NewRole>,
) -> Result<StatusCode, Problem> {
    status::give_role(&portal, caller, id, role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Delete an account on its person's behalf.
///
/// For requests that reached the operator by other ways. The person gets the mail with the link to undo it for 12 hours.
#[utoipa::path(post, path = "/api/v1/admin/accounts/{id}/deletion", tag = "admin",
    params(("id" = uuid::Uuid, Path)), request_body = DeletionOnBehalf, responses(
    (status = 202, body = DeletionAnswer),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody, description = "`own_account`, `proof_required`"),
    (status = 404, body = ProblemBody),
    (status = 409, body = ProblemBody, description = "`last_administrator`"),
))]
async fn delete_on_behalf(
    State(portal): State<Portal>,
    Proved(may::ManageAccounts(caller)): Proved<may::ManageAccounts>,
    Id(id): Id,
    Body(DeletionOnBehalf { reason }): Body<DeletionOnBehalf>,
) -> Result<(StatusCode, Json<DeletionAnswer>), Problem> {
    let requested = request::by_administrator(&portal, caller, id, &reason).await?;
    Ok((StatusCode::ACCEPTED, Json(requested.into())))
}

impl From<EndError> for Problem {
    fn from(error: EndError) -> Self {
        match error {
            EndError::NotFound => Code::NotFound.into(),
            EndError::NoLonger(error) => error.into(),
            EndError::Database(error) => error.into(),
        }
    }
}

impl From<StatusError> for Problem {
    fn from(error: StatusError) -> Self {
        match error {
            StatusError::NotFound => Code::NotFound.into(),
            StatusError::WrongStatus => Code::WrongStatus.into(),
            StatusError::Deleted => Code::BeingDeleted.into(),
            StatusError::LastAdministrator => Code::LastAdministrator.into(),
            StatusError::NoLonger(error) => error.into(),
            StatusError::Database(error) => error.into(),
        }
    }
}
