//! `/groups/new`: opening a group by its name. Whoever is to be in it is invited afterwards.

use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    messaging::groups::open::{self, Opening},
    portal::Portal,
    web::{
        guard::session::Member,
        pages::kit::{Field, Form, FormPage, Posted, View, once},
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/groups/new", get(show).post(act))
}

async fn show(State(portal): State<Portal>, view: View, Member(_): Member) -> Response {
    page(&portal, &view, &Posted::default(), None)
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return Ok(page(&portal, &view, &posted, None));
    }
    let opening = Opening::parse(caller, posted.text("name"), &[]);
    let opened = match opening {
        Ok(opening) => open::open(&portal, caller, opening.once(once::key_of(&posted)))
            .await
            .map_err(Problem::from),
        Err(invalid) => Err(invalid.into()),
    };
    Ok(match opened {
        Ok(group) => view.go_done(&format!("/groups/{}/invite", group.id), "group-opened"),
        Err(problem) => page(&portal, &view, &posted, Some(&problem)),
    })
}

fn page(portal: &Portal, view: &View, posted: &Posted, problem: Option<&Problem>) -> Response {
    let form = Form::new(view, posted, problem)
        .field(Field::line("name").label("group-name").hint("group-name-hint"))
        .button("group-open")
        .cancel("/conversations", "conversation-back");
    let form = once::with_key(form, portal, posted);
    let page = FormPage {
        frame: view.frame("group-new-title").with_problem(problem, &form),
        intro: vec![view.t("group-new-intro")],
        form,
        ways: Vec::new(),
    };
    view.show_with(problem, &page)
}
