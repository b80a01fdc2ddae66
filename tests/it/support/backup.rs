//! Backups as operators make them: with `pg_dump`, restored into another database with `pg_restore`.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use super::{
    TestPortal,
    database::{TestDatabase, address},
    portal::Home,
};

/// A dump in a file of its own.
pub struct Backup(PathBuf);

impl TestPortal {
    /// Everything in the database, now.
    pub fn backup(&self) -> Backup {
        let name = format!("backup-{}", self.portal.random.uuid_v4());
        let path = self.home.folder.path().with_extension(name);
        let file = path.to_string_lossy();
        let url = self.home.database.url();
        run(
            "pg_dump",
            &[
                "--format=custom",
                "--no-password",
                "--file",
                &file,
                "--dbname",
                &url,
            ],
        );
        Backup(path)
    }

    /// Another installation that is the same in everything: database, ledger, key and mails.
    pub async fn copy(&self) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        copy_files(self.home.folder.path(), folder.path()).expect("the files are copied");
        self.portal.ledger.release().await;
        let home = Home {
            folder: Arc::new(folder),
            database: self.home.database.copy().await,
        };
        Self::at(Arc::new(home), Arc::clone(&self.clock), "").await
    }

    /// The same installation with new connections: its server was away.
    pub async fn again(&self) -> Self {
        Self::at(Arc::clone(&self.home), Arc::clone(&self.clock), "").await
    }

    /// The same installation with the database as it was in the backup: ledger, key and mails stay what they are.
    pub async fn restored(&self, backup: &Backup) -> Self {
        self.restored_on(backup, &address()).await
    }

    /// The same in a database with two roles, by the application's; to be migrated before it is used.
    pub fn restore_into(backup: &Backup, database: &TestDatabase) {
        let file = backup.0.to_string_lossy();
        run(
            "pg_restore",
            &[
                "--no-owner",
                "--no-privileges",
                "--no-password",
                "--exit-on-error",
                "--dbname",
                &database.url(),
                &file,
            ],
        );
    }

    /// The same installation on a restored database.
    pub async fn moved_to(&self, database: TestDatabase) -> Self {
        let home = Home {
            folder: Arc::clone(&self.home.folder),
            database,
        };
        Self::at(Arc::new(home), Arc::clone(&self.clock), "").await
    }

    /// The same on another server.
    pub async fn restored_on(&self, backup: &Backup, server: &str) -> Self {
        let database = TestDatabase::create_empty(server).await;
        let file = backup.0.to_string_lossy();
        run(
            "pg_restore",
            &[
                "--no-owner",
                "--no-password",
                "--exit-on-error",
                "--dbname",
                &database.url(),
                &file,
            ],
        );
        let home = Home {
            folder: Arc::clone(&self.home.folder),
            database,
        };
        Self::at(Arc::new(home), Arc::clone(&self.clock), "").await
    }
}

impl Drop for Backup {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

fn copy_files(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            fs::create_dir(&target)?;
            copy_files(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Runs one of PostgreSQL's programs, and answers what it printed.
pub fn run(program: &str, arguments: &[&str]) -> Vec<u8> {
    let done = Command::new(find(program))
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    let complaint = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{program}: {complaint}");
    done.stdout
}

/// The newest of Debian's or Homebrew's, which is never older than the server, or else the one in PATH.
pub fn find(program: &str) -> PathBuf {
    let places = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];
    let entries = places
        .iter()
        .flat_map(|place| fs::read_dir(place).into_iter().flatten());
    let programs = entries
        .filter_map(|entry| Some(entry.ok()?.path().join("bin").join(program)))
        .filter(|path| path.is_file());
    let version = |path: &PathBuf| -> u32 {
        let folder = path.ancestors().nth(2).and_then(Path::file_name);
        let name = folder.unwrap_or_default().to_string_lossy();
        let digits: String = name.chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap_or_default()
    };
    programs
        .max_by_key(version)
        .unwrap_or_else(|| PathBuf::from(program))
}
