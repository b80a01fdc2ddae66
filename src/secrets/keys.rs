//! Keys as operators write them: 32 bytes in base64, one a line, the current one first.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;
use zeroize::Zeroizing;

/// Bytes of a key's id: as many as the `keyid` of an Argon2 hash can hold.
pub const ID_BYTES: usize = 8;

/// 32 bytes, wiped when dropped. `Debug` shows nothing.
#[derive(Clone)]
pub struct Key {
    bytes: Zeroizing<[u8; 32]>,
    id: [u8; ID_BYTES],
}

/// Any number of keys, the current one first; the others are older.
#[derive(Clone, Default, Deserialize)]
#[serde(try_from = "Written")]
pub struct Keys(Vec<Key>);

/// As they stand in the settings: a text of several lines, or a list.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "keys: 32 bytes in base64 each, in a list or one a line"
)]
enum Written {
    Lines(String),
    List(Vec<String>),
}

/// Which line is no key. Never shows the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {0} does not hold 32 bytes in base64")]
pub struct Malformed(pub usize);

impl Key {
    pub fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        let mac = hmac(&bytes, "key id", &[]).finalize().into_bytes();
        let mut id = [0; ID_BYTES];
        id.copy_from_slice(&mac[..ID_BYTES]);
        Self { bytes, id }
    }

    /// What names the key without telling anything about it.
    pub fn id(&self) -> &[u8; ID_BYTES] {
        &self.id
    }

    pub fn bytes(&self) -> &[u8; 32] {
        &self.bytes
    }

    /// HMAC-SHA-256 of `data`. `purpose` keeps one use's results apart from every other's.
    pub fn keyed(&self, purpose: &'static str, data: &[u8]) -> [u8; 32] {
        hmac(&self.bytes, purpose, data).finalize().into_bytes().into()
    }

    /// Whether `tag` is, or begins, what [`Self::keyed`] makes of the same; compared in constant time.
    pub fn confirms(&self, purpose: &'static str, data: &[u8], tag: &[u8]) -> bool {
        hmac(&self.bytes, purpose, data)
            .verify_truncated_left(tag)
            .is_ok()
    }

    /// The line that it is read from.
    pub fn to_line(&self) -> Zeroizing<String> {
        let mut line = Zeroizing::new(STANDARD.encode(self.bytes.as_slice()));
        line.push('\n');
        line
    }
}

impl Keys {
    /// One key a line; empty lines are skipped.
    pub fn parse(text: &str) -> Result<Self, Malformed> {
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line));
        Self::parse_each(lines.filter(|(_, line)| !line.trim().is_empty()))
    }

    fn parse_each<'a>(lines: impl Iterator<Item = (usize, &'a str)>) -> Result<Self, Malformed> {
        lines
            .map(|(number, line)| parse_key(line.trim()).ok_or(Malformed(number)))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    pub fn current(&self) -> Option<&Key> {
        self.0.first()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Key> {
        self.0.iter()
    }

    /// The key with this id.
    pub fn find(&self, id: &[u8]) -> Option<&Key> {
        self.0.iter().find(|key| key.id == id)
    }
}

impl TryFrom<Written> for Keys {
    type Error = Malformed;

    fn try_from(written: Written) -> Result<Self, Malformed> {
        match written {
            Written::Lines(text) => Self::parse(&text),
            Written::List(lines) => Self::parse_each((1..).zip(lines.iter().map(String::as_str))),
        }
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Key(…)")
    }
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Keys({})", self.0.len())
    }
}

fn parse_key(line: &str) -> Option<Key> {
    let decoded = Zeroizing::new(STANDARD.decode(line).ok()?);
    let mut bytes = Zeroizing::new([0; 32]);
    if decoded.len() != bytes.len() {
        return None;
    }
    bytes.copy_from_slice(&decoded);
    Some(Key::new(bytes))
}

fn hmac(key: &[u8; 32], purpose: &'static str, data: &[u8]) -> Hmac<Sha256> {
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key");
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(data);
    mac
}
