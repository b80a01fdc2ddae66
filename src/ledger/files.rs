//! Reading the ledger's files (R21): each is one chain of lines that begins with the installation's id.

use std::{
    fs::{self, File, TryLockError},
    io::{self, BufRead, BufReader, Seek, SeekFrom},
    os::unix::fs::FileExt,
    path::Path,
};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::line::{BEGINNING, Line, checked_hash, line_ending};

const PREFIX: &str = "ledger-";
const SUFFIX: &str = ".jsonl";
/// What the files of a ledger that was given up are called from then on.
const LOST: &str = "lost-";
/// No line of ours is longer; whoever wrote a longer one was not this program.
const LONGEST_LINE: u64 = 64 * 1024 * 1024;

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, line {line}: {what}")]
pub struct Fault {
    pub file: String,
    /// From 1.
    pub line: u64,
    pub what: Wrong,
}

impl Fault {
    /// The file is not there; the line is the last one the database remembers.
    pub(super) fn missing(file: &str, head: Option<&Position>) -> Self {
        Self {
            file: file.to_owned(),
            line: head.map_or(1, |head| head.lines),
            what: Wrong::Missing,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    #[error("the file is missing")]
    Missing,
    #[error("the file ends before the line that the database remembers")]
    Behind,
    #[error("the line was altered, or one before it was taken out")]
    Altered,
    #[error("the line is not the one that the database remembers: the file was replaced")]
    Replaced,
    #[error("the file belongs to another installation")]
    Foreign,
}

#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error(transparent)]
    Fault(#[from] Fault),
    #[error("the ledger cannot be read: {0}")]
    Io(#[from] io::Error),
}

/// Where a file is read up to, or ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// How many lines there are up to here: the next one's `seq`.
    pub lines: u64,
    /// The last one's hash.
    pub hash: String,
    pub bytes: u64,
    /// The latest instant of an account's event in them: the database's (R23), while the ledger's own are the portal's.
    pub latest_at: Option<DateTime<Utc>>,
}

impl Position {
    pub fn beginning() -> Self {
        Self {
            lines: 0,
            hash: BEGINNING.to_owned(),
            bytes: 0,
            latest_at: None,
        }
    }
}

/// A file that was read to its end.
#[derive(Debug)]
pub struct Read {
    /// The lines beyond the head, or all.
    pub lines: Vec<Line>,
    /// After the last whole line.
    pub end: Position,
    /// After the last line that was written under the ledger's lock. What follows may be somebody's who is writing
    /// just now, and may take it back.
    pub(super) settled: Position,
    /// How many bytes of an unfinished line follow.
    pub unfinished: u64,
    /// Files that a restart gave up, as its line says: they need not be there any more.
    pub given_up: Vec<String>,
}

/// The name of a file by its number.
pub(super) fn name(number: u32) -> String {
    format!("{PREFIX}{number:04}{SUFFIX}")
}

/// The number in a file's name, or in that of a lost one.
pub(super) fn number(name: &str) -> Option<u32> {
    let name = name.strip_prefix(LOST).unwrap_or(name);
    name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)?.parse().ok()
}

pub(super) fn lost(name: &str) -> String {
    format!("{LOST}{name}")
}

/// The ledger's files in order. None yet, if the folder is missing.
pub fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = all_names(folder)?;
    names.retain(|name| !name.starts_with(LOST));
    Ok(names)
}

/// Also the lost ones, whose names are not used again.
pub(super) fn all_names(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if number(&name).is_some() {
            names.push(name);
        }
    }
    names.sort_unstable_by_key(|name| number(name));
    Ok(names)
}

/// What the files that were given up were called when they were in use.
pub(super) fn lost_names(folder: &Path) -> io::Result<Vec<String>> {
    let names = all_names(folder)?;
    let lost = names.iter().filter_map(|name| name.strip_prefix(LOST));
    Ok(lost.map(str::to_owned).collect())
}

/// How much of a file is read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// From the first line on.
    Whole,
    /// From the head on; before it only that the head is still there.
    New,
}

/// Reads a file, checks its chain, and that it is the one whose head is known; returns the lines beyond the head.
///
/// # Errors
/// The first fault, with its line; or the file cannot be read.
pub fn read(
    folder: &Path,
    name: &str,
    installation: Uuid,
    head: Option<&Position>,
    extent: Extent,
) -> Result<Read, ReadError> {
    let mut lines = Vec::new();
    let mut read = scan(folder, name, installation, head, extent, |line| lines.push(line))?;
    read.lines = lines;
    Ok(read)
}

/// Reads a file from its first line to its end, checks its chain, and keeps none of its lines.
pub(super) fn find_end(folder: &Path, name: &str, installation: Uuid) -> Result<Read, ReadError> {
    scan(folder, name, installation, None, Extent::Whole, drop)
}

