//! Passwords: what may be chosen (`policy`, `breached`), and hashing and checking them at a bounded cost (`gate`).
//! Rule kept here: a password or its hash never reaches a log, and a password is wiped when it is done with.

pub mod breached;
mod gate;
mod policy;
mod recipe;
mod workers;

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

pub use gate::{GateError, GateSetupError, Passwords, REFUSALS, Verdict};
pub use policy::{MAX_CHARACTERS, MIN_CHARACTERS};
pub use recipe::HashParameters;

/// Most bytes a password may have after normalisation when it is checked.
///
/// NIST SP 800-63B asks to accept at least 64 characters and OWASP's Password Storage Cheat Sheet asks
/// for some limit, so that nobody can make the server hash a book. Twice what the longest choosable
/// password needs (128 characters of 4 bytes).
pub const MAX_BYTES: usize = 1024;

/// Most bytes looked at before normalisation: what is typed in decomposed form may be up to three
/// times longer than the composed form that is judged.
const MAX_RAW_BYTES: usize = 4 * MAX_BYTES;

/// A password as typed, in Unicode normalisation form NFKC, so that the same password typed on two
/// keyboards or systems is the same (NIST SP 800-63B, revision 3, 5.1.1.2: NFKC or NFKD).
///
/// Wiped from memory when dropped. Not `Clone`, not `Display`; `Debug` shows nothing.
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes a password that is to be checked against a stored hash.
    ///
    /// Nothing but its length is judged: whoever has a password from before a change of policy must
    /// still be able to sign in.
    ///
    /// # Errors
    /// [`PasswordRefused::TooLong`] above [`MAX_BYTES`] bytes in NFKC, or four times as many as typed.
    pub fn for_check(raw: &str) -> Result<Self, PasswordRefused> {
        if raw.len() > MAX_RAW_BYTES {
            return Err(PasswordRefused::TooLong);
        }
        // The capacity is never exceeded: a string that grows leaves unwiped copies behind.
        let mut normalised = Zeroizing::new(String::with_capacity(MAX_BYTES));
        for character in raw.nfkc() {
            if normalised.len() + character.len_utf8() > MAX_BYTES {
                return Err(PasswordRefused::TooLong);
            }
            normalised.push(character);
        }
        Ok(Self(normalised))
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefused {
    /// Fewer than [`MIN_CHARACTERS`] characters.
    #[error("the password has fewer than {MIN_CHARACTERS} characters")]
    TooShort,
    /// More than [`MAX_CHARACTERS`] characters; for a check, more than [`MAX_BYTES`] bytes.
    #[error("the password is too long")]
    TooLong,
    /// In a list of common passwords, or built from them, or from a keyboard row, sequence or repetition.
    #[error("the password is among the first ones anybody would guess")]
    Common,
    /// In the list of breached passwords.
    #[error("the password is in a list of breached ones")]
    Breached,
    /// Made of the person's names, address or organisation, or of the portal's name.
    #[error("the password is made of personal data or the portal's name")]
    Personal,
    /// Contains a control character, such as a tab or a line break, which a login form cannot repeat.
    #[error("the password contains a control character")]
    ControlCharacter,
}

impl PasswordRefused {
    /// The stable word for this reason in the API's problem documents and the pages' texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::Common => "too_common",
            Self::Breached => "breached",
            Self::Personal => "contains_personal_data",
            Self::ControlCharacter => "control_character",
        }
    }
}

/// A stored password hash: a PHC string such as `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`.
///
/// `Debug` shows nothing: whoever has the hash can guess at the password offline.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(pub String);

impl PasswordHash {
    /// The PHC string, to be stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_password_to_be_checked_is_normalised_and_only_its_length_is_judged() {
        // "é" composed and decomposed, a ligature, full-width letters.
        let composed = Password::for_check("caf\u{e9} fi AB").unwrap();
        let typed = Password::for_check("cafe\u{301} \u{fb01} \u{ff21}\u{ff22}").unwrap();
        assert_eq!(composed.as_str(), typed.as_str());

        assert!(Password::for_check("").is_ok());
        assert!(Password::for_check(&"a".repeat(MAX_BYTES)).is_ok());
        for length in [MAX_BYTES + 1, MAX_RAW_BYTES + 1, 1 << 20] {
            let refused = Password::for_check(&"a".repeat(length)).unwrap_err();
            assert_eq!(refused, PasswordRefused::TooLong);
        }
        // 18 characters out of one: the limit holds for what comes out.
        let refused = Password::for_check(&"\u{fdfa}".repeat(100)).unwrap_err();
        assert_eq!(refused, PasswordRefused::TooLong);
    }

    #[test]
    fn debug_output_shows_neither_password_nor_hash() {
        let password = Password::for_check("vier blaue Stühle").unwrap();
        assert_eq!(format!("{password:?}"), "Password(…)");
        assert_eq!(
            format!("{:?}", PasswordHash("$argon2id$…".into())),
            "PasswordHash(…)"
        );
    }
}
