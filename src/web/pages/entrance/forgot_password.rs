//! `/forgot-password`: a link to choose another password. What is answered is the same whether or not the address is
//! known.

use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    authentication::password_reset,
    network::Network,
    portal::Portal,
    values::{EmailAddress, Invalid},
    web::{
        pages::kit::{Field, Form, FormPage, Posted, TextPage, View},
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/forgot-password", get(show).post(act))
        .route("/forgot-password/sent", get(sent))
}

async fn show(view: View) -> Response {
    page(&view, &Posted::default(), None)
}

async fn act(State(portal): State<Portal>, view: View, from: Network, posted: Posted) -> Response {
    if posted.restores() {
        return page(&view, &posted, None);
    }
    match note(&portal, from, posted.text("email")).await {
        Ok(()) => view.go("/forgot-password/sent"),
        Err(problem) => page(&view, &posted, Some(&problem)),
    }
}

async fn note(portal: &Portal, from: Network, email: &str) -> Result<(), Problem> {
    let address = EmailAddress::parse(email).map_err(|fault| Invalid::one("email", fault))?;
    password_reset::note(portal, from, &address).await??;
    Ok(())
}

fn page(view: &View, posted: &Posted, problem: Option<&Problem>) -> Response {
    let form = Form::new(view, posted, problem)
        .field(Field::email("email").autocomplete("username"))
        .button("forgotten-button");
    view.show_with(
        problem,
        &FormPage {
            frame: view.frame("forgotten-title").with_problem(problem, &form),
            intro: vec![view.t("forgotten-intro")],
            form,
            ways: vec![view.way("/sign-in", "forgotten-sign-in")],
        },
    )
}

async fn sent(view: View) -> Response {
    let subject = view.t("mail-password-reset-subject");
    view.show(&TextPage {
        frame: view.frame("forgotten-sent-title"),
        lines: vec![
            view.t_with("forgotten-sent-mail", &[("subject", &subject)]),
            view.t("forgotten-sent-nothing"),
        ],
        ways: vec![
            view.way("/forgot-password", "forgotten-again"),
            view.way("/register", "sign-in-register"),
            view.way("/sign-in", "forgotten-sign-in"),
        ],
    })
}
