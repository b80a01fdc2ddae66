//! One transaction of the sweep: status and holds are read under the lock, data is erased table by table as the
//! inventory says, children first, and the account's row goes last.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::{account, status::Status};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};
use uuid::Uuid;

use super::{big, claim::Claimed, data, living};
use crate::{database::sql, hold, portal::Portal};

/// What a batch did: how many accounts it looked at, whose last row went, and who is too big for one transaction.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub seen: u64,
    pub erased: Vec<Uuid>,
    pub big: Vec<Uuid>,
}

/// What holds keep of one account.
#[derive(Debug, Default, Clone)]
pub(super) struct Held {
    pub clusters: BTreeSet<String>,
    /// When the first of them ends by itself.
    pub next_end: Option<DateTime<Utc>>,
}

pub(super) type AllHeld = HashMap<Uuid, Held>;

/// Works on the claimed accounts by their state, as many as fit one transaction; the others stay due.
pub(super) async fn process(
    portal: &Portal,
    transaction: &DatabaseTransaction,
    Claimed { accounts, now }: Claimed,
) -> Result<Outcome, DbErr> {
    let ids: Vec<Uuid> = accounts.iter().map(|account| account.id).collect();
    let held = read_holds(transaction, &ids).await?;
    let (leaving, staying): (Vec<_>, Vec<_>) = accounts.into_iter().partition(is_leaving);
    let stayed = staying.len();
    let lapsed = living::process(portal, transaction, staying, &held, now).await?;
    let stayed = stayed - lapsed.len();
    let leaving: Vec<account::Model> = leaving.into_iter().chain(lapsed).collect();
    let weights = big::weigh(portal, transaction, &leaving, &held).await?;
    let weight = |account: &account::Model| weights.get(&account.id).copied().unwrap_or_default();
    let (big, small): (Vec<_>, Vec<_>) = leaving
        .into_iter()
        .partition(|account| weight(account) > big::BIG);
    let mut rows = 0;
    let small: Vec<account::Model> = small
        .into_iter()
        .take_while(|account| {
            // The first one fits always: it is not big.
            rows += weight(account);
            rows <= big::BIG
        })
        .collect();
    let big: Vec<Uuid> = big.into_iter().map(|account| account.id).collect();
    big::mark(transaction, &big, now).await?;
    let erased = erase(portal, transaction, &small, &held, now).await?;
    let seen = u64::try_from(stayed + small.len() + big.len()).unwrap_or_default();
    Ok(Outcome { seen, erased, big })
}

fn is_leaving(account: &account::Model) -> bool {
    matches!(account.status, Status::Deleted | Status::Erasing)
}

/// Erases everything of these accounts that is not held, and returns those of which nothing is left.
pub(super) async fn erase(
    portal: &Portal,
    transaction: &DatabaseTransaction,
    accounts: &[account::Model],
    held: &AllHeld,
    now: DateTime<Utc>,
) -> Result<Vec<Uuid>, DbErr> {
    let mut counts: HashMap<Uuid, BTreeMap<String, i64>> = HashMap::new();
    let free = |cluster: &str| -> Vec<Uuid> {
        let is_free = |account: &&account::Model| {
            !held
                .get(&account.id)
                .is_some_and(|held| held.clusters.contains(cluster))
        };
        accounts
            .iter()
            .filter(is_free)
            .map(|account| account.id)
            .collect()
    };
    let conversations = data::lock_conversations(transaction, &free("messages")).await?;
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
        for (id, count) in data::erase_rows(transaction, table, column, &ids).await? {
            *counts
                .entry(id)
                .or_default()
                .entry(table.cluster.clone())
                .or_default() += count;
        }
    }
    data::end_empty_conversations(transaction, &conversations).await?;

    let all: BTreeSet<&str> = portal.inventory.before_account().collect();
    let is_gone =
        |account: &&account::Model| held.get(&account.id).is_none_or(|held| held.clusters.is_empty());
    let (gone, kept): (Vec<_>, Vec<_>) = accounts.iter().partition(is_gone);
    keep(transaction, &kept, held, &all, now).await?;
    let gone: Vec<Uuid> = gone.into_iter().map(|account| account.id).collect();
    data::erase_accounts(portal, transaction, &gone, &counts, now).await?;
    Ok(gone)
}

/// Notes what is gone of accounts that something is held of, and when to look at them again (R9).
async fn keep(
    transaction: &DatabaseTransaction,
    kept: &[&account::Model],
    held: &AllHeld,
    all: &BTreeSet<&str>,
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
    // While expiry is frozen (R23) the end lies behind us: look again in a few minutes, not at once.
    transaction
        .execute_raw(sql(
            "UPDATE account a SET status = 'deleted', erased = string_to_array(k.erased, ','), due_at = k.due_at,
                 next_try_at = CASE WHEN k.due_at <= $4 THEN $4 + interval '5 minutes' END, failed_tries = 0
             FROM (SELECT id, nullif(due_at, '')::timestamptz AS due_at, erased
                   FROM unnest($1::uuid[], $2::text[], $3::text[]) AS given (id, due_at, erased)) k
             WHERE a.id = k.id",
            [ids.into(), data::instants(due), erased.into(), now.into()],
        ))
        .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct ActiveHold {
    account_id: Uuid,
    categories: Vec<String>,
    expires_at: Option<DateTime<Utc>>,
}

/// Several holds add up; the longest wins (R17).
pub(super) async fn read_holds(transaction: &DatabaseTransaction, ids: &[Uuid]) -> Result<AllHeld, DbErr> {
    let active = hold::ACTIVE;
    let holds = ActiveHold::find_by_statement(sql(
        &format!("SELECT h.account_id, h.categories, h.expires_at FROM hold h WHERE h.account_id = ANY ($1) AND {active}"),
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
