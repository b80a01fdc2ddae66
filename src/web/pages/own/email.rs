//! `/account/email`: another mail address. Nothing changes before it is confirmed at the new one.

use axum::{Router, extract::State, response::Response, routing::get};

use super::ask_for_proof;
use crate::{
    account::Caller,
    authentication::email_change,
    portal::Portal,
    profile::own,
    web::{
        guard::session::Member,
        pages::{
            fields::at_password,
            kit::{Field, Form, FormPage, Posted, View},
        },
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/account/email", get(show).post(act))
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
    let asked = email_change::request(&portal, caller, posted.text("email"), posted.text("password")).await;
    match asked.map_err(|error| at_password(error, "password")) {
        Ok(()) => Ok(view.go_done("/account", "email-change-asked")),
        Err(problem) if problem.code == Code::ProofRequired => {
            ask_for_proof(&portal, &view, caller, &posted).await
        }
        Err(problem) => page(&portal, &view, caller, &posted, Some(&problem)).await,
    }
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let me = own::me(portal, caller).await?.ok_or(Code::NotSignedIn)?;
    let form = Form::new(view, posted, problem)
        .field(
            Field::email("email")
                .label("email-change-new")
                .autocomplete("email"),
        )
        .field(Field::password("password", "current-password").label("label-current-password"))
        .button("email-change-button")
        .cancel("/account", "account-back");
    let page = FormPage {
        frame: view.frame("email-change-title").with_problem(problem, &form),
        intro: vec![
            view.t_with("email-change-now", &[("email", &me.email)]),
            view.t("email-change-intro"),
        ],
        form,
        ways: Vec::new(),
    };
    Ok(view.show_with(problem, &page))
}
