//! Stammtisch: a community portal whose members can have their data erased, and see it proved.

pub mod account;
pub mod audit;
pub mod authentication;
pub mod clock;
pub mod confirmation;
pub mod credentials;
pub mod database;
pub mod enquiries;
pub mod erasure;
pub mod hold;
pub mod inventory;
pub mod leaving;
pub mod ledger;
pub mod mail;
pub mod messaging;
pub mod noted;
pub mod passwords;
pub mod portal;
pub mod profile;
pub mod receipt;
pub mod registration;
pub mod secrets;
pub mod settings;
pub mod text;
pub mod values;
pub mod web;
