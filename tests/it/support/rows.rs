//! Everything that an account owns, as the live schema has it: a table that is new is part of it by itself.

use std::collections::BTreeMap;

use stammtisch::inventory::Inventory;
use uuid::Uuid;

use super::TestPortal;

/// What changes in a conversation when someone else leaves it; all the rest of it is its members' own.
const MOVED_BY_OTHERS: &str = " - 'former_members' - 'pair_low' - 'pair_high'";

impl TestPortal {
    /// The tables whose rows belong to accounts, each with the columns that say to whom: rows of two people have two.
    /// Who is only named in a row of somebody else's does not own it.
    pub async fn owned_tables(&self) -> BTreeMap<String, Vec<String>> {
        let columns: Vec<String> = self
            .column(
                "SELECT c.relname || '.' || a.attname FROM pg_constraint f
                 JOIN pg_class c ON c.oid = f.conrelid
                 JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey)
                 WHERE f.contype = 'f' AND f.confrelid = 'public.account'::regclass
                   AND c.relnamespace = 'public'::regnamespace
                 ORDER BY f.conname",
            )
            .await;
        let mut owned: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let pairs = columns.iter().filter_map(|column| column.split_once('.'));
        for (table, column) in pairs.filter(|(table, column)| !is_only_named(table, column)) {
            owned.entry(table.to_owned()).or_default().push(column.to_owned());
        }
        owned
    }

    /// Every row of an account to the byte, its own row first, each as `table: row`; of rows of two people both sides.
    /// Of conversations all but what others change by leaving.
    pub async fn rows_of(&self, account: Uuid) -> Vec<String> {
        let mut selects = vec![format!(
            "SELECT 'account: ' || t::text AS line FROM account t WHERE id = '{account}'"
        )];
        for (table, columns) in self.owned_tables().await {
            let row = match table.as_str() {
                "conversation" => format!("(to_jsonb(t){MOVED_BY_OTHERS})::text"),
                _ => "t::text".to_owned(),
            };
            selects.push(format!(
                "SELECT '{table}: ' || {row} FROM {table} t WHERE '{account}' IN ({})",
                columns.join(", ")
            ));
        }
        self.column(&format!(
            "SELECT line FROM ({}) lines ORDER BY line COLLATE \"C\"",
            selects.join(" UNION ALL ")
        ))
        .await
    }

    /// The same, without the account's own row: what its status says is asked for by itself.
    pub async fn data_of(&self, account: Uuid) -> Vec<String> {
        let mut rows = self.rows_of(account).await;
        rows.retain(|row| !row.starts_with("account: "));
        rows
    }
}

/// Whether the inventory clears the column, and nothing personal with it, and gives the rows to another one.
fn is_only_named(table: &str, column: &str) -> bool {
    let entries: Vec<_> = Inventory::built_in()
        .owned()
        .filter(|(known, _)| known.name == table)
        .collect();
    let is_named = |owner: &str| {
        entries
            .iter()
            .any(|(known, column)| *column == owner && !known.clears.is_empty() && known.personal.is_empty())
    };
    is_named(column) && entries.iter().any(|(_, owner)| !is_named(owner))
}
