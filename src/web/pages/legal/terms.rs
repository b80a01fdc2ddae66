//! `/terms`: the terms of use in force, or where the operator keeps them.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    portal::Portal,
    web::pages::kit::{Frame, TextPage, View, Way},
};

/// The terms section by section, in their order.
const SECTIONS: [&str; 8] = [
    "purpose",
    "joining",
    "conduct",
    "confidential",
    "own-texts",
    "leaving",
    "service",
    "changes",
];

pub fn routes() -> Router<Portal> {
    Router::new().route("/terms", get(show))
}

#[derive(Template)]
#[template(path = "legal/terms.html")]
struct TermsPage<'a> {
    frame: Frame<'a>,
    version: String,
    /// Heading and text.
    sections: Vec<(String, String)>,
}

async fn show(State(portal): State<Portal>, view: View) -> Response {
    let terms = &portal.settings.terms;
    let version = view.t_with("terms-version", &[("version", &terms.version)]);
    let frame = view.frame("terms-title");
    match &terms.url {
        Some(url) => view.show(&TextPage {
            frame,
            lines: vec![version, view.t("terms-elsewhere")],
            ways: vec![Way {
                href: url.to_string(),
                text: view.t("terms-to-operator"),
                is_here: false,
            }],
        }),
        None => view.show(&TermsPage {
            frame,
            version,
            sections: SECTIONS
                .map(|section| {
                    let heading = view.t(&format!("terms-{section}-title"));
                    (heading, view.t(&format!("terms-{section}")))
                })
                .into(),
        }),
    }
}
