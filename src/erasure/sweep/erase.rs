//! Erasing: table by table as the inventory says, children first, and the account's row last.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::account;
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{
    data,
    held::{self, AllHeld, Held},
    reports::{self, Holds},
};
use crate::{database::Transaction, database::sql, portal::Portal};

/// How many rows of each cluster went, by account.
pub(in crate::erasure) type Counts = HashMap<Uuid, BTreeMap<String, i64>>;

/// Erases everything of these accounts that is not held, and returns those of which nothing is left. Those who reported
/// them are locked.
pub(super) async fn erase(
    portal: &Portal,
    transaction: &Transaction,
    accounts: &[account::Model],
    held: &AllHeld,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>, DbErr> {
    let free = |cluster: &str| held::free(held, accounts, cluster);
    let mut counts = erase_rows(portal, transaction, free).await?;
    add_earlier(&mut counts, accounts);

    let all: BTreeSet<&str> = portal.inventory.before_account().collect();
    let is_gone =
        |account: &&account::Model| held.get(&account.id).is_none_or(|held| held.clusters.is_empty());
    let (gone, kept): (Vec<_>, Vec<_>) = accounts.iter().partition(is_gone);
    keep(transaction, &kept, held, &all, &counts, now).await?;
    let gone: Vec<Uuid> = gone.into_iter().map(|account| account.id).collect();
    let at = vec![now; gone.len()];
    reports::keep_reasons(transaction, &gone, &at, Holds::Standing).await?;
    let ended = data::delete_accounts(portal, transaction, &gone, &at).await?;
    data::record_erased(transaction, &ended, &counts, now).await?;
    Ok(gone)
}

/// What went of these accounts before: in chunks, or while the rest was held.
fn add_earlier(counts: &mut Counts, accounts: &[account::Model]) {
    for account in accounts {
        let earlier = account.erased_counts.as_object().into_iter().flatten();
        for (cluster, count) in earlier {
            *counts
                .entry(account.id)
                .or_default()
                .entry(cluster.clone())
                .or_default() += count.as_i64().unwrap_or_default();
        }
    }
}

/// Erases the rows of the accounts that are `free` in each cluster, children first; all but what goes with the account.
pub(in crate::erasure) async fn erase_rows(
    portal: &Portal,
    transaction: &Transaction,
    free: impl Fn(&str) -> Vec<Uuid>,
) -> Result<Counts, DbErr> {
    let mut counts = Counts::new();
    let conversations = data::lock_conversations(transaction, &free("messages")).await?;
    data::lock_enquiries(transaction, &free("enquiries")).await?;
    // What is of two people belongs to this cluster, which is never held, or goes when nothing is held.
    data::lock_shared(transaction, &free("activity")).await?;
    for (table, column) in portal.inventory.owned() {
        if portal
            .inventory
            .clusters
            .get(&table.cluster)
            .is_some_and(|cluster| cluster.with_account)
        {
            continue;
        }
        let ids = free(&table.cluster);
        for (id, count) in data::erase_rows(transaction, table, column, &ids, &conversations).await? {
            *counts
                .entry(id)
                .or_default()
                .entry(table.cluster.clone())
                .or_default() += count;
        }
    }
    Ok(counts)
}

/// Notes what is gone of accounts that something is held of, and when to look at them again (R9).
async fn keep(
    transaction: &Transaction,
    kept: &[&account::Model],
    held: &AllHeld,
    all: &BTreeSet<&str>,
    counts: &Counts,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if kept.is_empty() {
        return Ok(());
    }
    let nothing = Held::default();
    let held_of = |account: &account::Model| held.get(&account.id).unwrap_or(&nothing);
    let ids: Vec<Uuid> = kept.iter().map(|account| account.id).collect();
    let due: Vec<Option<DateTime<Utc>>> = kept.iter().map(|account| held_of(account).next_end).collect();
    // Arrays of arrays must be rectangular in PostgreSQL, so each list travels as one text.
    let erased: Vec<String> = kept
        .iter()
        .map(|account| {
            let held = &held_of(account).clusters;
            all.iter()
                .filter(|cluster| !held.contains(**cluster))
                .copied()
                .collect::<Vec<_>>()
                .join(",")
        })
        .collect();
    let nothing = BTreeMap::new();
    let counts: Vec<String> = ids
        .iter()
        .map(|id| serde_json::json!(counts.get(id).unwrap_or(&nothing)).to_string())
        .collect();
    // While expiry is frozen (R23) the end lies behind us: look again in a few minutes, not at once.
    transaction
        .execute_raw(sql(
            "UPDATE account a SET status = 'deleted', erased = string_to_array(k.erased, ','),
                 erased_counts = k.counts::jsonb, due_at = k.due_at,
                 next_try_at = CASE WHEN k.due_at <= $4 THEN $4 + interval '5 minutes' END, failed_tries = 0
             FROM (SELECT id, nullif(due_at, '')::timestamptz AS due_at, erased, counts
                   FROM unnest($1::uuid[], $2::text[], $3::text[], $5::text[]) AS given (id, due_at, erased, counts)) k
             WHERE a.id = k.id",
            [
                ids.clone().into(),
                data::instants(due),
                erased.into(),
                now.into(),
                counts.into(),
            ],
        ))
        .await?;
    data::end_access_events(transaction, &ids).await
}
