//! What the portal's letters are and say. A letter is stored as its kind and parameters; links and codes are filled
//! in when it leaves, so that no token ever waits in the outbox.

mod body;
mod cause;
pub mod factor;
mod layout;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use self::factor::FactorChange;
use crate::text::{self, Locale};

pub use cause::Cause;

/// A letter, as the outbox keeps it: in JSON, told apart by `kind`. None of its parameters names its reader.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Letter {
    /// Asks whoever owns the mailbox to confirm a registration; the link is valid for 24 hours.
    ConfirmRegistration,
    /// Someone registered with an address that has an account.
    AlreadyRegistered,
    /// Someone registered with an address whose account is being deleted (R16).
    DeletionUnderWay {
        undo_until: DateTime<Utc>,
    },
    /// The registration waits for a decision, for at most 90 days (R8); the link withdraws it.
    RegistrationPending,
    RegistrationApproved,
    /// `reason` is an administrator's plain text, of any length; what was registered is erased after 30 days (R8).
    RegistrationRejected {
        reason: String,
    },
    /// The link is valid for 1 hour.
    PasswordReset,
    /// Somebody signed in on a device that did not sign in to this account before.
    NewDevice {
        at: DateTime<Utc>,
    },
    /// The password was replaced, by whoever knew it or by a link to the mailbox.
    PasswordChanged {
        at: DateTime<Utc>,
    },
    /// Something was done to the account's second factors.
    FactorChanged {
        change: FactorChange,
        at: DateTime<Utc>,
    },
    /// An administrator was asked to remove lost factors, which happens then unless the person stops it.
    FactorRemovalRequested {
        due_at: DateTime<Utc>,
    },
    /// To the new address; the link is valid for 24 hours.
    EmailChangeConfirm,
    /// To the present address.
    EmailChangeAnnounced,
    /// To the new address, which has an account already.
    EmailChangeTaken,
    /// The one letter about a deletion, with the link that undoes it and the receipt's code (R5, R24).
    DeletionRequested {
        undo_until: DateTime<Utc>,
        erase_by: DateTime<Utc>,
        by_administrator: bool,
        /// Not shown: by it the worker finds the code.
        receipt_id: Uuid,
    },
    /// After a restored backup the link of [`Letter::DeletionRequested`] is void: another one (R20). The code stays.
    DeletionRestored {
        undo_until: DateTime<Utc>,
        erase_by: DateTime<Utc>,
    },
    /// The link, valid for 24 hours, sets the first password.
    AdministratorInvited,
    /// To an author, without the message's text: the desk removed what they wrote then. `reason` is an administrator's
    /// plain text.
    MessageRemoved {
        sent_at: DateTime<Utc>,
        reason: String,
    },
    /// `reason` is an administrator's plain text.
    AccountSuspended {
        reason: String,
    },
    /// Without the answer's text, which stays in the portal; it leads to the enquiry, where its member can reply.
    EnquiryAnswered {
        /// None: it was queued by a version that did not tell it.
        #[serde(default)]
        enquiry_id: Option<Uuid>,
    },
    /// To the administrator who deals with an enquiry: it waits for an answer. Without its text.
    EnquiryWaiting {
        enquiry_id: Uuid,
    },
    /// There is something unread in a conversation.
    NewMessage {
        conversation_id: Uuid,
    },
    /// Once a day: there is something unread in `count` conversations.
    NewMessages {
        count: u64,
        /// Not shown: by it these conversations are found again. None: it was queued by a version that did not tell it.
        #[serde(default)]
        mailed_at: Option<DateTime<Utc>>,
    },
    /// To administrators: `count` registrations have waited for 30 days or more (R8).
    RegistrationsWaiting {
        count: u64,
    },
    /// To administrators: something is wrong with erasing (R22). `count` accounts, holds or events, if they can be
    /// counted.
    Alert {
        cause: Cause,
        since: DateTime<Utc>,
        count: Option<u64>,
    },
}

/// What the link in a letter is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LinkPurpose {
    Confirm,
    Withdraw,
    Reset,
    EmailChange,
    Undo,
    Unsubscribe,
}

