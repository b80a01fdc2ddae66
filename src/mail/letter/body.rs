//! What each letter says, paragraph by paragraph. Nobody is named: names come from strangers, who could put a message
//! of their own there.

use chrono::{DateTime, Utc};

use super::{Filled, Letter, layout::Block};
use crate::text::{self, Locale};

/// The catalogue's key of one part of a letter.
pub fn key(letter: &Letter, part: &str) -> String {
    let kind = match letter {
        // Each cause and each change has words of its own.
        Letter::Alert { cause, .. } => format!("alert_{}", cause.name()),
        Letter::FactorChanged { change, .. } => format!("factor_{}", change.name()),
        _ => letter.kind().to_owned(),
    };
    format!("mail-{}-{part}", kind.replace('_', "-"))
}

/// Everything between subject and sender.
pub fn blocks(letter: &Letter, locale: Locale, filled: &Filled) -> Vec<Block> {
    let mut body = Body {
        letter,
        locale,
        filled,
        blocks: Vec::new(),
    };
    body.shared("mail-greeting");
    match letter {
        Letter::ConfirmRegistration | Letter::EmailChangeConfirm | Letter::AdministratorInvited => body
            .say("intro")
            .link()
            .shared("mail-link-24-hours")
            .say("stranger"),
        Letter::PasswordReset => body
            .say("intro")
            .link()
            .shared("mail-link-1-hour")
            .say("stranger"),
        Letter::NewDevice { at } | Letter::PasswordChanged { at } => body
            .say_until("intro", "at", *at)
            .say("own")
            .say("stranger")
            .page("forgot-password"),
        Letter::FactorChanged { at, .. } => body
            .say_until("intro", "at", *at)
            .shared("mail-factor-own")
            .shared("mail-factor-stranger")
            .page("account/second-factor"),
        Letter::FactorRemovalRequested { due_at } => body
            .say_until("intro", "due_at", *due_at)
            .say("own")
            .say("stop")
            .page("account/second-factor"),
        Letter::AlreadyRegistered => body.say("intro").portal().say("stranger"),
        Letter::RegistrationApproved | Letter::EnquiryAnswered { enquiry_id: None } => {
            body.say("intro").portal()
        }
        Letter::EnquiryAnswered { enquiry_id: Some(id) } => {
            body.say("intro").page(&format!("enquiries/{id}"))
        }
        Letter::EnquiryWaiting { enquiry_id } => {
            body.say("intro").page(&format!("desk/enquiries/{enquiry_id}"))
        }
        Letter::EmailChangeAnnounced => body.say("intro").say("stranger").portal(),
        Letter::EmailChangeTaken => body.say("intro").say("own").portal().say("stranger"),
        Letter::RegistrationPending => body.say("intro").say("limit").say("withdraw").link(),
        Letter::RegistrationRejected { reason } => body.say("intro").quote(reason).say("limit"),
        Letter::MessageRemoved { sent_at, reason } => body
            .say_until("intro", "sent_at", *sent_at)
            .quote(reason)
            .say("objection")
            .portal(),
        Letter::AccountSuspended { reason } => body.say("intro").quote(reason).say("objection").portal(),
        Letter::DeletionUnderWay { .. }
        | Letter::DeletionRequested { .. }
        | Letter::DeletionRestored { .. } => deletion(letter, &mut body),
        Letter::NewMessage { conversation_id } => body
            .say("intro")
            .page(&format!("conversations/{conversation_id}"))
            .say("once")
            .shared("mail-unsubscribe")
            .link(),
        Letter::NewMessages { count, .. } => body
            .say_counted("intro", *count)
            .page("conversations")
            .shared("mail-unsubscribe")
            .link(),
        Letter::RegistrationsWaiting { count } => body.say_counted("intro", *count).say("limit").portal(),
        Letter::Alert { since, count, .. } => {
            let intro = match count {
                Some(count) => body.say_counted("intro", *count),
                None => body.say("intro"),
            };
            intro
                .shared_since("mail-alert-since", *since)
                .say("act")
                .shared("mail-alert-doctor")
                .command("stammtisch doctor")
                .shared("mail-alert-again")
        }
    };
    body.blocks
}

