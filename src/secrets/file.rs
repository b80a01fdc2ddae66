//! The key file itself: made at the first start, and rotated by `stammtisch secrets rotate`. Whoever reads it sees it
//! whole, before or after.

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::{MetadataExt, fchown},
    path::Path,
};

use zeroize::Zeroizing;

use super::{
    SecretsError,
    keys::{Key, Keys},
};
use crate::{
    clock::Random,
    whole_file::{WholeFile, folder_of},
};

/// Readable by its owner alone.
const MODE: u32 = 0o600;

pub(super) fn read(path: &Path) -> Result<Keys, SecretsError> {
    let text = Zeroizing::new(fs::read_to_string(path).map_err(SecretsError::io(path))?);
    Keys::parse(&text).map_err(|fault| SecretsError::Malformed {
        path: path.display().to_string(),
        fault,
    })
}

/// Makes the file with one new key where there is none. Of several processes that start at once one makes it.
pub(super) fn create_if_missing(path: &Path, random: &dyn Random) -> Result<(), SecretsError> {
    if path.exists() {
        return Ok(());
    }
    let created = fs::create_dir_all(folder_of(path)).and_then(|()| {
        let mut made = WholeFile::begin(path, MODE, random)?;
        made.file.write_all(new_key(random).to_line().as_bytes())?;
        made.keep_first()
    });
    created.map_err(SecretsError::io(path))
}

/// Puts a new key in front and keeps the others, and returns how many those are. The file stays its owner's, whoever
/// rotates it; several who do so at once do it one after another.
///
/// # Errors
/// There is no key file, it cannot be replaced, or it is malformed; it is as it was then.
pub fn rotate(path: &Path, random: &dyn Random) -> Result<usize, SecretsError> {
    let failed = SecretsError::io(path);
    // Where a link leads to a file elsewhere, that file is replaced, not the link.
    let path = fs::canonicalize(path).map_err(&failed)?;
    let folder = File::open(folder_of(&path)).map_err(&failed)?;
    folder.lock().map_err(&failed)?;
    let older = read(&path)?;
    replace(&path, &older, random).map_err(failed)?;
    Ok(older.iter().count())
}

fn replace(path: &Path, older: &Keys, random: &dyn Random) -> io::Result<()> {
    let owner = fs::metadata(path)?;
    let mut made = WholeFile::begin(path, MODE, random)?;
    let mine = made.file.metadata()?;
    if (mine.uid(), mine.gid()) != (owner.uid(), owner.gid()) {
        fchown(&made.file, Some(owner.uid()), Some(owner.gid()))?;
    }
    made.file.write_all(new_key(random).to_line().as_bytes())?;
    for key in older.iter() {
        made.file.write_all(key.to_line().as_bytes())?;
    }
    made.replace()
}

fn new_key(random: &dyn Random) -> Key {
    let mut bytes = Zeroizing::new([0; 32]);
    random.fill(bytes.as_mut_slice());
    Key::new(bytes)
}
