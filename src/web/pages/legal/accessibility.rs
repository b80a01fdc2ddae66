//! `/accessibility`: how far barriers are gone, whom to tell of one, and who helps if that does not (Art. 7 of directive
//! (EU) 2016/2102, BITV 2.0).

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    portal::Portal,
    settings::Operator,
    web::pages::kit::{Frame, View},
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/accessibility", get(show))
}

#[derive(Template)]
#[template(path = "legal/accessibility.html")]
struct AccessibilityPage<'a> {
    frame: Frame<'a>,
    intro: String,
    operator: &'a Operator,
}

async fn show(State(portal): State<Portal>, view: View) -> Response {
    let url = portal.settings.server.public_url.as_str();
    view.show(&AccessibilityPage {
        frame: view.frame("accessibility-title"),
        intro: view.t_with("accessibility-intro", &[("url", url)]),
        operator: &portal.settings.operator,
    })
}
