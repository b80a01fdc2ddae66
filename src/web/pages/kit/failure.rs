//! A problem as a page, for whoever reads HTML: what happened, and where to go from here.

use axum::{
    extract::Request,
    http::{HeaderMap, Uri, header},
    middleware::Next,
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

/// Lets the page of a problem know who asked.
pub async fn remember_view(view: View, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.extensions().get::<Problem>().is_some() {
        response.extensions_mut().insert(view);
    }
    response
}

/// The page. Where the problem arose before anybody looked who asks, it has no menu.
pub fn page(uri: &Uri, reader: Locale, view: Option<&View>, problem: &Problem, request_id: &str) -> Response {
    let nobody = match language_of(uri.path()) {
        Some(locale) => View::of_nobody(locale, uri.path()),
        None => View::of_nobody(reader, ""),
    };
    let view = view.unwrap_or(&nobody);
    let mut lines = Vec::new();
    if let Some(seconds) = problem.retry_after {
        lines.push(view.again_in(seconds));
    }
    if problem.code == Code::NotFound {
        lines.push(view.t("failure-not-found"));
    }
    if problem.code.status().is_server_error() {
        lines.push(view.t_with("failure-request", &[("id", request_id)]));
    }
    let mut ways = vec![view.way("", "failure-home")];
    if problem.code == Code::SecondFactorRequired {
        ways.insert(0, view.way("/account/second-factor", "failure-second-factor"));
    }
    let page = TextPage {
        frame: view.frame_titled(problem.title(view.locale)),
        lines,
        ways,
    };
    view.show_with(Some(problem), &page)
}
