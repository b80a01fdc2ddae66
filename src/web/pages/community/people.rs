//! Who is in a conversation, in words: names as long as people are members, and no names afterwards (R13).

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    account::Caller,
    messaging::{conversations::Conversation, messages::Message},
    web::pages::kit::View,
};

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

/// Who has read which of one's own messages, of those who share it: names by the last one that each has read.
pub fn marks(caller: Caller, conversation: &Conversation, shown: &[Message]) -> BTreeMap<Uuid, Vec<String>> {
    let own = || shown.iter().filter(|message| message.author_id == caller.account);
    let mut marks: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    for member in conversation
        .members
        .iter()
        .filter(|member| member.id != caller.account)
    {
        let read = member.read_up_to;
        let last = own()
            .map(|message| message.id)
            .filter(|id| read >= Some(*id))
            .max();
        if let Some(last) = last {
            marks.entry(last).or_default().push(member.display_name.clone());
        }
    }
    marks
}

/// The readers in words. Between two everyone knows who it is.
pub fn read_by(view: &View, conversation: &Conversation, readers: &[String]) -> String {
    if conversation.members.len() == 2 {
        view.t("conversation-read")
    } else {
        view.t_with("conversation-read-by", &[("people", &readers.join(", "))])
    }
}
