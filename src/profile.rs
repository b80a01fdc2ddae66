//! What members say of themselves, to whom, and the directory of those who want to be found.

pub mod change;
pub mod directory;
pub mod own;
pub mod places;
mod superseded;
