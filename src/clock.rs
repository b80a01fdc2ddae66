//! Time and chance, handed in rather than taken: tests move the clock instead of sleeping.
//!
//! Instants that decide about erasure are the database's (R23), everything else is the portal's.

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::{Builder, Uuid};

use crate::database::Transaction;

/// The portal's own clock.
pub trait Clock: Send + Sync + 'static {
    /// Now, to the microsecond: PostgreSQL keeps no more, and what is compared must be equal after a round trip.
    fn now(&self) -> DateTime<Utc>;
}

/// The database's clock, which decides when something is due (R23).
#[async_trait]
pub trait DatabaseClock: Send + Sync + 'static {
    /// Now on the database's server, read inside `transaction`, so that it is later than every lock taken before.
    async fn now(&self, transaction: &Transaction) -> Result<DateTime<Utc>, DbErr>;
}

/// Where tokens, salts and ids come from.
pub trait Random: Send + Sync + 'static {
    /// Fills `bytes` from a cryptographically secure source.
    fn fill(&self, bytes: &mut [u8]);

    /// A version 4 id, which tells nothing: for accounts and receipts.
    fn uuid_v4(&self) -> Uuid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A version 7 id, which sorts by time: for rows that are listed by it.
    fn uuid_v7(&self, at: DateTime<Utc>) -> Uuid {
        let mut bytes = [0; 10];
        self.fill(&mut bytes);
        // RFC 9562, 6.2, method 3: what stands below the millisecond leads the random part, so that rows of one
        // millisecond keep their order.
        let below_millisecond = at.timestamp_subsec_nanos() % 1_000_000;
        let fraction = u16::try_from(below_millisecond / 245).unwrap_or(0xfff);
        bytes[0] = u8::try_from(fraction >> 8).unwrap_or(0x0f);
        bytes[1] = u8::try_from(fraction & 0xff).unwrap_or(0xff);
        Builder::from_unix_timestamp_millis(u64::try_from(at.timestamp_millis()).unwrap_or(0), &bytes)
            .into_uuid()
    }
}

/// The clock of the machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the portal's time comes from"
    )]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

#[async_trait]
impl DatabaseClock for SystemClock {
    async fn now(&self, transaction: &Transaction) -> Result<DateTime<Utc>, DbErr> {
        // now() is the transaction's start and may lie before a lock that was waited for.
        transaction
            .query_one_raw(crate::database::sql("SELECT clock_timestamp() AS now", []))
            .await?
            .ok_or_else(|| DbErr::RecordNotFound("clock_timestamp()".to_owned()))?
            .try_get("", "now")
    }
}

/// The random source of the operating system.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the portal's randomness comes from"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        // A machine without randomness can hand out no token: there is nothing safe to go on with.
        #[expect(
            clippy::expect_used,
            reason = "getrandom(2) fails only on systems the portal does not run on"
        )]
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}
