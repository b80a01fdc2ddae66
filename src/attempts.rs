//! How often somebody may try to get in: counted in the database, so that all instances count together, by the account
//! that is tried (known or not), the network, the device and the password. Rules kept here: waits grow and end, so that no
//! stranger locks anybody out; a device that signed in before has an allowance of its own; a refusal says when it works
//! again and uses nothing up.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::{database::sql, limits::TooOften, network::Network, portal::Portal, secrets::Key};

mod key;

pub use key::current_key;

/// What a try counts for.
#[derive(Clone, Copy)]
pub enum Try<'a> {
    /// An address, whether or not it has an account, from devices that are not known.
    Address(&'a str),
    /// An account, from a device that signed in to it before.
    Device(Uuid, &'a [u8]),
    /// A network, from devices that are not known: what fails.
    Network(Network),
    /// A password, from devices that are not known: one that is tried on many accounts is slowed down everywhere.
    Password(&'a str),
    /// A network that asks for what costs something before anybody proved anything, as mails do: all of it.
    Requests(Network),
    /// The password of whoever is signed in.
    Proof(Uuid),
    /// A code beside a password that was right.
    SecondStep(Uuid),
}

/// So many tries at once, then one after each wait, which is twice as long each time.
#[derive(Debug, Clone, Copy)]
struct Pace {
    free: i32,
    first: Duration,
    longest: Duration,
    /// Without a try for so long, it begins anew.
    forgotten: Duration,
}

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

impl Try<'_> {
    /// ASVS 5.0, 6.3.1, asks for such limits and leaves the numbers to the application.
    fn pace(self) -> Pace {
        let pace = |free, first, longest, forgotten| Pace {
            free,
            first: Duration::from_secs(first),
            longest: Duration::from_secs(longest),
            forgotten,
        };
        match self {
            // At most 60 an hour. Its person waits no longer than a minute on a new device, and not at all on theirs.
            Self::Address(_) => pace(5, 2, 60, HOUR),
            Self::Device(..) | Self::Proof(_) => pace(10, 2, 900, HOUR),
            // Three of a million codes are good at any time: who has the password guesses one in 3,000 days.
            Self::SecondStep(_) => pace(5, 2, 900, DAY),
            // An authority's hundreds of people may share one IPv4 address.
            Self::Network(_) => pace(50, 1, 30, HOUR),
            // Of 10,000 accounts, the last is reached after 41 hours, from however many networks.
            Self::Password(_) => pace(20, 1, 15, DAY),
            Self::Requests(_) => pace(60, 2, 60, HOUR),
        }
    }

    /// Under what it is counted: which kind of try, and a keyed hash. Of a password 24 bits of it: whoever had the key,
    /// too, would find that one guess in 16 million fits, and not learn which.
    fn key(self, key: &Key) -> Vec<u8> {
        let hash = |kind: u8, purpose, data: &[u8], bytes: usize| {
            [&[kind], &key.keyed(purpose, data)[..bytes]].concat()
        };
        match self {
            Self::Address(typed) => {
                let address = typed.trim().to_lowercase();
                hash(1, "attempt of address", address.as_bytes(), 16)
            }
            Self::Device(account, device) => {
                let data = [account.as_bytes().as_slice(), device].concat();
                hash(2, "attempt of device", &data, 16)
            }
            Self::Network(network) => hash(3, "attempt of network", &network.bytes(), 16),
            Self::Password(raw) => {
                // More is no password: see `passwords::MAX_BYTES`.
                let password: String = raw.nfkc().take(1_024).collect();
                hash(4, "attempt of password", password.as_bytes(), 3)
            }
            Self::Requests(network) => hash(5, "requests of network", &network.bytes(), 16),
            Self::Proof(account) => hash(6, "attempt of proof", account.as_bytes(), 16),
            Self::SecondStep(account) => hash(7, "attempt of second step", account.as_bytes(), 16),
        }
    }

    /// Whether a success makes what was tried before forgotten. What many share remembers the tries of the others.
    fn is_ones_own(self) -> bool {
        matches!(
            self,
            Self::Address(_) | Self::Device(..) | Self::Proof(_) | Self::SecondStep(_)
        )
    }
}

/// A try that was let through, and counts as a failed one until it says otherwise.
#[must_use]
#[derive(Debug, Default)]
pub struct Admitted {
    own: Vec<Vec<u8>>,
    shared: Vec<Vec<u8>>,
}

/// Counts a try for all of this, or refuses it where one of them has to wait.
pub async fn admit(portal: &Portal, tries: &[Try<'_>]) -> Result<Result<Admitted, TooOften>, DbErr> {
    if !portal.settings.limits.enabled {
        return Ok(Ok(Admitted::default()));
    }
    let key = current_key(portal).await?;
    let keys: Vec<Vec<u8>> = tries.iter().map(|one| one.key(&key)).collect();
    let paces: Vec<Pace> = tries.iter().map(|one| one.pace()).collect();
    let seconds =
        |of: fn(&Pace) -> Duration| -> Vec<f64> { paces.iter().map(|pace| of(pace).as_secs_f64()).collect() };
    let now = portal.now();
    let row = portal
        .database
        .query_one_raw(sql(
            "SELECT take_attempts($1, $2, $3, $4, $5, $6) AS again_at",
            [
                keys.clone().into(),
                paces.iter().map(|pace| pace.free).collect::<Vec<i32>>().into(),
                seconds(|pace| pace.first).into(),
                seconds(|pace| pace.longest).into(),
                seconds(|pace| pace.forgotten).into(),
                now.into(),
            ],
        ))
        .await?;
    let again_at: Option<DateTime<Utc>> = row.map(|row| row.try_get("", "again_at")).transpose()?.flatten();
    if let Some(again_at) = again_at {
        // What an instance whose clock is ahead counted makes nobody wait longer than the longest wait.
        let longest = paces.iter().map(|pace| pace.longest).max().unwrap_or_default();
        let longest = TimeDelta::from_std(longest).unwrap_or(TimeDelta::MAX);
        return Ok(Err(TooOften {
            again_in: (again_at - now).min(longest),
        }));
    }
    let (own, shared): (Vec<_>, Vec<_>) = tries.iter().zip(keys).partition(|(one, _)| one.is_ones_own());
    let keys = |pairs: Vec<(&Try<'_>, Vec<u8>)>| pairs.into_iter().map(|(_, key)| key).collect();
    Ok(Ok(Admitted {
        own: keys(own),
        shared: keys(shared),
    }))
}

impl Admitted {
    /// It was right: what was tried on one's own account before is forgotten.
    pub async fn succeeded(self, portal: &Portal) -> Result<(), DbErr> {
        forgive(portal, self.own, self.shared).await
    }

    /// Nothing was tried after all.
    pub async fn given_back(self, portal: &Portal) -> Result<(), DbErr> {
        let Self { mut own, shared } = self;
        own.extend(shared);
        forgive(portal, Vec::new(), own).await
    }
}

async fn forgive(portal: &Portal, ended: Vec<Vec<u8>>, others: Vec<Vec<u8>>) -> Result<(), DbErr> {
    if ended.is_empty() && others.is_empty() {
        return Ok(());
    }
    portal
        .database
        .execute_raw(sql(
            "SELECT forgive_attempts($1, $2)",
            [ended.into(), others.into()],
        ))
        .await?;
    Ok(())
}
