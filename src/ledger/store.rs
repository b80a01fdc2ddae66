//! The ledger as one process works with it (R19 to R21): compares its files with the database, takes over what others
//! wrote, and writes what waits in the table. All processes share the folder; an advisory lock lets one at a time.

use std::{
    collections::BTreeMap,
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use sea_orm::DbErr;
use tokio::{sync::Mutex, task::spawn_blocking};
use uuid::Uuid;

use super::{
    files::{self, Extent, Fault, Position, ReadError, Wrong},
    heads,
    line::{Entry, Line},
    standing::{Known, Standing},
    survey::{Checked, Files, read_all},
    writer::Writer,
};
use crate::{
    clock::{Clock, Random},
    database::{Pool, Transaction, sql_state},
};

/// How many events are written with one flush at most.
const AT_ONCE: i64 = 5_000;

#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The file system is full, read-only or gone: nothing is erased, everything else goes on (R12).
    #[error("the ledger cannot be written or read: {0}")]
    Unusable(io::Error),
    /// A file is not what the database remembers of it (R21).
    #[error("the ledger is broken: {0} (see `stammtisch ledger verify`)")]
    Broken(Fault),
    /// The database was restored from a backup (R20).
    #[error(
        "the database is older than the ledger, as after a restored backup: run `stammtisch reconcile` before anything else"
    )]
    Older,
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl LedgerError {
    /// For the log: a database's own words may carry values.
    pub fn in_log(&self) -> String {
        match self {
            Self::Database(error) => format!("the database failed ({:?})", sql_state(error)),
            other => other.to_string(),
        }
    }
}

impl From<ReadError> for LedgerError {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Fault(fault) => Self::Broken(fault),
            ReadError::Io(error) => Self::Unusable(error),
        }
    }
}

/// Cheap to clone; one per process.
#[derive(Clone)]
pub struct Ledger(Arc<Inner>);

struct Inner {
    folder: PathBuf,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    /// The file this process appends to, once it has had to.
    writer: Arc<Mutex<Option<Writer>>>,
    /// What was read from the first line on and has not been touched since.
    checked: Arc<Checked>,
    /// What the last comparison found.
    known: Known,
}

/// What was found in the files, with the database locked against every other comparison.
pub struct Comparison {
    pub installation: Uuid,
    /// Every file with its end and the lines beyond its head.
    pub files: Files,
    /// Files that are known and were given up by a restart.
    given_up: Vec<String>,
    /// Up to where the files were known.
    heads: BTreeMap<String, Position>,
}

impl Comparison {
    /// The lines that the database does not know as written, in the files' order.
    pub fn lines(&self) -> Vec<&Line> {
        self.files.iter().flat_map(|(_, read)| &read.lines).collect()
    }

    /// How many lines there are in all.
    pub fn count(&self) -> u64 {
        self.files.iter().map(|(_, read)| read.end.lines).sum()
    }
}

impl Ledger {
    pub fn new(folder: PathBuf, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self(Arc::new(Inner {
            folder,
            clock,
            random,
            writer: Arc::default(),
            checked: Arc::default(),
            known: Known::default(),
        }))
    }

    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// Whether this process' last comparison found the database level with the ledger. Until then, and while the
    /// database is older, nothing is to be served, sent, swept or recorded (R20).
    pub fn is_level(&self) -> bool {
        self.0.known.level().is_some()
    }

    /// The comparison with which a process starts. A ledger that can be read and not written stops erasing alone (R12).
    ///
    /// # Errors
    /// Whatever keeps the process from knowing that the two are level.
    pub async fn open(&self, database: &Pool) -> Result<(), LedgerError> {
        match self.settle(database, Extent::Whole).await {
            Err(error @ LedgerError::Unusable(_)) if self.is_level() => {
                tracing::error!(error = error.in_log(), "nothing is erased");
                Ok(())
            }
            settled => settled,
        }
    }

