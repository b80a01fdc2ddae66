//! How people come in: they ask, confirm their mailbox, and are let in by their organisation's mail domain or by an
//! administrator.

pub mod confirm;
pub mod decision;
pub mod sign_up;
pub mod withdraw;
