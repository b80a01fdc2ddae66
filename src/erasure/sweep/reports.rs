//! Reports are of two people. They go with the reported one, but what a hold on the reporter's enquiries covers is kept
//! for the reporter (R18); so nobody's report goes unless no hold can be placed on them at this moment (R15).

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::data::Named;
use crate::{database::Transaction, database::sql, hold::ACTIVE, portal::Portal};

/// How long a decided report is kept: decisions about reported content can be complained about for six months
/// (Art. 20(1) of regulation (EU) 2022/2065), which are 184 days at most.
pub const DECIDED_REPORTS_KEPT_FOR: TimeDelta = TimeDelta::days(184);

/// Which holds on reporters count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::erasure) enum Holds {
    /// All that stand. The reporters are locked.
    Standing,
    /// Those of them that stood when the reported account was erased: it is erased again (R20).
    StandingThen,
}

/// Locks those who reported these accounts so that no hold is placed on them, and returns which of the accounts must
/// wait, because somebody else is at a reporter's. Nobody is waited for: they may wait for one of ours.
pub(super) async fn must_wait(transaction: &Transaction, reported: &[Uuid]) -> Result<Vec<Uuid>, DbErr> {
    if reported.is_empty() {
        return Ok(Vec::new());
    }
    let locked = Named::by(
        transaction,
        "SELECT a.id FROM account a
         WHERE a.id = ANY (ARRAY(SELECT r.reporter_id FROM report r WHERE r.reported_id = ANY ($1)))
         ORDER BY a.id FOR KEY SHARE OF a SKIP LOCKED",
        [reported.to_vec().into()],
    )
    .await?;
    Named::by(
        transaction,
        "SELECT DISTINCT reported_id AS id FROM report WHERE reported_id = ANY ($1)
           AND reporter_id IS NOT NULL AND reporter_id <> ALL ($2)",
        [reported.to_vec().into(), locked.into()],
    )
    .await
}

/// Keeps for the reporters what holds on their enquiries cover of the reports of these accounts, which are erased at
/// these instants.
pub(in crate::erasure) async fn keep_reasons(
    transaction: &Transaction,
    reported: &[Uuid],
    at: &[DateTime<Utc>],
    holds: Holds,
) -> Result<(), DbErr> {
    if reported.is_empty() {
        return Ok(());
    }
    let then = match holds {
        Holds::Standing => "",
        Holds::StandingThen => "AND h.placed_at <= g.at",
    };
    let text = format!(
        "INSERT INTO superseded_report (id, account_id, reason, reported_at, superseded_at)
         SELECT r.id, r.reporter_id, r.reason, r.reported_at, g.at
         FROM report r JOIN unnest($1::uuid[], $2::timestamptz[]) AS g (id, at) ON g.id = r.reported_id
         WHERE r.reporter_id <> ALL ($1) AND EXISTS (
             SELECT 1 FROM hold h
             WHERE h.account_id = r.reporter_id AND 'enquiries' = ANY (h.categories) {then} AND {ACTIVE})
         ON CONFLICT DO NOTHING"
    );
    transaction
        .execute_raw(sql(&text, [reported.to_vec().into(), at.to_vec().into()]))
        .await?;
    Ok(())
}

/// Ends decided reports that are old enough, but for those about somebody, or by somebody, of whom a hold keeps
/// something; at most so many rows, and none of anybody whom somebody else is at.
pub(super) async fn end_decided(portal: &Portal, now: DateTime<Utc>, rows: i64) -> Result<(), DbErr> {
    let over = now - DECIDED_REPORTS_KEPT_FOR;
    let is_over = format!(
        "r.decided_at <= $1 AND NOT EXISTS (
             SELECT 1 FROM hold h WHERE h.account_id IN (r.reported_id, r.reporter_id) AND {ACTIVE})"
    );
    let transaction = portal.database.begin().await?;
    let people = format!(
        "SELECT a.id FROM account a WHERE a.id IN (
             SELECT unnest(ARRAY[o.reported_id, o.reporter_id])
             FROM (SELECT r.reported_id, r.reporter_id FROM report r WHERE {is_over} LIMIT $2) o)
         ORDER BY a.id FOR KEY SHARE OF a SKIP LOCKED"
    );
    let locked = Named::by(&transaction, &people, [over.into(), rows.into()]).await?;
    if locked.is_empty() {
        return Ok(());
    }
    // Only now that they are locked it is seen what was held meanwhile: a statement of its own.
    let text = format!(
        "DELETE FROM report WHERE ctid = ANY (ARRAY(
             SELECT r.ctid FROM report r WHERE {is_over}
               AND r.reported_id = ANY ($3) AND (r.reporter_id IS NULL OR r.reporter_id = ANY ($3))
             LIMIT $2 FOR UPDATE OF r SKIP LOCKED))"
    );
    transaction
        .execute_raw(sql(&text, [over.into(), rows.into(), locked.into()]))
        .await?;
    transaction.commit().await
}
