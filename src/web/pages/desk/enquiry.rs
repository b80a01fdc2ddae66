//! `/desk/enquiries/{id}`: one enquiry in the order of writing, the answer, who deals with it, and its end.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::enquiry;
use uuid::Uuid;

use super::{
    enquiries::asker,
    page::{Card, DeskPage, Fact, Section, of_act},
    words::{Names, person},
};
use crate::{
    account::Caller,
    administration::accounts,
    enquiries::{
        Entry,
        answer::{self, Answer},
        assign, close,
        desk::{self, AtDesk, Thread},
    },
    portal::Portal,
    values::{Fault, Invalid},
    web::{
        guard::may,
        pages::{
            community::enquiry_state,
            kit::{Choice, Field, Form, Posted, View, once},
        },
        problem::{Code, Problem},
        query::Id,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk/enquiries/{id}", get(show).post(act))
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    may::AnswerEnquiries(caller): may::AnswerEnquiries,
    Id(id): Id,
) -> Result<Response, Problem> {
    page(&portal, &view, caller, id, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    may::AnswerEnquiries(caller): may::AnswerEnquiries,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller, id, &posted, None).await;
    }
    let this = format!("/desk/enquiries/{id}");
    match change(&portal, caller, id, &posted).await {
        Ok("answered") => Ok(view.go_done("/desk/enquiries", "answered")),
        Ok(done) => Ok(view.go_done(&this, done)),
        Err(problem) => {
            let problem = super::still_here(problem)?;
            page(&portal, &view, caller, id, &posted, Some(&problem)).await
        }
    }
}

/// Does what the button says, and names the text that tells so.
async fn change(portal: &Portal, caller: Caller, id: Uuid, posted: &Posted) -> Result<&'static str, Problem> {
    match posted.text("act") {
        "answer" => {
            let answer = Answer {
                body: posted.text("body"),
                after: posted.filled("after").and_then(|after| after.parse().ok()),
                key: once::key_of(posted),
            };
            answer::answer(portal, caller, id, answer).await?;
            Ok("answered")
        }
        "assign" => {
            let administrator = posted.filled("account_id").map(str::parse).transpose();
            let administrator =
                administrator.map_err(|_| Invalid::one("account_id", Fault::new("no_administrator")))?;
            assign::assign(portal, caller, id, administrator).await?;
            Ok("enquiry-assigned")
        }
        "take" => {
            assign::assign(portal, caller, id, Some(caller.account)).await?;
            Ok("enquiry-assigned")
        }
        "close" => {
            close::at_desk(portal, caller, id).await?;
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
    let Some(Thread { enquiry, entries }) = desk::thread(portal, id, &view.page()?).await? else {
        return Err(problem.cloned().unwrap_or_else(|| Code::NotFound.into()));
    };
    let people = entries.items.iter().filter_map(|entry| entry.written_by);
    let names = accounts::names(portal, people.chain(enquiry.assigned_to).collect()).await?;
    // Who reads what was written earlier has not seen the last text here.
    let is_newest = view.asked("cursor").is_none();
    let last = entries.items.first().filter(|_| is_newest);
    let answering = answering(portal, view, last, posted, problem);
    let assigning = assigning(portal, view, caller, &enquiry, posted, problem).await?;
    let frame = view.frame_titled(enquiry.subject.clone());
    let frame = match posted.text("act") {
        "assign" => frame.with_problem(problem, &assigning),
        _ => frame.with_problem(problem, &answering),
    };
    let cards = entries.items.iter().rev();
    let cards = cards.map(|entry| card(view, &enquiry, &names, entry)).collect();
    let mut thread = Section::new(view.t("enquiry-thread")).cards(cards);
    if let Some(cursor) = &entries.next {
        thread = thread.way(view.with_cursor(Some(cursor), "enquiry-earlier"));
    }
    if !is_newest {
        thread = thread.way(view.with_cursor(None, "enquiry-newest"));
    }
    let mut page = DeskPage::new(frame)
        .facts(facts(view, &enquiry, &names))
        .section(thread)
        .section(Section::new(view.t("enquiry-to-answer")).form(answering))
        .section(Section::new(view.t("enquiry-assignment")).form(assigning));
    if enquiry.state != enquiry::State::Closed {
        let closing = Form::new(view, &Posted::default(), None).second_button_for("enquiry-close", "close");
        page = page.section(
            Section::new(view.t("enquiry-closing"))
                .line(view.t("enquiry-close-desk-hint"))
                .form(closing),
        );
    }
    Ok(page.show(problem))
}

fn facts(view: &View, enquiry: &AtDesk, names: &Names) -> Vec<Fact> {
    let assigned = match enquiry.assigned_to {
        Some(id) => person(view, names, id),
        None => view.t("enquiry-nobody"),
    };
    vec![
        Fact::new(view, "enquiry-asked-by", asker(enquiry))
            .link(view.to(&format!("/desk/accounts/{}", enquiry.account_id))),
        Fact::new(view, "enquiry-asked-at", view.at_time(&enquiry.asked_at)),
        Fact::new(view, "enquiry-state", enquiry_state(view, enquiry.state)),
        Fact::new(view, "enquiry-assignee", assigned),
    ]
}

/// A text of the thread: its author and instant, and what it says.
fn card(view: &View, enquiry: &AtDesk, names: &Names, entry: &Entry) -> Card {
    let author = match (entry.by_operator, entry.written_by) {
        (false, _) => enquiry.display_name.clone(),
        (true, Some(id)) => person(view, names, id),
        (true, None) => view.t("enquiry-operator"),
    };
    Card::new(format!("{author}, {}", view.at_time(&entry.written_at))).prose(entry.body.clone())
}

/// The form to answer; it knows the last text that its reader has seen.
fn answering(
    portal: &Portal,
    view: &View,
    last: Option<&Entry>,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Form {
    let (posted, problem) = of_act("answer", posted, problem);
    let form = Form::new(view, &posted, problem)
        .field(
            Field::prose("body", 8)
                .label("enquiry-answer")
                .hint("enquiry-answer-hint"),
        )
        .button_for("enquiry-answer-send", "answer")
        .cancel("/desk/enquiries", "enquiry-later");
    let form = once::with_key(form, portal, &posted);
    match last {
        Some(last) => form.hidden("after", last.id.to_string()),
        None => form,
    }
}

async fn assigning(
    portal: &Portal,
    view: &View,
    caller: Caller,
    enquiry: &AtDesk,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Form, Problem> {
    let (posted, problem) = of_act("assign", posted, problem);
    let assigned = enquiry.assigned_to;
    let nobody = Choice::new("", view.t("enquiry-nobody")).chosen(assigned.is_none());
    let administrators = accounts::administrators(portal).await?;
    let choices = administrators
        .into_iter()
        .map(|(id, name)| Choice::new(id, name).chosen(assigned == Some(id)));
    let choices = std::iter::once(nobody).chain(choices).collect();
    let form = Form::new(view, &posted, problem)
        .field(
            Field::pick("account_id", choices)
                .label("enquiry-assignee")
                .hint("enquiry-assignee-hint"),
        )
        .button_for("enquiry-assign", "assign");
    Ok(if assigned == Some(caller.account) {
        form
    } else {
        form.second_button_for("enquiry-take", "take")
    })
}
