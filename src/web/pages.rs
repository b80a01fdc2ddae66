//! Pages for people: what the links in mails lead to. They need no script and load one stylesheet.

mod links;

use axum::{Router, http::header, routing::get};

use crate::portal::Portal;

const STYLES: &str = include_str!("pages/pages.css");

pub fn routes() -> Router<Portal> {
    let styles = || async {
        (
            [
                (header::CONTENT_TYPE, "text/css; charset=utf-8"),
                (header::CACHE_CONTROL, "max-age=3600"),
            ],
            STYLES,
        )
    };
    Router::new()
        .route("/assets/pages.css", get(styles))
        .merge(links::routes())
}
