//! How one Argon2 hash is made: its parameters, the parsing of stored ones, and the computation itself.
//! Rule kept here: whatever is stored, the work and memory of one hash stay bounded.

use argon2::{
    Algorithm, Argon2, Block, KeyId, Params, ParamsBuilder, Version,
    password_hash::phc::{self, Output, ParamsString, Salt},
};
use zeroize::Zeroizing;

use super::{Password, PasswordHash};
use crate::secrets::{Key, Keys};

/// Argon2id's cost. The default is the OWASP Password Storage Cheat Sheet's: 19 MiB, 2 passes, 1 lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HashParameters {
    /// Memory of one hash in KiB, at least 8 per lane. Every thread that hashes takes as much.
    pub memory_kib: u32,
    /// Passes over the memory, at least 1.
    pub iterations: u32,
    /// Lanes, at least 1. They are computed one after another, so that one hash is one thread's work.
    pub parallelism: u32,
}

impl Default for HashParameters {
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            iterations: 2,
            parallelism: 1,
        }
    }
}

/// Bytes of a hash: the 256-bit tag of RFC 9106's recommendations (section 4).
const OUTPUT_BYTES: usize = 32;

/// Ceilings for stored hashes that were made with other parameters than today's: 64 MiB are
/// RFC 9106's second recommendation (section 4). Above both them and today's parameters, a
/// stored hash is taken for damaged or planted, and refused.
const STORED_CEILING: HashParameters = HashParameters {
    memory_kib: 65_536,
    iterations: 10,
    parallelism: 16,
};

/// The stored string is no Argon2 hash, or one of absurd cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored password hash cannot be used")]
pub(super) struct Unusable;

/// How hashes are made today, and the peppers that stored ones may have been made with, the current one first.
#[derive(Debug)]
pub(super) struct Making {
    /// They name the current pepper as Argon2's `keyid`, which tells nothing of it and decides nothing by itself.
    pub(super) params: Params,
    pub(super) peppers: Keys,
}

/// Everything that decides a hash besides the password.
#[derive(Debug, Clone)]
pub(super) struct Recipe {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Salt,
    /// Argon2's secret (RFC 9106, section 3.1).
    pepper: Option<Key>,
}

/// What was stored.
#[derive(Debug)]
pub(super) struct Stored {
    pub(super) recipe: Recipe,
    /// What it has to come to.
    pub(super) output: Output,
    /// Whether the settings have the pepper that it was made with. If not, nothing comes to it.
    pub(super) is_peppered_right: bool,
}

impl Recipe {
    /// A new hash of today's making.
    pub(super) fn new(today: &Making, salt: [u8; 16]) -> Result<Self, Unusable> {
        let salt = Salt::new(&salt).map_err(|_| Unusable)?;
        Ok(Self {
            algorithm: Algorithm::Argon2id,
            version: Version::V0x13,
            params: today.params.clone(),
            salt,
            pepper: today.peppers.current().cloned(),
        })
    }

    /// The recipe of a stored hash, with the pepper that it names.
    pub(super) fn parse(stored: &str, today: &Making) -> Result<Stored, Unusable> {
        let (mut recipe, output) = Self::parse_any(stored)?;
        let (params, current) = (&recipe.params, &today.params);
        let bounded = params.m_cost() <= STORED_CEILING.memory_kib.max(current.m_cost())
            && params.t_cost() <= STORED_CEILING.iterations.max(current.t_cost())
            && params.p_cost() <= STORED_CEILING.parallelism.max(current.p_cost());
        if !bounded {
            return Err(Unusable);
        }
        recipe.pepper = today.peppers.find(params.keyid()).cloned();
        let is_peppered_right = params.keyid().is_empty() || recipe.pepper.is_some();
        Ok(Stored {
            recipe,
            output,
            is_peppered_right,
        })
    }

    /// Whether the stored hash is of today's making, pepper, salt and length included.
    pub(super) fn is_current(stored: &str, today: &Making) -> bool {
        let today = &today.params;
        Self::parse_any(stored).is_ok_and(|(recipe, output)| {
            recipe.algorithm == Algorithm::Argon2id
                && recipe.version == Version::V0x13
                && recipe.params.m_cost() == today.m_cost()
                && recipe.params.t_cost() == today.t_cost()
                && recipe.params.p_cost() == today.p_cost()
                && recipe.params.keyid() == today.keyid()
                && recipe.salt.len() >= 16
                && output.len() == OUTPUT_BYTES
        })
    }

