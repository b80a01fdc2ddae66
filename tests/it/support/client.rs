//! A client that keeps cookies, as browsers do, and looks at every answer for what must never be in one.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::{events::EventStream, page};

/// Clones share their cookies, as windows of one browser do.
#[derive(Clone)]
pub struct Client {
    router: Router,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

/// A request that is being written.
pub struct Draft<'a> {
    client: &'a Client,
    request: axum::http::request::Builder,
    body: Body,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Response {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Client {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: Arc::default(),
        }
    }

    pub async fn get(&self, path: &str) -> Response {
        self.request(Method::GET, path).send().await
    }

    pub async fn delete(&self, path: &str) -> Response {
        self.request(Method::DELETE, path).send().await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Response {
        self.request(Method::POST, path).json(body).send().await
    }

    /// What a browser sends when a form is submitted on a page of the portal.
    pub async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Response {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.request(Method::POST, path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(form)
            .send()
            .await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Response {
        self.request(Method::PUT, path).json(body).send().await
    }

    /// A JSON merge patch.
    pub async fn patch(&self, path: &str, body: &Value) -> Response {
        let draft = self
            .request(Method::PATCH, path)
            .header("content-type", "application/merge-patch+json");
        draft.body(body.to_string()).send().await
    }

    pub fn request(&self, method: Method, path: &str) -> Draft<'_> {
        Draft {
            client: self,
            request: Request::builder().method(method).uri(path),
            body: Body::empty(),
        }
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
            .cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(name.to_owned(), value.to_owned());
    }

    fn cookie_header(&self) -> Option<String> {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        let pairs: Vec<_> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for set in headers.get_all(header::SET_COOKIE) {
            let set = set.to_str().expect("a cookie is text");
            let (name, value) = set
                .split(';')
                .next()
                .and_then(|pair| pair.split_once('='))
                .expect("a cookie is a pair");
            if value.is_empty() || set.contains("Max-Age=0") {
                cookies.remove(name);
            } else {
                cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Draft<'_> {
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }

    #[must_use]
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// The answer as it comes, piece by piece: what every answer is looked at for is not looked at.
    pub async fn listen(self) -> EventStream {
        let (_, answer) = self.answer().await;
        assert_eq!(answer.status(), StatusCode::OK);
        EventStream::of(answer)
    }

    async fn answer(self) -> (String, axum::response::Response) {
        let mut request = self.request;
        if let Some(cookies) = self.client.cookie_header() {
            request = request.header(header::COOKIE, cookies);
        }
        let request = request.body(self.body).expect("the request is well-formed");
        let asked = format!("{} {}", request.method(), request.uri());
        let Ok(answer) = self.client.router.clone().oneshot(request).await;
        self.client.keep_cookies(answer.headers());
        (asked, answer)
    }

    pub async fn send(self) -> Response {
        let (asked, answer) = self.answer().await;
        let (parts, body) = answer.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE);
        let body = if kind.is_some_and(|kind| kind == "text/event-stream") {
            // It never ends; closing it is the reader's affair.
            Bytes::new()
        } else {
            body.collect().await.expect("the answer is complete").to_bytes()
        };
        let response = Response {
            status: parts.status,
            headers: parts.headers,
            body,
        };
        response.check(&asked);
        response
    }
}

impl Response {
    /// What holds for every answer: nothing fails inside, and errors are problems that carry their request's id.
    fn check(&self, asked: &str) {
        assert_ne!(
            self.status,
            StatusCode::INTERNAL_SERVER_ERROR,
            "{asked}: {}",
            self.text()
        );
        if self.is_page() {
            if asked.starts_with("HEAD ") {
                return;
            }
            page::check(asked, &self.text());
            return;
        }
        let is_health = asked.contains("/health/");
        if (self.status.is_client_error() || self.status.is_server_error()) && !is_health {
            assert_eq!(
                self.header("content-type"),
                Some("application/problem+json"),
                "{asked}: {}",
                self.status
            );
            let problem = self.json();
            assert_eq!(problem["status"], self.status.as_u16(), "{asked}");
            assert_eq!(
                problem["request_id"].as_str(),
                self.header("x-request-id"),
                "{asked}"
            );
            assert!(
                problem["code"].is_string() && problem["type"].is_string(),
                "{asked}: {problem}"
            );
            assert!(
                problem["title"].as_str().is_some_and(|title| !title.is_empty()),
                "{asked}: {problem}"
            );
        }
    }

    fn is_page(&self) -> bool {
        let kind = self.header("content-type").unwrap_or_default();
        kind.starts_with("text/html") && self.header("content-language").is_some()
    }

    /// A page that says this.
    #[track_caller]
    pub fn must_show(self, words: &str) -> Self {
        assert!(
            self.is_page() && page::words(&self.text()).contains(words),
            "{words:?} is not on the page ({}): {}",
            self.status,
            page::words(&self.text())
        );
        self
    }

    /// A page on which this is not to be read.
    #[track_caller]
    pub fn must_not_show(self, words: &str) -> Self {
        assert!(
            self.is_page() && !page::words(&self.text()).contains(words),
            "{words:?}: {}",
            self.text()
        );
        self
    }

    /// The address that the browser goes on to.
    #[track_caller]
    pub fn must_lead_to(self, path: &str) -> Self {
        assert_eq!(
            (self.status.as_u16(), self.header("location")),
            (303, Some(path)),
            "{}",
            page::words(&self.text())
        );
        self
    }

    /// The answer itself, if it has this status.
    #[track_caller]
    pub fn must_be(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    /// An error of this status and code.
    #[track_caller]
    pub fn must_fail(self, status: u16, code: &str) -> Self {
        let answer = self.must_be(status);
        assert_eq!(answer.json()["code"], code, "{}", answer.text());
        answer
    }

    /// Invalid input in exactly these fields, each as `field: code`.
    #[track_caller]
    pub fn must_refuse(self, faults: &[&str]) {
        let problem = self.must_fail(422, "invalid_input").json();
        let named = problem["errors"].as_array().expect("the fields are named").iter();
        let named: Vec<_> = named
            .map(|error| {
                assert!(
                    error["message"]
                        .as_str()
                        .is_some_and(|message| !message.starts_with("field-")),
                    "{error}"
                );
                format!(
                    "{}: {}",
                    error["field"].as_str().unwrap_or("?"),
                    error["code"].as_str().unwrap_or("?")
                )
            })
            .collect();
        assert_eq!(named, faults, "{problem}");
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}: not JSON: {}", self.status, self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The whole of what sets this cookie.
    pub fn set_cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter();
        cookies
            .map(|cookie| cookie.to_str().expect("a cookie is text"))
            .find(|cookie| cookie.split('=').next() == Some(name))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("the header is text"))
    }
}
