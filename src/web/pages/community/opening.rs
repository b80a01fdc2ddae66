//! `/conversations/new?to=…`: choosing who is written to, one after the other, and writing to them. Who was chosen
//! stands in the address, by ids that tell nothing.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use super::members::found;
use crate::{
    account::Caller,
    messaging::{
        MEMBERS_LIMIT,
        start::{self, Opening},
    },
    portal::Portal,
    profile::directory::{self, Member as Listing},
    web::{
        guard::session::Member,
        pages::kit::{Choice, Field, Form, Frame, Posted, View, Way, once},
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/conversations/new", get(show).post(act))
}

#[derive(Template)]
#[template(path = "community/opening.html")]
struct OpeningPage<'a> {
    frame: Frame<'a>,
    is_anyone_chosen: bool,
    /// No more people fit into one conversation.
    is_full: bool,
    search: Form,
    /// None: nobody was searched for.
    found: Option<Vec<Found>>,
    pager: Vec<Way>,
    /// None: nobody is chosen yet.
    form: Option<Form>,
}

/// Someone who can be added.
struct Found {
    href: String,
    text: String,
    organisation: Option<String>,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    let asked = Posted::parse(view.query().as_bytes());
    let candidates = candidates(caller, &asked);
    page(&portal, &view, caller, &candidates, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    posted: Posted,
) -> Result<Response, Problem> {
    let problem = if posted.restores() {
        None
    } else {
        match begin(&portal, caller, &posted).await {
            Ok(id) => return Ok(view.go_done(&format!("/conversations/{id}#newest"), "message-sent")),
            Err(problem) => Some(problem),
        }
    };
    let candidates = candidates(caller, &posted);
    let view = view.asking(&query_of(&candidates));
    page(&portal, &view, caller, &candidates, &posted, problem.as_ref()).await
}

async fn begin(portal: &Portal, caller: Caller, posted: &Posted) -> Result<Uuid, Problem> {
    // What is no id is nobody's id, and is refused as such.
    let members: Vec<Uuid> = posted
        .all("member_ids")
        .into_iter()
        .map(|id| id.parse().unwrap_or_default())
        .collect();
    let opening = Opening::parse(caller, &members, posted.filled("subject"), posted.text("body"))?;
    let started = start::start(portal, caller, opening.once(once::key_of(posted))).await?;
    Ok(started.conversation.id)
}

/// Everyone who was chosen, once, as many as one conversation takes.
fn candidates(caller: Caller, asked: &Posted) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = Vec::new();
    for id in asked.all("to").into_iter().filter_map(|id| id.parse().ok()) {
        if id != caller.account && !ids.contains(&id) && ids.len() < MEMBERS_LIMIT {
            ids.push(id);
        }
    }
    ids
}

fn query_of(candidates: &[Uuid]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for id in candidates {
        query.append_pair("to", &id.to_string());
    }
    query.finish()
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    candidates: &[Uuid],
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let chosen = directory::some(portal, candidates).await?;
    let query = view.asked("query");
    let (listed, refused) = match &query {
        Some(query) => {
            let (listed, refused) = found(portal, view, Some(query)).await?;
            (Some(listed), refused)
        }
        None => (None, None),
    };
    let search = search(view, &chosen, refused.as_ref());
    let form = form(portal, view, &chosen, posted, problem);
    let frame = view.frame("opening-title");
    let page = OpeningPage {
        frame: match problem {
            Some(_) => frame.with_problem(problem, &form),
            None => frame.with_problem(refused.as_ref(), &search),
        },
        is_anyone_chosen: !chosen.is_empty(),
        is_full: chosen.len() >= MEMBERS_LIMIT,
        search,
        pager: listed
            .as_ref()
            .map(|listed| view.pager(listed))
            .unwrap_or_default(),
        found: listed
            .filter(|_| refused.is_none())
            .map(|listed| addable(view, caller, &chosen, listed.items)),
        form: (!chosen.is_empty() || !posted.is_empty()).then_some(form),
    };
    Ok(view.show_with(problem.or(refused.as_ref()), &page))
}

/// Who was found and is not chosen yet.
fn addable(view: &View, caller: Caller, chosen: &[Listing], found: Vec<Listing>) -> Vec<Found> {
    let ids: Vec<Uuid> = chosen.iter().map(|member| member.id).collect();
    found
        .into_iter()
        .filter(|member| member.id != caller.account && !ids.contains(&member.id))
        .map(|member| {
            let with: Vec<Uuid> = ids.iter().copied().chain([member.id]).collect();
            Found {
                href: view.to(&format!("/conversations/new?{}", query_of(&with))),
                text: view.t_with("opening-add", &[("name", &member.display_name)]),
                organisation: member.organisation,
            }
        })
        .collect()
}

fn search(view: &View, chosen: &[Listing], refused: Option<&Problem>) -> Form {
    let form = Form::search(view)
        .refused(refused)
        .field(
            Field::line("query")
                .label("members-query")
                .hint("members-query-hint"),
        )
        .button("members-search");
    with_candidates(form, chosen)
}

fn form(
    portal: &Portal,
    view: &View,
    chosen: &[Listing],
    posted: &Posted,
    problem: Option<&Problem>,
) -> Form {
    let mut form = with_candidates(Form::new(view, posted, problem), chosen);
    if !chosen.is_empty() {
        let choices = chosen
            .iter()
            .map(|member| Choice::new(member.id, member.display_name.clone()).chosen(true))
            .collect();
        form = form.field(
            Field::any("member_ids", choices)
                .label("opening-readers")
                .hint("opening-readers-hint"),
        );
    }
    let subject = Field::line("subject").optional();
    let subject = match chosen {
        // Between two there is one conversation, which keeps its subject.
        [_] => subject.hint("opening-subject-hint"),
        _ => subject,
    };
    let body = Field::prose("body", 8).label("message-body").hint("message-rule");
    let form = form.field(subject).field(body).button("message-send");
    once::with_key(form, portal, posted)
}

fn with_candidates(form: Form, chosen: &[Listing]) -> Form {
    chosen
        .iter()
        .fold(form, |form, member| form.hidden("to", member.id.to_string()))
}
