//! Sends what is queued. No transaction is open while a mail server is talked to: a mail is leased, prepared, sent,
//! and only then removed, or put off with growing pauses up to a day.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{account, mail};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Set, sea_query::LockType,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::{
    letter::{self, Filled, Letter, Rendered},
    notice,
    transport::{Envelope, Outcome},
};
use crate::{confirmation, database::sql, portal::Portal, receipt, text::Locale};

/// How many mails are on their way at once.
const AT_ONCE: usize = 16;
/// Longer than any send may take, so that no mail is sent by two workers at once.
const LEASE: TimeDelta = TimeDelta::minutes(3);
/// A mail that could not be delivered in this time is given up.
pub const TRIED_FOR: TimeDelta = TimeDelta::hours(24);
/// How long a given-up mail's row, without its text, stays visible to administrators.
pub const GIVEN_UP_FOR: TimeDelta = TimeDelta::days(7);

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Round {
    pub sent: u64,
    pub put_off: u64,
    pub given_up: u64,
}

#[derive(FromQueryResult)]
struct Leased {
    id: Uuid,
}

/// The mails on their way. Another is begun as soon as one is done, so that a slow server holds up its own mail only.
/// Dropping it breaks off what is on its way: call [`Outbox::finish`] first.
pub struct Outbox {
    portal: Portal,
    sends: JoinSet<Option<Done>>,
    round: Round,
}

impl Outbox {
    pub fn new(portal: &Portal) -> Self {
        Self {
            portal: portal.clone(),
            sends: JoinSet::new(),
            round: Round::default(),
        }
    }

    /// Begins to send what is due, as much as there is room for, and returns how many mails that was.
    pub async fn begin_due(&mut self) -> Result<usize, DbErr> {
        let room = AT_ONCE.saturating_sub(self.sends.len());
        if room == 0 {
            return Ok(0);
        }
        let now = self.portal.now();
        let leased = Leased::find_by_statement(sql(
            "UPDATE mail SET next_try_at = $2, tries = tries + 1 WHERE id IN (
                 SELECT id FROM mail WHERE next_try_at <= $1 ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED)
             RETURNING id",
            [now.into(), (now + LEASE).into(), i64::try_from(room).unwrap_or(i64::MAX).into()],
        ))
        .all(&self.portal.database)
        .await?;
        let begun = leased.len();
        for Leased { id } in leased {
            let portal = self.portal.clone();
            self.sends.spawn(async move {
                deliver(&portal, id).await.unwrap_or_else(|error| {
                    tracing::warn!(mail = %id, state = ?crate::database::sql_state(&error), "a mail could not be handled");
                    None
                })
            });
        }
        Ok(begun)
    }

    /// Waits for the next mail that is done; false, at once, if none is on its way. May be cancelled.
    pub async fn next_done(&mut self) -> bool {
        let Some(done) = self.sends.join_next().await else {
            return false;
        };
        match done {
            Ok(Some(Done::Sent)) => self.round.sent += 1,
            Ok(Some(Done::PutOff)) => self.round.put_off += 1,
            Ok(Some(Done::GivenUp)) => self.round.given_up += 1,
            Ok(None) => {}
            Err(_) => tracing::error!("sending a mail panicked"),
        }
        true
    }

    pub fn is_idle(&self) -> bool {
        self.sends.is_empty()
    }

    /// Waits for all that are on their way, and says what became of every mail since the beginning.
    pub async fn finish(mut self) -> Round {
        while self.next_done().await {}
        self.round
    }
}

/// Sends every mail that is due now, and waits for all.
pub async fn deliver_due(portal: &Portal) -> Result<Round, DbErr> {
    let mut outbox = Outbox::new(portal);
    let ended = loop {
        match outbox.begin_due().await {
            Ok(0) if outbox.is_idle() => break Ok(()),
            Ok(_) => outbox.next_done().await,
            Err(error) => break Err(error),
        };
    };
    let round = outbox.finish().await;
    ended.map(|()| round)
}

/// What a send needs, so that it needs no database.
enum Prepared {
    Ready(Box<Ready>),
    /// Taken back or given up meanwhile.
    Gone,
    /// Its stored letter means nothing to this version of the portal.
    Unreadable,
    /// Its receipt was issued with a key that this process does not have: another instance may.
    Keyless(Lateness),
}

struct Ready {
    envelope: Envelope,
    rendered: Rendered,
    locale: Locale,
    lateness: Lateness,
}

/// What decides whether a mail is tried again.
#[derive(Clone, Copy)]
struct Lateness {
    queued_at: DateTime<Utc>,
    tries: i32,
}

/// What became of one mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Done {
    Sent,
    PutOff,
    GivenUp,
}

async fn deliver(portal: &Portal, id: Uuid) -> Result<Option<Done>, DbErr> {
    let prepared = match prepare(portal, id).await? {
        Prepared::Ready(ready) => ready,
        Prepared::Gone => return Ok(None),
        Prepared::Unreadable => {
            give_up(portal, id, "unreadable").await?;
            return Ok(Some(Done::GivenUp));
        }
        Prepared::Keyless(lateness) => {
            tracing::error!(mail = %id, "the key that a receipt was issued with is not in the key file");
            return Ok(Some(try_later(portal, id, lateness).await?.0));
        }
    };
    let outcome = portal
        .transport
        .send(&prepared.envelope, &prepared.rendered, prepared.locale)
        .await;
    let (done, rows) = match outcome {
        Outcome::Sent => {
            let removed = mail::Entity::delete_by_id(id).exec(&portal.database).await?;
            (Done::Sent, removed.rows_affected)
        }
        Outcome::Failed => try_later(portal, id, prepared.lateness).await?,
        Outcome::Refused => (Done::GivenUp, give_up(portal, id, "refused").await?),
    };
    if rows == 0 {
        forget_if_erased(portal, prepared.envelope.account_id).await?;
    }
    Ok(Some(done))
}

