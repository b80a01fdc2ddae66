//! Asking for a passkey, of whomever it is, and finding out whose it is by what the browser answers. A device that counts
//! its signatures must not count backwards: then there are two of it.

use entity::{account, passkey, status::Status};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DbErr, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Set,
    sea_query::LockType,
};
use uuid::Uuid;
use webauthn_rs::prelude::{AuthenticationResult, DiscoverableAuthentication, Passkey, PublicKeyCredential};

use super::{Offer, Unavailable, reason, relying_party};
use crate::{
    account::share,
    attempts::{self, Try},
    confirmation::Token,
    database::Transaction,
    limits::TooOften,
    network::Network,
    portal::Portal,
    second_factor::ceremony::{self, Kind},
};

/// What a browser answered, and to what.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub ceremony: &'a Token,
    pub credential: &'a PublicKeyCredential,
    pub from: Network,
}

#[derive(Debug, thiserror::Error)]
pub enum AssertionError {
    /// It is nobody's, or not that of whoever was to show it, or not shown as it must be.
    #[error("the passkey is not right")]
    Wrong,
    /// It was not asked for, or too long ago.
    #[error("nothing like this was begun")]
    Expired,
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    #[error(transparent)]
    TooOften(#[from] TooOften),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// What the browser is asked for any passkey of this portal.
pub async fn begin(portal: &Portal, from: Network) -> Result<Offer, AssertionError> {
    let site = relying_party(portal)?;
    // Each of them counts: all leave something behind for a while.
    let _counted = attempts::admit(portal, &[Try::Requests(from)]).await??;
    let (asked, state) = site
        .start_discoverable_authentication()
        .map_err(|_| AssertionError::Wrong)?;
    let ceremony = ceremony::begin(&portal.database, portal, Kind::Assertion, None, &state).await?;
    // Beside the options the library asks for a list under a field, which is not how it is asked here.
    let options = serde_json::to_value(asked.public_key).map_err(|error| DbErr::Json(error.to_string()))?;
    Ok(Offer { ceremony, options })
}

/// Whose passkey it is that was shown, in whatever state their account is; `expected`: if it is theirs.
pub async fn finish(
    portal: &Portal,
    answer: Answer<'_>,
    expected: Option<Uuid>,
) -> Result<account::Model, AssertionError> {
    let admitted = attempts::admit(portal, &[Try::Network(answer.from)]).await??;
    let found = verify(portal, answer, expected).await;
    match &found {
        Ok(_) => admitted.succeeded(portal).await?,
        Err(AssertionError::Wrong) => {}
        Err(_) => admitted.given_back(portal).await?,
    }
    found
}

async fn verify(
    portal: &Portal,
    answer: Answer<'_>,
    expected: Option<Uuid>,
) -> Result<account::Model, AssertionError> {
    let site = relying_party(portal)?;
    // It is used up whatever becomes of it.
    let begun = ceremony::take::<DiscoverableAuthentication>(
        &portal.database,
        portal,
        Kind::Assertion,
        answer.ceremony,
    )
    .await?;
    let state = begun.ok_or(AssertionError::Expired)?.state;
    let (account, credential) = site
        .identify_discoverable_authentication(answer.credential)
        .map_err(|_| AssertionError::Wrong)?;
    if expected.is_some_and(|expected| expected != account) {
        return Err(AssertionError::Wrong);
    }
    let transaction = portal.database.begin().await?;
    let owner = share(&transaction, &[account]).await?.pop();
    let owner = owner.ok_or(AssertionError::Wrong)?;
    let row = lock(&transaction, account, credential).await?;
    let row = row.ok_or(AssertionError::Wrong)?;
    let mut passkey: Passkey =
        serde_json::from_value(row.credential.clone()).map_err(|error| DbErr::Json(error.to_string()))?;
    let result = site
        .finish_discoverable_authentication_v2(answer.credential, state, &passkey)
        .map_err(|error| {
            tracing::info!(%account, reason = reason(&error), "a passkey was refused");
            AssertionError::Wrong
        })?;
    // To what leaves nothing is added.
    if owner.status == Status::Active {
        note_use(portal, &transaction, row, &mut passkey, &result).await?;
    }
    transaction.commit().await?;
    Ok(owner)
}

/// The account's passkey of this id, locked: of any number of answers at once, each sees what the one before counted.
async fn lock(
    transaction: &Transaction,
    account: Uuid,
    credential: &[u8],
) -> Result<Option<passkey::Model>, DbErr> {
    passkey::Entity::find()
        .filter(passkey::Column::AccountId.eq(account))
        .filter(passkey::Column::CredentialId.eq(credential))
        .lock(LockType::Update)
        .one(transaction)
        .await
}

async fn note_use(
    portal: &Portal,
    transaction: &Transaction,
    row: passkey::Model,
    passkey: &mut Passkey,
    result: &AuthenticationResult,
) -> Result<(), DbErr> {
    let is_changed = passkey.update_credential(result) == Some(true);
    let mut used = row.into_active_model();
    used.last_used_at = Set(Some(portal.now()));
    if is_changed {
        let credential = serde_json::to_value(passkey).map_err(|error| DbErr::Json(error.to_string()))?;
        used.credential = Set(credential);
    }
    used.update(transaction).await?;
    Ok(())
}
