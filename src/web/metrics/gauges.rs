//! What the database knows, as gauges.

use chrono::{DateTime, Utc};
use metrics::gauge;

use super::names;
use crate::{
    erasure::{
        guard::{Cause, State},
        sweep::Outcome,
    },
    portal::Portal,
};

/// Sets every gauge from the database's answer. Without one they are NaN: the last value would look like the truth.
pub(super) fn set_all(state: Option<&State>) {
    let figures = state.map(|state| &state.figures);
    let count = |value: Option<i64>| value.map_or(f64::NAN, number);
    for (name, value) in [
        (names::DUE, figures.map(|figures| figures.due)),
        (names::OVERDUE, figures.map(|figures| figures.overdue)),
        (names::FAILING, figures.map(|figures| figures.failing)),
        (names::HELD, figures.map(|figures| figures.held)),
        (
            names::OLDEST_OVERDUE,
            figures.map(|figures| figures.oldest_overdue_seconds),
        ),
        (
            names::LEDGER_WAITING,
            figures.map(|figures| figures.ledger_waiting),
        ),
        (names::MAILS_WAITING, figures.map(|figures| figures.mails_waiting)),
        (
            names::MAILS_GIVEN_UP,
            figures.map(|figures| figures.mails_given_up),
        ),
    ] {
        gauge!(name).set(count(value));
    }
    let ended = figures.and_then(|figures| figures.last_ended_at);
    gauge!(names::SWEEP_AT).set(ended.map_or(f64::NAN, seconds));
    let took = figures.and_then(|figures| figures.last_milliseconds);
    gauge!(names::SWEEP_DURATION).set(count(took) / 1000.0);
    let waited = figures.map(|figures| {
        let since = figures.ledger_since.unwrap_or(figures.now);
        (seconds(figures.now) - seconds(since)).max(0.0)
    });
    gauge!(names::LEDGER_OLDEST).set(waited.unwrap_or(f64::NAN));
    set_labelled(state);
}

fn set_labelled(state: Option<&State>) {
    let flag = |value: Option<bool>| value.map_or(f64::NAN, |yes| if yes { 1.0 } else { 0.0 });
    for outcome in Outcome::ALL {
        let is_last = state.map(|state| state.figures.last_outcome.as_deref() == Some(outcome.name()));
        gauge!(names::SWEEP_OUTCOME, "outcome" => outcome.name()).set(flag(is_last));
    }
    for cause in Cause::ALL {
        let is_there = state.map(|state| state.troubles.iter().any(|trouble| trouble.cause == cause));
        gauge!(names::ALERT, "cause" => cause.name()).set(flag(is_there));
    }
}

/// The pool and the streams are this process's own and known without asking.
pub(super) fn set_own(portal: &Portal) {
    let count = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    let (connections, idle) = portal.database.counts();
    gauge!(names::CONNECTIONS).set(count(connections));
    gauge!(names::CONNECTIONS_IDLE).set(count(idle));
    gauge!(names::STREAMS).set(count(portal.streams.count()));
}

fn seconds(at: DateTime<Utc>) -> f64 {
    number(at.timestamp_millis()) / 1000.0
}

#[expect(
    clippy::cast_precision_loss,
    reason = "exact to 2^53: no count and no instant in milliseconds comes near"
)]
fn number(value: i64) -> f64 {
    value as f64
}
