//! `/api/v1/admin/deletions`, `…/ledger`, `…/audit-events`, `…/mails`: what waits, and what was done.

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use uuid::Uuid;

use crate::{
    administration::{
        audit_trail::{self, Entry, Filter, Kind},
        ledger::{self, LedgerListError},
        undelivered::{self, Undelivered},
    },
    erasure::deletions::{self, Deletion},
    portal::Portal,
    values::{Fault, Invalid, Listed},
    web::{
        api::who::routes,
        guard::may,
        problem::{Code, Problem, ProblemBody},
        query::{Asked, Paging, page},
    },
};

pub fn routes() -> OpenApiRouter<Portal> {
    OpenApiRouter::new()
        .routes(routes!(list_deletions))
        .routes(routes!(list_ledger))
        .routes(routes!(list_audit_events))
        .routes(routes!(list_mails))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct LedgerSearch {
    /// Only those about this account.
    account_id: Option<Uuid>,
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct AuditSearch {
    /// Only those about this account.
    account_id: Option<Uuid>,
    /// `deeds`: what was done and decided; `access`: who signed in or out, and who was refused.
    #[param(value_type = Option<String>, pattern = "^(deeds|access)$")]
    kind: Option<Kind>,
    /// How many items, 1 to 100.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// `next` of the page before.
    cursor: Option<String>,
}

/// Deletions that are pending or held, most urgent first.
#[utoipa::path(get, path = "/api/v1/admin/deletions", tag = "admin", params(Paging), responses(
    (status = 200, body = Listed<Deletion>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn list_deletions(
    State(portal): State<Portal>,
    _: may::ReadDeletions,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Deletion>>, Problem> {
    Ok(Json(deletions::list(&portal, &paging.page()?).await?))
}

/// The ledger's lines as they stand in its files, oldest first: what was asked for, held and erased, by account id.
///
/// Looking for one account's lines, a page may be short, or empty: go on until `next` is null.
#[utoipa::path(get, path = "/api/v1/admin/ledger", tag = "admin",
    params(LedgerSearch), responses(
    (status = 200, body = Listed<ledger::Entry>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn list_ledger(
    State(portal): State<Portal>,
    _: may::ReadLedger,
    Asked(search): Asked<LedgerSearch>,
) -> Result<Json<Listed<ledger::Entry>>, Problem> {
    let page = page(search.limit, search.cursor.as_deref())?;
    Ok(Json(ledger::list(&portal, search.account_id, &page).await?))
}

/// Who did what to which account, newest first.
///
/// Who signed in or out, and who was refused, is kept for 90 days, and not longer than the account. Of refusals there is
/// at most one entry an hour of an account and a kind.
#[utoipa::path(get, path = "/api/v1/admin/audit-events", tag = "admin",
    params(AuditSearch), responses(
    (status = 200, body = Listed<Entry>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn list_audit_events(
    State(portal): State<Portal>,
    _: may::ReadAuditTrail,
    Asked(search): Asked<AuditSearch>,
) -> Result<Json<Listed<Entry>>, Problem> {
    let page = page(search.limit, search.cursor.as_deref())?;
    let filter = Filter {
        account: search.account_id,
        kind: search.kind,
    };
    Ok(Json(audit_trail::list(&portal, filter, &page).await?))
}

/// Mail that could not be delivered so far, or was given up, newest first.
#[utoipa::path(get, path = "/api/v1/admin/mails", tag = "admin", params(Paging), responses(
    (status = 200, body = Listed<Undelivered>),
    (status = 401, body = ProblemBody),
    (status = 403, body = ProblemBody),
))]
async fn list_mails(
    State(portal): State<Portal>,
    _: may::WatchPortal,
    Asked(paging): Asked<Paging>,
) -> Result<Json<Listed<Undelivered>>, Problem> {
    Ok(Json(undelivered::list(&portal, &paging.page()?).await?))
}

impl From<LedgerListError> for Problem {
    fn from(error: LedgerListError) -> Self {
        match error {
            LedgerListError::NoPlace => Invalid::one("cursor", Fault::new("cursor_invalid")).into(),
            LedgerListError::Unreadable(error) => {
                tracing::error!(kind = ?error.kind(), "the ledger's files could not be read");
                Code::Internal.into()
            }
        }
    }
}
