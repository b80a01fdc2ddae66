//! Reporting a message to the desk, and what the desk decides. A report keeps nothing from being erased: only a hold
//! does. What the desk is shown is logged, and nobody sees or decides a report of their own message.

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, FromQueryResult};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    account::NotActive, acting::NoLonger, administration::status::StatusError, limits::TooOften,
    values::Invalid,
};

pub mod decide;
pub mod file;
pub mod lists;
pub mod view;

/// Longest reason of a reporter, in characters.
pub const REASON_LIMIT: usize = 1_000;

/// How many messages are shown beside the reported one: those before it and after it in turn, and more of the one side
/// where the other is short.
const AROUND: usize = 5;

/// What became of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportState)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Open,
    /// The message was removed.
    Removed,
    /// Its author was suspended.
    Suspended,
    Dismissed,
}

impl State {
    /// As it is stored.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Removed => "removed",
            Self::Suspended => "suspended",
            Self::Dismissed => "dismissed",
        }
    }
}

/// A report as the desk lists it, without the message.
#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct Report {
    pub id: Uuid,
    pub message_id: Uuid,
    pub reported_at: DateTime<Utc>,
    #[schema(value_type = State)]
    pub state: String,
    /// Who wrote the message.
    pub reported_id: Uuid,
    /// None: they have left, and their words with them.
    pub reporter_id: Option<Uuid>,
    pub reason: Option<String>,
    pub decided_by: Option<Uuid>,
    pub decided_at: Option<DateTime<Utc>>,
}

#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(transparent)]
    NoLonger(#[from] NoLonger),
    #[error("there is no such message or report for the caller")]
    NotFound,
    #[error("the caller wrote the message")]
    OwnMessage,
    #[error(transparent)]
    TooOften(#[from] TooOften),
    #[error("the report has been decided")]
    Decided,
    #[error("the message is gone")]
    Gone,
    #[error("only who gives roles suspends somebody with one")]
    HasRole,
    #[error(transparent)]
    Status(#[from] StatusError),
    #[error(transparent)]
    Database(#[from] DbErr),
}
