//! Appending to the ledger (R19): a process writes to a file that it has locked, all of a call or nothing, and says it
//! is done when the disk has it.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{
    BEGUN, CUT,
    files::{self, Fault, Position, ReadError, Wrong},
    line::Entry,
};

/// A file that has grown beyond this is left alone, so that it need not be read again and again.
const LARGEST_FILE: u64 = 32 * 1024 * 1024;
/// What is written to see whether there is room: more than fits into what a file system has set aside already.
const PROBE: usize = 64 * 1024;

/// A file of the ledger that this process alone appends to.
pub(super) struct Writer {
    folder: PathBuf,
    name: String,
    file: File,
    installation: Uuid,
    end: Position,
}

impl Writer {
    /// Locks the first file that nobody else writes to, or begins another. An unfinished last line (its process was
    /// killed) is cut off and recorded.
    pub(super) fn open(folder: &Path, installation: Uuid, now: DateTime<Utc>) -> Result<Self, ReadError> {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        for name in files::names(folder)? {
            let file = OpenOptions::new()
                .read(true)
                .append(true)
                .open(folder.join(&name))?;
            if file.metadata()?.len() > LARGEST_FILE {
                continue;
            }
            match file.try_lock() {
                Ok(()) => return Self::go_on(folder, name, file, installation, now),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        Self::begin(folder, installation, now)
    }

    fn go_on(
        folder: &Path,
        name: String,
        file: File,
        installation: Uuid,
        now: DateTime<Utc>,
    ) -> Result<Self, ReadError> {
        // Only now that it is locked: its last writer may have been at work a moment ago.
        let read = files::find_end(folder, &name, installation)?;
        let mut writer = Self {
            folder: folder.to_owned(),
            name,
            file,
            installation,
            end: read.end,
        };
        if read.unfinished > 0 {
            writer.file.set_len(writer.end.bytes)?;
        }
        if writer.end.lines == 0 {
            writer.append(&[Entry::of_ledger(now, BEGUN, json!({}))])?;
        }
        if read.unfinished > 0 {
            tracing::warn!(
                file = writer.name,
                bytes = read.unfinished,
                "an unfinished line was cut off the ledger"
            );
            writer.append(&[Entry::of_ledger(now, CUT, json!({ "bytes": read.unfinished }))])?;
        }
        Ok(writer)
    }

    fn begin(folder: &Path, installation: Uuid, now: DateTime<Utc>) -> Result<Self, ReadError> {
        let last = files::all_names(folder)?
            .iter()
            .filter_map(|name| files::number(name))
            .max();
        for number in last.unwrap_or(0) + 1.. {
            let name = files::name(number);
            let path = folder.join(&name);
            let made = OpenOptions::new()
                .read(true)
                .append(true)
                .create_new(true)
                .mode(0o600)
                .open(&path);
            let file = match made {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                file => file?,
            };
            match file.try_lock() {
                Ok(()) => {}
                // Another process saw the new file before it was locked.
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
            let writer = Self::go_on(folder, name, file, installation, now)?;
            // The file's name must be on the disk before anything is said to be.
            File::open(folder)?.sync_all()?;
            return Ok(writer);
        }
        Err(io::Error::other("there are too many files").into())
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn end(&self) -> &Position {
        &self.end
    }

    /// Whether there is room for more in this file.
    pub(super) fn has_room(&self) -> bool {
        self.end.bytes <= LARGEST_FILE
    }

    /// Appends all these lines, and returns when they are on the disk. After an error the file is as it was, as far as
    /// the file system lets it, and this writer must not be used again.
    pub(super) fn append(&mut self, entries: &[Entry]) -> Result<(), ReadError> {
        self.check_place()?;
        let mut end = self.end.clone();
        let mut text = String::new();
        for entry in entries {
            let installation = (end.lines == 0).then_some(self.installation);
            let (line, hash) = entry
                .render(installation, end.lines, &end.hash)
                .map_err(io::Error::from)?;
            text.push_str(&line);
            text.push('\n');
            end.lines += 1;
            end.bytes += line.len() as u64 + 1;
            end.hash = hash;
            if entry.account_id.is_some() {
                end.latest_at = end.latest_at.max(Some(entry.at));
            }
        }
        let written = self
            .file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // What stays is a whole line, whose event is still in its table, or an unfinished one, which is cut off.
            let _ = self.file.set_len(self.end.bytes);
            return Err(error.into());
        }
        self.end = end;
        Ok(())
    }

    /// The file must be the one that was locked and end where this process ended it: what somebody did to it meanwhile
    /// must not be hidden under further lines.
    fn check_place(&self) -> Result<(), ReadError> {
        let fault = |what| Fault {
            file: self.name.clone(),
            line: self.end.lines.max(1),
            what,
        };
        let own = self.file.metadata()?;
        let there = match fs::metadata(self.folder.join(&self.name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(fault(Wrong::Missing).into()),
            there => there?,
        };
        if (there.dev(), there.ino()) != (own.dev(), own.ino()) || own.len() > self.end.bytes {
            return Err(fault(Wrong::Replaced).into());
        }
        if self.end.lines > 0 {
            files::check_place(&self.file, &self.end)?.map_err(fault)?;
        }
        Ok(())
    }

    /// Whether the file system takes more: one that is full, or was mounted read-only meanwhile, does not. Tried beside
    /// the file, so that whoever reads the ledger need not read this file again. What a killed process leaves of it is
    /// written over by the next.
    pub(super) fn probe(&self) -> Result<(), ReadError> {
        self.check_place()?;
        let path = self.folder.join(&self.name);
        OpenOptions::new().append(true).open(&path)?;
        let beside = path.with_extension("probe");
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&beside)?;
        let written = file.write_all(&vec![0; PROBE]).and_then(|()| file.sync_data());
        let removed = fs::remove_file(&beside);
        written?;
        removed?;
        Ok(())
    }
}
