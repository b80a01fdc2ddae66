//! `/groups/{id}/leave`, `/conversations/{id}/leave` and `/groups/{id}/members/{member}`: ask before somebody's part in a
//! group or a conversation ends, and say what becomes of what they wrote (R13).

use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    response::Response,
    routing::get,
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
        .route("/groups/{id}/leave", get(show_leave).post(leave))
        .route(
            "/conversations/{id}/leave",
            get(show_leave_conversation).post(leave_conversation),
        )
        .route("/groups/{id}/members/{member}", get(show_remove).post(remove))
}

async fn show_leave(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
) -> Result<Response, Problem> {
    let group = find(&portal, caller, id).await?;
    Ok(leave_page(&view, caller, &group, None))
}

async fn leave(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    let group = find(&portal, caller, id).await?;
    if posted.restores() {
        return Ok(leave_page(&view, caller, &group, None));
    }
    Ok(match leave::leave(&portal, caller, id).await {
        Ok(()) => view.go_done("/conversations", "group-left"),
        Err(error) => leave_page(&view, caller, &group, Some(&error.into())),
    })
}

fn leave_page(view: &View, caller: Caller, group: &Conversation, problem: Option<&Problem>) -> Response {
    let intro = if people::somebody_is_left(caller, group) {
        let mut intro = vec![view.t("group-leave-intro"), view.t("group-leave-messages")];
        if group.manager_id == Some(caller.account) {
            intro.push(view.t("group-leave-manager"));
        }
        intro
    } else {
        vec![view.t("group-leave-last")]
    };
    let form = Form::new(view, &Posted::default(), problem)
        .grave_button("group-leave-button")
        .cancel(&format!("/groups/{}", group.id), "group-stay");
    let title = [("name", people::title(view, caller, group))];
    let title = title.each_ref().map(|(name, title)| (*name, title.as_str()));
    let page = FormPage {
        frame: view
            .frame_titled(view.t_with("group-leave-title", &title))
            .with_problem(problem, &form),
        intro,
        form,
        ways: Vec::new(),
    };
    view.show_with(problem, &page)
}

async fn show_leave_conversation(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
) -> Result<Response, Problem> {
    let conversation = find_shared(&portal, caller, id).await?;
    Ok(leave_conversation_page(&view, caller, &conversation, None))
}

async fn leave_conversation(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    let conversation = find_shared(&portal, caller, id).await?;
    if posted.restores() {
        return Ok(leave_conversation_page(&view, caller, &conversation, None));
    }
    Ok(match leave::leave(&portal, caller, id).await {
        Ok(()) => view.go_done("/conversations", "conversation-left"),
        Err(error) => leave_conversation_page(&view, caller, &conversation, Some(&error.into())),
    })
}

/// A conversation of the reader's that can be left and is no group, which has a page of its own for that.
async fn find_shared(portal: &Portal, caller: Caller, id: Uuid) -> Result<Conversation, Problem> {
    let found = conversations::one(&portal.database, caller, id).await?;
    let found = found.filter(|found| !found.is_group).ok_or(Code::NotFound)?;
    if found.is_pair {
        return Err(Code::Forbidden.into());
    }
    Ok(found)
}

fn leave_conversation_page(
    view: &View,
    caller: Caller,
    conversation: &Conversation,
    problem: Option<&Problem>,
) -> Response {
    let intro = if people::somebody_is_left(caller, conversation) {
        vec![view.t("conversation-leave-intro"), view.t("group-leave-messages")]
    } else {
        vec![view.t("conversation-leave-last")]
    };
    let form = Form::new(view, &Posted::default(), problem)
        .grave_button("conversation-leave")
        .cancel(
            &format!("/conversations/{}", conversation.id),
            "conversation-stay",
        );
    let page = FormPage {
        frame: view.frame("conversation-leave").with_problem(problem, &form),
        intro,
        form,
        ways: Vec::new(),
    };
    view.show_with(problem, &page)
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
