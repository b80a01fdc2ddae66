//! Signing in in two steps: a password was right, and the account has a second factor. What waits meanwhile is good once,
//! for ten minutes, and only with the password that was checked (R7).

use entity::status::Status;
use sea_orm::DbErr;
use serde::{Deserialize, Serialize};

use super::sign_in::SignedIn;
use crate::{
    account::{NotActive, enter},
    confirmation::Token,
    credentials::Checked,
    portal::Portal,
    second_factor::{
        Factors, Method,
        ceremony::{self, Kind},
        code::{self, CodeError},
    },
};

/// A sign-in that waits for its second step.
#[derive(Debug)]
pub struct Waiting {
    pub key: Token,
    /// With which of these it goes on.
    pub methods: Vec<Method>,
}

#[derive(Serialize, Deserialize)]
struct State {
    version: i32,
}

#[derive(Debug, thiserror::Error)]
pub enum SecondStepError {
    #[error(transparent)]
    Code(CodeError),
    /// The first step was too long ago, or the account or its password changed meanwhile.
    #[error("the first step is not good any more")]
    Expired,
    #[error(transparent)]
    Database(#[from] DbErr),
}

impl From<CodeError> for SecondStepError {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::NotActive(NotActive) => Self::Expired,
            error => Self::Code(error),
        }
    }
}

/// Remembers that the password was right. None: the account ended meanwhile.
pub async fn begin(portal: &Portal, checked: Checked, factors: Factors) -> Result<Option<Waiting>, DbErr> {
    let transaction = portal.database.begin().await?;
    if enter(&transaction, checked.account).await?.is_err() {
        return Ok(None);
    }
    let state = State {
        version: checked.version,
    };
    let key = ceremony::begin(&transaction, portal, Kind::SignIn, Some(checked.account), &state).await?;
    transaction.commit().await?;
    Ok(Some(Waiting {
        key,
        methods: factors.methods(),
    }))
}

/// The second step: a code of the app, or a recovery code.
pub async fn finish(portal: &Portal, key: &Token, typed: &str) -> Result<SignedIn, SecondStepError> {
    let found = ceremony::look_up::<State>(&portal.database, portal, Kind::SignIn, key).await?;
    let account = found
        .and_then(|begun| begun.account)
        .ok_or(SecondStepError::Expired)?;
    if !code::check(portal, account, typed).await? {
        return Err(SecondStepError::Expired);
    }
    let transaction = portal.database.begin().await?;
    let owner = enter(&transaction, account).await?;
    let owner = owner.map_err(|NotActive| SecondStepError::Expired)?;
    let begun = ceremony::take::<State>(&transaction, portal, Kind::SignIn, key).await?;
    let State { version } = begun.ok_or(SecondStepError::Expired)?.state;
    transaction.commit().await?;
    Ok(SignedIn {
        account,
        role: owner.role,
        status: Status::Active,
        look_over: owner.look_over_since.is_some(),
        checked: Checked { account, version },
        second_factor: true,
    })
}