    /// Compares, takes over, and writes what waits. After it, every committed event is on the disk. Files that were
    /// touched since they were last read whole are read whole again, or from their heads on, as `extent` says.
    ///
    /// # Errors
    /// See [`LedgerError`]; the events stay in their table.
    pub async fn settle(&self, database: &Pool, extent: Extent) -> Result<(), LedgerError> {
        self.begin(database).await?;
        let mut extent = extent;
        loop {
            let transaction = database.begin().await?;
            let comparison = self.compare(&transaction, extent).await?;
            if !self.is_in_effect(&transaction, &comparison).await? {
                return Err(LedgerError::Older);
            }
            self.take_over(&transaction, &comparison).await?;
            let waiting = heads::take_waiting(&transaction, AT_ONCE).await?;
            let count = i64::try_from(waiting.len()).unwrap_or(AT_ONCE);
            if count > 0 {
                heads::flush(database).await?;
            }
            self.write_and_remember(&transaction, comparison.installation, waiting)
                .await?;
            transaction.commit().await?;
            if count < AT_ONCE {
                return Ok(());
            }
            extent = Extent::New;
        }
    }

    /// The same, unless nothing waits. A database that is older is looked at again when somebody moved a head, as
    /// reconciling does, or after a while.
    pub async fn settle_waiting(&self, database: &Pool) -> Result<(), LedgerError> {
        let known = &self.0.known;
        if known.is_older() && known.is_still_older(self.now(), &heads::all(database).await?) {
            return Err(LedgerError::Older);
        }
        if known.is_unknown() {
            return self.settle(database, Extent::Whole).await;
        }
        if !self.is_level() || heads::has_waiting(database).await? {
            self.settle(database, Extent::New).await?;
        }
        Ok(())
    }

    /// Reads all files and checks them against what the database remembers, whose ledger has begun. Holds the advisory
    /// lock until the transaction ends.
    pub async fn compare(
        &self,
        transaction: &Transaction,
        extent: Extent,
    ) -> Result<Comparison, LedgerError> {
        heads::lock(transaction).await?;
        let known = heads::all(transaction).await?;
        let not_begun = || LedgerError::Unusable(io::Error::other("it has not begun"));
        let installation = heads::installation(transaction).await?.ok_or_else(not_begun)?;
        let (folder, checked) = (self.0.folder.clone(), Arc::clone(&self.0.checked));
        let heads = known.clone();
        let (files, given_up) =
            spawn_blocking(move || read_all(&folder, installation, &known, extent, &checked))
                .await
                .map_err(io::Error::other)
                .map_err(LedgerError::Unusable)??;
        Ok(Comparison {
            installation,
            files,
            given_up,
            heads,
        })
    }

