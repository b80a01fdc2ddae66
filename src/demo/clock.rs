//! A clock that can be put back while the demonstration's past is made. The database's goes with it.

use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::DbErr;

use crate::clock::{Clock, DatabaseClock, SystemClock};

use crate::database::Transaction;

/// Behind the machine's clock by so many seconds.
#[derive(Debug, Default)]
pub struct DemoClock {
    behind: AtomicI64,
}

impl DemoClock {
    pub fn put_back(&self, by: TimeDelta) {
        self.behind.store(by.num_seconds(), Ordering::Relaxed);
    }

    pub fn set_right(&self) {
        self.put_back(TimeDelta::zero());
    }

    fn behind(&self) -> TimeDelta {
        TimeDelta::seconds(self.behind.load(Ordering::Relaxed))
    }
}

impl Clock for DemoClock {
    fn now(&self) -> DateTime<Utc> {
        Clock::now(&SystemClock) - self.behind()
    }
}

#[async_trait]
impl DatabaseClock for DemoClock {
    async fn now(&self, transaction: &Transaction) -> Result<DateTime<Utc>, DbErr> {
        Ok(DatabaseClock::now(&SystemClock, transaction).await? - self.behind())
    }
}
