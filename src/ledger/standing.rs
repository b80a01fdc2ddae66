//! How ledger and database stand to each other, as far as this process knows (R20). It begins by knowing nothing: until
//! a comparison has found them level, nobody is served, and nothing is sent, swept or recorded.

use std::{collections::BTreeMap, sync::PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::files::Position;

/// While the database is older, its files are read again this often, or when somebody moved a head.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(30);

#[derive(Debug, Default)]
pub(super) enum Standing {
    /// This process has not compared them.
    #[default]
    Unknown,
    /// All that this installation's files say was in effect.
    Level { installation: Uuid },
    /// The database was older when this was looked at, with these heads.
    Older {
        at: DateTime<Utc>,
        heads: BTreeMap<String, Position>,
    },
}

/// What the last comparison found.
#[derive(Debug, Default)]
pub(super) struct Known(std::sync::Mutex<Standing>);

impl Known {
    pub(super) fn note(&self, found: Standing) {
        *self.lock() = found;
    }

    /// Whose ledger it is, if it was found level.
    pub(super) fn level(&self) -> Option<Uuid> {
        match *self.lock() {
            Standing::Level { installation } => Some(installation),
            Standing::Unknown | Standing::Older { .. } => None,
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(*self.lock(), Standing::Unknown)
    }

    pub(super) fn is_older(&self) -> bool {
        matches!(*self.lock(), Standing::Older { .. })
    }

    /// Whether nothing can have changed since the database was found older.
    pub(super) fn is_still_older(&self, now: DateTime<Utc>, heads_now: &BTreeMap<String, Position>) -> bool {
        match &*self.lock() {
            Standing::Older { at, heads } => (now - *at).abs() < LOOK_AGAIN && heads == heads_now,
            Standing::Unknown | Standing::Level { .. } => false,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Standing> {
        // It is whole after every statement.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
