//! The directory of the server's socket: beside the cluster, or, as a socket's path is limited, a short one.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use super::PORT;
use super::error::{Doing as _, EmbeddedError};
use super::files;
use super::owner::Owner;
use super::place::Place;

/// Bytes in `sockaddr_un.sun_path` without its closing zero (unix(7); on macOS 104 with it).
const LIMIT: usize = if cfg!(target_os = "macos") { 103 } else { 107 };

/// The socket's directory, made so that only the database's user (and root) can reach in. The server must not
/// be running.
pub(super) fn prepare(place: &Place, id: &str) -> Result<PathBuf, EmbeddedError> {
    let dir = choose(&place.dir.join("run"), id);
    match DirBuilder::new().mode(0o700).create(&dir) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error).doing("create", &dir),
        _ => {}
    }
    if !is_private(&dir, place.owner)? {
        return Err(EmbeddedError::SquattedSocketDir(dir));
    }
    place.owner.give(&dir)?;
    // A killed server leaves these; it would refuse to start if its number were somebody else's by now.
    for left in [format!(".s.PGSQL.{PORT}.lock"), format!(".s.PGSQL.{PORT}")] {
        files::remove_file(&dir.join(left))?;
    }
    Ok(dir)
}

/// After the server's end; the directory beside the cluster stays.
pub(super) fn clean_up(place: &Place, id: &str) {
    let dir = choose(&place.dir.join("run"), id);
    if dir != place.dir.join("run") {
        // What is still in use or was never there is no reason to fail.
        let _ = fs::remove_dir(&dir);
    }
}

/// The short directory's name is told to nobody before it exists: the id is random and stands in a file 0600.
fn choose(beside: &Path, id: &str) -> PathBuf {
    let length = beside.as_os_str().len() + format!("/.s.PGSQL.{PORT}").len();
    if length <= LIMIT {
        beside.to_owned()
    } else {
        Path::new("/tmp").join(format!("stammtisch-{id}"))
    }
}

/// Whether a directory is the database's user's (or still ours) and closed to everyone else.
fn is_private(dir: &Path, owner: Owner) -> Result<bool, EmbeddedError> {
    let metadata = fs::symlink_metadata(dir).doing("look at", dir)?;
    let ours = metadata.uid() == owner.uid || (owner.switched && metadata.uid() == 0);
    Ok(metadata.is_dir() && ours && metadata.mode().trailing_zeros() >= 6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_stands_beside_the_cluster_up_to_the_limit_and_elsewhere_beyond_it() {
        let suffix = "/.s.PGSQL.5432".len();
        let longest = format!("/{}", "x".repeat(LIMIT - suffix - 1));
        assert_eq!(choose(Path::new(&longest), "00ff"), Path::new(&longest));
        let longer = format!("{longest}x");
        assert_eq!(
            choose(Path::new(&longer), "00ff"),
            Path::new("/tmp/stammtisch-00ff")
        );
    }

    #[test]
    fn the_limit_counts_bytes() {
        let umlauts = format!("/{}", "ä".repeat(50));
        assert_eq!(
            choose(Path::new(&umlauts), "00ff"),
            Path::new("/tmp/stammtisch-00ff")
        );
    }
}
