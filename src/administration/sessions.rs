//! Ending somebody's sessions, where a device was lost or somebody else may be signed in.

use sea_orm::DbErr;
use uuid::Uuid;

use crate::{
    account::{self, Caller},
    acting::{NoLonger, still_may_about},
    audit,
    permissions::Permission,
    portal::Portal,
};

#[derive(Debug, thiserror::Error)]
pub enum EndError {
    #[error("no such account")]
    NotFound,
    #[error(transparent)]
    NoLonger(#[from] NoLonger),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Ends every session of the account. Its row is locked (R7): whoever is just signing in does so before this, and is
/// signed out, or after it.
pub async fn end_all(portal: &Portal, caller: Caller, id: Uuid) -> Result<(), EndError> {
    let transaction = portal.database.begin().await?;
    still_may_about(&transaction, caller, Permission::ManageAccounts, [id])
        .await??
        .one()
        .ok_or(EndError::NotFound)?;
    account::end_sessions(&transaction, id, None).await?;
    let event = audit::Event::by(caller.account, "sessions.ended").on(id);
    audit::record(&transaction, portal, event).await?;
    transaction.commit().await?;
    Ok(())
}
