//! `/enquiries/{id}`: one's enquiry in the order of writing, writing on in it, and closing it. Mails about an answer lead
//! here.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use entity::enquiry;
use uuid::Uuid;

use super::enquiries::{class, state};
use crate::{
    account::Caller,
    enquiries::{
        Entry, close,
        own::{self, Thread},
        write,
    },
    portal::Portal,
    web::{
        guard::session::Member,
        pages::kit::{Field, Form, Frame, Posted, View, Way, once},
        problem::{Code, Problem},
        query::Id,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/enquiries/{id}", get(show).post(act))
}

#[derive(Template)]
#[template(path = "community/enquiry.html")]
struct EnquiryPage<'a> {
    frame: Frame<'a>,
    class: &'static str,
    state: String,
    asked: String,
    earlier: Option<Way>,
    later: Option<Way>,
    texts: Vec<Text>,
    form: Form,
    /// None: it is closed.
    closing: Option<Form>,
}

/// A text as it is read.
struct Text {
    author: String,
    at: String,
    body: String,
    is_own: bool,
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
) -> Result<Response, Problem> {
    page(&portal, &view, caller, id, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller, id, &posted, None).await;
    }
    match change(&portal, caller, id, &posted).await {
        Ok(done) => Ok(view.go_done(&format!("/enquiries/{id}#newest"), done)),
        Err(problem) => page(&portal, &view, caller, id, &posted, Some(&problem)).await,
    }
}

/// Does what the button says, and names the text that tells so.
async fn change(portal: &Portal, caller: Caller, id: Uuid, posted: &Posted) -> Result<&'static str, Problem> {
    match posted.text("act") {
        "write" => {
            let key = once::key_of(posted);
            write::write(portal, caller, id, posted.text("body"), key).await?;
            Ok("enquiry-written")
        }
        "close" => {
            close::by_member(portal, caller, id).await?;
            Ok("enquiry-closed")
        }
        _ => Err(Code::BadRequest.into()),
    }
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    id: Uuid,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let thread = own::thread(portal, caller, id, &view.page()?)
        .await?
        .ok_or(Code::NotFound)?;
    let Thread { enquiry, entries } = thread;
    let is_closed = enquiry.state == enquiry::State::Closed;
    let form = form(portal, view, is_closed, posted, problem);
    let closing = Form::new(view, &Posted::default(), None).second_button_for("enquiry-close", "close");
    let page = EnquiryPage {
        frame: view.frame_titled(enquiry.subject).with_problem(problem, &form),
        class: class(enquiry.state),
        state: state(view, enquiry.state),
        asked: view.t_with("enquiry-asked", &[("at", &view.at_time(&enquiry.asked_at))]),
        earlier: entries
            .next
            .as_deref()
            .map(|cursor| view.with_cursor(Some(cursor), "enquiry-earlier")),
        later: view
            .asked("cursor")
            .map(|_| view.with_cursor(None, "enquiry-newest")),
        texts: entries
            .items
            .into_iter()
            .rev()
            .map(|entry| Text::of(view, entry))
            .collect(),
        form,
        closing: (!is_closed).then_some(closing),
    };
    Ok(view.show_with(problem, &page))
}

fn form(portal: &Portal, view: &View, is_closed: bool, posted: &Posted, problem: Option<&Problem>) -> Form {
    let body = Field::prose("body", 5).label("enquiry-reply");
    let body = if is_closed {
        body.hint("enquiry-reopens")
    } else {
        body
    };
    let form = Form::new(view, posted, problem)
        .field(body)
        .button_for("enquiry-reply-send", "write");
    once::with_key(form, portal, posted)
}

impl Text {
    fn of(view: &View, entry: Entry) -> Self {
        let author = if entry.by_operator {
            "enquiry-operator"
        } else {
            "conversation-you"
        };
        Self {
            author: view.t(author),
            at: view.at_time(&entry.written_at),
            body: entry.body,
            is_own: !entry.by_operator,
        }
    }
}
