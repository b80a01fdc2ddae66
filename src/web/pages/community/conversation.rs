//! `/conversations/{id}`: reading in the order of writing, and answering. Whoever opens the page has read what it
//! shows; a browser that only loads it ahead has not. What becomes of messages (R13) is said where they are written.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method},
    response::Response,
    routing::get,
};
use uuid::Uuid;

use super::{once, people};
use crate::{
    account::Caller,
    messaging::{
        conversations::{self, Conversation},
        messages::{self, Message},
        read::{self, ReadError},
        send,
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
    Router::new().route("/conversations/{id}", get(show).post(act))
}

#[derive(Template)]
#[template(path = "community/conversation.html")]
struct ConversationPage<'a> {
    frame: Frame<'a>,
    people: String,
    earlier: Option<Way>,
    later: Option<Way>,
    entries: Vec<Entry>,
    /// None: nobody would read what is written.
    form: Option<Form>,
    /// What was written and could not be sent any more, so that it can be copied.
    unsent: Option<String>,
}

/// A message as it is read.
struct Entry {
    author: String,
    at: String,
    body: String,
    is_own: bool,
    /// What follows is new to the reader.
    is_first_unread: bool,
    /// Where one's own can be deleted.
    take_back: String,
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let conversation = find(&portal, caller, id).await?;
    let listed = newest(&portal, &view, caller, id).await?;
    let is_opened = method == Method::GET && !headers.contains_key("sec-purpose");
    if is_opened && conversation.unread > 0 && view.asked("cursor").is_none() {
        mark_read(&portal, caller, id, listed.items.first()).await?;
    }
    Ok(page(
        &portal,
        &view,
        caller,
        &conversation,
        listed,
        &Posted::default(),
        None,
    ))
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    let problem = if posted.restores() {
        None
    } else {
        let key = once::key_of(&posted);
        match send::send(&portal, caller, id, posted.text("body"), key.as_deref()).await {
            Ok(_) => return Ok(view.go_done(&format!("/conversations/{id}#newest"), "message-sent")),
            Err(error) => Some(Problem::from(error)),
        }
    };
    let conversation = find(&portal, caller, id).await?;
    let listed = newest(&portal, &view, caller, id).await?;
    Ok(page(
        &portal,
        &view,
        caller,
        &conversation,
        listed,
        &posted,
        problem.as_ref(),
    ))
}

async fn find(portal: &Portal, caller: Caller, id: Uuid) -> Result<Conversation, Problem> {
    let found = conversations::one(&portal.database, caller, id).await?;
    Ok(found.ok_or(Code::NotFound)?)
}

/// The newest messages, or those before the place that the address names.
async fn newest(portal: &Portal, view: &View, caller: Caller, id: Uuid) -> Result<Listed<Message>, Problem> {
    let listed = messages::list(portal, caller, id, &view.page()?).await?;
    Ok(listed.ok_or(Code::NotFound)?)
}

async fn mark_read(
    portal: &Portal,
    caller: Caller,
    id: Uuid,
    newest: Option<&Message>,
) -> Result<(), Problem> {
    let Some(newest) = newest else { return Ok(()) };
    match read::mark(portal, caller, id, newest.id).await {
        // It was deleted a moment ago; there is nothing to mark.
        Ok(()) | Err(ReadError::Invalid(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    conversation: &Conversation,
    listed: Listed<Message>,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Response {
    let form = form(portal, view, posted, problem);
    let is_newest = view.asked("cursor").is_none();
    let unread = usize::try_from(conversation.unread).unwrap_or_default();
    let unread: Vec<Uuid> = listed
        .items
        .iter()
        .filter(|message| message.author_id != caller.account)
        .take(if is_newest { unread } else { 0 })
        .map(|message| message.id)
        .collect();
    let page = ConversationPage {
        frame: view
            .frame_titled(people::title(view, caller, conversation))
            .with_problem(problem, &form),
        people: view.t_with(
            "conversation-people",
            &[("people", &people::others(view, caller, conversation))],
        ),
        earlier: listed
            .next
            .as_deref()
            .map(|cursor| view.with_cursor(Some(cursor), "conversation-earlier")),
        later: (!is_newest).then(|| view.with_cursor(None, "conversation-newest")),
        entries: listed
            .items
            .into_iter()
            .rev()
            .map(|message| Entry::of(view, caller, conversation, message, unread.last()))
            .collect(),
        form: people::somebody_is_left(caller, conversation).then_some(form),
        unsent: posted.filled("body").map(str::to_owned),
    };
    view.show_with(problem, &page)
}

fn form(portal: &Portal, view: &View, posted: &Posted, problem: Option<&Problem>) -> Form {
    let form = Form::new(view, posted, problem)
        .field(Field::prose("body", 5).label("message-body").hint("message-rule"))
        .button("message-send");
    once::with_key(form, portal, posted)
}

impl Entry {
    fn of(
        view: &View,
        caller: Caller,
        conversation: &Conversation,
        message: Message,
        first_unread: Option<&Uuid>,
    ) -> Self {
        Self {
            author: people::author(view, caller, conversation, message.author_id),
            at: view.at_time(&message.sent_at),
            body: message.body,
            is_own: message.author_id == caller.account,
            is_first_unread: first_unread == Some(&message.id),
            take_back: view.to(&format!(
                "/conversations/{}/messages/{}",
                conversation.id, message.id
            )),
        }
    }
}
