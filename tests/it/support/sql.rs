//! Looking into the database, beside the portal.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use sea_orm::{ConnectionTrait, DbBackend, Statement, TryGetable};

use super::TestPortal;

impl TestPortal {
    /// How a program reaches the test's database.
    pub fn database_url(&self) -> String {
        self.home.database.url()
    }

    /// The data folder of all its instances.
    pub fn folder(&self) -> &Path {
        self.home.folder.path()
    }

    /// Returns when nobody else is at the database any more: what a killed program was at is rolled back by then.
    pub async fn wait_for_quiet(&self) {
        let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                      AND pid <> pg_backend_pid() AND state IS DISTINCT FROM 'idle'";
        while self.count(others).await > 0 {
            tokio::task::yield_now().await;
        }
    }

    /// The one number that `statement` selects.
    pub async fn count(&self, statement: &str) -> i64 {
        self.scalar(statement).await
    }

    /// The one value that `statement` selects.
    pub async fn scalar<T: TryGetable>(&self, statement: &str) -> T {
        let row = self.portal.database.query_one_raw(raw(statement)).await;
        let row = row.unwrap_or_else(|error| panic!("{statement}: {error}"));
        row.unwrap_or_else(|| panic!("no row: {statement}"))
            .try_get_by_index(0)
            .expect("the value has its type")
    }

    /// The first column of every row.
    pub async fn column<T: TryGetable>(&self, statement: &str) -> Vec<T> {
        let rows = self.portal.database.query_all_raw(raw(statement)).await;
        let rows = rows.unwrap_or_else(|error| panic!("{statement}: {error}"));
        rows.iter()
            .map(|row| row.try_get_by_index(0).expect("the value has its type"))
            .collect()
    }

    /// Runs statements.
    pub async fn execute(&self, statements: &str) {
        let done = self.portal.database.execute_unprepared(statements).await;
        done.unwrap_or_else(|error| panic!("{statements}: {error}"));
    }

    /// How many rows each table has.
    pub async fn row_counts(&self) -> BTreeMap<String, i64> {
        let mut counts = BTreeMap::new();
        for table in self.tables().await {
            // Tries are counted whatever becomes of them.
            if table == "attempt" {
                continue;
            }
            let rows = self.count(&format!("SELECT count(*) FROM {table}")).await;
            counts.insert(table, rows);
        }
        counts
    }

    /// The transactions whose writes are visible somewhere.
    pub async fn writers(&self) -> BTreeSet<String> {
        let selects: Vec<_> = self
            .tables()
            .await
            .iter()
            // Tries are counted before anything is done, and whatever becomes of it.
            .filter(|table| !table.starts_with("attempt"))
            .map(|table| format!("SELECT DISTINCT xmin::text FROM {table}"))
            .collect();
        self.column(&selects.join(" UNION ")).await.into_iter().collect()
    }

    /// Where a text occurs in any column that can hold one, as `table.column`.
    pub async fn places_of(&self, text: &str) -> Vec<String> {
        let columns: Vec<String> = self
            .column(
                "SELECT c.table_name || '.' || c.column_name FROM information_schema.columns c
                 JOIN information_schema.tables t USING (table_schema, table_name)
                 WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
                   AND c.data_type IN ('text', 'jsonb', 'tsvector', 'ARRAY', 'character varying') ORDER BY 1",
            )
            .await;
        let mut places = Vec::new();
        for column in columns {
            let (table, name) = column.split_once('.').expect("the column has a table");
            let found = format!(
                "SELECT count(*) FROM {table} WHERE strpos(lower({name}::text), lower('{}')) > 0",
                text.replace('\'', "''")
            );
            if self.count(&found).await > 0 {
                places.push(column);
            }
        }
        places
    }

    /// Every table of the portal.
    pub async fn tables(&self) -> Vec<String> {
        self.column(
            "SELECT quote_ident(tablename::text) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1",
        )
        .await
    }
}

fn raw(statement: &str) -> Statement {
    Statement::from_string(DbBackend::Postgres, statement)
}
