//! Where the cluster stands: in the data directory, or, where root's data directory is closed to the user who
//! runs the database, under `/var/lib/stammtisch`. A cluster that exists decides; it is never left for a new one.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::binaries::Binaries;
use super::error::{Doing as _, EmbeddedError};
use super::files;
use super::owner::Owner;

/// Only root's databases are kept here.
const SHARED: &str = "/var/lib/stammtisch";

/// Names the data directory that a cluster under `/var/lib` belongs to.
const BELONGS_TO: &str = "data_dir";

#[derive(Debug)]
pub(super) struct Place {
    /// Ours, never given away: what the database's user owns stands in subdirectories of it.
    pub(super) dir: PathBuf,
    pub(super) owner: Owner,
    outside: PathBuf,
    exists: bool,
}

impl Place {
    /// Looks for the cluster of this data directory.
    pub(super) fn of(data_dir: &Path, id: &str) -> Result<Self, EmbeddedError> {
        let (inside, outside) = (data_dir.join("postgres"), Path::new(SHARED).join(id));
        for dir in [&inside, &outside] {
            let cluster = dir.join("cluster");
            if cluster.try_exists().doing("look for", &cluster)? {
                let owner = Owner::of_cluster(&cluster)?;
                return Ok(Self {
                    dir: dir.clone(),
                    owner,
                    outside: outside.clone(),
                    exists: true,
                });
            }
        }
        let owner = Owner::of_new_cluster()?;
        Ok(Self {
            dir: inside,
            owner,
            outside,
            exists: false,
        })
    }

    /// The major version that an existing cluster needs, and its directory.
    pub(super) fn version(&self) -> Result<Option<(u32, PathBuf)>, EmbeddedError> {
        if !self.exists {
            return Ok(None);
        }
        let cluster = self.dir.join("cluster");
        let version = cluster.join("PG_VERSION");
        let text = match fs::read_to_string(&version) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            read => read.doing("read", &version)?,
        };
        match text.trim().parse() {
            Ok(major) => Ok(Some((major, cluster))),
            Err(_) => Err(EmbeddedError::NotACluster(cluster)),
        }
    }

    /// Decides where a new cluster stands and makes the directories, with the permissions that they need.
    pub(super) fn settle(mut self, data_dir: &Path, binaries: &Binaries) -> Result<Self, EmbeddedError> {
        if !self.exists {
            if !self.owner.can_enter(data_dir, binaries) {
                self.dir.clone_from(&self.outside);
                files::own_dir(Path::new(SHARED), 0o711)?;
            }
            // The database's user passes through, but can put nothing here that root would come to trust.
            files::own_dir(&self.dir, if self.owner.switched { 0o711 } else { 0o700 })?;
        }
        if !self.owner.can_enter(&self.dir, binaries) {
            return Err(EmbeddedError::Unreachable {
                path: self.dir,
                uid: self.owner.uid,
            });
        }
        if self.dir == self.outside {
            self.claim(data_dir)?;
        }
        Ok(self)
    }

    /// A copied data directory must not get at the original's database; one that was moved takes it along.
    fn claim(&self, data_dir: &Path) -> Result<(), EmbeddedError> {
        let note = self.dir.join(BELONGS_TO);
        let original = fs::read_to_string(&note).unwrap_or_default();
        let original = Path::new(original.trim_end_matches('\n'));
        let id = |dir: &Path| fs::read(dir.join("postgres.id")).ok();
        if original == data_dir {
            return Ok(());
        }
        if original.is_absolute() && id(original).is_some() && id(original) == id(data_dir) {
            return Err(EmbeddedError::Copied {
                cluster: self.dir.clone(),
                original: original.to_owned(),
                copied_id: data_dir.join("postgres.id"),
            });
        }
        files::replace(&note, &format!("{}\n", data_dir.display()), 0o644)
    }
}
