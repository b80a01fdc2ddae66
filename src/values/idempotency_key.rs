//! A key under which something is done once, however often it is sent.

use super::{Fault, Invalid};
use crate::secrets::sha256;

/// Longest key, in bytes.
const LIMIT: usize = 255;
const FIELD: &str = "Idempotency-Key";

/// Kept as its SHA-256: what a client puts into its keys is its own affair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey(Vec<u8>);

impl IdempotencyKey {
    /// # Errors
    /// No key, or one longer than 255 bytes.
    pub fn parse(raw: &str) -> Result<Self, Invalid> {
        let key = raw.trim();
        if key.is_empty() {
            return Err(Invalid::one(FIELD, Fault::new("required")));
        }
        if key.len() > LIMIT {
            return Err(Invalid::one(FIELD, Fault::with_limit("too_long", LIMIT)));
        }
        Ok(Self::of(key.as_bytes()))
    }

    /// The key that stands for all of this.
    pub fn of(everything: &[u8]) -> Self {
        Self(sha256(everything))
    }

    pub fn hash(&self) -> Vec<u8> {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_key_is_neither_empty_nor_long() {
        let refused = |raw: &str| {
            IdempotencyKey::parse(raw)
                .err()
                .map(|Invalid(faults)| faults.len())
        };
        assert_eq!(refused(" "), Some(1));
        assert_eq!(refused(&"k".repeat(256)), Some(1));
        assert_eq!(refused(&"k".repeat(255)), None);
        assert_eq!(IdempotencyKey::parse(" k "), IdempotencyKey::parse("k"));
    }
    proptest! {
        #[test]
        fn a_key_is_the_same_as_itself_alone(one in ".{0,40}|[a-b ]{0,3}|k{250,260}", other in ".{0,40}|[a-b ]{0,3}|k{250,260}") {
            let fits = |raw: &str| (1..=LIMIT).contains(&raw.trim().len());
            prop_assert_eq!(IdempotencyKey::parse(&one).is_ok(), fits(&one));
            if fits(&one) && fits(&other) {
                let same = IdempotencyKey::parse(&one) == IdempotencyKey::parse(&other);
                prop_assert_eq!(same, one.trim() == other.trim());
            }
        }
    }
}
