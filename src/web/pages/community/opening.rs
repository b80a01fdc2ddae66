//! `/conversations/new?to=…`: choosing who is written to, and writing to them, in one form: looking for more people
//! keeps whoever is ticked and whatever is typed. Who is chosen beforehand stands in the address, by ids that tell
//! nothing.

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
    profile::directory::{self, Filter, Member as Listing},
    web::{
        guard::session::Member,
        pages::kit::{Choice, Field, Form, FormPage, Posted, View, once},
        problem::Problem,
    },
};

/// What the buttons beside sending are told by.
const SEARCH: &str = "search";
const MORE: &str = "more";

pub fn routes() -> Router<Portal> {
    Router::new().route("/conversations/new", get(show).post(act))
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    let asked = Posted::parse(view.query().as_bytes());
    let chosen = ids(caller, &asked.all("to"));
    let sought = view.asked("query");
    page(&portal, &view, (caller, chosen), sought, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    posted: Posted,
) -> Result<Response, Problem> {
    let looks = [SEARCH, MORE].contains(&posted.text("act"));
    let problem = if posted.restores() || looks {
        None
    } else {
        match begin(&portal, caller, &posted).await {
            Ok(id) => return Ok(view.go_done(&format!("/conversations/{id}#newest"), "message-sent")),
            Err(problem) => Some(problem),
        }
    };
    let chosen = ids(caller, &posted.all("member_ids"));
    let view = view.asking(&address(&chosen, &posted));
    // Whoever looks for nobody in particular is shown everyone.
    let sought = view.asked("query").or_else(|| looks.then(String::new));
    page(
        &portal,
        &view,
        (caller, chosen),
        sought,
        &posted,
        problem.as_ref(),
    )
    .await
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

/// Everyone who is chosen, once.
fn ids(caller: Caller, chosen: &[&str]) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = chosen.iter().filter_map(|id| id.parse().ok()).collect();
    ids.retain(|id| *id != caller.account);
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The address that shows the same people, for the page in the other language.
fn address(chosen: &[Uuid], posted: &Posted) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for id in chosen {
        query.append_pair("to", &id.to_string());
    }
    if let Some(sought) = posted.filled("query") {
        query.append_pair("query", sought);
    }
    if posted.text("act") == MORE {
        query.append_pair("cursor", posted.text("cursor"));
    }
    query.finish()
}

/// The page with those who are chosen, and those who are found by what is sought, if anything is.
async fn page(
    portal: &Portal,
    view: &View,
    (caller, chosen): (Caller, Vec<Uuid>),
    sought: Option<String>,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let mut people = People {
        chosen: directory::some(portal, &chosen).await?,
        ..People::default()
    };
    let mut refused = None;
    if let Some(sought) = &sought {
        let filter = Filter {
            query: Some(sought),
            ..Filter::default()
        };
        let (listed, refusal) = found(portal, view, filter).await?;
        people.looked_for = refusal.is_none();
        people.next = listed.next;
        people.found = listed.items;
        people
            .found
            .retain(|member| member.id != caller.account && !chosen.contains(&member.id));
        refused = refusal;
    }
    let problem = problem.or(refused.as_ref());
    let form = form(portal, view, people, posted, problem);
    let page = FormPage {
        frame: view.frame("opening-title").with_problem(problem, &form),
        intro: vec![view.t("opening-intro")],
        form,
        ways: Vec::new(),
    };
    Ok(view.show_with(problem, &page))
}

/// Those who can be ticked.
#[derive(Default)]
struct People {
    chosen: Vec<Listing>,
    found: Vec<Listing>,
    looked_for: bool,
    /// Where more of those begin who were found.
    next: Option<String>,
}

fn form(portal: &Portal, view: &View, people: People, posted: &Posted, problem: Option<&Problem>) -> Form {
    let sought = view.asked("query");
    let search = Field::line("query");
    let search = if people.chosen.is_empty() {
        search.label("members-query")
    } else {
        search.label("opening-more").optional()
    };
    let search = search
        .hint("members-query-hint")
        .value(sought.as_deref())
        .button("members-search", SEARCH);
    let subject = Field::line("subject").optional();
    let subject = match people.chosen[..] {
        // Between two there is one conversation, which keeps its subject.
        [_] => subject.hint("opening-subject-hint"),
        _ => subject,
    };
    let mut form = Form::new(view, posted, problem);
    if let Some(next) = &people.next {
        form = form.hidden("cursor", next.clone());
    }
    let form = form
        .field(search)
        .field(people.into_field())
        .field(subject)
        .field(Field::prose("body", 8).label("message-body").hint("message-rule"))
        .button("message-send");
    once::with_key(form, portal, posted)
}

impl People {
    fn into_field(self) -> Field {
        let hint = if self.looked_for && self.found.is_empty() {
            "members-none-found"
        } else if self.chosen.len() >= MEMBERS_LIMIT {
            "opening-full"
        } else if self.chosen.is_empty() && self.found.is_empty() {
            "opening-nobody"
        } else {
            "opening-readers-hint"
        };
        let chosen = self.chosen.iter().map(|member| choice(member).chosen(true));
        let choices = chosen.chain(self.found.iter().map(choice)).collect();
        let field = Field::any("member_ids", choices)
            .label("opening-readers")
            .hint(hint);
        match self.next {
            Some(_) => field.button("opening-next", MORE),
            None => field,
        }
    }
}

/// A member, with what tells them from others of the same name.
fn choice(member: &Listing) -> Choice {
    let place: Vec<&str> = [&member.organisation, &member.department, &member.position]
        .into_iter()
        .filter_map(|fact| fact.as_deref())
        .collect();
    let choice = Choice::new(member.id, member.display_name.clone());
    if place.is_empty() {
        choice
    } else {
        choice.hint(place.join(", "))
    }
}
