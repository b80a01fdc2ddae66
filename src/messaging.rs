//! Conversations of two or more, and groups. What the person wrote goes with them, what others wrote stays theirs (R13).

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    announcements::{Change, announce_within},
    database::{Transaction, sql},
    portal::Portal,
};

pub mod blocks;
pub mod conversations;
pub mod groups;
pub mod messages;
pub mod news;
pub mod notify;
pub mod preferences;
pub mod read;
pub mod search;
pub mod send;
pub mod start;
pub mod withdraw;

/// Longest message, in characters.
pub const BODY_LIMIT: usize = 10_000;
/// Longest subject, in characters.
pub const SUBJECT_LIMIT: usize = 200;
/// Most people one conversation is begun with, besides oneself.
pub const MEMBERS_LIMIT: usize = 49;

/// The messages (as `m`) behind the read mark of whoever takes part (as `p`).
const AFTER_READ: &str = "m.id > coalesce(p.read_up_to, '00000000-0000-0000-0000-000000000000')";

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
const UNHEARD: &str = unheard!();

/// The messages (as `m`) that whoever takes part (as `p`) may see: written after they joined, not taken back, and not by
/// someone whom they had blocked then. Behind `last_message_id` there is none, because whoever writes moves it for those
/// who see it: however much blocked people go on writing there is never walked through.
pub(crate) const SEEN: &str = concat!(
    "m.withdrawn_at IS NULL AND m.id > p.sees_after AND m.id <= p.last_message_id AND NOT ",
    unheard!()
);

/// Whether whoever takes part (as `p`) in a conversation of two (as `c`) blocked the other one.
const PARTNER_BLOCKED: &str = "EXISTS (SELECT 1 FROM block b
    WHERE b.account_id = p.account_id AND b.blocked_id IN (c.pair_low, c.pair_high) AND b.ended_at IS NULL)";

/// The name of whoever wrote a message (as `m`) and takes no part in its conversation any more.
const NAME_OF_ONE_WHO_LEFT: &str =
    "(SELECT coalesce(o.display_name, o.first_name || ' ' || o.last_name) FROM profile o
    WHERE o.account_id = m.author_id AND NOT EXISTS (SELECT 1 FROM participation q
        WHERE q.conversation_id = m.conversation_id AND q.account_id = m.author_id AND q.left_at IS NULL))";

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

/// Notes that something of a conversation is not what it was, for those who look at it and those who come back to it.
async fn note_change(portal: &Portal, transaction: &Transaction, conversation: Uuid) -> Result<(), DbErr> {
    transaction
        .execute_raw(sql(
            "UPDATE conversation SET changed_at = $2 WHERE id = $1",
            [conversation.into(), portal.now().into()],
        ))
        .await?;
    announce_within(transaction, [Change::Conversation(conversation)]).await
}
