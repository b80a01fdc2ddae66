//! Notices of messages, which wait in the outbox for as long as no server takes them: they say what is so when they leave.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::letter::Letter;
use crate::{
    database::{Transaction, sql},
    unread::unread_messages,
};

/// What a notice told somebody (`$1`) of: one conversation (`$2`), or all that it was due for at one moment (`$3`).
const TOLD: &str = "p.account_id = $1 AND p.left_at IS NULL AND p.mailed_at IS NOT NULL
    AND ($2::uuid IS NULL OR p.conversation_id = $2) AND ($3::timestamptz IS NULL OR p.mailed_at = $3)";

/// The letter, with as many conversations as something is unread in. None: there is nothing, and the next message is told
/// of. Other letters stay as they are.
pub(super) async fn as_it_is_now(
    transaction: &Transaction,
    account: Uuid,
    letter: Letter,
) -> Result<Option<Letter>, DbErr> {
    let told = match letter {
        Letter::NewMessage { conversation_id } => Told {
            account,
            conversation: Some(conversation_id),
            mailed_at: None,
        },
        Letter::NewMessages { mailed_at, .. } => Told {
            account,
            conversation: None,
            mailed_at,
        },
        _ => return Ok(Some(letter)),
    };
    let unread = told.unread(transaction).await?;
    if unread == 0 {
        return Ok((!told.is_settled(transaction).await?).then_some(letter));
    }
    Ok(Some(match letter {
        Letter::NewMessages { count, mailed_at } => Letter::NewMessages {
            count: count.min(unread),
            mailed_at,
        },
        _ => letter,
    }))
}

struct Told {
    account: Uuid,
    conversation: Option<Uuid>,
    mailed_at: Option<DateTime<Utc>>,
}

#[derive(FromQueryResult)]
struct Counted {
    count: i64,
}

impl Told {
    /// In how many of the conversations something is unread.
    async fn unread(&self, transaction: &Transaction) -> Result<u64, DbErr> {
        let unread = unread_messages();
        let text =
            format!("SELECT count(*) AS count FROM participation p WHERE {TOLD} AND EXISTS ({unread})");
        self.count(transaction, &text).await
    }

    /// Notes that nobody was told after all. False: somebody writes or reads there at this moment, or has written since.
    /// These are not waited for: the mail is locked.
    async fn is_settled(&self, transaction: &Transaction) -> Result<bool, DbErr> {
        let text = format!(
            "WITH free AS MATERIALIZED (SELECT 1 FROM participation p WHERE {TOLD} FOR NO KEY UPDATE SKIP LOCKED)
             SELECT (SELECT count(*) FROM participation p WHERE {TOLD}) - (SELECT count(*) FROM free) AS count"
        );
        if self.count(transaction, &text).await? > 0 || self.unread(transaction).await? > 0 {
            return Ok(false);
        }
        let text = format!("UPDATE participation p SET mailed_at = NULL WHERE {TOLD}");
        transaction.execute_raw(sql(&text, self.values())).await?;
        Ok(true)
    }

    async fn count(&self, transaction: &Transaction, text: &str) -> Result<u64, DbErr> {
        let counted = Counted::find_by_statement(sql(text, self.values()))
            .one(transaction)
            .await?;
        Ok(counted.map_or(0, |counted| counted.count.unsigned_abs()))
    }

    fn values(&self) -> [sea_orm::Value; 3] {
        [
            self.account.into(),
            self.conversation.into(),
            self.mailed_at.into(),
        ]
    }
}
