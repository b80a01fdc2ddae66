//! Who is in a conversation, in words: names as long as people are members, and no names afterwards (R13).

use uuid::Uuid;

use crate::{account::Caller, messaging::conversations::Conversation, web::pages::kit::View};

/// Everyone but oneself.
pub fn others(view: &View, caller: Caller, conversation: &Conversation) -> String {
    let mut names: Vec<String> = conversation
        .members
        .iter()
        .filter(|member| member.id != caller.account)
        .map(|member| member.display_name.clone())
        .collect();
    let former = u64::try_from(conversation.former_members).unwrap_or_default();
    if former > 0 {
        names.push(view.t_counted("conversation-former", former));
    }
    names.join(", ")
}

/// Whether anybody else would read a message.
pub fn somebody_is_left(caller: Caller, conversation: &Conversation) -> bool {
    conversation
        .members
        .iter()
        .any(|member| member.id != caller.account)
}

/// What the conversation is called: its subject, or who is in it.
pub fn title(view: &View, caller: Caller, conversation: &Conversation) -> String {
    match &conversation.subject {
        Some(subject) => subject.clone(),
        None => others(view, caller, conversation),
    }
}

/// Whose message it is.
pub fn author(view: &View, caller: Caller, conversation: &Conversation, author: Uuid) -> String {
    if author == caller.account {
        return view.t("conversation-you");
    }
    let member = conversation.members.iter().find(|member| member.id == author);
    member.map_or_else(
        || view.t("conversation-former-member"),
        |member| member.display_name.clone(),
    )
}
