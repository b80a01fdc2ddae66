//! The inventory of personal data (R2), built in. It drives the sweep and the deletion preview, and the start is
//! refused while the live schema holds something about accounts that it doesn't name.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::Deserialize;

use crate::database::sql;

static INVENTORY: LazyLock<Inventory> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is built in, and a test parses it")]
    toml::from_str(include_str!("../config/data_inventory.toml"))
        .expect("the built-in inventory is well-formed")
});

/// What is stored about people, by cluster and table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inventory {
    pub clusters: BTreeMap<String, Cluster>,
    /// In the order of erasure: children before what they refer to.
    pub tables: Vec<Table>,
    /// Tables without personal data, with all their columns.
    pub not_personal: BTreeMap<String, Vec<String>>,
}

/// Why a kind of data is kept, and how long.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    pub purpose: InBothLanguages,
    pub legal_basis: String,
    pub period_begins: InBothLanguages,
    pub period: InBothLanguages,
    /// Whether a hold may keep it.
    pub holdable: bool,
    /// Erased together with the account's own row, when nothing else is left.
    #[serde(default)]
    pub with_account: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InBothLanguages {
    pub de: String,
    pub en: String,
}

/// One table with personal data.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub name: String,
    pub cluster: String,
    /// Whose data a row is. None: rows that no account owns; `erased_by` says who erases them.
    #[serde(default)]
    pub account_column: Option<String>,
    #[serde(default)]
    pub erased_by: Eraser,
    /// Erased by clearing these columns instead of deleting the row.
    #[serde(default)]
    pub clears: Vec<String>,
    /// Which rows of a living account were replaced or deleted under a hold (R18), as an SQL condition.
    #[serde(default)]
    pub superseded_when: Option<String>,
    /// Whether its rows count in what people are shown before they delete.
    #[serde(default)]
    pub counted: bool,
    /// Whether one account may own so many rows that they are erased in chunks (R10).
    #[serde(default)]
    pub many: bool,
    pub personal: Vec<String>,
    pub other: Vec<String>,
}

/// Who erases a table's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Eraser {
    /// The sweep, when the account is due.
    #[default]
    Sweep,
    /// The sweep, by the row's own age.
    Housekeeping,
    /// The worker that handles it.
    Worker,
}

#[derive(Debug, thiserror::Error)]
pub enum InventoryError {
    #[error("the inventory of personal data does not name {0}: nothing would erase it")]
    Missing(String),
    #[error("the inventory of personal data names {0}, which the database doesn't have")]
    Unknown(String),
    #[error(transparent)]
    Database(#[from] DbErr),
}

#[derive(FromQueryResult)]
struct Column {
    table_name: String,
    column_name: String,
}

impl Inventory {
    pub fn built_in() -> &'static Self {
        &INVENTORY
    }

    /// The clusters that a hold may name.
    pub fn holdable(&self) -> impl Iterator<Item = &str> {
        self.clusters
            .iter()
            .filter(|(_, cluster)| cluster.holdable)
            .map(|(name, _)| name.as_str())
    }

    /// The clusters that end before the account's own row, in no order.
    pub fn before_account(&self) -> impl Iterator<Item = &str> {
        self.clusters
            .iter()
            .filter(|(_, cluster)| !cluster.with_account)
            .map(|(name, _)| name.as_str())
    }

    /// The tables whose rows an account owns, in the order of erasure, with the column that says whose they are.
    pub fn owned(&self) -> impl Iterator<Item = (&Table, &str)> {
        self.tables
            .iter()
            .filter_map(|table| Some((table, table.account_column.as_deref()?)))
    }

    /// Compares with the live schema. Every reference to an account must be an `account_column`, and every column
    /// named here must exist.
    pub async fn check(&self, connection: &impl ConnectionTrait) -> Result<(), InventoryError> {
        let references = Column::find_by_statement(sql(
            "SELECT c.conrelid::regclass::text AS table_name, a.attname::text AS column_name
             FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
             WHERE c.contype = 'f' AND c.confrelid = 'public.account'::regclass",
            [],
        ))
        .all(connection)
        .await?;
        for Column {
            table_name,
            column_name,
        } in references
        {
            let named = self
                .owned()
                .any(|(table, column)| table.name == table_name && column == column_name);
            if !named {
                return Err(InventoryError::Missing(format!("{table_name}.{column_name}")));
            }
        }
        let live = Self::live_columns(connection).await?;
        match self.columns().difference(&live).next() {
            Some((table, column)) => Err(InventoryError::Unknown(format!("{table}.{column}"))),
            None => Ok(()),
        }
    }

    /// All columns that the inventory speaks of.
    pub fn columns(&self) -> BTreeSet<(String, String)> {
        let tables = self.tables.iter().flat_map(|table| {
            table
                .personal
                .iter()
                .chain(&table.other)
                .map(|column| (table.name.clone(), column.clone()))
        });
        let others = self
            .not_personal
            .iter()
            .flat_map(|(table, columns)| columns.iter().map(|column| (table.clone(), column.clone())));
        tables.chain(others).collect()
    }

    /// All columns of all tables that the database has.
    pub async fn live_columns(
        connection: &impl ConnectionTrait,
    ) -> Result<BTreeSet<(String, String)>, DbErr> {
        let columns = Column::find_by_statement(sql(
            "SELECT c.table_name::text, c.column_name::text FROM information_schema.columns c
             JOIN information_schema.tables t USING (table_schema, table_name)
             WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'",
            [],
        ))
        .all(connection)
        .await?;
        Ok(columns
            .into_iter()
            .map(|column| (column.table_name, column.column_name))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_belongs_to_a_cluster_and_says_who_erases_it() {
        let inventory = Inventory::built_in();
        for table in &inventory.tables {
            assert!(inventory.clusters.contains_key(&table.cluster), "{}", table.name);
            assert_eq!(
                table.account_column.is_some(),
                table.erased_by == Eraser::Sweep,
                "{}",
                table.name
            );
            for column in table.clears.iter().chain(&table.account_column) {
                assert!(
                    table.personal.contains(column) || table.other.contains(column),
                    "{}.{column}",
                    table.name
                );
            }
        }
    }

    #[test]
    fn credentials_and_activity_can_never_be_held() {
        let holdable: Vec<_> = Inventory::built_in().holdable().collect();
        assert_eq!(
            holdable,
            ["consents", "contact", "enquiries", "master_data", "messages"]
        );
    }
}
