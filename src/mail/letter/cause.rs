//! What administrators are alerted to.

use serde::{Deserialize, Serialize};

/// What is wrong with erasing, as health, metrics, alerts and `doctor` name it (R22, R23). A closed set.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Something that is due is later than 20 hours.
    ErasureLate,
    /// An account cannot be erased.
    ErasureFailing,
    /// No sweep ended well for an hour.
    NoSweep,
    /// Events wait to be written to the ledger's files, or a sweep could not write there.
    LedgerUnwritable,
    /// An active hold has missed its review.
    ReviewMissed,
    /// The clocks are apart, or no hold expires until the clock is accepted.
    Clock,
}

impl Cause {
    pub const ALL: [Self; 6] = [
        Self::ErasureLate,
        Self::ErasureFailing,
        Self::NoSweep,
        Self::LedgerUnwritable,
        Self::ReviewMissed,
        Self::Clock,
    ];

    /// The same as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::ErasureLate => "erasure_late",
            Self::ErasureFailing => "erasure_failing",
            Self::NoSweep => "no_sweep",
            Self::LedgerUnwritable => "ledger_unwritable",
            Self::ReviewMissed => "review_missed",
            Self::Clock => "clock",
        }
    }
}
