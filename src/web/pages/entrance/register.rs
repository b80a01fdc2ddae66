//! `/register`: asking to join. What is answered is the same whether or not the address is known.

use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    account::{UNCONFIRMED_FOR, UNDECIDED_FOR},
    network::Network,
    portal::Portal,
    registration::sign_up::{self, SignUp, Typed},
    web::{
        pages::kit::{Field, Form, FormPage, Posted, TextPage, View},
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/register", get(show).post(act))
        .route("/register/sent", get(sent))
}

async fn show(State(portal): State<Portal>, view: View) -> Response {
    page(&portal, &view, &Posted::default(), None)
}

async fn act(State(portal): State<Portal>, view: View, from: Network, posted: Posted) -> Response {
    if posted.restores() {
        return page(&portal, &view, &posted, None);
    }
    match note(&portal, &view, from, &posted).await {
        Ok(()) => view.go("/register/sent"),
        Err(problem) => page(&portal, &view, &posted, Some(&problem)),
    }
}

async fn note(portal: &Portal, view: &View, from: Network, posted: &Posted) -> Result<(), Problem> {
    let sign_up = SignUp::parse(
        portal,
        &Typed {
            email: posted.text("email"),
            first_name: posted.text("first_name"),
            last_name: posted.text("last_name"),
            organisation: posted.text("organisation"),
            department: posted.filled("department"),
            message: posted.filled("message"),
            locale: view.locale,
            accept_terms: posted.text("accept_terms"),
        },
    )?;
    sign_up::note(portal, from, &sign_up).await??;
    Ok(())
}

fn page(portal: &Portal, view: &View, posted: &Posted, problem: Option<&Problem>) -> Response {
    let version = portal.settings.terms.version.as_str();
    let form = Form::new(view, posted, problem)
        .field(
            Field::email("email")
                .autocomplete("email")
                .hint("hint-register-email"),
        )
        .field(Field::line("first_name").autocomplete("given-name"))
        .field(Field::line("last_name").autocomplete("family-name"))
        .field(Field::line("organisation").autocomplete("organization"))
        .field(Field::line("department").optional())
        .field(
            Field::prose("message", 4)
                .label("register-message")
                .hint("register-message-hint")
                .optional(),
        )
        .field(
            Field::tick("accept_terms", false)
                .value(Some(version))
                .label_text(view.t_with("register-terms", &[("version", version)]))
                .link("/terms", "register-terms-read"),
        )
        .button("register-button");
    let limits = [
        ("hours", UNCONFIRMED_FOR.num_hours().to_string()),
        ("days", UNDECIDED_FOR.num_days().to_string()),
    ];
    let limits = limits.each_ref().map(|(name, number)| (*name, number.as_str()));
    view.show_with(
        problem,
        &FormPage {
            frame: view.frame("register-title").with_problem(problem, &form),
            intro: vec![view.t("register-intro"), view.t_with("register-data", &limits)],
            form,
            ways: vec![
                view.way("/privacy", "register-privacy"),
                view.way("/sign-in", "register-sign-in"),
            ],
        },
    )
}

async fn sent(view: View) -> Response {
    let subject = view.t("mail-confirm-registration-subject");
    view.show(&TextPage {
        frame: view.frame("register-sent-title"),
        lines: vec![
            view.t_with("register-sent-mail", &[("subject", &subject)]),
            view.t("register-sent-known"),
            view.t("register-sent-nothing"),
        ],
        ways: vec![
            view.way("/register", "register-again"),
            view.way("", "failure-home"),
        ],
    })
}
