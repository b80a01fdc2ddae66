//! Clocks that tests move instead of sleeping. The portal's and the database's move apart where R23 asks for it.

use std::sync::atomic::{AtomicI64, Ordering::SeqCst};

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use sea_orm::DbErr;
use stammtisch::clock::{Clock, DatabaseClock, SystemClock};

use stammtisch::database::Transaction;

/// The real time and two offsets, in microseconds. Time goes on by itself, so that what happens later is later.
#[derive(Debug, Default)]
pub struct MovedClock {
    portal: AtomicI64,
    database: AtomicI64,
}

impl MovedClock {
    /// Moves both clocks.
    pub fn advance(&self, by: TimeDelta) {
        self.advance_portal(by);
        self.database.fetch_add(microseconds(by), SeqCst);
    }

    /// Another clock beside the same database's, so much ahead of this one.
    pub fn apart(&self, by: TimeDelta) -> Self {
        Self {
            portal: AtomicI64::new(self.portal.load(SeqCst) + microseconds(by)),
            database: AtomicI64::new(self.database.load(SeqCst)),
        }
    }

    /// Moves the portal's clock alone.
    pub fn advance_portal(&self, by: TimeDelta) {
        self.portal.fetch_add(microseconds(by), SeqCst);
    }
}

impl Clock for MovedClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the tests' time comes from"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6) + TimeDelta::microseconds(self.portal.load(SeqCst))
    }
}

#[async_trait]
impl DatabaseClock for MovedClock {
    /// Asks the server as the real one does, so that queries are counted as in production.
    async fn now(&self, transaction: &Transaction) -> Result<DateTime<Utc>, DbErr> {
        let now = DatabaseClock::now(&SystemClock, transaction).await?;
        Ok(now + TimeDelta::microseconds(self.database.load(SeqCst)))
    }
}

fn microseconds(by: TimeDelta) -> i64 {
    by.num_microseconds()
        .expect("tests move the clock by less than 292,000 years")
}
