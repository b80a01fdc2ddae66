//! One's own sessions: which there are, end one, end all others.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entity::{account, session, status::Status};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    account::{Caller, end_sessions},
    audit,
    portal::Portal,
    values::{Listed, Page},
};

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OwnSession {
    pub id: Uuid,
    pub created_at: DateTime<Utc>,
    /// To the minute.
    pub last_used_at: DateTime<Utc>,
    /// Ends then at the latest.
    pub expires_at: DateTime<Utc>,
    /// `chrome`, `edge`, `firefox`, `opera`, `safari`, `samsung`, `vivaldi` or `other`.
    pub browser: String,
    /// `android`, `chromeos`, `ios`, `linux`, `macos`, `windows` or `other`.
    pub system: String,
    /// Whether this is the one that asks.
    pub current: bool,
}

/// One's living sessions, newest first.
pub async fn own(portal: &Portal, caller: Caller, page: &Page<Uuid>) -> Result<Listed<OwnSession>, DbErr> {
    let now = portal.now();
    let rows = session::Entity::find()
        .filter(session::Column::AccountId.eq(caller.account))
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::LastUsedAt.gt(now - portal.settings.sessions.idle))
        .filter(session::Column::Id.lt(page.after.unwrap_or(Uuid::max())))
        .order_by_desc(session::Column::Id)
        .limit(u64::try_from(page.rows()).unwrap_or_default())
        .all(&portal.database)
        .await?;
    let own = |row: session::Model| OwnSession {
        id: row.id,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
        browser: row.browser,
        system: row.system,
        current: row.id == caller.session,
    };
    let rows = rows.into_iter().map(own).collect();
    Ok(Listed::cut(rows, page, |row: &OwnSession| row.id))
}

/// Which of these sessions still sign somebody in.
pub async fn living(portal: &Portal, ids: &[Uuid]) -> Result<HashSet<Uuid>, DbErr> {
    let now = portal.now();
    let rows = session::Entity::find()
        .inner_join(account::Entity)
        .filter(session::Column::Id.is_in(ids.iter().copied()))
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(session::Column::LastUsedAt.gt(now - portal.settings.sessions.idle))
        .filter(account::Column::Status.eq(Status::Active))
        .select_only()
        .column(session::Column::Id)
        .into_tuple()
        .all(&portal.database)
        .await?;
    Ok(rows.into_iter().collect())
}

/// Ends one of one's own sessions. False: there is none with this id.
pub async fn end(portal: &Portal, caller: Caller, id: Uuid) -> Result<bool, DbErr> {
    let transaction = portal.database.begin().await?;
    let ended = session::Entity::delete_many()
        .filter(session::Column::Id.eq(id))
        .filter(session::Column::AccountId.eq(caller.account))
        .exec(&transaction)
        .await?;
    if ended.rows_affected == 0 {
        return Ok(false);
    }
    let event = audit::Event::by(caller.account, audit::ENDED);
    audit::record(&transaction, portal, event.on(caller.account).about(id)).await?;
    transaction.commit().await?;
    Ok(true)
}

/// Ends all but the one that asks.
pub async fn end_others(portal: &Portal, caller: Caller) -> Result<(), DbErr> {
    let transaction = portal.database.begin().await?;
    end_sessions(&transaction, caller.account, Some(caller.session)).await?;
    let event = audit::Event::by(caller.account, "sessions.others_ended");
    audit::record(&transaction, portal, event.on(caller.account)).await?;
    transaction.commit().await
}
