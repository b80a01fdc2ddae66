//! `/account/export`: what a copy of one's own data holds, and where to get it (Art. 15 and 20 GDPR).

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    portal::Portal,
    web::pages::kit::{Frame, View},
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/account/export", get(show))
}

#[derive(Template)]
#[template(path = "own/export.html")]
struct ExportPage<'a> {
    frame: Frame<'a>,
    /// What the copy holds, as the inventory names it.
    contents: Vec<&'a str>,
}

async fn show(State(portal): State<Portal>, view: View) -> Response {
    let contents = portal.inventory.exported();
    view.show(&ExportPage {
        frame: view.frame("export-title"),
        contents: contents.map(|(table, _)| table.title.text(view.locale)).collect(),
    })
}
