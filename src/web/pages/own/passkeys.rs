//! `/account/passkeys`: one's passkeys, one more by the browser, and one less.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use super::{prove_first, second_factor::show_codes};
use crate::{
    account::Caller,
    portal::Portal,
    second_factor::passkeys::{
        MOST, NAME_LIMIT, are_available,
        own::{self, OwnPasskey},
        set_up::{self, NewPasskey},
    },
    values::Page,
    web::{
        api::session::ticket_of,
        guard::session::Member,
        pages::kit::{Field, Form, Frame, PasskeyForm, Posted, View, passkey::shown},
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/account/passkeys", get(show).post(act))
}

#[derive(Template)]
#[template(path = "own/passkeys.html")]
struct PasskeysPage<'a> {
    frame: Frame<'a>,
    passkeys: Vec<OwnPasskey>,
    /// None: there are as many as there can be.
    add: Option<PasskeyForm>,
    is_available: bool,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    page(&portal, &view, caller, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller, &posted, None).await;
    }
    if let Some(ask) = prove_first(&portal, &view, caller, &posted).await? {
        return Ok(ask);
    }
    let done = match posted.text("act") {
        "add" => add(&portal, &view, caller, &posted).await,
        "remove" => remove(&portal, &view, caller, &posted).await,
        _ => Err(Code::BadRequest.into()),
    };
    match done {
        Err(problem) if problem.code != Code::NotFound => {
            page(&portal, &view, caller, &posted, Some(&problem)).await
        }
        done => done,
    }
}

async fn add(portal: &Portal, view: &View, caller: Caller, posted: &Posted) -> Result<Response, Problem> {
    let (ceremony, credential) = shown(posted)?;
    let new = NewPasskey {
        ceremony: &ticket_of(ceremony)?,
        name: posted.filled("name"),
        credential: &credential,
    };
    let added = set_up::finish(portal, caller, new).await?;
    Ok(match added.recovery_codes {
        Some(codes) => show_codes(view, codes),
        None => view.go_done("/account/passkeys", "passkey-added"),
    })
}

async fn remove(portal: &Portal, view: &View, caller: Caller, posted: &Posted) -> Result<Response, Problem> {
    let id = posted.text("id").parse().map_err(|_| Code::NotFound)?;
    own::remove(portal, caller, id).await?;
    Ok(view.go_done("/account/passkeys", "passkey-removed"))
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    // More there cannot be.
    let all = Page {
        limit: MOST,
        after: None,
    };
    let passkeys = own::list(portal, caller, &all).await?.items;
    let form = Form::new(view, posted, problem)
        .hidden("act", "add")
        .field(
            Field::line("name")
                .label("passkey-name")
                .hint("passkey-name-hint")
                .optional(),
        )
        .button("passkey-add");
    let frame = view
        .frame("passkeys-title")
        .asking_for_passkey()
        .with_problem(problem, &form);
    let is_available = are_available(portal);
    let is_room = passkeys.len() < MOST && is_available;
    Ok(view.show_with(
        problem,
        &PasskeysPage {
            frame,
            passkeys,
            add: is_room.then(|| PasskeyForm::create(view, form, NAME_LIMIT)),
            is_available,
        },
    ))
}
