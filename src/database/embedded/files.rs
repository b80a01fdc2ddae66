//! Files and directories that only the portal's user reads, written so that a crash leaves the old one or the
//! new one, and so that no symbolic link in a directory given to the database's user leads elsewhere.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::error::{Doing as _, EmbeddedError};

/// Options that create a file as 0600 and never follow a symbolic link.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).mode(0o600).custom_flags(no_follow());
    options
}

/// The absolute data directory, made if need be. Root makes it searchable, so that the user who runs the
/// database can stand in it; its files are 0600 each. An existing directory keeps its permissions.
pub(super) fn data_dir(path: &Path, as_root: bool) -> Result<PathBuf, EmbeddedError> {
    if !path.try_exists().doing("look for", path)? {
        let mode = if as_root { 0o711 } else { 0o700 };
        DirBuilder::new()
            .recursive(true)
            .mode(mode)
            .create(path)
            .doing("create", path)?;
    }
    path.canonicalize().doing("find", path)
}

/// Makes a directory of our own with exactly this mode, whatever the umask, unless it is there.
pub(super) fn own_dir(path: &Path, mode: u32) -> Result<(), EmbeddedError> {
    match DirBuilder::new().mode(mode).create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error).doing("create", path),
        _ => {}
    }
    if fs::symlink_metadata(path).doing("look at", path)?.is_dir() {
        fs::set_permissions(path, Permissions::from_mode(mode)).doing("set the permissions of", path)
    } else {
        Err(io::Error::from(ErrorKind::NotADirectory)).doing("use", path)
    }
}

/// Replaces a file in one step.
pub(super) fn replace(path: &Path, content: &str, mode: u32) -> Result<(), EmbeddedError> {
    let new = path.with_added_extension("new");
    remove_file(&new)?;
    let written = private().create_new(true).open(&new).and_then(|mut file| {
        file.set_permissions(Permissions::from_mode(mode))?;
        file.write_all(content.as_bytes())?;
        file.sync_all()
    });
    written
        .and_then(|()| fs::rename(&new, path))
        .doing("write", path)?;
    path.parent().map_or(Ok(()), sync_dir)
}

/// The last few kilobytes of a file that may be in use; empty if it cannot be read.
pub(super) fn tail(path: &Path) -> String {
    let read = OpenOptions::new()
        .read(true)
        .custom_flags(no_follow())
        .open(path)
        .and_then(|mut file| {
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(8 * 1024)))?;
            let mut text = Vec::new();
            file.take(8 * 1024).read_to_end(&mut text)?;
            Ok(String::from_utf8_lossy(&text).into_owned())
        });
    read.unwrap_or_default()
}

fn no_follow() -> i32 {
    rustix::fs::OFlags::NOFOLLOW.bits().cast_signed()
}

/// Makes a rename in this directory survive a power cut.
pub(super) fn sync_dir(path: &Path) -> Result<(), EmbeddedError> {
    File::open(path)
        .and_then(|dir| dir.sync_all())
        .doing("sync", path)
}

pub(super) fn remove_file(path: &Path) -> Result<(), EmbeddedError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).doing("remove", path),
        _ => Ok(()),
    }
}

pub(super) fn remove_dir(path: &Path) -> Result<(), EmbeddedError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error).doing("remove", path),
        _ => Ok(()),
    }
}

/// This many random bytes as hexadecimal digits.
#[expect(
    clippy::disallowed_methods,
    reason = "the database is there before the portal that has a random source"
)]
pub(super) fn random(bytes: usize) -> Result<String, EmbeddedError> {
    let mut random = vec![0_u8; bytes];
    getrandom::fill(&mut random).map_err(EmbeddedError::Random)?;
    Ok(random
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}")))
}

/// The random value in this file as hexadecimal digits, made with this many bytes if there is none yet.
pub(super) fn secret(path: &Path, bytes: usize) -> Result<String, EmbeddedError> {
    if path.try_exists().doing("look for", path)? {
        return known_secret(path);
    }
    let digits = random(bytes)?;
    replace(path, &format!("{digits}\n"), 0o600)?;
    Ok(digits)
}

/// The random value in this file, which has to be there.
pub(super) fn known_secret(path: &Path) -> Result<String, EmbeddedError> {
    let damaged = || EmbeddedError::DamagedSecret(path.to_owned());
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(damaged()),
        read => read.doing("read", path)?,
    };
    let digits = text.trim();
    // The value becomes part of a path: nothing but digits may stand in it.
    if digits.len() >= 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        Ok(digits.to_owned())
    } else {
        Err(damaged())
    }
}
