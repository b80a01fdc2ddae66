//! Where sessions are kept, for `tower-sessions`. Keys are stored hashed; a session is inserted only if the password
//! that was checked is still the current one and the account active (R7); saving never inserts, so a session that was
//! ended stays ended. Idle and absolute expiry are both this store's.

use std::sync::LazyLock;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{session, status::Role};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, Set,
    Value,
};
use tower_sessions::{
    SessionStore as Store,
    session::{Id, Record},
    session_store::{Error, Result},
};
use uuid::Uuid;

use super::{notices, session_key::SessionKey, sign_in::SignedIn};
use crate::{
    account::{Caller, enter},
    audit,
    credentials::{self, Checked},
    database::sql,
    devices::{Device, Visit},
    portal::Portal,
    second_factor::{self, removal},
};

/// Use is noted at most this often: a read then costs no write.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);
/// What a statement that does without the session's layer asks of `session s`: that it is alive. The statement's first
/// values are those of [`alive`]; whether the account is active it asks itself.
pub const ALIVE: &str = "s.key_hash = $1 AND s.last_used_at > $2 AND s.expires_at > $3";
/// Whether the use of `session s` is to be noted, for such a statement to answer.
pub const IS_USE_TO_NOTE: &str = "s.last_used_at <= $4";
/// The entries of a record's data.
const CALLER: &str = "caller";
const SIGN_IN: &str = "sign_in";
/// What `create` answers when the account or its password changed since it was checked.
const LOST: &str = "the account changed meanwhile";

#[derive(Clone)]
pub struct SessionStore {
    portal: Portal,
}

impl std::fmt::Debug for SessionStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SessionStore")
    }
}

/// Why no session was begun.
#[derive(Debug, thiserror::Error)]
pub enum BeginError {
    #[error("the account changed meanwhile")]
    Lost,
    #[error("the session could not be stored")]
    Failed,
}

/// What a session is begun with.
#[derive(serde::Serialize, serde::Deserialize)]
struct SignIn {
    account: Uuid,
    version: i32,
    second_factor: bool,
    is_known_device: bool,
    browser: String,
    system: String,
}

#[derive(FromQueryResult)]
struct Loaded {
    id: Uuid,
    account_id: Uuid,
    role: Role,
    proved_at: DateTime<Utc>,
    second_factor: bool,
    look_over: bool,
    is_use_to_note: bool,
}

impl SessionStore {
    pub fn new(portal: Portal) -> Self {
        Self { portal }
    }

    async fn insert(&self, id: Id, sign_in: SignIn) -> std::result::Result<bool, DbErr> {
        let is_quick = sign_in.is_known_device && !sign_in.second_factor;
        if is_quick && self.insert_at_once(id, &sign_in).await? {
            return Ok(true);
        }
        let portal = &self.portal;
        let checked = Checked {
            account: sign_in.account,
            version: sign_in.version,
        };
        let transaction = portal.database.begin().await?;
        if enter(&transaction, checked.account).await?.is_err()
            || !credentials::is_current(&transaction, checked).await?
            || !sign_in.second_factor && second_factor::of(&transaction, checked.account).await?.any()
        {
            return Ok(false);
        }
        let now = portal.now();
        let session = portal.new_id();
        session::ActiveModel {
            id: Set(session),
            key_hash: Set(key_hash(id)),
            account_id: Set(checked.account),
            created_at: Set(now),
            last_used_at: Set(now),
            expires_at: Set(now + portal.settings.sessions.absolute),
            proved_at: Set(now),
            browser: Set(sign_in.browser),
            system: Set(sign_in.system),
            second_factor: Set(sign_in.second_factor),
        }
        .insert(&transaction)
        .await?;
        let event = audit::Event::by(checked.account, audit::BEGUN);
        audit::record(&transaction, portal, event.on(checked.account).about(session)).await?;
        let is_stopped =
            sign_in.second_factor && removal::stop(portal, &transaction, checked.account).await?;
        let is_told = !sign_in.is_known_device
            && notices::signed_in_on_new_device(portal, &transaction, checked.account).await?;
        transaction.commit().await?;
        if is_told || is_stopped {
            portal.post.notify_one();
        }
        Ok(true)
    }

