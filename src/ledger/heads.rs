//! What the database knows of the ledger's files (R21): whose they are, how far each is known, and which events wait
//! to be written to one.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{installation, ledger_head};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Set,
    sea_query::OnConflict,
};
use serde_json::Value;
use uuid::Uuid;

use super::{
    files::Position,
    line::{Entry, Line},
};
use crate::database::{Pool, Transaction, sql};

/// Any number will do, as long as nothing else in this database uses it.
const LEDGER_LOCK: i64 = 0x5374_616d_6d03;

/// How many lines one statement asks about.
const LINES_AT_ONCE: usize = 10_000;

/// Only one process at a time compares, writes and reconciles. Held until the transaction ends. Whoever comes second
/// waits as long as it takes: reconciling may take minutes. Whoever holds it is bounded: a host that dies with it
/// must not stand in everyone's way for hours.
pub async fn lock(transaction: &Transaction) -> Result<(), DbErr> {
    transaction
        .execute_unprepared("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        .await?;
    transaction
        .execute_raw(sql("SELECT pg_advisory_xact_lock($1)", [LEDGER_LOCK.into()]))
        .await?;
    // Reading all files from their first line on may take a while.
    transaction
        .execute_unprepared(
            "SET LOCAL statement_timeout TO DEFAULT; SET LOCAL lock_timeout TO DEFAULT;
             SET LOCAL idle_in_transaction_session_timeout = '5min'",
        )
        .await?;
    Ok(())
}

/// For the rest of this transaction statements and their locks take as long as they need.
pub async fn take_time(transaction: &Transaction) -> Result<(), DbErr> {
    transaction
        .execute_unprepared("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0")
        .await?;
    Ok(())
}

/// This installation's id. None: its ledger has not begun.
pub(super) async fn installation(connection: &impl ConnectionTrait) -> Result<Option<Uuid>, DbErr> {
    let found = installation::Entity::find().one(connection).await?;
    Ok(found.map(|row| row.id))
}

/// It has one from now on.
pub(super) async fn begin(transaction: &Transaction, id: Uuid, now: DateTime<Utc>) -> Result<(), DbErr> {
    let row = installation::ActiveModel {
        only_one: Set(true),
        id: Set(id),
        begun_at: Set(now),
    };
    installation::Entity::insert(row)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// The files that are known, and up to where.
pub(super) async fn all(connection: &impl ConnectionTrait) -> Result<BTreeMap<String, Position>, DbErr> {
    let heads = ledger_head::Entity::find().all(connection).await?;
    let position = |head: ledger_head::Model| {
        let position = Position {
            lines: u64::try_from(head.seq + 1).unwrap_or_default(),
            hash: head.hash,
            bytes: u64::try_from(head.bytes).unwrap_or_default(),
            latest_at: Some(head.latest_at),
        };
        (head.file, position)
    };
    Ok(heads.into_iter().map(position).collect())
}

/// From now on the file is known up to here.
pub(super) async fn remember(transaction: &Transaction, file: &str, end: &Position) -> Result<(), DbErr> {
    let Some(latest_at) = end.latest_at else {
        return Ok(());
    };
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let row = ledger_head::ActiveModel {
        file: Set(file.to_owned()),
        seq: Set(number(end.lines) - 1),
        hash: Set(end.hash.clone()),
        bytes: Set(number(end.bytes)),
        latest_at: Set(latest_at),
    };
    let mut known = OnConflict::column(ledger_head::Column::File);
    known.update_columns([
        ledger_head::Column::Seq,
        ledger_head::Column::Hash,
        ledger_head::Column::Bytes,
        ledger_head::Column::LatestAt,
    ]);
    ledger_head::Entity::insert(row)
        .on_conflict(known)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}

/// These files are no longer part of the ledger.
pub(super) async fn forget(transaction: &Transaction, files: &[String]) -> Result<(), DbErr> {
    ledger_head::Entity::delete_many()
        .filter(ledger_head::Column::File.is_in(files))
        .exec(transaction)
        .await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Answer {
    yes: bool,
}

/// Whether the database has seen what these lines say (R21): the account has had as many events, or was erased; and no
/// other event waits under the number of one of them.
pub(super) async fn are_in_effect(transaction: &Transaction, lines: &[&Line]) -> Result<bool, DbErr> {
    for some in lines.chunks(LINES_AT_ONCE) {
        if has_unseen(transaction, some).await? || !forks(transaction, some).await?.is_empty() {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn has_unseen(transaction: &Transaction, lines: &[&Line]) -> Result<bool, DbErr> {
    let (accounts, numbers) = keys(lines);
    if accounts.is_empty() {
        return Ok(false);
    }
    let unseen = Answer::find_by_statement(sql(
        "SELECT EXISTS (
             SELECT 1 FROM unnest($1::uuid[], $2::bigint[]) AS line (account_id, no)
             LEFT JOIN account a ON a.id = line.account_id
             WHERE CASE WHEN a.id IS NOT NULL THEN a.event_no < line.no
                   ELSE NOT EXISTS (SELECT 1 FROM audit_event e
                                    WHERE e.account_id = line.account_id AND e.code = $3) END) AS yes",
        [accounts.into(), numbers.into(), crate::audit::ERASED.into()],
    ))
    .one(transaction)
    .await?;
    Ok(unseen.is_some_and(|answer| answer.yes))
}

#[derive(FromQueryResult)]
struct Fork {
    account_id: Uuid,
    no: i64,
}

/// Accounts of which another event waits under the number that a line has, as in a database that was restored under a
/// running portal; and the first such number.
pub(super) async fn forks(transaction: &Transaction, lines: &[&Line]) -> Result<BTreeMap<Uuid, i64>, DbErr> {
    let mut firsts = BTreeMap::new();
    for some in lines.chunks(LINES_AT_ONCE) {
        let (accounts, numbers) = keys(some);
        let effects = some.iter().filter(|line| line.has_effect() && line.no.is_some());
        let (events, instants): (Vec<String>, Vec<DateTime<Utc>>) =
            effects.map(|line| (line.event.clone(), line.at)).unzip();
        let found = Fork::find_by_statement(sql(
            "SELECT e.account_id, min(e.no) AS no
             FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::timestamptz[]) AS line (account_id, no, event, at)
             JOIN ledger_event e ON e.account_id = line.account_id AND e.no = line.no
             WHERE e.event <> line.event OR e.at <> line.at GROUP BY e.account_id",
            [accounts.into(), numbers.into(), events.into(), instants.into()],
        ))
        .all(transaction)
        .await?;
        for Fork { account_id, no } in found {
            let first = firsts.entry(account_id).or_insert(no);
            *first = no.min(*first);
        }
    }
    Ok(firsts)
}

/// These accounts' events from a number on are never written: the ledger has others in their place.
pub(super) async fn drop_forked(transaction: &Transaction, forks: &BTreeMap<Uuid, i64>) -> Result<(), DbErr> {
    let (accounts, firsts): (Vec<Uuid>, Vec<i64>) = forks.iter().map(|(id, no)| (*id, *no)).unzip();
    transaction
        .execute_raw(sql(
            "DELETE FROM ledger_event e USING unnest($1::uuid[], $2::bigint[]) AS fork (account_id, no)
             WHERE e.account_id = fork.account_id AND e.no >= fork.no",
            [accounts.into(), firsts.into()],
        ))
        .await?;
    Ok(())
}

/// What stands in a file need not be written to one again.
pub(super) async fn drop_written(transaction: &Transaction, lines: &[&Line]) -> Result<(), DbErr> {
    for some in lines.chunks(LINES_AT_ONCE) {
        let (accounts, numbers) = keys(some);
        if accounts.is_empty() {
            continue;
        }
        transaction
            .execute_raw(sql(
                "DELETE FROM ledger_event e USING unnest($1::uuid[], $2::bigint[]) AS line (account_id, no)
                 WHERE e.account_id = line.account_id AND e.no = line.no",
                [accounts.into(), numbers.into()],
            ))
            .await?;
    }
    Ok(())
}

fn keys(lines: &[&Line]) -> (Vec<Uuid>, Vec<i64>) {
    let effects = lines.iter().filter(|line| line.has_effect());
    effects.filter_map(|line| line.account_id.zip(line.no)).unzip()
}

/// Whether any event waits to be written.
pub(super) async fn has_waiting(connection: &impl ConnectionTrait) -> Result<bool, DbErr> {
    let waiting = Answer::find_by_statement(sql("SELECT EXISTS (SELECT 1 FROM ledger_event) AS yes", []))
        .one(connection)
        .await?;
    Ok(waiting.is_some_and(|answer| answer.yes))
}

#[derive(FromQueryResult)]
struct Waiting {
    id: i64,
    at: DateTime<Utc>,
    event: String,
    account_id: Uuid,
    no: i64,
    details: Value,
}

/// Returns when all that was committed is on the server's disk, also what a sweep committed without waiting for it: the
/// ledger must not say what a crash could take back. A commit that waits is after all the others, so one that writes as
/// good as nothing will do.
pub(super) async fn flush(database: &Pool) -> Result<(), DbErr> {
    let transaction = database.begin().await?;
    transaction
        .execute_unprepared("SET LOCAL synchronous_commit = on; UPDATE installation SET begun_at = begun_at")
        .await?;
    transaction.commit().await
}

/// Takes the oldest events out of their table, to be written before this transaction is committed.
pub(super) async fn take_waiting(transaction: &Transaction, limit: i64) -> Result<Vec<Entry>, DbErr> {
    let mut waiting = Waiting::find_by_statement(sql(
        "DELETE FROM ledger_event WHERE id IN (SELECT id FROM ledger_event ORDER BY id LIMIT $1)
         RETURNING id, at, event, account_id, no, details",
        [limit.into()],
    ))
    .all(transaction)
    .await?;
    waiting.sort_unstable_by_key(|event| event.id);
    let entry =
        |event: Waiting| Entry::of_account(event.at, &event.event, event.account_id, event.no, event.details);
    Ok(waiting.into_iter().map(entry).collect())
}
