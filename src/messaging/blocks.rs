//! Blocking someone: what they write from then on is never shown to whoever blocked them. They cannot find out: their
//! messages are taken as before, and whoever blocked them stays where they were.

use chrono::{DateTime, Utc};
use entity::{account, block, status::Status};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::PRESENT;
use crate::{
    account::{Caller, NotActive, enter, lock_all, share},
    database::{Transaction, sql},
    ledger,
    limits::{self, Limited, TooOften},
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
    TooOften(#[from] TooOften),
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
    let began = block::Entity::insert(block::ActiveModel {
        account_id: Set(caller.account),
        blocked_id: Set(member),
        began_at: Set(portal.now()),
        ended_at: Set(None),
    })
    .on_conflict(standing)
    .exec_without_returning(&transaction)
    .await?;
    // Each leaves a row for good, which is what is limited: a block that stands uses nothing up.
    if began > 0 {
        let own = enter(&transaction, caller.account).await??;
        limits::take(&transaction, portal, &own, Limited::Blocks).await??;
        record(portal, &transaction, caller).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// Ends a block; what was written meanwhile stays unseen. Without one nothing changes.
pub async fn unblock(portal: &Portal, caller: Caller, member: Uuid) -> Result<(), BlockError> {
    let transaction = portal.database.begin().await?;
    // Whoever writes shares their account's lock: what they are at now is written by then, and stays unseen.
    let locked = lock_all(&transaction, [caller.account, member].into_iter()).await?;
    let is_active =
        |account: &account::Model| account.id == caller.account && account.status == Status::Active;
    if !locked.iter().any(is_active) {
        return Err(NotActive.into());
    }
    // Behind all that they share, because the clocks of other processes may be ahead.
    let ended = transaction
        .execute_raw(sql(
            "UPDATE block SET ended_at = greatest($3, (
                 SELECT max(l.sent_at) + interval '1 microsecond' FROM participation p
                 JOIN participation q ON q.conversation_id = p.conversation_id AND q.account_id = $2
                 CROSS JOIN LATERAL (SELECT m.sent_at FROM message m WHERE m.conversation_id = p.conversation_id
                                     ORDER BY m.id DESC LIMIT 1) l
                 WHERE p.account_id = $1))
             WHERE account_id = $1 AND blocked_id = $2 AND ended_at IS NULL",
            [caller.account.into(), member.into(), portal.now().into()],
        ))
        .await?;
    if ended.rows_affected() > 0 {
        record(portal, &transaction, caller).await?;
    }
    transaction.commit().await?;
    Ok(())
}

/// After a restored backup they are asked to look over whom they blocked (R20): the ledger does not say whom.
async fn record(portal: &Portal, transaction: &Transaction, caller: Caller) -> Result<(), DbErr> {
    let now = portal.database_clock.now(transaction).await?;
    let changed = ledger::Event::Changed { cluster: "activity" };
    ledger::record(transaction, caller.account, now, changed).await
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
