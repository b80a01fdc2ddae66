//! `/members/{id}`: one member, as they want to be seen, and the way to write to them.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    portal::Portal,
    profile::directory::{self, Member as Listing},
    web::{
        guard::session::Member,
        pages::kit::{Frame, View},
        problem::{Code, Problem},
        query::Id,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/members/{id}", get(show))
}

#[derive(Template)]
#[template(path = "community/member.html")]
struct MemberPage<'a> {
    frame: Frame<'a>,
    /// What is visible, with its labels.
    facts: Vec<(String, String)>,
    about: Option<String>,
    /// Says that nothing more is visible.
    nothing_more: String,
    /// Text of the link to write to them; none for oneself.
    write: Option<String>,
    write_to: String,
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
) -> Result<Response, Problem> {
    let member = directory::member(&portal, caller, id)
        .await?
        .ok_or(Code::NotFound)?;
    let name = [("name", member.display_name.as_str())];
    Ok(view.show(&MemberPage {
        frame: view.frame_titled(member.display_name.clone()),
        facts: facts(&view, &member),
        nothing_more: view.t_with("member-nothing-more", &name),
        write: (id != caller.account).then(|| view.t_with("member-write", &name)),
        write_to: view.to(&format!("/conversations/new?to={id}")),
        about: member.about,
    }))
}

/// What a member made visible, by the names of the fields.
pub fn facts(view: &View, member: &Listing) -> Vec<(String, String)> {
    let name = format!("{} {}", member.first_name, member.last_name);
    let name = Some(name).filter(|name| *name != member.display_name);
    [
        ("member-name", &name),
        ("label-organisation", &member.organisation),
        ("label-department", &member.department),
        ("label-position", &member.position),
        ("label-phone", &member.phone),
    ]
    .into_iter()
    .filter_map(|(key, fact)| Some((view.t(key), fact.clone()?)))
    .collect()
}
