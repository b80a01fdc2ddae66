//! `/groups/{id}/leave`, `/conversations/{id}/leave` and `/groups/{id}/members/{member}`: ask before somebody's part in a
//! group or a conversation ends, and say what becomes of what they wrote (R13).

use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    response::Response,
    routing::{MethodRouter, get},
};
use uuid::Uuid;

use super::{group::find, people};
use crate::{
    account::Caller,
    messaging::{
        conversations::{self, Conversation, Participant},
        groups::leave,
    },
    portal::Portal,
    web::{
        guard::session::Member,
        pages::kit::{Form, FormPage, Posted, View},
        problem::{Code, Problem},
        query::Id,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/groups/{id}/leave", leaving(Kind::Group))
        .route("/conversations/{id}/leave", leaving(Kind::Conversation))
        .route("/groups/{id}/members/{member}", get(show_remove).post(remove))
}

/// What is left: a conversation of several people has pages of its own, because nobody manages it.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Group,
    Conversation,
}

fn leaving(kind: Kind) -> MethodRouter<Portal> {
    let show = async move |State(portal): State<Portal>, view: View, Member(caller): Member, Id(id): Id| {
        let left = kind.find(&portal, caller, id).await?;
        Ok::<Response, Problem>(kind.page(&view, caller, &left, None))
    };
    let act = async move |State(portal): State<Portal>,
                          view: View,
                          Member(caller): Member,
                          Id(id): Id,
                          posted: Posted| {
        let left = kind.find(&portal, caller, id).await?;
        if posted.restores() {
            return Ok(kind.page(&view, caller, &left, None));
        }
        Ok::<Response, Problem>(match leave::leave(&portal, caller, id).await {
            Ok(()) => view.go_done("/conversations", kind.done()),
            Err(error) => kind.page(&view, caller, &left, Some(&error.into())),
        })
    };
    get(show).post(act)
}

impl Kind {
    /// What of the caller's is to be left. A conversation of two cannot be.
    async fn find(self, portal: &Portal, caller: Caller, id: Uuid) -> Result<Conversation, Problem> {
        if matches!(self, Self::Group) {
            return find(portal, caller, id).await;
        }
        let found = conversations::one(&portal.database, caller, id).await?;
        let found = found.filter(|found| !found.is_group).ok_or(Code::NotFound)?;
        if found.is_pair {
            return Err(Code::Forbidden.into());
        }
        Ok(found)
    }

    fn done(self) -> &'static str {
        match self {
            Self::Group => "group-left",
            Self::Conversation => "conversation-left",
        }
    }

    fn page(self, view: &View, caller: Caller, left: &Conversation, problem: Option<&Problem>) -> Response {
        let form = Form::new(view, &Posted::default(), problem);
        let (form, frame) = match self {
            Self::Group => {
                let title = people::title(view, caller, left);
                let form = form
                    .grave_button("group-leave-button")
                    .cancel(&format!("/groups/{}", left.id), "group-stay");
                let title = view.t_with("group-leave-title", &[("name", title.as_str())]);
                (form, view.frame_titled(title))
            }
            Self::Conversation => {
                let form = form
                    .grave_button("conversation-leave")
                    .cancel(&format!("/conversations/{}", left.id), "conversation-stay");
                (form, view.frame("conversation-leave"))
            }
        };
        let page = FormPage {
            frame: frame.with_problem(problem, &form),
            intro: self.intro(view, caller, left),
            form,
            ways: Vec::new(),
        };
        view.show_with(problem, &page)
    }

    fn intro(self, view: &View, caller: Caller, left: &Conversation) -> Vec<String> {
        let (intro, last) = match self {
            Self::Group => ("group-leave-intro", "group-leave-last"),
            Self::Conversation => ("conversation-leave-intro", "conversation-leave-last"),
        };
        if !people::somebody_is_left(caller, left) {
            return vec![view.t(last)];
        }
        let mut lines = vec![view.t(intro), view.t("group-leave-messages")];
        if left.manager_id == Some(caller.account) {
            lines.push(view.t("group-leave-manager"));
        }
        lines
    }
}

type Ids = Result<Path<(Uuid, Uuid)>, PathRejection>;

async fn show_remove(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    ids: Ids,
) -> Result<Response, Problem> {
    let (group, member) = removable(&portal, caller, ids).await?;
    Ok(remove_page(&view, group, &member, None))
}

async fn remove(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    ids: Ids,
    posted: Posted,
) -> Result<Response, Problem> {
    let (group, member) = removable(&portal, caller, ids).await?;
    if posted.restores() {
        return Ok(remove_page(&view, group, &member, None));
    }
    Ok(match leave::remove(&portal, caller, group, member.id).await {
        Ok(()) => view.go_done(&format!("/groups/{group}"), "member-removed"),
        Err(error) => remove_page(&view, group, &member, Some(&error.into())),
    })
}

/// The group, and who is to be removed from it: anybody else in it, by whoever manages it.
async fn removable(portal: &Portal, caller: Caller, ids: Ids) -> Result<(Uuid, Participant), Problem> {
    let Path((id, member)) = ids.map_err(|_| Code::NotFound)?;
    let group = find(portal, caller, id).await?;
    if group.manager_id != Some(caller.account) {
        return Err(Code::NotManager.into());
    }
    let mut others = group
        .members
        .into_iter()
        .filter(|known| known.id != caller.account);
    let member = others.find(|known| known.id == member).ok_or(Code::NotFound)?;
    Ok((id, member))
}

fn remove_page(view: &View, group: Uuid, member: &Participant, problem: Option<&Problem>) -> Response {
    let name = [("name", member.display_name.as_str())];
    let form = Form::new(view, &Posted::default(), problem)
        .grave_button("group-remove-button")
        .cancel(&format!("/groups/{group}"), "group-keep");
    let page = FormPage {
        frame: view
            .frame_titled(view.t_with("group-remove-title", &name))
            .with_problem(problem, &form),
        intro: vec![view.t_with("group-remove-intro", &name)],
        form,
        ways: Vec::new(),
    };
    view.show_with(problem, &page)
}
