//! `/conversations`: one's conversations, those with the latest news first, unread ones marked.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use super::people;
use crate::{
    account::Caller,
    live,
    messaging::{
        conversations::{self, Conversation},
        groups::invitations,
    },
    portal::Portal,
    web::{
        guard::session::Member,
        pages::kit::{Frame, Live, View, Way},
        problem::Problem,
    },
};

/// Characters of the last message that the list shows.
const EXCERPT: usize = 140;

pub fn routes() -> Router<Portal> {
    Router::new().route("/conversations", get(show))
}

#[derive(Template)]
#[template(path = "community/conversations.html")]
struct ConversationsPage<'a> {
    frame: Frame<'a>,
    /// Into how many groups one is invited, if any.
    invited: Option<String>,
    cards: Vec<Card>,
    pager: Vec<Way>,
}

/// A conversation in the list.
struct Card {
    id: Uuid,
    href: String,
    title: String,
    is_group: bool,
    /// Who is in it, where the title does not say it.
    people: Option<String>,
    at: String,
    /// How many messages are unread, if any.
    unread: Option<String>,
    /// Author and beginning of the last message.
    last: Option<(String, String)>,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    let live = Live {
        after: live::moment(&portal).await?,
        conversation: None,
    };
    let listed = conversations::list(&portal, caller, &view.page()?).await?;
    let invited = invitations::waiting(&portal, caller).await?;
    Ok(view.show(&ConversationsPage {
        frame: view.frame("conversations-title").listening(live),
        invited: (invited > 0).then(|| view.t_counted("invitations-waiting", invited)),
        pager: view.pager(&listed),
        cards: listed
            .items
            .iter()
            .map(|conversation| Card::of(&view, caller, conversation))
            .collect(),
    }))
}

impl Card {
    fn of(view: &View, caller: Caller, conversation: &Conversation) -> Self {
        let unread = u64::try_from(conversation.unread).unwrap_or_default();
        let place = if unread > 0 { "unread" } else { "newest" };
        Self {
            id: conversation.id,
            href: view.to(&format!("/conversations/{}#{place}", conversation.id)),
            title: people::title(view, caller, conversation),
            is_group: conversation.is_group,
            people: conversation
                .subject
                .as_ref()
                .map(|_| people::others(view, caller, conversation))
                .filter(|people| !people.is_empty()),
            at: view.at_time(&conversation.last_activity_at),
            unread: (unread > 0).then(|| view.t_counted("conversations-unread", unread)),
            last: conversation.last_message.as_ref().map(|message| {
                (
                    people::author(view, caller, conversation, message),
                    beginning(&message.body),
                )
            }),
        }
    }
}

/// The beginning of a message in one line.
fn beginning(body: &str) -> String {
    let line = body.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{} …", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_is_cut_and_a_short_one_is_not() {
        assert_eq!(beginning("eins\n\n zwei"), "eins zwei");
        assert_eq!(beginning(&"ä".repeat(EXCERPT)), "ä".repeat(EXCERPT));
        assert_eq!(
            beginning(&"ä".repeat(EXCERPT + 1)),
            format!("{} …", "ä".repeat(EXCERPT))
        );
    }
}
