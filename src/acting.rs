//! Whoever decides something at the desk must still be allowed to when it takes effect. That the session said so a moment
//! ago is not enough: somebody else may have suspended them, taken their role, or they have left. Their own row is locked
//! with those they decide about, all in order of id (R7), so a change of theirs comes before the decision or after it.

use std::collections::BTreeSet;

use entity::{account, status::Status};
use sea_orm::DbErr;
use uuid::Uuid;

use crate::{
    account::{Caller, lock_all, share},
    database::Transaction,
    permissions::Permission,
};

/// Why the caller may not go on with what they began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoLonger {
    /// They were suspended, or are leaving, or gone.
    #[error("the caller's account is no longer active")]
    Active,
    #[error("the caller has no longer the role it takes")]
    Permitted,
}

/// A decision under way.
pub struct Acting {
    /// The caller with the role they have now.
    pub caller: Caller,
    /// Those of the accounts decided about that exist, locked `FOR UPDATE`, in order of id.
    pub about: Vec<account::Model>,
}

impl Acting {
    /// The one account that is decided about, if it exists.
    pub fn one(mut self) -> Option<account::Model> {
        self.about.pop()
    }
}

/// Locks the caller's account, if they may still do this; for what is about no account.
pub async fn still_may(
    transaction: &Transaction,
    caller: Caller,
    permission: Permission,
) -> Result<Result<Caller, NoLonger>, DbErr> {
    let own = share(transaction, &[caller.account]).await?;
    Ok(may_still(&own, caller, permission))
}

/// The same, and locks the accounts that are decided about, each like [`crate::account::lock`] does.
pub async fn still_may_about(
    transaction: &Transaction,
    caller: Caller,
    permission: Permission,
    about: impl IntoIterator<Item = Uuid>,
) -> Result<Result<Acting, NoLonger>, DbErr> {
    let about: BTreeSet<Uuid> = about.into_iter().collect();
    if about.contains(&caller.account) {
        let about = lock_all(transaction, about.into_iter()).await?;
        return Ok(may_still(&about, caller, permission).map(|caller| Acting { caller, about }));
    }
    let mut locked = lock_some(transaction, about.range(..caller.account)).await?;
    let own = share(transaction, &[caller.account]).await?;
    let caller = match may_still(&own, caller, permission) {
        Ok(caller) => caller,
        Err(refused) => return Ok(Err(refused)),
    };
    locked.extend(lock_some(transaction, about.range(caller.account..)).await?);
    Ok(Ok(Acting {
        caller,
        about: locked,
    }))
}

/// Whether the caller may, by what their row says, which is among `locked`.
pub fn may_still(
    locked: &[account::Model],
    caller: Caller,
    permission: Permission,
) -> Result<Caller, NoLonger> {
    let own = locked.iter().find(|account| account.id == caller.account);
    match own {
        Some(own) if own.status != Status::Active => Err(NoLonger::Active),
        Some(own) if !permission.is_of(own.role) => Err(NoLonger::Permitted),
        Some(own) => Ok(Caller {
            role: own.role,
            ..caller
        }),
        None => Err(NoLonger::Active),
    }
}

async fn lock_some(
    transaction: &Transaction,
    ids: impl Iterator<Item = &Uuid> + Clone,
) -> Result<Vec<account::Model>, DbErr> {
    if ids.clone().next().is_none() {
        return Ok(Vec::new());
    }
    lock_all(transaction, ids.copied()).await
}
