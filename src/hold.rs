//! What holds keep from being erased (R14, R17). Placing, reviewing and releasing them is `erasure`'s; whoever
//! replaces or deletes something of an account asks here first (R18).

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::database::sql;

/// The condition under which a row of `hold` (as `h`) is active at the instant `$1`. While expiry is frozen because a
/// clock may be wrong (R23), a hold ends by release alone.
pub const ACTIVE: &str = "h.released_at IS NULL AND (h.expires_at IS NULL OR h.expires_at > $1
    OR EXISTS (SELECT 1 FROM sweep_state WHERE holds_frozen_at IS NOT NULL))";

#[derive(FromQueryResult)]
struct Held {
    held: bool,
}

/// Whether an active hold keeps this cluster of the account. The caller holds the account's row, so that no hold is
/// placed meanwhile.
pub async fn covers(
    transaction: &impl ConnectionTrait,
    account: Uuid,
    cluster: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    let found = Held::find_by_statement(sql(
        &format!("SELECT EXISTS (SELECT 1 FROM hold h WHERE h.account_id = $2 AND $3 = ANY (h.categories) AND {ACTIVE}) AS held"),
        [now.into(), account.into(), cluster.into()],
    ))
    .one(transaction)
    .await?;
    Ok(found.is_some_and(|found| found.held))
}
