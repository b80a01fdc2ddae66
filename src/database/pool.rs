//! The pool of connections, by `SeaORM`'s interface. Its own and the driver's cost more than what most requests ask of
//! the database: each statement went by a future that could also connect, TLS included, of 170 KB, moved three times; and
//! each connection that was given back was pinged, a round trip a statement.
//! Rule kept here: nobody gets a connection on which something was begun and not seen to its end: a statement without
//! its answer, a transaction that was neither committed nor rolled back.

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use deadpool::{
    Runtime,
    managed::{
        Manager, Metrics, Object, PoolError, QueueMode, RecycleError, RecycleResult, Timeouts, WeakPool,
    },
};
use sea_orm::{
    ConnAcquireErr, ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult,
    RuntimeErr, SqlxPostgresConnector, Statement, sea_query::Values,
};
use sea_query_sqlx::SqlxValues;
use sqlx::{
    AssertSqlSafe, Connection as _, PgConnection, PgPool, Postgres,
    postgres::{PgConnectOptions, PgListener, PgPoolOptions},
    query::Query,
    query_with, raw_sql,
};

use super::{sql_state, transaction::Transaction};

/// How long somebody waits for a connection to be free, and how long for one to be made.
const PATIENCE: Duration = Duration::from_secs(5);

/// A connection that was used a moment ago is alive; one that was not used for so long is given up instead of pinged.
const KEPT_IDLE: Duration = Duration::from_secs(30);

/// What a server holds in memory for a connection grows with what was asked through it.
const KEPT: Duration = Duration::from_mins(30);

/// How often it is looked whether connections are to be given up, which then are at most that much older.
const LOOKED_AT: Duration = Duration::from_secs(10);

/// A server that starts, or has no room at the moment, is tried again after so long.
const TRIED_AGAIN_AFTER: Duration = Duration::from_millis(100);

pub(super) type Observer = Arc<dyn Fn(&Statement) + Send + Sync>;

pub(super) type Lent = Object<Connections>;

/// Cheap to clone: all share the connections.
#[derive(Clone)]
pub struct Pool {
    connections: deadpool::managed::Pool<Connections>,
    /// For migrations and for listening, which know no other: connects when asked for the first time.
    drivers: PgPool,
    observer: Option<Observer>,
}

/// What makes the connections and looks whether one can be lent once more.
pub(super) struct Connections {
    options: PgConnectOptions,
}

pub(super) struct Connection {
    pub(super) driver: PgConnection,
    /// Whether everything that was begun on it has ended.
    pub(super) is_settled: bool,
    /// How many transactions are open on it, one within the other.
    pub(super) depth: usize,
    /// The outermost of those that were dropped and are still to be rolled back.
    pub(super) dropped: Option<usize>,
}

impl Manager for Connections {
    type Type = Connection;
    type Error = sqlx::Error;

    async fn create(&self) -> Result<Connection, sqlx::Error> {
        loop {
            // On the heap: its 20 KB would go about with every statement, which seldom connects.
            match Box::pin(PgConnection::connect_with(&self.options)).await {
                Ok(driver) => {
                    return Ok(Connection {
                        driver,
                        is_settled: true,
                        depth: 0,
                        dropped: None,
                    });
                }
                Err(error) if is_passing(&error) => tokio::time::sleep(TRIED_AGAIN_AFTER).await,
                Err(error) => return Err(error),
            }
        }
    }

    async fn recycle(&self, connection: &mut Connection, metrics: &Metrics) -> RecycleResult<sqlx::Error> {
        if is_good(connection, metrics) {
            Ok(())
        } else {
            Err(RecycleError::message("it is too old, or not settled"))
        }
    }
}

fn is_good(connection: &Connection, metrics: &Metrics) -> bool {
    connection.is_settled && metrics.last_used() < KEPT_IDLE && metrics.age() < KEPT
}

/// Whether the server may take connections a moment later: it refuses them while it starts.
fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        // `too_many_connections`, `cannot_connect_now`.
        sqlx::Error::Database(error) => matches!(error.code().as_deref(), Some("53300" | "57P03")),
        _ => false,
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pool")
    }
}

