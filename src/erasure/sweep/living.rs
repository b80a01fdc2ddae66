//! Due accounts that are not deleted: registrations that lapse (R8), which leave like everyone else, and what was
//! replaced under a hold that has ended (R18).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::{account, registration, status::Status};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{
    data,
    held::{self, AllHeld},
};
use crate::{
    account::lapse_of,
    database::{Transaction, sql},
    leaving::ERASED_WITHIN,
    portal::Portal,
};

/// Erases what is superseded and no longer held, and returns the accounts whose registration has lapsed, as leaving.
pub(super) async fn process(
    portal: &Portal,
    transaction: &Transaction,
    accounts: Vec<account::Model>,
    held: &AllHeld,
    now: DateTime<Utc>,
) -> Result<Vec<account::Model>, DbErr> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = accounts.iter().map(|account| account.id).collect();
    let registrations = registration::Entity::find()
        .filter(registration::Column::AccountId.is_in(ids.iter().copied()))
        .all(transaction)
        .await?;
    let lapse = |account: &account::Model| {
        let registration = registrations.iter().find(|row| row.account_id == account.id);
        lapse_of(account, account.status, registration)
    };
    let (lapsed, staying): (Vec<_>, Vec<_>) = accounts
        .into_iter()
        .partition(|account| lapse(account).is_some_and(|at| at <= now));
    erase_superseded(portal, transaction, &staying, held).await?;
    let next: Vec<Option<DateTime<Utc>>> = staying
        .iter()
        .map(|account| {
            let end = held.get(&account.id).and_then(|held| held.next_end);
            [lapse(account), end].into_iter().flatten().min()
        })
        .collect();
    look_again(transaction, &staying, next, now).await?;
    leave(transaction, lapsed, now).await
}

async fn erase_superseded(
    portal: &Portal,
    transaction: &Transaction,
    accounts: &[account::Model],
    held: &AllHeld,
) -> Result<(), DbErr> {
    for (table, column) in portal.inventory.owned() {
        let Some(superseded) = &table.superseded_when else {
            continue;
        };
        let free = held::free(held, accounts, &table.cluster);
        let text = format!(
            "DELETE FROM {} WHERE {column} = ANY ($1) AND {superseded}",
            table.name
        );
        transaction.execute_raw(sql(&text, [free.into()])).await?;
    }
    Ok(())
}

async fn look_again(
    transaction: &Transaction,
    accounts: &[account::Model],
    next: Vec<Option<DateTime<Utc>>>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let ids: Vec<Uuid> = accounts.iter().map(|account| account.id).collect();
    transaction
        .execute_raw(sql(
            "UPDATE account a SET due_at = n.due_at, failed_tries = 0,
                 next_try_at = CASE WHEN n.due_at <= $3 THEN $3 + interval '5 minutes' END
             FROM (SELECT id, nullif(due_at, '')::timestamptz AS due_at
                   FROM unnest($1::uuid[], $2::text[]) AS given (id, due_at)) n
             WHERE a.id = n.id",
            [ids.into(), data::instants(next), now.into()],
        ))
        .await?;
    Ok(())
}

/// A lapsed registration is deleted without undo, so that a hold on it restricts it like any other (R8, R16).
async fn leave(
    transaction: &Transaction,
    lapsed: Vec<account::Model>,
    now: DateTime<Utc>,
) -> Result<Vec<account::Model>, DbErr> {
    if lapsed.is_empty() {
        return Ok(lapsed);
    }
    let ids: BTreeSet<Uuid> = lapsed.iter().map(|account| account.id).collect();
    let erase_by = now + ERASED_WITHIN;
    let details = serde_json::json!({
        "deleted_at": now, "undo_until": now, "erase_by": erase_by, "receipt_code_hashes": [],
    });
    transaction
        .execute_raw(sql(
            "WITH leaving AS (
                 UPDATE account SET status_before = status, status = 'deleted', deleted_at = $2, undo_until = $2,
                     erase_by = $3, event_no = event_no + 1
                 WHERE id = ANY ($1) RETURNING id, event_no)
             INSERT INTO ledger_event (at, event, account_id, no, details)
             SELECT $2, 'requested', id, event_no, $4 FROM leaving",
            [ids.into_iter().collect::<Vec<_>>().into(), now.into(), erase_by.into(), details.into()],
        ))
        .await?;
    let left = |account: account::Model| account::Model {
        status_before: Some(account.status),
        status: Status::Deleted,
        deleted_at: Some(now),
        undo_until: Some(now),
        erase_by: Some(erase_by),
        event_no: account.event_no + 1,
        ..account
    };
    Ok(lapsed.into_iter().map(left).collect())
}
