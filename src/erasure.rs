//! What the portal exists for: accounts are deleted at any time, undone within the grace, held on a legal basis, and
//! erased on time, exactly as far as nothing holds them.

pub mod concept;
pub mod deletions;
pub mod guard;
pub mod holds;
pub mod outcome;
pub mod place_hold;
pub mod preview;
pub mod reconcile;
pub mod release_hold;
pub mod request;
pub mod review_hold;
pub mod sweep;
pub mod undo;
pub mod vacuum;
