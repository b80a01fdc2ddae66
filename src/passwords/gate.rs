//! The gate every password hash goes through: hashing, checking, and when it is too busy for either.
//! Rule kept here: a flood of sign-ins costs bounded memory and time, and tells nobody which accounts exist.

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;

use std::{
    fmt,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use argon2::password_hash::phc::Output;
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};

use super::{
    Password, PasswordHash,
    breached::{Breached, BreachedError, List},
    recipe::{HashParameters, Making, Memory, Recipe, Stored, Unusable},
    workers::Workers,
};
use crate::{secrets::Keys, settings::Settings};

/// How long whoever is refused waits for that answer: too short for a person to notice (it is there within 100 ms), and
/// long enough that clients who ask again at once cannot keep the processor busy with refusals.
const REFUSED_AFTER: Duration = Duration::from_millis(50);

/// The counter of those who were refused.
pub const REFUSALS: &str = "stammtisch_password_refusals_total";

/// What came of checking a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is the account's password.
    Right,
    /// It is not, or there is no such account.
    Wrong,
}

/// Why a password was neither hashed nor checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// More than a second of work would be waiting; nothing was queued.
    #[error("too many passwords are waiting to be hashed")]
    Busy {
        /// When trying again makes sense: whole seconds, at least one, as `Retry-After` wants them.
        retry_after: Duration,
    },
    /// The stored hash is damaged or of absurd cost, or hashing failed. Logged where it happened.
    #[error("the password could not be hashed")]
    Failed,
}

/// Why the gate could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum GateSetupError {
    /// Argon2 does not know such parameters.
    #[error("unusable parameters for password hashing: {0}")]
    Parameters(argon2::Error),
    /// The first hash failed: there is not that much memory.
    #[error("no memory for hashing passwords with these parameters")]
    Memory,
    /// The system gave no thread.
    #[error("no thread for hashing passwords")]
    Thread(#[from] std::io::Error),
}

/// The gate. Clones share it; its threads end when the last one is dropped.
#[derive(Clone)]
pub struct Passwords {
    workers: Arc<Workers>,
    making: Arc<Making>,
    breached: Arc<List>,
    /// Stands in for the hash of an account that doesn't exist.
    dummy: Arc<str>,
}

