//! The demonstration's mails, read back from their files, newest first.

use std::{fs, path::Path, time::SystemTime};

use chrono::{DateTime, Utc};
use mail_parser::MessageParser;
use tokio::task::spawn_blocking;

use crate::portal::Portal;

/// How many are shown.
const SHOWN: usize = 40;

/// A mail as its reader sees it.
#[derive(Debug, Clone)]
pub struct Mail {
    /// The file's name without its ending.
    pub name: String,
    pub to: String,
    pub subject: String,
    pub sent_at: DateTime<Utc>,
    pub paragraphs: Vec<Paragraph>,
}

/// A paragraph of its text; the portal's own links are one each.
#[derive(Debug, Clone)]
pub struct Paragraph {
    pub text: String,
    pub is_link: bool,
}

/// The newest mails.
pub async fn newest(portal: &Portal) -> Vec<Mail> {
    let folder = portal.settings.data_dir.join("mail");
    let own = portal.settings.server.public_url.to_string();
    let read = spawn_blocking(move || {
        let mut files = files(&folder);
        files.truncate(SHOWN);
        files
            .into_iter()
            .filter_map(|(sent_at, name)| {
                let raw = fs::read(folder.join(format!("{name}.eml"))).ok()?;
                parse(&raw, name, sent_at.into(), &own)
            })
            .collect()
    });
    read.await.unwrap_or_default()
}

/// One of them.
pub async fn one(portal: &Portal, name: &str) -> Option<Mail> {
    newest(portal).await.into_iter().find(|mail| mail.name == name)
}

/// When each was sent, and its name; newest first. A folder that is not there is empty.
fn files(folder: &Path) -> Vec<(SystemTime, String)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry
                .file_name()
                .into_string()
                .ok()?
                .strip_suffix(".eml")?
                .to_owned();
            Some((entry.metadata().ok()?.modified().ok()?, name))
        })
        .collect();
    files.sort_unstable_by(|one, other| other.cmp(one));
    files
}

fn parse(raw: &[u8], name: String, sent_at: DateTime<Utc>, own: &str) -> Option<Mail> {
    let message = MessageParser::default().parse(raw)?;
    let text = message.body_text(0)?;
    let text = text.replace("\r\n", "\n");
    let paragraph = |text: &str| Paragraph {
        is_link: text.starts_with(own) && !text.contains('\n'),
        text: text.replace('\n', " "),
    };
    Some(Mail {
        name,
        to: message.to()?.first()?.address()?.to_owned(),
        subject: message.subject()?.to_owned(),
        sent_at,
        paragraphs: text.trim().split("\n\n").map(paragraph).collect(),
    })
}
