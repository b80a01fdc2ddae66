//! `/groups/{id}/invite`: searching the directory, and inviting whom one finds, several at once.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use super::{group::find, members::found, people};
use crate::{
    account::Caller,
    messaging::{conversations::Conversation, groups::invite},
    portal::Portal,
    profile::directory::{Filter, Member as Listing},
    web::{
        guard::session::Member,
        pages::kit::{Choice, Field, Form, Frame, Posted, View, Way},
        problem::Problem,
        query::Id,
    },
};

/// What the page was asked, and is asked again after a refusal.
const ASKED: [&str; 2] = ["query", "cursor"];

pub fn routes() -> Router<Portal> {
    Router::new().route("/groups/{id}/invite", get(show).post(act))
}

#[derive(Template)]
#[template(path = "community/group_invite.html")]
struct InvitePage<'a> {
    frame: Frame<'a>,
    rule: String,
    search: Form,
    /// Whether somebody was searched for, and nobody found who is not in the group already.
    is_nobody_found: bool,
    /// None: there is nobody to invite.
    form: Option<Form>,
    pager: Vec<Way>,
    back: Way,
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
) -> Result<Response, Problem> {
    let group = find(&portal, caller, id).await?;
    page(&portal, &view, caller, &group, &Posted::default(), None).await
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
        // What is no id is nobody's id, and is refused as such.
        let members: Vec<Uuid> = posted
            .all("member_ids")
            .into_iter()
            .map(|id| id.parse().unwrap_or_default())
            .collect();
        match invite::invite(&portal, caller, id, &members).await {
            Ok(_) => return Ok(view.go_done(&format!("/groups/{id}/invite"), "invited")),
            Err(error) => Some(Problem::from(error)),
        }
    };
    let view = view.asking(&asked_before(&posted));
    let group = find(&portal, caller, id).await?;
    page(&portal, &view, caller, &group, &posted, problem.as_ref()).await
}

/// What was asked when the form was shown.
fn asked_before(posted: &Posted) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for name in ASKED {
        if let Some(value) = posted.filled(name) {
            query.append_pair(name, value);
        }
    }
    query.finish()
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    group: &Conversation,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let query = view.asked("query");
    let (listed, refused) = match &query {
        Some(query) => {
            let filter = Filter {
                query: Some(query),
                ..Filter::default()
            };
            let (listed, refused) = found(portal, view, filter).await?;
            (Some(listed), refused)
        }
        None => (None, None),
    };
    let search = Form::search(view)
        .refused(refused.as_ref())
        .field(
            Field::line("query")
                .label("members-query")
                .hint("members-query-hint"),
        )
        .button("members-search");
    let pager = listed
        .as_ref()
        .map(|listed| view.pager(listed))
        .unwrap_or_default();
    let others: Vec<Listing> = listed
        .map(|listed| listed.items)
        .unwrap_or_default()
        .into_iter()
        .filter(|member| group.members.iter().all(|known| known.id != member.id))
        .collect();
    let is_nobody_found = query.is_some() && refused.is_none() && others.is_empty();
    let form = (!others.is_empty()).then(|| form(view, others, posted, problem));
    let frame = view.frame("group-invite-title");
    let frame = match &form {
        Some(form) if problem.is_some() => frame.with_problem(problem, form),
        _ => frame.with_problem(problem.or(refused.as_ref()), &search),
    };
    let title = people::title(view, caller, group);
    let page = InvitePage {
        frame,
        rule: view.t_with("group-invite-rule", &[("name", &title)]),
        search,
        is_nobody_found,
        form,
        pager,
        back: view.way(&format!("/groups/{}", group.id), "group-back"),
    };
    Ok(view.show_with(problem.or(refused.as_ref()), &page))
}

fn form(view: &View, others: Vec<Listing>, posted: &Posted, problem: Option<&Problem>) -> Form {
    let choices = others
        .into_iter()
        .map(|member| {
            let choice = Choice::new(member.id, member.display_name);
            match member.organisation {
                Some(organisation) => choice.hint(organisation),
                None => choice,
            }
        })
        .collect();
    let form = ASKED
        .into_iter()
        .fold(Form::new(view, posted, problem), |form, name| {
            match view.asked(name) {
                Some(value) => form.hidden(name, value),
                None => form,
            }
        });
    form.field(Field::any("member_ids", choices).label("group-guests"))
        .button("group-invite-button")
}