impl Passwords {
    /// As the settings say; see [`Self::new`]. The list of breached passwords is read when it is first needed.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn from_settings(settings: &Settings, threads: Option<usize>) -> Result<Self, GateSetupError> {
        let passwords = &settings.passwords;
        let parameters = HashParameters {
            memory_kib: passwords.memory_kib,
            iterations: passwords.iterations,
            parallelism: passwords.parallelism,
        };
        let mut gate = Self::new(parameters, passwords.pepper.clone(), threads)?;
        gate.breached = Arc::new(List::at(settings.breached_file(), passwords.breached.is_some()));
        Ok(gate)
    }

    /// Opens the gate with so many threads, by default one for each core the process may use. Each
    /// takes `memory_kib` of memory while it has something to hash. Makes one hash before it returns,
    /// to learn how long one takes. The first pepper goes into new hashes; the others only check those
    /// that were made with them.
    ///
    /// # Errors
    /// Parameters outside Argon2's limits, or the system has no memory or thread to give.
    pub fn new(
        parameters: HashParameters,
        peppers: Keys,
        threads: Option<usize>,
    ) -> Result<Self, GateSetupError> {
        let making = Making::new(parameters, peppers).map_err(GateSetupError::Parameters)?;
        let cores = || thread::available_parallelism().map_or(1, usize::from);
        let threads = threads.unwrap_or_else(cores).max(1);

        let mut memory = Memory::new(&making.params).map_err(|_| GateSetupError::Memory)?;
        // No secret: its password is never accepted, whoever guesses it (see `verify`).
        let start = Instant::now();
        let dummy = Password::for_check("")
            .map_err(|_| Unusable)
            .and_then(|nothing| {
                let recipe = Recipe::new(&making, *b"no such account!")?;
                recipe.to_phc(recipe.compute(&nothing, &mut memory)?)
            })
            .map_err(|_| GateSetupError::Memory)?;
        let workers = Workers::start(threads, start.elapsed(), &making.params)?;
        Ok(Self {
            workers: Arc::new(workers),
            making: Arc::new(making),
            breached: Arc::default(),
            dummy: dummy.0.into(),
        })
    }

    /// Whether a hash would be taken now: asked before anything is looked up for it, so that a refusal costs next to
    /// nothing. Keeps no place.
    ///
    /// # Errors
    /// [`GateError::Busy`] when too much is waiting.
    pub async fn check_room(&self) -> Result<(), GateError> {
        let room = self.workers.0.with_room(|_| ());
        if room.is_err() {
            metrics::counter!(REFUSALS).increment(1);
            // Whoever asks again without a pause would else do so thousands of times a second.
            tokio::time::sleep(REFUSED_AFTER).await;
        }
        room
    }

    /// Hashes a chosen password for storing. `salt` must be random and new for every hash.
    ///
    /// # Errors
    /// [`GateError::Busy`] at once when too much is waiting; [`GateError::Failed`] when hashing failed.
    pub async fn hash(&self, password: Password, salt: [u8; 16]) -> Result<PasswordHash, GateError> {
        let recipe = Recipe::new(&self.making, salt).map_err(failed)?;
        let output = self.compute(recipe.clone(), password).await?;
        recipe.to_phc(output).map_err(failed)
    }

    /// Checks a password against the account's stored hash.
    ///
    /// `None` stands for "no such account". It takes the same path and the same time as a wrong
    /// password and comes to [`Verdict::Wrong`], so that addresses cannot be probed (OWASP
    /// Authentication Cheat Sheet). Accounts whose hash [needs rehashing](Self::needs_rehash) take the
    /// time of their own parameters. One whose pepper the settings do not have is wrong as well.
    ///
    /// # Errors
    /// [`GateError::Busy`] at once when too much is waiting; [`GateError::Failed`] when the stored
    /// hash is damaged or of absurd cost, or hashing failed.
    pub async fn verify(&self, password: Password, stored: Option<&str>) -> Result<Verdict, GateError> {
        let Stored {
            recipe,
            output: expected,
            is_peppered_right,
        } = Recipe::parse(stored.unwrap_or(&self.dummy), &self.making).map_err(failed)?;
        let output = self.compute(recipe, password).await?;
        // Compared in constant time, and compared even if the answer is known.
        let equal = output == expected;
        Ok(if equal & stored.is_some() & is_peppered_right {
            Verdict::Right
        } else {
            Verdict::Wrong
        })
    }

    /// Whether the stored hash was made by another algorithm, with other parameters or another pepper
    /// than today's, and should be replaced at the next successful sign-in.
    pub fn needs_rehash(&self, stored: &str) -> bool {
        !Recipe::is_current(stored, &self.making)
    }

    /// The list of breached passwords, if there is one. The first call reads it, which takes a moment.
    ///
    /// # Errors
    /// It is damaged, or missing where the settings name one.
    pub fn breached(&self) -> Result<Option<&Breached>, &BreachedError> {
        self.breached.get()
    }

    /// What stored hashes call the peppers of the settings: `keyid` in their PHC string.
    pub fn pepper_ids(&self) -> Vec<String> {
        let peppers = self.making.peppers.iter();
        peppers
            .map(|pepper| STANDARD_NO_PAD.encode(pepper.id()))
            .collect()
    }

    async fn compute(&self, recipe: Recipe, password: Password) -> Result<Output, GateError> {
        let output = self
            .workers
            .run(move |memory| recipe.compute(&password, memory))
            .await;
        if matches!(output, Err(GateError::Busy { .. })) {
            metrics::counter!(REFUSALS).increment(1);
        }
        output
    }
}

impl fmt::Debug for Passwords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Passwords")
            .field("params", &self.making.params)
            .finish_non_exhaustive()
    }
}

/// Says in the log, and only there, what went wrong.
pub(super) fn failed(reason: Unusable) -> GateError {
    tracing::error!(%reason, "password hashing failed");
    GateError::Failed
}
