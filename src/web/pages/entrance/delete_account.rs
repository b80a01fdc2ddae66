//! `/delete-account`: deleting an account without signing in, for whoever is suspended or still waits (R6).

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    erasure::request::{self, Requested},
    portal::Portal,
    web::{
        pages::kit::{Field, Form, FormPage, Frame, Posted, View},
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/delete-account", get(show).post(act))
}

/// What happens now, and the receipt's code: this once, and in the mail.
#[derive(Template)]
#[template(path = "entrance/deletion_begun.html")]
struct BegunPage<'a> {
    frame: Frame<'a>,
    deleted_at: String,
    undo_until: String,
    erase_by: String,
    code: Option<String>,
}

async fn show(view: View) -> Response {
    page(&view, &Posted::default(), None)
}

async fn act(State(portal): State<Portal>, view: View, posted: Posted) -> Response {
    if posted.restores() {
        return page(&view, &posted, None);
    }
    let requested = request::by_credentials(&portal, posted.text("email"), posted.text("password")).await;
    match requested.map_err(Problem::from) {
        Ok(requested) => begun(view, requested),
        Err(problem) => page(&view, &posted, Some(&problem)),
    }
}

fn page(view: &View, posted: &Posted, problem: Option<&Problem>) -> Response {
    let form = Form::new(view, posted, problem)
        .field(Field::email("email").autocomplete("username"))
        .field(Field::password("password", "current-password"))
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

/// The deletion has begun; whoever was signed in is not any more.
fn begun(mut view: View, requested: Requested) -> Response {
    view.caller = None;
    let deadlines = requested.deadlines;
    view.show(&BegunPage {
        frame: view.frame("begun-title"),
        deleted_at: view.at_time(&deadlines.deleted_at),
        undo_until: view.at_time(&deadlines.undo_until),
        erase_by: view.at_time(&deadlines.erase_by),
        code: requested.receipt_code,
    })
}
