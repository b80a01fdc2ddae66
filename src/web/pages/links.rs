//! `/{confirm|withdraw|reset|email-change|undo|unsubscribe}?token=…`: a GET shows one button, and nothing but its POST
//! changes anything. Where trying again can help, the form is shown again with what went wrong.

use axum::{
    Extension, Router,
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
    routing::get,
};
use entity::status::Status;

use super::{
    fields::new_password,
    kit::{Form, FormPage, Posted, TextPage, View},
};
use crate::{
    authentication::{email_change, password_reset},
    confirmation::Token,
    devices::Visit,
    erasure::undo,
    mail::letter::LinkPurpose,
    messaging::preferences,
    portal::Portal,
    registration::{confirm, withdraw},
    web::{
        guard::device::KeepDevice,
        problem::{Code, Problem},
    },
};

const PURPOSES: [LinkPurpose; 6] = [
    LinkPurpose::Confirm,
    LinkPurpose::Withdraw,
    LinkPurpose::Reset,
    LinkPurpose::EmailChange,
    LinkPurpose::Undo,
    LinkPurpose::Unsubscribe,
];

/// Every page by itself: any other purpose is no route.
pub fn routes() -> Router<Portal> {
    PURPOSES.into_iter().fold(Router::new(), |router, purpose| {
        let path = format!("/{}", purpose.segment());
        router.route(&path, get(show).post(act).layer(Extension(purpose)))
    })
}

async fn show(Extension(purpose): Extension<LinkPurpose>, view: View) -> Response {
    let asked = Posted::parse(view.query().as_bytes());
    match Token::parse(asked.text("token")) {
        Ok(token) => form(&view, purpose, &token, &Posted::default(), None),
        Err(_) => failed(&view, purpose, &Code::LinkInvalid.into()),
    }
}

async fn act(
    State(portal): State<Portal>,
    Extension(purpose): Extension<LinkPurpose>,
    view: View,
    RawQuery(query): RawQuery,
    visit: Visit,
    posted: Result<Posted, Problem>,
) -> Response {
    let posted = match posted {
        Ok(posted) if purpose == LinkPurpose::Unsubscribe && !posted.has("token") => one_click(query),
        // RFC 8058, section 3.1: mail providers may send either type of form, and all that matters is in the address.
        Err(_) if purpose == LinkPurpose::Unsubscribe => one_click(query),
        Ok(posted) => posted,
        Err(problem) => return problem.into_response(),
    };
    let Ok(token) = Token::parse(posted.text("token")) else {
        return failed(&view, purpose, &Code::LinkInvalid.into());
    };
    if posted.restores() {
        return form(&view, purpose, &token, &posted, None);
    }
    match follow(&portal, &visit, purpose, &token, posted.text("password")).await {
        Ok((outcome, device)) => (device, done(&view, purpose, outcome)).into_response(),
        Err(problem) if may_try_again(problem.code) => form(&view, purpose, &token, &posted, Some(&problem)),
        Err(problem) => failed(&view, purpose, &problem),
    }
}

/// What a mail provider posts for its user: the address of the link, and nothing that a person typed.
fn one_click(query: Option<String>) -> Posted {
    Posted::parse(query.unwrap_or_default().as_bytes())
}

/// Does what the link is for, and names the text that says so. Whoever chose another password by it is known on this
/// device from now on.
async fn follow(
    portal: &Portal,
    visit: &Visit,
    purpose: LinkPurpose,
    token: &Token,
    password: &str,
) -> Result<(&'static str, Option<KeepDevice>), Problem> {
    match purpose {
        LinkPurpose::Confirm => match confirm::confirm(portal, token, password).await? {
            Status::Pending => return Ok(("pending", None)),
            _ => return Ok(("done", None)),
        },
        LinkPurpose::Withdraw => withdraw::withdraw(portal, token).await?,
        LinkPurpose::Reset => {
            let chosen = password_reset::confirm(portal, token, password).await?;
            let device = KeepDevice::new(portal, &visit.after_sign_in(portal, chosen));
            return Ok(("done", Some(device)));
        }
        LinkPurpose::EmailChange => email_change::confirm(portal, token).await?,
        LinkPurpose::Undo => undo::undo(portal, token).await?,
        LinkPurpose::Unsubscribe => preferences::unsubscribe(portal, token).await?,
    }
    Ok(("done", None))
}

/// The link is still good: the password was refused, or the portal could not help at the moment.
fn may_try_again(code: Code) -> bool {
    code == Code::InvalidInput || code.status().is_server_error()
}

fn form(
    view: &View,
    purpose: LinkPurpose,
    token: &Token,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Response {
    let view = &view.asking(&format!("token={}", token.reveal()));
    let key = |part: &str| format!("page-{}-{part}", purpose.segment());
    let mut form = Form::new(view, posted, problem).hidden("token", token.reveal());
    if matches!(purpose, LinkPurpose::Confirm | LinkPurpose::Reset) {
        form = form.field(new_password(view, "password"));
    }
    let form = form.button(&key("button"));
    let ways = match purpose {
        LinkPurpose::Unsubscribe => vec![view.way("/account/notifications", "link-notifications")],
        _ => Vec::new(),
    };
    view.show_with(
        problem,
        &FormPage {
            frame: view.frame(&key("title")).with_problem(problem, &form),
            intro: vec![view.t(&key("intro"))],
            form,
            ways,
        },
    )
}

fn done(view: &View, purpose: LinkPurpose, outcome: &str) -> Response {
    let key = |part: &str| format!("page-{}-{part}", purpose.segment());
    let ways = match purpose {
        LinkPurpose::Withdraw => Vec::new(),
        LinkPurpose::Unsubscribe => vec![view.way("/account/notifications", "link-notifications")],
        _ if outcome == "done" => vec![view.way("/sign-in", "link-sign-in")],
        _ => Vec::new(),
    };
    view.show(&TextPage {
        frame: view.frame(&key("done-title")),
        lines: vec![view.t(&key(outcome))],
        ways,
    })
}

/// The link is of no use any more: where to get another, if there is one.
fn failed(view: &View, purpose: LinkPurpose, problem: &Problem) -> Response {
    let mut ways = match (problem.code, purpose) {
        (Code::LinkInvalid, LinkPurpose::Confirm) => vec![
            view.way("/sign-in", "link-confirmed-already"),
            view.way("/register", "link-register-again"),
        ],
        (Code::LinkInvalid, LinkPurpose::Unsubscribe) => {
            vec![view.way("/account/notifications", "link-notifications")]
        }
        (Code::LinkInvalid, LinkPurpose::Reset) => vec![view.way("/forgot-password", "link-reset-again")],
        _ => Vec::new(),
    };
    ways.push(view.way("", "failure-home"));
    view.show_with(
        Some(problem),
        &TextPage {
            frame: view.frame("page-failed-title"),
            lines: vec![problem.title(view.locale)],
            ways,
        },
    )
}
