//! The pool of connections, by `SeaORM`'s interface. Its own sends a statement by a future that could also connect, TLS
//! included: 170 KB, moved three times for each statement, which was a third of what a read of the profile took. A
//! connection that waits to be used is taken without one.

use std::{fmt, pin::Pin, sync::Arc};

use async_trait::async_trait;
use sea_orm::{
    AccessMode, ConnAcquireErr, ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    ExecResult, IsolationLevel, QueryResult, RuntimeErr, SqlxPostgresConnector, Statement, TransactionError,
    TransactionOptions, TransactionTrait, sea_query::Values,
};
use sea_query_sqlx::SqlxValues;
use sqlx::{AssertSqlSafe, PgPool, Postgres, pool::PoolConnection, query::Query, query_with};

type Observer = Arc<dyn Fn(&Statement) + Send + Sync>;

/// Cheap to clone: all share the connections.
#[derive(Clone)]
pub struct Pool {
    connections: PgPool,
    /// For what has to do with transactions.
    orm: DatabaseConnection,
    observer: Option<Observer>,
}

impl fmt::Debug for Pool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pool")
    }
}

impl Pool {
    pub fn new(connections: PgPool) -> Self {
        Self {
            orm: SqlxPostgresConnector::from_sqlx_postgres_pool(connections.clone()),
            connections,
            observer: None,
        }
    }

    /// As `SeaORM`'s migrator wants it.
    pub fn orm(&self) -> &DatabaseConnection {
        &self.orm
    }

    pub fn connections(&self) -> &PgPool {
        &self.connections
    }

    /// Closes all connections, once they are not used any more.
    pub async fn close(&self) {
        self.connections.close().await;
    }

    /// Tells every statement that is sent from now on, whatever came of it.
    pub fn observe(&mut self, observer: impl Fn(&Statement) + Send + Sync + 'static) {
        let observer: Observer = Arc::new(observer);
        let tell = Arc::clone(&observer);
        self.orm.set_metric_callback(move |info| tell(info.statement));
        self.observer = Some(observer);
    }

    async fn connection(&self) -> Result<PoolConnection<Postgres>, DbErr> {
        if let Some(idle) = self.connections.try_acquire() {
            return Ok(idle);
        }
        Box::pin(self.connections.acquire()).await.map_err(not_acquired)
    }

    fn tell(&self, statement: &Statement) {
        if let Some(observer) = &self.observer {
            observer(statement);
        }
    }
}

/// The same error as `SeaORM`'s.
fn not_acquired(error: sqlx::Error) -> DbErr {
    match error {
        sqlx::Error::PoolTimedOut => DbErr::ConnectionAcquire(ConnAcquireErr::Timeout),
        sqlx::Error::PoolClosed => DbErr::ConnectionAcquire(ConnAcquireErr::ConnectionClosed),
        error => DbErr::Conn(driver(error)),
    }
}

fn driver(error: sqlx::Error) -> RuntimeErr {
    RuntimeErr::SqlxError(Arc::new(error))
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
        let mut connection = self.connection().await?;
        self.tell(&statement);
        let done = query(statement).execute(&mut *connection).await;
        done.map(ExecResult::from)
            .map_err(|error| DbErr::Exec(driver(error)))
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.orm.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        let mut connection = self.connection().await?;
        self.tell(&statement);
        let row = query(statement).fetch_optional(&mut *connection).await;
        row.map(|row| row.map(QueryResult::from))
            .map_err(|error| DbErr::Query(driver(error)))
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        let mut connection = self.connection().await?;
        self.tell(&statement);
        let rows = query(statement).fetch_all(&mut *connection).await;
        rows.map(|rows| rows.into_iter().map(QueryResult::from).collect())
            .map_err(|error| DbErr::Query(driver(error)))
    }
}

#[async_trait]
impl TransactionTrait for Pool {
    type Transaction = DatabaseTransaction;

    async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        self.orm.begin().await
    }

    async fn begin_with_config(
        &self,
        isolation_level: Option<IsolationLevel>,
        access_mode: Option<AccessMode>,
    ) -> Result<DatabaseTransaction, DbErr> {
        self.orm.begin_with_config(isolation_level, access_mode).await
    }

    async fn begin_with_options(&self, options: TransactionOptions) -> Result<DatabaseTransaction, DbErr> {
        self.orm.begin_with_options(options).await
    }

    async fn transaction<F, T, E>(&self, callback: F) -> Result<T, TransactionError<E>>
    where
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
            + Send,
        T: Send,
        E: fmt::Display + fmt::Debug + Send,
    {
        self.orm.transaction(callback).await
    }

    async fn transaction_with_config<F, T, E>(
        &self,
        callback: F,
        isolation_level: Option<IsolationLevel>,
        access_mode: Option<AccessMode>,
    ) -> Result<T, TransactionError<E>>
    where
        F: for<'c> FnOnce(&'c DatabaseTransaction) -> Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'c>>
            + Send,
        T: Send,
        E: fmt::Display + fmt::Debug + Send,
    {
        self.orm
            .transaction_with_config(callback, isolation_level, access_mode)
            .await
    }
}
