//! Accounts as administrators find them. Of a deleted one only the row without personal data is shown (R16).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{
    account,
    status::{Role, Status},
};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Value,
    sea_query::Value as Bound,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    portal::Portal,
    profile::directory::search_words,
    values::{Invalid, Listed, Page, search_text},
};

#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct Account {
    pub id: Uuid,
    pub status: String,
    pub role: String,
    pub email: Option<String>,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub organisation: Option<String>,
    pub created_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
    pub undo_until: Option<DateTime<Utc>>,
    pub erase_by: Option<DateTime<Utc>>,
    /// How the person came in: `mail_domain`, `administrator`, `no_approval` or `command_line`.
    pub decided_rule: Option<String>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<DateTime<Utc>>,
}

/// An account with what is asked of a single one only.
#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct SingleAccount {
    #[serde(flatten)]
    #[sea_orm(nested)]
    pub account: Account,
    /// Whether a password alone does not let them in.
    pub second_factor: bool,
    /// When their second factors are removed as lost.
    pub factor_removal_due_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Named {
    id: Uuid,
    name: String,
}

/// Where a page of the list ends: instant and account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Position(DateTime<Utc>, Uuid);

/// Which accounts are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter<'a> {
    /// Beginnings of words of name and organisation, or of the mail address.
    pub query: Option<&'a str>,
    pub status: Option<Status>,
}

const COLUMNS: &str = "a.id, a.status, a.role, e.address AS email, p.first_name, p.last_name, p.organisation,
    a.created_at, a.deleted_at, a.undo_until, a.erase_by, r.decided_rule, r.decided_by, r.decided_at";

const TABLES: &str = "account a
    LEFT JOIN email_address e ON e.account_id = a.id AND e.superseded_at IS NULL AND a.deleted_at IS NULL
    LEFT JOIN profile p ON p.account_id = a.id AND a.deleted_at IS NULL
    LEFT JOIN registration r ON r.account_id = a.id";

/// Accounts, newest first.
pub async fn list(
    portal: &Portal,
    filter: &Filter<'_>,
    page: &Page<Position>,
) -> Result<Result<Listed<Account>, Invalid>, DbErr> {
    let query = match filter.query.map(search_text).transpose() {
        Ok(query) => query.filter(|query| !query.is_empty()),
        Err(fault) => return Ok(Err(Invalid::one("query", fault))),
    };
    let mut text = format!("SELECT {COLUMNS} FROM {TABLES}");
    let mut values: Vec<Value> = vec![page.rows().into()];
    let mut conditions = Vec::new();
    let mut bind = |value: Bound| {
        values.push(value);
        format!("${}", values.len())
    };
    if let Some(Position(at, id)) = &page.after {
        conditions.push(format!(
            "(a.created_at, a.id) < ({}, {})",
            bind((*at).into()),
            bind((*id).into())
        ));
    }
    if let Some(status) = filter.status {
        conditions.push(format!("a.status = {}", bind(status.into())));
    }
    if let Some(query) = query {
        let address = bind(format!("{}%", like_literal(&query.to_lowercase())).into());
        let words =
            search_words(query).map(|words| format!(" OR p.search @@ {}::tsquery", bind(words.into())));
        conditions.push(format!("(e.address LIKE {address}{})", words.unwrap_or_default()));
    }
    if !conditions.is_empty() {
        text.push_str(" WHERE ");
        text.push_str(&conditions.join(" AND "));
    }
    text.push_str(" ORDER BY a.created_at DESC, a.id DESC LIMIT $1");
    let statement = sea_orm::Statement::from_sql_and_values(sea_orm::DbBackend::Postgres, text, values);
    let rows = Account::find_by_statement(statement)
        .all(&portal.database)
        .await?;
    Ok(Ok(Listed::cut(rows, page, |row| {
        Position(row.created_at, row.id)
    })))
}

/// One account. None: there is none with this id.
pub async fn one(portal: &Portal, id: Uuid) -> Result<Option<SingleAccount>, DbErr> {
    let text = format!(
        "SELECT {COLUMNS}, f.due_at AS factor_removal_due_at,
             (EXISTS (SELECT 1 FROM totp t WHERE t.account_id = a.id)
                 OR EXISTS (SELECT 1 FROM passkey k WHERE k.account_id = a.id)) AND a.deleted_at IS NULL AS second_factor
         FROM {TABLES} LEFT JOIN factor_removal f ON f.account_id = a.id AND a.deleted_at IS NULL
         WHERE a.id = $1"
    );
    SingleAccount::find_by_statement(crate::database::sql(&text, [id.into()]))
        .one(&portal.database)
        .await
}

/// Whether anyone was ever made administrator: the first one is, from the command line.
pub async fn has_administrator(portal: &Portal) -> Result<bool, DbErr> {
    let found: Option<Uuid> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::Role.eq(Role::Administrator))
        .limit(1)
        .into_tuple()
        .one(&portal.database)
        .await?;
    Ok(found.is_some())
}

/// What the people of these accounts are called. Those who are leaving or gone have no name any more.
pub async fn names(portal: &Portal, ids: Vec<Uuid>) -> Result<BTreeMap<Uuid, String>, DbErr> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = Named::find_by_statement(crate::database::sql(
        "SELECT a.id, p.first_name || ' ' || p.last_name AS name FROM account a JOIN profile p ON p.account_id = a.id
         WHERE a.id = ANY ($1) AND a.deleted_at IS NULL",
        [ids.into()],
    ))
    .all(&portal.database)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// Who administers the portal, by name.
pub async fn administrators(portal: &Portal) -> Result<Vec<(Uuid, String)>, DbErr> {
    let rows = Named::find_by_statement(crate::database::sql(
        "SELECT a.id, p.first_name || ' ' || p.last_name AS name FROM account a JOIN profile p ON p.account_id = a.id
         WHERE a.role = 'administrator' AND a.status = 'active' ORDER BY p.sort_name, a.id",
        [],
    ))
    .all(&portal.database)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
}

/// A text that stands for itself in a `LIKE` pattern.
fn like_literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
