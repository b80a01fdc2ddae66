//! The ledger's lines as they stand in its files (R19), the oldest first. Files only grow, so a place in one is a key.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Seek, SeekFrom},
    path::Path,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    ledger::{files, line::Line},
    portal::Portal,
    values::{Listed, Page},
};

/// So many lines are read for one answer at most: whoever looks for one account's goes on from there.
const LINES: usize = 50_000;

/// A line of the ledger. Nothing in it identifies a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LedgerLine)]
pub struct Entry {
    pub file: String,
    /// Counts the file's lines, from 0.
    pub seq: u64,
    pub at: DateTime<Utc>,
    pub event: String,
    /// None: the line is about the ledger itself.
    pub account_id: Option<Uuid>,
    /// The account's event number.
    pub no: Option<i64>,
    /// What belongs to the event, and the hash that chains the line to the one before.
    #[schema(value_type = Object)]
    pub details: Map<String, Value>,
}

/// Where a page goes on: the file, and the byte in it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Position(String, u64);

#[derive(Debug, thiserror::Error)]
pub enum LedgerListError {
    #[error("no line begins there")]
    NoPlace,
    #[error("the ledger cannot be read")]
    Unreadable(#[from] io::Error),
}

/// The lines, of one account if one is named. There may be more behind a page with fewer than were asked for.
pub async fn list(
    portal: &Portal,
    account: Option<Uuid>,
    page: &Page<Position>,
) -> Result<Listed<Entry>, LedgerListError> {
    let (folder, page) = (portal.ledger.folder().to_owned(), page.clone());
    let reading = tokio::task::spawn_blocking(move || read(&folder, account, &page));
    reading.await.map_err(io::Error::other)?
}

fn read(
    folder: &Path,
    account: Option<Uuid>,
    page: &Page<Position>,
) -> Result<Listed<Entry>, LedgerListError> {
    let names = files::names(folder)?;
    let (first, mut offset) = match &page.after {
        None => (0, 0),
        Some(Position(file, offset)) => {
            let place = names.iter().position(|name| name == file);
            (place.ok_or(LedgerListError::NoPlace)?, *offset)
        }
    };
    let account = account.map(|account| account.to_string());
    let (mut entries, mut lines) = (Vec::new(), 0);
    for name in names.get(first..).unwrap_or_default() {
        let mut file = BufReader::new(File::open(folder.join(name))?);
        file.seek(SeekFrom::Start(offset))
            .map_err(|_| LedgerListError::NoPlace)?;
        let mut text = String::new();
        loop {
            text.clear();
            let length = file.read_line(&mut text)?;
            // The end, or a line that is being written.
            if !text.ends_with('\n') {
                break;
            }
            if entries.len() == page.limit || lines == LINES {
                return Ok(Listed::until(entries, &Position(name.clone(), offset)));
            }
            offset += u64::try_from(length).unwrap_or_default();
            lines += 1;
            if account.as_ref().is_none_or(|account| text.contains(account)) {
                let line = serde_json::from_str(&text).map_err(|_| LedgerListError::NoPlace)?;
                entries.push(entry(name, line));
            }
        }
        offset = 0;
    }
    Ok(Listed {
        items: entries,
        next: None,
    })
}

fn entry(file: &str, line: Line) -> Entry {
    Entry {
        file: file.to_owned(),
        seq: line.seq,
        at: line.at,
        event: line.event,
        account_id: line.account_id,
        no: line.no,
        details: line.details,
    }
}