    fn parse_any(stored: &str) -> Result<(Self, Output), Unusable> {
        let parsed = phc::PasswordHash::new(stored).map_err(|_| Unusable)?;
        let algorithm = Algorithm::try_from(parsed.algorithm.as_str()).map_err(|_| Unusable)?;
        let version = parsed
            .version
            .map(Version::try_from)
            .transpose()
            .map_err(|_| Unusable)?;
        let params = Params::try_from(&parsed).map_err(|_| Unusable)?;
        let salt = parsed.salt.ok_or(Unusable)?;
        let output = parsed.hash.ok_or(Unusable)?;
        Ok((
            Self {
                algorithm,
                version: version.unwrap_or_default(),
                params,
                salt,
                pepper: None,
            },
            output,
        ))
    }

    /// The PHC string for storing.
    pub(super) fn to_phc(&self, output: Output) -> Result<PasswordHash, Unusable> {
        let hash = phc::PasswordHash {
            algorithm: self.algorithm.ident(),
            version: Some(self.version.into()),
            params: ParamsString::try_from(&self.params).map_err(|_| Unusable)?,
            salt: Some(self.salt),
            hash: Some(output),
        };
        Ok(PasswordHash(hash.to_string()))
    }

    /// Computes the hash: all of its cost is here. The outputs compare in constant time with `==`.
    pub(super) fn compute(&self, password: &Password, memory: &mut Memory) -> Result<Output, Unusable> {
        let mut buffer = Zeroizing::new([0; Output::MAX_LENGTH]);
        let length = self.params.output_len().unwrap_or(OUTPUT_BYTES);
        let out = buffer.get_mut(..length).ok_or(Unusable)?;
        let (algorithm, version, params) = (self.algorithm, self.version, self.params.clone());
        let argon2 = match &self.pepper {
            Some(pepper) => {
                Argon2::new_with_secret(pepper.bytes(), algorithm, version, params).map_err(|_| Unusable)?
            }
            None => Argon2::new(algorithm, version, params),
        };
        memory.with_blocks(self.params.block_count(), |blocks| {
            argon2
                .hash_password_into_with_memory(password.as_str().as_bytes(), &self.salt, out, blocks)
                .map_err(|_| Unusable)
        })??;
        Output::new(out).map_err(|_| Unusable)
    }
}

impl Making {
    /// Out of the settings.
    pub(super) fn new(parameters: HashParameters, peppers: Keys) -> Result<Self, argon2::Error> {
        let mut params = ParamsBuilder::new();
        params
            .m_cost(parameters.memory_kib)
            .t_cost(parameters.iterations)
            .p_cost(parameters.parallelism)
            .output_len(OUTPUT_BYTES);
        if let Some(pepper) = peppers.current() {
            params.keyid(KeyId::new(pepper.id())?);
        }
        Ok(Self {
            params: params.build()?,
            peppers,
        })
    }
}

/// One thread's working memory, kept between hashes that follow one another: a fresh 19 MiB each time
/// costs up to half as much as the hash itself (10 of 22 ms, measured).
///
/// It is not wiped after each hash: the next one overwrites it, and with two passes or more none of
/// the blocks derived from the password alone is left in it.
pub(super) struct Memory(Vec<Block>);

impl Memory {
    /// As much as today's parameters need.
    pub(super) fn new(params: &Params) -> Result<Self, Unusable> {
        Ok(Self(allocate(params.block_count())?))
    }

    /// Lends so many blocks: those kept, or temporary ones where an old hash needs more.
    fn with_blocks<T>(&mut self, count: usize, work: impl FnOnce(&mut [Block]) -> T) -> Result<T, Unusable> {
        match self.0.get_mut(..count) {
            Some(blocks) => Ok(work(blocks)),
            None => Ok(work(&mut allocate(count)?)),
        }
    }
}

/// What is larger goes back to the system as soon as it is freed; of anything smaller the C library keeps as much as it was
/// given once (`mallopt(3)`: `DEFAULT_MMAP_THRESHOLD_MAX`, 32 MiB, is the most that `M_MMAP_THRESHOLD` grows to by
/// itself).
const GIVEN_BACK_FROM: usize = 33 << 20;

