//! The inventory and the live schema say the same, and the start is refused where they don't (R2, R4).

use std::collections::BTreeSet;

use stammtisch::inventory::{Inventory, InventoryError, Table};

use crate::{messaging::write_to, support::TestPortal};

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

/// What refers to an account or a conversation by NO ACTION is looked for twice with every row that goes.
#[tokio::test]
async fn keys_to_accounts_and_conversations_restrict_or_cascade() {
    let portal = TestPortal::start().await;
    let keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f'
        AND confrelid IN ('account'::regclass, 'conversation'::regclass)";
    assert!(portal.count(keys).await > 30);
    assert_eq!(portal.count(&format!("{keys} AND confdeltype = 'a'")).await, 0);
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

/// Every column with personal data, as `table.column`.
fn personal() -> BTreeSet<String> {
    let tables = Inventory::built_in().tables.iter();
    tables
        .flat_map(|table| {
            let columns = table.personal.iter();
            columns.map(|column| format!("{}.{column}", table.name))
        })
        .collect()
}

/// Columns of tables and expressions of indexes of which PostgreSQL may sample values, as `relation.column`.
async fn sampled(portal: &TestPortal) -> BTreeSet<String> {
    let sampled: Vec<String> = portal
        .column(
            "SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
             WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
               AND coalesce(a.attstattarget, -1) <> 0
               AND (c.relkind IN ('r', 'p', 'm') OR EXISTS (
                   SELECT 1 FROM pg_index i WHERE i.indexrelid = c.oid AND i.indkey[a.attnum - 1] = 0))",
        )
        .await;
    sampled.into_iter().collect()
}

/// The expressions of indexes on tables with personal data, as `index.column`.
async fn expressions(portal: &TestPortal) -> BTreeSet<String> {
    let all: Vec<String> = portal
        .column(
            "SELECT i.indrelid::regclass || ' ' || c.relname || '.' || a.attname
             FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
             JOIN pg_attribute a ON a.attrelid = c.oid AND i.indkey[a.attnum - 1] = 0
             WHERE c.relnamespace = 'public'::regnamespace",
        )
        .await;
    let inventory = Inventory::built_in();
    let is_personal = |name: &str| {
        let table = inventory.tables.iter().find(|table| table.name == name);
        table.is_some_and(|table| !table.personal.is_empty())
    };
    all.iter()
        .filter_map(|entry| entry.split_once(' '))
        .filter(|(table, _)| is_personal(table))
        .map(|(_, column)| column.to_owned())
        .collect()
}

#[tokio::test]
async fn no_value_of_a_personal_column_or_of_an_index_over_one_may_be_sampled() {
    let portal = TestPortal::start().await;
    let may_be = sampled(&portal).await;
    assert!(may_be.contains("account.status"), "others are: {may_be:?}");
    let personal: BTreeSet<String> = personal().union(&expressions(&portal).await).cloned().collect();
    assert_eq!(
        personal.intersection(&may_be).collect::<Vec<_>>(),
        Vec::<&String>::new()
    );
    let combined = "SELECT count(*) FROM pg_statistic_ext WHERE stxnamespace = 'public'::regnamespace";
    assert_eq!(portal.count(combined).await, 0);

    let before = expressions(&portal).await;
    portal
        .execute("CREATE INDEX profile_initial ON profile (left(last_name, 1))")
        .await;
    let after = expressions(&portal).await;
    let new: BTreeSet<String> = after.difference(&before).cloned().collect();
    assert_eq!(new.len(), 1);
    assert!(new.is_subset(&sampled(&portal).await), "this would be found");
}

#[tokio::test]
async fn after_analyze_the_statistics_hold_no_personal_value_even_of_living_members() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    portal.many_members(200, 3).await;
    for text in ["Kennwort Schilfrohr", "Kennwort Sumpfdotter"] {
        write_to(&anna, &[&bert], text).await;
    }
    portal
        .execute("UPDATE message SET body = 'Kennwort Schilfrohr'; ANALYZE")
        .await;
    let kept: Vec<String> = portal
        .column("SELECT tablename || '.' || attname FROM pg_stats WHERE schemaname = 'public'")
        .await;
    assert!(kept.iter().any(|column| column == "account.status"), "{kept:?}");
    let personal = personal();
    let personal_kept: Vec<_> = kept.iter().filter(|column| personal.contains(*column)).collect();
    assert_eq!(personal_kept, Vec::<&String>::new());
    for word in ["Schilfrohr", "Beispiel", "many.example", "Number 000007"] {
        let found = format!(
            "SELECT count(*) FROM pg_stats
             WHERE strpos(lower(concat(most_common_vals::text, histogram_bounds::text, most_common_elems::text)), lower('{word}')) > 0"
        );
        assert_eq!(portal.count(&found).await, 0, "{word}");
    }
}

#[tokio::test]
async fn what_was_sampled_before_the_migration_that_ends_it_goes_with_it() {
    let portal = TestPortal::start().await;
    portal.many_members(200, 1).await;
    let kept = "SELECT count(*) FROM pg_stats WHERE (tablename, attname) IN
        (('participation', 'joined_at'), ('participation', 'last_activity_at'), ('consent', 'given_at'))";
    portal
        .execute(
            "ALTER TABLE participation ALTER joined_at SET STATISTICS 100, ALTER last_activity_at SET STATISTICS 100;
             ALTER TABLE consent ALTER given_at SET STATISTICS 100;
             ANALYZE",
        )
        .await;
    assert_eq!(portal.count(kept).await, 3);
    let file = "SELECT pg_relation_filenode('participation')::bigint";
    let before = portal.count(file).await;
    portal
        .execute(include_str!(
            "../../migration/src/m20261123_000003_statistics/up.sql"
        ))
        .await;
    assert_eq!(portal.count(kept).await, 0);
    portal.execute("ANALYZE").await;
    assert_eq!(portal.count(kept).await, 0);
    assert_eq!(portal.count(file).await, before, "nothing was rewritten");
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
