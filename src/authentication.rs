//! Signing in and staying signed in; forgotten and changed passwords; another mail address.

pub mod email_change;
pub mod password_change;
pub mod password_reset;
pub mod session_store;
pub mod sessions;
pub mod sign_in;
