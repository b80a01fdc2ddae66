//! What the tests stand on: a database each, clocks that move, a portal without a socket, and people who use it.

pub mod authenticator;
pub mod backup;
pub mod client;
pub mod clock;
pub mod database;
pub mod events;
pub mod factors;
pub mod faults;
pub mod html;
pub mod ledger;
pub mod log;
pub mod mailbox;
pub mod page;
pub mod people;
pub mod portal;
pub mod residue;
pub mod rows;
pub mod sql;
pub mod wire;

pub use authenticator::Authenticator;
pub use client::{Client, Response};
pub use people::{CREATE_ADMINISTRATOR, PASSWORD, Person};
pub use portal::TestPortal;