impl Pool {
    /// At most so many connections, and one besides for each [`listener`](Self::listener). One is made at once, so that
    /// an error says what is wrong with the options.
    pub async fn new(options: PgConnectOptions, max_connections: u32) -> Result<Self, sqlx::Error> {
        let drivers = PgPoolOptions::new()
            .acquire_timeout(PATIENCE)
            .idle_timeout(KEPT_IDLE)
            .connect_lazy_with(options.clone());
        let connections = deadpool::managed::Pool::builder(Connections { options })
            .max_size(usize::try_from(max_connections).unwrap_or(usize::MAX))
            .timeouts(Timeouts {
                wait: Some(PATIENCE),
                create: Some(PATIENCE),
                recycle: None,
            })
            // Those that the last requests used are the ones that the next do; the others get old.
            .queue_mode(QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .build()
            .map_err(|error| sqlx::Error::Configuration(error.into()))?;
        tokio::spawn(give_up_old_ones(connections.weak()));
        match connections.get().await {
            Ok(first) => drop(first),
            Err(PoolError::Backend(error)) => return Err(error),
            Err(_) => return Err(sqlx::Error::PoolTimedOut),
        }
        Ok(Self {
            connections,
            drivers,
            observer: None,
        })
    }

    /// As `SeaORM`'s migrator wants it.
    pub fn orm(&self) -> DatabaseConnection {
        SqlxPostgresConnector::from_sqlx_postgres_pool(self.drivers.clone())
    }

    /// Hears what is announced, on a connection of its own.
    pub async fn listener(&self) -> Result<PgListener, DbErr> {
        PgListener::connect_with(&self.drivers)
            .await
            .map_err(not_connected)
    }

    /// A connection outside the pool, whose limits can be others.
    pub async fn separate(&self) -> Result<PgConnection, DbErr> {
        let made = self.connections.manager().create().await;
        made.map(|made| made.driver).map_err(not_connected)
    }

    /// How many connections there are, and how many of them nobody uses.
    pub fn counts(&self) -> (usize, usize) {
        let status = self.connections.status();
        (status.size, status.available)
    }

    /// Closes all connections, once they are not used any more.
    pub async fn close(&self) {
        self.connections.close();
        self.drivers.close().await;
        while self.connections.status().size > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Tells every statement that is sent from now on, whatever came of it.
    pub fn observe(&mut self, observer: impl Fn(&Statement) + Send + Sync + 'static) {
        self.observer = Some(Arc::new(observer));
    }

    /// A transaction. What was not committed when it is dropped is rolled back.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        Transaction::begin(self.lent().await?, self.observer.clone()).await
    }

    /// Whoever is dropped with it, before they saw the end of what they began, leaves it behind unsettled.
    async fn lent(&self) -> Result<Lent, DbErr> {
        let mut lent = self.connections.get().await.map_err(|error| match error {
            PoolError::Timeout(_) => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
            PoolError::Closed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
            PoolError::Backend(error) => not_connected(error),
            error => DbErr::Custom(error.to_string()),
        })?;
        lent.is_settled = false;
        Ok(lent)
    }
}

/// Ends with the pool.
async fn give_up_old_ones(pool: WeakPool<Connections>) {
    loop {
        tokio::time::sleep(LOOKED_AT).await;
        let Some(pool) = pool.upgrade() else { return };
        pool.retain(|connection, metrics| is_good(connection, &metrics));
    }
}

fn not_connected(error: sqlx::Error) -> DbErr {
    DbErr::Conn(driver(error))
}

fn driver(error: sqlx::Error) -> RuntimeErr {
    RuntimeErr::SqlxError(Arc::new(error))
}

pub(super) fn tell(observer: Option<&Observer>, statement: &Statement) {
    if let Some(observer) = observer {
        observer(statement);
    }
}

/// What is sent for a statement, within a transaction or without.
impl Connection {
    pub(super) async fn execute(&mut self, statement: Statement) -> Result<ExecResult, DbErr> {
        let done = query(statement).execute(&mut self.driver).await;
        done.map(ExecResult::from)
            .map_err(|error| DbErr::Exec(driver(error)))
    }

    pub(super) async fn execute_unprepared(&mut self, sql: &str) -> Result<ExecResult, DbErr> {
        let done = raw_sql(AssertSqlSafe(sql.to_owned()))
            .execute(&mut self.driver)
            .await;
        done.map(ExecResult::from)
            .map_err(|error| DbErr::Exec(driver(error)))
    }

    pub(super) async fn query_one(&mut self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let row = query(statement).fetch_optional(&mut self.driver).await;
        row.map(|row| row.map(QueryResult::from))
            .map_err(|error| DbErr::Query(driver(error)))
    }

    pub(super) async fn query_all(&mut self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let rows = query(statement).fetch_all(&mut self.driver).await;
        rows.map(|rows| rows.into_iter().map(QueryResult::from).collect())
            .map_err(|error| DbErr::Query(driver(error)))
    }

    /// Whether it can be used further: what the server itself refused has ended.
    fn settle<T>(&mut self, outcome: &Result<T, DbErr>) {
        self.is_settled = match outcome {
            Ok(_) => true,
            Err(error) => sql_state(error).is_some(),
        };
    }
}

fn query(statement: Statement) -> Query<'static, Postgres, SqlxValues> {
    let values = statement.values.unwrap_or(Values(Vec::new()));
    query_with(AssertSqlSafe(statement.sql), SqlxValues(values))
}

#[async_trait]
impl ConnectionTrait for Pool {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        let mut connection = self.lent().await?;
        tell(self.observer.as_ref(), &statement);
        let done = connection.execute(statement).await;
        connection.settle(&done);
        done
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        let mut connection = self.lent().await?;
        let done = connection.execute_unprepared(sql).await;
        connection.settle(&done);
        done
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut connection = self.lent().await?;
        tell(self.observer.as_ref(), &statement);
        let row = connection.query_one(statement).await;
        connection.settle(&row);
        row
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut connection = self.lent().await?;
        tell(self.observer.as_ref(), &statement);
        let rows = connection.query_all(statement).await;
        connection.settle(&rows);
        rows
    }
}
