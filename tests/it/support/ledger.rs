//! The ledger as it stands in its files.

use std::{fs, path::PathBuf};

use serde_json::Value;

use super::TestPortal;

impl TestPortal {
    pub fn ledger_folder(&self) -> PathBuf {
        self.portal.ledger.folder().to_owned()
    }

    /// Every line of every file, in order.
    pub fn ledger_lines(&self) -> Vec<Value> {
        let Ok(entries) = fs::read_dir(self.ledger_folder()) else {
            return Vec::new();
        };
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        // A process that looks whether there is room has another file there for a moment.
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
        paths.sort();
        let text = paths.iter().map(|path| fs::read_to_string(path).unwrap());
        text.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
            .map(|line| serde_json::from_str(&line).unwrap())
            .collect()
    }

    /// The lines of one kind.
    pub fn ledger_events(&self, event: &str) -> Vec<Value> {
        let mut lines = self.ledger_lines();
        lines.retain(|line| line["event"] == event);
        lines
    }
}
