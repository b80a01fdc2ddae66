//! Who did what to which account, when: codes, ids and instants only (R3), kept for three years. Who came in, and who
//! was refused, is kept for 90 days, and not longer than the account.

use chrono::{DateTime, TimeDelta, Utc};
use entity::audit_event;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, Set};
use uuid::Uuid;

use crate::{database::sql, portal::Portal};

mod refused;

pub use refused::write_refused;

/// How long an event is kept (R3).
pub const KEPT_FOR: TimeDelta = TimeDelta::days(3 * 365);

/// How long an event about coming in is kept, unless its account is erased before.
pub const ACCESS_KEPT_FOR: TimeDelta = TimeDelta::days(90);

/// The event that outlives an erased account.
pub const ERASED: &str = "account.erased";

/// Somebody signed in.
pub const BEGUN: &str = "session.begun";
/// Somebody signed out, or ended one of their other sessions. Whatever ends several has an event of its own.
pub const ENDED: &str = "session.ended";

/// Events about coming in: they tell of people's days and not of what was decided (OWASP ASVS 5.0, 16.3.1 and 16.3.2).
/// The trail's functions and index name them, too.
pub const ACCESS: [&str; 6] = [
    "access.refused",
    "code.refused",
    "proof.refused",
    BEGUN,
    ENDED,
    "session.refused",
];

/// The columns of an entry, for what is logged in the very statement that reads it.
pub const INSERT: &str = "INSERT INTO audit_event (id, at, code, actor_id, account_id, subject_id)";

/// One entry. Who did it: none is the portal itself.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    pub code: &'static str,
    pub actor: Option<Uuid>,
    pub account: Option<Uuid>,
    pub subject: Option<Uuid>,
}

impl Event {
    pub const fn by(actor: Uuid, code: &'static str) -> Self {
        Self {
            code,
            actor: Some(actor),
            account: None,
            subject: None,
        }
    }

    pub const fn by_portal(code: &'static str) -> Self {
        Self {
            code,
            actor: None,
            account: None,
            subject: None,
        }
    }

    #[must_use]
    pub const fn on(mut self, account: Uuid) -> Self {
        self.account = Some(account);
        self
    }

    #[must_use]
    pub const fn about(mut self, subject: Uuid) -> Self {
        self.subject = Some(subject);
        self
    }
}

/// Writes the event in the transaction that causes it.
pub async fn record(connection: &impl ConnectionTrait, portal: &Portal, event: Event) -> Result<(), DbErr> {
    record_at(connection, portal, event, portal.now()).await
}

/// Writes the event with the instant that decided it, where that is the database's (R23).
pub async fn record_at(
    connection: &impl ConnectionTrait,
    portal: &Portal,
    event: Event,
    at: DateTime<Utc>,
) -> Result<(), DbErr> {
    audit_event::ActiveModel {
        id: Set(portal.random.uuid_v7(at)),
        at: Set(at),
        code: Set(event.code.to_owned()),
        actor_id: Set(event.actor),
        account_id: Set(event.account),
        subject_id: Set(event.subject),
    }
    .insert(connection)
    .await?;
    Ok(())
}

/// The same of many accounts at once, of each with its instant; done by the portal itself.
pub async fn record_many(
    connection: &impl ConnectionTrait,
    portal: &Portal,
    code: &'static str,
    accounts: &[Uuid],
    at: &[DateTime<Utc>],
) -> Result<(), DbErr> {
    let ids: Vec<Uuid> = at.iter().map(|at| portal.random.uuid_v7(*at)).collect();
    connection
        .execute_raw(sql(
            "INSERT INTO audit_event (id, at, code, account_id)
             SELECT e.id, e.at, $4, e.account_id
             FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) AS e (id, account_id, at)",
            [
                ids.into(),
                accounts.to_vec().into(),
                at.to_vec().into(),
                code.into(),
            ],
        ))
        .await?;
    Ok(())
}