/// An error instead of the process' end where the system has no such memory. What is reserved and never written to takes
/// none.
fn allocate(count: usize) -> Result<Vec<Block>, Unusable> {
    let mut blocks = Vec::new();
    blocks
        .try_reserve_exact(count.max(GIVEN_BACK_FROM / size_of::<Block>()))
        .map_err(|_| Unusable)?;
    blocks.resize(count, Block::new());
    Ok(blocks)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TODAY: HashParameters = HashParameters {
        memory_kib: 64,
        iterations: 2,
        parallelism: 1,
    };

    fn today() -> Making {
        Making::new(TODAY, Keys::default()).unwrap()
    }

    fn stored(algorithm: &str, memory_kib: u32, iterations: u32, parallelism: u32) -> String {
        format!(
            "${algorithm}$v=19$m={memory_kib},t={iterations},p={parallelism}$c29tZXNhbHRzb21lc2FsdA\
             $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        )
    }

    #[test]
    fn a_published_test_vector_comes_out() {
        // The reference implementation's test.c: version 0x13, argon2id, 2^8 KiB, 2 passes.
        let stored = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        let today = today();
        let Stored {
            recipe,
            output: expected,
            ..
        } = Recipe::parse(stored, &today).unwrap();
        let password = Password::for_check("password").unwrap();
        // More memory than is kept: a temporary one is used.
        let mut memory = Memory::new(&today.params).unwrap();
        assert!(recipe.compute(&password, &mut memory).unwrap() == expected);
        assert_eq!(memory.0.len(), 64);
        assert_eq!(recipe.to_phc(expected).unwrap().as_str(), stored);
    }

    #[test]
    fn hashes_of_other_making_are_due_for_rehashing() {
        let today = today();
        let current = stored("argon2id", 64, 2, 1);
        for (hash, expected) in [
            (current.clone(), true),
            (stored("argon2i", 64, 2, 1), false),
            (stored("argon2id", 65, 2, 1), false),
            (stored("argon2id", 64, 3, 1), false),
            (stored("argon2id", 64, 2, 2), false),
            (current.replace("v=19", "v=16"), false),
            (current.replace("c29tZXNhbHRzb21lc2FsdA", "c29tZXNhbHQ"), false),
            ("nonsense".into(), false),
            (String::new(), false),
            (current.replace("p=1", "p=1,keyid=AAAAAAAAAAA"), false),
        ] {
            assert_eq!(Recipe::is_current(&hash, &today), expected, "{hash}");
        }
    }

    #[test]
    fn absurd_stored_costs_are_refused() {
        let today = today();
        for (hash, usable) in [
            (stored("argon2id", 65_536, 10, 4), true),
            (stored("argon2id", 65_537, 2, 1), false),
            (stored("argon2id", u32::MAX, 2, 1), false),
            (stored("argon2id", 64, u32::MAX, 1), false),
            (stored("argon2id", 65_536, 2, 17), false),
            (stored("scrypt", 64, 2, 1), false),
            ("$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA".into(), false),
        ] {
            assert_eq!(Recipe::parse(&hash, &today).is_ok(), usable, "{hash}");
        }
        // Today's own parameters are never absurd.
        let costly = HashParameters {
            memory_kib: 1 << 20,
            iterations: 20,
            parallelism: 32,
        };
        let today = Making::new(costly, Keys::default()).unwrap();
        assert!(Recipe::parse(&stored("argon2id", 1 << 20, 20, 32), &today).is_ok());
    }
    proptest! {
        #[test]
        fn what_is_read_as_a_stored_hash_is_written_the_same(
            text in ".{0,60}|\\$argon2(id|i|d)(\\$v=(16|19))?\\$m=[0-9]{1,6},t=[0-9]{1,2},p=[0-9](,keyid=[A-Za-z0-9]{0,11})?\\$[A-Za-z0-9+/]{0,24}\\$[A-Za-z0-9+/]{43}",
        ) {
            let today = today();
            let _ = Recipe::is_current(&text, &today);
            if let Ok(Stored { recipe, output, .. }) = Recipe::parse(&text, &today) {
                let written = recipe.to_phc(output).unwrap();
                let again = Recipe::parse(written.as_str(), &today).unwrap();
                prop_assert!(again.output == output);
                let rewritten = again.recipe.to_phc(again.output).unwrap();
                prop_assert_eq!(rewritten.as_str(), written.as_str());
            }
        }
    }
}
