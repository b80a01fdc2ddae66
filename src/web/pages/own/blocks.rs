//! `/account/blocks`: whom one blocked, and ending it.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    account::Caller,
    messaging::blocks::{self, Blocked},
    portal::Portal,
    web::{
        guard::session::Member,
        pages::kit::{Frame, Posted, View, Way},
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/account/blocks", get(show).post(act))
}

#[derive(Template)]
#[template(path = "own/blocks.html")]
struct BlocksPage<'a> {
    frame: Frame<'a>,
    blocked: Vec<Blocked>,
    pager: Vec<Way>,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    page(&portal, &view, caller).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller).await;
    }
    let member = posted.text("id").parse().map_err(|_| Code::NotFound)?;
    blocks::unblock(&portal, caller, member).await?;
    Ok(view.go_done("/account/blocks", "unblocked"))
}

async fn page(portal: &Portal, view: &View, caller: Caller) -> Result<Response, Problem> {
    let listed = blocks::list(portal, caller, &view.page()?).await?;
    Ok(view.show(&BlocksPage {
        frame: view.frame("blocks-title"),
        pager: view.pager(&listed),
        blocked: listed.items,
    }))
}
