//! `/conversations/{id}`: reading in the order of writing, and answering. Whoever opens the page has read what it
//! shows; a browser that only loads it ahead, or keeps it up to date while nobody looks at it, has not. Where more is
//! unread than fits, it is read part by part, and answered at the end. What becomes of messages (R13) is said where they
//! are written.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method},
    response::Response,
    routing::get,
};
use uuid::Uuid;

use super::{
    people::{self, Marks, Person},
    search,
};
use crate::{
    account::Caller,
    live,
    messaging::{
        conversations::{self, Conversation},
        messages::{self, Message},
        read::{self, ReadError},
        send,
    },
    portal::Portal,
    values::Listed,
    web::{
        guard::session::Member,
        pages::kit::{Field, Form, Frame, Live, Posted, View, Way, once},
        problem::{Code, Problem},
        query::Id,
    },
};

mod part;

use part::Part;

/// What `live.js` sends, and what it says where nobody is looking at the page.
const FOR_LIVE: &str = "x-live";
const UNSEEN: &str = "look";

pub fn routes() -> Router<Portal> {
    Router::new().route("/conversations/{id}", get(show).post(act))
}

#[derive(Template)]
#[template(path = "community/conversation.html")]
struct ConversationPage<'a> {
    frame: Frame<'a>,
    people: Vec<Person>,
    /// The way to what there is to do in a group.
    group: Option<Way>,
    /// What is said where nobody would read what is written.
    nobody: String,
    earlier: Option<Way>,
    later: Option<Way>,
    /// What is still unread after the messages shown, and the way past it.
    rest: Option<Rest>,
    entries: Vec<Entry>,
    marks: Marks,
    /// None: nobody would read what is written, or whoever would is blocked.
    form: Option<Form>,
    is_blocked: bool,
    /// What was written and could not be sent any more, so that it can be copied.
    unsent: Option<String>,
    search: Way,
    /// The way out of it, where there is one from here.
    leave: Option<Way>,
}

struct Rest {
    words: String,
    on: Way,
    skip: Way,
}

/// A message as it is read.
struct Entry {
    id: Uuid,
    author: String,
    at: String,
    body: String,
    is_own: bool,
    /// What follows is new to the reader.
    is_first_unread: bool,
    /// It was searched for, and the address leads here.
    is_found: bool,
    /// Where one's own can be deleted.
    take_back: String,
    /// Where somebody else's can be reported.
    report: String,
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    Id(id): Id,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let after = live::moment(&portal).await?;
    let conversation = find(&portal, caller, id).await?;
    let part = Part::of(&view, &conversation)?;
    let listed = match part {
        Part::Unread(length) => messages::first_unread(&portal, caller, id, length)
            .await?
            .ok_or(Code::NotFound)?,
        Part::Around(message) => messages::around(&portal, caller, id, message, &view.page()?)
            .await?
            .ok_or(Code::NotFound)?,
        Part::Newest | Part::Earlier => newest(&portal, &view, caller, id).await?,
    };
    let shown = Shown {
        after,
        conversation,
        part,
        listed,
    };
    // A page that is kept up to date shows the end alone, and has shown nothing else.
    let is_shown = match headers.get(FOR_LIVE) {
        Some(how) => part == Part::Newest && how != UNSEEN,
        None => true,
    };
    let is_opened = is_shown && method == Method::GET && !headers.contains_key("sec-purpose");
    if is_opened && shown.conversation.unread > 0 && !part.is_of_old() {
        mark_read(&portal, caller, id, shown.listed.items.first()).await?;
    }
    Ok(page(&portal, &view, caller, shown, &Posted::default(), None))
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
        let key = once::key_of(&posted);
        match send::send(&portal, caller, id, posted.text("body"), key).await {
            Ok(_) => return Ok(view.go_done(&format!("/conversations/{id}#newest"), "message-sent")),
            Err(error) => Some(Problem::from(error)),
        }
    };
    let shown = Shown {
        after: live::moment(&portal).await?,
        conversation: find(&portal, caller, id).await?,
        part: Part::Newest,
        listed: newest(&portal, &view, caller, id).await?,
    };
    Ok(page(&portal, &view, caller, shown, &posted, problem.as_ref()))
}

/// A conversation, and the messages of it that the page shows.
struct Shown {
    /// The moment before which all of it was read.
    after: String,
    conversation: Conversation,
    part: Part,
    listed: Listed<Message>,
}

async fn find(portal: &Portal, caller: Caller, id: Uuid) -> Result<Conversation, Problem> {
    let found = conversations::one(&portal.database, caller, id).await?;
    Ok(found.ok_or(Code::NotFound)?)
}

