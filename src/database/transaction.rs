//! A transaction on a connection of the pool, and those within it (savepoints).

use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::{ConnectionTrait, DbBackend, DbErr, ExecResult, QueryResult, Statement};
use tokio::sync::{Mutex, MutexGuard};

use super::pool::{Connection, Lent, Observer, tell};

/// Rolled back when it is dropped, unless it was committed.
pub struct Transaction {
    connection: Arc<Mutex<Lent>>,
    /// 1, and one more for each that it is within.
    depth: usize,
    is_open: bool,
    observer: Option<Observer>,
}

impl Transaction {
    pub(super) async fn begin(mut connection: Lent, observer: Option<Observer>) -> Result<Self, DbErr> {
        connection.execute_unprepared("BEGIN").await?;
        connection.depth = 1;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
            depth: 1,
            is_open: true,
            observer,
        })
    }

    /// One within this one, which can be rolled back by itself. Ends before this one does.
    pub async fn nested(&self) -> Result<Self, DbErr> {
        let mut connection = self.ready().await?;
        let depth = connection.depth + 1;
        connection
            .execute_unprepared(&format!("SAVEPOINT depth_{depth}"))
            .await?;
        connection.depth = depth;
        Ok(Self {
            connection: Arc::clone(&self.connection),
            depth,
            is_open: true,
            observer: self.observer.clone(),
        })
    }

    pub async fn commit(mut self) -> Result<(), DbErr> {
        let mut connection = self.ready().await?;
        if connection.depth != self.depth {
            return Err(DbErr::Custom("a transaction within this one is open".to_owned()));
        }
        if self.depth == 1 {
            connection.execute_unprepared("COMMIT").await?;
        } else {
            connection
                .execute_unprepared(&format!("RELEASE SAVEPOINT depth_{}", self.depth))
                .await?;
        }
        connection.ended(self.depth);
        drop(connection);
        self.is_open = false;
        Ok(())
    }

    pub async fn rollback(mut self) -> Result<(), DbErr> {
        self.connection.lock().await.roll_back(self.depth).await?;
        self.is_open = false;
        Ok(())
    }

    /// Its connection, for whatever comes next: what was dropped within it is rolled back, and it is still there.
    async fn ready(&self) -> Result<MutexGuard<'_, Lent>, DbErr> {
        let mut connection = self.connection.lock().await;
        if let Some(dropped) = connection.dropped {
            connection.roll_back(dropped).await?;
        }
        if connection.depth < self.depth {
            return Err(DbErr::Custom(
                "the transaction around this one has ended".to_owned(),
            ));
        }
        Ok(connection)
    }
}

impl Connection {
    async fn roll_back(&mut self, depth: usize) -> Result<(), DbErr> {
        if depth == 1 {
            self.execute_unprepared("ROLLBACK").await?;
        } else {
            self.execute_unprepared(&format!(
                "ROLLBACK TO SAVEPOINT depth_{depth}; RELEASE SAVEPOINT depth_{depth}"
            ))
            .await?;
        }
        self.ended(depth);
        Ok(())
    }

    fn ended(&mut self, depth: usize) {
        self.depth = depth - 1;
        self.dropped = None;
        self.is_settled = self.depth == 0;
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if !self.is_open {
            return;
        }
        let depth = self.depth;
        if depth > 1 {
            // Nobody holds it while this one is dropped: whoever is within it borrows it.
            if let Ok(mut connection) = self.connection.try_lock()
                && depth <= connection.depth
            {
                connection.dropped = Some(connection.dropped.map_or(depth, |dropped| dropped.min(depth)));
            }
            return;
        }
        let connection = Arc::clone(&self.connection);
        // At once, since others may wait for its locks. Without a runtime, or on failure, the connection is given up.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { connection.lock().await.roll_back(depth).await });
        }
    }
}

#[async_trait]
impl ConnectionTrait for Transaction {
    fn get_database_backend(&self) -> DbBackend {
        DbBackend::Postgres
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        tell(self.observer.as_ref(), &statement);
        self.ready().await?.execute(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.ready().await?.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        tell(self.observer.as_ref(), &statement);
        self.ready().await?.query_one(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        tell(self.observer.as_ref(), &statement);
        self.ready().await?.query_all(statement).await
    }
}
