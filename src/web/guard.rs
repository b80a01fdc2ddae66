//! What stands in front of every handler: who is asking, from where, and what is noted of it.

pub mod access;
pub mod device;
pub mod may;
pub mod network;
pub mod origin;
pub mod reconciled;
pub mod session;
pub mod who;
pub mod whole;
