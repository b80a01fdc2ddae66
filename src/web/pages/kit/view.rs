//! The view of one request: the reader's language, who is signed in, and the address that the page has in the other
//! language. A visitor's language is in the address alone, so it takes no cookie.

use askama::Template;
use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
};
use chrono::{DateTime, Utc};
use entity::status::Role;
use tower_sessions::Session;

use super::form::Form;
use crate::{
    account::Caller,
    authentication::session_store,
    text::{self, Locale},
    web::{
        pages::assets::STYLES_PATH,
        problem::{Code, Problem, message},
    },
};

/// Whether the portal is a demonstration: its pages say so.
#[derive(Debug, Clone, Copy)]
pub struct IsDemo(pub bool);

/// One request as its page sees it.
#[derive(Debug, Clone)]
pub struct View {
    pub locale: Locale,
    pub caller: Option<Caller>,
    is_demo: bool,
    /// The path behind the language, empty for the start page.
    rest: String,
    /// The query of a page that was asked for; none of one that answers a form.
    query: Option<String>,
}

/// What stands around a page's content.
pub struct Frame<'a> {
    pub view: &'a View,
    /// The heading, and the first part of the browser's title.
    pub title: String,
    /// What was just done.
    notice: Option<String>,
    /// What has to be looked at again, above everything else.
    lines: Vec<Line>,
}

/// One line of the summary, and the field that it is about.
pub struct Line {
    pub field: Option<String>,
    pub message: String,
}

/// A link.
pub struct Way {
    pub href: String,
    pub text: String,
    /// Whether this page stands there, or below.
    pub is_here: bool,
}

/// The menu for visitors, for members, and what administrators see before it.
const FOR_VISITORS: [&str; 2] = ["/sign-in", "/register"];
const FOR_MEMBERS: [&str; 5] = ["/conversations", "/members", "/enquiries", "/profile", "/account"];
const FOR_ADMINISTRATORS: [&str; 1] = ["/desk"];

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
            is_demo: false,
            rest: rest.to_owned(),
            query: None,
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

    pub fn is_administrator(&self) -> bool {
        self.caller
            .is_some_and(|caller| caller.role == Role::Administrator)
    }

    /// Whether this page is `path` or stands below it: marks the way in the menu.
    pub fn is_below(&self, path: &str) -> bool {
        self.rest
            .strip_prefix(path)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// The frame of a page whose heading is the text of `title`.
    pub fn frame(&self, title: &str) -> Frame<'_> {
        self.frame_titled(self.t(title))
    }

    /// The frame of a page whose heading is a name.
    pub fn frame_titled(&self, title: String) -> Frame<'_> {
        let done = self.query.as_deref().and_then(|query| {
            url::form_urlencoded::parse(query.as_bytes())
                .find(|(name, _)| name == "done")
                .and_then(|(_, word)| text::known(self.locale, &format!("done-{word}")))
        });
        Frame {
            view: self,
            title,
            notice: done,
            lines: Vec::new(),
        }
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

impl Frame<'_> {
    pub fn t(&self, key: &str) -> String {
        self.view.t(key)
    }

    /// Sums up what went wrong, with links to the fields of `form`.
    #[must_use]
    pub fn with_problem(mut self, problem: Option<&Problem>, form: &Form) -> Self {
        let Some(problem) = problem else { return self };
        let locale = self.view.locale;
        self.lines = problem
            .errors
            .iter()
            .map(|error| form.line(&error.field, message(locale, &error.fault)))
            .collect();
        if self.lines.is_empty() {
            self.lines.push(Line {
                field: None,
                message: problem.title(locale),
            });
        }
        self
    }

    /// The main ways through the portal: of visitors, members or administrators.
    pub fn menu(&self) -> Vec<Way> {
        let (first, rest): (&[&str], &[&str]) = match self.view.caller {
            None => (&[], &FOR_VISITORS),
            Some(_) if self.view.is_administrator() => (&FOR_ADMINISTRATORS, &FOR_MEMBERS),
            Some(_) => (&[], &FOR_MEMBERS),
        };
        let way = |path: &&str| Way {
            is_here: self.view.is_below(path),
            ..self
                .view
                .way(path, &format!("menu-{}", path.trim_start_matches('/')))
        };
        first.iter().chain(rest).map(way).collect()
    }

    pub fn styles(&self) -> &'static str {
        &STYLES_PATH
    }

    pub fn must_look_over(&self) -> bool {
        self.view.caller.is_some_and(|caller| caller.look_over)
    }

    pub fn is_demo(&self) -> bool {
        self.view.is_demo
    }

    pub fn has_problem(&self) -> bool {
        !self.lines.is_empty()
    }

    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Says what was done on this very page.
    #[must_use]
    pub fn with_notice(mut self, notice: String) -> Self {
        self.notice = Some(notice);
        self
    }
}
