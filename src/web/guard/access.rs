//! Around every request: an id, one line in the log (method, route template, status, duration: never a path, query,
//! address or body), the security headers, and problems put into words.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::{
    portal::Portal,
    text::Locale,
    web::{
        metrics,
        pages::kit::{
            View,
            failure::{self, wants_page},
        },
        problem::{Code, Problem},
    },
};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Seconds until a request that took too long may be sent again.
const RETRY_AFTER: u64 = 5;

/// What every answer says to the browser that shows it.
const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Nothing is loaded but what the portal itself serves, and no page of ours stands in another's frame.
const CONTENT_SECURITY_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

pub async fn around(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = portal.random.uuid_v4().to_string();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let language = request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    let locale = Locale::from_accept_language(language);

    let uri = request.uri().clone();
    let is_page = wants_page(&uri, request.headers());

    let response = next.run(request).await;

    let view = response.extensions().get::<View>().cloned();
    let in_words = |problem: &Problem| {
        if is_page {
            failure::page(&uri, locale, view.as_ref(), problem, &id)
        } else {
            problem.render(locale, &id)
        }
    };
    let mut response = put_into_words(response, in_words);
    add_headers(response.headers_mut(), portal.settings.is_https());
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    let (route, status, took) = (
        route.as_deref().unwrap_or("-"),
        response.status().as_u16(),
        started.elapsed(),
    );
    metrics::answered(&method, route, status, took);
    tracing::info!(
        request = %id,
        %method,
        route,
        status,
        milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

/// Writes out the problem that a handler or a layer left; whatever has a body of its own stays.
fn put_into_words(response: Response, in_words: impl Fn(&Problem) -> Response) -> Response {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return with_kept_headers(in_words(problem), response.headers());
    }
    let spoken = response.headers().contains_key(header::CONTENT_TYPE)
        && !response.headers()[header::CONTENT_TYPE]
            .as_bytes()
            .starts_with(b"text/plain");
    if spoken {
        return response;
    }
    let code = match response.status() {
        StatusCode::BAD_REQUEST => Code::BadRequest,
        StatusCode::NOT_FOUND => Code::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Code::UnsupportedMediaType,
        StatusCode::REQUEST_TIMEOUT => Code::TimedOut,
        StatusCode::SERVICE_UNAVAILABLE => Code::Unavailable,
        status if status.is_server_error() => Code::Internal,
        _ => return response,
    };
    let problem = Problem {
        retry_after: (code == Code::TimedOut).then_some(RETRY_AFTER),
        ..Problem::new(code)
    };
    with_kept_headers(in_words(&problem), response.headers())
}

/// Cookies and what a 405 allows outlive the change of the body.
fn with_kept_headers(mut problem: Response, before: &HeaderMap) -> Response {
    for name in [header::SET_COOKIE, header::ALLOW] {
        for value in before.get_all(&name) {
            problem.headers_mut().append(name.clone(), value.clone());
        }
    }
    problem
}

fn add_headers(headers: &mut HeaderMap, https: bool) {
    headers.extend(HEADERS);
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(CONTENT_SECURITY_POLICY);
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    headers.append(header::VARY, HeaderValue::from_static("accept-language"));
    if https {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
}
