//! The key of the day that this process knows: under it tries to get in are counted (`attempts/key.rs`).

use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};

use crate::secrets::Key;

/// One key at most, with the instant at which it ends.
#[derive(Default)]
pub struct AttemptKeys(Mutex<Option<(Key, DateTime<Utc>)>>);

impl AttemptKeys {
    /// The key, if it is good until then; one that is not is wiped.
    pub fn known(&self, is_good: impl FnOnce(DateTime<Utc>) -> bool) -> Option<Key> {
        let mut known = self.lock();
        if known.as_ref().is_some_and(|(_, ends_at)| !is_good(*ends_at)) {
            *known = None;
        }
        known.as_ref().map(|(key, _)| key.clone())
    }

    pub fn keep(&self, key: Key, ends_at: DateTime<Utc>) {
        *self.lock() = Some((key, ends_at));
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Key, DateTime<Utc>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
