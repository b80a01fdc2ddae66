//! Sends what is queued. No transaction is open while a mail server is talked to: a mail is leased, prepared, sent,
//! and only then removed, or put off with growing pauses up to a day.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{account, mail};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, Set, TransactionTrait,
    sea_query::LockType,
};
use uuid::Uuid;

use super::{
    letter::{self, Filled, Letter, Rendered},
    transport::{Envelope, Outcome},
};
use crate::{confirmation, database::sql, portal::Portal, receipt, text::Locale};

/// How many mails one round leases.
const ROUND: i64 = 16;
/// Longer than any send may take, so that no mail is sent by two workers at once.
const LEASE: TimeDelta = TimeDelta::minutes(3);
/// A mail that could not be delivered in this time is given up.
const TRIED_FOR: TimeDelta = TimeDelta::hours(24);
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

/// Sends every mail that is due now.
pub async fn deliver_due(portal: &Portal) -> Result<Round, DbErr> {
    let mut round = Round::default();
    loop {
        let now = portal.now();
        let leased = Leased::find_by_statement(sql(
            "UPDATE mail SET next_try_at = $2, tries = tries + 1 WHERE id IN (
                 SELECT id FROM mail WHERE next_try_at <= $1 ORDER BY next_try_at LIMIT $3 FOR UPDATE SKIP LOCKED)
             RETURNING id",
            [now.into(), (now + LEASE).into(), ROUND.into()],
        ))
        .all(&portal.database)
        .await?;
        if leased.is_empty() {
            return Ok(round);
        }
        let mut sends = tokio::task::JoinSet::new();
        for Leased { id } in leased {
            let portal = portal.clone();
            sends.spawn(async move { deliver(&portal, id).await });
        }
        while let Some(sent) = sends.join_next().await {
            match sent {
                Ok(Ok(Some(Done::Sent))) => round.sent += 1,
                Ok(Ok(Some(Done::PutOff))) => round.put_off += 1,
                Ok(Ok(Some(Done::GivenUp))) => round.given_up += 1,
                Ok(Ok(None)) => {}
                Ok(Err(error)) => {
                    tracing::warn!(state = ?crate::database::sql_state(&error), "a mail could not be prepared");
                }
                Err(_) => tracing::error!("sending a mail panicked"),
            }
        }
    }
}

/// Everything that a send needs, so that it needs no database.
struct Prepared {
    envelope: Envelope,
    rendered: Rendered,
    locale: Locale,
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
    let Some(prepared) = prepare(portal, id).await? else {
        return Ok(None);
    };
    let outcome = portal
        .transport
        .send(&prepared.envelope, &prepared.rendered, prepared.locale)
        .await;
    let in_time = portal.now() - prepared.queued_at < TRIED_FOR;
    let (done, rows) = match outcome {
        Outcome::Sent => {
            let removed = mail::Entity::delete_by_id(id).exec(&portal.database).await?;
            (Done::Sent, removed.rows_affected)
        }
        Outcome::Failed if in_time => (Done::PutOff, put_off(portal, id, prepared.tries).await?),
        Outcome::Failed => (Done::GivenUp, give_up(portal, id, "undeliverable").await?),
        Outcome::Refused => (Done::GivenUp, give_up(portal, id, "refused").await?),
    };
    if rows == 0 {
        forget_if_erased(portal, prepared.envelope.account_id).await?;
    }
    Ok(Some(done))
}

/// Mints the link's token and writes the letter, under the account's lock: what was taken back meanwhile is not sent.
async fn prepare(portal: &Portal, id: Uuid) -> Result<Option<Prepared>, DbErr> {
    let transaction = portal.database.begin().await?;
    let Some(queued) = mail::Entity::find_by_id(id).one(&transaction).await? else {
        return Ok(None);
    };
    crate::account::share(&transaction, &[queued.account_id]).await?;
    let queued = mail::Entity::find_by_id(id)
        .lock(LockType::Update)
        .one(&transaction)
        .await?;
    let Some((queued, letter)) = queued.and_then(|mut queued| {
        let letter = serde_json::from_value::<Letter>(queued.letter.take()?).ok()?;
        Some((queued, letter))
    }) else {
        return Ok(None);
    };
    let locale: Locale = queued.locale.parse().unwrap_or_default();
    let link = match (letter.purpose(), queued.confirmation_id) {
        (Some(purpose), Some(confirmation)) => {
            let token = confirmation::mint(&transaction, portal.random.as_ref(), confirmation).await?;
            Some(link(portal, locale, purpose, &token))
        }
        _ => None,
    };
    transaction.commit().await?;
    let receipt_code = match &letter {
        Letter::DeletionRequested { receipt_id, .. } => Some(receipt::code(&portal.secrets, *receipt_id)),
        _ => None,
    };
    let filled = Filled {
        portal_url: &portal.settings.server.public_url,
        link: link.as_deref(),
        receipt_code: receipt_code.as_deref(),
    };
    Ok(Some(Prepared {
        rendered: letter::render(&letter, locale, &filled),
        envelope: Envelope {
            mail_id: id,
            account_id: queued.account_id,
            to: queued.recipient,
            from: portal.settings.mail.from.clone(),
            sent_at: portal.now(),
        },
        locale,
        queued_at: queued.queued_at,
        tries: queued.tries,
    }))
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

/// Gives a mail up: its text is dropped at once, its row tells administrators of it for a while.
async fn give_up(portal: &Portal, id: Uuid, failure: &str) -> Result<u64, DbErr> {
    tracing::warn!(mail = %id, failure, "a mail was given up");
    let changed = mail::Entity::update_many()
        .set(mail::ActiveModel {
            letter: Set(None),
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
