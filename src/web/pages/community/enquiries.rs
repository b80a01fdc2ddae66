//! `/enquiries`: one's questions to the operator, and a new one.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use entity::enquiry;

use crate::{
    account::Caller,
    enquiries::{Enquiry, ask, own},
    portal::Portal,
    web::{
        guard::session::Member,
        pages::kit::{Field, Form, Frame, Posted, View, Way, once},
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/enquiries", get(show).post(act))
}

#[derive(Template)]
#[template(path = "community/enquiries.html")]
struct EnquiriesPage<'a> {
    frame: Frame<'a>,
    form: Form,
    cards: Vec<Card>,
    pager: Vec<Way>,
}

/// An enquiry in the list.
struct Card {
    href: String,
    subject: String,
    /// Its badge.
    class: &'static str,
    state: String,
    asked: String,
    /// When somebody wrote in it later.
    latest: Option<String>,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    page(&portal, &view, caller, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller, &posted, None).await;
    }
    let (subject, body) = (posted.text("subject"), posted.text("body"));
    let asked = ask::ask(&portal, caller, subject, body, once::key_of(&posted)).await;
    match asked.map_err(Problem::from) {
        Ok(_) => Ok(view.go_done("/enquiries", "asked")),
        Err(problem) => page(&portal, &view, caller, &posted, Some(&problem)).await,
    }
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let listed = own::list(portal, caller, &view.page()?).await?;
    let form = Form::new(view, posted, problem)
        .field(Field::line("subject"))
        .field(Field::prose("body", 6).label("enquiry-body"))
        .button("enquiry-send");
    let form = once::with_key(form, portal, posted);
    let page = EnquiriesPage {
        frame: view.frame("enquiries-title").with_problem(problem, &form),
        pager: view.pager(&listed),
        cards: listed.items.into_iter().map(|it| Card::of(view, it)).collect(),
        form,
    };
    Ok(view.show_with(problem, &page))
}

impl Card {
    fn of(view: &View, enquiry: Enquiry) -> Self {
        let told = |key: &str, at| view.t_with(key, &[("at", &view.at_time(at))]);
        let has_more = enquiry.last_activity_at > enquiry.asked_at;
        Self {
            href: view.to(&format!("/enquiries/{}#newest", enquiry.id)),
            class: class(enquiry.state),
            state: state(view, enquiry.state),
            asked: told("enquiry-asked", &enquiry.asked_at),
            latest: has_more.then(|| told("enquiry-latest", &enquiry.last_activity_at)),
            subject: enquiry.subject,
        }
    }
}

/// Where an enquiry stands, in words.
pub fn state(view: &View, state: enquiry::State) -> String {
    let word = match state {
        enquiry::State::Open => "open",
        enquiry::State::Answered => "answered",
        enquiry::State::Closed => "closed",
    };
    view.t(&format!("enquiry-state-{word}"))
}

/// What the member looks out for is the answer.
pub fn class(state: enquiry::State) -> &'static str {
    match state {
        enquiry::State::Answered => "badge good",
        enquiry::State::Open | enquiry::State::Closed => "badge",
    }
}
