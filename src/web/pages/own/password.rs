//! `/account/password`: another password, by whoever knows the current one.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};

use super::ask_for_proof;
use crate::{
    authentication::password_change::{self, Changed},
    devices::Visit,
    portal::Portal,
    web::{
        guard::{
            device::KeepDevice,
            session::{KeepSession, Member},
        },
        pages::{
            fields::{at_password, new_password},
            kit::{Field, Form, FormPage, Posted, View},
        },
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/account/password", get(show).post(act))
}

async fn show(view: View) -> Response {
    page(&view, &Posted::default(), None)
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    visit: Visit,
    posted: Posted,
) -> Response {
    if posted.restores() {
        return page(&view, &posted, None);
    }
    let (current, new) = (posted.text("current_password"), posted.text("new_password"));
    let changed = password_change::change(&portal, caller, current, new).await;
    match changed.map_err(|error| at_password(error, "current_password")) {
        Ok(Changed { checked, key }) => {
            let device = KeepDevice::new(&portal, &visit.after_sign_in(&portal, checked));
            let session = KeepSession::new(&portal, key);
            (device, session, view.go_done("/account", "password-changed")).into_response()
        }
        Err(problem) if problem.code == Code::ProofRequired => {
            match ask_for_proof(&portal, &view, caller, &posted).await {
                Ok(ask) => ask,
                Err(problem) => problem.into_response(),
            }
        }
        Err(problem) => page(&view, &posted, Some(&problem)),
    }
}

fn page(view: &View, posted: &Posted, problem: Option<&Problem>) -> Response {
    let form = Form::new(view, posted, problem)
        .field(Field::password("current_password", "current-password"))
        .field(new_password(view, "new_password"))
        .button("password-change-button")
        .cancel("/account", "account-back");
    let page = FormPage {
        frame: view.frame("password-change-title").with_problem(problem, &form),
        intro: vec![view.t("password-change-intro")],
        form,
        ways: Vec::new(),
    };
    view.show_with(problem, &page)
}
