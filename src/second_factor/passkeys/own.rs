//! One's own passkeys: which there are, and removing one.

use chrono::{DateTime, Utc};
use entity::passkey;
use sea_orm::{ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    account::{Caller, NotActive},
    mail::letter::factor::FactorChange,
    portal::Portal,
    second_factor::change,
    values::{Listed, Page},
};

/// A passkey, as its person sees it.
#[derive(Debug, Clone, FromQueryResult, Serialize, ToSchema)]
pub struct OwnPasskey {
    pub id: Uuid,
    pub name: String,
    pub set_up_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
}

#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    #[error("the caller has no such passkey")]
    NotFound,
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// One's passkeys, newest first.
pub async fn list(portal: &Portal, caller: Caller, page: &Page<Uuid>) -> Result<Listed<OwnPasskey>, DbErr> {
    let rows = passkey::Entity::find()
        .filter(passkey::Column::AccountId.eq(caller.account))
        .filter(passkey::Column::Id.lt(page.after.unwrap_or(Uuid::max())))
        .order_by_desc(passkey::Column::Id)
        .limit(u64::try_from(page.rows()).unwrap_or_default())
        .into_model()
        .all(&portal.database)
        .await?;
    Ok(Listed::cut(rows, page, |row: &OwnPasskey| row.id))
}

/// Removes one of one's passkeys: nobody signs in with it any more.
pub async fn remove(portal: &Portal, caller: Caller, id: Uuid) -> Result<(), RemoveError> {
    let transaction = portal.database.begin().await?;
    change::lock_own(&transaction, caller).await??;
    let removed = passkey::Entity::delete_by_id(id)
        .filter(passkey::Column::AccountId.eq(caller.account))
        .exec(&transaction)
        .await?;
    if removed.rows_affected == 0 {
        return Err(RemoveError::NotFound);
    }
    change::removed(portal, &transaction, caller, FactorChange::PasskeyRemoved).await?;
    transaction.commit().await?;
    portal.post.notify_one();
    Ok(())
}
