//! The portal from outside: through its HTTP interface and its mails, on a real PostgreSQL. One file a capability.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod deletion;
mod holds;
mod inventory;
mod snapshots;
mod states;
mod support;
mod sweep;
mod trail;
mod walk;

mod access_events;
mod acting;
mod admission;
mod alike;
mod attempts;
mod authentication;
mod bad_input;
mod blocks;
mod breached;
mod confirmation;
mod demo;
mod devices;
mod directory;
mod dump;
mod email_change;
mod enquiries;
mod events;
mod events_pace;
mod faults;
mod groups;
mod groups_ending;
mod guard;
mod hostile;
mod http;
mod instances;
mod leaving;
mod ledger_commands;
mod limits;
mod messages;
mod messaging;
mod notifications;
mod openapi;
mod order;
mod outbox;
mod pages;
mod pages_community;
mod pages_conversation;
mod pages_desk;
mod pages_desk_accounts;
mod pages_desk_holds;
mod pages_desk_work;
mod pages_enquiries;
mod pages_entrance;
mod pages_groups;
mod pages_legal;
mod pages_opening;
mod pages_own;
mod pages_passkeys;
mod pages_proof;
mod pages_reports;
mod pages_search;
mod pages_second_factor;
mod passkeys;
mod passwords;
mod plans;
mod pool;
mod process;
mod profile;
mod proof;
mod queries;
mod races;
mod read_marks;
mod receipts;
mod registration;
mod registration_desk;
mod reports;
mod reports_context;
mod rights;
mod roles;
mod scripts;
mod search;
mod second_factor;
mod second_factor_demand;
mod second_factor_removal;
mod secrets;
mod security_document;
mod smtp;
mod smtp_server;
mod vacuum;