    /// The same by one statement, if there is nobody to be told: what takes six ways to the database and back is most of
    /// what signing in costs beside the hash. False: nothing was done.
    async fn insert_at_once(&self, id: Id, sign_in: &SignIn) -> std::result::Result<bool, DbErr> {
        let portal = &self.portal;
        let now = portal.now();
        let begun = portal
            .database
            .query_one_raw(sql(
                "SELECT begin_session($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                [
                    sign_in.account.into(),
                    sign_in.version.into(),
                    portal.new_id().into(),
                    key_hash(id).into(),
                    now.into(),
                    (now + portal.settings.sessions.absolute).into(),
                    sign_in.browser.as_str().into(),
                    sign_in.system.as_str().into(),
                    portal.random.uuid_v7(now).into(),
                ],
            ))
            .await?;
        begun.map_or(Ok(false), |row| row.try_get_by_index(0))
    }

    /// Whoever asks signs out. The account's row is not locked after the session's, which an erasure takes the other way
    /// round: what is noted before the session's row goes goes with it.
    async fn end(&self, id: Id) -> std::result::Result<(), DbErr> {
        let portal = &self.portal;
        let transaction = portal.database.begin().await?;
        let ended = session::Entity::delete_many()
            .filter(session::Column::KeyHash.eq(key_hash(id)))
            .exec_with_returning(&transaction)
            .await?;
        for session in ended {
            let event = audit::Event::by(session.account_id, audit::ENDED);
            audit::record(
                &transaction,
                portal,
                event.on(session.account_id).about(session.id),
            )
            .await?;
        }
        transaction.commit().await
    }
}

