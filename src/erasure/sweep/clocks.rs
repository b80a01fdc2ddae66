//! Whether the clocks can be trusted (R23). A wrong clock must neither erase early nor end a hold.

use chrono::{DateTime, TimeDelta, Utc};
use entity::sweep_state;
use sea_orm::{ActiveModelTrait, DbErr, EntityTrait, FromQueryResult, Set};

use super::SweepError;
use crate::{audit, database::sql, portal::Portal};

/// The portal's clock and the database's may differ by this much.
const TOLERANCE: TimeDelta = TimeDelta::minutes(1);
/// After this long without a sweep, or without anybody having accepted the clock since, no hold expires until an administrator
/// has said that the clock is right.
const LONGEST_PAUSE: TimeDelta = TimeDelta::days(7);

#[derive(FromQueryResult)]
struct Latest {
    at: Option<DateTime<Utc>>,
}

/// By how much the database's clock is ahead of the portal's, if that is more than may be.
pub(super) fn apart(portal: &Portal, now: DateTime<Utc>) -> Option<TimeDelta> {
    let apart = now - portal.now();
    (apart.abs() > TOLERANCE).then_some(apart)
}

/// Refuses to go on with a clock that cannot be right. With one that can, holds whose end has come expire; after a
/// long pause they don't, until an administrator has looked.
pub(super) async fn check(portal: &Portal) -> Result<(), SweepError> {
    let transaction = portal.database.begin().await?;
    // The events first, the clock afterwards: one that is recorded in between must not look like the future.
    let latest = Latest::find_by_statement(sql(
        "SELECT greatest((SELECT max(at) FROM ledger_event), (SELECT max(latest_at) FROM ledger_head)) AS at",
        [],
    ))
    .one(&transaction)
    .await?;
    let now = portal.database_clock.now(&transaction).await?;
    if let Some(apart) = apart(portal, now) {
        tracing::error!(
            seconds = apart.num_seconds(),
            "the portal's clock and the database's are apart: nothing is erased"
        );
        return Err(SweepError::ClocksApart(apart.num_seconds()));
    }
    if latest.and_then(|latest| latest.at).is_some_and(|at| at > now) {
        tracing::error!("the database's clock lies before the last recorded event: nothing is erased");
        return Err(SweepError::ClockBehind);
    }
    let state = sweep_state::Entity::find_by_id(1).one(&transaction).await?;
    let state = state.ok_or_else(|| DbErr::RecordNotFound("sweep_state".to_owned()))?;
    let paused = is_paused(&state, now);
    let mut noted = sweep_state::ActiveModel {
        id: Set(1),
        ..Default::default()
    };
    if paused && state.holds_frozen_at.is_none() {
        tracing::error!(
            "no sweep for more than 7 days: no hold expires until `stammtisch doctor --accept-clock` says that the clock is right"
        );
        noted.holds_frozen_at = Set(Some(now));
    } else if state.holds_frozen_at.is_none() {
        noted.trusted_at = Set(Some(now));
    } else {
        transaction.commit().await?;
        return Ok(());
    }
    noted.update(&transaction).await?;
    transaction.commit().await?;
    Ok(())
}

/// The pause counts from the last sweep, or from when an administrator accepted the clock after it: the sweep that froze
/// the holds may have failed, or not have come yet. What was accepted with a clock that was put back since does not
/// count.
fn is_paused(state: &sweep_state::Model, now: DateTime<Utc>) -> bool {
    state
        .last_swept_at
        .max(state.clock_accepted_at.filter(|at| *at <= now))
        .is_some_and(|at| now - at > LONGEST_PAUSE)
}

/// Remembers that a sweep ended well.
pub(super) async fn note_sweep(portal: &Portal) -> Result<(), DbErr> {
    let now = super::claim::now(portal).await?;
    sweep_state::ActiveModel {
        id: Set(1),
        last_swept_at: Set(Some(now)),
        ..Default::default()
    }
    .update(&portal.database)
    .await?;
    Ok(())
}

/// An administrator says that the clock is right: holds expire again. False: nothing kept them from it.
pub async fn accept(portal: &Portal) -> Result<bool, DbErr> {
    let transaction = portal.database.begin().await?;
    let state = sweep_state::Entity::find_by_id(1).one(&transaction).await?;
    let state = state.ok_or_else(|| DbErr::RecordNotFound("sweep_state".to_owned()))?;
    let now = portal.database_clock.now(&transaction).await?;
    let in_the_way = state.holds_frozen_at.is_some() || is_paused(&state, now);
    if in_the_way {
        sweep_state::ActiveModel {
            id: Set(1),
            holds_frozen_at: Set(None),
            clock_accepted_at: Set(Some(now)),
            ..Default::default()
        }
        .update(&transaction)
        .await?;
        audit::record_at(
            &transaction,
            portal,
            audit::Event::by_portal("clock.accepted"),
            now,
        )
        .await?;
    }
    transaction.commit().await?;
    Ok(in_the_way)
}
