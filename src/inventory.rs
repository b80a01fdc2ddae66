//! The inventory of personal data (R2), built in. It drives the sweep, the deletion preview, the copy of one's own data
//! and the erasure concept, and the start is refused while the live schema holds something that it doesn't name.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use serde::Deserialize;

use crate::text::Locale;

mod check;

pub use check::InventoryError;

static INVENTORY: LazyLock<Inventory> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the file is built in, and a test parses it")]
    toml::from_str(include_str!("../config/data_inventory.toml"))
        .expect("the built-in inventory is well-formed")
});

/// What is stored about people, by cluster and table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inventory {
    /// Where tables stand.
    pub place: InBothLanguages,
    /// Deletion classes by code.
    pub classes: BTreeMap<String, Class>,
    pub erasers: BTreeMap<Eraser, InBothLanguages>,
    /// On what a hold can rest.
    pub bases: BTreeMap<String, InBothLanguages>,
    pub clusters: BTreeMap<String, Cluster>,
    /// In the order of erasure: children before what they refer to.
    pub tables: Vec<Table>,
    /// Tables without personal data that keep account ids.
    pub records: BTreeMap<String, Record>,
    /// What can remain outside the tables for a while (R4).
    pub residue: Vec<Residue>,
    /// Tables without personal data, with all their columns.
    pub not_personal: BTreeMap<String, Vec<String>>,
}

/// From when and how long data is kept, and who erases it then.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    pub name: InBothLanguages,
    pub start: InBothLanguages,
    pub period: Period,
    pub eraser: Eraser,
}

/// A length of time by the name of what the program does by it; the erasure concept looks it up there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// The promise (R5).
    Erasure,
    Session,
    /// The longest link but the ones to withdraw and to unsubscribe.
    Link,
    /// The link that ends mails about messages.
    Unsubscribe,
    /// How long a mail is tried.
    Delivery,
    Undeliverable,
    /// What is noted until a worker looks at it, and pauses.
    Note,
    Unconfirmed,
    Undecided,
    Rejected,
    DecidedReport,
    /// How long an invitation into a group can be accepted.
    Invitation,
    AuditEvent,
    /// Who came in, and who was refused.
    AccessEvent,
    Receipt,
    ResidueFreeSpace,
    ResidueWal,
    ResidueBackups,
    ResidueLogs,
}

/// Why a kind of data is kept, and how long.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cluster {
    pub title: InBothLanguages,
    pub purpose: InBothLanguages,
    pub legal_basis: InBothLanguages,
    /// The classes of its tables that name none of their own.
    pub classes: Vec<String>,
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

impl InBothLanguages {
    pub fn text(&self, locale: Locale) -> &str {
        match locale {
            Locale::De => &self.de,
            Locale::En => &self.en,
        }
    }
}

/// One table with personal data.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub name: String,
    pub title: InBothLanguages,
    pub cluster: String,
    /// None: those of the cluster.
    #[serde(default)]
    pub classes: Vec<String>,
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
    /// Of which columns people get a copy.
    #[serde(default)]
    pub export: Vec<String>,
    /// How its rows are called there. None: as the table is.
    #[serde(default)]
    pub exported_as: Option<String>,
    /// Of which personal columns of theirs they get none: secrets, what is worked out of others, what others wrote.
    #[serde(default)]
    pub not_exported: Vec<String>,
}

impl Table {
    /// How its rows are called in a copy of one's own data.
    pub fn name_in_copy(&self) -> &str {
        self.exported_as.as_deref().unwrap_or(&self.name)
    }
}

/// A table without personal data that keeps account ids.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    pub title: InBothLanguages,
    pub classes: Vec<String>,
}

/// What can remain outside the tables for a while.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Residue {
    pub title: InBothLanguages,
    pub place: InBothLanguages,
    pub ends: InBothLanguages,
    /// None: it is kept.
    #[serde(default)]
    pub period: Option<Period>,
}

/// Who erases a table's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
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

impl Inventory {
    pub fn built_in() -> &'static Self {
        &INVENTORY
    }

    /// What a cluster is called; one that is not known, by its name.
    pub fn title_of<'a>(&'a self, cluster: &'a str, locale: Locale) -> &'a str {
        let known = self.clusters.get(cluster);
        known.map_or(cluster, |cluster| cluster.title.text(locale))
    }

    /// On what a hold rests, in words; a basis that is not known, by its name.
    pub fn basis_of<'a>(&'a self, basis: &'a str, locale: Locale) -> &'a str {
        let known = self.bases.get(basis);
        known.map_or(basis, |words| words.text(locale))
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

    /// The classes of a table: its own, or else its cluster's.
    pub fn classes_of<'a>(&'a self, table: &'a Table) -> &'a [String] {
        match self.clusters.get(&table.cluster) {
            Some(cluster) if table.classes.is_empty() => &cluster.classes,
            _ => &table.classes,
        }
    }

    /// The tables of which people get a copy of their own rows, with the column that says whose they are.
    pub fn exported(&self) -> impl Iterator<Item = (&Table, &str)> {
        self.owned().filter(|(table, _)| !table.export.is_empty())
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
}

#[cfg(test)]
mod tests;
