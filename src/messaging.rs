//! Conversations of two or more, and groups. What the person wrote goes with them, what others wrote stays theirs (R13).

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    announcements::{Change, announce_within},
    database::{Transaction, sql},
    portal::Portal,
    unread::{AFTER_READ, UNHEARD},
};

pub(crate) use crate::unread::{BY_SOMEBODY_PRESENT, PRESENT, SEEN};

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

/// Whether whoever takes part (as `p`) in a conversation of two (as `c`) blocked the other one.
const PARTNER_BLOCKED: &str = "EXISTS (SELECT 1 FROM block b
    WHERE b.account_id = p.account_id AND b.blocked_id IN (c.pair_low, c.pair_high) AND b.ended_at IS NULL)";

/// The name of whoever wrote a message (as `m`) and takes no part in its conversation any more.
const NAME_OF_ONE_WHO_LEFT: &str =
    "(SELECT coalesce(o.display_name, o.first_name || ' ' || o.last_name) FROM profile o
    WHERE o.account_id = m.author_id AND NOT EXISTS (SELECT 1 FROM participation q
        WHERE q.conversation_id = m.conversation_id AND q.account_id = m.author_id AND q.left_at IS NULL))";

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
