//! `/account/second-factor`: what one signs in with beside a password, and what to do about it.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};

use super::prove_first;
use crate::{
    account::Caller,
    portal::Portal,
    second_factor::{
        demand,
        own::{self, Overview},
        totp,
    },
    text,
    web::{
        guard::session::Member,
        pages::kit::{Frame, Posted, View, Way},
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/account/second-factor", get(show).post(act))
}

#[derive(Template)]
#[template(path = "own/second_factor.html")]
struct OverviewPage<'a> {
    frame: Frame<'a>,
    own: Overview,
    /// What the role asks for, if it does.
    demand: Option<String>,
    ways: Vec<Way>,
}

#[derive(Template)]
#[template(path = "own/recovery_codes.html")]
struct CodesPage<'a> {
    frame: Frame<'a>,
    codes: Vec<String>,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    page(&portal, &view, caller, None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller, None).await;
    }
    if let Some(ask) = prove_first(&portal, &view, caller, &posted).await? {
        return Ok(ask);
    }
    let done = match posted.text("act") {
        "remove-totp" if totp::remove(&portal, caller).await?? => {
            Ok(view.go_done("/account/second-factor", "totp-removed"))
        }
        "remove-totp" => Err(Code::NotFound.into()),
        "make-codes" => match own::make_codes(&portal, caller).await {
            Ok(codes) => Ok(show_codes(&view, codes)),
            Err(error) => Err(error.into()),
        },
        _ => Err(Code::BadRequest.into()),
    };
    match done {
        Ok(done) => Ok(done),
        Err(problem) => page(&portal, &view, caller, Some(&problem)).await,
    }
}

/// Recovery codes that were just made: this once, on a page that nothing keeps.
pub fn show_codes(view: &View, codes: Vec<String>) -> Response {
    view.show(&CodesPage {
        frame: view.frame("recovery-codes-title"),
        codes,
    })
    .into_response()
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let own = own::overview(portal, caller).await?;
    let demand = own.required_from.map(|day| {
        let day = text::day(view.locale, day);
        let key = if demand::is_made(portal, caller.role) {
            "second-factor-demanded"
        } else {
            "second-factor-will-be-demanded"
        };
        view.t_with(key, &[("day", &day)])
    });
    let frame = view.frame("second-factor-title").with_trouble(problem);
    Ok(view.show_with(
        problem,
        &OverviewPage {
            frame,
            own,
            demand: demand.filter(|_| !caller.second_factor),
            ways: vec![view.way("/account", "account-back")],
        },
    ))
}
