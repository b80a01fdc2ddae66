//! Undoing a deletion by the link in its mail.

use crate::{
    confirmation::Token,
    portal::Portal,
    web::problem::{Code, Problem},
};

/// Not there yet: `crate::erasure::undo::undo(portal, token).await.map_err(Problem::from)` goes here.
#[expect(clippy::unused_async, reason = "it will wait for the database")]
pub async fn undo(_portal: &Portal, _token: &Token) -> Result<(), Problem> {
    Err(Code::UndoImpossible.into())
}
