//! What the concept consists of, as programs read it and as the document shows it.

use serde::Serialize;

use super::periods::Length;

/// The whole concept in one language.
#[derive(Debug, Clone, Serialize)]
pub struct Concept {
    pub locale: &'static str,
    /// Of the program that wrote it.
    pub version: &'static str,
    pub public_url: String,
    pub rules: Rules,
    pub classes: Vec<ClassRow>,
    /// In the order of erasure.
    pub clusters: Vec<ClusterRow>,
    pub records: Vec<RecordRow>,
    pub holds: Holds,
    pub residue: Vec<ResidueRow>,
}

/// The lengths that every deletion follows.
#[derive(Debug, Clone, Serialize)]
pub struct Rules {
    pub erased_within: Length,
    pub undo: Length,
    pub undo_on_behalf: Length,
    /// When the sweep runs, as a cron expression in UTC, and the longest time between two runs.
    pub sweep: String,
    pub longest_gap: Length,
    pub alert_after: Length,
}

#[derive(Debug, Clone, Serialize)]
pub struct ClassRow {
    pub code: String,
    pub name: String,
    pub start: String,
    pub period: Length,
    pub eraser: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct ClusterRow {
    pub name: String,
    pub title: String,
    pub purpose: String,
    pub legal_basis: String,
    pub holdable: bool,
    pub tables: Vec<TableRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct TableRow {
    pub name: String,
    pub title: String,
    /// Columns with personal data.
    pub personal: Vec<String>,
    pub place: String,
    /// The soonest ends it.
    pub classes: Vec<ClassRow>,
    pub erasers: Vec<String>,
    /// Columns of which people get a copy.
    pub export: Vec<String>,
    /// How its rows are called there.
    pub exported_as: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct RecordRow {
    pub name: String,
    pub title: String,
    pub classes: Vec<ClassRow>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Holds {
    pub categories: Vec<Category>,
    pub bases: Vec<Basis>,
    pub reviewed_within: String,
    pub expires_within: String,
    /// Whether releasing one takes a second person.
    pub second_person: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Category {
    pub name: String,
    pub title: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Basis {
    pub name: String,
    pub title: String,
    /// Whether the person may be told no more than that something is kept by law.
    pub may_be_undisclosed: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct ResidueRow {
    pub title: String,
    pub place: String,
    pub ends: String,
    /// None: it is kept.
    pub period: Option<Length>,
    /// The setting in which the operator says how long.
    pub setting: Option<&'static str>,
}
