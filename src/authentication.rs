//! Signing in, staying signed in, proving it anew; forgotten and changed passwords; another mail address.

pub mod email_change;
mod notices;
pub mod passkey;
pub mod password_change;
pub mod password_reset;
pub mod proof;
pub mod second_step;
pub mod session_key;
pub mod session_store;
pub mod sessions;
pub mod sign_in;
