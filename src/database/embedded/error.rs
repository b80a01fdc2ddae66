//! What can keep the embedded server from starting, each in a sentence for whoever started the portal.

use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    #[error(
        "The embedded database needs PostgreSQL's server programs ({oldest} or newer): install them with \
         `{install}`, or set `database.url` to a server of your own.",
        oldest = super::binaries::OLDEST
    )]
    MissingBinaries { install: &'static str },
    #[error(
        "The database in {} was made by PostgreSQL {major}, whose server programs are not installed: install \
         them with `{install}`.", path.display()
    )]
    MissingVersion {
        path: PathBuf,
        major: u32,
        install: String,
    },
    #[error(
        "PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody` to run it as: \
         start the portal as an ordinary user."
    )]
    NoUser,
    #[error("The database in {} belongs to another user: start the portal as that user.", .0.display())]
    OtherOwner(PathBuf),
    #[error(
        "The database in {} belongs to the data directory {}, which still exists: for an empty database, remove \
         the copied file {}.",
        cluster.display(), original.display(), copied_id.display()
    )]
    Copied {
        cluster: PathBuf,
        original: PathBuf,
        copied_id: PathBuf,
    },
    #[error("The database user {uid} cannot reach {}, where its database stands.", path.display())]
    Unreachable { path: PathBuf, uid: u32 },
    #[error("{} is not a database: it has no file PG_VERSION with a version in it.", .0.display())]
    NotACluster(PathBuf),
    #[error("The file {} is missing or damaged, without which the database cannot be used.", .0.display())]
    DamagedSecret(PathBuf),
    #[error("The directory {} for the database's socket was made by somebody else: remove it.", .0.display())]
    SquattedSocketDir(PathBuf),
    #[error("The database in {} is running as process {pid}, but cannot be reached.", path.display())]
    Unresponsive { path: PathBuf, pid: i32 },
    #[error("{tool} failed: {message}")]
    Tool { tool: &'static str, message: String },
    #[error("Could not {what} {}: {cause}", path.display())]
    Io {
        what: &'static str,
        path: PathBuf,
        cause: io::Error,
    },
    #[error("The system gave no random numbers: {0}")]
    Random(getrandom::Error),
}

/// Says beside an I/O error what was being done with which path.
pub(super) trait Doing<T> {
    fn doing(self, what: &'static str, path: &Path) -> Result<T, EmbeddedError>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, what: &'static str, path: &Path) -> Result<T, EmbeddedError> {
        self.map_err(|cause| EmbeddedError::Io {
            what,
            path: path.to_owned(),
            cause,
        })
    }
}
