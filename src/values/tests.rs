//! The list of codes against the sources.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::FIELD_CODES;

/// Every source file of the application with its text.
pub fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&path).unwrap();
                found.push((path, source));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 50);
    found
}

#[test]
fn every_code_that_the_sources_name_is_listed() {
    for (file, source) in sources() {
        for call in ["Fault::new(", "with_limit(", "named("] {
            for (at, _) in source.match_indices(call) {
                let argument = source[at + call.len()..].trim_start();
                let Some(code) = argument.strip_prefix('"').and_then(|rest| rest.split('"').next()) else {
                    continue;
                };
                // This very file names the calls without a code.
                if !code
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase() || letter == '_')
                {
                    continue;
                }
                assert!(FIELD_CODES.contains(&code), "{} names {code:?}", file.display());
            }
        }
    }
}

#[test]
fn the_list_is_sorted_so_that_nothing_stands_there_twice() {
    assert!(FIELD_CODES.is_sorted_by(|one, next| one < next));
}
