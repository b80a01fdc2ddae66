//! The connection to PostgreSQL: the pool, its time limits, the migrations.

use std::str::FromStr;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, RuntimeErr, Statement, Value};
use sqlx::{
    ConnectOptions,
    postgres::{PgConnectOptions, PgSslMode},
};
use url::Url;

use crate::settings::{self, is_this_machine};

pub mod embedded;
pub mod pool;
pub mod trail;
pub mod transaction;

pub use pool::Pool;
pub use transaction::Transaction;

/// Any number will do, as long as nothing else in this database uses it.
const MIGRATION_LOCK: i64 = 0x5374_616d_6d01;

/// PostgreSQL 13, as `server_version_num` counts.
const OLDEST_SERVER: i32 = 130_000;

#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    #[error("database.url is not understood")]
    Url,
    #[error("the database cannot be reached: {0}")]
    Unreachable(#[source] sqlx::Error),
    #[error("the database is PostgreSQL {0}: 13 or newer is needed")]
    TooOld(String),
    #[error(transparent)]
    Failed(#[from] DbErr),
}

/// A statement with bound values, for what the query builder cannot say.
pub fn sql<const N: usize>(text: &str, values: [Value; N]) -> Statement {
    Statement::from_sql_and_values(DbBackend::Postgres, text, values)
}

/// How to reach the server that the setting names. Over a network the server has to prove who it is, unless the URL (or
/// `PGSSLMODE`) says otherwise: the library's own default, `prefer`, would take whoever answers.
pub fn options(url: &str) -> Result<PgConnectOptions, DatabaseError> {
    let options = PgConnectOptions::from_str(url).map_err(|_| DatabaseError::Url)?;
    let is_chosen = Url::parse(url).is_ok_and(|url| {
        url.query_pairs()
            .any(|(key, _)| matches!(&*key, "sslmode" | "ssl-mode"))
    });
    if is_chosen || is_local(&options) || !matches!(options.get_ssl_mode(), PgSslMode::Prefer) {
        return Ok(options);
    }
    Ok(options.ssl_mode(PgSslMode::VerifyFull))
}

/// Whether it is certain that the right server answers: one on this machine, or one whose certificate is checked
/// together with its name.
pub fn is_verified(options: &PgConnectOptions) -> bool {
    is_local(options) || matches!(options.get_ssl_mode(), PgSslMode::VerifyFull)
}

fn is_local(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    options.get_socket().is_some() || host.starts_with('/') || is_this_machine(host)
}

/// How to reach the embedded server by one of its roles.
pub fn embedded_options(server: &embedded::Connection, role: &str) -> PgConnectOptions {
    PgConnectOptions::new_without_pgpass()
        .socket(&server.socket_dir)
        .port(server.port)
        .username(role)
        .password(&server.password)
        .database(&server.database)
}

/// A pool of connections on which no statement outlives its limit and none is logged.
pub async fn connect(
    options: PgConnectOptions,
    settings: &settings::Database,
) -> Result<Pool, DatabaseError> {
    let limit = format!("{}ms", settings.statement_timeout.as_millis());
    let options = options
        .application_name("stammtisch")
        .disable_statement_logging()
        .options([
            ("statement_timeout", limit.as_str()),
            ("lock_timeout", limit.as_str()),
            ("idle_in_transaction_session_timeout", "60s"),
            ("timezone", "UTC"),
            // What is remarked on below that repeats what people search for.
            ("client_min_messages", "warning"),
            // Tables stand in `public` whatever the role's own search path says.
            ("search_path", "public"),
        ]);
    let database = Pool::new(options, settings.max_connections)
        .await
        .map_err(DatabaseError::Unreachable)?;
    let version = database
        .query_one_raw(sql("SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS name", []))
        .await?
        .ok_or_else(|| DbErr::RecordNotFound("server_version".to_owned()))?;
    if version.try_get::<i32>("", "number")? < OLDEST_SERVER {
        return Err(DatabaseError::TooOld(version.try_get("", "name")?));
    }
    Ok(database)
}

/// Brings the schema up to date. Several processes may do so at once: one works, the others wait.
pub async fn migrate(database: &Pool) -> Result<(), DbErr> {
    // The lock lives as long as this transaction; the migrator works on a connection of its own.
    let lock = database.begin().await?;
    lock.execute_unprepared("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0").await?;
    lock.execute_raw(sql("SELECT pg_advisory_xact_lock($1)", [MIGRATION_LOCK.into()]))
        .await?;
    Migrator::up(&database.orm(), None).await?;
    lock.commit().await
}

/// Whether every migration has been run. Nothing is written: asking needs no right to create tables.
pub async fn is_migrated(database: &Pool) -> Result<bool, DbErr> {
    Ok(Migrator::get_pending_migrations_read_only(&database.orm())
        .await?
        .is_empty())
}

/// The name of the constraint that a write broke, if that is why it failed. `DbErr::sql_err` hides it.
pub fn broken_constraint(error: &DbErr) -> Option<&str> {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return None;
    };
    match error.as_ref() {
        sqlx::Error::Database(error) => error.constraint(),
        _ => None,
    }
}

/// The SQLSTATE of a failed statement.
pub fn sql_state(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error))) = error
    else {
        return None;
    };
    match error.as_ref() {
        sqlx::Error::Database(error) => error.code().map(std::borrow::Cow::into_owned),
        _ => None,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_server_over_the_network_is_verified_unless_the_url_says_otherwise() {
        for (url, mode, is_good) in [
            ("postgres://a@db.example/x", "VerifyFull", true),
            ("postgres://a@10.1.2.3/x?application_name=y", "VerifyFull", true),
            (
                "postgres://a@db.example/x?sslmode=verify-full",
                "VerifyFull",
                true,
            ),
            ("postgres://a@db.example/x?sslmode=verify-ca", "VerifyCa", false),
            ("postgres://a@db.example/x?sslmode=require", "Require", false),
            ("postgres://a@db.example/x?ssl-mode=prefer", "Prefer", false),
            ("postgres://a@db.example/x?sslmode=disable", "Disable", false),
            ("postgres://a@localhost/x?host=db.example", "VerifyFull", true),
            ("postgres://a@localhost/x", "Prefer", true),
            ("postgres://a@127.0.0.1:5433/x", "Prefer", true),
            ("postgres://a@[::1]/x", "Prefer", true),
            ("postgres://a@%2Frun%2Fpostgresql/x", "Prefer", true),
            ("postgres://a@db.example/x?host=/run/postgresql", "Prefer", true),
            ("postgres://a@localhost/x?sslmode=require", "Require", true),
        ] {
            let options = options(url).unwrap();
            assert_eq!(format!("{:?}", options.get_ssl_mode()), mode, "{url}");
            assert_eq!(is_verified(&options), is_good, "{url}");
        }
        assert!(matches!(
            options("postgres://a@db.example/x?sslmode=full"),
            Err(DatabaseError::Url)
        ));
    }
}
