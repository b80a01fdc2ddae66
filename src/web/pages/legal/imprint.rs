//! `/imprint`: who runs the portal (§ 5 DDG).

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    portal::Portal,
    settings::Operator,
    web::pages::kit::{Frame, View},
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/imprint", get(show))
}

#[derive(Template)]
#[template(path = "legal/imprint.html")]
struct ImprintPage<'a> {
    frame: Frame<'a>,
    operator: &'a Operator,
}

async fn show(State(portal): State<Portal>, view: View) -> Response {
    view.show(&ImprintPage {
        frame: view.frame("imprint-title"),
        operator: &portal.settings.operator,
    })
}