/// The newest messages, or those before the place that the address names.
async fn newest(portal: &Portal, view: &View, caller: Caller, id: Uuid) -> Result<Listed<Message>, Problem> {
    let listed = messages::list(portal, caller, id, &view.page()?).await?;
    Ok(listed.ok_or(Code::NotFound)?)
}

async fn mark_read(
    portal: &Portal,
    caller: Caller,
    id: Uuid,
    newest: Option<&Message>,
) -> Result<(), Problem> {
    let Some(newest) = newest else { return Ok(()) };
    match read::mark(portal, caller, id, newest.id).await {
        // It was deleted a moment ago; there is nothing to mark.
        Ok(()) | Err(ReadError::Invalid(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    shown: Shown,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Response {
    let Shown {
        after,
        conversation,
        part,
        listed,
    } = shown;
    let form = form(portal, view, posted, problem);
    let unread = usize::try_from(conversation.unread).unwrap_or_default();
    let rest = match part {
        Part::Unread(_) => unread.saturating_sub(listed.items.len()),
        Part::Newest | Part::Earlier | Part::Around(_) => 0,
    };
    let unread: Vec<Uuid> = listed
        .items
        .iter()
        .filter(|message| message.author_id != caller.account)
        .take(if part.is_of_old() { 0 } else { unread })
        .map(|message| message.id)
        .collect();
    let frame = view
        .frame_titled(people::title(view, caller, &conversation))
        .with_problem(problem, &form);
    let page = ConversationPage {
        // What was written long ago, or is read part by part, stays as it is while it is read.
        frame: if part == Part::Newest {
            frame.listening(Live {
                after,
                conversation: Some(conversation.id),
            })
        } else {
            frame
        },
        people: people::everyone(view, caller, &conversation),
        group: conversation
            .is_group
            .then(|| view.way(&format!("/groups/{}", conversation.id), "group-settings")),
        nobody: view.t(if conversation.is_group {
            "group-alone"
        } else {
            "conversation-nobody-left"
        }),
        earlier: listed
            .next
            .as_deref()
            .map(|cursor| view.with_cursor(Some(cursor), "conversation-earlier")),
        later: part
            .is_of_old()
            .then(|| view.with_cursor(None, "conversation-newest")),
        rest: (rest > 0).then(|| Rest::of(view, conversation.id, rest)),
        marks: people::marks(view, caller, &conversation, &listed.items),
        entries: listed
            .items
            .into_iter()
            .rev()
            .map(|message| Entry {
                is_found: part == Part::Around(message.id),
                ..Entry::of(view, caller, &conversation, message, unread.last())
            })
            .collect(),
        form: (people::somebody_is_left(caller, &conversation) && !conversation.is_blocked).then_some(form),
        is_blocked: conversation.is_blocked,
        unsent: posted.filled("body").map(str::to_owned),
        search: view.way(
            &format!("{}?conversation_id={}", search::PATH, conversation.id),
            "conversation-search",
        ),
        leave: (!conversation.is_group && !conversation.is_pair).then(|| {
            view.way(
                &format!("/conversations/{}/leave", conversation.id),
                "conversation-leave",
            )
        }),
    };
    view.show_with(problem, &page)
}

fn form(portal: &Portal, view: &View, posted: &Posted, problem: Option<&Problem>) -> Form {
    let form = Form::new(view, posted, problem)
        .field(Field::prose("body", 5).label("message-body").hint("message-rule"))
        .button("message-send");
    once::with_key(form, portal, posted)
}

impl Rest {
    fn of(view: &View, conversation: Uuid, count: usize) -> Self {
        let path = format!("/conversations/{conversation}");
        Self {
            words: view.t_counted("conversation-rest", count.try_into().unwrap_or(u64::MAX)),
            on: view.way(&path, "conversation-rest-on"),
            skip: view.way(&format!("{path}?newest=1"), "conversation-rest-skip"),
        }
    }
}

impl Entry {
    fn of(
        view: &View,
        caller: Caller,
        conversation: &Conversation,
        message: Message,
        first_unread: Option<&Uuid>,
    ) -> Self {
        let path = format!("/conversations/{}/messages/{}", conversation.id, message.id);
        Self {
            id: message.id,
            author: people::author(view, caller, conversation, &message),
            at: view.at_time(&message.sent_at),
            body: message.body,
            is_own: message.author_id == caller.account,
            is_first_unread: first_unread == Some(&message.id),
            is_found: false,
            take_back: view.to(&path),
            report: view.to(&format!("{path}/report")),
        }
    }
}