/// Mints the link's token and writes the letter, under the account's lock: what was taken back meanwhile is not sent.
async fn prepare(portal: &Portal, id: Uuid) -> Result<Prepared, DbErr> {
    let transaction = portal.database.begin().await?;
    let Some(queued) = mail::Entity::find_by_id(id).one(&transaction).await? else {
        return Ok(Prepared::Gone);
    };
    crate::account::share(&transaction, &[queued.account_id]).await?;
    let queued = mail::Entity::find_by_id(id)
        .lock(LockType::Update)
        .one(&transaction)
        .await?;
    let Some(mut queued) = queued else {
        return Ok(Prepared::Gone);
    };
    let Some(letter) = queued.letter.take() else {
        return Ok(Prepared::Gone);
    };
    let Ok(letter) = serde_json::from_value::<Letter>(letter) else {
        return Ok(Prepared::Unreadable);
    };
    let Some(letter) = notice::as_it_is_now(&transaction, queued.account_id, letter).await? else {
        mail::Entity::delete_by_id(id).exec(&transaction).await?;
        transaction.commit().await?;
        return Ok(Prepared::Gone);
    };
    let locale: Locale = queued.locale.parse().unwrap_or_default();
    let link = match (letter.purpose(), queued.confirmation_id) {
        (Some(purpose), Some(confirmation)) => {
            let token = confirmation::mint(&transaction, portal.random.as_ref(), confirmation).await?;
            Some(link(portal, locale, purpose, &token))
        }
        _ => None,
    };
    let lateness = Lateness {
        queued_at: queued.queued_at,
        tries: queued.tries,
    };
    let receipt_code = match &letter {
        Letter::DeletionRequested { receipt_id, .. } => {
            match receipt::code_of(&transaction, &portal.secrets, *receipt_id).await? {
                None => return Ok(Prepared::Keyless(lateness)),
                code => code,
            }
        }
        _ => None,
    };
    transaction.commit().await?;
    let filled = Filled {
        portal_url: &portal.settings.server.public_url,
        link: link.as_deref(),
        receipt_code: receipt_code.as_deref(),
    };
    let rendered = letter::render(&letter, locale, &filled);
    let ends_such_mails = letter.purpose() == Some(letter::LinkPurpose::Unsubscribe);
    Ok(Prepared::Ready(Box::new(Ready {
        rendered,
        envelope: Envelope {
            mail_id: id,
            account_id: queued.account_id,
            to: queued.recipient,
            from: portal.settings.mail.from.clone(),
            sent_at: portal.now(),
            unsubscribe: link.filter(|_| ends_such_mails),
        },
        locale,
        lateness,
    })))
}

/// A link as mails carry it.
pub fn link(
    portal: &Portal,
    locale: Locale,
    purpose: letter::LinkPurpose,
    token: &confirmation::Token,
) -> String {
    let url = &portal.settings.server.public_url;
    format!(
        "{url}{}/{}?token={}",
        locale.as_str(),
        purpose.segment(),
        token.reveal()
    )
}

/// Puts off a mail that was not taken, or gives it up after a day. With what was done, how many rows of it there were.
async fn try_later(portal: &Portal, id: Uuid, lateness: Lateness) -> Result<(Done, u64), DbErr> {
    if portal.now() - lateness.queued_at < TRIED_FOR {
        Ok((Done::PutOff, put_off(portal, id, lateness.tries).await?))
    } else {
        Ok((Done::GivenUp, give_up(portal, id, "undeliverable").await?))
    }
}

/// Puts a mail off: 1 minute, then twice as long each time, at most 4 hours.
async fn put_off(portal: &Portal, id: Uuid, tries: i32) -> Result<u64, DbErr> {
    let doublings = u32::try_from(tries.clamp(1, 9) - 1).unwrap_or(0);
    let pause = Duration::from_secs(60 * 2_u64.pow(doublings)).min(Duration::from_hours(4));
    let changed = mail::Entity::update_many()
        .set(mail::ActiveModel {
            next_try_at: Set(Some(portal.now() + pause)),
            failure: Set(Some("not_delivered_yet".to_owned())),
            ..Default::default()
        })
        .filter(mail::Column::Id.eq(id))
        .exec(&portal.database)
        .await?;
    Ok(changed.rows_affected)
}

/// Gives a mail up: its text is dropped at once, its row tells administrators of it for a while, also when its link has
/// ended. One that still waits goes with its link.
async fn give_up(portal: &Portal, id: Uuid, failure: &str) -> Result<u64, DbErr> {
    tracing::warn!(mail = %id, failure, "a mail was given up");
    let changed = mail::Entity::update_many()
        .set(mail::ActiveModel {
            letter: Set(None),
            confirmation_id: Set(None),
            next_try_at: Set(None),
            given_up_at: Set(Some(portal.now())),
            failure: Set(Some(failure.to_owned())),
            ..Default::default()
        })
        .filter(mail::Column::Id.eq(id))
        .exec(&portal.database)
        .await?;
    Ok(changed.rows_affected)
}

/// The sweep removes an account's mail files when it is gone; one that was being written then is removed here.
async fn forget_if_erased(portal: &Portal, id: Uuid) -> Result<(), DbErr> {
    if account::Entity::find_by_id(id)
        .one(&portal.database)
        .await?
        .is_none()
        && portal.transport.forget_account(id).await.is_err()
    {
        tracing::error!(account = %id, "mail files of an erased account could not be removed");
    }
    Ok(())
}
