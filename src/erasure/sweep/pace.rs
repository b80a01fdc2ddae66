//! How much of the machine a sweep takes. While the database serves others it works with one hand and rests as long as
//! it worked; while nobody asks for anything, with two hands and without rest.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, FromQueryResult};
use sqlx::PgConnection;
use tokio_util::sync::CancellationToken;

use crate::database::{Pool, sql};

/// Transactions a second, from which on others are being served. The portal's jobs and a sweep itself make 10 to 30;
/// a signed-in person's request makes one or two.
const BUSY: f64 = 60.0;
/// How often that is looked at. PostgreSQL's own count is up to a second old.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Before that, connections that do something are seen by glances, as many as this, so far apart.
const GLANCES: u32 = 10;
const GLANCE_EVERY: Duration = Duration::from_millis(25);
/// How often a connection may have begun something between two glances while nobody else is being served: 25 times a
/// second, which is less than [`BUSY`] because what happens between two glances counts once.
const FEW: usize = 6;

#[derive(FromQueryResult)]
struct Count {
    transactions: i64,
}

/// Shared by the hands of one sweep.
pub(super) struct Pace {
    is_busy: AtomicBool,
}

impl Pace {
    /// Considerate, until it is known that nobody else is there.
    pub(super) fn new() -> Self {
        Self {
            is_busy: AtomicBool::new(true),
        }
    }

    pub(super) fn is_busy(&self) -> bool {
        self.is_busy.load(Ordering::Relaxed)
    }

    /// Looks for the first time, while the sweep itself does nothing: what takes a few seconds need not wait for PostgreSQL's
    /// own count.
    pub(super) async fn glance(&self, database: &Pool) {
        if matches!(nobody_asks(database).await, Ok(true)) {
            self.is_busy.store(false, Ordering::Relaxed);
        }
    }

    /// Rests after work that took so long, if others are being served.
    pub(super) async fn rest(&self, stop: &CancellationToken, took: Duration) {
        if self.is_busy() {
            stop.run_until_cancelled(tokio::time::sleep(took)).await;
        }
    }

    /// Waits until the second hand is wanted. Whether it is: the first may end before.
    pub(super) async fn second_hand(&self, ended: &CancellationToken) -> bool {
        while self.is_busy() {
            let waited = ended
                .run_until_cancelled(tokio::time::sleep(LOOK_EVERY / 4))
                .await;
            if waited.is_none() {
                return false;
            }
        }
        !ended.is_cancelled()
    }

    /// Looks at what the database does, until it is told that the sweep is over. What cannot be looked at is busy.
    pub(super) async fn watch(&self, database: &Pool, done: &CancellationToken) {
        let mut last = transactions(database).await.map(|count| (count, Instant::now()));
        let mut was_busy = true;
        while done
            .run_until_cancelled(tokio::time::sleep(LOOK_EVERY))
            .await
            .is_some()
        {
            let next = transactions(database).await.map(|count| (count, Instant::now()));
            let is_busy = match (&last, &next) {
                (Ok((before, then)), Ok((count, now))) => is_busy(count - before, *now - *then),
                _ => true,
            };
            // Connections report what they did once a second: one look alone may fall between two reports.
            let was_busy_all_along = was_busy && self.is_busy();
            self.is_busy
                .store(is_busy || was_busy_all_along, Ordering::Relaxed);
            was_busy = is_busy;
            last = next;
        }
    }
}

/// What others do could not be seen.
#[derive(Debug, thiserror::Error)]
pub enum GlanceError {
    #[error(transparent)]
    Connecting(#[from] DbErr),
    #[error(transparent)]
    Asking(#[from] sqlx::Error),
}

/// Whether hardly any connection begins anything in a quarter of a second. It looks from outside of the pool, whose
/// connections are those that others are served by.
pub async fn nobody_asks(database: &Pool) -> Result<bool, GlanceError> {
    let mut connection = database.separate().await?;
    let mut last = begun(&mut connection).await?;
    let mut seen = 0;
    for _ in 0..GLANCES {
        tokio::time::sleep(GLANCE_EVERY).await;
        let now = begun(&mut connection).await?;
        seen += now
            .iter()
            .filter(|(process, at)| last.get(process) != Some(at))
            .count();
        last = now;
    }
    sqlx::Connection::close(connection).await?;
    Ok(seen <= FEW)
}

/// When each other connection began what it does, or did last.
async fn begun(connection: &mut PgConnection) -> Result<BTreeMap<i32, Option<DateTime<Utc>>>, sqlx::Error> {
    let begun = sqlx::query_as(
        "SELECT pid, query_start FROM pg_stat_activity
         WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()",
    );
    Ok(begun.fetch_all(connection).await?.into_iter().collect())
}

fn is_busy(transactions: i64, during: Duration) -> bool {
    let transactions = u32::try_from(transactions).unwrap_or(u32::MAX);
    f64::from(transactions) > BUSY * during.as_secs_f64()
}

/// How many transactions this database has ended, ever.
async fn transactions(database: &Pool) -> Result<i64, DbErr> {
    let count = Count::find_by_statement(sql(
        "SELECT xact_commit + xact_rollback AS transactions FROM pg_stat_database WHERE datname = current_database()",
        [],
    ))
    .one(database)
    .await?;
    Ok(count.map_or(0, |count| count.transactions))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_transactions_a_second_are_others() {
        for (transactions, milliseconds, expected) in [
            (0, 1000, false),
            (60, 1000, false),
            (61, 1000, true),
            (61, 1100, false),
            (-5, 1000, true),
            (i64::MAX, 1000, true),
        ] {
            let during = Duration::from_millis(milliseconds);
            assert_eq!(
                is_busy(transactions, during),
                expected,
                "{transactions} in {during:?}"
            );
        }
    }

    #[tokio::test]
    async fn the_second_hand_works_while_nobody_asks_and_the_first_has_not_ended() {
        let (pace, ended) = (Pace::new(), CancellationToken::new());
        assert!(pace.is_busy());
        pace.is_busy.store(false, Ordering::Relaxed);
        pace.rest(&ended, Duration::MAX).await;
        assert!(pace.second_hand(&ended).await);
        ended.cancel();
        assert!(!pace.second_hand(&ended).await);
        pace.is_busy.store(true, Ordering::Relaxed);
        assert!(!pace.second_hand(&ended).await);
    }
}
