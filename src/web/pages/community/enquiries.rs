//! `/enquiries`: questions to the operator, with their answers.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    account::Caller,
    enquiries::{self, Enquiry},
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
    enquiries: Vec<Enquiry>,
    pager: Vec<Way>,
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
    let asked = enquiries::ask(&portal, caller, subject, body, once::key_of(&posted)).await;
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
    let listed = enquiries::own(portal, caller, &view.page()?).await?;
    let form = Form::new(view, posted, problem)
        .field(Field::line("subject"))
        .field(Field::prose("body", 6).label("enquiry-body"))
        .button("enquiry-send");
    let form = once::with_key(form, portal, posted);
    let page = EnquiriesPage {
        frame: view.frame("enquiries-title").with_problem(problem, &form),
        pager: view.pager(&listed),
        enquiries: listed.items,
        form,
    };
    Ok(view.show_with(problem, &page))
}
