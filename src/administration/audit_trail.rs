//! The audit trail, newest first.

use chrono::{DateTime, Utc};
use entity::audit_event;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
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

/// Events, of one account if one is named.
pub async fn list(portal: &Portal, account: Option<Uuid>, page: &Page<Uuid>) -> Result<Listed<Entry>, DbErr> {
    let mut query =
        audit_event::Entity::find().filter(audit_event::Column::Id.lt(page.after.unwrap_or(Uuid::max())));
    if let Some(account) = account {
        query = query.filter(audit_event::Column::AccountId.eq(account));
    }
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
