//! The erasure concept after DIN EN ISO/IEC 27555 (formerly DIN 66398), made from the inventory (R2) and from the
//! lengths of time that the program works by: what the document says is what happens.

use std::collections::BTreeSet;

use super::{
    holds::REVIEWED_WITHIN,
    place_hold::{BASES, EXPIRES_WITHIN},
};
use crate::{
    inventory::{Class, Eraser, Inventory, Period, Table},
    leaving::ERASED_WITHIN,
    settings::{LATEST_ERASURE, SecondPerson, Settings},
    text::Locale,
};

mod markdown;
mod periods;
mod rows;

pub use periods::in_words;
pub(super) use periods::lasts;
use periods::{Length, months};
pub use rows::{
    Basis, Category, ClassRow, ClusterRow, Concept, Holds, RecordRow, ResidueRow, Rules, TableRow,
};

/// The concept of an installation with these settings.
pub fn concept(settings: &Settings, locale: Locale) -> Concept {
    let writer = Writer {
        inventory: Inventory::built_in(),
        settings,
        locale,
    };
    let mut classes: Vec<ClassRow> = writer
        .inventory
        .classes
        .iter()
        .map(|(code, class)| writer.class(code, class))
        .collect();
    // B10 behind B9.
    classes.sort_by_key(|class| (class.code.chars().next(), class.code.len()));
    Concept {
        locale: locale.as_str(),
        version: env!("CARGO_PKG_VERSION"),
        public_url: settings.server.public_url.to_string(),
        rules: writer.rules(),
        classes,
        clusters: writer.clusters(),
        records: writer.records(),
        holds: writer.holds(),
        residue: writer.residue(),
    }
}

/// What everything is written from.
struct Writer<'a> {
    inventory: &'a Inventory,
    settings: &'a Settings,
    locale: Locale,
}

impl Writer<'_> {
    fn rules(&self) -> Rules {
        let length = |length| Length::new(self.locale, length);
        let grace = chrono::TimeDelta::from_std(self.settings.erasure.grace).unwrap_or(ERASED_WITHIN);
        Rules {
            erased_within: length(ERASED_WITHIN),
            undo: length(grace),
            undo_on_behalf: length(self.settings.administrators_grace()),
            sweep: self.settings.erasure.sweep.clone(),
            longest_gap: length(self.settings.longest_gap()),
            alert_after: length(LATEST_ERASURE),
        }
    }

    fn class(&self, code: &str, class: &Class) -> ClassRow {
        ClassRow {
            code: code.to_owned(),
            name: class.name.text(self.locale).to_owned(),
            start: class.start.text(self.locale).to_owned(),
            period: self.length(class.period),
            eraser: self.eraser(class.eraser),
        }
    }

    fn classes(&self, codes: &[String]) -> Vec<ClassRow> {
        codes
            .iter()
            .filter_map(|code| Some(self.class(code, self.inventory.classes.get(code)?)))
            .collect()
    }

    fn clusters(&self) -> Vec<ClusterRow> {
        let mut names: Vec<&String> = Vec::new();
        for table in &self.inventory.tables {
            if !names.contains(&&table.cluster) {
                names.push(&table.cluster);
            }
        }
        let rows = names.into_iter().filter_map(|name| {
            let cluster = self.inventory.clusters.get(name)?;
            let tables = self.inventory.tables.iter();
            Some(ClusterRow {
                name: name.clone(),
                title: cluster.title.text(self.locale).to_owned(),
                purpose: cluster.purpose.text(self.locale).to_owned(),
                legal_basis: cluster.legal_basis.text(self.locale).to_owned(),
                holdable: cluster.holdable,
                tables: tables
                    .filter(|table| table.cluster == *name)
                    .map(|table| self.table(table))
                    .collect(),
            })
        });
        rows.collect()
    }

    fn table(&self, table: &Table) -> TableRow {
        let codes = self.inventory.classes_of(table);
        let by_class = codes.iter().filter_map(|code| self.inventory.classes.get(code));
        let erasers: BTreeSet<Eraser> = by_class
            .map(|class| class.eraser)
            .chain([table.erased_by])
            .collect();
        TableRow {
            name: table.name.clone(),
            title: table.title.text(self.locale).to_owned(),
            personal: table.personal.clone(),
            place: self.inventory.place.text(self.locale).to_owned(),
            classes: self.classes(codes),
            erasers: erasers.into_iter().map(|eraser| self.eraser(eraser)).collect(),
            export: table.export.clone(),
            exported_as: table.name_in_copy().to_owned(),
        }
    }

    fn records(&self) -> Vec<RecordRow> {
        let rows = self.inventory.records.iter().map(|(name, record)| RecordRow {
            name: name.clone(),
            title: record.title.text(self.locale).to_owned(),
            classes: self.classes(&record.classes),
        });
        rows.collect()
    }

    fn holds(&self) -> Holds {
        let categories = self.inventory.holdable().filter_map(|name| {
            let cluster = self.inventory.clusters.get(name)?;
            Some(Category {
                name: name.to_owned(),
                title: cluster.title.text(self.locale).to_owned(),
            })
        });
        let bases = BASES.into_iter().filter_map(|(name, may_be_undisclosed)| {
            Some(Basis {
                name: name.to_owned(),
                title: self.inventory.bases.get(name)?.text(self.locale).to_owned(),
                may_be_undisclosed,
            })
        });
        Holds {
            categories: categories.collect(),
            bases: bases.collect(),
            reviewed_within: months(self.locale, REVIEWED_WITHIN),
            expires_within: months(self.locale, EXPIRES_WITHIN),
            second_person: self.settings.holds.second_person == SecondPerson::Release,
        }
    }

    fn residue(&self) -> Vec<ResidueRow> {
        let rows = self.inventory.residue.iter().map(|residue| ResidueRow {
            title: residue.title.text(self.locale).to_owned(),
            place: residue.place.text(self.locale).to_owned(),
            ends: residue.ends.text(self.locale).to_owned(),
            period: residue.period.map(|period| self.length(period)),
            setting: residue.period.and_then(periods::setting),
        });
        rows.collect()
    }

    fn length(&self, period: Period) -> Length {
        Length::new(self.locale, lasts(period, self.settings))
    }

    fn eraser(&self, eraser: Eraser) -> String {
        let text = self.inventory.erasers.get(&eraser);
        text.map(|text| text.text(self.locale).to_owned())
            .unwrap_or_default()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
