//! A file that appears whole or not at all, whoever stops the process and whenever.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use crate::clock::Random;

/// What is written beside its place until it is complete. Dropped before, it is removed.
#[derive(Debug)]
pub struct WholeFile {
    place: PathBuf,
    unfinished: PathBuf,
    pub file: File,
}

impl WholeFile {
    /// Begins a file that will stand at `place`, with these permissions.
    pub fn begin(place: &Path, mode: u32, random: &dyn Random) -> io::Result<Self> {
        let mut unfinished = place.as_os_str().to_owned();
        unfinished.push(format!(".{}", random.uuid_v4()));
        let unfinished = PathBuf::from(unfinished);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(&unfinished)?;
        Ok(Self {
            place: place.to_owned(),
            unfinished,
            file,
        })
    }

    /// Puts it in its place; what stood there is gone.
    pub fn replace(self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.unfinished, &self.place)?;
        sync_folder(&self.place)
    }

    /// Puts it in its place unless something stands there already, which then stays.
    pub fn keep_first(self) -> io::Result<()> {
        self.file.sync_all()?;
        match fs::hard_link(&self.unfinished, &self.place) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(error),
            Ok(()) => sync_folder(&self.place),
        }
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        // After a rename there is nothing to remove.
        let _ = fs::remove_file(&self.unfinished);
    }
}

/// The folder that a file stands in.
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A name is only kept for certain once its folder is.
fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}
