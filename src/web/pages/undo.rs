//! Undoing a deletion by the link in its mail.

use crate::{confirmation::Token, erasure::undo, portal::Portal, web::problem::Problem};

pub async fn undo(portal: &Portal, token: &Token) -> Result<(), Problem> {
    Ok(undo::undo(portal, token).await?)
}
