//! `/sign-in` and `/sign-out`. Address and password stand in one form, named as password managers expect them; what a
//! form held whose session ended is carried through.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tower_sessions::Session;

use crate::{
    authentication::{session_store, sign_in},
    devices::Visit,
    portal::Portal,
    web::{
        guard::{device::KeepDevice, session::SignedOut},
        pages::kit::{
            Field, Form, FormPage, Posted, SIGNED_OUT, View,
            resume::{After, carry, go_on, with_carried},
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
    // Only where to go on stands in an address; what a form held is carried by our own page alone, since anyone can
    // make up an address.
    let next = view.asked("next");
    let asked = next.map_or_else(Posted::default, |next| carry(&next, None));
    if view.caller.is_some() {
        return go_on(&view, &asked, After::SignIn);
    }
    page(&view, &asked, None)
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    session: Session,
    visit: Visit,
    posted: Posted,
) -> Response {
    if posted.restores() {
        return page(&view, &posted, None);
    }
    match sign_in(&portal, &session, &visit, &posted).await {
        Ok(device) => (device, go_on(&view, &posted, After::SignIn)).into_response(),
        Err(problem) => page(&view, &posted, Some(&problem)),
    }
}

async fn sign_in(
    portal: &Portal,
    session: &Session,
    visit: &Visit,
    posted: &Posted,
) -> Result<KeepDevice, Problem> {
    let signed_in = sign_in::sign_in(portal, visit, posted.text("email"), posted.text("password")).await?;
    let device = session_store::begin(portal, session, &signed_in, visit).await?;
    Ok(KeepDevice::new(portal, &device))
}

async fn sign_out(view: View, session: Session) -> Result<Response, Problem> {
    session.flush().await.map_err(|_| Code::Unavailable)?;
    Ok((SignedOut, view.go_done("", SIGNED_OUT)).into_response())
}

/// A form came without a session: sign in first, and nothing of it is lost.
pub fn ask_again(view: &View, sent: &Posted) -> Response {
    let carried = carry(&view.path(), Some(sent));
    page(view, &carried, Some(&Code::NotSignedIn.into()))
}

fn page(view: &View, posted: &Posted, problem: Option<&Problem>) -> Response {
    let form = Form::new(view, posted, problem)
        .action(view.to("/sign-in"))
        .field(Field::email("email").autocomplete("username"))
        .field(Field::password("password", "current-password"))
        .button("sign-in-button");
    let form = with_carried(form, posted);
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
