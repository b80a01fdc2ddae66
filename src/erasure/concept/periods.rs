//! How long things last, by the constants and settings that the program itself works by, and how people say it.

use std::time::Duration;

use chrono::{Months, TimeDelta};
use serde::Serialize;

use crate::{
    account, audit, confirmation,
    erasure::sweep::DECIDED_REPORTS_KEPT_FOR,
    inventory::Period,
    leaving, mail,
    messaging::groups::INVITED_FOR,
    noted, receipt,
    settings::Settings,
    text::{Locale, text_counted},
};

/// A length of time, for people and for programs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Length {
    pub text: String,
    pub seconds: i64,
}

impl Length {
    pub(super) fn new(locale: Locale, length: TimeDelta) -> Self {
        Self {
            text: in_words(locale, length),
            seconds: length.num_seconds(),
        }
    }
}

/// How long a period is.
pub fn lasts(period: Period, settings: &Settings) -> TimeDelta {
    let set = |length: Duration| TimeDelta::from_std(length).unwrap_or(TimeDelta::MAX);
    match period {
        Period::Erasure => leaving::ERASED_WITHIN,
        Period::Session => set(settings.sessions.absolute),
        Period::Link => confirmation::ONE_DAY,
        Period::Unsubscribe => confirmation::THIRTY_DAYS,
        Period::Delivery => mail::worker::TRIED_FOR,
        Period::Undeliverable => mail::worker::GIVEN_UP_FOR,
        Period::Note => noted::KEPT_FOR,
        Period::Unconfirmed => account::UNCONFIRMED_FOR,
        Period::Undecided => account::UNDECIDED_FOR,
        Period::Rejected => account::REJECTED_FOR,
        Period::DecidedReport => DECIDED_REPORTS_KEPT_FOR,
        Period::Invitation => INVITED_FOR,
        Period::AuditEvent => audit::KEPT_FOR,
        Period::AccessEvent => audit::ACCESS_KEPT_FOR,
        Period::Receipt => receipt::KEPT_FOR,
        Period::ResidueFreeSpace => set(settings.residue.free_space),
        Period::ResidueWal => set(settings.residue.wal),
        Period::ResidueBackups => set(settings.residue.backups),
        Period::ResidueLogs => set(settings.residue.logs),
    }
}

/// In which setting the operator answers for it.
pub(super) fn setting(period: Period) -> Option<&'static str> {
    match period {
        Period::ResidueFreeSpace => Some("residue.free_space"),
        Period::ResidueWal => Some("residue.wal"),
        Period::ResidueBackups => Some("residue.backups"),
        Period::ResidueLogs => Some("residue.logs"),
        _ => None,
    }
}

/// "6 months", "11 years".
pub(super) fn months(locale: Locale, months: Months) -> String {
    let months = u64::from(months.as_u32());
    match months {
        12.. if months.is_multiple_of(12) => text_counted(locale, "length-years", months / 12),
        _ => text_counted(locale, "length-months", months),
    }
}

/// In the largest unit that leaves nothing over; up to three days in hours, as the rules say it. A year has 365 days
/// here, as in the constants, and one year is 12 months, as in the rules.
pub fn in_words(locale: Locale, length: TimeDelta) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    const DAY: u64 = 24 * HOUR;
    const YEAR: u64 = 365 * DAY;
    let seconds = u64::try_from(length.num_seconds()).unwrap_or_default();
    let (unit, count) = match seconds {
        YEAR => ("months", 12),
        YEAR.. if seconds.is_multiple_of(YEAR) => ("years", seconds / YEAR),
        _ if seconds > 3 * DAY && seconds.is_multiple_of(DAY) => ("days", seconds / DAY),
        HOUR.. if seconds.is_multiple_of(HOUR) => ("hours", seconds / HOUR),
        MINUTE.. if seconds.is_multiple_of(MINUTE) => ("minutes", seconds / MINUTE),
        _ => ("seconds", seconds),
    };
    text_counted(locale, &format!("length-{unit}"), count)
}
