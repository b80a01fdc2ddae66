//! `/confirm-identity`: whoever signed in a while ago types their password once more before what could do great harm,
//! and comes back to it with the form as they left it.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    account::Caller,
    authentication::proof,
    portal::Portal,
    web::{
        guard::session::{KeepSession, Member},
        pages::{
            fields::at_password,
            kit::{
                Field, Form, FormPage, Posted, View,
                resume::{After, carry, go_on, with_carried},
            },
        },
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/confirm-identity", get(show).post(act))
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Response {
    let next = view.asked("next").unwrap_or_default();
    let asked = carry(&next, None);
    if proof::is_fresh(&portal, caller) {
        return go_on(&view, &asked, After::Proof);
    }
    page(&view, &asked, None)
}

async fn act(State(portal): State<Portal>, view: View, Member(caller): Member, posted: Posted) -> Response {
    if posted.restores() {
        // The sign-in before this was a proof.
        return if proof::is_fresh(&portal, caller) {
            go_on(&view, &posted, After::Proof)
        } else {
            page(&view, &posted, None)
        };
    }
    let proved = proof::renew(&portal, caller, posted.text("password")).await;
    match proved.map_err(|error| at_password(error, "password")) {
        Ok(key) => {
            let session = KeepSession::new(&portal, Some(key));
            (session, go_on(&view, &posted, After::Proof)).into_response()
        }
        Err(problem) => page(&view, &posted, Some(&problem)),
    }
}

/// In front of what takes a fresh proof: the page that asks for one, if there is none. Nothing of what was sent is
/// done, and nothing of it is lost.
pub fn prove_first(portal: &Portal, view: &View, caller: Caller, sent: &Posted) -> Option<Response> {
    if proof::is_fresh(portal, caller) {
        return None;
    }
    let carried = carry(&view.path(), Some(sent));
    Some(page(view, &carried, Some(&Code::ProofRequired.into())))
}

fn page(view: &View, posted: &Posted, problem: Option<&Problem>) -> Response {
    let form = Form::new(view, posted, problem)
        .action(view.to("/confirm-identity"))
        .field(Field::password("password", "current-password"))
        .button("confirm-identity-button");
    let form = with_carried(form, posted);
    let mut intro = vec![view.t("confirm-identity-intro")];
    if posted.has("carried") {
        intro.push(view.t("confirm-identity-carried"));
    }
    let page = FormPage {
        frame: view.frame("confirm-identity-title").with_problem(problem, &form),
        intro,
        form,
        ways: vec![view.way("/forgot-password", "sign-in-forgotten")],
    };
    view.show_with(problem, &page)
}
