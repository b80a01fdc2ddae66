//! The ledger as one process works with it (R19 to R21): compares its files with the database, takes over what others
//! wrote, and writes what waits in the table. All processes share the folder; an advisory lock lets one at a time.

use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{
        Arc, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseConnection, DatabaseTransaction, DbErr, TransactionTrait};
use tokio::{sync::Mutex, task::spawn_blocking};
use uuid::Uuid;

use super::{
    files::{self, Extent, Fault, Position, Read, ReadError, Wrong},
    heads,
    line::{Entry, Line},
    writer::Writer,
};
use crate::{
    clock::{Clock, Random},
    database::sql_state,
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
    /// Whose ledger it is, once it was compared.
    installation: OnceLock<Uuid>,
    /// What was read from the first line on and has not been touched since.
    checked: Arc<Checked>,
    /// Set while the database is known to be older than the ledger.
    older: AtomicBool,
}

/// Files by name, with what changes when they are written to: length, instant of the last write, and which file it is.
type Checked = std::sync::Mutex<BTreeMap<String, Touched>>;
type Touched = (u64, i64, i64, u64);
/// Files by name, as they were read.
type Files = Vec<(String, Read)>;

/// What was found in the files, with the database locked against every other comparison.
pub struct Comparison {
    pub installation: Uuid,
    /// Every file with its end and the lines beyond its head.
    pub files: Files,
    /// Files that are known and were given up by a restart.
    given_up: Vec<String>,
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
            installation: OnceLock::new(),
            checked: Arc::default(),
            older: AtomicBool::new(false),
        }))
    }

    pub fn folder(&self) -> &Path {
        &self.0.folder
    }

    /// Whether the database was found older than the ledger: nothing is to be served, sent or swept (R20).
    pub fn is_ahead(&self) -> bool {
        self.0.older.load(Ordering::Relaxed)
    }

    /// Compares, takes over, and writes what waits. After it, every committed event is on the disk. Files that were
    /// touched since they were last read whole are read whole again, or from their heads on, as `extent` says.
    ///
    /// # Errors
    /// See [`LedgerError`]; the events stay in their table.
    pub async fn settle(&self, database: &DatabaseConnection, extent: Extent) -> Result<(), LedgerError> {
        let mut extent = extent;
        loop {
            let transaction = database.begin().await?;
            let comparison = self.compare(&transaction, extent).await?;
            let is_level = heads::are_in_effect(&transaction, &comparison.lines()).await?;
            self.0.older.store(!is_level, Ordering::Relaxed);
            if !is_level {
                return Err(LedgerError::Older);
            }
            self.take_over(&transaction, &comparison).await?;
            let waiting = heads::take_waiting(&transaction, AT_ONCE).await?;
            let count = i64::try_from(waiting.len()).unwrap_or(AT_ONCE);
            self.write_and_remember(&transaction, comparison.installation, waiting)
                .await?;
            transaction.commit().await?;
            if count < AT_ONCE {
                return Ok(());
            }
            extent = Extent::New;
        }
    }

    /// The same, unless nothing waits.
    pub async fn settle_waiting(&self, database: &DatabaseConnection) -> Result<(), LedgerError> {
        if self.is_ahead() || heads::has_waiting(database).await? {
            self.settle(database, Extent::New).await?;
        }
        Ok(())
    }

    /// Reads all files, checks them against what the database remembers, and begins a ledger where there is none.
    /// Holds the advisory lock until the transaction ends.
    pub async fn compare(
        &self,
        transaction: &DatabaseTransaction,
        extent: Extent,
    ) -> Result<Comparison, LedgerError> {
        heads::lock(transaction).await?;
        let known = heads::all(transaction).await?;
        let installation = match heads::installation(transaction).await? {
            Some(installation) => installation,
            None => self.begin(transaction).await?,
        };
        let _ = self.0.installation.set(installation);
        let (folder, checked) = (self.0.folder.clone(), Arc::clone(&self.0.checked));
        let (files, given_up) =
            spawn_blocking(move || read_all(&folder, installation, &known, extent, &checked))
                .await
                .map_err(io::Error::other)
                .map_err(LedgerError::Unusable)??;
        Ok(Comparison {
            installation,
            files,
            given_up,
        })
    }

    /// Checks every file by itself, whatever is wrong with another, and names those that are missing. For people to read.
    pub async fn verify(
        &self,
        transaction: &DatabaseTransaction,
    ) -> Result<BTreeMap<String, Result<Read, ReadError>>, LedgerError> {
        heads::lock(transaction).await?;
        let known = heads::all(transaction).await?;
        let installation = heads::installation(transaction).await?;
        let folder = self.0.folder.clone();
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

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// An installation gets its id. Files without one are somebody else's.
    pub(super) async fn begin(&self, transaction: &DatabaseTransaction) -> Result<Uuid, LedgerError> {
        if let Some(file) = files::names(&self.0.folder).map_err(LedgerError::Unusable)?.pop() {
            let what = Wrong::Foreign;
            return Err(LedgerError::Broken(Fault { file, line: 1, what }));
        }
        let id = self.0.random.uuid_v4();
        heads::begin(transaction, id, self.0.clock.now()).await?;
        Ok(id)
    }

    /// Remembers the files up to their ends. Only for lines that are in effect.
    pub async fn take_over(
        &self,
        transaction: &DatabaseTransaction,
        comparison: &Comparison,
    ) -> Result<(), DbErr> {
        heads::drop_written(transaction, &comparison.lines()).await?;
        for (name, read) in &comparison.files {
            if !read.lines.is_empty() {
                heads::remember(transaction, name, &read.end).await?;
            }
        }
        if !comparison.given_up.is_empty() {
            heads::forget(transaction, &comparison.given_up).await?;
        }
        Ok(())
    }

    /// Writes lines and remembers the file's new end, to be committed by the caller.
    pub async fn write_and_remember(
        &self,
        transaction: &DatabaseTransaction,
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
        let unknown = || LedgerError::Unusable(io::Error::other("it was not compared with the database"));
        self.0.installation.get().copied().ok_or_else(unknown)
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

/// Reads every file; one that is known and missing must have been given up by a restart.
fn read_all(
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
