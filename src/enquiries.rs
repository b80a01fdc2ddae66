//! Questions to the operator: threads between a member and the desk. All of one is its member's and goes with them (R3);
//! of an administrator it holds an id, which goes with the administrator.

pub mod answer;
pub mod ask;
pub mod assign;
pub mod close;
pub mod desk;
mod lock;
pub mod own;
mod thread;
pub mod write;

use chrono::{DateTime, Utc};
use entity::enquiry::State;
use sea_orm::{DbErr, FromQueryResult};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{account::NotActive, acting::NoLonger, limits::TooOften, values::Invalid};

pub use thread::Entry;

/// Longest subject and texts, in characters.
pub const SUBJECT_LIMIT: usize = 200;
pub const BODY_LIMIT: usize = 10_000;

/// An enquiry as its member sees it in a list.
#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct Enquiry {
    pub id: Uuid,
    pub subject: String,
    /// What was asked first.
    pub body: String,
    pub asked_at: DateTime<Utc>,
    /// The operator's latest answer.
    pub answer: Option<String>,
    pub answered_at: Option<DateTime<Utc>>,
    #[schema(value_type = String, pattern = "^(open|answered|closed)$")]
    pub state: State,
    /// When somebody last wrote in it.
    pub last_activity_at: DateTime<Utc>,
}

/// What the list shows of the texts of an enquiry (as `e`): the first question, and the latest answer.
const TEXTS: &str = "CROSS JOIN LATERAL (SELECT q.body FROM enquiry_entry q WHERE q.enquiry_id = e.id ORDER BY q.id LIMIT 1) question
     LEFT JOIN LATERAL (SELECT r.body, r.written_at, r.written_by FROM enquiry_entry r
         WHERE r.enquiry_id = e.id AND r.by_operator ORDER BY r.id DESC LIMIT 1) answer ON true";

#[derive(Debug, thiserror::Error)]
pub enum EnquiryError {
    #[error(transparent)]
    Invalid(#[from] Invalid),
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(transparent)]
    NoLonger(#[from] NoLonger),
    #[error("there is no such enquiry for the caller")]
    NotFound,
    #[error(transparent)]
    TooOften(#[from] TooOften),
    #[error("the key was used for another text")]
    KeyReused,
    #[error("somebody else answered meanwhile")]
    Answered,
    #[error(transparent)]
    Database(#[from] DbErr),
}
