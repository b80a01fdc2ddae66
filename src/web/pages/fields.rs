//! Fields that several pages ask for in the same words.

use super::kit::{Field, View};
use crate::passwords::{MAX_CHARACTERS, MIN_CHARACTERS};

/// A password that is being chosen, with what it must be like.
pub fn new_password(view: &View, name: &'static str) -> Field {
    let (min, max) = (MIN_CHARACTERS.to_string(), MAX_CHARACTERS.to_string());
    Field::password(name, "new-password")
        .label("label-new-password")
        .hint_text(view.t_with("hint-new-password", &[("min", &min), ("max", &max)]))
}
