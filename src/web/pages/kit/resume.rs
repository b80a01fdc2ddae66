//! Whoever is not signed in is led to the sign-in and comes back: to the page that was asked for, or to the form that
//! was sent, with what was typed still in it.

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
        Ok(posted) => ask_again(&view, &view.path(), &posted),
        Err(problem) => problem.into_response(),
    }
}

/// Where to go after the sign-in: a page of ours, never another host.
pub fn is_ours(next: &str) -> bool {
    language_of(next).is_some() && !next.contains(['\\', '\n', '\r'])
}

/// After the sign-in: a button that brings back the form, filled as it was sent.
pub fn offer_form(view: &View, next: &str, carried: &str) -> Response {
    let carried = Posted::parse(carried.as_bytes());
    let mut form = Form::new(view, &Posted::default(), None)
        .action(next.to_owned())
        .hidden(RESTORE, "1");
    for (name, value) in carried.pairs() {
        form = form.hidden(name.clone(), value.clone());
    }
    let page = FormPage {
        frame: view.frame("resume-title"),
        intro: vec![view.t("resume-intro")],
        form: form.button("resume-button"),
        ways: Vec::new(),
    };
    view.show(&page)
}
