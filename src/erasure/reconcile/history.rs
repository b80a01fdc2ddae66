//! What the ledger says of one account beyond what the database knows of it: its lines, in the order of their numbers,
//! folded into what must hold afterwards.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use crate::{leaving::Deadlines, ledger::line::Line, secrets::unhex};

/// A line whose details this program does not understand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event {no} of account {account} in the ledger is not understood")]
pub struct NotUnderstood {
    account: Uuid,
    no: i64,
}

/// A request of deletion, and whether it was undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    pub deadlines: Deadlines,
    pub code_hashes: Vec<Vec<u8>>,
    pub undone_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct PlacedHold {
    pub hold_id: Uuid,
    pub categories: Vec<String>,
    pub basis: String,
    pub review_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub disclose: bool,
    #[serde(skip)]
    pub placed_at: DateTime<Utc>,
    /// The event's number.
    #[serde(skip)]
    pub no: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ReleasedHold {
    pub hold_id: Uuid,
    pub at: DateTime<Utc>,
    pub no: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Item {
    pub table: String,
    pub row_id: Uuid,
    #[serde(skip)]
    pub at: DateTime<Utc>,
    #[serde(skip)]
    pub no: i64,
}

/// What became of one account.
#[derive(Debug, Default)]
pub(super) struct History {
    /// The last event's number.
    pub last_no: i64,
    pub requests: Vec<Request>,
    /// When a request was undone that the database knows.
    pub undone_at: Option<DateTime<Utc>>,
    pub placed: Vec<PlacedHold>,
    pub released: Vec<ReleasedHold>,
    pub changed_at: Option<DateTime<Utc>>,
    pub items: Vec<Item>,
    pub breached_at: Option<DateTime<Utc>>,
    pub erased_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct Requested {
    deleted_at: DateTime<Utc>,
    undo_until: DateTime<Utc>,
    erase_by: DateTime<Utc>,
    receipt_code_hashes: Vec<String>,
}

#[derive(Deserialize)]
struct Released {
    hold_id: Uuid,
}

/// The histories of all accounts in these lines; `known` says how many events of an account the database has seen.
pub(super) fn histories(
    lines: &[&Line],
    known: &BTreeMap<Uuid, i64>,
) -> Result<BTreeMap<Uuid, History>, NotUnderstood> {
    let mut ordered: BTreeMap<(Uuid, i64), &Line> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.has_effect()) {
        if let (Some(account), Some(no)) = (line.account_id, line.no)
            && known.get(&account).is_none_or(|seen| *seen < no)
        {
            ordered.entry((account, no)).or_insert(line);
        }
    }
    let mut histories: BTreeMap<Uuid, History> = BTreeMap::new();
    for ((account, no), line) in ordered {
        let history = histories.entry(account).or_default();
        history.last_no = no;
        history.add(line, no).ok_or(NotUnderstood { account, no })?;
    }
    Ok(histories)
}

impl History {
    fn add(&mut self, line: &Line, no: i64) -> Option<()> {
        let at = line.at;
        match line.event.as_str() {
            "requested" => {
                let requested: Requested = details(line)?;
                let hashes = requested.receipt_code_hashes.iter().map(|hash| unhex(hash));
                self.requests.push(Request {
                    deadlines: Deadlines {
                        deleted_at: requested.deleted_at,
                        undo_until: requested.undo_until,
                        erase_by: requested.erase_by,
                    },
                    code_hashes: hashes.collect::<Option<_>>()?,
                    undone_at: None,
                });
            }
            "undone" => match self.requests.last_mut() {
                Some(request) => request.undone_at = Some(at),
                None => self.undone_at = Some(at),
            },
            "hold_placed" => self.placed.push(PlacedHold {
                placed_at: at,
                no,
                ..details(line)?
            }),
            "hold_released" => self.released.push(ReleasedHold {
                hold_id: details::<Released>(line)?.hold_id,
                at,
                no,
            }),
            "changed" => self.changed_at = Some(at),
            "item_erased" => self.items.push(Item {
                at,
                no,
                ..details(line)?
            }),
            "breached" => self.breached_at = Some(at),
            "erased" => self.erased_at = Some(at),
            _ => return None,
        }
        Some(())
    }

    /// The request that stands in the end, if the lines speak of one.
    pub(super) fn standing_request(&self) -> Option<&Request> {
        self.requests.last().filter(|request| request.undone_at.is_none())
    }

    /// Whether the lines end with the account staying although it was leaving before or in between.
    pub(super) fn stays(&self) -> bool {
        match self.requests.last() {
            Some(request) => request.undone_at.is_some(),
            None => self.undone_at.is_some(),
        }
    }
}

fn details<T: DeserializeOwned>(line: &Line) -> Option<T> {
    serde_json::from_value(Value::Object(line.details.clone())).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use serde_json::json;

    use super::*;

    const ACCOUNT: Uuid = Uuid::from_u128(1);

    fn line(no: i64, event: &str, details: &Value) -> Line {
        let text = json!({ "seq": 0, "at": format!("2026-11-23T10:00:0{no}Z"), "event": event,
            "account_id": ACCOUNT, "no": no, "hash": "" });
        let mut whole = text.as_object().unwrap().clone();
        whole.extend(details.as_object().unwrap().clone());
        serde_json::from_value(Value::Object(whole)).unwrap()
    }

    fn requested(no: i64) -> Line {
        let at = "2026-11-23T10:00:00Z";
        line(
            no,
            "requested",
            &json!({ "deleted_at": at, "undo_until": at, "erase_by": at, "receipt_code_hashes": ["00ff"] }),
        )
    }

    fn history(lines: &[Line], seen: i64) -> History {
        let lines: Vec<&Line> = lines.iter().collect();
        let known = BTreeMap::from([(ACCOUNT, seen)]);
        histories(&lines, &known)
            .unwrap()
            .remove(&ACCOUNT)
            .unwrap_or_default()
    }

    #[test]
    fn lines_count_in_the_order_of_their_numbers_whatever_file_they_stand_in() {
        let lines = [line(3, "undone", &json!({})), requested(2), requested(4)];
        let history = history(&lines, 1);
        assert_eq!(history.last_no, 4);
        assert_eq!(history.requests.len(), 2);
        assert!(history.requests[0].undone_at.is_some());
        assert_eq!(history.standing_request().unwrap().code_hashes, [vec![0, 255]]);
        assert!(!history.stays());
    }

    #[test]
    fn what_the_database_has_seen_is_left_out() {
        let lines = [requested(2), line(3, "undone", &json!({}))];
        let history = history(&lines, 2);
        assert_eq!(history.requests, []);
        assert!(history.undone_at.is_some() && history.stays());
    }

    #[test]
    fn a_line_that_is_not_understood_is_named() {
        let odd = line(7, "requested", &json!({}));
        let error = histories(&[&odd], &BTreeMap::new()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("event 7 of account {ACCOUNT} in the ledger is not understood")
        );
    }
}
