//! `/members`: the directory, with what each member made visible, and a search in it by words, organisation and
//! department.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use crate::{
    portal::Portal,
    profile::{
        directory::{self, Filter, Member as Listing},
        places::{self, Choices},
    },
    values::Listed,
    web::{
        guard::session::Member,
        pages::kit::{Field, Form, Frame, View, Way},
        problem::Problem,
    },
};

/// So many organisations and departments are offered while one types; any other can be typed.
const OFFERED: i64 = 50;

pub fn routes() -> Router<Portal> {
    Router::new().route("/members", get(show))
}

#[derive(Template)]
#[template(path = "community/members.html")]
struct MembersPage<'a> {
    frame: Frame<'a>,
    form: Form,
    heading: String,
    is_narrowed: bool,
    narrowed: Vec<Narrowed>,
    members: Vec<Listing>,
    own: Uuid,
    pager: Vec<Way>,
}

/// Where those who are shown work, and the way to show others as well.
struct Narrowed {
    label: String,
    value: String,
    clear: Way,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    let [query, organisation, department] =
        ["query", "organisation", "department"].map(|name| view.asked(name));
    let filter = Filter {
        query: query.as_deref(),
        organisation: organisation.as_deref(),
        department: department.as_deref(),
    };
    let (listed, problem) = found(&portal, &view, filter).await?;
    let choices = places::choices(&portal, filter.organisation, OFFERED).await?;
    let form = form(&view, choices, problem.as_ref());
    let narrowed: Vec<Narrowed> = [
        ("organisation", "label-organisation", &organisation),
        ("department", "label-department", &department),
    ]
    .into_iter()
    .filter_map(|(name, label, value)| {
        Some(Narrowed {
            label: view.t(label),
            value: value.as_deref()?.trim().to_owned(),
            clear: view.without(name, "members-clear"),
        })
    })
    .collect();
    let page = MembersPage {
        frame: view.frame("members-title").with_problem(problem.as_ref(), &form),
        form,
        heading: match &query {
            Some(query) => view.t_with("members-found", &[("query", query.trim())]),
            None if narrowed.is_empty() => view.t("members-all"),
            None => view.t("members-narrowed"),
        },
        is_narrowed: query.is_some() || !narrowed.is_empty(),
        narrowed,
        pager: view.pager(&listed),
        members: listed.items,
        own: caller.account,
    };
    Ok(view.show_with(problem.as_ref(), &page))
}

fn form(view: &View, choices: Choices, problem: Option<&Problem>) -> Form {
    Form::search(view)
        .refused(problem)
        .field(
            Field::line("query")
                .label("members-query")
                .hint("members-query-hint"),
        )
        .field(Field::line("organisation").suggest(choices.organisations))
        .field(Field::line("department").suggest(choices.departments))
        .button("members-search")
}

/// A part of the directory; nobody, if the search itself was refused.
pub async fn found(
    portal: &Portal,
    view: &View,
    filter: Filter<'_>,
) -> Result<(Listed<Listing>, Option<Problem>), Problem> {
    let nobody = || Listed {
        items: Vec::new(),
        next: None,
    };
    Ok(match directory::members(portal, filter, &view.page()?).await? {
        Ok(listed) => (listed, None),
        Err(invalid) => (nobody(), Some(invalid.into())),
    })
}

/// The directory narrowed down to where somebody works.
pub fn colleagues(view: &View, organisation: Option<&str>, department: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("organisation", organisation), ("department", department)] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    view.to(&format!("/members?{}", query.finish()))
}
