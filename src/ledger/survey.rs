//! Reading all files of the ledger at once: for a comparison, or for people who want to know what is wrong with which.

use std::{collections::BTreeMap, fs, io, os::unix::fs::MetadataExt, path::Path, sync::PoisonError};

use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{
    Ledger, LedgerError,
    files::{self, Extent, Fault, Position, Read, ReadError},
    heads,
};

use crate::database::Transaction;

/// Files by name, with what changes when they are written to: length, instant of the last write, and which file it is.
pub(super) type Checked = std::sync::Mutex<BTreeMap<String, Touched>>;
type Touched = (u64, i64, i64, u64);
/// Files by name, as they were read.
pub(super) type Files = Vec<(String, Read)>;

impl Ledger {
    /// Checks every file by itself, whatever is wrong with another, and names those that are missing. For people to read.
    pub async fn verify(
        &self,
        transaction: &Transaction,
    ) -> Result<BTreeMap<String, Result<Read, ReadError>>, LedgerError> {
        heads::lock(transaction).await?;
        let known = heads::all(transaction).await?;
        let installation = heads::installation(transaction).await?;
        let folder = self.folder().to_owned();
        spawn_blocking(move || {
            let names = files::names(&folder).map_err(LedgerError::Unusable)?;
            let mut checks = BTreeMap::new();
            for name in names {
                // Without an installation whatever is there is somebody else's: no id is the nil one.
                let owner = installation.unwrap_or_default();
                let read = files::read(&folder, &name, owner, known.get(&name), Extent::Whole);
                checks.insert(name, read);
            }
            let given_up: Vec<String> = checks
                .values()
                .flatten()
                .flat_map(|read: &Read| read.given_up.clone())
                .collect();
            for (name, head) in &known {
                if !checks.contains_key(name) && !given_up.contains(name) {
                    checks.insert(name.clone(), Err(Fault::missing(name, Some(head)).into()));
                }
            }
            Ok(checks)
        })
        .await
        .map_err(io::Error::other)
        .map_err(LedgerError::Unusable)?
    }
}

/// Reads every file; one that is known and missing must have been given up by a restart.
pub(super) fn read_all(
    folder: &Path,
    installation: Uuid,
    known: &BTreeMap<String, Position>,
    extent: Extent,
    checked: &Checked,
) -> Result<(Files, Vec<String>), ReadError> {
    let names = files::names(folder)?;
    let missing: Vec<&String> = known.keys().filter(|name| !names.contains(name)).collect();
    let mut files = Vec::new();
    for name in &names {
        let touched = touched(&folder.join(name))?;
        let is_checked = lock(checked).get(name) == Some(&touched);
        // A restart that gave files up is recorded somewhere before a head.
        let extent = match extent {
            Extent::Whole if is_checked && missing.is_empty() => Extent::New,
            Extent::New if !missing.is_empty() => Extent::Whole,
            extent => extent,
        };
        files.push((
            name.clone(),
            files::read(folder, name, installation, known.get(name), extent)?,
        ));
        if extent == Extent::Whole {
            lock(checked).insert(name.clone(), touched);
        }
    }
    let given_up: Vec<&String> = files.iter().flat_map(|(_, read)| &read.given_up).collect();
    if let Some(name) = missing.iter().find(|name| !given_up.contains(name)) {
        return Err(Fault::missing(name, known.get(*name)).into());
    }
    let missing = missing.into_iter().cloned().collect();
    Ok((files, missing))
}

fn lock(checked: &Checked) -> std::sync::MutexGuard<'_, BTreeMap<String, Touched>> {
    // The map is whole after every statement.
    checked.lock().unwrap_or_else(PoisonError::into_inner)
}

fn touched(path: &Path) -> io::Result<Touched> {
    let file = fs::metadata(path)?;
    Ok((file.len(), file.mtime(), file.mtime_nsec(), file.ino()))
}
