//! What holds keep from being erased (R14, R17). Placing, reviewing and releasing them is `erasure`'s; whoever
//! replaces or deletes something of an account asks here first (R18).

use chrono::{DateTime, TimeDelta, Utc};
use entity::hold;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter};
use uuid::Uuid;

use crate::database::sql;

/// How long ahead of its review the desk is shown a hold.
pub const REVIEW_SHOWN: TimeDelta = TimeDelta::days(30);

/// The condition under which a row of `hold` (as `h`) is active. A hold expires only when a sweep has found the clocks
/// to be right after its end (R23): a clock that jumps ahead ends none, and one that ended stays so.
pub const ACTIVE: &str = "h.released_at IS NULL AND (h.expires_at IS NULL
    OR h.expires_at > (SELECT coalesce(trusted_at, '-infinity') FROM sweep_state))";

#[derive(FromQueryResult)]
struct Answer {
    yes: bool,
}

/// Whether an active hold keeps this cluster of the account. The caller holds the account's row, so that no hold is
/// placed meanwhile.
pub async fn covers(transaction: &impl ConnectionTrait, account: Uuid, cluster: &str) -> Result<bool, DbErr> {
    let text = format!(
        "SELECT EXISTS (SELECT 1 FROM hold h WHERE h.account_id = $1 AND $2 = ANY (h.categories) AND {ACTIVE}) AS yes"
    );
    ask(transaction, &text, [account.into(), cluster.into()]).await
}

/// Whether one hold is active.
pub async fn is_active(transaction: &impl ConnectionTrait, id: Uuid) -> Result<bool, DbErr> {
    let text = format!("SELECT EXISTS (SELECT 1 FROM hold h WHERE h.id = $1 AND {ACTIVE}) AS yes");
    ask(transaction, &text, [id.into()]).await
}

/// When the sweep has to look at an account whose status changes now: when its registration lapses; at once, if a hold
/// was ever placed on it, because the sweep alone works out when what it keeps is due.
pub async fn due_after_change(
    transaction: &impl ConnectionTrait,
    account: Uuid,
    lapses_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    let placed = hold::Entity::find()
        .filter(hold::Column::AccountId.eq(account))
        .one(transaction)
        .await?;
    Ok(if placed.is_some() { Some(now) } else { lapses_at })
}

async fn ask<const N: usize>(
    connection: &impl ConnectionTrait,
    text: &str,
    values: [sea_orm::Value; N],
) -> Result<bool, DbErr> {
    Ok(Answer::find_by_statement(sql(text, values))
        .one(connection)
        .await?
        .is_some_and(|answer| answer.yes))
}
