//! After erasing, tables are vacuumed (R4): what was deleted is no longer in their pages and indexes. Free space in
//! files is named as residue in the erasure concept.

use sea_orm::{ConnectionTrait, DatabaseConnection};
use sqlx::{AssertSqlSafe, PgConnection, raw_sql};
use tokio_util::sync::CancellationToken;

use crate::{database::sql, portal::Portal};

/// The advisory lock of whoever vacuums. Any number will do, as long as nothing else in this database uses it.
pub const LOCK: i64 = 0x5374_616d_6d20;

/// Vacuums the tables with personal data and the accounts', on a connection of its own. Untouched ones cost next to
/// nothing. Does nothing while another process does it; ends early when told to stop. A failure is only logged: what
/// autovacuum does anyway comes later then.
pub async fn run(portal: &Portal, stop: &CancellationToken) {
    if let Err(error) = vacuum(portal, stop).await {
        let state = error
            .as_database_error()
            .and_then(sqlx::error::DatabaseError::code);
        tracing::error!(?state, "tables could not be vacuumed after erasing");
    }
}

async fn vacuum(portal: &Portal, stop: &CancellationToken) -> Result<(), sqlx::Error> {
    let pool = portal.database.get_postgres_connection_pool();
    // Out of the pool for good: its limits are not those of the others, and it may be in use for long.
    let mut connection = pool.acquire().await?.detach();
    // As considerate as autovacuum is.
    raw_sql("SET statement_timeout = 0; SET vacuum_cost_delay = '2ms'")
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
    sqlx::Connection::close(connection).await
}

async fn all(portal: &Portal, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let tables = portal.inventory.tables.iter().map(|table| table.name.as_str());
    for table in tables.chain(["account"]) {
        // A table that someone changes is left to the next time. Indexes hold addresses and names: theirs go, too, one
        // after the other, as with autovacuum: in parallel, others would wait for the cores.
        let statement = format!("VACUUM (SKIP_LOCKED, INDEX_CLEANUP ON, PARALLEL 0) {table}");
        // The names come from the built-in inventory.
        raw_sql(AssertSqlSafe(statement))
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// The server would go on with a statement whose client has gone.
async fn cancel(database: &DatabaseConnection, process: i32) {
    let cancelled = database
        .execute_raw(sql("SELECT pg_cancel_backend($1)", [process.into()]))
        .await;
    if cancelled.is_err() {
        tracing::warn!("a vacuum could not be ended and goes on by itself");
    }
}
