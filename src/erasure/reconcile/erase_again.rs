//! Erases again what was erased after the backup (R20): the ledger says who, so nothing is recorded a second time but
//! in the database's own audit trail, with the original instants.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{account, status::Status};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{
    Summary,
    history::{History, Request},
    replay::{release_hold, undo_known_receipts, write_receipts},
};
use crate::{
    audit,
    database::{Transaction, sql, sql_state},
    erasure::sweep::{Holds, delete_accounts, erase_rows, keep_reasons},
    portal::Portal,
};

/// How many accounts are erased by one round of statements.
const AT_ONCE: usize = 500;

/// Erases these accounts, which are locked and whose history ends so. One that cannot be erased is left deleted and
/// due, so that the sweep goes on trying, and delays no other (R11).
pub(super) async fn erase_again(
    portal: &Portal,
    transaction: &Transaction,
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
                    leave_due(portal, transaction, one, now).await?;
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
    transaction: &Transaction,
    some: &[(account::Model, &History)],
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    let attempt = transaction.nested().await?;
    let ids: Vec<Uuid> = some.iter().map(|(account, _)| account.id).collect();
    let at: Vec<DateTime<Utc>> = some
        .iter()
        .map(|(_, history)| history.erased_at.unwrap_or(now))
        .collect();
    for (account, history) in some {
        restore_receipts(portal, &attempt, account.id, history).await?;
    }
    set_deadlines(&attempt, some).await?;
    erase_rows(portal, &attempt, |_| ids.clone()).await?;
    // Nobody is served meanwhile, so that reporters need no lock.
    keep_reasons(&attempt, &ids, &at, Holds::StandingThen).await?;
    delete_accounts(portal, &attempt, &ids, &at).await?;
    attempt.commit().await
}

/// What was asked for and undone after the backup, on the receipts of an account that the database still has.
async fn restore_receipts(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
    history: &History,
) -> Result<(), DbErr> {
    write_receipts(portal, transaction, Some(account), &history.requests).await?;
    if let Some(at) = history.undone_at {
        undo_known_receipts(transaction, account, at).await?;
    }
    Ok(())
}

/// When the accounts were due and had to be gone in the end, which is what their receipts go on saying: by the last
/// request, or by the end of a hold after it (R17).
async fn set_deadlines(transaction: &Transaction, some: &[(account::Model, &History)]) -> Result<(), DbErr> {
    let (mut ids, mut erase_by, mut due_at) = (Vec::new(), Vec::new(), Vec::new());
    for (account, history) in some {
        let request = history.standing_request().map(|request| request.deadlines);
        let released_at = history.released.last().map(|released| released.at);
        let due = request.map(|request| request.undo_until).max(released_at);
        let by = request.map(|request| request.erase_by).or(account.erase_by);
        if let (Some(due), Some(by)) = (due, by) {
            ids.push(account.id);
            erase_by.push(by);
            due_at.push(due);
        }
    }
    transaction
        .execute_raw(sql(
            "UPDATE account a SET erase_by = g.erase_by, due_at = g.due_at
             FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS g (id, erase_by, due_at) WHERE a.id = g.id",
            [ids.into(), erase_by.into(), due_at.into()],
        ))
        .await?;
    Ok(())
}

/// Leaves the account to the sweep as it was before it ended: nothing was held any more, or it would not have.
async fn leave_due(
    portal: &Portal,
    transaction: &Transaction,
    (account, history): &(account::Model, &History),
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    restore_receipts(portal, transaction, account.id, history).await?;
    for released in &history.released {
        release_hold(transaction, released).await?;
    }
    transaction
        .execute_raw(sql(
            "UPDATE hold SET released_at = $2 WHERE account_id = $1 AND released_at IS NULL",
            [account.id.into(), history.erased_at.unwrap_or(now).into()],
        ))
        .await?;
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
    transaction: &Transaction,
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
        // One that was undone answers nobody, and nothing would ever end it.
        let standing: Vec<Request> = history
            .requests
            .iter()
            .filter(|request| request.undone_at.is_none())
            .cloned()
            .collect();
        write_receipts(portal, transaction, None, &standing).await?;
        let hashes: Vec<Vec<u8>> = standing
            .into_iter()
            .flat_map(|request| request.code_hashes)
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