/// What is known only when a letter leaves.
#[derive(Debug, Clone, Copy)]
pub struct Filled<'a> {
    pub portal_url: &'a Url,
    /// The whole link with its token, for letters with a [`Letter::purpose`].
    pub link: Option<&'a str>,
    /// The receipt's code, for [`Letter::DeletionRequested`].
    pub receipt_code: Option<&'a str>,
}

/// A letter that can be sent. No `Debug`: links and codes stand in it.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line.
    pub subject: String,
    /// Lines of at most 72 characters, but for links and longer words, which are never broken; they end in `\n`.
    pub text: String,
    /// A whole document that loads nothing.
    pub html: String,
}

impl LinkPurpose {
    /// The part of the link's path that names the purpose.
    pub fn segment(self) -> &'static str {
        match self {
            Self::Confirm => "confirm",
            Self::Withdraw => "withdraw",
            Self::Reset => "reset",
            Self::EmailChange => "email-change",
            Self::Undo => "undo",
            Self::Unsubscribe => "unsubscribe",
        }
    }
}

impl Letter {
    /// Which link it carries, if any.
    pub fn purpose(&self) -> Option<LinkPurpose> {
        match self {
            Self::ConfirmRegistration => Some(LinkPurpose::Confirm),
            Self::RegistrationPending => Some(LinkPurpose::Withdraw),
            Self::PasswordReset | Self::AdministratorInvited => Some(LinkPurpose::Reset),
            Self::EmailChangeConfirm => Some(LinkPurpose::EmailChange),
            Self::DeletionRequested { .. } | Self::DeletionRestored { .. } => Some(LinkPurpose::Undo),
            Self::NewMessage { .. } | Self::NewMessages { .. } => Some(LinkPurpose::Unsubscribe),
            Self::AlreadyRegistered
            | Self::DeletionUnderWay { .. }
            | Self::RegistrationApproved
            | Self::RegistrationRejected { .. }
            | Self::NewDevice { .. }
            | Self::PasswordChanged { .. }
            | Self::FactorChanged { .. }
            | Self::FactorRemovalRequested { .. }
            | Self::EmailChangeAnnounced
            | Self::EmailChangeTaken
            | Self::MessageRemoved { .. }
            | Self::AccountSuspended { .. }
            | Self::EnquiryAnswered { .. }
            | Self::EnquiryWaiting { .. }
            | Self::RegistrationsWaiting { .. }
            | Self::Alert { .. } => None,
        }
    }

    /// Its name in the outbox and in logs; the same as `kind` in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ConfirmRegistration => "confirm_registration",
            Self::AlreadyRegistered => "already_registered",
            Self::DeletionUnderWay { .. } => "deletion_under_way",
            Self::RegistrationPending => "registration_pending",
            Self::RegistrationApproved => "registration_approved",
            Self::RegistrationRejected { .. } => "registration_rejected",
            Self::PasswordReset => "password_reset",
            Self::NewDevice { .. } => "new_device",
            Self::PasswordChanged { .. } => "password_changed",
            Self::FactorChanged { .. } => "factor_changed",
            Self::FactorRemovalRequested { .. } => "factor_removal_requested",
            Self::EmailChangeConfirm => "email_change_confirm",
            Self::EmailChangeAnnounced => "email_change_announced",
            Self::EmailChangeTaken => "email_change_taken",
            Self::DeletionRequested { .. } => "deletion_requested",
            Self::DeletionRestored { .. } => "deletion_restored",
            Self::AdministratorInvited => "administrator_invited",
            Self::MessageRemoved { .. } => "message_removed",
            Self::AccountSuspended { .. } => "account_suspended",
            Self::EnquiryAnswered { .. } => "enquiry_answered",
            Self::EnquiryWaiting { .. } => "enquiry_waiting",
            Self::NewMessage { .. } => "new_message",
            Self::NewMessages { .. } => "new_messages",
            Self::RegistrationsWaiting { .. } => "registrations_waiting",
            Self::Alert { .. } => "alert",
        }
    }
}

/// Writes the letter out. A link or a code that `filled` lacks is left out: see [`Filled`] for who needs which.
pub fn render(letter: &Letter, locale: Locale, filled: &Filled) -> Rendered {
    let subject = text::text(locale, &body::key(letter, "subject"));
    let blocks = body::blocks(letter, locale, filled);
    layout::render(locale, subject, &blocks, filled.portal_url)
}

#[cfg(test)]
mod tests;
