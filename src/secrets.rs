//! The key file: what must be keyed is keyed with it, so that a stolen database alone gives nothing.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::Arc,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::clock::Random;

/// 32 bytes that all instances share.
#[derive(Clone)]
pub struct Secrets(Arc<Zeroizing<[u8; 32]>>);

#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    #[error("the key file {path} cannot be read or made: {source}")]
    Io { path: String, source: io::Error },
    #[error("the key file {0} does not hold 32 bytes in base64")]
    Malformed(String),
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Secrets")
    }
}

impl Secrets {
    /// Reads the key, or makes it (mode 0600) where there is none. Of several processes that start at once one makes
    /// it: the file appears whole, by a link that fails when it is there already.
    pub fn load_or_create(path: &Path, random: &dyn Random) -> Result<Self, SecretsError> {
        let failed = |source| SecretsError::Io {
            path: path.display().to_string(),
            source,
        };
        if !path.exists() {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(failed)?;
            }
            create(path, random).map_err(failed)?;
        }
        let text = Zeroizing::new(fs::read_to_string(path).map_err(failed)?);
        let malformed = || SecretsError::Malformed(path.display().to_string());
        let bytes = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| malformed())?);
        let key: [u8; 32] = bytes.as_slice().try_into().map_err(|_| malformed())?;
        Ok(Self(Arc::new(Zeroizing::new(key))))
    }

    /// HMAC-SHA-256 of `data`. `purpose` keeps one use's results apart from every other's.
    pub fn keyed(&self, purpose: &'static str, data: &[u8]) -> [u8; 32] {
        self.mac(purpose, data).finalize().into_bytes().into()
    }

    /// Whether `tag` is, or begins, what [`Secrets::keyed`] makes of the same; compared in constant time.
    pub fn confirms(&self, purpose: &'static str, data: &[u8], tag: &[u8]) -> bool {
        self.mac(purpose, data).verify_truncated_left(tag).is_ok()
    }

    fn mac(&self, purpose: &'static str, data: &[u8]) -> Hmac<Sha256> {
        #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("HMAC takes any key");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(data);
        mac
    }
}

fn create(path: &Path, random: &dyn Random) -> io::Result<()> {
    let mut key = Zeroizing::new([0; 32]);
    random.fill(key.as_mut_slice());
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(format!(".{}", random.uuid_v4()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&unfinished)?;
    file.write_all(STANDARD.encode(key.as_slice()).as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    let linked = fs::hard_link(&unfinished, path);
    fs::remove_file(&unfinished)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        result => result,
    }
}

/// SHA-256, the form in which tokens, session keys and receipt codes are stored: they are random, so no salt is needed.
pub fn sha256(data: &[u8]) -> Vec<u8> {
    Sha256::digest(data).to_vec()
}

/// Bytes in hexadecimal, lower case, as the ledger writes hashes.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
