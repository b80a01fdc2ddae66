//! The start page: what the portal is for, and the way in.

use axum::{Router, response::Response, routing::get};

use crate::{
    portal::Portal,
    web::pages::kit::{TextPage, View},
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/", get(show))
}

async fn show(view: View) -> Response {
    view.show(&TextPage {
        frame: view.frame("start-title"),
        lines: vec![view.t("start-intro")],
        ways: Vec::new(),
    })
}
