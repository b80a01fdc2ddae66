//! Erases again what was erased after the backup (R20): the ledger says who, so nothing is recorded a second time but
//! in the database's own audit trail, with the original instants.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{account, status::Status};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, TransactionTrait};
use uuid::Uuid;

use super::{
    Summary,
    history::{History, Request},
    replay::write_receipts,
};
use crate::{
    audit,
    database::{sql, sql_state},
    erasure::sweep::{delete_accounts, erase_rows},
    portal::Portal,
};

/// How many accounts are erased by one round of statements.
const AT_ONCE: usize = 500;

/// Erases these accounts, which are locked and whose history ends so. One that cannot be erased is left deleted and
/// due, so that the sweep goes on trying, and delays no other (R11).
pub(super) async fn erase_again(
    portal: &Portal,
    transaction: &DatabaseTransaction,
    ended: &[(account::Model, &History)],
    now: DateTime<Utc>,
    summary: &mut Summary,
) -> Result<(), DbErr> {
    for some in ended.chunks(AT_ONCE) {
        if erase_some(portal, transaction, some, now).await.is_ok() {
            summary.erased.extend(some.iter().map(|(account, _)| account.id));
            continue;
        }
        for one in some {
            match erase_some(portal, transaction, std::slice::from_ref(one), now).await {
                Ok(()) => summary.erased.push(one.0.id),
                Err(error) => {
                    tracing::error!(account = %one.0.id, state = ?sql_state(&error), "an account could not be erased again");
                    leave_due(transaction, one, now).await?;
                    summary.failed.push(one.0.id);
                }
            }
        }
    }
    Ok(())
}

/// All of them or, after an error, none.
async fn erase_some(
    portal: &Portal,
    transaction: &DatabaseTransaction,
    some: &[(account::Model, &History)],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let attempt = transaction.begin().await?;
    let ids: Vec<Uuid> = some.iter().map(|(account, _)| account.id).collect();
    let at: Vec<DateTime<Utc>> = some
        .iter()
        .map(|(_, history)| history.erased_at.unwrap_or(now))
        .collect();
    for (account, history) in some {
        write_receipts(portal, &attempt, Some(account.id), &history.requests).await?;
    }
    erase_rows(portal, &attempt, |_| ids.clone()).await?;
    delete_accounts(portal, &attempt, &ids, &at).await?;
    attempt.commit().await
}

async fn leave_due(
    transaction: &DatabaseTransaction,
    (account, history): &(account::Model, &History),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let request = history.requests.last().map(|request| request.deadlines);
    let deleted_at = request.map_or(now, |request| request.deleted_at);
    let erase_by = request.map_or(now, |request| request.erase_by);
    transaction
        .execute_raw(sql(
            "UPDATE account SET status_before = CASE WHEN status IN ('deleted', 'erasing') THEN status_before ELSE status END,
                 status = $2, deleted_at = $3, undo_until = $3, erase_by = $4, due_at = $5, event_no = $6, failed_tries = 1
             WHERE id = $1",
            [
                account.id.into(),
                Status::Deleted.into(),
                deleted_at.into(),
                erase_by.into(),
                now.into(),
                history.last_no.into(),
            ],
        ))
        .await?;
    Ok(())
}

/// Accounts that began and ended after the backup: their receipts still answer, and a late hold is told that there is
/// nothing to hold any more. Returns those whose deletion was asked for and not finished: with the restore it is.
pub(super) async fn note_unknown(
    portal: &Portal,
    transaction: &DatabaseTransaction,
    unknown: &BTreeMap<Uuid, History>,
    now: DateTime<Utc>,
) -> Result<Vec<(Uuid, i64)>, DbErr> {
    let mut unfinished = Vec::new();
    for (id, history) in unknown {
        if history.erased_at.is_none() {
            if history.standing_request().is_none() {
                continue;
            }
            unfinished.push((*id, history.last_no + 1));
        }
        let at = history.erased_at.unwrap_or(now);
        write_receipts(portal, transaction, None, &history.requests).await?;
        let standing = history
            .requests
            .iter()
            .filter(|request| request.undone_at.is_none());
        let hashes: Vec<Vec<u8>> = standing
            .flat_map(|Request { code_hashes, .. }| code_hashes.clone())
            .collect();
        transaction
            .execute_raw(sql(
                "UPDATE receipt SET erased_at = $2, account_id = NULL WHERE code_hash = ANY ($1)",
                [hashes.into(), at.into()],
            ))
            .await?;
        audit::record_at(
            transaction,
            portal,
            audit::Event::by_portal(audit::ERASED).on(*id),
            at,
        )
        .await?;
    }
    Ok(unfinished)
}
