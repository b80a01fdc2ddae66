//! Tells every process on the database that something changed, through PostgreSQL's NOTIFY. An announcement only makes
//! others look sooner: what is to be told is read from the tables, and everybody looks from time to time as well.
//!
//! Messages and read marks are announced after their commit, many at once: a NOTIFY inside a transaction takes a lock
//! that all commits of the database would queue for. What is rare is announced inside, and cannot be lost. Sessions that
//! end are announced by a trigger, whoever ends them.

use std::{
    collections::BTreeSet,
    fmt,
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sea_orm::{ConnectionTrait, DbErr, Statement};
use uuid::Uuid;

use crate::database::{Pool, sql, sql_state};

/// The channel. Its name stands in the trigger of migration 000015, too.
pub const CHANNEL: &str = "stammtisch";
/// PostgreSQL takes payloads of less than 8000 bytes.
const LONGEST: usize = 7_999;
/// How long changes gather after a batch: the first of a while is announced at once, and many cost little.
const PAUSE: Duration = Duration::from_millis(10);

/// Something that people may want to see at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Somebody wrote somewhere.
    Message,
    /// How far somebody has read in a conversation.
    Read { conversation: Uuid, account: Uuid },
    /// Who is in a conversation, what it is called, or that a message of it went.
    Conversation(Uuid),
    /// A conversation that somebody is not in any more, or is invited to.
    ConversationOf { conversation: Uuid, account: Uuid },
    /// Somebody left the portal, or came back.
    Person(Uuid),
    /// Somebody shares how far they read, or does not any more.
    Sharing(Uuid),
    /// A session of this account ended.
    Session(Uuid),
}

/// It is no change that this version knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no announced change")]
pub struct Unknown;

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message => formatter.write_str("m"),
            Self::Read {
                conversation,
                account,
            } => write!(formatter, "r:{conversation}:{account}"),
            Self::Conversation(conversation) => write!(formatter, "c:{conversation}"),
            Self::ConversationOf {
                conversation,
                account,
            } => write!(formatter, "o:{conversation}:{account}"),
            Self::Person(account) => write!(formatter, "p:{account}"),
            Self::Sharing(account) => write!(formatter, "h:{account}"),
            Self::Session(account) => write!(formatter, "s:{account}"),
        }
    }
}

impl FromStr for Change {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        let mut parts = text.split(':');
        let kind = parts.next().unwrap_or_default();
        let ids = parts
            .map(Uuid::parse_str)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| Unknown)?;
        Ok(match (kind, ids.as_slice()) {
            ("m", []) => Self::Message,
            ("r", &[conversation, account]) => Self::Read {
                conversation,
                account,
            },
            ("c", &[conversation]) => Self::Conversation(conversation),
            ("o", &[conversation, account]) => Self::ConversationOf {
                conversation,
                account,
            },
            ("p", &[account]) => Self::Person(account),
            ("h", &[account]) => Self::Sharing(account),
            ("s", &[account]) => Self::Session(account),
            _ => return Err(Unknown),
        })
    }
}

/// Announces changes with the transaction that makes them: those that are rare, and that nobody would find by looking.
pub async fn announce_within(
    transaction: &impl ConnectionTrait,
    changes: impl IntoIterator<Item = Change>,
) -> Result<(), DbErr> {
    for payload in payloads(&changes.into_iter().collect()) {
        transaction.execute_raw(notify(payload)).await?;
    }
    Ok(())
}

fn notify(payload: String) -> Statement {
    sql("SELECT pg_notify($1, $2)", [CHANNEL.into(), payload.into()])
}

/// The changes in one payload. What another version of the portal announces is passed over.
pub fn changes(payload: &str) -> impl Iterator<Item = Change> {
    payload.split(' ').filter_map(|change| change.parse().ok())
}

/// Announces what this process committed.
pub struct Announcements(Arc<Waiting>);

struct Waiting {
    database: Pool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    changes: BTreeSet<Change>,
    /// Somebody is announcing, and will announce what comes meanwhile.
    is_busy: bool,
}

impl Announcements {
    pub fn new(database: Pool) -> Self {
        Self(Arc::new(Waiting {
            database,
            state: Mutex::default(),
        }))
    }

    /// Announces a change that was committed. It returns at once.
    pub fn announce(&self, change: Change) {
        let mut state = self.0.state();
        state.changes.insert(change);
        if !state.is_busy {
            state.is_busy = true;
            tokio::spawn(Arc::clone(&self.0).announce_all());
        }
    }
}

impl Waiting {
    /// While one batch is on its way, and for a little longer, the next one gathers.
    async fn announce_all(self: Arc<Self>) {
        while let Some(changes) = self.take() {
            for payload in payloads(&changes) {
                if let Err(error) = self.database.execute_raw(notify(payload)).await {
                    tracing::debug!(state = ?sql_state(&error), "a change could not be announced");
                }
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn take(&self) -> Option<BTreeSet<Change>> {
        let mut state = self.state();
        if state.changes.is_empty() {
            state.is_busy = false;
            return None;
        }
        Some(std::mem::take(&mut state.changes))
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The changes in as few payloads as hold them.
fn payloads(changes: &BTreeSet<Change>) -> Vec<String> {
    let mut payloads: Vec<String> = Vec::new();
    for change in changes {
        let change = change.to_string();
        match payloads.last_mut() {
            Some(payload) if payload.len() + 1 + change.len() <= LONGEST => {
                payload.push(' ');
                payload.push_str(&change);
            }
            _ => payloads.push(change),
        }
    }
    payloads
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn all() -> BTreeSet<Change> {
        let (conversation, account) = (Uuid::nil(), Uuid::max());
        [
            Change::Message,
            Change::Read {
                conversation,
                account,
            },
            Change::Conversation(conversation),
            Change::ConversationOf {
                conversation,
                account,
            },
            Change::Person(account),
            Change::Sharing(account),
            Change::Session(account),
        ]
        .into()
    }

    #[test]
    fn what_is_announced_is_understood() {
        let heard: BTreeSet<Change> = payloads(&all())
            .iter()
            .flat_map(|payload| changes(payload))
            .collect();
        assert_eq!(heard, all());
    }

    #[test]
    fn what_is_not_understood_is_passed_over() {
        let payload = format!("x m: c:1 s:{0}:{0} m", Uuid::nil());
        assert_eq!(changes(&payload).collect::<Vec<_>>(), [Change::Message]);
    }

    #[test]
    fn many_changes_take_several_payloads_that_postgresql_accepts() {
        let many: BTreeSet<Change> = (0..1_000).map(|id| Change::Person(Uuid::from_u128(id))).collect();
        let payloads = payloads(&many);
        assert!(payloads.len() < 7 && payloads.iter().all(|payload| payload.len() < 8_000));
        assert_eq!(
            payloads.iter().flat_map(|payload| changes(payload)).count(),
            1_000
        );
    }
    proptest! {
        #[test]
        fn whatever_is_understood_is_announced_the_same(text in "[mrcophs](:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}){0,3}|.{0,40}") {
            if let Ok(change) = text.parse::<Change>() {
                prop_assert_eq!(change.to_string().parse(), Ok(change));
            }
        }
    }
}
