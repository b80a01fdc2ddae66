//! The view of one request: the reader's language, who is signed in, and the address that the page has in the other
//! language. A visitor's language is in the address alone, so it takes no cookie.

use askama::Template;
use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use tower_sessions::Session;

use crate::{
    account::Caller,
    authentication::session_store,
    permissions::Permission,
    text::{self, Locale},
    web::problem::{Code, Problem},
};

/// Whether the portal is a demonstration: its pages say so.
#[derive(Debug, Clone, Copy)]
pub struct IsDemo(pub bool);

/// A link.
pub struct Way {
    pub href: String,
    pub text: String,
    /// Whether this page stands there, or below.
    pub is_here: bool,
}

/// One request as its page sees it.
#[derive(Debug, Clone)]
pub struct View {
    pub locale: Locale,
    pub caller: Option<Caller>,
    /// Whether it is known who asks, be it a visitor.
    pub(super) is_known: bool,
    pub(super) is_demo: bool,
    /// The path behind the language, empty for the start page.
    rest: String,
    /// The query of a page that was asked for; none of one that answers a form.
    query: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for View {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let locale = *parts.extensions.get::<Locale>().ok_or(Code::NotFound)?;
        let session = parts.extensions.get::<Session>().ok_or(Code::Internal)?;
        let caller = session_store::caller(session)
            .await
            .map_err(|_| Code::Unavailable)?;
        let uri = parts.extensions.get::<OriginalUri>().ok_or(Code::Internal)?;
        let is_asked = matches!(parts.method, Method::GET | Method::HEAD);
        Ok(Self {
            is_demo: parts.extensions.get().is_some_and(|IsDemo(is_demo)| *is_demo),
            query: uri.query().filter(|_| is_asked).map(str::to_owned),
            ..Self::at(locale, uri.path(), caller)
        })
    }
}

impl View {
    /// The view of a path that begins with the language, as `/de/members`.
    pub fn at(locale: Locale, path: &str, caller: Option<Caller>) -> Self {
        let rest = path.get(3..).unwrap_or_default().trim_end_matches('/');
        Self {
            locale,
            caller,
            is_known: true,
            is_demo: false,
            rest: rest.to_owned(),
            query: None,
        }
    }

    /// The same where nobody has looked yet who asks.
    pub fn of_nobody(locale: Locale, path: &str) -> Self {
        Self {
            is_known: false,
            ..Self::at(locale, path, None)
        }
    }

    /// The text of `key` in the reader's language.
    pub fn t(&self, key: &str) -> String {
        text::text(self.locale, key)
    }

    /// The same with values.
    pub fn t_with(&self, key: &str, args: &[(&str, &str)]) -> String {
        text::text_with(self.locale, key, args)
    }

    /// The same with a number, in the singular or plural.
    pub fn t_counted(&self, key: &str, count: u64) -> String {
        text::text_counted(self.locale, key, count)
    }

    /// When what was refused works again.
    pub fn again_in(&self, seconds: u64) -> String {
        self.t_with("again-in", &[("wait", &text::wait(self.locale, seconds))])
    }

    /// The instant in words.
    pub fn at_time(&self, at: &DateTime<Utc>) -> String {
        text::instant(self.locale, *at)
    }

    /// An address of the portal in the reader's language: `/members` is `/de/members`.
    pub fn to(&self, path: &str) -> String {
        format!("/{}{path}", self.locale)
    }

    /// The address of this page.
    pub fn path(&self) -> String {
        self.to(&self.rest)
    }

    /// What was asked behind the path.
    pub fn query(&self) -> &str {
        self.query.as_deref().unwrap_or_default()
    }

    /// The same page as if it had been asked for with this query: keeps a link's token through a form's answer.
    #[must_use]
    pub fn asking(&self, query: &str) -> Self {
        Self {
            query: Some(query.to_owned()),
            ..self.clone()
        }
    }

    /// The address of this page with its query: where to come back to.
    pub fn here(&self) -> String {
        match &self.query {
            Some(query) => format!("{}?{query}", self.path()),
            None => self.path(),
        }
    }

    /// The same page for someone whose session just ended.
    #[must_use]
    pub fn signed_out(&self) -> Self {
        Self {
            caller: None,
            ..self.clone()
        }
    }

    pub fn other_locale(&self) -> Locale {
        match self.locale {
            Locale::De => Locale::En,
            Locale::En => Locale::De,
        }
    }

    /// This page in the other language.
    pub fn other_language(&self) -> String {
        let other = Self {
            locale: self.other_locale(),
            ..self.clone()
        };
        other.here()
    }

    /// Whether whoever asks may do this: pages lead nowhere else.
    pub fn may(&self, permission: Permission) -> bool {
        self.caller.is_some_and(|caller| caller.may(permission))
    }

    /// Whether this page is `path` or stands below it: marks the way in the menu.
    pub fn is_below(&self, path: &str) -> bool {
        self.rest
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Goes on to another page, after something was done.
    pub fn go(&self, path: &str) -> Response {
        Redirect::to(&self.to(path)).into_response()
    }

    /// The same, and that page says what was done: the text `done-…`. The path may end with the place on the page.
    pub fn go_done(&self, path: &str, done: &str) -> Response {
        let place = path.find('#').unwrap_or(path.len());
        let (path, place) = path.split_at(place);
        let separator = if path.contains('?') { '&' } else { '?' };
        self.go(&format!("{path}{separator}done={done}{place}"))
    }

    /// The page.
    pub fn show(&self, page: &impl Template) -> Response {
        self.show_as(StatusCode::OK, page)
    }

    /// The page, with the status of what went wrong, if anything did.
    pub fn show_with(&self, problem: Option<&Problem>, page: &impl Template) -> Response {
        let mut response = self.show_as(
            problem.map_or(StatusCode::OK, |problem| problem.code.status()),
            page,
        );
        if let Some(seconds) = problem.and_then(|problem| problem.retry_after) {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    pub fn show_as(&self, status: StatusCode, page: &impl Template) -> Response {
        let Ok(html) = page.render() else {
            return Problem::new(Code::Internal).into_response();
        };
        let mut response = (status, Html(html)).into_response();
        response.headers_mut().insert(
            header::CONTENT_LANGUAGE,
            HeaderValue::from_static(self.locale.as_str()),
        );
        response
    }
}
