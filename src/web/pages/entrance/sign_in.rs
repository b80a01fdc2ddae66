//! `/sign-in` and `/sign-out`. Address and password stand in one form, named as password managers expect them; what a
//! form held whose session ended is carried through. Beside it stands a passkey, which needs neither.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tower_sessions::Session;

use super::second_step;
use crate::{
    authentication::{
        passkey, session_store,
        sign_in::{self, SignedIn, Step},
    },
    devices::Visit,
    portal::Portal,
    second_factor::{demand, passkeys::assertion::Answer},
    web::{
        api::session::ticket_of,
        guard::{device::KeepDevice, session::SignedOut},
        pages::kit::{
            Field, Form, PasskeyForm, PasskeyPage, Posted, SIGNED_OUT, View,
            passkey::{is_shown, shown},
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
    let answered = answer(&portal, &view, &session, &visit, &posted).await;
    answered.unwrap_or_else(|problem| page(&view, &posted, Some(&problem)))
}

async fn answer(
    portal: &Portal,
    view: &View,
    session: &Session,
    visit: &Visit,
    posted: &Posted,
) -> Result<Response, Problem> {
    if is_shown(posted) {
        let (ceremony, credential) = shown(posted)?;
        let answer = Answer {
            ceremony: &ticket_of(ceremony)?,
            credential: &credential,
            from: visit.network,
        };
        let signed_in = passkey::sign_in(portal, answer).await?;
        return enter(portal, view, session, visit, posted, &signed_in).await;
    }
    match sign_in::sign_in(portal, visit, posted.text("email"), posted.text("password")).await? {
        Step::In(signed_in) => enter(portal, view, session, visit, posted, &signed_in).await,
        Step::Second(waiting) => Ok(second_step::ask(view, posted, &waiting)),
    }
}

/// Begins the session, and goes on to where the sign-in was to lead; whoever needs a second factor by now and has none is
/// helped to set one up first.
pub async fn enter(
    portal: &Portal,
    view: &View,
    session: &Session,
    visit: &Visit,
    posted: &Posted,
    signed_in: &SignedIn,
) -> Result<Response, Problem> {
    let device = session_store::begin(portal, session, signed_in, visit).await?;
    let device = KeepDevice::new(portal, &device);
    let on = if demand::is_made(portal, signed_in.role) && !signed_in.second_factor {
        view.go("/account/second-factor")
    } else {
        go_on(view, posted, After::SignIn)
    };
    Ok((device, on).into_response())
}

/// What waited for its second step is over: the first one again.
pub fn once_more(view: &View, posted: &Posted, problem: &Problem) -> Response {
    let along = posted
        .pairs()
        .iter()
        .filter(|(name, _)| ["next", "carried"].contains(&name.as_str()));
    let mut kept = url::form_urlencoded::Serializer::new(String::new());
    kept.extend_pairs(along);
    page(view, &Posted::parse(kept.finish().as_bytes()), Some(problem))
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
        &PasskeyPage {
            frame: view
                .frame("sign-in-title")
                .asking_for_passkey()
                .with_problem(problem, &form),
            intro: intro.map(|key| view.t(key)).collect(),
            form,
            passkey: Some(PasskeyForm::get(view, "/sign-in", posted, "passkey-sign-in")),
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
