//! Beginning anew after the ledger was lost or broken (R21): what is there is set aside under another name, the
//! database forgets its heads, and the first line of the new file says what was given up and why.

use std::{
    collections::BTreeSet,
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
};

use serde_json::json;

use super::{
    Ledger, LedgerError, RESTARTED,
    files::{self, Extent},
    heads,
    line::Entry,
};
use crate::database::Pool;

#[derive(Debug, thiserror::Error)]
pub enum RestartError {
    #[error("{0} is in use: stop every portal and command that uses this ledger first")]
    InUse(String),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl Ledger {
    /// Gives up every file there is or was, and begins another. `reason` goes into the ledger: it must name nobody.
    /// Returns the files given up now; the line names those of earlier times as well, which an older backup may know.
    ///
    /// # Errors
    /// Also where the files are whole and the database is older than they are: what they know would be lost for
    /// nothing.
    pub async fn restart(&self, database: &Pool, reason: &str) -> Result<BTreeSet<String>, RestartError> {
        self.refuse_if_older(database).await?;
        self.begin_in_any_case(database).await?;
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
        let installation = heads::installation(&transaction)
            .await
            .map_err(LedgerError::from)?
            .unwrap_or_default();
        let ever = files::lost_names(self.folder()).map_err(LedgerError::Unusable)?;
        let entry = Entry::of_ledger(self.now(), RESTARTED, json!({ "reason": reason, "lost": ever }));
        self.write_and_remember(&transaction, installation, vec![entry])
            .await?;
        transaction.commit().await.map_err(LedgerError::from)?;
        Ok(lost)
    }

    /// A broken ledger cannot be reconciled with; one that is whole can.
    async fn refuse_if_older(&self, database: &Pool) -> Result<(), LedgerError> {
        let transaction = database.begin().await?;
        match self.compare(&transaction, Extent::Whole).await {
            Ok(comparison) if self.is_in_effect(&transaction, &comparison).await? => Ok(()),
            Ok(_) => Err(LedgerError::Older),
            Err(LedgerError::Broken(_) | LedgerError::Unusable(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The installation has an id before anything is written under it, whosever files there are.
    async fn begin_in_any_case(&self, database: &Pool) -> Result<(), RestartError> {
        let transaction = database.begin().await.map_err(LedgerError::from)?;
        heads::lock(&transaction).await.map_err(LedgerError::from)?;
        let begun = heads::installation(&transaction)
            .await
            .map_err(LedgerError::from)?;
        if begun.is_none() {
            self.begin_anyway(&transaction).await.map_err(LedgerError::from)?;
        }
        Ok(transaction.commit().await.map_err(LedgerError::from)?)
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
