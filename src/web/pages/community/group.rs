//! `/groups/{id}`: who is in a group and who is invited, renaming it, and the ways to invite, remove and leave.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use super::people;
use crate::{
    account::Caller,
    messaging::{
        conversations::{self, Conversation},
        groups::{
            invite::{self, Invited},
            rename,
        },
    },
    portal::Portal,
    values::Listed,
    web::{
        guard::session::Member,
        pages::kit::{Field, Form, Frame, Posted, View, Way},
        problem::{Code, Problem},
        query::Id,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/groups/{id}", get(show).post(act))
}

#[derive(Template)]
#[template(path = "community/group.html")]
struct GroupPage<'a> {
    frame: Frame<'a>,
    /// Who manages the group.
    managed: String,
    read: Way,
    invite: Way,
    leave: Way,
    people: Vec<Person>,
    /// How many former members were in it, if any.
    former: Option<String>,
    guests: Vec<Guest>,
    pager: Vec<Way>,
    /// None: somebody else manages the group.
    naming: Option<Form>,
}

/// Somebody in the group.
struct Person {
    name: String,
    is_manager: bool,
    is_oneself: bool,
    /// Where they can be removed, if the reader can.
    remove: Option<String>,
}

/// Somebody who is invited.
struct Guest {
    id: Uuid,
    name: String,
    at: String,
    can_be_withdrawn: bool,
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
) -> Result<Response, Problem> {
    let group = find(&portal, caller, id).await?;
    page(&portal, &view, caller, &group, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    let here = format!("/groups/{id}");
    let problem = match posted.text("act") {
        _ if posted.restores() => None,
        "rename" => match rename::rename(&portal, caller, id, posted.text("name")).await {
            Ok(_) => return Ok(view.go_done(&here, "group-renamed")),
            Err(error) => Some(Problem::from(error)),
        },
        "withdraw" => {
            let account = posted.text("account").parse().map_err(|_| Code::NotFound)?;
            invite::withdraw(&portal, caller, id, account).await?;
            return Ok(view.go_done(&here, "invitation-withdrawn"));
        }
        _ => return Err(Code::BadRequest.into()),
    };
    let group = find(&portal, caller, id).await?;
    page(&portal, &view, caller, &group, &posted, problem.as_ref()).await
}

/// The group, if the reader is in it.
pub async fn find(portal: &Portal, caller: Caller, id: Uuid) -> Result<Conversation, Problem> {
    let found = conversations::one(&portal.database, caller, id).await?;
    Ok(found.filter(|found| found.is_group).ok_or(Code::NotFound)?)
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    group: &Conversation,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let invited = invite::list(portal, caller, group.id, &view.page()?)
        .await?
        .ok_or(Code::NotFound)?;
    let is_manager = group.manager_id == Some(caller.account);
    let naming = naming(view, group, posted, problem);
    let former = u64::try_from(group.former_members).unwrap_or_default();
    let way = |end: &str, key: &str| view.way(&format!("/groups/{}/{end}", group.id), key);
    let page = GroupPage {
        frame: view
            .frame_titled(people::title(view, caller, group))
            .with_problem(problem, &naming),
        managed: managed(view, group, is_manager),
        read: view.way(&format!("/conversations/{}", group.id), "group-read"),
        invite: way("invite", "group-invite"),
        leave: way("leave", "group-leave"),
        people: group
            .members
            .iter()
            .map(|member| Person {
                name: member.display_name.clone(),
                is_manager: group.manager_id == Some(member.id),
                is_oneself: member.id == caller.account,
                remove: (is_manager && member.id != caller.account)
                    .then(|| view.to(&format!("/groups/{}/members/{}", group.id, member.id))),
            })
            .collect(),
        former: (former > 0).then(|| view.t_counted("group-former", former)),
        pager: view.pager(&invited),
        guests: guests(view, caller, is_manager, invited),
        naming: is_manager.then_some(naming),
    };
    Ok(view.show_with(problem, &page))
}

fn managed(view: &View, group: &Conversation, is_manager: bool) -> String {
    let manager = group
        .members
        .iter()
        .find(|member| group.manager_id == Some(member.id));
    match manager {
        _ if is_manager => view.t("group-managed-by-you"),
        Some(manager) => view.t_with("group-managed-by", &[("name", &manager.display_name)]),
        None => view.t("group-managed-by-nobody"),
    }
}

fn naming(view: &View, group: &Conversation, posted: &Posted, problem: Option<&Problem>) -> Form {
    Form::new(view, posted, problem)
        .field(
            Field::line("name")
                .label("group-name")
                .hint("group-name-hint")
                .value(group.subject.as_deref()),
        )
        .button_for("group-rename", "rename")
}

/// Everyone who is invited, once, however many invited them.
fn guests(view: &View, caller: Caller, is_manager: bool, invited: Listed<Invited>) -> Vec<Guest> {
    let mut guests: Vec<Guest> = Vec::new();
    for invited in invited.items {
        let can_be_withdrawn = is_manager || invited.invited_by == caller.account;
        match guests.iter_mut().find(|guest| guest.id == invited.account_id) {
            Some(known) => known.can_be_withdrawn |= can_be_withdrawn,
            None => guests.push(Guest {
                id: invited.account_id,
                name: invited.display_name,
                at: view.at_time(&invited.invited_at),
                can_be_withdrawn,
            }),
        }
    }
    guests
}
