//! The ledger (R19 to R21). Events are written to their table in the transaction that causes them, numbered per
//! account under its lock, and from there to files outside the database. Nothing in them identifies a person.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::sql;

pub mod files;
pub mod heads;
pub mod line;
mod restart;
mod standing;
mod store;
mod survey;
mod writer;

pub use store::{Comparison, Ledger, LedgerError};

/// Events of the ledger itself, which are about no account: a file was begun, an unfinished line was cut off.
const BEGUN: &str = "begun";
const CUT: &str = "cut";
/// The ledger was lost and begun anew.
pub const RESTARTED: &str = "restarted";
/// A restored database was brought up to it.
pub const RECONCILED: &str = "reconciled";
/// An account's erasure was tried: alone among the events it is written to the file at once, and it may repeat.
pub const ERASING: &str = "erasing";

/// What happened to an account's data.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<'a> {
    Requested {
        deleted_at: DateTime<Utc>,
        undo_until: DateTime<Utc>,
        erase_by: DateTime<Utc>,
        receipt_code_hashes: Vec<String>,
    },
    Undone,
    HoldPlaced {
        hold_id: Uuid,
        categories: &'a [String],
        basis: &'a str,
        review_at: DateTime<Utc>,
        expires_at: Option<DateTime<Utc>>,
        disclose: bool,
    },
    HoldReleased {
        hold_id: Uuid,
    },
    /// A value of this cluster was replaced.
    Changed {
        cluster: &'a str,
    },
    ItemErased {
        table: &'a str,
        row_id: Uuid,
    },
}

impl Event<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::Requested { .. } => "requested",
            Self::Undone => "undone",
            Self::HoldPlaced { .. } => "hold_placed",
            Self::HoldReleased { .. } => "hold_released",
            Self::Changed { .. } => "changed",
            Self::ItemErased { .. } => "item_erased",
        }
    }

    fn details(&self) -> Value {
        match self {
            Self::Requested {
                deleted_at,
                undo_until,
                erase_by,
                receipt_code_hashes,
            } => json!({
                "deleted_at": deleted_at, "undo_until": undo_until, "erase_by": erase_by,
                "receipt_code_hashes": receipt_code_hashes,
            }),
            Self::Undone => json!({}),
            Self::HoldPlaced {
                hold_id,
                categories,
                basis,
                review_at,
                expires_at,
                disclose,
            } => json!({
                "hold_id": hold_id, "categories": categories, "basis": basis,
                "review_at": review_at, "expires_at": expires_at, "disclose": disclose,
            }),
            Self::HoldReleased { hold_id } => json!({ "hold_id": hold_id }),
            Self::Changed { cluster } => json!({ "cluster": cluster }),
            Self::ItemErased { table, row_id } => json!({ "table": table, "row_id": row_id }),
        }
    }
}

/// Numbers the event under the account's row lock, which the numbering itself takes where the caller has not, and
/// writes it. `erased` and `erasing` are written by the sweep, for many accounts at once.
pub async fn record(
    transaction: &impl ConnectionTrait,
    account: Uuid,
    at: DateTime<Utc>,
    event: Event<'_>,
) -> Result<(), DbErr> {
    transaction
        .execute_raw(sql(
            "WITH numbered AS (UPDATE account SET event_no = event_no + 1 WHERE id = $1 RETURNING event_no)
             INSERT INTO ledger_event (at, event, account_id, no, details)
             SELECT $2, $3, $1, event_no, $4 FROM numbered",
            [
                account.into(),
                at.into(),
                event.name().into(),
                event.details().into(),
            ],
        ))
        .await?;
    Ok(())
}
