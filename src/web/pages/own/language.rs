//! `/account/language`: in which language mails come. The language of pages is in their address.

use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    account::Caller,
    portal::Portal,
    profile::own,
    text::Locale,
    web::{
        guard::session::Member,
        pages::kit::{Choice, Field, Form, FormPage, Posted, View},
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/account/language", get(show).post(act))
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    page(&portal, &view, caller, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller, &posted, None).await;
    }
    match set(&portal, caller, &posted).await {
        Ok(()) => Ok(view.go_done("/account", "language-set")),
        Err(problem) => page(&portal, &view, caller, &posted, Some(&problem)).await,
    }
}

async fn set(portal: &Portal, caller: Caller, posted: &Posted) -> Result<(), Problem> {
    let locale = posted.filled("locale");
    let locale = locale.ok_or_else(|| Problem::field("locale", "required"))?;
    let locale: Locale = locale
        .parse()
        .map_err(|_| Problem::field("locale", "unknown_value"))?;
    Ok(own::set_locale(portal, caller, locale).await?)
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let me = own::me(portal, caller).await?.ok_or(Code::NotSignedIn)?;
    let choices = Locale::ALL.map(|locale| {
        Choice::new(locale.as_str(), view.t(&format!("language-{locale}")))
            .chosen(locale.as_str() == me.locale)
    });
    let form = Form::new(view, posted, problem)
        .field(Field::one("locale", choices.into()))
        .button("language-button")
        .cancel("/account", "account-back");
    let page = FormPage {
        frame: view.frame("language-title").with_problem(problem, &form),
        intro: vec![view.t("language-intro")],
        form,
        ways: Vec::new(),
    };
    Ok(view.show_with(problem, &page))
}
