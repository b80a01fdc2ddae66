//! Which accounts signed in on a device before. A signed cookie tells it, which the device alone keeps: nothing of it is
//! stored here, and whoever reads it finds no account in it. A password that is replaced ends what it tells (R7).

mod family;

pub use family::Family;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::{credentials::Checked, network::Network, portal::Portal};

/// How long a device is known after a sign-in on it.
pub const KNOWN_FOR: TimeDelta = TimeDelta::days(365);

/// So many accounts are known on a device; the next one takes the place of whichever signed in there longest ago.
const ACCOUNTS: usize = 8;
/// How the cookie's value begins: a later form begins otherwise.
const FORM: u8 = 1;
/// 128 bits: as hard to guess as a session's key.
const ID_BYTES: usize = 16;
const PROOF_BYTES: usize = 16;
const DAY_BYTES: usize = 2;
const SIGN_IN_BYTES: usize = DAY_BYTES + PROOF_BYTES;
/// What keeps these proofs apart from everything else that is keyed.
const PURPOSE: &str = "device";

/// A browser, as its cookie describes it.
#[derive(Clone, PartialEq, Eq)]
pub struct Device {
    /// At random: it ties the proofs to this one device, and tells nothing.
    id: [u8; ID_BYTES],
    /// Newest first.
    sign_ins: Vec<SignIn>,
}

/// That an account signed in.
#[derive(Clone, PartialEq, Eq)]
struct SignIn {
    /// Days since 1970, to end it after [`KNOWN_FOR`] whatever the device does.
    day: u16,
    /// Keyed over account, version of the password, device and day; cut to half its length.
    proof: [u8; PROOF_BYTES],
}

/// Where somebody signs in from.
#[derive(Debug, Clone)]
pub struct Visit {
    /// None: its browser brought no cookie that can be read.
    pub device: Option<Device>,
    pub family: Family,
    pub network: Network,
}

impl Visit {
    /// Whether this account signed in on this device before, with the password of this version.
    pub fn is_known_to(&self, portal: &Portal, account: Uuid, version: i32) -> bool {
        self.device_known_to(portal, account, version).is_some()
    }

    /// What tells the device from others, if this account signed in on it before.
    pub fn device_known_to(&self, portal: &Portal, account: Uuid, version: i32) -> Option<&[u8]> {
        let device = self.device.as_ref()?;
        device
            .knows(portal, account, version)
            .then_some(device.id.as_slice())
    }

    /// The device after a sign-in there; one that brought no cookie is a new one.
    #[must_use]
    pub fn after_sign_in(&self, portal: &Portal, checked: Checked) -> Device {
        let device = self.device.clone().unwrap_or_else(|| Device::new(portal));
        device.with(portal, checked)
    }
}

impl std::fmt::Debug for Device {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Device")
    }
}

impl Device {
    fn new(portal: &Portal) -> Self {
        let mut id = [0; ID_BYTES];
        portal.random.fill(&mut id);
        Self {
            id,
            sign_ins: Vec::new(),
        }
    }

    /// What a cookie says; none where it is nothing that [`Device::write`] wrote.
    pub fn parse(value: &str) -> Option<Self> {
        let longest = 1 + ID_BYTES + ACCOUNTS * SIGN_IN_BYTES;
        if value.len() > longest * 2 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(value).ok()?;
        let (form, rest) = bytes.split_first()?;
        let (id, rest) = rest.split_first_chunk::<ID_BYTES>()?;
        if *form != FORM || bytes.len() > longest || rest.len() % SIGN_IN_BYTES != 0 {
            return None;
        }
        let sign_ins = rest.chunks_exact(SIGN_IN_BYTES).map(|bytes| {
            let (day, proof) = bytes.split_first_chunk::<DAY_BYTES>()?;
            Some(SignIn {
                day: u16::from_be_bytes(*day),
                proof: proof.try_into().ok()?,
            })
        });
        Some(Self {
            id: *id,
            sign_ins: sign_ins.collect::<Option<_>>()?,
        })
    }

    /// The cookie's value: at most 215 characters of base64url.
    pub fn write(&self) -> String {
        let mut bytes = vec![FORM];
        bytes.extend(self.id);
        for SignIn { day, proof } in &self.sign_ins {
            bytes.extend(day.to_be_bytes());
            bytes.extend(proof);
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn knows(&self, portal: &Portal, account: Uuid, version: i32) -> bool {
        let today = day_of(portal.now());
        self.sign_ins
            .iter()
            .any(|sign_in| sign_in.is_fresh(today) && self.confirms(portal, sign_in, account, version))
    }

    /// The same device after a sign-in, which takes the place of an earlier one of the same account.
    fn with(mut self, portal: &Portal, checked: Checked) -> Self {
        let Checked { account, version } = checked;
        let day = day_of(portal.now());
        let mut sign_ins = std::mem::take(&mut self.sign_ins);
        sign_ins.retain(|sign_in| sign_in.is_fresh(day) && !self.confirms(portal, sign_in, account, version));
        let keyed = portal
            .secrets
            .keyed(PURPOSE, &self.statement(account, version, day));
        let mut proof = [0; PROOF_BYTES];
        proof.copy_from_slice(&keyed[..PROOF_BYTES]);
        sign_ins.insert(0, SignIn { day, proof });
        sign_ins.truncate(ACCOUNTS);
        Self { sign_ins, ..self }
    }

    fn confirms(&self, portal: &Portal, sign_in: &SignIn, account: Uuid, version: i32) -> bool {
        let statement = self.statement(account, version, sign_in.day);
        portal.secrets.confirms(PURPOSE, &statement, &sign_in.proof)
    }

    /// Each part has a fixed length, so that no two statements read alike.
    fn statement(&self, account: Uuid, version: i32, day: u16) -> Vec<u8> {
        [
            account.as_bytes().as_slice(),
            &version.to_be_bytes(),
            &self.id,
            &day.to_be_bytes(),
        ]
        .concat()
    }
}

impl SignIn {
    fn is_fresh(&self, today: u16) -> bool {
        let age = i64::from(today) - i64::from(self.day);
        age <= KNOWN_FOR.num_days()
    }
}

fn day_of(at: DateTime<Utc>) -> u16 {
    let days = at.timestamp() / TimeDelta::days(1).num_seconds();
    u16::try_from(days).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        fn any_device()(
            id: [u8; ID_BYTES],
            sign_ins in proptest::collection::vec(any::<(u16, [u8; PROOF_BYTES])>(), 0..=ACCOUNTS),
        ) -> Device {
            let sign_ins = sign_ins.into_iter().map(|(day, proof)| SignIn { day, proof });
            Device { id, sign_ins: sign_ins.collect() }
        }
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(device in any_device()) {
            let value = device.write();
            prop_assert!(value.len() <= 215 && value.bytes().all(|byte| byte.is_ascii_graphic()));
            prop_assert!(Device::parse(&value) == Some(device));
        }

        #[test]
        fn whatever_else_is_read_is_nothing_or_reads_the_same_again(value in "[A-Za-z0-9_-]{0,240}|.{0,40}") {
            if let Some(device) = Device::parse(&value) {
                prop_assert_eq!(device.write(), value);
            }
        }

        #[test]
        fn what_was_cut_off_or_continued_is_nothing(device in any_device(), more in "[A-Za-z0-9_-]{1,20}") {
            let value = device.write();
            prop_assert!(Device::parse(&value[..value.len() - 1]).is_none());
            prop_assert!(Device::parse(&(value + &more)).is_none());
        }
    }
}
