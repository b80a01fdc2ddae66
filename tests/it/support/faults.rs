//! Fault tests run in a short form with all the others, and in full by `make test-faults`, which prints what they saw.

use std::{collections::BTreeMap, env, fmt::Display, fs, path::Path};

/// How often a fault test tries: in its short form, or in full.
pub fn rounds(short: usize, full: usize) -> usize {
    if env::var("FAULT_TESTS").is_ok_and(|form| form == "full") {
        full
    } else {
        short
    }
}

/// What a fault test saw and how often: one file under `target/faults`, written when the test ends, however it ends.
pub struct Seen {
    test: &'static str,
    counts: BTreeMap<String, usize>,
}

impl Seen {
    pub fn by(test: &'static str) -> Self {
        Self {
            test,
            counts: BTreeMap::new(),
        }
    }

    pub fn note(&mut self, outcome: impl Display) {
        self.note_many(outcome, 1);
    }

    pub fn note_many(&mut self, outcome: impl Display, times: usize) {
        *self.counts.entry(outcome.to_string()).or_default() += times;
    }

    /// A race that only one can win is none: every outcome that begins like one of these must have been seen.
    #[track_caller]
    pub fn must_have(&self, outcomes: &[&str]) {
        for outcome in outcomes {
            assert!(
                self.counts.keys().any(|seen| seen.starts_with(outcome)),
                "{outcome} never happened: {:?}",
                self.counts
            );
        }
    }
}

impl Drop for Seen {
    fn drop(&mut self) {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
        let folder = target.expect("the folder stands in target").join("faults");
        let lines = self
            .counts
            .iter()
            .map(|(outcome, times)| format!("{}\t{outcome}\t{times}\n", self.test));
        let lines = lines.collect::<Vec<_>>().concat();
        let name = self.test.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let written =
            fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(format!("{name}.tsv")), lines));
        if let Err(error) = written {
            eprintln!(
                "{}: what was seen could not be written: {error}",
                folder.display()
            );
        }
    }
}
