//! One line of a ledger file (R19): an object with `seq`, `at`, `event`, `account_id`, `no`, what belongs to the event,
//! and `hash`, which chains it to the line before: SHA-256 over that line's hash (64 zeros before the first) and this
//! line's text without its own `,"hash":"…"`, in lower-case hexadecimal.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::secrets::hex;

/// What the first line of a file is chained to.
pub const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";
const HASH_LABEL: &str = ",\"hash\":\"";
const LINE_END: &str = "\"}";
/// How many bytes the hash takes at the end of a line: label, 64 digits, quote and brace.
const HASH_TAIL: usize = HASH_LABEL.len() + BEGINNING.len() + LINE_END.len();

/// What happened, before it has a place in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    pub at: DateTime<Utc>,
    pub event: String,
    /// None: the line is about the ledger itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_id: Option<Uuid>,
    /// The account's event number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no: Option<i64>,
    #[serde(flatten)]
    pub details: Map<String, Value>,
}

/// A line as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Line {
    /// Of the first line alone: whose ledger this is.
    pub installation: Option<Uuid>,
    /// Counts the lines of a file, from 0.
    pub seq: u64,
    pub at: DateTime<Utc>,
    pub event: String,
    pub account_id: Option<Uuid>,
    pub no: Option<i64>,
    #[serde(flatten)]
    pub details: Map<String, Value>,
}

#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    installation: Option<Uuid>,
    seq: u64,
    #[serde(flatten)]
    entry: &'a Entry,
}

impl Entry {
    /// An event of the ledger itself.
    pub fn of_ledger(at: DateTime<Utc>, event: &str, details: Value) -> Self {
        Self {
            at,
            event: event.to_owned(),
            account_id: None,
            no: None,
            details: members(details),
        }
    }

    /// An event of an account.
    pub fn of_account(at: DateTime<Utc>, event: &str, account: Uuid, no: i64, details: Value) -> Self {
        Self {
            at,
            event: event.to_owned(),
            account_id: Some(account),
            no: Some(no),
            details: members(details),
        }
    }

    /// The line without its line break, and its hash.
    pub(super) fn render(
        &self,
        installation: Option<Uuid>,
        seq: u64,
        previous: &str,
    ) -> Result<(String, String), serde_json::Error> {
        let mut text = serde_json::to_string(&Body {
            installation,
            seq,
            entry: self,
        })?;
        let hash = chain(previous, &[&text]);
        text.pop();
        text.push_str(HASH_LABEL);
        text.push_str(&hash);
        text.push_str(LINE_END);
        Ok((text, hash))
    }
}

impl Line {
    /// Whether it says what was done, and not only that it was tried.
    pub fn has_effect(&self) -> bool {
        self.account_id.is_some() && self.event != super::ERASING
    }

    /// Whether it is only written under the ledger's lock.
    pub(super) fn is_settled(&self) -> bool {
        ![super::ERASING, super::BEGUN, super::CUT].contains(&self.event.as_str())
    }
}

/// The line's hash, if it is the one that follows from its text and the line before.
pub(super) fn checked_hash<'a>(text: &'a str, previous: &str) -> Option<&'a str> {
    let cut = text.len().checked_sub(HASH_TAIL)?;
    let (body, tail) = text.split_at_checked(cut)?;
    let hash = tail.strip_prefix(HASH_LABEL)?.strip_suffix(LINE_END)?;
    (chain(previous, &[body, "}"]) == hash).then_some(hash)
}

/// How a line with this hash ends, its break included.
pub(super) fn line_ending(hash: &str) -> String {
    format!("{HASH_LABEL}{hash}{LINE_END}\n")
}

fn chain(previous: &str, body: &[&str]) -> String {
    let mut digest = Sha256::new();
    digest.update(previous);
    for part in body {
        digest.update(part);
    }
    hex(&digest.finalize())
}

/// Details are objects; anything else says nothing.
fn members(details: Value) -> Map<String, Value> {
    match details {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn entry() -> Entry {
        let at = "2026-11-23T10:00:00.000001Z".parse().unwrap();
        Entry::of_account(
            at,
            "erased",
            Uuid::from_u128(7),
            3,
            json!({ "counts": { "messages": 2 } }),
        )
    }

    #[test]
    fn a_line_reads_as_it_was_written() {
        let (text, hash) = entry().render(None, 5, BEGINNING).unwrap();
        assert_eq!(
            text,
            format!(
                "{{\"seq\":5,\"at\":\"2026-11-23T10:00:00.000001Z\",\"event\":\"erased\",\
                 \"account_id\":\"00000000-0000-0000-0000-000000000007\",\"no\":3,\
                 \"counts\":{{\"messages\":2}},\"hash\":\"{hash}\"}}"
            )
        );
        assert_eq!(checked_hash(&text, BEGINNING), Some(hash.as_str()));
        let line: Line = serde_json::from_str(&text).unwrap();
        assert_eq!((line.seq, line.no, line.event.as_str()), (5, Some(3), "erased"));
        assert_eq!(line.details.get("counts"), Some(&json!({ "messages": 2 })));
    }

    #[test]
    fn a_line_that_was_altered_or_moved_is_found_out() {
        let (text, hash) = entry().render(None, 5, BEGINNING).unwrap();
        assert_eq!(
            checked_hash(&text.replace("\"no\":3", "\"no\":4"), BEGINNING),
            None
        );
        assert_eq!(checked_hash(&text, &hash), None);
        assert_eq!(checked_hash("", BEGINNING), None);
        assert_eq!(checked_hash(&"ü".repeat(100), BEGINNING), None);
    }
    proptest! {
        #[test]
        fn whatever_was_written_is_read_and_whatever_was_altered_is_found_out(
            event in ".{0,20}",
            detail in ".{0,20}",
            account in proptest::option::of(any::<u128>()),
            seq: u64,
            at in any::<prop::sample::Index>(),
        ) {
            let details = json!({ "reason": detail }).as_object().unwrap().clone();
            let instant = DateTime::from_timestamp(1_790_000_000, 1_000).unwrap();
            let written = Entry { at: instant, event, account_id: account.map(Uuid::from_u128), no: Some(1), details };
            let (text, hash) = written.render(None, seq, BEGINNING).unwrap();
            prop_assert_eq!(checked_hash(&text, BEGINNING), Some(hash.as_str()));
            let read: Line = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(read.seq, seq);
            prop_assert_eq!((read.at, read.event, read.account_id), (written.at, written.event, written.account_id));
            prop_assert_eq!(read.details.get("reason"), Some(&Value::from(detail)));
            let (place, one) = text.char_indices().nth(at.index(text.chars().count())).unwrap();
            let other = if one == 'x' { "y" } else { "x" };
            let altered = [&text[..place], other, &text[place + one.len_utf8()..]].concat();
            prop_assert_eq!(checked_hash(&altered, BEGINNING), None);
        }

        #[test]
        fn no_line_makes_the_parser_panic(text in ".{0,120}|.{0,20},\"hash\":\"[0-9a-f]{64}\"\\}") {
            let _ = checked_hash(&text, BEGINNING);
            let _ = serde_json::from_str::<Line>(&text);
        }
    }
}
