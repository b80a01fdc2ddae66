//! Who was refused in this process, until it is written to the audit trail (`audit/refused.rs`). Rule kept here: at most
//! one entry an hour of an account and a kind, so that nobody floods the trail.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

/// Of what comes again within this time nothing is written.
pub const ONE_IN: TimeDelta = TimeDelta::hours(1);

/// What somebody was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refused {
    /// With a wrong password, or with a right one for an account that may not sign in.
    SignIn,
    /// To whoever is signed in, with a wrong password.
    Proof,
    /// To whoever gave a right password, with a wrong code.
    Code,
    /// To whoever is signed in: it takes another role.
    Access,
}

impl Refused {
    pub fn code(self) -> &'static str {
        match self {
            Self::SignIn => "session.refused",
            Self::Proof => "proof.refused",
            Self::Code => "code.refused",
            Self::Access => "access.refused",
        }
    }

    /// Whether it is known who tried.
    pub fn has_actor(self) -> bool {
        matches!(self, Self::Proof | Self::Access)
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Noted {
    pub refused: Refused,
    pub account: Uuid,
    pub at: DateTime<Utc>,
}

/// What this process noted.
#[derive(Default)]
pub struct Refusals(Mutex<State>);

#[derive(Default)]
struct State {
    waiting: Vec<Noted>,
    lately: HashMap<(Refused, Uuid), DateTime<Utc>>,
}

impl Refusals {
    /// Notes it, unless the same was noted within the hour.
    pub fn note(&self, refused: Refused, account: Uuid, now: DateTime<Utc>) {
        let mut state = self.lock();
        let known = state.lately.get(&(refused, account));
        if known.is_some_and(|at| is_lately(*at, now)) {
            return;
        }
        state.lately.insert((refused, account), now);
        state.waiting.push(Noted {
            refused,
            account,
            at: now,
        });
    }

    /// What is still to be written.
    pub fn take(&self, now: DateTime<Utc>) -> Vec<Noted> {
        let mut state = self.lock();
        state.lately.retain(|_, at| is_lately(*at, now));
        std::mem::take(&mut state.waiting)
    }

    /// It could not be written.
    pub fn put_back(&self, noted: Vec<Noted>) {
        self.lock().waiting.extend(noted);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A clock that was set back makes nobody unseen.
fn is_lately(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - at).abs() < ONE_IN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_again_within_the_hour_is_noted_once_and_each_kind_by_itself() {
        let refusals = Refusals::default();
        let now = DateTime::UNIX_EPOCH;
        let (anna, bert) = (Uuid::nil(), Uuid::max());
        for minutes in [0, 1, 59, 60, 61] {
            refusals.note(Refused::SignIn, anna, now + TimeDelta::minutes(minutes));
        }
        refusals.note(Refused::SignIn, bert, now);
        refusals.note(Refused::Access, anna, now);
        let noted = refusals.take(now);
        let of = |refused, account| {
            let matching = |noted: &&Noted| noted.refused == refused && noted.account == account;
            noted.iter().filter(matching).count()
        };
        assert_eq!(of(Refused::SignIn, anna), 2);
        assert_eq!((of(Refused::SignIn, bert), of(Refused::Access, anna)), (1, 1));
        assert!(refusals.take(now).is_empty());
        refusals.put_back(noted);
        assert_eq!(refusals.take(now + ONE_IN * 3).len(), 4);
        assert!(
            refusals.lock().lately.is_empty(),
            "nobody is remembered for longer"
        );
    }
}
