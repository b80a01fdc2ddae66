//! Which part of a conversation is read: what is new, unless the address names a place in it.

use uuid::Uuid;

use crate::{
    messaging::conversations::Conversation,
    web::{
        pages::kit::View,
        problem::{Code, Problem},
    },
};

/// Which of the messages are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The end of the conversation.
    Newest,
    /// The first so many of what is unread.
    Unread(usize),
    /// What was before the place in the address.
    Earlier,
    /// What is around the message in the address.
    Around(Uuid),
}

impl Part {
    pub fn of(view: &View, conversation: &Conversation) -> Result<Self, Problem> {
        let length = view.page::<Uuid>()?.limit;
        let fits = usize::try_from(conversation.unread).is_ok_and(|unread| unread <= length);
        Ok(if view.asked("cursor").is_some() {
            Self::Earlier
        } else if let Some(message) = view.asked("at") {
            Self::Around(message.parse().map_err(|_| Code::NotFound)?)
        } else if fits || view.asked("newest").is_some() {
            Self::Newest
        } else {
            Self::Unread(length)
        })
    }

    /// Who reads it has not come to what is new.
    pub fn is_of_old(self) -> bool {
        matches!(self, Self::Earlier | Self::Around(_))
    }
}
