//! `/conversations/{id}/messages/{message}`: asks before one's own message is deleted for everyone.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    response::Response,
    routing::get,
};
use uuid::Uuid;

use crate::{
    account::Caller,
    messaging::{
        messages::{self, Message},
        withdraw,
    },
    portal::Portal,
    web::{
        guard::session::Member,
        pages::kit::{Form, Frame, Posted, View},
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/conversations/{id}/messages/{message}", get(show).post(act))
}

#[derive(Template)]
#[template(path = "community/message.html")]
struct MessagePage<'a> {
    frame: Frame<'a>,
    at: String,
    body: String,
    form: Form,
}

type Ids = Result<Path<(Uuid, Uuid)>, PathRejection>;

async fn show(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    ids: Ids,
) -> Result<Response, Problem> {
    let (conversation, message) = find(&portal, caller, ids).await?;
    Ok(page(&view, conversation, message, None))
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    ids: Ids,
    posted: Posted,
) -> Result<Response, Problem> {
    let (conversation, message) = find(&portal, caller, ids).await?;
    if posted.restores() {
        return Ok(page(&view, conversation, message, None));
    }
    match withdraw::withdraw(&portal, caller, message.id).await {
        Ok(()) => Ok(view.go_done(&format!("/conversations/{conversation}"), "message-withdrawn")),
        Err(error) => Ok(page(&view, conversation, message, Some(&error.into()))),
    }
}

/// The message, if the caller wrote it.
async fn find(portal: &Portal, caller: Caller, ids: Ids) -> Result<(Uuid, Message), Problem> {
    let Path((conversation, id)) = ids.map_err(|_| Code::NotFound)?;
    let message = messages::one(portal, caller, conversation, id)
        .await?
        .ok_or(Code::NotFound)?;
    if message.author_id != caller.account {
        return Err(Code::Forbidden.into());
    }
    Ok((conversation, message))
}

fn page(view: &View, conversation: Uuid, message: Message, problem: Option<&Problem>) -> Response {
    let form = Form::new(view, &Posted::default(), problem)
        .grave_button("message-withdraw-button")
        .cancel(&format!("/conversations/{conversation}"), "message-keep");
    let page = MessagePage {
        frame: view.frame("message-withdraw-title").with_problem(problem, &form),
        at: view.at_time(&message.sent_at),
        body: message.body,
        form,
    };
    view.show_with(problem, &page)
}
