//! Receipts: the code under which a former member can read what became of their deletion (R24). It is derived from
//! the receipt's id with the portal's key, so the mail can carry it although only its hash is stored.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use entity::receipt;
use sea_orm::{ActiveModelTrait, ConnectionTrait, DbErr, EntityTrait, Set};
use uuid::Uuid;

use crate::{
    portal::Portal,
    secrets::{Secrets, hex, sha256},
};

/// How long a receipt is kept after the erasure (R24).
pub const KEPT_FOR: TimeDelta = TimeDelta::days(365);

/// A new receipt: its id, the code to hand out, and the code's hash for the ledger.
#[derive(Clone)]
pub struct Issued {
    pub id: Uuid,
    pub code: String,
    pub code_hash: String,
}

/// What the key gives different codes than all else for.
const PURPOSE: &str = "receipt";

/// The code of a new receipt: 32 bytes that nobody without the key can work out, in base64url.
pub fn code(secrets: &Secrets, id: Uuid) -> String {
    URL_SAFE_NO_PAD.encode(secrets.keyed(PURPOSE, id.as_bytes()))
}

/// The code that a receipt was issued with, by whichever key was the current one then. None: that key is not in the key
/// file of this process. A receipt that is gone has any code: it opens nothing.
pub async fn code_of(
    connection: &impl ConnectionTrait,
    secrets: &Secrets,
    id: Uuid,
) -> Result<Option<String>, DbErr> {
    let Some(issued) = receipt::Entity::find_by_id(id).one(connection).await? else {
        return Ok(Some(code(secrets, id)));
    };
    Ok(secrets
        .keyed_by_each(PURPOSE, id.as_bytes())
        .map(|key| URL_SAFE_NO_PAD.encode(key))
        .find(|code| sha256(code.as_bytes()) == issued.code_hash))
}

/// How a code is stored. None: it is none of ours, whatever the database holds.
pub fn hash_of(code: &str) -> Option<Vec<u8>> {
    let bytes = URL_SAFE_NO_PAD.decode(code).ok()?;
    (bytes.len() == 32).then(|| sha256(code.as_bytes()))
}

/// Issues a receipt for a request of deletion.
pub async fn issue(
    transaction: &impl ConnectionTrait,
    portal: &Portal,
    account: Uuid,
    requested_at: DateTime<Utc>,
    erase_by: DateTime<Utc>,
) -> Result<Issued, DbErr> {
    let id = portal.random.uuid_v4();
    let code = code(&portal.secrets, id);
    let hash = sha256(code.as_bytes());
    let code_hash = hex(&hash);
    receipt::ActiveModel {
        id: Set(id),
        code_hash: Set(hash),
        account_id: Set(Some(account)),
        requested_at: Set(requested_at),
        erase_by: Set(erase_by),
        undone_at: Set(None),
        erased_at: Set(None),
    }
    .insert(transaction)
    .await?;
    Ok(Issued { id, code, code_hash })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_code_is_stored_as_its_hash_and_anything_else_is_none(
            bytes: [u8; 32],
            other in "[A-Za-z0-9_=-]{0,42}|[A-Za-z0-9_=-]{44,60}|.{0,42}",
        ) {
            let code = URL_SAFE_NO_PAD.encode(bytes);
            prop_assert_eq!(hash_of(&code), Some(sha256(code.as_bytes())));
            prop_assert_eq!(hash_of(&other), None);
        }
    }
}
