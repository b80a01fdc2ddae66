//! One's own profile and account as one sees them, and the language of one's mail.

use std::sync::LazyLock;

use entity::profile;
use sea_orm::{
    ActiveModelTrait, DbBackend, DbErr, EntityTrait, FromQueryResult, QuerySelect, QueryTrait, Set,
    Statement, sea_query::LockType,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::superseded;
use crate::{
    account::{Caller, NotActive, enter},
    database::sql,
    hold, ledger,
    portal::Portal,
    text::Locale,
};

/// Who sees a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    Members,
    Nobody,
}

impl From<bool> for Audience {
    fn from(visible: bool) -> Self {
        if visible { Self::Members } else { Self::Nobody }
    }
}

/// Who sees what; the name is seen by whoever sees the member at all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Visibility {
    pub organisation: Audience,
    pub department: Audience,
    pub position: Audience,
    pub phone: Audience,
    pub about: Audience,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Profile {
    pub first_name: String,
    pub last_name: String,
    /// Shown instead of first and last name, if set.
    pub display_name: Option<String>,
    pub organisation: String,
    pub department: Option<String>,
    pub position: Option<String>,
    pub phone: Option<String>,
    pub about: Option<String>,
    /// Whether the directory shows this member.
    pub listed: bool,
    pub visibility: Visibility,
    /// Whether a mail domain or an administrator decided the organisation, so that it cannot be changed here.
    #[serde(skip)]
    pub organisation_decided: bool,
    #[serde(skip)]
    pub version: i64,
}

impl From<profile::Model> for Profile {
    fn from(row: profile::Model) -> Self {
        Self {
            first_name: row.first_name,
            last_name: row.last_name,
            display_name: row.display_name,
            organisation: row.organisation,
            department: row.department,
            position: row.position,
            phone: row.phone,
            about: row.about,
            listed: row.listed,
            visibility: Visibility {
                organisation: row.organisation_visible.into(),
                department: row.department_visible.into(),
                position: row.position_visible.into(),
                phone: row.phone_visible.into(),
                about: row.about_visible.into(),
            },
            organisation_decided: row.organisation_decided,
            version: row.version,
        }
    }
}

/// None: the account was erased a moment ago.
pub async fn read(portal: &Portal, caller: Caller) -> Result<Option<Profile>, DbErr> {
    // What is read most often of all: its text is made once.
    static READ: LazyLock<Statement> =
        LazyLock::new(|| profile::Entity::find_by_id(Uuid::nil()).build(DbBackend::Postgres));
    Ok(
        profile::Model::find_by_statement(sql(&READ.sql, [caller.account.into()]))
            .one(&portal.database)
            .await?
            .map(Profile::from),
    )
}

/// The account behind the profile.
#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct Me {
    pub id: Uuid,
    pub email: String,
    pub role: String,
    pub status: String,
    pub locale: String,
    pub created_at: chrono::DateTime<chrono::Utc>,
}

/// None: the account was erased a moment ago.
pub async fn me(portal: &Portal, caller: Caller) -> Result<Option<Me>, DbErr> {
    Me::find_by_statement(sql(
        "SELECT a.id, e.address AS email, a.role, a.status, p.locale, a.created_at FROM account a
         JOIN email_address e ON e.account_id = a.id AND e.superseded_at IS NULL
         JOIN profile p ON p.account_id = a.id WHERE a.id = $1",
        [caller.account.into()],
    ))
    .one(&portal.database)
    .await
}

#[derive(Debug, thiserror::Error)]
pub enum SetLocaleError {
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Sets the language of the mails that one gets from now on. It is master data: under a hold the language before it is
/// kept (R18), and the ledger says that something changed (R19).
pub async fn set_locale(portal: &Portal, caller: Caller, locale: Locale) -> Result<(), SetLocaleError> {
    let transaction = portal.database.begin().await?;
    enter(&transaction, caller.account).await??;
    let old = profile::Entity::find_by_id(caller.account)
        .lock(LockType::NoKeyUpdate)
        .one(&transaction)
        .await?
        .ok_or(NotActive)?;
    if old.locale == locale.as_str() {
        transaction.commit().await?;
        return Ok(());
    }
    let now = portal.database_clock.now(&transaction).await?;
    if hold::covers(&transaction, caller.account, "master_data").await? {
        superseded::keep(
            portal,
            &transaction,
            caller.account,
            vec![("locale", old.locale)],
            now,
        )
        .await?;
    }
    profile::ActiveModel {
        account_id: Set(caller.account),
        locale: Set(locale.to_string()),
        ..Default::default()
    }
    .update(&transaction)
    .await?;
    let changed = ledger::Event::Changed {
        cluster: "master_data",
    };
    ledger::record(&transaction, caller.account, now, changed).await?;
    transaction.commit().await?;
    Ok(())
}
