//! Making the filter from a list of SHA-1 hashes, as Have I Been Pwned publishes them. The list is read twice, once to
//! count and once to fill, so that memory holds the filter and one line.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read, Seek},
    path::Path,
};

use super::{Breached, Hash, file};
use crate::{clock::Random, whole_file::WholeFile};

/// A hash, a colon, a count of up to 20 digits, and the end of the line.
const LONGEST_LINE: u64 = 40 + 1 + 20 + 2;

/// More would take every instance more than 300 MiB of memory: the most frequent ones are worth more.
const MOST: u64 = 100_000_000;

/// Anybody may read it: it holds nobody's data.
const MODE: u32 = 0o644;

/// What was imported.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Imported {
    pub count: u64,
    pub bytes: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    #[error("{0} cannot be read: {1}")]
    List(String, io::Error),
    #[error("{0} is no regular file: it is read twice")]
    NotRegular(String),
    #[error("line {0} is not a SHA-1 in 40 hexadecimal digits, alone or followed by a colon and a count")]
    Line(u64),
    #[error("there is no hash in it")]
    Empty,
    #[error("there are more than {MOST} hashes in it: take those with the highest counts")]
    TooMany,
    #[error("it was changed while it was read")]
    Changed,
    #[error("{0} cannot be written: {1}")]
    Target(String, io::Error),
}

/// Reads the list and puts the filter at `target`. Whatever fails, what stood there stays.
pub fn import(list: &Path, target: &Path, random: &dyn Random) -> Result<Imported, ImportError> {
    let unreadable = |error| ImportError::List(list.display().to_string(), error);
    let mut file = File::open(list).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(ImportError::NotRegular(list.display().to_string()));
    }
    let count = for_each_hash(&file, |_| ()).map_err(|fault| fault.about(list))?;
    if count == 0 {
        return Err(ImportError::Empty);
    }
    let mut breached = Breached::empty(count);
    file.rewind().map_err(unreadable)?;
    let filled = for_each_hash(&file, |hash| breached.insert(&hash)).map_err(|fault| fault.about(list))?;
    if filled != count {
        return Err(ImportError::Changed);
    }
    let written = write(&breached, target, random);
    let bytes = written.map_err(|error| ImportError::Target(target.display().to_string(), error))?;
    Ok(Imported { count, bytes })
}

fn write(breached: &Breached, target: &Path, random: &dyn Random) -> io::Result<u64> {
    let unfinished = WholeFile::begin(target, MODE, random)?;
    file::write(breached, &unfinished.file)?;
    let bytes = unfinished.file.metadata()?.len();
    unfinished.replace()?;
    Ok(bytes)
}

#[derive(Debug)]
enum Fault {
    Io(io::Error),
    Line(u64),
    TooMany,
}

impl Fault {
    fn about(self, list: &Path) -> ImportError {
        match self {
            Self::Io(error) => ImportError::List(list.display().to_string(), error),
            Self::Line(number) => ImportError::Line(number),
            Self::TooMany => ImportError::TooMany,
        }
    }
}

/// Hands over each line's hash, and returns how many there were.
fn for_each_hash(list: impl Read, mut take: impl FnMut(Hash)) -> Result<u64, Fault> {
    let mut list = BufReader::with_capacity(1 << 16, list);
    let mut line = Vec::with_capacity(64);
    let mut count = 0;
    loop {
        line.clear();
        // One byte more than a line can have: what is longer is malformed, however long it is.
        let mut rest = list.by_ref().take(LONGEST_LINE + 1);
        if rest.read_until(b'\n', &mut line).map_err(Fault::Io)? == 0 {
            return Ok(count);
        }
        count += 1;
        if count > MOST {
            return Err(Fault::TooMany);
        }
        take(parse(&line).ok_or(Fault::Line(count))?);
    }
}

/// `HEX40` or `HEX40:COUNT`, in upper or lower case, with either end of line or none.
pub(super) fn parse(line: &[u8]) -> Option<Hash> {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let (digits, rest) = line.split_first_chunk::<40>()?;
    let is_counted = match rest {
        [] => true,
        [b':', count @ ..] => (1..=20).contains(&count.len()) && count.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    let mut hash = Hash::default();
    for (byte, pair) in hash.iter_mut().zip(digits.as_chunks::<2>().0) {
        *byte = (digit(pair[0])? << 4) | digit(pair[1])?;
    }
    is_counted.then_some(hash)
}

fn digit(character: u8) -> Option<u8> {
    let value = char::from(character).to_digit(16)?;
    u8::try_from(value).ok()
}
