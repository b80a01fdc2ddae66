//! `/delete-account`: deleting an account without signing in, for whoever is suspended or still waits (R6).

use axum::{Router, extract::State, response::Response, routing::get};

use super::{at_code, code_field, without_code};
use crate::{
    devices::Visit,
    erasure::request,
    portal::Portal,
    web::{
        pages::{
            deleted,
            kit::{Field, Form, FormPage, Posted, View},
        },
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/delete-account", get(show).post(act))
}

async fn show(view: View) -> Response {
    page(&view, &Posted::default(), None)
}

async fn act(State(portal): State<Portal>, view: View, visit: Visit, posted: Posted) -> Response {
    if posted.restores() {
        return page(&view, &posted, None);
    }
    let [email, password, code] = ["email", "password", "code"].map(|name| posted.text(name));
    let requested = request::by_credentials(&portal, &visit, email, password, code).await;
    match requested.map_err(|error| at_code(error.into())) {
        Ok(requested) => deleted::answer(&portal, &view, requested),
        Err(problem) => page(&view, &posted, Some(&problem)),
    }
}

fn page(view: &View, posted: &Posted, problem: Option<&Problem>) -> Response {
    let mut form = Form::new(view, &without_code(posted), problem)
        .field(Field::email("email").autocomplete("username"))
        .field(Field::password("password", "current-password"));
    // Whether there is a second factor is said to nobody before a right password.
    let asks_for_code = posted.has("code")
        || problem.is_some_and(|problem| problem.errors.iter().any(|error| error.field == "code"));
    if asks_for_code {
        form = form.field(code_field(true));
    }
    let form = form
        .grave_button("delete-account-button")
        .cancel("", "delete-account-cancel");
    view.show_with(
        problem,
        &FormPage {
            frame: view.frame("delete-account-title").with_problem(problem, &form),
            intro: vec![
                view.t("delete-account-intro"),
                view.t("delete-account-effect"),
                view.t("delete-account-held"),
            ],
            form,
            ways: vec![view.way("/forgot-password", "sign-in-forgotten")],
        },
    )
}
