//! One entity a table, as the migrations make them. Generated columns (`profile.sort_name`, `profile.search`)
//! are left out: nothing writes them, and only the directory reads them.

pub mod account;
pub mod administrative_note;
pub mod alert;
pub mod allowance;
pub mod audit_event;
pub mod block;
pub mod confirmation;
pub mod confirmation_token;
pub mod consent;
pub mod conversation;
pub mod credential;
pub mod email_address;
pub mod email_change;
pub mod enquiry;
pub mod hold;
pub mod installation;
pub mod ledger_event;
pub mod ledger_head;
pub mod mail;
pub mod mail_allowance;
pub mod message;
pub mod noted_request;
pub mod organisation;
pub mod organisation_domain;
pub mod participation;
pub mod profile;
pub mod receipt;
pub mod registration;
pub mod report;
pub mod session;
pub mod status;
pub mod superseded_profile;
pub mod sweep_state;
