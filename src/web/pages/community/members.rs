//! `/members`: the directory, with what each member made visible, and a search in it.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use crate::{
    portal::Portal,
    profile::directory::{self, Member as Listing},
    values::Listed,
    web::{
        guard::session::Member,
        pages::kit::{Field, Form, Frame, View, Way},
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/members", get(show))
}

#[derive(Template)]
#[template(path = "community/members.html")]
struct MembersPage<'a> {
    frame: Frame<'a>,
    form: Form,
    heading: String,
    is_search: bool,
    members: Vec<Listing>,
    own: Uuid,
    pager: Vec<Way>,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    let query = view.asked("query");
    let (listed, problem) = found(&portal, &view, query.as_deref()).await?;
    let form = Form::search(&view)
        .refused(problem.as_ref())
        .field(
            Field::line("query")
                .label("members-query")
                .hint("members-query-hint"),
        )
        .button("members-search");
    let page = MembersPage {
        frame: view.frame("members-title").with_problem(problem.as_ref(), &form),
        form,
        heading: match &query {
            Some(query) => view.t_with("members-found", &[("query", query.trim())]),
            None => view.t("members-all"),
        },
        is_search: query.is_some(),
        pager: view.pager(&listed),
        members: listed.items,
        own: caller.account,
    };
    Ok(view.show_with(problem.as_ref(), &page))
}

/// A part of the directory; nobody, if the search itself was refused.
pub async fn found(
    portal: &Portal,
    view: &View,
    query: Option<&str>,
) -> Result<(Listed<Listing>, Option<Problem>), Problem> {
    let nobody = || Listed {
        items: Vec::new(),
        next: None,
    };
    Ok(match directory::members(portal, query, &view.page()?).await? {
        Ok(listed) => (listed, None),
        Err(invalid) => (nobody(), Some(invalid.into())),
    })
}
