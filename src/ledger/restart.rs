//! Beginning anew after the ledger was lost or broken (R21): what is there is set aside under another name, the
//! database forgets its heads, and the first line of the new file says what was given up and why.

use std::{
    collections::BTreeSet,
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use sea_orm::{DatabaseConnection, TransactionTrait};
use serde_json::json;

use super::{Ledger, LedgerError, RESTARTED, files, heads, line::Entry};

#[derive(Debug, thiserror::Error)]
pub enum RestartError {
    #[error("{0} is in use: stop every portal and command that uses this ledger first")]
    InUse(String),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl Ledger {
    /// Gives up every file there is or was, and begins another. `reason` goes into the ledger: it must name nobody.
    /// Returns the files given up.
    pub async fn restart(
        &self,
        database: &DatabaseConnection,
        reason: &str,
    ) -> Result<BTreeSet<String>, RestartError> {
        let transaction = database.begin().await.map_err(LedgerError::from)?;
        heads::lock(&transaction).await.map_err(LedgerError::from)?;
        let known = heads::all(&transaction).await.map_err(LedgerError::from)?;
        let there = set_aside(self.folder())?;
        let lost: BTreeSet<String> = known.into_keys().chain(there).collect();
        keep_names(self.folder(), &lost)?;
        let names: Vec<String> = lost.iter().cloned().collect();
        heads::forget(&transaction, &names)
            .await
            .map_err(LedgerError::from)?;
        let installation = match heads::installation(&transaction)
            .await
            .map_err(LedgerError::from)?
        {
            Some(installation) => installation,
            None => self.begin(&transaction).await?,
        };
        let entry = Entry::of_ledger(self.now(), RESTARTED, json!({ "reason": reason, "lost": names }));
        self.write_and_remember(&transaction, installation, vec![entry])
            .await?;
        transaction.commit().await.map_err(LedgerError::from)?;
        Ok(lost)
    }
}

/// No name is used again, also where nothing is left of a file: a backup may know it as another one's.
fn keep_names(folder: &Path, lost: &BTreeSet<String>) -> Result<(), RestartError> {
    let unusable = |error: io::Error| RestartError::Ledger(LedgerError::Unusable(error));
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(unusable)?;
    for name in lost {
        let path = folder.join(files::lost(name));
        OpenOptions::new()
            .append(true)
            .create(true)
            .mode(0o600)
            .open(path)
            .map_err(unusable)?;
    }
    Ok(())
}

/// Renames every file, once it is sure that nobody writes to any of them.
fn set_aside(folder: &Path) -> Result<Vec<String>, RestartError> {
    let unusable = |error: io::Error| RestartError::Ledger(LedgerError::Unusable(error));
    let names = files::names(folder).map_err(unusable)?;
    let mut locked = Vec::new();
    for name in &names {
        let file = File::open(folder.join(name)).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => locked.push(file),
            Err(TryLockError::WouldBlock) => return Err(RestartError::InUse(name.clone())),
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
    }
    for name in &names {
        fs::rename(folder.join(name), folder.join(files::lost(name))).map_err(unusable)?;
    }
    Ok(names)
}
