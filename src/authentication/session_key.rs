//! The key that a session's cookie carries. Whoever proves anew who they are gets another one, and the one before is
//! nobody's any more (OWASP ASVS 5.0, 7.2.4): one that somebody else got hold of is not raised along. The session itself
//! goes on, with its id, its streams and its end. What is on its way under the old key just then is told 401.

use chrono::{DateTime, Utc};
use entity::session;
use sea_orm::{ActiveValue, ColumnTrait, DbErr, EntityTrait, QueryFilter, Set};
use tower_sessions::session::Id;

use crate::{account::Caller, database::Transaction, portal::Portal, secrets::sha256};

/// For the browser alone: stored is its hash.
#[derive(Clone, Copy)]
pub struct SessionKey(pub(super) Id);

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SessionKey")
    }
}

impl SessionKey {
    fn random(portal: &Portal) -> Self {
        let mut bytes = [0; 16];
        portal.random.fill(&mut bytes);
        Self(Id(i128::from_le_bytes(bytes)))
    }

    pub(super) fn hash(self) -> Vec<u8> {
        sha256(&self.0.0.to_le_bytes())
    }

    /// As the cookie carries it.
    pub fn reveal(self) -> String {
        self.0.to_string()
    }
}

/// Gives the caller's session its new key, in the transaction that knows that they gave the current password; and notes
/// when that is to count as a proof of what comes next, and whether more than a password was given. None: the session has ended meanwhile.
pub(super) async fn renew(
    transaction: &Transaction,
    portal: &Portal,
    caller: Caller,
    proved_at: ActiveValue<DateTime<Utc>>,
    second_factor: bool,
) -> Result<Option<SessionKey>, DbErr> {
    let key = SessionKey::random(portal);
    let renewed = session::Entity::update_many()
        .set(session::ActiveModel {
            key_hash: Set(key.hash()),
            proved_at,
            second_factor: Set(second_factor),
            ..Default::default()
        })
        .filter(session::Column::Id.eq(caller.session))
        .filter(session::Column::AccountId.eq(caller.account))
        .exec(transaction)
        .await?;
    Ok((renewed.rows_affected == 1).then_some(key))
}
