//! Passwords known from breaches, from a list that the operator gives: a filter that needs no network and no database.
//! Rule kept here: a list that cannot be read is never taken for none.

use std::{
    io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use fastbloom::BloomFilter;
use sha1::{Digest, Sha1};

use super::Password;

mod file;
mod import;
#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;

pub use import::{ImportError, Imported, import};

/// Of passwords that are not in the list, at most one in 100,000 is taken for breached. The filter is made for half of
/// that, which takes 25.4 bits for each entry: 30.3 MiB for 10 million.
pub const FALSE_POSITIVES: f64 = 1.0 / 100_000.0;

/// Stands in every filter. One that does not know it was written by a program that places entries elsewhere.
const MARK: u64 = 0x5374_616d_6d74_6973;

/// The SHA-1 of a password, as breaches are published.
pub type Hash = [u8; 20];

/// A list of breached passwords, as a Bloom filter: whatever is in it is found.
pub struct Breached {
    filter: BloomFilter,
    count: u64,
}

/// Why there is no list although there should be one.
#[derive(Debug, thiserror::Error)]
pub enum BreachedError {
    #[error("the list of breached passwords {path} cannot be read: {reason}")]
    Io { path: String, reason: io::Error },
    #[error(
        "the list of breached passwords {path} is damaged ({reason}): import it again with `stammtisch passwords import`"
    )]
    Damaged { path: String, reason: &'static str },
}

/// The list at its place, read when it is first asked for.
#[derive(Default)]
pub struct List {
    place: Option<Place>,
    read: OnceLock<Result<Option<Breached>, BreachedError>>,
}

struct Place {
    path: PathBuf,
    /// Whether there has to be one: the settings name it.
    is_named: bool,
}

impl Breached {
    fn empty(count: u64) -> Self {
        let expected = usize::try_from(count).unwrap_or(usize::MAX).saturating_add(1);
        let mut filter = BloomFilter::with_false_pos(FALSE_POSITIVES / 2.0)
            .seed(&0)
            .expected_items(expected);
        filter.insert_hash(MARK);
        Self { filter, count }
    }

    fn insert(&mut self, hash: &Hash) {
        self.filter.insert_hash(shortened(hash));
    }

    /// Whether the password is in the list, as it was typed or in its normal form.
    pub(super) fn knows(&self, raw: &str, password: &Password) -> bool {
        [raw, password.as_str()]
            .iter()
            .any(|text| self.contains(&Sha1::digest(text.as_bytes()).into()))
    }

    fn contains(&self, hash: &Hash) -> bool {
        self.filter.contains_hash(shortened(hash))
    }

    /// How many hashes were imported.
    pub fn count(&self) -> u64 {
        self.count
    }
}

impl List {
    /// `is_named`: the settings name the place, so that nothing there is a fault.
    pub fn at(path: PathBuf, is_named: bool) -> Self {
        Self {
            place: Some(Place { path, is_named }),
            read: OnceLock::new(),
        }
    }

    pub fn get(&self) -> Result<Option<&Breached>, &BreachedError> {
        let read = self.read.get_or_init(|| match &self.place {
            Some(place) => read_at(place),
            None => Ok(None),
        });
        read.as_ref().map(Option::as_ref)
    }
}

fn read_at(place: &Place) -> Result<Option<Breached>, BreachedError> {
    match read(&place.path) {
        Err(BreachedError::Io { reason, .. })
            if reason.kind() == io::ErrorKind::NotFound && !place.is_named =>
        {
            Ok(None)
        }
        read => read.map(Some),
    }
}

fn read(path: &Path) -> Result<Breached, BreachedError> {
    let shown = || path.display().to_string();
    match file::read(path) {
        Ok(breached) => Ok(breached),
        Err(file::Fault::Io(reason)) => Err(BreachedError::Io {
            path: shown(),
            reason,
        }),
        Err(file::Fault::Damaged(reason)) => Err(BreachedError::Damaged {
            path: shown(),
            reason,
        }),
    }
}

/// SHA-1 is evenly spread, and so are its first 8 bytes: among 10 million of them one in 10^12 other passwords is found
/// by chance.
fn shortened(hash: &Hash) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    u64::from_be_bytes(first)
}

impl std::fmt::Debug for Breached {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Breached")
            .field("count", &self.count)
            .finish_non_exhaustive()
    }
}
