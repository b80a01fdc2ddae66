//! The key file: what must be keyed or encrypted is so with it, so that a stolen database alone gives nothing. Its first
//! key is the current one; the older ones still open what was sealed with them.

use std::{io, path::Path, sync::Arc};

use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::clock::Random;

mod file;
mod keys;

pub use file::rotate;
pub use keys::{Key, Keys, Malformed};

/// Keys that all instances share.
#[derive(Clone)]
pub struct Secrets(Arc<KeyRing>);

struct KeyRing {
    current: Key,
    all: Keys,
}

#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    #[error("the key file {path} cannot be read or written: {reason}")]
    Io { path: String, reason: io::Error },
    #[error("the key file {path} is damaged: its {fault}")]
    Malformed { path: String, fault: Malformed },
    #[error("the key file {0} holds no key")]
    Empty(String),
}

/// What was sealed does not open: it was altered, is of another place or purpose, or its key is not in the key file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what was sealed does not open")]
pub struct NotOpened;

/// How a sealed form begins, should there ever be another.
const SEALED: u8 = 1;
const NONCE_BYTES: usize = 24;

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets")
    }
}

impl SecretsError {
    fn io(path: &Path) -> impl Fn(io::Error) -> Self + use<> {
        let path = path.display().to_string();
        move |reason| Self::Io {
            path: path.clone(),
            reason,
        }
    }
}

impl Secrets {
    /// Reads the keys, or makes a file (mode 0600) with the first one where there is none.
    pub fn load_or_create(path: &Path, random: &dyn Random) -> Result<Self, SecretsError> {
        file::create_if_missing(path, random)?;
        let all = file::read(path)?;
        let current = all.current().cloned();
        let current = current.ok_or_else(|| SecretsError::Empty(path.display().to_string()))?;
        Ok(Self(Arc::new(KeyRing { current, all })))
    }

    /// HMAC-SHA-256 of `data` with the current key. `purpose` keeps one use's results apart from every other's. After a
    /// rotation it is another: where that matters, see [`Self::keyed_by_each`].
    pub fn keyed(&self, purpose: &'static str, data: &[u8]) -> [u8; 32] {
        self.0.current.keyed(purpose, data)
    }

    /// The same with every key, the current one first.
    pub fn keyed_by_each(&self, purpose: &'static str, data: &[u8]) -> impl Iterator<Item = [u8; 32]> {
        self.0.all.iter().map(move |key| key.keyed(purpose, data))
    }

    /// Whether `tag` is, or begins, what [`Self::keyed`] makes of the same, or made before a rotation; compared in
    /// constant time.
    pub fn confirms(&self, purpose: &'static str, data: &[u8], tag: &[u8]) -> bool {
        self.0.all.iter().any(|key| key.confirms(purpose, data, tag))
    }

    /// Encrypts for storing, with the current key: XChaCha20-Poly1305 under a key of its own for each `purpose`, and a
    /// random nonce. `aad` says where it will stand, such as account and column: it opens nowhere else.
    ///
    /// The form: 1, the key's id (8 bytes), the nonce (24), then as many bytes as `plaintext` has and 16.
    pub fn seal(&self, random: &dyn Random, purpose: &'static str, aad: &[u8], plaintext: &[u8]) -> Vec<u8> {
        let key = &self.0.current;
        let mut nonce = [0; NONCE_BYTES];
        random.fill(&mut nonce);
        let payload = Payload { msg: plaintext, aad };
        #[expect(clippy::expect_used, reason = "fails on texts of 256 GiB alone")]
        let encrypted = cipher(key, purpose)
            .encrypt(&XNonce::from(nonce), payload)
            .expect("the text is short");
        let mut sealed = vec![SEALED];
        sealed.extend_from_slice(key.id());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&encrypted);
        sealed
    }

    /// How what is sealed now begins: what begins otherwise was sealed before a rotation.
    pub fn current_seal(&self) -> Vec<u8> {
        [&[SEALED], self.0.current.id().as_slice()].concat()
    }

    /// Decrypts what [`Self::seal`] returned, with whichever key it was sealed.
    pub fn open(
        &self,
        purpose: &'static str,
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, NotOpened> {
        let (&form, rest) = sealed.split_first().ok_or(NotOpened)?;
        let (id, rest) = rest.split_first_chunk::<{ keys::ID_BYTES }>().ok_or(NotOpened)?;
        let (nonce, encrypted) = rest.split_first_chunk::<NONCE_BYTES>().ok_or(NotOpened)?;
        let key = self.0.all.find(id).filter(|_| form == SEALED).ok_or(NotOpened)?;
        let payload = Payload { msg: encrypted, aad };
        let opened = cipher(key, purpose).decrypt(&XNonce::from(*nonce), payload);
        opened.map(Zeroizing::new).map_err(|_| NotOpened)
    }
}

fn cipher(key: &Key, purpose: &'static str) -> XChaCha20Poly1305 {
    let key = Zeroizing::new(key.keyed("seal", purpose.as_bytes()));
    XChaCha20Poly1305::new(&(*key).into())
}

/// SHA-256, the form in which tokens, session keys and receipt codes are stored: they are random, so no salt is needed.
pub fn sha256(data: &[u8]) -> Vec<u8> {
    Sha256::digest(data).to_vec()
}

/// Bytes in hexadecimal, lower case, as the ledger writes hashes.
pub fn hex(bytes: &[u8]) -> String {
    base16ct::lower::encode_string(bytes)
}

/// The bytes of what [`hex`] wrote.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    base16ct::lower::decode_vec(text).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests;
