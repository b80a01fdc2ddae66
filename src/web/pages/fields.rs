//! Fields that several pages ask for in the same words.

use super::kit::{Field, View};
use crate::{
    passwords::{MAX_CHARACTERS, MIN_CHARACTERS},
    values::{Fault, FieldFault},
    web::problem::{Code, Problem},
};

/// A password that is being chosen, with what it must be like.
pub fn new_password(view: &View, name: &'static str) -> Field {
    let (min, max) = (MIN_CHARACTERS.to_string(), MAX_CHARACTERS.to_string());
    Field::password(name, "new-password")
        .label("label-new-password")
        .hint_text(view.t_with("hint-new-password", &[("min", &min), ("max", &max)]))
}

/// Where nothing but the password can be wrong about who asks, that is said at its field.
pub fn at_password(problem: impl Into<Problem>, field: &str) -> Problem {
    let mut problem = problem.into();
    if problem.code == Code::CredentialsInvalid {
        problem.errors.push(FieldFault {
            field: field.to_owned(),
            fault: Fault::new("password_wrong"),
        });
    }
    problem
}
