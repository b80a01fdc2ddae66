//! The inventory and the live schema say the same, and the start is refused where they don't (R2, R4).

use std::collections::BTreeSet;

use stammtisch::inventory::{Inventory, InventoryError, Table};

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
async fn a_reference_to_accounts_from_another_schema_stops_the_start_whatever_its_table_is_called() {
    let portal = TestPortal::start().await;
    portal
        .execute(
            "CREATE SCHEMA archive;
             CREATE TABLE archive.message (id uuid, author_id uuid REFERENCES public.account (id))",
        )
        .await;
    let refused = Inventory::built_in().check(&portal.portal.database).await;
    assert!(
        matches!(&refused, Err(InventoryError::Missing(column)) if column == "archive.message.author_id"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_column_that_the_inventory_does_not_name_stops_the_start_and_a_table_of_someone_elses_does_not() {
    for table in ["profile", "account", "receipt"] {
        let portal = TestPortal::start().await;
        portal.execute("CREATE TABLE weather (town text)").await;
        Inventory::built_in()
            .check(&portal.portal.database)
            .await
            .unwrap();
        portal
            .execute(&format!("ALTER TABLE {table} ADD COLUMN birthday date"))
            .await;
        let refused = Inventory::built_in().check(&portal.portal.database).await;
        assert!(
            matches!(&refused, Err(InventoryError::Missing(column)) if *column == format!("{table}.birthday")),
            "{refused:?}"
        );
    }
}

#[tokio::test]
async fn children_are_erased_before_what_they_refer_to() {
    let portal = TestPortal::start().await;
    let references: Vec<String> = portal
        .column(
            "SELECT conrelid::regclass || ' ' || confrelid::regclass FROM pg_constraint
             WHERE contype = 'f' AND confrelid <> 'account'::regclass",
        )
        .await;
    let inventory = Inventory::built_in();
    let mut compared = 0;
    for reference in &references {
        let (child, parent) = reference.split_once(' ').unwrap();
        let place = |name| inventory.tables.iter().position(|table| table.name == name);
        let (Some(first), Some(then)) = (place(child), place(parent)) else {
            continue;
        };
        // A row of which only columns are cleared stays, whoever refers to it.
        if inventory.tables[then].clears.is_empty() {
            assert!(first < then, "{child} refers to {parent}");
            compared += 1;
        }
    }
    assert!(compared > 0, "{references:?}");
    let with_account = |table: &Table| inventory.clusters[&table.cluster].with_account;
    let order: Vec<bool> = inventory.tables.iter().map(with_account).collect();
    assert!(order.is_sorted(), "what goes with the account goes last");
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
    // Instants, numbers, booleans and ids tell nothing in a statistic; texts and hashes do.
    let personal = Inventory::built_in().tables.iter().flat_map(|table| {
        table
            .personal
            .iter()
            .map(|column| format!("{}.{column}", table.name))
    });
    let telling: BTreeSet<String> = portal
        .column(
            "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'
               AND data_type NOT IN ('uuid', 'boolean', 'integer', 'bigint', 'timestamp with time zone')",
        )
        .await
        .into_iter()
        .collect();
    for column in personal.filter(|column| telling.contains(column)) {
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
