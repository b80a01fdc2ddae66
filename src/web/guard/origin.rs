//! Unsafe requests must be same-origin (contract): browsers say where a request comes from, programs that say nothing
//! may only send what no foreign page can make a browser send.

use axum::{
    extract::Request,
    http::{Method, header},
};

use crate::{
    mail::letter::LinkPurpose,
    portal::Portal,
    text::Locale,
    web::{body::media_type, problem::Code},
};

pub fn check(portal: &Portal, request: &Request) -> Result<(), Code> {
    is_same(|| portal.settings.origin(), request)
}

fn is_same(own_origin: impl FnOnce() -> String, request: &Request) -> Result<(), Code> {
    if matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE
    ) || is_one_click(request)
    {
        return Ok(());
    }
    let headers = request.headers();
    if let Some(site) = headers.get("sec-fetch-site") {
        return if site == "same-origin" {
            Ok(())
        } else {
            Err(Code::CrossSite)
        };
    }
    if let Some(origin) = headers.get(header::ORIGIN) {
        return if *origin == own_origin() {
            Ok(())
        } else {
            Err(Code::CrossSite)
        };
    }
    match media_type(request).as_deref() {
        None | Some("application/json" | "application/merge-patch+json") => Ok(()),
        Some("application/x-www-form-urlencoded" | "multipart/form-data") => Err(Code::CrossSite),
        Some(_) => Err(Code::UnsupportedMediaType),
    }
}

/// Mail providers post here for whoever presses their button (RFC 8058): the link's token is the authority, and no
/// session is looked at.
fn is_one_click(request: &Request) -> bool {
    let path = request.uri().path();
    let one_click = |locale| format!("/{locale}/{}", LinkPurpose::Unsubscribe.segment());
    request.method() == Method::POST && Locale::ALL.into_iter().any(|locale| path == one_click(locale))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use axum::body::Body;

    use super::*;

    fn answer(method: &str, headers: &[(&str, &str)]) -> Result<(), Code> {
        answer_at("/", method, headers)
    }

    fn answer_at(uri: &str, method: &str, headers: &[(&str, &str)]) -> Result<(), Code> {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let own_origin = || "https://portal.example".to_owned();
        is_same(own_origin, &request.body(Body::empty()).unwrap())
    }

    #[test]
    fn only_what_comes_from_the_portal_or_a_program_passes() {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let json = ("content-type", "application/json; charset=utf-8");
        let own = ("origin", "https://portal.example");
        let foreign = ("origin", "https://evil.example");
        for (method, headers, expected) in [
            ("GET", vec![("sec-fetch-site", "cross-site")], Ok(())),
            ("POST", vec![("sec-fetch-site", "same-origin"), form], Ok(())),
            (
                "POST",
                vec![("sec-fetch-site", "same-site"), json],
                Err(Code::CrossSite),
            ),
            (
                "POST",
                vec![("sec-fetch-site", "cross-site"), own],
                Err(Code::CrossSite),
            ),
            (
                "POST",
                vec![("sec-fetch-site", "none"), json],
                Err(Code::CrossSite),
            ),
            ("POST", vec![own, form], Ok(())),
            ("POST", vec![foreign, json], Err(Code::CrossSite)),
            ("POST", vec![("origin", "null"), json], Err(Code::CrossSite)),
            ("DELETE", vec![foreign], Err(Code::CrossSite)),
            ("POST", vec![], Ok(())),
            ("POST", vec![json], Ok(())),
            (
                "PATCH",
                vec![("content-type", "application/merge-patch+json")],
                Ok(()),
            ),
            ("POST", vec![form], Err(Code::CrossSite)),
            (
                "POST",
                vec![("content-type", "text/plain")],
                Err(Code::UnsupportedMediaType),
            ),
        ] {
            assert_eq!(answer(method, &headers), expected, "{method} {headers:?}");
        }
    }

    #[test]
    fn posts_that_end_mails_by_their_link_come_from_anywhere_and_no_other() {
        let form = ("content-type", "multipart/form-data; boundary=x");
        let foreign = ("sec-fetch-site", "cross-site");
        for (uri, method, expected) in [
            ("/de/unsubscribe?token=x", "POST", Ok(())),
            ("/en/unsubscribe?token=x", "POST", Ok(())),
            ("/en/unsubscribe?token=x", "DELETE", Err(Code::CrossSite)),
            ("/fr/unsubscribe", "POST", Err(Code::CrossSite)),
            ("/en/unsubscribe/x", "POST", Err(Code::CrossSite)),
            ("/en/undo?token=x", "POST", Err(Code::CrossSite)),
        ] {
            for headers in [vec![form], vec![foreign, form], vec![foreign]] {
                assert_eq!(
                    answer_at(uri, method, &headers),
                    expected,
                    "{method} {uri} {headers:?}"
                );
            }
        }
    }
}
