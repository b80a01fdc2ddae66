//! The inventory says something of everything, and nothing twice.

use super::*;

#[test]
fn every_table_belongs_to_a_cluster_and_says_who_erases_it_and_from_when() {
    let inventory = Inventory::built_in();
    for table in &inventory.tables {
        assert!(inventory.clusters.contains_key(&table.cluster), "{}", table.name);
        assert_eq!(
            table.account_column.is_some(),
            table.erased_by == Eraser::Sweep,
            "{}",
            table.name
        );
        for column in table
            .clears
            .iter()
            .chain(&table.account_column)
            .chain(&table.export)
        {
            assert!(
                table.personal.contains(column) || table.other.contains(column),
                "{}.{column}",
                table.name
            );
        }
        let classes = inventory.classes_of(table);
        assert!(!classes.is_empty(), "{}", table.name);
        assert!(
            table.account_column.is_none()
                || classes
                    .iter()
                    .any(|code| inventory.classes[code].eraser == Eraser::Sweep),
            "{}: goes with its account",
            table.name
        );
    }
}

#[test]
fn every_class_is_known_and_used_and_holdable_data_ends_with_the_hold() {
    let inventory = Inventory::built_in();
    let clusters = inventory.clusters.values().map(|cluster| &cluster.classes);
    let tables = inventory.tables.iter().map(|table| &table.classes);
    let records = inventory.records.values().map(|record| &record.classes);
    let named: BTreeSet<&String> = clusters.chain(tables).chain(records).flatten().collect();
    assert_eq!(named, inventory.classes.keys().collect());
    for table in &inventory.tables {
        let ends_with_hold = inventory.classes_of(table).iter().any(|code| code == "A2");
        let cluster = &inventory.clusters[&table.cluster];
        assert_eq!(
            ends_with_hold,
            cluster.holdable || cluster.with_account,
            "{}",
            table.name
        );
    }
    for table in inventory.records.keys() {
        assert!(inventory.not_personal.contains_key(table), "{table}");
    }
    let erasers: BTreeSet<Eraser> = inventory.classes.values().map(|class| class.eraser).collect();
    assert_eq!(
        inventory.erasers.keys().copied().collect::<BTreeSet<_>>(),
        erasers
    );
}

#[test]
fn of_every_personal_column_it_is_decided_whether_its_owner_gets_a_copy() {
    for (table, owner) in Inventory::built_in().owned() {
        for column in &table.personal {
            assert_ne!(
                table.export.contains(column),
                table.not_exported.contains(column),
                "{}.{column}",
                table.name
            );
        }
        assert!(
            !table.export.iter().any(|column| column == owner),
            "{}",
            table.name
        );
        let others = table.export.iter().find(|column| column.ends_with("_by"));
        assert_eq!(others, None, "{}: someone else's id", table.name);
    }
}

#[test]
fn nothing_in_the_copy_has_the_name_of_something_else() {
    let mut names = BTreeSet::new();
    for (table, _) in Inventory::built_in().exported() {
        let name = (&table.cluster, table.name_in_copy());
        assert!(names.insert(name), "{name:?}");
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
