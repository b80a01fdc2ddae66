//! The one stylesheet, the one picture, and three scripts: one keeps pages up to date, one asks for passkeys, one clears
//! pages after somebody signed out. Their addresses change with what is in them, so that browsers may keep them. They alone are compressed: pages hold what others typed
//! beside what is secret, and their length would tell of it (BREACH).

use std::{fmt::Write, sync::LazyLock};

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};

use tower_http::compression::CompressionLayer;

use crate::{portal::Portal, secrets::sha256};

const STYLES: &str = include_str!("assets/pages.css");
const ICON: &str = include_str!("assets/icon.svg");
const LIVE: &str = include_str!("assets/live.js");
const PASSKEY: &str = include_str!("assets/passkey.js");
const PARTING: &str = include_str!("assets/parting.js");

/// Where the stylesheet is.
pub static STYLES_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/assets/pages.css?v={}", version(STYLES)));

/// Where the script is that keeps pages up to date.
pub static LIVE_PATH: LazyLock<String> = LazyLock::new(|| format!("/assets/live.js?v={}", version(LIVE)));

/// Where the script is that asks for passkeys.
pub static PASSKEY_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/assets/passkey.js?v={}", version(PASSKEY)));

/// Where the script is that leaves a page of somebody who signed out.
pub static PARTING_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/assets/parting.js?v={}", version(PARTING)));

pub fn routes() -> Router<Portal> {
    Router::new()
        .route(
            "/assets/pages.css",
            get(|| async { kept("text/css; charset=utf-8", STYLES) }),
        )
        .route(
            "/assets/live.js",
            get(|| async { kept("text/javascript; charset=utf-8", LIVE) }),
        )
        .route(
            "/assets/passkey.js",
            get(|| async { kept("text/javascript; charset=utf-8", PASSKEY) }),
        )
        .route(
            "/assets/parting.js",
            get(|| async { kept("text/javascript; charset=utf-8", PARTING) }),
        )
        .route(
            "/assets/icon.svg",
            get(|| async { kept("image/svg+xml; charset=utf-8", ICON) }),
        )
        .layer(CompressionLayer::new())
}

fn kept(kind: &'static str, content: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, content).into_response()
}

fn version(content: &str) -> String {
    let hash = sha256(content.as_bytes());
    hash.iter().take(6).fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
