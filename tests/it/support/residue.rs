//! Where data could stay behind: a dump, what PostgreSQL samples and logs, and every file of the portal.

use std::{env, fs, path::Path, path::PathBuf, process::Command};

use url::Url;

use super::TestPortal;

impl TestPortal {
    /// The test's database as `pg_dump --data-only` writes it, and then every row as text, since a dump leaves
    /// generated columns out.
    pub async fn dump(&self) -> String {
        let mut url = Url::parse(&env::var("TEST_DATABASE_URL").expect("the test server has an address"))
            .expect("TEST_DATABASE_URL is a URL");
        url.set_path(&self.scalar::<String>("SELECT current_database()::text").await);
        let dumped = Command::new(pg_dump())
            .args(["--data-only", "--no-password", "--dbname", url.as_str()])
            .output()
            .expect("pg_dump runs");
        assert!(
            dumped.status.success(),
            "{}",
            String::from_utf8_lossy(&dumped.stderr)
        );
        let mut dump = String::from_utf8_lossy(&dumped.stdout).into_owned();
        for table in self.tables().await {
            let rows: Vec<String> = self.column(&format!("SELECT t::text FROM {table} t")).await;
            dump.push_str(&rows.join("\n"));
        }
        dump
    }

    /// What the planner keeps of the values (R4).
    pub async fn statistics(&self) -> String {
        let columns: Vec<String> = self.column("SELECT s::text FROM pg_stats s").await;
        let together: Vec<String> = self.column("SELECT s::text FROM pg_statistic_ext_data s").await;
        columns.join("\n") + &together.join("\n")
    }

    /// Every file under the portal's data folder but the key: mails, and the ledger where it is written.
    pub fn files(&self) -> String {
        let mut texts = Vec::new();
        collect(self.home.folder.path(), &mut texts);
        texts.join("\n")
    }

    /// The database server's own log. Other tests write there, too.
    pub async fn server_log(&self) -> String {
        let data: String = self.scalar("SHOW data_directory").await;
        let log = Path::new(&data).with_file_name("server.log");
        let read = fs::read(&log).unwrap_or_else(|error| panic!("{}: {error}", log.display()));
        String::from_utf8_lossy(&read).into_owned()
    }
}

fn collect(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("the folder is read") {
        let path = entry.expect("the folder is read").path();
        if path.is_dir() {
            collect(&path, texts);
        } else if path.file_name().is_some_and(|name| name != "key") {
            let bytes = fs::read(&path).expect("the file is read");
            // Mails break long lines in their text.
            let text = String::from_utf8_lossy(&bytes).replace("=\r\n", "");
            texts.push(format!("{}\n{text}", path.display()));
        }
    }
}

/// The newest `pg_dump` of Debian's or Homebrew's, which is never older than the server, or else the one in PATH.
fn pg_dump() -> PathBuf {
    let places = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];
    let entries = places
        .iter()
        .flat_map(|place| fs::read_dir(place).into_iter().flatten());
    let programs = entries
        .filter_map(|entry| Some(entry.ok()?.path().join("bin/pg_dump")))
        .filter(|path| path.is_file());
    let version = |path: &PathBuf| -> u32 {
        let text = path.to_string_lossy();
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse().unwrap_or_default()
    };
    programs
        .max_by_key(version)
        .unwrap_or_else(|| PathBuf::from("pg_dump"))
}
