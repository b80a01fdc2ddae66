//! Which messages somebody sees and has not read, in SQL: for conversations, and for mails that tell of them.

/// The messages (as `m`) behind the read mark of whoever takes part (as `p`).
pub(crate) const AFTER_READ: &str = "m.id > coalesce(p.read_up_to, '00000000-0000-0000-0000-000000000000')";

/// Whether whoever takes part (as `p`) had blocked the author of a message (as `m`) when it was written. OFFSET 0 keeps it
/// a question that is asked row by row: as a join PostgreSQL may go through a whole conversation and sort it, where the
/// index gives its end at once.
macro_rules! unheard {
    () => {
        "EXISTS (
    SELECT 1 FROM block b WHERE b.account_id = p.account_id AND b.blocked_id = m.author_id
        AND m.sent_at >= b.began_at AND m.sent_at < coalesce(b.ended_at, 'infinity') OFFSET 0)"
    };
}
pub(crate) const UNHEARD: &str = unheard!();

/// The messages (as `m`) that whoever takes part (as `p`) may see: written after they joined, not taken back, and not by
/// someone whom they had blocked then. Behind `last_message_id` there is none, because whoever writes moves it for those
/// who see it: what blocked people wrote at a conversation's end is not walked through, what they wrote before that is.
pub(crate) const SEEN: &str = concat!(
    "m.withdrawn_at IS NULL AND m.id > p.sees_after AND m.id <= p.last_message_id AND NOT ",
    unheard!()
);

/// The accounts (as `a`) whose messages and names are shown: who deleted theirs is a former member at once (R5).
macro_rules! present {
    () => {
        "a.status NOT IN ('deleted', 'erasing')"
    };
}
pub(crate) const PRESENT: &str = present!();

/// The messages (as `m`) whose author is [`PRESENT`], asked row by row for the reason that [`SEEN`] has.
pub(crate) const BY_SOMEBODY_PRESENT: &str = concat!(
    "(SELECT ",
    present!(),
    " FROM account a WHERE a.id = m.author_id)"
);

/// What whoever takes part (as `p`) has not read in a conversation.
pub(crate) fn unread_messages() -> String {
    format!(
        "SELECT 1 FROM message m
         WHERE m.conversation_id = p.conversation_id
           AND {AFTER_READ} AND m.author_id <> p.account_id AND {SEEN} AND {BY_SOMEBODY_PRESENT}"
    )
}
