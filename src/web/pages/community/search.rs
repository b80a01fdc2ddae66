//! `/conversations/search`: finding messages in one's conversations, or in one of them. Searching marks nothing as read.

use std::collections::HashMap;

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use super::people;
use crate::{
    account::Caller,
    messaging::{
        conversations::{self, Conversation},
        search::{self, Excerpt, Hit, SearchError},
    },
    portal::Portal,
    values::Listed,
    web::{
        guard::session::Member,
        pages::kit::{Field, Form, Frame, View, Way},
        problem::{Code, Problem},
    },
};

pub const PATH: &str = "/conversations/search";

pub fn routes() -> Router<Portal> {
    Router::new().route(PATH, get(show))
}

#[derive(Template)]
#[template(path = "community/search.html")]
struct SearchPage<'a> {
    frame: Frame<'a>,
    /// Where only one conversation is searched: which, and the way to all.
    within: Option<(String, Way)>,
    form: Form,
    /// None: nothing was searched for.
    heading: Option<String>,
    cards: Vec<Card>,
    pager: Vec<Way>,
}

/// A message that was found.
struct Card {
    href: String,
    title: String,
    author: String,
    at: String,
    excerpt: Excerpt,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    let within = match view.asked("conversation_id") {
        Some(id) => Some(conversation(&portal, caller, &id).await?),
        None => None,
    };
    let query = view.asked("query");
    let (listed, problem) = found(&portal, &view, caller, query.as_deref(), within.as_ref()).await?;
    let mut form = Form::search(&view)
        .refused(problem.as_ref())
        .field(Field::line("query").label("search-query").hint("search-hint"))
        .button("search-button");
    if let Some(within) = &within {
        form = form.hidden("conversation_id", within.id.to_string());
    }
    let pager = view.pager(&listed);
    let page = SearchPage {
        frame: view.frame("search-title").with_problem(problem.as_ref(), &form),
        within: within.map(|within| {
            let title = people::title(&view, caller, &within);
            (
                view.t_with("search-within", &[("title", &title)]),
                view.way(PATH, "search-everywhere"),
            )
        }),
        form,
        heading: query
            .filter(|_| problem.is_none())
            .map(|query| view.t_with("search-found", &[("query", query.trim())])),
        cards: cards(&portal, &view, caller, listed.items).await?,
        pager,
    };
    Ok(view.show_with(problem.as_ref(), &page))
}

async fn conversation(portal: &Portal, caller: Caller, id: &str) -> Result<Conversation, Problem> {
    let id = id.parse().map_err(|_| Code::NotFound)?;
    let found = conversations::one(&portal.database, caller, id).await?;
    Ok(found.ok_or(Code::NotFound)?)
}

/// What was found; nothing, if nothing was searched for or the search was refused.
async fn found(
    portal: &Portal,
    view: &View,
    caller: Caller,
    query: Option<&str>,
    within: Option<&Conversation>,
) -> Result<(Listed<Hit>, Option<Problem>), Problem> {
    let nothing = Listed {
        items: Vec::new(),
        next: None,
    };
    let Some(query) = query else {
        return Ok((nothing, None));
    };
    let within = within.map(|conversation| conversation.id);
    match search::find(portal, caller, query, within, &view.page()?).await {
        Ok(listed) => Ok((listed, None)),
        Err(error @ SearchError::NotFound) => Err(error.into()),
        Err(error) => Ok((nothing, Some(error.into()))),
    }
}

async fn cards(portal: &Portal, view: &View, caller: Caller, hits: Vec<Hit>) -> Result<Vec<Card>, Problem> {
    if hits.is_empty() {
        return Ok(Vec::new());
    }
    let ids = hits.iter().map(|hit| hit.conversation_id).collect();
    let conversations: HashMap<Uuid, Conversation> = conversations::some(portal, caller, ids)
        .await?
        .into_iter()
        .map(|conversation| (conversation.id, conversation))
        .collect();
    // A conversation that ended a moment ago has nothing to show.
    let cards = hits.into_iter().filter_map(|hit| {
        let conversation = conversations.get(&hit.conversation_id)?;
        Some(Card::of(view, caller, conversation, hit))
    });
    Ok(cards.collect())
}

impl Card {
    fn of(view: &View, caller: Caller, conversation: &Conversation, hit: Hit) -> Self {
        Self {
            href: view.to(&format!(
                "/conversations/{}?at={}#m-{}",
                conversation.id, hit.id, hit.id
            )),
            title: people::title(view, caller, conversation),
            author: if hit.author_id == caller.account {
                view.t("conversation-you")
            } else {
                hit.author_name
            },
            at: view.at_time(&hit.sent_at),
            excerpt: hit.excerpt,
        }
    }
}