#[async_trait]
impl Store for SessionStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let sign_in = record.data.get(SIGN_IN).cloned();
        let sign_in = sign_in
            .and_then(|sign_in| serde_json::from_value(sign_in).ok())
            .ok_or_else(|| Error::Backend(LOST.to_owned()))?;
        match self.insert(record.id, sign_in).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Error::Backend(LOST.to_owned())),
            Err(error) => Err(failed(&error)),
        }
    }

    /// The data of a session never changes after it was begun, so there is nothing to store; and nothing is inserted.
    async fn save(&self, record: &Record) -> Result<()> {
        // It was created by this very request, and the layer saves what it takes for changed once more.
        if record.data.contains_key(SIGN_IN) {
            return Ok(());
        }
        note_use(&self.portal, SessionKey(record.id))
            .await
            .map_err(|error| failed(&error))
    }

    /// One statement loads the session with its account; once in a while another notes the use.
    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        static LOAD: LazyLock<String> = LazyLock::new(|| {
            format!(
                "SELECT s.id, s.account_id, s.proved_at, s.second_factor, a.role, a.look_over_since IS NOT NULL AS look_over,
                     {IS_USE_TO_NOTE} AS is_use_to_note
                 FROM session s JOIN account a ON a.id = s.account_id WHERE {ALIVE} AND a.status = 'active'"
            )
        });
        let key = SessionKey(*id);
        let loaded = Loaded::find_by_statement(sql(&LOAD, alive(&self.portal, key)))
            .one(&self.portal.database)
            .await
            .map_err(|error| failed(&error))?;
        let Some(Loaded {
            id: session,
            account_id,
            role,
            proved_at,
            second_factor,
            look_over,
            is_use_to_note,
        }) = loaded
        else {
            return Ok(None);
        };
        if is_use_to_note {
            note_use(&self.portal, key)
                .await
                .map_err(|error| failed(&error))?;
        }
        let caller = serde_json::json!({
            "account": account_id, "role": role, "session": session, "proved_at": proved_at,
            "second_factor": second_factor, "look_over": look_over,
        });
        Ok(Some(Record {
            id: *id,
            data: [(CALLER.to_owned(), caller)].into(),
            // Not used: this store decides by itself what is alive.
            expiry_date: time::OffsetDateTime::UNIX_EPOCH,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.end(*id).await.map_err(|error| failed(&error))
    }
}

/// Begins a session under a new key; the one that the request came with ends. Returns the device as it is known from
/// now on.
pub async fn begin(
    portal: &Portal,
    session: &tower_sessions::Session,
    signed_in: &SignedIn,
    visit: &Visit,
) -> std::result::Result<Device, BeginError> {
    let Checked { account, version } = signed_in.checked;
    let sign_in = SignIn {
        account,
        version,
        second_factor: signed_in.second_factor,
        is_known_device: visit.is_known_to(portal, account, version),
        browser: visit.family.browser().to_owned(),
        system: visit.family.system().to_owned(),
    };
    let begun = async {
        if session.id().is_some() {
            session.cycle_id().await?;
        }
        session.insert(SIGN_IN, sign_in).await?;
        session.save().await
    }
    .await;
    let Err(error) = begun else {
        return Ok(visit.after_sign_in(portal, signed_in.checked));
    };
    // Nothing may be left for the layer to save.
    session.clear().await;
    match error {
        tower_sessions::session::Error::Store(Error::Backend(reason)) if reason == LOST => {
            Err(BeginError::Lost)
        }
        _ => Err(BeginError::Failed),
    }
}

/// Who the request's session belongs to.
pub async fn caller(
    session: &tower_sessions::Session,
) -> std::result::Result<Option<Caller>, tower_sessions::session::Error> {
    #[derive(serde::Deserialize)]
    struct Stored {
        account: Uuid,
        role: Role,
        session: Uuid,
        proved_at: DateTime<Utc>,
        second_factor: bool,
        look_over: bool,
    }
    // Visitors cost no query.
    if session.id().is_none() {
        return Ok(None);
    }
    let stored: Option<Stored> = session.get(CALLER).await?;
    Ok(stored.map(
        |Stored {
             account,
             role,
             session,
             proved_at,
             second_factor,
             look_over,
         }| Caller {
            account,
            role,
            session,
            proved_at,
            second_factor,
            look_over,
        },
    ))
}

/// The key that the request came with, whether or not a session has it.
pub fn key(session: &tower_sessions::Session) -> Option<SessionKey> {
    session.id().map(SessionKey)
}

/// What [`ALIVE`] and [`IS_USE_TO_NOTE`] compare with.
pub fn alive(portal: &Portal, key: SessionKey) -> [Value; 4] {
    let now = portal.now();
    [
        key.hash().into(),
        idle_since(portal, now).into(),
        now.into(),
        (now - NOTED_EVERY).into(),
    ]
}

/// Before this instant a session must have been used to be alive.
fn idle_since(portal: &Portal, now: DateTime<Utc>) -> DateTime<Utc> {
    now - portal.settings.sessions.idle
}

/// Of a session that is alive; nothing is inserted.
pub async fn note_use(portal: &Portal, key: SessionKey) -> std::result::Result<(), DbErr> {
    let now = portal.now();
    session::Entity::update_many()
        .set(session::ActiveModel {
            last_used_at: Set(now),
            ..Default::default()
        })
        .filter(session::Column::KeyHash.eq(key.hash()))
        .filter(session::Column::LastUsedAt.gt(idle_since(portal, now)))
        .filter(session::Column::ExpiresAt.gt(now))
        .exec(&portal.database)
        .await?;
    Ok(())
}

fn key_hash(id: Id) -> Vec<u8> {
    SessionKey(id).hash()
}

fn failed(error: &DbErr) -> Error {
    // What the database says may hold values.
    Error::Backend(format!(
        "the database answered {}",
        crate::database::sql_state(error).unwrap_or_default()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the function in the database writes is written there once more.
    #[test]
    fn the_statement_notes_what_the_steps_note() {
        let function = include_str!("../../migration/src/m20261201_000034_begin_session/up.sql");
        assert!(function.contains(&format!("'{}'", audit::BEGUN)));
    }
}
