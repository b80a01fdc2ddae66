//! What people take along once their deletion has begun, by whichever way they asked: the instants, and the code of
//! their receipt, this once (R24).

use askama::Template;
use axum::response::Response;

use super::kit::{Frame, View};
use crate::{erasure::request::Requested, portal::Portal};

#[derive(Template)]
#[template(path = "deleted.html")]
struct DeletedPage<'a> {
    frame: Frame<'a>,
    requested: Requested,
    /// Whether the link in the mail still helps.
    can_be_undone: bool,
}

/// Whoever was signed in is not any more.
pub fn answer(portal: &Portal, view: &View, requested: Requested) -> Response {
    let view = view.signed_out();
    let frame = view.frame("deleted-title");
    view.show(&DeletedPage {
        frame,
        can_be_undone: portal.now() < requested.deadlines.undo_until,
        requested,
    })
}
