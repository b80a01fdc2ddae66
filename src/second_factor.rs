//! What somebody signs in with beside a password: an authenticator app, passkeys, and recovery codes for when neither is
//! at hand. A password that is reset leaves all of it in place.

pub mod ceremony;
pub mod change;
pub mod code;
pub mod demand;
pub mod own;
pub mod passkeys;
pub mod recovery;
pub mod removal;
pub mod totp;

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::database::sql;

/// Which factors an account has. Recovery codes are none by themselves: they stand in for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromQueryResult)]
pub struct Factors {
    pub has_totp: bool,
    pub passkeys: i64,
    pub recovery_codes: i64,
}

/// A way to prove a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    Totp,
    Passkey,
    RecoveryCode,
}

impl Factors {
    /// Whether a password alone lets nobody in.
    pub fn any(self) -> bool {
        self.has_totp || self.passkeys > 0
    }

    /// Whether there is a code that could be typed.
    pub fn has_code(self) -> bool {
        self.has_totp || self.recovery_codes > 0
    }

    pub fn methods(self) -> Vec<Method> {
        let there_are = [
            (self.has_totp, Method::Totp),
            (self.passkeys > 0, Method::Passkey),
            (self.recovery_codes > 0, Method::RecoveryCode),
        ];
        there_are
            .into_iter()
            .filter_map(|(is_there, method)| is_there.then_some(method))
            .collect()
    }
}

/// SQL: whether an account has any. `account` is SQL for its id.
pub fn any_of(account: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM totp t WHERE t.account_id = {account})
         OR EXISTS (SELECT 1 FROM passkey k WHERE k.account_id = {account})"
    )
}

/// The factors of an account.
pub async fn of(connection: &impl ConnectionTrait, account: Uuid) -> Result<Factors, DbErr> {
    let found = Factors::find_by_statement(sql(
        "SELECT EXISTS (SELECT 1 FROM totp WHERE account_id = $1) AS has_totp,
             (SELECT count(*) FROM passkey WHERE account_id = $1) AS passkeys,
             (SELECT count(*) FROM recovery_code WHERE account_id = $1) AS recovery_codes",
        [account.into()],
    ))
    .one(connection)
    .await?;
    Ok(found.unwrap_or_default())
}
