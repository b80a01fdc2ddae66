//! What letters say was done to somebody's second factors.

use serde::{Deserialize, Serialize};

/// A closed set; each has words of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorChange {
    TotpAdded,
    TotpRemoved,
    PasskeyAdded,
    PasskeyRemoved,
    /// Ten new ones; the earlier ones ended.
    RecoveryCodesMade,
    /// One was used to sign in or to prove who one is.
    RecoveryCodeUsed,
    /// Nobody stopped the removal of lost factors in time: there are none any more.
    LostRemoved,
    /// A removal of lost factors was stopped.
    RemovalStopped,
}

impl FactorChange {
    /// The same as in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::TotpAdded => "totp_added",
            Self::TotpRemoved => "totp_removed",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
            Self::RecoveryCodesMade => "recovery_codes_made",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::LostRemoved => "lost_removed",
            Self::RemovalStopped => "removal_stopped",
        }
    }

    /// The event of the audit trail.
    pub fn event(self) -> &'static str {
        match self {
            Self::TotpAdded => "totp.added",
            Self::TotpRemoved => "totp.removed",
            Self::PasskeyAdded => "passkey.added",
            Self::PasskeyRemoved => "passkey.removed",
            Self::RecoveryCodesMade => "recovery_codes.made",
            Self::RecoveryCodeUsed => "recovery_code.used",
            Self::LostRemoved => "factors.removed",
            Self::RemovalStopped => "factor_removal.stopped",
        }
    }
}
