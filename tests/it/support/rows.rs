//! Everything that an account owns, as the live schema has it: a table that is new is part of it by itself.

use std::collections::BTreeMap;

use stammtisch::inventory::Inventory;
use uuid::Uuid;

use super::TestPortal;

/// What changes in a conversation when someone else leaves it; all the rest of it is its members' own.
const MOVED_BY_OTHERS: &str = " - 'former_members' - 'pair_low' - 'pair_high'";

/// What goes with the first of two people who goes, whoever's it is.
const OF_TWO: [&str; 3] = ["block", "group_invitation", "report"];

impl TestPortal {
    /// The tables whose rows belong to accounts, each with the column that says to whom; of rows of two people the one
    /// whose key comes last by name. Who is only named in a row of somebody else's does not own it.
    pub async fn owned_tables(&self) -> BTreeMap<String, String> {
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
        let pairs = columns
            .iter()
            .filter_map(|column| column.split_once('.'))
            .filter(|(table, column)| !is_only_named(table, column))
            .map(|(table, column)| (table.to_owned(), column.to_owned()));
        pairs.collect()
    }

    /// Every row of an account to the byte, its own row first, each as `table: row`. Of conversations all but what
    /// others change by leaving; nothing of what is of two people.
    pub async fn rows_of(&self, account: Uuid) -> Vec<String> {
        let mut selects = vec![format!(
            "SELECT 'account: ' || t::text AS line FROM account t WHERE id = '{account}'"
        )];
        let owned = self.owned_tables().await.into_iter();
        for (table, column) in owned.filter(|(table, _)| !OF_TWO.contains(&table.as_str())) {
            let row = match table.as_str() {
                "conversation" => format!("(to_jsonb(t){MOVED_BY_OTHERS})::text"),
                _ => "t::text".to_owned(),
            };
            selects.push(format!(
                "SELECT '{table}: ' || {row} FROM {table} t WHERE {column} = '{account}'"
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

/// Whether the inventory clears the column and gives the rows to another one.
fn is_only_named(table: &str, column: &str) -> bool {
    let entries: Vec<_> = Inventory::built_in()
        .owned()
        .filter(|(known, _)| known.name == table)
        .collect();
    let is_cleared = |named: &str| {
        entries
            .iter()
            .any(|(known, owner)| *owner == named && !known.clears.is_empty())
    };
    is_cleared(column) && entries.iter().any(|(_, owner)| !is_cleared(owner))
}
