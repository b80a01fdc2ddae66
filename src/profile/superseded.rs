//! What members replace in their master data while a hold is on it (R18): kept out of sight, for as long as the hold
//! lasts; nobody but the sweep reads it.

use chrono::{DateTime, Utc};
use entity::superseded_profile;
use sea_orm::{DbErr, EntityTrait, Set};
use uuid::Uuid;

use crate::{database::Transaction, portal::Portal};

/// Keeps these values, each with the field that it stood in.
pub(super) async fn keep(
    portal: &Portal,
    transaction: &Transaction,
    account: Uuid,
    replaced: Vec<(&'static str, String)>,
    now: DateTime<Utc>,
) -> Result<(), DbErr> {
    if replaced.is_empty() {
        return Ok(());
    }
    let rows = replaced
        .into_iter()
        .map(|(field, value)| superseded_profile::ActiveModel {
            id: Set(portal.new_id()),
            account_id: Set(account),
            field: Set(field.to_owned()),
            value: Set(value),
            superseded_at: Set(now),
        });
    superseded_profile::Entity::insert_many(rows)
        .exec_without_returning(transaction)
        .await?;
    Ok(())
}