fn scan(
    folder: &Path,
    name: &str,
    installation: Uuid,
    head: Option<&Position>,
    extent: Extent,
    mut keep: impl FnMut(Line),
) -> Result<Read, ReadError> {
    let fault = |line, what| Fault {
        file: name.to_owned(),
        line,
        what,
    };
    let mut file = match File::open(folder.join(name)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(Fault::missing(name, head).into());
        }
        file => file?,
    };
    let mut found = Read {
        lines: Vec::new(),
        end: Position::beginning(),
        settled: head.cloned().unwrap_or_else(Position::beginning),
        unfinished: 0,
        given_up: Vec::new(),
    };
    if let (Extent::New, Some(head)) = (extent, head) {
        check_place(&file, head)?.map_err(|what| fault(head.lines, what))?;
        file.seek(SeekFrom::Start(head.bytes))?;
        found.end = head.clone();
    }
    let mut reader = BufReader::with_capacity(256 * 1024, file);
    let mut text = String::new();
    loop {
        let known = head.is_some_and(|head| found.end.bytes < head.bytes);
        let number = found.end.lines + 1;
        match next_line(&mut reader, &mut text)? {
            Next::Whole => {}
            Next::Unfinished(bytes) if !known => {
                found.unfinished = bytes;
                return Ok(found);
            }
            Next::Unfinished(_) => return Err(fault(number, Wrong::Behind).into()),
            Next::NotText => return Err(fault(number, Wrong::Altered).into()),
        }
        let line = take(&mut found.end, &text, known).ok_or_else(|| fault(number, Wrong::Altered))?;
        if let Some(head) = head.filter(|_| known) {
            check_head(&found.end, head).map_err(|what| fault(number, what))?;
            found.end.latest_at = found.end.latest_at.max(head.latest_at);
        }
        let Some(line) = line else { continue };
        if number == 1 && line.installation != Some(installation) {
            return Err(fault(1, Wrong::Foreign).into());
        }
        if line.event == super::RESTARTED {
            found.given_up.extend(files_in(&line));
        }
        if !known {
            if line.is_settled() {
                found.settled = found.end.clone();
            }
            keep(line);
        }
    }
}

/// Whether a process has locked the file, to write to it.
pub fn is_in_use(folder: &Path, name: &str) -> io::Result<bool> {
    match File::open(folder.join(name))?.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Whether a file ends a line with this hash where it is known to.
pub(super) fn check_place(file: &File, head: &Position) -> io::Result<Result<(), Wrong>> {
    if file.metadata()?.len() < head.bytes {
        return Ok(Err(Wrong::Behind));
    }
    let ending = line_ending(&head.hash);
    let mut there = vec![0; ending.len()];
    let Some(from) = head.bytes.checked_sub(ending.len() as u64) else {
        return Ok(Err(Wrong::Replaced));
    };
    file.read_exact_at(&mut there, from)?;
    Ok(if there == ending.as_bytes() {
        Ok(())
    } else {
        Err(Wrong::Replaced)
    })
}

/// Goes on to the end of this line, if it follows. Of a known line only what must be looked at is parsed: the first,
/// and those of a restart.
#[expect(
    clippy::option_option,
    reason = "none: it does not follow; some none: it needs no parsing"
)]
fn take(end: &mut Position, text: &str, known: bool) -> Option<Option<Line>> {
    let hash = checked_hash(text, &end.hash)?.to_owned();
    let is_read = !known || end.lines == 0 || text.contains(super::RESTARTED);
    let line: Option<Line> = is_read.then(|| serde_json::from_str(text)).transpose().ok()?;
    if let Some(line) = &line {
        if line.seq != end.lines {
            return None;
        }
        if line.account_id.is_some() {
            end.latest_at = end.latest_at.max(Some(line.at));
        }
    }
    end.lines += 1;
    end.bytes += text.len() as u64 + 1;
    end.hash = hash;
    Some(line)
}

/// At the head's place must be the head's line.
fn check_head(end: &Position, head: &Position) -> Result<(), Wrong> {
    let is_there = end.bytes >= head.bytes;
    let is_it = (end.bytes, end.lines, &end.hash) == (head.bytes, head.lines, &head.hash);
    if is_there && !is_it {
        return Err(Wrong::Replaced);
    }
    Ok(())
}

fn files_in(line: &Line) -> Vec<String> {
    let files = line.details.get("lost").and_then(serde_json::Value::as_array);
    let names = files.into_iter().flatten().filter_map(serde_json::Value::as_str);
    names.map(str::to_owned).collect()
}

enum Next {
    Whole,
    Unfinished(u64),
    NotText,
}

/// The next line without its break.
fn next_line(reader: &mut impl BufRead, text: &mut String) -> io::Result<Next> {
    use io::Read as _;
    let mut bytes = std::mem::take(text).into_bytes();
    bytes.clear();
    reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes)?;
    if bytes.pop_if(|last| *last == b'\n').is_none() {
        return Ok(if bytes.len() as u64 == LONGEST_LINE {
            Next::NotText
        } else {
            Next::Unfinished(bytes.len() as u64)
        });
    }
    match String::from_utf8(bytes) {
        Ok(line) => {
            *text = line;
            Ok(Next::Whole)
        }
        Err(_) => Ok(Next::NotText),
    }
}
