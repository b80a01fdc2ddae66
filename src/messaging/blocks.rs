//! Blocking someone: what they write from then on is never shown to whoever blocked them. They cannot find out: their
//! messages are taken as before, and whoever blocked them stays where they were.

use chrono::{DateTime, Utc};
use entity::{block, status::Status};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Set, TransactionTrait,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::PRESENT;
use crate::{
    account::{Caller, NotActive, share},
    database::sql,
    portal::Portal,
    values::{Listed, Page},
};

/// Someone whom one blocked.
#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct Blocked {
    pub id: Uuid,
    pub display_name: String,
    pub began_at: DateTime<Utc>,
}

/// Where a page of the list ends: instant and account.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Position(DateTime<Utc>, Uuid);

#[derive(Debug, thiserror::Error)]
pub enum BlockError {
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error("there is no such member")]
    NotFound,
    #[error("nobody blocks themselves")]
    Oneself,
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Blocks a member, suspended ones too, who may come back; once more changes nothing.
pub async fn block(portal: &Portal, caller: Caller, member: Uuid) -> Result<(), BlockError> {
    if member == caller.account {
        return Err(BlockError::Oneself);
    }
    let transaction = portal.database.begin().await?;
    let locked = share(&transaction, &[caller.account, member]).await?;
    let is_in = |id: Uuid, statuses: &[Status]| {
        let mut locked = locked.iter();
        locked.any(|account| account.id == id && statuses.contains(&account.status))
    };
    if !is_in(caller.account, &[Status::Active]) {
        return Err(NotActive.into());
    }
    if !is_in(member, &[Status::Active, Status::Suspended]) {
        return Err(BlockError::NotFound);
    }
    let standing = OnConflict::columns([block::Column::AccountId, block::Column::BlockedId])
        .target_and_where(Expr::col(block::Column::EndedAt).is_null())
        .do_nothing()
        .to_owned();
    block::Entity::insert(block::ActiveModel {
        account_id: Set(caller.account),
        blocked_id: Set(member),
        began_at: Set(portal.now()),
        ended_at: Set(None),
    })
    .on_conflict(standing)
    .exec_without_returning(&transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// Ends a block; what was written meanwhile stays unseen. Without one nothing changes.
pub async fn unblock(portal: &Portal, caller: Caller, member: Uuid) -> Result<(), DbErr> {
    block::Entity::update_many()
        .col_expr(block::Column::EndedAt, Expr::value(portal.now()))
        .filter(block::Column::AccountId.eq(caller.account))
        .filter(block::Column::BlockedId.eq(member))
        .filter(block::Column::EndedAt.is_null())
        .exec(&portal.database)
        .await?;
    Ok(())
}

/// Whom one blocked, latest first.
pub async fn list(portal: &Portal, caller: Caller, page: &Page<Position>) -> Result<Listed<Blocked>, DbErr> {
    let (at, id) = match &page.after {
        Some(Position(at, id)) => (*at, *id),
        None => (portal.now() + chrono::TimeDelta::days(36_500), Uuid::max()),
    };
    let rows = Blocked::find_by_statement(sql(
        &format!(
            "SELECT b.blocked_id AS id, b.began_at,
                    coalesce(p.display_name, p.first_name || ' ' || p.last_name) AS display_name
             FROM block b JOIN account a ON a.id = b.blocked_id JOIN profile p ON p.account_id = b.blocked_id
             WHERE b.account_id = $1 AND b.ended_at IS NULL AND {PRESENT} AND (b.began_at, b.blocked_id) < ($2, $3)
             ORDER BY b.began_at DESC, b.blocked_id DESC LIMIT $4"
        ),
        [caller.account.into(), at.into(), id.into(), page.rows().into()],
    ))
    .all(&portal.database)
    .await?;
    Ok(Listed::cut(rows, page, |row| Position(row.began_at, row.id)))
}

/// Whether one blocked this member.
pub async fn stands(portal: &Portal, caller: Caller, member: Uuid) -> Result<bool, DbErr> {
    let found = block::Entity::find()
        .filter(block::Column::AccountId.eq(caller.account))
        .filter(block::Column::BlockedId.eq(member))
        .filter(block::Column::EndedAt.is_null())
        .one(&portal.database)
        .await?;
    Ok(found.is_some())
}
