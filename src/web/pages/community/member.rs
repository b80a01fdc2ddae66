//! `/members/{id}`: one member, as they want to be seen, the way to write to them, and blocking them.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use crate::{
    account::Caller,
    messaging::blocks,
    portal::Portal,
    profile::directory::{self, Member as Listing},
    web::{
        guard::session::Member,
        pages::kit::{Form, Frame, Posted, View},
        problem::{Code, Problem},
        query::Id,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/members/{id}", get(show).post(act))
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
    /// None for oneself.
    block: Option<Block>,
}

/// Blocking the member, or ending it.
struct Block {
    stands: bool,
    form: Form,
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
) -> Result<Response, Problem> {
    page(&portal, &view, caller, id).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller, id).await;
    }
    let done = match posted.text("act") {
        "block" => {
            blocks::block(&portal, caller, id).await?;
            "blocked"
        }
        "unblock" => {
            blocks::unblock(&portal, caller, id).await?;
            "unblocked"
        }
        _ => return Err(Code::BadRequest.into()),
    };
    Ok(view.go_done(&format!("/members/{id}"), done))
}

async fn page(portal: &Portal, view: &View, caller: Caller, id: Uuid) -> Result<Response, Problem> {
    let member = directory::member(portal, caller, id)
        .await?
        .ok_or(Code::NotFound)?;
    let is_other = id != caller.account;
    let stands = is_other && blocks::stands(portal, caller, id).await?;
    let name = [("name", member.display_name.as_str())];
    Ok(view.show(&MemberPage {
        frame: view.frame_titled(member.display_name.clone()),
        facts: facts(view, &member),
        nothing_more: view.t_with("member-nothing-more", &name),
        write: is_other.then(|| view.t_with("member-write", &name)),
        write_to: view.to(&format!("/conversations/new?to={id}")),
        about: member.about,
        block: is_other.then(|| Block::of(view, stands)),
    }))
}

impl Block {
    fn of(view: &View, stands: bool) -> Self {
        let form = Form::new(view, &Posted::default(), None);
        let form = if stands {
            form.second_button_for("block-end", "unblock")
        } else {
            form.second_button_for("block-begin", "block")
        };
        Self { stands, form }
    }
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