    /// Whether all that was found in the files is in effect in the database; this process then knows so, or not.
    pub async fn is_in_effect(
        &self,
        transaction: &Transaction,
        comparison: &Comparison,
    ) -> Result<bool, DbErr> {
        let is_level = heads::are_in_effect(transaction, &comparison.lines()).await?;
        self.0.known.note(if is_level {
            Standing::Level {
                installation: comparison.installation,
            }
        } else {
            Standing::Older {
                at: self.now(),
                heads: comparison.heads.clone(),
            }
        });
        Ok(is_level)
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// An installation gets its id, if it has none. That is committed before anything is written under it. Files
    /// without one are somebody else's.
    async fn begin(&self, database: &Pool) -> Result<(), LedgerError> {
        if heads::installation(database).await?.is_some() {
            return Ok(());
        }
        let transaction = database.begin().await?;
        heads::lock(&transaction).await?;
        if heads::installation(&transaction).await?.is_none() {
            if let Some(file) = files::names(&self.0.folder).map_err(LedgerError::Unusable)?.pop() {
                let what = Wrong::Foreign;
                return Err(LedgerError::Broken(Fault { file, line: 1, what }));
            }
            self.begin_anyway(&transaction).await?;
        }
        Ok(transaction.commit().await?)
    }

    pub(super) async fn begin_anyway(&self, transaction: &Transaction) -> Result<(), DbErr> {
        heads::begin(transaction, self.0.random.uuid_v4(), self.now()).await
    }

    /// Remembers the files as far as their lines were written under the lock, once they are on the disk. Only for lines
    /// that are in effect.
    pub async fn take_over(
        &self,
        transaction: &Transaction,
        comparison: &Comparison,
    ) -> Result<(), LedgerError> {
        let new: Vec<_> = comparison
            .files
            .iter()
            .filter(|(name, read)| {
                comparison.heads.get(name).unwrap_or(&Position::beginning()) != &read.settled
            })
            .collect();
        if !new.is_empty() {
            // Whoever wrote them may have been killed before the disk had them.
            let paths: Vec<PathBuf> = new.iter().map(|(name, _)| self.0.folder.join(name)).collect();
            spawn_blocking(move || paths.iter().try_for_each(|path| File::open(path)?.sync_data()))
                .await
                .map_err(io::Error::other)
                .flatten()
                .map_err(LedgerError::Unusable)?;
        }
        heads::drop_written(transaction, &comparison.lines()).await?;
        for (name, read) in new {
            heads::remember(transaction, name, &read.settled).await?;
        }
        if !comparison.given_up.is_empty() {
            heads::forget(transaction, &comparison.given_up).await?;
        }
        Ok(())
    }

    /// Other events wait under numbers that the lines have: which accounts', and from which number on. They are dropped,
    /// because the ledger's stand; what they did in the database stays as it is.
    pub async fn drop_forks(
        &self,
        transaction: &Transaction,
        comparison: &Comparison,
    ) -> Result<BTreeMap<Uuid, i64>, DbErr> {
        let forks = heads::forks(transaction, &comparison.lines()).await?;
        heads::drop_forked(transaction, &forks).await?;
        Ok(forks)
    }

    /// Writes lines and remembers the file's new end, to be committed by the caller.
    pub async fn write_and_remember(
        &self,
        transaction: &Transaction,
        installation: Uuid,
        entries: Vec<Entry>,
    ) -> Result<(), LedgerError> {
        if entries.is_empty() {
            return Ok(());
        }
        let (file, end) = self.write(installation, entries).await?;
        Ok(heads::remember(transaction, &file, &end).await?)
    }

    /// Notes, before the first destructive statement, that these accounts' erasure is tried (R19): account and event
    /// number. The ledger must have been settled before.
    pub async fn note_erasing(
        &self,
        accounts: &[(Uuid, i64)],
        now: DateTime<Utc>,
    ) -> Result<(), LedgerError> {
        if accounts.is_empty() {
            return Ok(());
        }
        let entry = |(account, no): &(Uuid, i64)| {
            Entry::of_account(now, super::ERASING, *account, *no, serde_json::json!({}))
        };
        self.write(self.installation()?, accounts.iter().map(entry).collect())
            .await?;
        Ok(())
    }

    /// Whether something could be written now (R12). The ledger must have been settled before.
    pub async fn check_writable(&self) -> Result<(), LedgerError> {
        self.write(self.installation()?, Vec::new()).await?;
        Ok(())
    }

    fn installation(&self) -> Result<Uuid, LedgerError> {
        let unknown = || LedgerError::Unusable(io::Error::other("it was not found level with the database"));
        self.0.known.level().ok_or_else(unknown)
    }

    /// Appends to this process' file, which is locked or made first where there is none yet.
    async fn write(
        &self,
        installation: Uuid,
        entries: Vec<Entry>,
    ) -> Result<(String, Position), LedgerError> {
        let now = self.0.clock.now();
        let folder = self.0.folder.clone();
        let mut place = Arc::clone(&self.0.writer).lock_owned().await;
        spawn_blocking(move || {
            let taken = place.take().filter(Writer::has_room);
            let mut writer = match taken {
                Some(writer) => writer,
                None => Writer::open(&folder, installation, now)?,
            };
            if entries.is_empty() {
                writer.probe()?;
            } else {
                writer.append(&entries)?;
            }
            let written = (writer.name().to_owned(), writer.end().clone());
            *place = Some(writer);
            Ok(written)
        })
        .await
        .map_err(io::Error::other)
        .map_err(LedgerError::Unusable)?
    }

    /// Lets go of this process' file, so that others may write to it.
    pub async fn release(&self) {
        *self.0.writer.lock().await = None;
    }
}
