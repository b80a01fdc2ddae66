//! How often a member may do something, counted in the database, so that all instances count together.
//! Rule kept here: a refusal says when it works again, and what is refused uses nothing up.

use std::num::NonZeroU32;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{account, allowance};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

use crate::{database::Transaction, database::sql, portal::Portal, settings::Limits};

/// What is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limited {
    Messages,
    Conversations,
    Reports,
    /// People invited into groups, or written to in one conversation beyond the first of them.
    Invitations,
    Blocks,
}

/// The limit is used up for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("that was done too often")]
pub struct TooOften {
    /// When it works again.
    pub again_in: TimeDelta,
}

/// Tries of one account that wait for each other take less than this.
const WAIT: TimeDelta = TimeDelta::seconds(2);

/// So much at once, and then evenly over the time (the generic cell rate algorithm, ITU-T I.371).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rate {
    count: NonZeroU32,
    per: TimeDelta,
}

impl Rate {
    /// What one time uses up.
    fn step(self) -> TimeDelta {
        self.per / i32::try_from(self.count.get()).unwrap_or(i32::MAX)
    }

    /// How far ahead of the clock may be used up: everything at once, and as much as tries at the same moment may wait
    /// for each other after they read the clock. Less than a step, so it is never one more.
    fn ahead(self) -> TimeDelta {
        self.per + (self.step() / 2).min(WAIT)
    }
}

impl Limited {
    fn name(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Conversations => "conversations",
            Self::Reports => "reports",
            Self::Invitations => "invitations",
            Self::Blocks => "blocks",
        }
    }

    fn rate(self, limits: &Limits, is_new: bool) -> Rate {
        let (count, per) = match self {
            Self::Messages => (limits.messages_per_hour, TimeDelta::hours(1)),
            Self::Conversations if is_new => (limits.conversations_per_day_when_new, TimeDelta::days(1)),
            Self::Conversations => (limits.conversations_per_day, TimeDelta::days(1)),
            Self::Reports => (limits.reports_per_day, TimeDelta::days(1)),
            Self::Invitations if is_new => (limits.invitations_per_day_when_new, TimeDelta::days(1)),
            Self::Invitations => (limits.invitations_per_day, TimeDelta::days(1)),
            Self::Blocks => (limits.blocks_per_day, TimeDelta::days(1)),
        };
        Rate { count, per }
    }
}

/// Whether an account has less freedom yet.
fn is_new(limits: &Limits, account: &account::Model, now: DateTime<Utc>) -> bool {
    (now - account.created_at)
        .to_std()
        .is_ok_and(|age| age < limits.new_for)
}

/// What is written down when some are used up: until when the first ones are, counted from when, and until when may be at
/// most.
#[derive(Debug, Clone, Copy)]
pub struct Use {
    pub first: DateTime<Utc>,
    pub from: DateTime<Utc>,
    pub latest: DateTime<Utc>,
}

impl Use {
    fn of(rate: Rate, now: DateTime<Utc>, count: usize) -> Self {
        Self {
            first: now + rate.step() * i32::try_from(count).unwrap_or(i32::MAX),
            from: now,
            latest: now + rate.ahead(),
        }
    }
}

/// One message more, of any account. None: as many as one likes.
pub fn one_message(portal: &Portal) -> Option<Use> {
    let limits = &portal.settings.limits;
    let rate = Limited::Messages.rate(limits, false);
    limits.enabled.then(|| Use::of(rate, portal.now(), 1))
}

/// How many may be done at once, when nothing is used up. None: as many as one likes.
pub fn at_once(portal: &Portal, account: &account::Model, limited: Limited) -> Option<usize> {
    let limits = &portal.settings.limits;
    let rate = limited.rate(limits, is_new(limits, account, portal.now()));
    let count = rate.count.get();
    limits
        .enabled
        .then(|| usize::try_from(count).unwrap_or(usize::MAX))
}

/// Uses up one of the account's, in the transaction that does what is counted. The caller holds the account's lock.
pub async fn take(
    transaction: &Transaction,
    portal: &Portal,
    account: &account::Model,
    limited: Limited,
) -> Result<Result<(), TooOften>, DbErr> {
    take_some(transaction, portal, account, limited, 1).await
}

/// The same for several, all or none: no more than [`at_once`].
pub async fn take_some(
    transaction: &Transaction,
    portal: &Portal,
    account: &account::Model,
    limited: Limited,
    count: usize,
) -> Result<Result<(), TooOften>, DbErr> {
    let limits = &portal.settings.limits;
    if !limits.enabled {
        return Ok(Ok(()));
    }
    let now = portal.now();
    let rate = limited.rate(limits, is_new(limits, account, now));
    let Use { first, from, latest } = Use::of(rate, now, count);
    let taken = transaction
        .execute_raw(sql(
            "INSERT INTO allowance AS a (account_id, kind, used_until) VALUES ($1, $2, $3)
             ON CONFLICT ON CONSTRAINT allowance_pkey DO UPDATE
                 SET used_until = greatest(a.used_until, $4) + ($3 - $4)
             WHERE a.used_until + ($3 - $4) <= $5",
            [
                account.id.into(),
                limited.name().into(),
                first.into(),
                from.into(),
                latest.into(),
            ],
        ))
        .await?;
    if taken.rows_affected() == 1 {
        return Ok(Ok(()));
    }
    let found = allowance::Entity::find()
        .filter(allowance::Column::AccountId.eq(account.id))
        .filter(allowance::Column::Kind.eq(limited.name()))
        .one(transaction)
        .await?;
    let again_at = found.map_or(now, |found| found.used_until + (first - from) - rate.per);
    Ok(Err(TooOften {
        again_in: again_at - now,
    }))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn what_one_time_uses_up_is_the_time_shared_out() {
        let step = |count, per| {
            let count = NonZeroU32::new(count).unwrap();
            Rate { count, per }.step()
        };
        assert_eq!(step(200, TimeDelta::hours(1)), TimeDelta::seconds(18));
        assert_eq!(step(1, TimeDelta::days(1)), TimeDelta::days(1));
        assert!(step(u32::MAX, TimeDelta::days(1)) > TimeDelta::zero());
    }

    #[test]
    fn tries_that_waited_for_each_other_pass_and_never_one_more() {
        for (count, per) in [
            (2, TimeDelta::days(1)),
            (200, TimeDelta::hours(1)),
            (3_600, TimeDelta::hours(1)),
            (u32::MAX, TimeDelta::days(1)),
        ] {
            let count = NonZeroU32::new(count).unwrap();
            let rate = Rate { count, per };
            assert!(rate.ahead() > per && rate.ahead() < per + rate.step());
            assert!(rate.ahead() <= per + WAIT);
        }
    }
}
