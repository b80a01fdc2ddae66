//! Reviewing a hold: it goes on until a new date, for a reason (R14).

use chrono::{DateTime, Utc};
use entity::hold;
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};
use uuid::Uuid;

use super::holds::{Hold, HoldError, keep_reason, lock_active, reason, review_at};
use crate::{account::Caller, audit, portal::Portal, values::Invalid};

pub async fn review(
    portal: &Portal,
    caller: Caller,
    id: Uuid,
    why: &str,
    next: DateTime<Utc>,
) -> Result<Hold, HoldError> {
    let why = reason(why)?;
    let transaction = portal.database.begin().await?;
    let (_, hold, now) = lock_active(portal, &transaction, caller, id).await?;
    let next = review_at(Some(next), now).map_err(|fault| Invalid::one("review_at", fault))?;
    keep_reason(portal, &transaction, caller, &hold, "hold_review", why).await?;
    let account = hold.account_id;
    let reviewed = hold::ActiveModel {
        review_at: Set(next),
        reviewed_at: Set(Some(now)),
        ..hold.into_active_model()
    }
    .update(&transaction)
    .await?;
    let event = audit::Event::by(caller.account, "hold.reviewed")
        .on(account)
        .about(id);
    audit::record_at(&transaction, portal, event, now).await?;
    transaction.commit().await?;
    Ok(Hold::at(reviewed, now))
}
