//! What is begun and waits for its second half. Whoever goes on shows a key, which is stored as SHA-256 and good once;
//! what the portal must remember meanwhile is sealed, and bound to that key.

use chrono::TimeDelta;
use entity::ceremony;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Set};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{confirmation::Token, portal::Portal};

/// How long the second half may take: finding the telephone, opening the app, reading what is new about it.
const LASTS: TimeDelta = TimeDelta::minutes(10);
/// What keeps it apart from everything else that is sealed.
const SEAL: &str = "ceremony";

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A password was right, and the account has a second factor.
    SignIn,
    /// An authenticator app is being set up.
    Totp,
    /// A passkey is being set up.
    Passkey,
    /// Somebody is asked for a passkey.
    Assertion,
}

impl Kind {
    /// How it is written in the database.
    fn word(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Totp => "totp",
            Self::Passkey => "passkey",
            Self::Assertion => "assertion",
        }
    }
}

/// What was begun, as it waited.
#[derive(Debug)]
pub struct Begun<T> {
    /// Whose it is, where that was known at its beginning.
    pub account: Option<Uuid>,
    pub state: T,
}

/// Begins something, of an account where it is known whose. The caller holds its row then.
pub async fn begin(
    connection: &impl ConnectionTrait,
    portal: &Portal,
    kind: Kind,
    account: Option<Uuid>,
    state: &impl Serialize,
) -> Result<Token, DbErr> {
    let key = Token::random(portal.random.as_ref());
    let state = serde_json::to_vec(state).map_err(|error| DbErr::Json(error.to_string()))?;
    let sealed = portal
        .secrets
        .seal(portal.random.as_ref(), SEAL, &place(kind, &key), &state);
    ceremony::ActiveModel {
        key_hash: Set(key.hash()),
        kind: Set(kind.word().to_owned()),
        account_id: Set(account),
        state: Set(sealed),
        expires_at: Set(portal.now() + LASTS),
    }
    .insert(connection)
    .await?;
    Ok(key)
}

/// What was begun under this key, while it is good. Uses nothing up: a mistyped code may be typed again.
pub async fn look_up<T: DeserializeOwned>(
    connection: &impl ConnectionTrait,
    portal: &Portal,
    kind: Kind,
    key: &Token,
) -> Result<Option<Begun<T>>, DbErr> {
    let found = ceremony::Entity::find_by_id(key.hash())
        .filter(ceremony::Column::Kind.eq(kind.word()))
        .filter(ceremony::Column::ExpiresAt.gt(portal.now()))
        .one(connection)
        .await?;
    Ok(found.and_then(|row| open(portal, kind, key, &row)))
}

/// Uses it up: of any number of tries at once, one gets it.
pub async fn take<T: DeserializeOwned>(
    connection: &impl ConnectionTrait,
    portal: &Portal,
    kind: Kind,
    key: &Token,
) -> Result<Option<Begun<T>>, DbErr> {
    let taken = ceremony::Entity::delete_many()
        .filter(ceremony::Column::KeyHash.eq(key.hash()))
        .filter(ceremony::Column::Kind.eq(kind.word()))
        .filter(ceremony::Column::ExpiresAt.gt(portal.now()))
        .exec_with_returning(connection)
        .await?;
    Ok(taken.first().and_then(|row| open(portal, kind, key, row)))
}

/// Ends all that an account began.
pub async fn end_all(connection: &impl ConnectionTrait, account: Uuid) -> Result<(), DbErr> {
    ceremony::Entity::delete_many()
        .filter(ceremony::Column::AccountId.eq(account))
        .exec(connection)
        .await?;
    Ok(())
}

fn open<T: DeserializeOwned>(
    portal: &Portal,
    kind: Kind,
    key: &Token,
    row: &ceremony::Model,
) -> Option<Begun<T>> {
    let opened = portal.secrets.open(SEAL, &place(kind, key), &row.state).ok()?;
    Some(Begun {
        account: row.account_id,
        state: serde_json::from_slice(&opened).ok()?,
    })
}

/// Where a state stands: it opens nowhere else.
fn place(kind: Kind, key: &Token) -> Vec<u8> {
    [kind.word().as_bytes(), &key.hash()].concat()
}
