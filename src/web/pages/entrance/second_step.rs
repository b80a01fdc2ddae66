//! `/sign-in/code`: the second step of signing in, after a right password. It goes on to where the first one was to lead.

use axum::{Router, extract::State, response::Response, routing::get};
use tower_sessions::Session;

use crate::{
    authentication::second_step::{self, Waiting},
    devices::Visit,
    portal::Portal,
    second_factor::Method,
    values::{Fault, FieldFault},
    web::{
        api::session::ticket_of,
        pages::kit::{Field, Form, PasskeyForm, PasskeyPage, Posted, View, resume::with_carried},
        problem::{Code, Problem},
    },
};

/// The field that says by which methods the sign-in can go on: these words of them.
const METHODS: &str = "methods";
const APP: &str = "totp";
const PASSKEY: &str = "passkey";

pub fn routes() -> Router<Portal> {
    Router::new().route("/sign-in/code", get(show).post(act))
}

/// Nothing waits for whoever comes by an address alone.
async fn show(view: View) -> Response {
    view.go("/sign-in")
}

/// The page after a right password.
pub fn ask(view: &View, sent: &Posted, waiting: &Waiting) -> Response {
    let mut along = url::form_urlencoded::Serializer::new(String::new());
    for name in ["next", "carried"] {
        if let Some(value) = sent.filled(name) {
            along.append_pair(name, value);
        }
    }
    along.append_pair("ticket", &waiting.key.reveal());
    let known = [(Method::Totp, APP), (Method::Passkey, PASSKEY)].into_iter();
    let words = known.filter_map(|(method, word)| waiting.methods.contains(&method).then_some(word));
    along.append_pair(METHODS, &words.collect::<Vec<_>>().join(" "));
    page(view, &Posted::parse(along.finish().as_bytes()), None)
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    session: Session,
    visit: Visit,
    posted: Posted,
) -> Response {
    match finish(&portal, &view, &session, &visit, &posted).await {
        Ok(on) => on,
        Err(problem) if problem.code == Code::CeremonyInvalid => {
            super::sign_in::once_more(&view, &posted, &problem)
        }
        Err(problem) => page(&view, &posted, Some(&at_code(problem))),
    }
}

async fn finish(
    portal: &Portal,
    view: &View,
    session: &Session,
    visit: &Visit,
    posted: &Posted,
) -> Result<Response, Problem> {
    let ticket = ticket_of(posted.text("ticket"))?;
    let signed_in = second_step::finish(portal, &ticket, posted.text("code")).await?;
    super::sign_in::enter(portal, view, session, visit, posted, &signed_in).await
}

/// A wrong code is told at its field.
pub fn at_code(mut problem: Problem) -> Problem {
    if problem.code == Code::CodeInvalid {
        problem.errors.push(FieldFault {
            field: "code".to_owned(),
            fault: Fault::new("code_wrong"),
        });
    }
    problem
}

/// What a code is typed into, of an app or of the list.
pub fn code_field(has_app: bool) -> Field {
    let hint = if has_app {
        "hint-code"
    } else {
        "hint-code-recovery"
    };
    Field::line("code")
        .autocomplete("one-time-code")
        .hint(hint)
        .verbatim()
}

fn page(view: &View, posted: &Posted, problem: Option<&Problem>) -> Response {
    let has = |method: &str| posted.text(METHODS).split(' ').any(|word| word == method);
    let has_app = has(APP);
    let passkey = has(PASSKEY);
    let passkey = passkey.then(|| PasskeyForm::get(view, "/sign-in", posted, "passkey-sign-in"));
    let form = Form::new(view, &without_code(posted), problem)
        .action(view.to("/sign-in/code"))
        .hidden("ticket", posted.text("ticket"))
        .hidden(METHODS, posted.text(METHODS))
        .field(code_field(has_app))
        .button("second-step-button")
        .cancel("/sign-in", "second-step-back");
    let form = with_carried(form, posted);
    let page = PasskeyPage {
        frame: view
            .frame("second-step-title")
            .asking_for_passkey()
            .with_problem(problem, &form),
        intro: vec![view.t("second-step-intro"), view.t("second-step-lost")],
        form,
        passkey,
        ways: Vec::new(),
    };
    view.show_with(problem, &page)
}

/// A code that was wrong, or was used, is not shown again.
pub fn without_code(posted: &Posted) -> Posted {
    let mut kept = url::form_urlencoded::Serializer::new(String::new());
    kept.extend_pairs(posted.pairs().iter().filter(|(name, _)| name != "code"));
    Posted::parse(kept.finish().as_bytes())
}
