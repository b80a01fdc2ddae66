//! The outbox: a mail is queued in the transaction that causes it and sent by the worker afterwards. It holds the
//! letter's kind and parameters, never a token.

use chrono::{DateTime, TimeDelta, Utc};
use entity::mail;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, Set};
use uuid::Uuid;

use crate::{
    account::Mailbox, attempts, database::sql, mail::letter::Letter, portal::Portal, text::Locale,
    values::EmailAddress,
};

pub mod letter;
mod notice;
pub mod transport;
pub mod worker;

/// At most one mail of a kind to one address in this time.
const PAUSE: TimeDelta = TimeDelta::minutes(10);
/// At most this many of a kind to one address in a day.
const A_DAY: i32 = 5;

/// A letter on its way to someone.
#[derive(Debug, Clone)]
pub struct Draft {
    pub account: Uuid,
    pub recipient: String,
    pub locale: Locale,
    pub letter: Letter,
    /// The confirmation that the letter's link is for. A mail that still waits when the link ends goes with it, since
    /// nothing could be done with it any more; a given-up one stays visible.
    pub confirmation: Option<Uuid>,
}

impl Draft {
    pub fn to(mailbox: &Mailbox, letter: Letter) -> Self {
        Self {
            account: mailbox.account_id,
            recipient: mailbox.address.clone(),
            locale: mailbox.locale(),
            letter,
            confirmation: None,
        }
    }

    #[must_use]
    pub fn with_link(mut self, confirmation: Uuid) -> Self {
        self.confirmation = Some(confirmation);
        self
    }
}

/// Queues the letter. The worker is rung by whoever commits: see [`Portal::post`](crate::portal::Parts::post).
pub async fn queue(transaction: &impl ConnectionTrait, portal: &Portal, draft: Draft) -> Result<(), DbErr> {
    queue_all(transaction, portal, std::iter::once(draft)).await
}

/// Queues several letters in one statement.
pub async fn queue_all(
    transaction: &impl ConnectionTrait,
    portal: &Portal,
    drafts: impl Iterator<Item = Draft>,
) -> Result<(), DbErr> {
    let rows = drafts
        .map(|draft| row(portal, draft))
        .collect::<Result<Vec<_>, _>>()?;
    if !rows.is_empty() {
        mail::Entity::insert_many(rows)
            .exec_without_returning(transaction)
            .await?;
    }
    Ok(())
}

fn row(portal: &Portal, draft: Draft) -> Result<mail::ActiveModel, DbErr> {
    let letter = serde_json::to_value(&draft.letter).map_err(|error| DbErr::Json(error.to_string()))?;
    Ok(mail::ActiveModel {
        id: Set(portal.new_id()),
        account_id: Set(draft.account),
        recipient: Set(draft.recipient),
        locale: Set(draft.locale.as_str().to_owned()),
        letter: Set(Some(letter)),
        confirmation_id: Set(draft.confirmation),
        queued_at: Set(portal.now()),
        next_try_at: Set(Some(portal.now())),
        tries: Set(0),
        given_up_at: Set(None),
        failure: Set(None),
    })
}

/// Whether an address may get another mail of this kind now, and notes that it does. Known or not, every address is
/// counted under its keyed hash; anew with each day's key.
pub async fn allow(
    transaction: &impl ConnectionTrait,
    portal: &Portal,
    address: &EmailAddress,
    kind: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    if !portal.settings.limits.enabled {
        return Ok(true);
    }
    let key = attempts::current_key(portal).await?;
    let key = key.keyed("mail_allowance", address.as_str().as_bytes()).to_vec();
    let counted = transaction
        .execute_raw(sql(
            "INSERT INTO mail_allowance AS a (address_key, kind, day_began_at, last_at, count) VALUES ($1, $2, $3, $3, 1)
             ON CONFLICT ON CONSTRAINT mail_allowance_pkey DO UPDATE SET
                 last_at = $3,
                 day_began_at = CASE WHEN a.day_began_at <= $3 - interval '24 hours' THEN $3 ELSE a.day_began_at END,
                 count = CASE WHEN a.day_began_at <= $3 - interval '24 hours' THEN 1 ELSE a.count + 1 END
             WHERE a.last_at <= $4 AND (a.count < $5 OR a.day_began_at <= $3 - interval '24 hours')",
            [key.into(), kind.into(), now.into(), (now - PAUSE).into(), A_DAY.into()],
        ))
        .await?;
    Ok(counted.rows_affected() == 1)
}
