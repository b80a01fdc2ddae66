//! Giving a group another name. The one it had goes at once (R3), unless a hold keeps it (R18).

use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{GroupError, Locked, enter_with, ids, lock_group};
use crate::{
    account::Caller,
    database::{Transaction, sql},
    ledger,
    limits::{self, Limited},
    messaging::{
        SUBJECT_LIMIT,
        conversations::{self, Conversation},
        note_change,
    },
    portal::Portal,
    subject,
    values::{Invalid, Line, line},
};

/// Whoever manages the group names it.
pub async fn rename(
    portal: &Portal,
    caller: Caller,
    group: Uuid,
    name: &str,
) -> Result<Conversation, GroupError> {
    let name = line(name, SUBJECT_LIMIT).map_err(|fault| Invalid::one("name", fault))?;
    for _ in 0..3 {
        if let Some(renamed) = attempt(portal, caller, group, &name).await? {
            return Ok(renamed);
        }
    }
    Err(DbErr::Custom("a group was renamed again and again".to_owned()).into())
}

/// None: meanwhile somebody else chose a name, whose account would have to be locked first (R7).
async fn attempt(
    portal: &Portal,
    caller: Caller,
    group: Uuid,
    name: &Line,
) -> Result<Option<Conversation>, GroupError> {
    let transaction = portal.database.begin().await?;
    let authors = ids(
        &transaction,
        "SELECT subject_by AS id FROM conversation WHERE id = $1 AND subject_by IS NOT NULL",
        [group.into()],
    )
    .await?;
    let (account, _) = enter_with(&transaction, caller, &authors).await?;
    let locked = lock_group(&transaction, caller, group).await?;
    locked.must_be_managed_by(caller)?;
    let is_known =
        locked.subject.as_deref() == Some(name.as_str()) && locked.subject_by == Some(caller.account);
    if !is_known {
        if let Some(author) = locked.subject_by
            && author != caller.account
            && !authors.contains(&author)
        {
            return Ok(None);
        }
        // A name reaches everyone in the group, as a message does.
        limits::take(&transaction, portal, &account, Limited::Messages).await??;
        replace(portal, &transaction, caller, &locked, name).await?;
        note_change(portal, &transaction, group).await?;
    }
    let renamed = conversations::one(&transaction, caller, group)
        .await?
        .ok_or(GroupError::NotFound)?;
    transaction.commit().await?;
    Ok(Some(renamed))
}

/// Puts the name in the place of the one that there is. The accounts of both authors, and the group, are locked.
async fn replace(
    portal: &Portal,
    transaction: &Transaction,
    caller: Caller,
    group: &Locked,
    name: &Line,
) -> Result<(), DbErr> {
    if let Some(author) = group.subject_by {
        let now = portal.database_clock.now(transaction).await?;
        subject::take_away(portal, transaction, group.id, author, now).await?;
        let event = ledger::Event::ItemErased {
            table: "conversation",
            row_id: group.id,
        };
        ledger::record(transaction, author, now, event).await?;
    }
    transaction
        .execute_raw(sql(
            "UPDATE conversation SET subject = $2, subject_by = $3 WHERE id = $1",
            [group.id.into(), name.as_str().into(), caller.account.into()],
        ))
        .await?;
    Ok(())
}
