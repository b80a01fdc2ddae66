//! What holds keep of the accounts that a transaction works on, read under their locks (R10, R17).

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::{account, hold};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult};
use uuid::Uuid;

use crate::{database::Transaction, database::sql, hold::ACTIVE};

/// What holds keep of one account.
#[derive(Debug, Default, Clone)]
pub(super) struct Held {
    pub clusters: BTreeSet<String>,
    /// When the first of them ends by itself.
    pub next_end: Option<DateTime<Utc>>,
}

/// The same of all of them; who is missing is not held.
pub(super) type AllHeld = HashMap<Uuid, Held>;

#[derive(FromQueryResult)]
struct ActiveHold {
    account_id: Uuid,
    categories: Vec<String>,
    expires_at: Option<DateTime<Utc>>,
}

/// Those of the accounts of which no hold keeps this cluster.
pub(super) fn free(held: &AllHeld, accounts: &[account::Model], cluster: &str) -> Vec<Uuid> {
    let is_held = |id: &Uuid| held.get(id).is_some_and(|held| held.clusters.contains(cluster));
    accounts
        .iter()
        .map(|account| account.id)
        .filter(|id| !is_held(id))
        .collect()
}

/// Without the holds nobody knows what must stay, so nothing may go (R12).
pub(super) async fn check_readable(connection: &impl ConnectionTrait) -> Result<(), DbErr> {
    hold::Entity::find().one(connection).await?;
    Ok(())
}

/// Several holds add up; the longest wins (R17).
pub(super) async fn read(transaction: &Transaction, ids: &[Uuid]) -> Result<AllHeld, DbErr> {
    let holds = ActiveHold::find_by_statement(sql(
        &format!("SELECT h.account_id, h.categories, h.expires_at FROM hold h WHERE h.account_id = ANY ($1) AND {ACTIVE}"),
        [ids.to_vec().into()],
    ))
    .all(transaction)
    .await?;
    let mut held = AllHeld::new();
    for ActiveHold {
        account_id,
        categories,
        expires_at,
    } in holds
    {
        let held = held.entry(account_id).or_default();
        held.clusters.extend(categories);
        held.next_end = match (held.next_end, expires_at) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    Ok(held)
}
