//! Who is in a conversation, in words: names as long as people are members, and no names afterwards (R13).

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::{
    account::Caller,
    messaging::{conversations::Conversation, messages::Message},
    web::pages::kit::View,
};

/// Somebody in a conversation, or those who were; with the way to their page, if they have one.
pub struct Person {
    pub name: String,
    pub href: Option<String>,
}

/// Who has read, in words, by the message under which it stands.
pub type Marks = BTreeMap<Uuid, String>;

/// Everyone but oneself.
pub fn everyone(view: &View, caller: Caller, conversation: &Conversation) -> Vec<Person> {
    let others = conversation
        .members
        .iter()
        .filter(|member| member.id != caller.account)
        .map(|member| Person {
            name: member.display_name.clone(),
            href: member.listed.then(|| view.to(&format!("/members/{}", member.id))),
        });
    let former = u64::try_from(conversation.former_members).unwrap_or_default();
    let former = (former > 0).then(|| Person {
        name: view.t_counted("conversation-former", former),
        href: None,
    });
    others.chain(former).collect()
}

/// The same in words.
pub fn others(view: &View, caller: Caller, conversation: &Conversation) -> String {
    let names: Vec<String> = everyone(view, caller, conversation)
        .into_iter()
        .map(|person| person.name)
        .collect();
    names.join(", ")
}

/// Whether anybody else would read a message.
pub fn somebody_is_left(caller: Caller, conversation: &Conversation) -> bool {
    conversation
        .members
        .iter()
        .any(|member| member.id != caller.account)
}

/// What the conversation is called: its subject, or who is in it; one of oneself alone has neither.
pub fn title(view: &View, caller: Caller, conversation: &Conversation) -> String {
    if let Some(subject) = &conversation.subject {
        return subject.clone();
    }
    if conversation.former_members == 1 && !somebody_is_left(caller, conversation) {
        return view.t("conversation-former-member");
    }
    let others = others(view, caller, conversation);
    match others.as_str() {
        "" if conversation.is_group => view.t("group-without-name"),
        "" => view.t("conversation-without-subject"),
        _ => others,
    }
}

/// Whose message it is: who left a group keeps their name in it as long as they are a member.
pub fn author(view: &View, caller: Caller, conversation: &Conversation, message: &Message) -> String {
    if message.author_id == caller.account {
        return view.t("conversation-you");
    }
    let member = conversation
        .members
        .iter()
        .find(|member| member.id == message.author_id);
    let name = member.map(|member| &member.display_name);
    match name.or(message.author_name.as_ref()) {
        Some(name) => name.clone(),
        None => view.t("conversation-former-member"),
    }
}

/// Those who share how far they have read, each at the last one of one's own messages that they have.
pub fn marks(view: &View, caller: Caller, conversation: &Conversation, shown: &[Message]) -> Marks {
    let mut readers: BTreeMap<Uuid, Vec<&str>> = BTreeMap::new();
    let members = conversation.members.iter();
    for member in members.filter(|member| member.id != caller.account) {
        let own = shown.iter().filter(|message| message.author_id == caller.account);
        let read = own
            .map(|message| message.id)
            .filter(|id| *id > member.sees_after && Some(*id) <= member.read_up_to);
        if let Some(last) = read.max() {
            readers.entry(last).or_default().push(&member.display_name);
        }
    }
    let in_words = |names: Vec<&str>| {
        // Between two everyone knows who it is.
        if conversation.members.len() == 2 {
            view.t("conversation-read")
        } else {
            view.t_with("conversation-read-by", &[("people", &names.join(", "))])
        }
    };
    readers
        .into_iter()
        .map(|(id, names)| (id, in_words(names)))
        .collect()
}
