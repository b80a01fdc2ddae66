//! `/profile/preview`: the profile as other members see it.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    portal::Portal,
    profile::{directory, own},
    web::{
        guard::session::Member,
        pages::{
            community::member_facts,
            kit::{Frame, View},
        },
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/profile/preview", get(show))
}

#[derive(Template)]
#[template(path = "own/preview.html")]
struct PreviewPage<'a> {
    frame: Frame<'a>,
    member: directory::Member,
    listed: bool,
    /// Name of the field, and what others read there.
    lines: Vec<(String, String)>,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    let seen = directory::member(&portal, caller, caller.account).await?;
    let member = seen.ok_or(Code::NotSignedIn)?;
    let profile = own::read(&portal, caller).await?.ok_or(Code::NotSignedIn)?;
    let lines = member_facts(&view, &member);
    Ok(view.show(&PreviewPage {
        frame: view.frame("preview-title"),
        member,
        listed: profile.listed,
        lines,
    }))
}
