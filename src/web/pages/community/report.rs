//! `/conversations/{id}/messages/{message}/report`: reporting somebody else's message, and blocking them with it or
//! without: who is in no directory can be blocked from here.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    response::Response,
    routing::get,
};
use uuid::Uuid;

use super::{member::Block, people};
use crate::{
    account::Caller,
    messaging::{
        blocks::{self, BlockError},
        conversations,
        messages::{self, Message},
    },
    portal::Portal,
    reports::file,
    web::{
        guard::session::Member,
        pages::kit::{Field, Form, Frame, Posted, View},
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route(
        "/conversations/{id}/messages/{message}/report",
        get(show).post(act),
    )
}

#[derive(Template)]
#[template(path = "community/report.html")]
struct ReportPage<'a> {
    frame: Frame<'a>,
    author: String,
    at: String,
    body: String,
    form: Form,
    block: Block,
}

type Ids = Result<Path<(Uuid, Uuid)>, PathRejection>;

async fn show(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    ids: Ids,
) -> Result<Response, Problem> {
    page(&portal, &view, caller, ids, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    ids: Ids,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller, ids, &posted, None).await;
    }
    match follow(&portal, caller, &ids, &posted).await {
        Ok((conversation, done)) => Ok(view.go_done(&format!("/conversations/{conversation}"), done)),
        Err(problem) => page(&portal, &view, caller, ids, &posted, Some(&problem)).await,
    }
}

/// Does what one of the two forms asks for; names the text that says so.
async fn follow(
    portal: &Portal,
    caller: Caller,
    ids: &Ids,
    posted: &Posted,
) -> Result<(Uuid, &'static str), Problem> {
    let (conversation, message) = find(portal, caller, ids).await?;
    let done = match Block::act(portal, caller, message.author_id, posted).await? {
        Some(done) => done,
        None => report(portal, caller, &message, posted).await?,
    };
    Ok((conversation, done))
}

/// Reports the message, and then blocks its author if that was ticked; names the text that says what was done. Who left
/// the portal meanwhile can't be blocked, and writes nothing more: the report is filed all the same, and said to be.
async fn report(
    portal: &Portal,
    caller: Caller,
    message: &Message,
    posted: &Posted,
) -> Result<&'static str, Problem> {
    let filed = file::file(portal, caller, message.id, posted.text("reason")).await?;
    let is_blocked = posted.has("block")
        && match blocks::block(portal, caller, message.author_id).await {
            Ok(()) => true,
            Err(BlockError::NotFound) => false,
            Err(error) => return Err(error.into()),
        };
    Ok(match (filed.is_known, is_blocked) {
        (true, true) => "reported-before-and-blocked",
        (true, false) => "reported-before",
        (false, true) => "reported-and-blocked",
        (false, false) => "reported",
    })
}

/// The message, if somebody else wrote it and the caller can see it in this conversation.
async fn find(portal: &Portal, caller: Caller, ids: &Ids) -> Result<(Uuid, Message), Problem> {
    let Path((conversation, id)) = ids.as_ref().map_err(|_| Code::NotFound)?;
    let message = messages::one(portal, caller, *conversation, *id)
        .await?
        .ok_or(Code::NotFound)?;
    if message.author_id == caller.account {
        return Err(Code::OwnAccount.into());
    }
    Ok((*conversation, message))
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    ids: Ids,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let (id, message) = find(portal, caller, &ids).await?;
    let conversation = conversations::one(&portal.database, caller, id)
        .await?
        .ok_or(Code::NotFound)?;
    let block = Block::of(portal, view, caller, message.author_id).await?;
    let form = Form::new(view, posted, problem).field(
        Field::prose("reason", 4)
            .label("report-why")
            .hint("report-why-hint"),
    );
    let form = if block.stands {
        form
    } else {
        form.field(
            Field::tick("block", false)
                .label("report-block")
                .hint("block-effect"),
        )
    };
    let form = form
        .button("report-send")
        .cancel(&format!("/conversations/{id}"), "report-not");
    let page = ReportPage {
        frame: view.frame("report-title").with_problem(problem, &form),
        author: people::author(view, caller, &conversation, &message),
        at: view.at_time(&message.sent_at),
        body: message.body,
        form,
        block,
    };
    Ok(view.show_with(problem, &page))
}
