//! Mails as files, for trying the portal out: one `.eml` each, readable by this user only, named after account and
//! mail, so that it goes with the account (contract, `mail.url`).

use std::{
    collections::HashSet,
    fs, io,
    io::Write,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::SystemTime,
};

use chrono::{DateTime, Utc};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{Envelope, Outcome};

#[derive(Debug, Clone)]
pub struct FileDrop {
    dir: PathBuf,
}

impl FileDrop {
    pub fn new(dir: PathBuf) -> Self {
        Self { dir }
    }

    pub async fn send(&self, envelope: &Envelope, message: Vec<u8>) -> Outcome {
        let dir = self.dir.clone();
        let stem = format!("{}_{}", envelope.account_id, envelope.mail_id);
        let sent_at = envelope.sent_at.into();
        match blocking(move || write(&dir, &stem, &message, sent_at)).await {
            Ok(()) => Outcome::Sent,
            Err(error) => {
                tracing::warn!(mail = %envelope.mail_id, error = %error.kind(), "a mail could not be written");
                Outcome::Failed
            }
        }
    }

    pub async fn forget_accounts(&self, accounts: HashSet<Uuid>) -> io::Result<()> {
        self.remove(move |account, _| Ok(accounts.contains(&account)))
            .await
            .map(|_| ())
    }

    pub async fn forget_before(&self, before: DateTime<Utc>) -> io::Result<u64> {
        let before = SystemTime::from(before);
        self.remove(move |_, path| Ok(fs::metadata(path)?.modified()? < before))
            .await
    }

    /// Removes the files that this transport has named, half-written ones too, where `chosen` says so. One that is
    /// gone meanwhile was removed by someone else. Others are tried even if one fails.
    async fn remove<F>(&self, chosen: F) -> io::Result<u64>
    where
        F: Fn(Uuid, &Path) -> io::Result<bool> + Send + 'static,
    {
        let dir = self.dir.clone();
        blocking(move || {
            let entries = match fs::read_dir(&dir) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
                entries => entries?,
            };
            let mut removed = 0;
            let mut outcome = Ok(());
            for entry in entries {
                let path = entry?.path();
                let Some(account) = account_of(&path) else {
                    continue;
                };
                let done = chosen(account, &path).and_then(|chosen| {
                    if chosen {
                        fs::remove_file(&path).map(|()| 1)
                    } else {
                        Ok(0)
                    }
                });
                match done {
                    Ok(files) => removed += files,
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    Err(error) => outcome = Err(error),
                }
            }
            outcome.map(|()| removed)
        })
        .await
    }
}

/// Writes beside and renames, so that a reader never sees half a mail. Not flushed to the disk: what a power failure
/// takes from a trial can be asked for again.
fn write(dir: &Path, stem: &str, message: &[u8], sent_at: SystemTime) -> io::Result<()> {
    // A directory that is there keeps the mode its owner gave it.
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    // The process is part of the name: two of them never write the same file.
    let part = dir.join(format!("{stem}.{}.part", std::process::id()));
    let written =
        write_new(&part, message, sent_at).and_then(|()| fs::rename(&part, dir.join(format!("{stem}.eml"))));
    if written.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(&part);
    }
    written
}

fn write_new(path: &Path, message: &[u8], sent_at: SystemTime) -> io::Result<()> {
    // What an earlier process of the same number left would keep its own mode.
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(message)?;
    // By the portal's clock, as everything that decides when a mail goes.
    file.set_modified(sent_at)
}

/// The account whose mail this is, if this transport has written it.
fn account_of(path: &Path) -> Option<Uuid> {
    let (account, rest) = path.file_name()?.to_str()?.split_once('_')?;
    let (mail, ending) = rest.split_once('.')?;
    mail.parse::<Uuid>().ok()?;
    (ending == "eml" || ending.strip_suffix(".part").is_some()).then(|| account.parse().ok())?
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)?
}
