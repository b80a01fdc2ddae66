//! What administrators do besides deciding registrations and holds: accounts, sessions, roles, organisations, the audit
//! trail, the ledger, mail that could not be sent.

pub mod accounts;
pub mod audit_trail;
pub mod create;
pub mod ledger;
pub mod organisations;
pub mod overview;
pub mod sessions;
pub mod status;
pub mod undelivered;
