//! Giving a group another name. The one it had goes at once (R3), unless a hold keeps it (R18).

use sea_orm::{ConnectionTrait, DbErr, TransactionTrait};
use uuid::Uuid;

use super::{GroupError, enter_with, ids, lock_group};
use crate::{
    account::Caller,
    database::sql,
    ledger,
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
    enter_with(&transaction, caller, &authors).await?;
    let locked = lock_group(&transaction, caller, group).await?;
    locked.must_be_managed_by(caller)?;
    if let Some(author) = locked.subject_by {
        if author != caller.account && !authors.contains(&author) {
            return Ok(None);
        }
        if locked.subject.as_deref() != Some(name.as_str()) || author != caller.account {
            let now = portal.database_clock.now(&transaction).await?;
            subject::take_away(portal, &transaction, locked.id, author, now).await?;
            let event = ledger::Event::ItemErased {
                table: "conversation",
                row_id: group,
            };
            ledger::record(&transaction, author, now, event).await?;
        }
    }
    let is_known =
        locked.subject.as_deref() == Some(name.as_str()) && locked.subject_by == Some(caller.account);
    if !is_known {
        note_change(portal, &transaction, group).await?;
    }
    transaction
        .execute_raw(sql(
            "UPDATE conversation SET subject = $2, subject_by = $3 WHERE id = $1",
            [group.into(), name.as_str().into(), caller.account.into()],
        ))
        .await?;
    let renamed = conversations::one(&transaction, caller, group)
        .await?
        .ok_or(GroupError::NotFound)?;
    transaction.commit().await?;
    Ok(Some(renamed))
}
