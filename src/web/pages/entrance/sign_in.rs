//! `/sign-in` and `/sign-out`. Address and password stand in one form, named as password managers expect them; what a
//! form held whose session ended is carried through.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use tower_sessions::Session;

use crate::{
    authentication::{session_store, sign_in},
    portal::Portal,
    web::{
        pages::kit::{
            Field, Form, FormPage, Posted, View,
            resume::{is_ours, offer_form},
        },
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/sign-in", get(show).post(act))
        .route("/sign-out", post(sign_out))
}

async fn show(view: View) -> Response {
    if view.caller.is_some() {
        let next = view.asked("next").filter(|next| is_ours(next));
        return next.map_or_else(|| view.go(""), |next| Redirect::to(&next).into_response());
    }
    // Only where to go on stands in an address; what a form held is carried by our own page alone, since anyone can
    // make up an address.
    let mut asked = url::form_urlencoded::Serializer::new(String::new());
    if let Some(next) = view.asked("next") {
        asked.append_pair("next", &next);
    }
    page(&view, &Posted::parse(asked.finish().as_bytes()), None)
}

async fn act(State(portal): State<Portal>, view: View, session: Session, posted: Posted) -> Response {
    if posted.restores() {
        return page(&view, &posted, None);
    }
    if let Err(problem) = sign_in(&portal, &session, &posted).await {
        return page(&view, &posted, Some(&problem));
    }
    let next = posted.filled("next").filter(|next| is_ours(next));
    match (next, posted.filled("carried")) {
        (Some(next), Some(carried)) => offer_form(&view, next, carried),
        (Some(next), None) => Redirect::to(next).into_response(),
        (None, _) => view.go(""),
    }
}

async fn sign_in(portal: &Portal, session: &Session, posted: &Posted) -> Result<(), Problem> {
    let signed_in = sign_in::sign_in(portal, posted.text("email"), posted.text("password")).await?;
    session_store::begin(session, &signed_in).await?;
    Ok(())
}

async fn sign_out(view: View, session: Session) -> Result<Response, Problem> {
    session.flush().await.map_err(|_| Code::Unavailable)?;
    Ok(view.go_done("", "signed-out"))
}

/// A form came without a session: sign in first, and nothing of it is lost.
pub fn ask_again(view: &View, next: &str, sent: &Posted) -> Response {
    let mut carried = url::form_urlencoded::Serializer::new(String::new());
    carried.append_pair("next", next);
    carried.append_pair("carried", &sent.carried());
    let carried = Posted::parse(carried.finish().as_bytes());
    page(view, &carried, Some(&Code::NotSignedIn.into()))
}

fn page(view: &View, posted: &Posted, problem: Option<&Problem>) -> Response {
    let mut form = Form::new(view, posted, problem)
        .action(view.to("/sign-in"))
        .field(Field::email("email").autocomplete("username"))
        .field(Field::password("password", "current-password"))
        .button("sign-in-button");
    for name in ["next", "carried"] {
        if let Some(value) = posted.filled(name) {
            form = form.hidden(name, value);
        }
    }
    let was_sent = posted.has("carried").then_some("sign-in-carried");
    let next_step = problem.and_then(|problem| next_step(problem.code));
    let intro = was_sent.into_iter().chain(next_step);
    let mut ways = vec![
        view.way("/forgot-password", "sign-in-forgotten"),
        view.way("/register", "sign-in-register"),
        view.way("/delete-account", "sign-in-delete"),
    ];
    if problem.is_some_and(|problem| problem.code == Code::AccountDeleted) {
        ways.insert(0, view.way("/receipt", "sign-in-receipt"));
    }
    view.show_with(
        problem,
        &FormPage {
            frame: view.frame("sign-in-title").with_problem(problem, &form),
            intro: intro.map(|key| view.t(key)).collect(),
            form,
            ways,
        },
    )
}

/// What whoever was refused can do about it: beyond what the problem says, and what the links below offer anyway.
fn next_step(code: Code) -> Option<&'static str> {
    match code {
        Code::RegistrationPending => Some("sign-in-pending"),
        Code::RegistrationRejected => Some("sign-in-rejected"),
        Code::AccountSuspended => Some("sign-in-suspended"),
        Code::AccountDeleted => Some("sign-in-deleted"),
        _ => None,
    }
}
