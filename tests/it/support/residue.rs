//! Where data could stay behind: a dump, what PostgreSQL samples and logs, and every file of the portal.

use std::{fs, path::Path};

use stammtisch::erasure::vacuum::{WordIndex, word_indexes};

use super::{TestPortal, backup::run};

impl TestPortal {
    /// The test's database as `pg_dump --data-only` writes it, and then every row as text, since a dump leaves
    /// generated columns out.
    pub async fn dump(&self) -> String {
        let url = self.home.database.url();
        let dumped = run("pg_dump", &["--data-only", "--no-password", "--dbname", &url]);
        let mut dump = String::from_utf8_lossy(&dumped).into_owned();
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

    /// What stands in the files of the indexes over people's words, whether or not anything still leads there.
    pub async fn words_in_indexes(&self) -> String {
        self.execute("CHECKPOINT").await;
        let mut texts = String::new();
        for WordIndex { index, .. } in word_indexes(&self.portal).await.expect("the catalogue is read") {
            let file = format!("SELECT pg_read_binary_file(pg_relation_filepath('{index}'))");
            let file: Vec<u8> = self.scalar(&file).await;
            texts.push_str(&String::from_utf8_lossy(&file));
        }
        texts
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
