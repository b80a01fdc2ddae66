//! The inventory and the live schema say the same, and the start is refused where they don't (R2, R4).

use std::collections::BTreeSet;

use stammtisch::inventory::{Inventory, InventoryError};

use crate::support::TestPortal;

#[tokio::test]
async fn every_column_of_every_table_is_in_the_inventory_and_nothing_else_is() {
    let portal = TestPortal::start().await;
    let live = Inventory::live_columns(&portal.portal.database).await.unwrap();
    let named = Inventory::built_in().columns();
    assert_eq!(
        live.difference(&named).collect::<Vec<_>>(),
        Vec::<&(String, String)>::new(),
        "not in the inventory"
    );
    assert_eq!(
        named.difference(&live).collect::<Vec<_>>(),
        Vec::<&(String, String)>::new(),
        "not in the database"
    );
    Inventory::built_in()
        .check(&portal.portal.database)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_table_about_accounts_that_nothing_would_erase_stops_the_start() {
    let portal = TestPortal::start().await;
    portal
        .execute("CREATE TABLE diary (owner uuid REFERENCES account (id), entry text)")
        .await;
    let refused = Inventory::built_in().check(&portal.portal.database).await;
    assert!(
        matches!(&refused, Err(InventoryError::Missing(column)) if column == "diary.owner"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn no_value_of_a_personal_column_is_sampled() {
    let portal = TestPortal::start().await;
    let unsampled: BTreeSet<String> = portal
        .column(
            "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = 'public' AND a.attnum > 0 AND a.attstattarget = 0",
        )
        .await
        .into_iter()
        .collect();
    let personal = Inventory::built_in().tables.iter().flat_map(|table| {
        table
            .personal
            .iter()
            .map(|column| format!("{}.{column}", table.name))
    });
    for column in personal {
        assert!(unsampled.contains(&column), "{column} is sampled");
    }
}

#[tokio::test]
async fn constraints_have_names_and_every_foreign_key_is_indexed() {
    let portal = TestPortal::start().await;
    let unindexed: Vec<String> = portal
        .column(
            "SELECT c.conrelid::regclass || '.' || c.conname FROM pg_constraint c
             WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND NOT EXISTS (
                 SELECT 1 FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1])",
        )
        .await;
    assert_eq!(unindexed, Vec::<String>::new());
    let local: Vec<String> = portal
        .column(
            "SELECT table_name || '.' || column_name FROM information_schema.columns
             WHERE table_schema = 'public' AND data_type = 'timestamp without time zone'",
        )
        .await;
    assert_eq!(local, Vec::<String>::new(), "times are timestamptz");
}
