//! The audit trail, newest first: what was done, or who came in and who was refused, or both.

use chrono::{DateTime, Utc};
use entity::audit_event;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    audit::ACCESS,
    portal::Portal,
    values::{Listed, Page},
};

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Entry {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub code: String,
    /// Who did it. None: the portal, or someone who was not signed in.
    pub actor_id: Option<Uuid>,
    pub account_id: Option<Uuid>,
    /// What else it was about, such as a hold.
    pub subject_id: Option<Uuid>,
}

/// What entries are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What was done and decided.
    Deeds,
    /// Who came in, and who was refused.
    Access,
}

/// Which entries.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filter {
    /// None: about any, or none.
    pub account: Option<Uuid>,
    /// None: all.
    pub kind: Option<Kind>,
}

/// The events that the filter lets through.
pub async fn list(portal: &Portal, filter: Filter, page: &Page<Uuid>) -> Result<Listed<Entry>, DbErr> {
    let mut query =
        audit_event::Entity::find().filter(audit_event::Column::Id.lt(page.after.unwrap_or(Uuid::max())));
    if let Some(account) = filter.account {
        query = query.filter(audit_event::Column::AccountId.eq(account));
    }
    query = match filter.kind {
        None => query,
        Some(Kind::Deeds) => query.filter(audit_event::Column::Code.is_not_in(ACCESS)),
        Some(Kind::Access) => query.filter(audit_event::Column::Code.is_in(ACCESS)),
    };
    let rows = query
        .order_by_desc(audit_event::Column::Id)
        .limit(u64::try_from(page.rows()).unwrap_or_default())
        .all(&portal.database)
        .await?;
    let entry = |row: audit_event::Model| Entry {
        id: row.id,
        at: row.at,
        code: row.code,
        actor_id: row.actor_id,
        account_id: row.account_id,
        subject_id: row.subject_id,
    };
    Ok(Listed::cut(
        rows.into_iter().map(entry).collect(),
        page,
        |row: &Entry| row.id,
    ))
}
