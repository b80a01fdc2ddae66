//! The locks of whoever changes an enquiry (R7): first the accounts that have to do with it, in order of id, then the
//! enquiry. Writers take turns, so the order of texts is the order of their ids.

use entity::{account, enquiry, status::Status};
use sea_orm::{EntityTrait, QuerySelect, sea_query::LockType};
use uuid::Uuid;

use super::EnquiryError;
use crate::{
    account::{Caller, NotActive, share},
    acting::may_still,
    database::Transaction,
    permissions::Permission,
};

/// An enquiry under its lock.
pub(super) struct Locked {
    pub enquiry: enquiry::Model,
    accounts: Vec<account::Model>,
}

/// Locks the enquiry with its member, whoever it is assigned to, and `others`.
pub(super) async fn lock(
    transaction: &Transaction,
    id: Uuid,
    others: &[Uuid],
) -> Result<Locked, EnquiryError> {
    let found = find(transaction, id, None).await?;
    let mut ids = others.to_vec();
    ids.push(found.account_id);
    ids.extend(found.assigned_to);
    let accounts = share(transaction, &ids).await?;
    let enquiry = find(transaction, id, Some(LockType::NoKeyUpdate)).await?;
    Ok(Locked { enquiry, accounts })
}

async fn find(
    transaction: &Transaction,
    id: Uuid,
    lock: Option<LockType>,
) -> Result<enquiry::Model, EnquiryError> {
    let mut query = enquiry::Entity::find_by_id(id);
    if let Some(lock) = lock {
        query = query.lock(lock);
    }
    query.one(transaction).await?.ok_or(EnquiryError::NotFound)
}

impl Locked {
    /// One of the accounts that are locked. None: it is gone, or was not among them a moment ago.
    fn account(&self, id: Uuid) -> Option<&account::Model> {
        self.accounts.iter().find(|account| account.id == id)
    }

    /// The caller's account, if the enquiry is theirs and they are still a member.
    pub fn of_member(&self, caller: Caller) -> Result<&account::Model, EnquiryError> {
        if self.enquiry.account_id != caller.account {
            return Err(EnquiryError::NotFound);
        }
        let account = self.account(caller.account);
        Ok(account
            .filter(|account| account.status == Status::Active)
            .ok_or(NotActive)?)
    }

    /// Whether the caller may deal with the enquiry for the operator: they still may, and its member is still
    /// here.
    pub fn at_desk(&self, caller: Caller) -> Result<(), EnquiryError> {
        may_still(&self.accounts, caller, Permission::AnswerEnquiries)?;
        let member = self.account(self.enquiry.account_id);
        if member.is_some_and(|member| member.deleted_at.is_none()) {
            Ok(())
        } else {
            Err(EnquiryError::NotFound)
        }
    }

    /// Whether the account is one that answers enquiries now.
    pub fn administers(&self, id: Uuid) -> bool {
        self.account(id).is_some_and(|account| {
            Permission::AnswerEnquiries.is_of(account.role) && account.status == Status::Active
        })
    }
}
