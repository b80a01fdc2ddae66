//! After a restored backup (R20): what the ledger knows and the database has forgotten is done again, before anyone is
//! served. One transaction under the ledger's lock: interrupted, it has not begun; run again, it finds nothing to do.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::account;
use sea_orm::{DbErr, EntityTrait, FromQueryResult};
use serde_json::json;
use uuid::Uuid;

use crate::{
    audit,
    database::{Transaction, sql},
    ledger::{Comparison, LedgerError, RECONCILED, files::Extent, heads, line::Entry},
    portal::Portal,
};

mod aftermath;
mod erase_again;
mod history;
mod replay;

use history::{History, NotUnderstood, histories};

#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    NotUnderstood(#[from] NotUnderstood),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// What was done again.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub erased: Vec<Uuid>,
    /// Could not be erased again: the sweep goes on trying.
    pub failed: Vec<Uuid>,
    pub items_erased: usize,
    pub requests: usize,
    pub undos: usize,
    pub holds_placed: usize,
    pub holds_released: usize,
    /// Members whose data changed after the backup, and when last.
    pub to_look_over: Vec<(Uuid, DateTime<Utc>)>,
    /// Accounts that the backup does not know and that had not ended: they are lost.
    pub lost: Vec<Uuid>,
}

/// Brings the database up to the ledger. None: it was.
pub async fn reconcile(portal: &Portal) -> Result<Option<Summary>, ReconcileError> {
    match portal.ledger.settle(&portal.database, Extent::Whole).await {
        Ok(()) => return Ok(None),
        Err(LedgerError::Older) => {}
        Err(error) => return Err(error.into()),
    }
    let transaction = portal.database.begin().await?;
    let comparison = portal.ledger.compare(&transaction, Extent::Whole).await?;
    if portal.ledger.is_in_effect(&transaction, &comparison).await? {
        // Another process was faster.
        transaction.rollback().await?;
        portal.ledger.settle(&portal.database, Extent::New).await?;
        return Ok(None);
    }
    heads::take_time(&transaction).await?;
    let now = portal.database_clock.now(&transaction).await?;
    let mut summary = Summary::default();
    let unfinished = replay_all(portal, &transaction, &comparison, now, &mut summary).await?;
    aftermath::end_all_access(&transaction).await?;
    aftermath::send_undo_links(portal, &transaction, now).await?;
    audit::record_at(
        &transaction,
        portal,
        audit::Event::by_portal("database.reconciled"),
        now,
    )
    .await?;

    portal.ledger.take_over(&transaction, &comparison).await?;
    let mut entries: Vec<Entry> = unfinished
        .into_iter()
        .map(|(id, no)| Entry::of_account(now, "erased", id, no, json!({ "counts": {} })))
        .collect();
    entries.push(Entry::of_ledger(now, RECONCILED, summary.counts()));
    portal
        .ledger
        .write_and_remember(&transaction, comparison.installation, entries)
        .await?;
    transaction.commit().await?;
    portal.ledger.settle(&portal.database, Extent::New).await?;
    if portal
        .transport
        .forget_accounts(summary.erased.iter().copied().collect())
        .await
        .is_err()
    {
        tracing::error!("mail files of erased accounts could not be removed");
    }
    summary.log();
    portal.post.notify_one();
    Ok(Some(summary))
}

/// Everything that the lines say of accounts. Returns those the backup does not know and whose deletion was asked for,
/// with the number of the event that ends them.
async fn replay_all(
    portal: &Portal,
    transaction: &Transaction,
    comparison: &Comparison,
    now: DateTime<Utc>,
    summary: &mut Summary,
) -> Result<Vec<(Uuid, i64)>, ReconcileError> {
    // What the database counted otherwise than the ledger does is counted again, and happens again.
    let forks = portal.ledger.drop_forks(transaction, comparison).await?;
    let lines = comparison.lines();
    let ids: BTreeSet<Uuid> = lines.iter().filter_map(|line| line.account_id).collect();
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let accounts = account::Entity::find()
        .from_raw_sql(sql(
            "SELECT * FROM account WHERE id = ANY ($1) ORDER BY id FOR UPDATE",
            [ids.clone().into()],
        ))
        .all(transaction)
        .await?;
    let mut known: BTreeMap<Uuid, i64> = accounts
        .iter()
        .map(|account| {
            let before_fork = forks.get(&account.id).map(|first| first - 1);
            (account.id, before_fork.unwrap_or(account.event_no))
        })
        .collect();
    // What was erased before the backup needs nothing.
    known.extend(
        erased_before(transaction, ids)
            .await?
            .into_iter()
            .map(|id| (id, i64::MAX)),
    );
    let mut histories = histories(&lines, &known)?;

    let mut ended: Vec<(account::Model, History)> = Vec::new();
    for account in accounts {
        let Some(history) = histories.remove(&account.id) else {
            continue;
        };
        if history.erased_at.is_some() {
            ended.push((account, history));
        } else {
            replay::replay(portal, transaction, account, &history, now, summary).await?;
        }
    }
    let ended: Vec<(account::Model, &History)> = ended
        .iter()
        .map(|(account, history)| (account.clone(), history))
        .collect();
    erase_again::erase_again(portal, transaction, &ended, now, summary).await?;
    let unfinished = erase_again::note_unknown(portal, transaction, &histories, now).await?;
    let is_lost = |history: &History| history.erased_at.is_none() && history.standing_request().is_none();
    let lost = histories.iter().filter(|(_, history)| is_lost(history));
    summary.lost = lost.map(|(id, _)| *id).collect();
    Ok(unfinished)
}

#[derive(FromQueryResult)]
struct Named {
    id: Uuid,
}

async fn erased_before(transaction: &Transaction, ids: Vec<Uuid>) -> Result<Vec<Uuid>, DbErr> {
    let erased = Named::find_by_statement(sql(
        "SELECT DISTINCT account_id AS id FROM audit_event WHERE account_id = ANY ($1) AND code = $2",
        [ids.into(), audit::ERASED.into()],
    ))
    .all(transaction)
    .await?;
    Ok(erased.into_iter().map(|named| named.id).collect())
}

impl Summary {
    fn counts(&self) -> serde_json::Value {
        json!({
            "erased": self.erased.len(), "failed": self.failed.len(), "items_erased": self.items_erased,
            "requests": self.requests, "undos": self.undos, "holds_placed": self.holds_placed,
            "holds_released": self.holds_released, "to_look_over": self.to_look_over.len(),
            "lost": self.lost.len(),
        })
    }

    fn log(&self) {
        tracing::warn!(
            erased = self.erased.len(),
            failed = self.failed.len(),
            items_erased = self.items_erased,
            requests = self.requests,
            undos = self.undos,
            holds_placed = self.holds_placed,
            holds_released = self.holds_released,
            to_look_over = self.to_look_over.len(),
            lost = self.lost.len(),
            "the database was older than the ledger and has been reconciled with it"
        );
        for (account, at) in &self.to_look_over {
            tracing::warn!(%account, %at, "their data changed after the backup: they are asked to look it over");
        }
    }
}
