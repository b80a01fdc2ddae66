//! After erasing, tables are vacuumed (R4): what was deleted is no longer in their pages. Indexes keep words beyond
//! that: those over people's words are built anew. Free space in files is named as residue in the erasure concept.

use std::{borrow::Cow, collections::BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use sqlx::{AssertSqlSafe, PgConnection, raw_sql};
use tokio_util::sync::CancellationToken;

use crate::{
    database::{Pool, sql, sql_state},
    inventory::Inventory,
    portal::Portal,
};

mod rebuild;

pub use rebuild::{WordIndex, word_indexes};

/// The advisory lock of whoever vacuums. Any number will do, as long as nothing else in this database uses it.
pub const LOCK: i64 = 0x5374_616d_6d20;

/// How long what goes otherwise than with an account may wait for its table to be vacuumed. Every sweep asks; their
/// longest gap is below 10 hours by the settings, so it is hour 22 at the latest.
const UNVACUUMED_FOR: TimeDelta = TimeDelta::hours(12);

#[derive(Debug, thiserror::Error)]
enum VacuumError {
    #[error(transparent)]
    Statement(#[from] sqlx::Error),
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl VacuumError {
    fn state(&self) -> Option<String> {
        match self {
            Self::Statement(error) => {
                let error = error.as_database_error()?;
                error.code().map(Cow::into_owned)
            }
            Self::Database(error) => sql_state(error),
        }
    }
}

#[derive(FromQueryResult)]
struct Answer {
    yes: bool,
}

/// Whether there is something to do although no account was erased: rows that went long enough ago, or indexes to be
/// built anew. Where that cannot be told it is only logged.
pub async fn is_due(portal: &Portal) -> bool {
    let due = async {
        let now = now(portal).await?;
        Ok::<bool, DbErr>(is_unvacuumed(portal, now).await? || rebuild::due(portal, now).await?.is_some())
    };
    due.await.unwrap_or_else(|error| {
        tracing::error!(state = ?sql_state(&error), "it cannot be told whether tables are to be vacuumed");
        false
    })
}

/// What the database counts may be seconds late, which does not matter here.
async fn is_unvacuumed(portal: &Portal, now: DateTime<Utc>) -> Result<bool, DbErr> {
    let tables: Vec<String> = tables(portal.inventory).into_iter().map(str::to_owned).collect();
    let answer = Answer::find_by_statement(sql(
        "SELECT EXISTS (
             SELECT 1 FROM pg_stat_user_tables s
             WHERE s.schemaname = 'public' AND s.relname::text = ANY ($1) AND s.n_dead_tup > 0
               AND coalesce(greatest(s.last_vacuum, s.last_autovacuum), '-infinity') < $2) AS yes",
        [tables.into(), (now - UNVACUUMED_FOR).into()],
    ))
    .one(&portal.database)
    .await?;
    Ok(answer.is_some_and(|answer| answer.yes))
}

/// Vacuums the tables with personal data and the accounts', and builds indexes anew where that is due, on a connection
/// of its own. Untouched ones cost next to nothing. Does nothing while another process does it; ends early when told to
/// stop. A failure is only logged: it is tried again.
pub async fn run(portal: &Portal, stop: &CancellationToken) {
    if let Err(error) = vacuum(portal, stop).await {
        tracing::error!(state = ?error.state(), "tables could not be vacuumed after erasing");
    }
}

async fn vacuum(portal: &Portal, stop: &CancellationToken) -> Result<(), VacuumError> {
    // Its limits are not those of the others, and it may be in use for long.
    let mut connection = portal.database.separate().await?;
    // As considerate as autovacuum is. An index that is not built to its end within a limit would stay behind, broken.
    raw_sql(
        "SET statement_timeout = 0; SET lock_timeout = 0; SET vacuum_cost_delay = '2ms';
         SET max_parallel_maintenance_workers = 0",
    )
    .execute(&mut connection)
    .await?;
    let (process, is_mine): (i32, bool) = sqlx::query_as("SELECT pg_backend_pid(), pg_try_advisory_lock($1)")
        .bind(LOCK)
        .fetch_one(&mut connection)
        .await?;
    if is_mine {
        tokio::select! {
            biased;
            () = stop.cancelled() => {
                cancel(&portal.database, process).await;
                return Ok(());
            }
            done = all(portal, &mut connection) => done?,
        }
    }
    sqlx::Connection::close(connection).await?;
    Ok(())
}

async fn all(portal: &Portal, connection: &mut PgConnection) -> Result<(), VacuumError> {
    for table in tables(portal.inventory) {
        // A table that someone changes is left to the next time. Indexes hold addresses and names: theirs go, too, one
        // after the other, as with autovacuum: in parallel, others would wait for the cores.
        run_one(
            connection,
            format!("VACUUM (SKIP_LOCKED, INDEX_CLEANUP ON, PARALLEL 0) {table}"),
        )
        .await?;
    }
    let now = now(portal).await?;
    if let Some(through) = rebuild::due(portal, now).await? {
        rebuild::all(portal, connection).await?;
        rebuild::remember(portal, now, through).await?;
    }
    Ok(())
}

/// The tables that are vacuumed, each once.
fn tables(inventory: &Inventory) -> BTreeSet<&str> {
    let named = inventory.tables.iter().map(|table| table.name.as_str());
    named.chain(["account"]).collect()
}

/// The names in it come from the built-in inventory and from the catalogue, quoted.
async fn run_one(connection: &mut PgConnection, statement: String) -> Result<(), sqlx::Error> {
    raw_sql(AssertSqlSafe(statement))
        .execute(&mut *connection)
        .await?;
    Ok(())
}

async fn now(portal: &Portal) -> Result<DateTime<Utc>, DbErr> {
    let transaction = portal.database.begin().await?;
    portal.database_clock.now(&transaction).await
}

/// The server would go on with a statement whose client has gone.
async fn cancel(database: &Pool, process: i32) {
    let cancelled = database
        .execute_raw(sql("SELECT pg_cancel_backend($1)", [process.into()]))
        .await;
    if cancelled.is_err() {
        tracing::warn!("a vacuum could not be ended and goes on by itself");
    }
}
