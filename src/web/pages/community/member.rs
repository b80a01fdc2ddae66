//! `/members/{id}`: one member, as they want to be seen, the ways to write to them and to those they work with, and
//! blocking them. Who is not in the directory has no page, whatever became of them: nobody learns from it who is gone.

use askama::Template;
use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use uuid::Uuid;

use super::members::colleagues;
use crate::{
    account::Caller,
    messaging::blocks,
    portal::Portal,
    profile::directory::{self, Member as Listing},
    web::{
        guard::session::Member,
        pages::kit::{Form, Frame, Posted, TextPage, View},
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
    /// Address of those who work in the same place, and its name.
    colleagues: Vec<(String, String)>,
    /// None for oneself.
    block: Option<Block>,
}

/// Blocking somebody, or ending it.
pub struct Block {
    pub stands: bool,
    pub form: Form,
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    id: Result<Id, Problem>,
) -> Result<Response, Problem> {
    // What is no id is nobody's.
    page(&portal, &view, caller, id.map(|Id(id)| id).unwrap_or_default()).await
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
    let done = Block::act(&portal, caller, id, &posted)
        .await?
        .ok_or(Code::BadRequest)?;
    Ok(view.go_done(&format!("/members/{id}"), done))
}

async fn page(portal: &Portal, view: &View, caller: Caller, id: Uuid) -> Result<Response, Problem> {
    let Some(member) = directory::member(portal, caller, id).await? else {
        return Ok(nobody(view));
    };
    let is_other = id != caller.account;
    let block = if is_other {
        Some(Block::of(portal, view, caller, id).await?)
    } else {
        None
    };
    let name = [("name", member.display_name.as_str())];
    Ok(view.show(&MemberPage {
        frame: view.frame_titled(member.display_name.clone()),
        facts: facts(view, &member),
        nothing_more: view.t_with("member-nothing-more", &name),
        write: is_other.then(|| view.t_with("member-write", &name)),
        write_to: view.to(&format!("/conversations/new?to={id}")),
        colleagues: places(view, &member),
        about: member.about,
        block,
    }))
}

impl Block {
    /// What the form of [`Block::of`] asks for, and the word for what was done. None: it asks for neither.
    pub async fn act(
        portal: &Portal,
        caller: Caller,
        member: Uuid,
        posted: &Posted,
    ) -> Result<Option<&'static str>, Problem> {
        Ok(match posted.text("act") {
            "block" => {
                blocks::block(portal, caller, member).await?;
                Some("blocked")
            }
            "unblock" => {
                blocks::unblock(portal, caller, member).await?;
                Some("unblocked")
            }
            _ => None,
        })
    }

    pub async fn of(portal: &Portal, view: &View, caller: Caller, member: Uuid) -> Result<Self, Problem> {
        let stands = blocks::stands(portal, caller, member).await?;
        let form = Form::new(view, &Posted::default(), None);
        let form = if stands {
            form.second_button_for("block-end", "unblock")
        } else {
            form.second_button_for("block-begin", "block")
        };
        Ok(Self { stands, form })
    }
}

/// Who was there once and who never was are told apart by nothing.
fn nobody(view: &View) -> Response {
    let page = TextPage {
        frame: view.frame("member-nobody-title"),
        lines: vec![view.t("member-nobody")],
        ways: vec![
            view.way("/members", "member-back"),
            view.way("/conversations", "conversation-back"),
        ],
    };
    view.show_as(StatusCode::NOT_FOUND, &page)
}

/// The ways to those who work in the same department and organisation, as far as both are visible.
fn places(view: &View, member: &Listing) -> Vec<(String, String)> {
    let organisation = member.organisation.as_deref();
    let department = member.department.as_deref().map(|department| match organisation {
        Some(organisation) => (format!("{department}, {organisation}"), Some(department)),
        None => (department.to_owned(), Some(department)),
    });
    department
        .into_iter()
        .chain(organisation.map(|organisation| (organisation.to_owned(), None)))
        .map(|(place, department)| {
            let text = view.t_with("member-colleagues", &[("place", &place)]);
            (colleagues(view, organisation, department), text)
        })
        .collect()
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
