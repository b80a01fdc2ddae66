//! Whoever is not signed in is led to the sign-in, and whoever must prove anew who they are to that, and comes back: to
//! the page that was asked for, or to the form that was sent, with what was typed still in it.

use axum::{
    extract::{FromRequest, Request},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    failure::language_of,
    form::Form,
    posted::{Posted, RESTORE},
    simple::FormPage,
    view::View,
};
use crate::web::pages::entrance::ask_again;

/// In front of every page for members.
pub async fn sign_in_first(view: View, request: Request, next: Next) -> Response {
    if view.caller.is_some() {
        return next.run(request).await;
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("next", &view.here());
        return Redirect::to(&format!("{}?{}", view.to("/sign-in"), query.finish())).into_response();
    }
    match Posted::from_request(request, &()).await {
        Ok(posted) => ask_again(&view, &posted),
        Err(problem) => problem.into_response(),
    }
}

/// Where to go on: a page of ours, never another host.
fn is_ours(next: &str) -> bool {
    language_of(next).is_some() && !next.contains(|letter: char| letter == '\\' || letter.is_control())
}

/// What somebody comes back from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum After {
    SignIn,
    /// They proved anew who they are.
    Proof,
}

impl After {
    /// Its title, what it says, and its button.
    fn words(self) -> [&'static str; 3] {
        match self {
            Self::SignIn => ["resume-title", "resume-intro", "resume-button"],
            Self::Proof => ["proved-title", "proved-intro", "proved-button"],
        }
    }
}

/// What a page on the way takes along: where to go on, and the form that was sent there.
pub fn carry(next: &str, sent: Option<&Posted>) -> Posted {
    let mut along = url::form_urlencoded::Serializer::new(String::new());
    along.append_pair("next", next);
    if let Some(sent) = sent {
        along.append_pair("carried", &sent.carried());
    }
    Posted::parse(along.finish().as_bytes())
}

/// The form of a page on the way, with what it takes along.
pub fn with_carried(mut form: Form, posted: &Posted) -> Form {
    for name in ["next", "carried"] {
        if let Some(value) = posted.filled(name) {
            form = form.hidden(name, value);
        }
    }
    form
}

/// On to what was taken along, or to the start page.
pub fn go_on(view: &View, posted: &Posted, after: After) -> Response {
    let next = posted.filled("next").filter(|next| is_ours(next));
    match (next, posted.filled("carried")) {
        (Some(next), Some(carried)) => offer_form(view, next, carried, after),
        (Some(next), None) => Redirect::to(next).into_response(),
        (None, _) => view.go(""),
    }
}

/// A button that brings back the form, filled as it was sent.
fn offer_form(view: &View, next: &str, carried: &str, after: After) -> Response {
    let [title, intro, button] = after.words();
    let carried = Posted::parse(carried.as_bytes());
    let mut form = Form::new(view, &Posted::default(), None)
        .action(next.to_owned())
        .hidden(RESTORE, "1");
    for (name, value) in carried.pairs() {
        form = form.hidden(name.clone(), value.clone());
    }
    let page = FormPage {
        frame: view.frame(title),
        intro: vec![view.t(intro)],
        form: form.button(button),
        ways: Vec::new(),
    };
    view.show(&page)
}
