//! Whether the inventory and the live schema say the same (R2): a start is refused while the database holds something
//! about accounts that nothing would erase.

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};

use super::Inventory;
use crate::database::sql;

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
    /// Compares with the live schema. Every reference to an account, from whatever schema, must be an
    /// `account_column`; tables named here have the columns named here, neither more nor fewer.
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
        let named = self.columns();
        if let Some((table, column)) = named.difference(&live).next() {
            return Err(InventoryError::Unknown(format!("{table}.{column}")));
        }
        let tables: BTreeSet<&str> = named.iter().map(|(table, _)| table.as_str()).collect();
        let is_ours = |(table, _): &&(String, String)| tables.contains(table.as_str());
        match live.difference(&named).find(is_ours) {
            Some((table, column)) => Err(InventoryError::Missing(format!("{table}.{column}"))),
            None => Ok(()),
        }
    }

    /// All columns of all tables that the database has.
    pub async fn live_columns(
        connection: &impl ConnectionTrait,
    ) -> Result<BTreeSet<(String, String)>, DbErr> {
        let columns = Column::find_by_statement(sql(
            // `information_schema` says the same and takes 50 ms, more than the rest of a start.
            "SELECT c.relname::text AS table_name, a.attname::text AS column_name
             FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
             WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
               AND (pg_has_role(c.relowner, 'USAGE')
                   OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))",
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
