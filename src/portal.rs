//! What every capability is handed: database, clocks, settings, passwords, mail, key, inventory.

use std::{ops::Deref, sync::Arc};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    announcements::Announcements,
    attempt_keys::AttemptKeys,
    clock::{Clock, DatabaseClock, Random},
    database::Pool,
    inventory::Inventory,
    ledger::Ledger,
    mail::transport::Transport,
    passwords::Passwords,
    refusals::{Refusals, Refused},
    searches::Searches,
    secrets::Secrets,
    settings::Settings,
    streams::Streams,
};

/// Cheap to clone: one per process, shared by all.
#[derive(Clone)]
pub struct Portal(Arc<Parts>);

pub struct Parts {
    pub database: Pool,
    pub settings: Settings,
    pub clock: Arc<dyn Clock>,
    pub database_clock: Arc<dyn DatabaseClock>,
    pub random: Arc<dyn Random>,
    pub passwords: Passwords,
    pub transport: Transport,
    pub secrets: Secrets,
    /// Under which key tries to get in are counted.
    pub attempt_keys: AttemptKeys,
    pub inventory: &'static Inventory,
    pub ledger: Ledger,
    /// Whether this is a demonstration, whose mails anybody may read.
    pub is_demo: bool,
    /// Rung when a mail was queued or a request noted, so that the worker need not wait for its next look.
    pub post: Notify,
    /// Tells other processes what was committed.
    pub announcements: Announcements,
    /// Whom this process tells what happens.
    pub streams: Streams,
    /// Who searches in this process.
    pub searches: Searches,
    /// Who was refused, until it stands in the audit trail.
    pub refusals: Refusals,
}

impl Portal {
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Notes for the audit trail that somebody was refused this.
    pub fn note_refused(&self, refused: Refused, account: Uuid) {
        self.refusals.note(refused, account, self.now());
    }

    /// An id for a row that is listed by time.
    pub fn new_id(&self) -> Uuid {
        self.random.uuid_v7(self.clock.now())
    }

    /// An id for a row that is listed by time behind `newest`, and its instant: later than that one's, whatever the clock
    /// says. Those of several processes are apart, and any of them may be set back.
    pub fn new_id_behind(&self, newest: Option<Uuid>) -> (Uuid, DateTime<Utc>) {
        let now = self.now();
        let id = self.random.uuid_v7(now);
        match newest.filter(|newest| id <= *newest).and_then(instant_of) {
            Some(newest) => {
                let at = newest + TimeDelta::milliseconds(1);
                (self.random.uuid_v7(at), at)
            }
            None => (id, now),
        }
    }
}

/// The instant in an id of version 7, to the millisecond.
fn instant_of(id: Uuid) -> Option<DateTime<Utc>> {
    let (seconds, nanoseconds) = id.get_timestamp()?.to_unix();
    DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanoseconds)
}

impl Deref for Portal {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
