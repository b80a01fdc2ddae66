//! The metrics' names, by Prometheus' conventions (base units, `_total` for counters), and their help texts. The
//! password gate's counter is named where it counts.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

use crate::passwords::REFUSALS;

pub(super) const REQUESTS: &str = "stammtisch_http_requests_total";
pub(super) const DURATION: &str = "stammtisch_http_request_duration_seconds";
pub(super) const DATABASE_UP: &str = "stammtisch_database_up";
pub(super) const CONNECTIONS: &str = "stammtisch_database_connections";
pub(super) const CONNECTIONS_IDLE: &str = "stammtisch_database_connections_idle";
pub(super) const STREAMS: &str = "stammtisch_event_streams";
pub(super) const DUE: &str = "stammtisch_accounts_due";
pub(super) const OVERDUE: &str = "stammtisch_accounts_overdue";
pub(super) const FAILING: &str = "stammtisch_accounts_failing";
pub(super) const HELD: &str = "stammtisch_accounts_held";
pub(super) const OLDEST_OVERDUE: &str = "stammtisch_oldest_overdue_seconds";
pub(super) const SWEEP_AT: &str = "stammtisch_last_sweep_timestamp_seconds";
pub(super) const SWEEP_DURATION: &str = "stammtisch_last_sweep_duration_seconds";
pub(super) const SWEEP_OUTCOME: &str = "stammtisch_last_sweep_outcome";
pub(super) const ALERT: &str = "stammtisch_alert";
pub(super) const LEDGER_WAITING: &str = "stammtisch_ledger_waiting_events";
pub(super) const LEDGER_OLDEST: &str = "stammtisch_ledger_oldest_waiting_seconds";
pub(super) const MAILS_WAITING: &str = "stammtisch_mails_waiting";
pub(super) const MAILS_GIVEN_UP: &str = "stammtisch_mails_given_up";

/// Gauges and what they show; what the database knows is NaN while it does not answer.
const GAUGES: [(&str, Unit, &str); 17] = [
    (
        DATABASE_UP,
        Unit::Count,
        "Whether the database answered this scrape.",
    ),
    (
        CONNECTIONS,
        Unit::Count,
        "Database connections of this process's pool.",
    ),
    (CONNECTIONS_IDLE, Unit::Count, "Those of them that are idle."),
    (
        STREAMS,
        Unit::Count,
        "Event streams that members have open at this process.",
    ),
    (
        DUE,
        Unit::Count,
        "Accounts that the sweep has something to erase of.",
    ),
    (OVERDUE, Unit::Count, "Those of them whose deadline has passed."),
    (
        FAILING,
        Unit::Count,
        "Those of them that could not be erased so far.",
    ),
    (HELD, Unit::Count, "Deleted accounts of which something is held."),
    (
        OLDEST_OVERDUE,
        Unit::Seconds,
        "By how much the oldest passed deadline has passed.",
    ),
    (
        SWEEP_AT,
        Unit::Seconds,
        "When the last sweep of any process ended, well or not.",
    ),
    (
        SWEEP_DURATION,
        Unit::Seconds,
        "How long the last sweep of any process took.",
    ),
    (
        SWEEP_OUTCOME,
        Unit::Count,
        "1 for how the last sweep of any process ended.",
    ),
    (ALERT, Unit::Count, "1 for what is wrong with erasing now."),
    (
        LEDGER_WAITING,
        Unit::Count,
        "Events that are not in the ledger's files yet.",
    ),
    (
        LEDGER_OLDEST,
        Unit::Seconds,
        "How long the oldest of them has waited.",
    ),
    (MAILS_WAITING, Unit::Count, "Mails that are still to be sent."),
    (
        MAILS_GIVEN_UP,
        Unit::Count,
        "Mails of the last 7 days that could not be delivered.",
    ),
];

/// Tells the recorder what each of them means.
pub(super) fn describe() {
    describe_counter!(REQUESTS, Unit::Count, "Answered requests.");
    describe_histogram!(DURATION, Unit::Seconds, "How long requests took to answer.");
    describe_counter!(
        REFUSALS,
        Unit::Count,
        "Sign-ins and choices of passwords that were refused because too many were waiting."
    );
    // So that it is there before the first.
    metrics::counter!(REFUSALS).increment(0);
    for (name, unit, help) in GAUGES {
        describe_gauge!(name, unit, help);
    }
}
