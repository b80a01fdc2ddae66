//! The list as a file, in numbers of 8 bytes, little endian: what it is and in which version, how many hashes were
//! imported, how many places each has, how many words of bits follow; the words; the SHA-256 of all that.

use std::{
    fs::File,
    io::{self, BufReader, BufWriter, Read, Write},
    path::Path,
};

use fastbloom::BloomFilter;
use sha2::{Digest, Sha256};

use super::{Breached, MARK};

/// "breached", and the version in the last byte.
const MAGIC: u64 = u64::from_be_bytes(*b"breache\x01");
const HEADER_BYTES: u64 = 4 * 8;
const CHECKSUM_BYTES: usize = 32;

pub(super) enum Fault {
    Io(io::Error),
    Damaged(&'static str),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Damaged("it ends too early"),
            _ => Self::Io(error),
        }
    }
}

pub(super) fn write(breached: &Breached, file: &File) -> io::Result<()> {
    let words = breached.filter.as_slice();
    let mut out = Summed::new(BufWriter::new(file));
    out.put(MAGIC)?;
    out.put(breached.count)?;
    out.put(u64::from(breached.filter.num_hashes()))?;
    out.put(words.len() as u64)?;
    for word in words {
        out.put(*word)?;
    }
    let checksum = out.digest.finalize();
    out.inner.write_all(&checksum)?;
    out.inner.flush()
}

pub(super) fn read(path: &Path) -> Result<Breached, Fault> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    let mut from = Summed::new(BufReader::new(file));
    if from.take()? != MAGIC {
        return Err(Fault::Damaged("it is no such list, or of another version"));
    }
    let (count, places, words) = (from.take()?, from.take()?, from.take()?);
    // Before memory is taken for what a damaged number says.
    let expected = words
        .checked_mul(8)
        .and_then(|bytes| bytes.checked_add(HEADER_BYTES + CHECKSUM_BYTES as u64));
    let places = u32::try_from(places).ok().filter(|places| *places > 0);
    let (Some(places), true, 1..) = (places, expected == Some(length), words) else {
        return Err(Fault::Damaged("its length is not right"));
    };
    let mut bits = Vec::with_capacity(usize::try_from(words).unwrap_or(0));
    for _ in 0..words {
        bits.push(from.take()?);
    }
    let checksum = from.digest.finalize();
    let mut stored = [0; CHECKSUM_BYTES];
    from.inner.read_exact(&mut stored)?;
    if checksum.as_slice() != stored {
        return Err(Fault::Damaged("its checksum is not right"));
    }
    let filter = BloomFilter::from_vec(bits).seed(&0).hashes(places);
    if !filter.contains_hash(MARK) {
        return Err(Fault::Damaged("it was written by another version"));
    }
    Ok(Breached { filter, count })
}

/// What is written or read, and the checksum of it so far.
struct Summed<T> {
    inner: T,
    digest: Sha256,
}

impl<T> Summed<T> {
    fn new(inner: T) -> Self {
        Self {
            inner,
            digest: Sha256::new(),
        }
    }
}

impl<T: Write> Summed<T> {
    fn put(&mut self, number: u64) -> io::Result<()> {
        let bytes = number.to_le_bytes();
        self.digest.update(bytes);
        self.inner.write_all(&bytes)
    }
}

impl<T: Read> Summed<T> {
    fn take(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.inner.read_exact(&mut bytes)?;
        self.digest.update(bytes);
        Ok(u64::from_le_bytes(bytes))
    }
}
