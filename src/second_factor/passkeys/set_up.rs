//! Setting a passkey up: the browser is asked to have one made, and what it answers is stored once it is verified.

use chrono::{DateTime, Utc};
use entity::{passkey, profile};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, Set,
};
use serde_json::{Value, json};
use uuid::Uuid;
use webauthn_rs::prelude::{
    CreationChallengeResponse, Passkey, PasskeyRegistration, RegisterPublicKeyCredential,
};

use super::{MOST, NAME_LIMIT, Offer, Unavailable, reason, relying_party};
use crate::{
    account::{Caller, NotActive, enter, mailbox},
    attempts::{self, Try},
    confirmation::Token,
    database::broken_constraint,
    limits::TooOften,
    mail::letter::factor::FactorChange,
    network::Network,
    portal::Portal,
    second_factor::{
        ceremony::{self, Kind},
        change,
    },
    values::{Fault, Line, optional_line},
};

/// What one is called that nobody named.
const NAMELESS: &str = "Passkey";

/// What a browser answered.
#[derive(Debug)]
pub struct NewPasskey<'a> {
    pub ceremony: &'a Token,
    /// None: a name is given.
    pub name: Option<&'a str>,
    pub credential: &'a RegisterPublicKeyCredential,
}

/// A passkey that was set up.
#[derive(Debug)]
pub struct Added {
    pub id: Uuid,
    pub name: String,
    pub set_up_at: DateTime<Utc>,
    /// With the first factor: shown once.
    pub recovery_codes: Option<Vec<String>>,
}

#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    #[error("there are as many passkeys as there can be")]
    TooMany,
    #[error("the name is invalid")]
    Name(Fault),
    /// It was not begun, or too long ago.
    #[error("nothing like this was begun")]
    Expired,
    #[error("what the browser answered is not what it was asked")]
    Refused,
    #[error("this passkey is set up already")]
    AlreadyThere,
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(transparent)]
    TooOften(#[from] TooOften),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// What the browser is asked for one more passkey of the caller. Those that there are it leaves out.
pub async fn begin(portal: &Portal, caller: Caller, from: Network) -> Result<Offer, SetUpError> {
    let site = relying_party(portal)?;
    // Each of them counts: all leave something behind for a while.
    let _counted = attempts::admit(portal, &[Try::Requests(from)]).await??;
    let transaction = portal.database.begin().await?;
    enter(&transaction, caller.account).await??;
    let known = known(&transaction, caller.account).await?;
    if known.len() >= MOST {
        return Err(SetUpError::TooMany);
    }
    let (address, name) = names(&transaction, caller.account).await?;
    let (asked, state) = site
        .start_passkey_registration(caller.account, &address, &name, Some(known))
        .map_err(|_| SetUpError::Refused)?;
    let ceremony = ceremony::begin(&transaction, portal, Kind::Passkey, Some(caller.account), &state).await?;
    transaction.commit().await?;
    Ok(Offer {
        ceremony,
        options: creation_options(&asked)?,
    })
}

/// Stores the passkey that the browser had made, if it is one. Whoever asks proved a short while ago who they are.
pub async fn finish(portal: &Portal, caller: Caller, new: NewPasskey<'_>) -> Result<Added, SetUpError> {
    let name = optional_line(new.name, NAME_LIMIT).map_err(SetUpError::Name)?;
    let name = name.map_or_else(|| NAMELESS.to_owned(), Line::into_string);
    let passkey = verify(portal, caller, &new).await?;
    let transaction = portal.database.begin().await?;
    change::lock_own(&transaction, caller).await??;
    if known(&transaction, caller.account).await?.len() >= MOST {
        return Err(SetUpError::TooMany);
    }
    let (id, set_up_at) = (portal.new_id(), portal.now());
    let stored = passkey::ActiveModel {
        id: Set(id),
        account_id: Set(caller.account),
        credential_id: Set(passkey.cred_id().clone()),
        credential: Set(as_json(&passkey)?),
        name: Set(name.clone()),
        set_up_at: Set(set_up_at),
        last_used_at: Set(None),
    };
    stored.insert(&transaction).await.map_err(|error| {
        // Nobody is told whose it is: it may be another account of the same person.
        match broken_constraint(&error) {
            Some("passkey_credential_id_key") => SetUpError::AlreadyThere,
            _ => error.into(),
        }
    })?;
    let recovery_codes = change::added(portal, &transaction, caller, FactorChange::PasskeyAdded).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(Added {
        id,
        name,
        set_up_at,
        recovery_codes,
    })
}

/// Uses the ceremony up, whatever becomes of it, and holds against it what the browser answered.
async fn verify(portal: &Portal, caller: Caller, new: &NewPasskey<'_>) -> Result<Passkey, SetUpError> {
    let site = relying_party(portal)?;
    let begun =
        ceremony::take::<PasskeyRegistration>(&portal.database, portal, Kind::Passkey, new.ceremony).await?;
    let own = begun.filter(|begun| begun.account == Some(caller.account));
    let state = own.ok_or(SetUpError::Expired)?.state;
    site.finish_passkey_registration(new.credential, &state)
        .map_err(|error| {
            tracing::info!(account = %caller.account, reason = reason(&error), "a passkey was not set up");
            SetUpError::Refused
        })
}

/// The ids of an account's passkeys.
async fn known(connection: &impl ConnectionTrait, account: Uuid) -> Result<Vec<Vec<u8>>, DbErr> {
    passkey::Entity::find()
        .filter(passkey::Column::AccountId.eq(account))
        .select_only()
        .column(passkey::Column::CredentialId)
        .into_tuple()
        .all(connection)
        .await
}

/// Under which address and name the person finds the passkey again on their devices.
async fn names(connection: &impl ConnectionTrait, account: Uuid) -> Result<(String, String), SetUpError> {
    let mailbox = mailbox(connection, account).await?.ok_or(NotActive)?;
    let profile = profile::Entity::find_by_id(account)
        .one(connection)
        .await?
        .ok_or(NotActive)?;
    let full_name = format!("{} {}", profile.first_name, profile.last_name);
    Ok((mailbox.address, profile.display_name.unwrap_or(full_name)))
}

/// The library asks for keys that are found by an address alone; this portal needs such as are found without any.
fn creation_options(asked: &CreationChallengeResponse) -> Result<Value, DbErr> {
    let mut options = as_json(&asked.public_key)?;
    options["authenticatorSelection"]["residentKey"] = json!("required");
    options["authenticatorSelection"]["requireResidentKey"] = json!(true);
    Ok(options)
}

fn as_json(value: &impl serde::Serialize) -> Result<Value, DbErr> {
    serde_json::to_value(value).map_err(|error| DbErr::Json(error.to_string()))
}
