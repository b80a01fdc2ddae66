//! A problem as a page, for whoever reads HTML: what happened, and where to go from here.

use axum::{
    http::{HeaderMap, Uri, header},
    response::Response,
};

use super::{simple::TextPage, view::View};
use crate::{
    text::Locale,
    web::problem::{Code, Problem},
};

/// The language of a page's address, if it is one: `/de`, `/en/members`.
pub fn language_of(path: &str) -> Option<Locale> {
    path.strip_prefix('/')?.split('/').next()?.parse().ok()
}

/// Whether the answer should be a page: the address is one, or a browser asks for one that is no program's.
pub fn wants_page(uri: &Uri, headers: &HeaderMap) -> bool {
    let path = uri.path();
    let asks_for_html = headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"));
    let is_for_programs = ["/api/", "/health/"].iter().any(|start| path.starts_with(start));
    language_of(path).is_some() || (asks_for_html && !is_for_programs)
}

/// The page. Who asks is not known here: the problem may have arisen before anybody looked.
pub fn page(uri: &Uri, reader: Locale, problem: &Problem, request_id: &str) -> Response {
    let view = match language_of(uri.path()) {
        Some(locale) => View::at(locale, uri.path(), None),
        None => View::at(reader, "", None),
    };
    let mut lines = Vec::new();
    if let Some(seconds) = problem.retry_after {
        lines.push(view.t_counted("failure-retry", seconds));
    }
    if problem.code == Code::NotFound {
        lines.push(view.t("failure-not-found"));
    }
    if problem.code.status().is_server_error() {
        lines.push(view.t_with("failure-request", &[("id", request_id)]));
    }
    let page = TextPage {
        frame: view.frame_titled(problem.title(view.locale)),
        lines,
        ways: vec![view.way("", "failure-home")],
    };
    view.show_with(Some(problem), &page)
}
