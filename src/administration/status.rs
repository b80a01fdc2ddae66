//! Suspending, reinstating, and giving roles. The last administrator stays one.

use entity::{
    account,
    status::{Role, Status},
};
use sea_orm::{ActiveModelTrait, DbErr, IntoActiveModel, Set};
use uuid::Uuid;

use crate::{
    account::{Caller, another_administrator_remains, end_access, lock},
    acting::{NoLonger, still_may_about},
    assignment, audit,
    database::Transaction,
    permissions::Permission,
    portal::Portal,
};

#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    #[error("no such account")]
    NotFound,
    #[error("the account's status does not allow it")]
    WrongStatus,
    #[error("the account is being deleted")]
    Deleted,
    #[error("without this administrator there would be none")]
    LastAdministrator,
    #[error(transparent)]
    NoLonger(#[from] NoLonger),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Ends an active account's access until it is reinstated.
pub async fn suspend(portal: &Portal, caller: Caller, id: Uuid) -> Result<(), StatusError> {
    let transaction = portal.database.begin().await?;
    still_may_about(&transaction, caller, Permission::ManageAccounts, [id]).await??;
    suspend_within(portal, &transaction, caller, id).await?;
    transaction.commit().await?;
    Ok(())
}

/// The same in a transaction that does more than this, and has found that the caller still may.
pub async fn suspend_within(
    portal: &Portal,
    transaction: &Transaction,
    caller: Caller,
    id: Uuid,
) -> Result<(), StatusError> {
    let account = lock_in(transaction, id, Status::Active).await?;
    keep_one_administrator(transaction, &account).await?;
    change(transaction, account, Status::Suspended).await?;
    end_access(transaction, id).await?;
    assignment::give_back(transaction, id).await?;
    let event = audit::Event::by(caller.account, "account.suspended").on(id);
    audit::record(transaction, portal, event).await?;
    Ok(())
}

/// Lets a suspended account sign in again.
pub async fn reinstate(portal: &Portal, caller: Caller, id: Uuid) -> Result<(), StatusError> {
    let transaction = portal.database.begin().await?;
    still_may_about(&transaction, caller, Permission::ManageAccounts, [id]).await??;
    let account = lock_in(&transaction, id, Status::Suspended).await?;
    change(&transaction, account, Status::Active).await?;
    audit::record(
        &transaction,
        portal,
        audit::Event::by(caller.account, "account.reinstated").on(id),
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

/// Gives an active account a role; giving it the one it has changes nothing.
pub async fn give_role(portal: &Portal, caller: Caller, id: Uuid, role: Role) -> Result<(), StatusError> {
    let transaction = portal.database.begin().await?;
    still_may_about(&transaction, caller, Permission::ManageAccounts, [id]).await??;
    let account = lock_in(&transaction, id, Status::Active).await?;
    if account.role == role {
        return Ok(());
    }
    keep_one_administrator(&transaction, &account).await?;
    account::ActiveModel {
        role: Set(role),
        ..account.into_active_model()
    }
    .update(&transaction)
    .await?;
    if !Permission::AnswerEnquiries.is_of(role) {
        assignment::give_back(&transaction, id).await?;
    }
    let code = match role {
        Role::Member => "role.member",
        Role::Moderator => "role.moderator",
        Role::Administrator => "role.administrator",
        Role::DataProtectionOfficer => "role.data_protection_officer",
    };
    audit::record(
        &transaction,
        portal,
        audit::Event::by(caller.account, code).on(id),
    )
    .await?;
    transaction.commit().await?;
    Ok(())
}

async fn lock_in(transaction: &Transaction, id: Uuid, status: Status) -> Result<account::Model, StatusError> {
    let account = lock(transaction, id).await?.ok_or(StatusError::NotFound)?;
    match account.status {
        found if found == status => Ok(account),
        Status::Deleted | Status::Erasing => Err(StatusError::Deleted),
        _ => Err(StatusError::WrongStatus),
    }
}

async fn keep_one_administrator(
    transaction: &Transaction,
    account: &account::Model,
) -> Result<(), StatusError> {
    if account.role == Role::Administrator && !another_administrator_remains(transaction, account.id).await? {
        return Err(StatusError::LastAdministrator);
    }
    Ok(())
}

async fn change(transaction: &Transaction, account: account::Model, status: Status) -> Result<(), DbErr> {
    account::ActiveModel {
        status: Set(status),
        ..account.into_active_model()
    }
    .update(transaction)
    .await?;
    Ok(())
}
