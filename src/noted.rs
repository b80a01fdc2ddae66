//! Requests whose answer must not tell whether an address is known: they are noted as they come in, and a worker
//! looks the address up afterwards.

use std::future::Future;

use chrono::TimeDelta;
use entity::noted_request;
use sea_orm::{ActiveModelTrait, DbErr, FromQueryResult, Set};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{
    attempts::{self, Try},
    database::{Transaction, sql},
    limits::TooOften,
    network::Network,
    portal::Portal,
    values::EmailAddress,
};

/// How long a request is kept at most, and whatever else is noted for a moment: a change of address that waits, a pause
/// between mails, a mail as a file.
pub const KEPT_FOR: TimeDelta = TimeDelta::hours(24);

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Registration,
    PasswordReset,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::PasswordReset => "password_reset",
        }
    }
}

/// Notes a request: the same statements, whoever the address belongs to.
pub async fn note(
    portal: &Portal,
    from: Network,
    kind: Kind,
    address: &EmailAddress,
    details: &impl Serialize,
) -> Result<Result<(), TooOften>, DbErr> {
    // Each of them counts: who asks for mails to many addresses is slowed down, and who asks for one is not.
    let _counted = match attempts::admit(portal, &[Try::Requests(from)]).await? {
        Ok(counted) => counted,
        Err(too_often) => return Ok(Err(too_often)),
    };
    let details = serde_json::to_value(details).map_err(|error| DbErr::Json(error.to_string()))?;
    noted_request::ActiveModel {
        id: Set(portal.new_id()),
        kind: Set(kind.word().to_owned()),
        address: Set(address.as_str().to_owned()),
        details: Set(details),
        noted_at: Set(portal.now()),
    }
    .insert(&portal.database)
    .await?;
    portal.post.notify_one();
    Ok(Ok(()))
}

#[derive(FromQueryResult)]
struct Noted {
    id: Uuid,
    address: String,
    details: serde_json::Value,
}

/// Handles every noted request of a kind, each in one transaction with its removal. One that fails is logged, left
/// for the next round, and delays no other.
pub async fn handle_all<D, H, F>(portal: &Portal, kind: Kind, handle: H) -> Result<u64, DbErr>
where
    D: DeserializeOwned,
    H: Fn(Transaction, EmailAddress, D) -> F,
    F: Future<Output = Result<Transaction, DbErr>>,
{
    let mut last = Uuid::nil();
    let mut handled = 0;
    loop {
        let transaction = portal.database.begin().await?;
        let noted = Noted::find_by_statement(sql(
            "DELETE FROM noted_request WHERE id = (
                 SELECT id FROM noted_request WHERE kind = $1 AND id > $2 ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
             RETURNING id, address, details",
            [kind.word().into(), last.into()],
        ))
        .one(&transaction)
        .await?;
        let Some(noted) = noted else { return Ok(handled) };
        last = noted.id;
        let parsed = EmailAddress::parse(&noted.address)
            .ok()
            .zip(serde_json::from_value(noted.details).ok());
        let done = match parsed {
            Some((address, details)) => match handle(transaction, address, details).await {
                Ok(transaction) => transaction.commit().await,
                Err(error) => Err(error),
            },
            // Written by another version of the portal: nothing can be made of it.
            None => transaction.commit().await,
        };
        match done {
            Ok(()) => handled += 1,
            Err(error) => {
                tracing::warn!(request = %last, state = ?crate::database::sql_state(&error), "a noted request could not be handled");
            }
        }
    }
}
