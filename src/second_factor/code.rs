//! A code that is typed beside a password: the app's, or a recovery code. Which one it is its form tells.

use sea_orm::DbErr;
use uuid::Uuid;

use super::{change, recovery, totp};
use crate::{
    account::{NotActive, enter},
    attempts::{self, Try},
    audit,
    database::Transaction,
    limits::TooOften,
    mail::letter::factor::FactorChange,
    portal::Portal,
    refusals::Refused,
    values::{Fault, optional_line},
};

#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// The account has a second factor: its code is asked for, too.
    #[error("a code is missing")]
    Missing,
    /// What was typed is no code that anybody could have read or written down.
    #[error("what was typed is no code")]
    Invalid(Fault),
    #[error("the code is not right")]
    Wrong,
    #[error(transparent)]
    NotActive(#[from] NotActive),
    #[error(transparent)]
    TooOften(#[from] TooOften),
    #[error(transparent)]
    Database(#[from] DbErr),
}

/// Longest code as people write it down, in characters.
const LONGEST: usize = 60;

/// Beside a password that was right, where the account has a second factor: whether it took one. A good code is used up.
pub async fn check(portal: &Portal, account: Uuid, typed: &str) -> Result<bool, CodeError> {
    let typed = optional_line(Some(typed), LONGEST).map_err(CodeError::Invalid)?;
    if !super::of(&portal.database, account).await?.any() {
        return Ok(false);
    }
    let typed = typed.ok_or(CodeError::Missing)?;
    let admitted = attempts::admit(portal, &[Try::SecondStep(account)]).await??;
    let transaction = portal.database.begin().await?;
    enter(&transaction, account).await??;
    if !accept(portal, &transaction, account, typed.as_str()).await? {
        portal.note_refused(Refused::Code, account);
        return Err(CodeError::Wrong);
    }
    transaction.commit().await?;
    portal.post.notify_one();
    admitted.succeeded(portal).await?;
    Ok(true)
}

async fn accept(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
    typed: &str,
) -> Result<bool, DbErr> {
    let digits: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return totp::accept(portal, transaction, account, &digits).await;
    }
    if !recovery::redeem(transaction, account, typed).await? {
        return Ok(false);
    }
    // Each time: whoever found the list is to be noticed, and the person to know that one less is left.
    let change = FactorChange::RecoveryCodeUsed;
    let event = audit::Event::by(account, change.event()).on(account);
    audit::record(transaction, portal, event).await?;
    change::record_in_ledger(portal, transaction, account).await?;
    change::tell(portal, transaction, account, change).await?;
    Ok(true)
}