/// What the letters about a deletion say.
fn deletion<'a, 'b>(letter: &Letter, body: &'b mut Body<'a>) -> &'b mut Body<'a> {
    match letter {
        Letter::DeletionUnderWay { undo_until } => body
            .say("intro")
            .say_until("undo", "undo_until", *undo_until)
            .say("again")
            .portal()
            .say("stranger"),
        Letter::DeletionRequested {
            undo_until,
            erase_by,
            by_administrator,
            receipt_id: _,
        } => {
            let intro = if *by_administrator {
                "intro-administrator"
            } else {
                "intro"
            };
            body.say(intro)
                .say_until("undo", "undo_until", *undo_until)
                .link()
                .say_until("erased", "erase_by", *erase_by)
                .say("code")
                .code()
                .say("last");
            // Whom an administrator deletes is told who did it; there is no stranger to think of.
            if *by_administrator {
                body
            } else {
                body.say("stranger")
            }
        }
        Letter::DeletionRestored { undo_until, erase_by } => body
            .say("intro")
            .say_until("undo", "undo_until", *undo_until)
            .link()
            .say_until("erased", "erase_by", *erase_by)
            .say("code"),
        _ => body,
    }
}

struct Body<'a> {
    letter: &'a Letter,
    locale: Locale,
    filled: &'a Filled<'a>,
    blocks: Vec<Block>,
}

impl Body<'_> {
    fn say(&mut self, part: &str) -> &mut Self {
        self.shared(&key(self.letter, part))
    }

    fn say_until(&mut self, part: &str, name: &str, until: DateTime<Utc>) -> &mut Self {
        let until = text::instant(self.locale, until);
        let text = text::text_with(self.locale, &key(self.letter, part), &[(name, &until)]);
        self.push(Block::Paragraph(text))
    }

    fn say_counted(&mut self, part: &str, count: u64) -> &mut Self {
        let text = text::text_counted(self.locale, &key(self.letter, part), count);
        self.push(Block::Paragraph(text))
    }

    /// A paragraph that several letters share.
    fn shared(&mut self, key: &str) -> &mut Self {
        let text = text::text(self.locale, key);
        self.push(Block::Paragraph(text))
    }

    fn shared_since(&mut self, key: &str, since: DateTime<Utc>) -> &mut Self {
        let since = text::instant(self.locale, since);
        let text = text::text_with(self.locale, key, &[("since", &since)]);
        self.push(Block::Paragraph(text))
    }

    fn quote(&mut self, text: &str) -> &mut Self {
        // Control characters have no business in a letter; line ends may be any system's.
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let text = text
            .trim()
            .chars()
            .filter(|letter| *letter == '\n' || !letter.is_control())
            .collect();
        self.push(Block::Quote(text))
    }

    fn portal(&mut self) -> &mut Self {
        self.push(Block::Link(self.filled.portal_url.to_string()))
    }

    /// A page of the portal, in the reader's language.
    fn page(&mut self, path: &str) -> &mut Self {
        let link = format!("{}{}/{path}", self.filled.portal_url, self.locale);
        self.push(Block::Link(link))
    }

    fn link(&mut self) -> &mut Self {
        self.push_some(self.filled.link, Block::Link)
    }

    fn code(&mut self) -> &mut Self {
        self.push_some(self.filled.receipt_code, Block::Code)
    }

    fn command(&mut self, command: &str) -> &mut Self {
        self.push(Block::Code(command.to_owned()))
    }

    fn push_some(&mut self, text: Option<&str>, block: impl FnOnce(String) -> Block) -> &mut Self {
        self.blocks.extend(text.map(|text| block(text.to_owned())));
        self
    }

    fn push(&mut self, block: Block) -> &mut Self {
        self.blocks.push(block);
        self
    }
}
