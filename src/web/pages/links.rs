//! `/{de|en}/{confirm|withdraw|reset|email-change|undo}?token=…`: a GET shows one button, and nothing but its POST
//! changes anything. Where trying again can help, the form is shown again with what went wrong.

use askama::Template;
use axum::{
    Extension, Form, Router,
    extract::{
        Query, State,
        rejection::{FormRejection, QueryRejection},
    },
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use entity::status::Status;
use serde::Deserialize;

use crate::{
    authentication::{email_change, password_reset},
    confirmation::Token,
    erasure::undo,
    mail::letter::LinkPurpose,
    passwords::{MAX_CHARACTERS, MIN_CHARACTERS},
    portal::Portal,
    registration::{confirm, withdraw},
    text::{Locale, text, text_with},
    web::problem::{Code, Problem, message},
};

const PURPOSES: [LinkPurpose; 5] = [
    LinkPurpose::Confirm,
    LinkPurpose::Withdraw,
    LinkPurpose::Reset,
    LinkPurpose::EmailChange,
    LinkPurpose::Undo,
];

/// Every page by itself: any other language or purpose is no route.
pub fn routes() -> Router<Portal> {
    let mut router = Router::new();
    for locale in Locale::ALL {
        for purpose in PURPOSES {
            let page = Page { locale, purpose };
            router = router.route(&page.path(), get(show).post(act).layer(Extension(page)));
        }
    }
    router
}

/// What a link is for, and the language of its mail.
#[derive(Debug, Clone, Copy)]
struct Page {
    locale: Locale,
    purpose: LinkPurpose,
}

#[derive(Deserialize)]
struct Linked {
    #[serde(default)]
    token: String,
}

#[derive(Deserialize)]
struct Submitted {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
}

/// The button, and the field for the password where one is chosen.
#[derive(Template)]
#[template(path = "link_form.html")]
struct FormPage<'a> {
    locale: Locale,
    title: String,
    intro: String,
    button: String,
    action: String,
    token: &'a str,
    password: Option<PasswordField>,
    /// What went wrong with the try before.
    error: Option<String>,
    error_word: String,
    portal: String,
}

struct PasswordField {
    label: String,
    hint: String,
    /// Whether what went wrong is the password.
    refused: bool,
}

#[derive(Template)]
#[template(path = "link_result.html")]
struct ResultPage {
    locale: Locale,
    title: String,
    outcome: String,
    portal: String,
}

async fn show(Extension(page): Extension<Page>, asked: Result<Query<Linked>, QueryRejection>) -> Response {
    match asked.map(|Query(Linked { token })| Token::parse(&token)) {
        Ok(Ok(token)) => page.form(&token, None),
        _ => page.failed(&Code::LinkInvalid.into()),
    }
}

async fn act(
    State(portal): State<Portal>,
    Extension(page): Extension<Page>,
    submitted: Result<Form<Submitted>, FormRejection>,
) -> Response {
    let Submitted { token, password } = match submitted {
        Ok(Form(submitted)) => submitted,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return page.failed(&Code::TooLarge.into());
        }
        Err(_) => return page.failed(&Code::LinkInvalid.into()),
    };
    let Ok(token) = Token::parse(&token) else {
        return page.failed(&Code::LinkInvalid.into());
    };
    match follow(&portal, page.purpose, &token, &password).await {
        Ok(done) => page.done(done),
        Err(problem) if may_try_again(problem.code) => page.form(&token, Some(&problem)),
        Err(problem) => page.failed(&problem),
    }
}

/// Does what the link is for, and names the text that says so.
async fn follow(
    portal: &Portal,
    purpose: LinkPurpose,
    token: &Token,
    password: &str,
) -> Result<&'static str, Problem> {
    match purpose {
        LinkPurpose::Confirm => match confirm::confirm(portal, token, password).await? {
            Status::Pending => return Ok("pending"),
            _ => return Ok("done"),
        },
        LinkPurpose::Withdraw => withdraw::withdraw(portal, token).await?,
        LinkPurpose::Reset => password_reset::confirm(portal, token, password).await?,
        LinkPurpose::EmailChange => email_change::confirm(portal, token).await?,
        LinkPurpose::Undo => undo::undo(portal, token).await?,
    }
    Ok("done")
}

/// The link is still good: the password was refused, or the portal could not help at the moment.
fn may_try_again(code: Code) -> bool {
    code == Code::InvalidInput || code.status().is_server_error()
}

impl Page {
    fn path(self) -> String {
        format!("/{}/{}", self.locale, self.purpose.segment())
    }

    /// `title`, `intro`, `button`, `done` … of this purpose.
    fn text(self, part: &str) -> String {
        text(self.locale, &format!("page-{}-{part}", self.purpose.segment()))
    }

    fn form(self, token: &Token, problem: Option<&Problem>) -> Response {
        let chooses = matches!(self.purpose, LinkPurpose::Confirm | LinkPurpose::Reset);
        let (min, max) = (MIN_CHARACTERS.to_string(), MAX_CHARACTERS.to_string());
        let shown = FormPage {
            locale: self.locale,
            title: self.text("title"),
            intro: self.text("intro"),
            button: self.text("button"),
            action: self.path(),
            token: &token.reveal(),
            password: chooses.then(|| PasswordField {
                label: text(self.locale, "page-password-label"),
                hint: text_with(self.locale, "page-password-hint", &[("min", &min), ("max", &max)]),
                refused: problem.is_some_and(|problem| problem.code == Code::InvalidInput),
            }),
            error: problem.map(|problem| self.words(problem)),
            error_word: text(self.locale, "page-error"),
            portal: text(self.locale, "page-portal"),
        };
        self.answer(&shown, problem)
    }

    fn done(self, part: &str) -> Response {
        self.answer(&self.result(self.text("done-title"), self.text(part)), None)
    }

    fn failed(self, problem: &Problem) -> Response {
        self.answer(
            &self.result(text(self.locale, "page-failed-title"), self.words(problem)),
            Some(problem),
        )
    }

    fn result(self, title: String, outcome: String) -> ResultPage {
        ResultPage {
            locale: self.locale,
            title,
            outcome,
            portal: text(self.locale, "page-portal"),
        }
    }

    fn words(self, problem: &Problem) -> String {
        match problem.errors.first() {
            Some(error) => message(self.locale, &error.fault),
            None => problem.title(self.locale),
        }
    }

    fn answer(self, template: &impl Template, problem: Option<&Problem>) -> Response {
        let Ok(html) = template.render() else {
            return Problem::new(Code::Internal).into_response();
        };
        let status = problem.map_or(StatusCode::OK, |problem| problem.code.status());
        let mut response = (status, Html(html)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_LANGUAGE,
            HeaderValue::from_static(self.locale.as_str()),
        );
        if let Some(seconds) = problem.and_then(|problem| problem.retry_after) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

#[cfg(test)]
mod tests;
