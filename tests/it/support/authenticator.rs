//! A device that holds one passkey, made of software: what it answers is what browsers hand on (Web Authentication, level 3, section 6).

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use p256::ecdsa::{Signature, SigningKey, signature::Signer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::TestPortal;

/// Its person was there, its person was checked, and a key follows.
const PRESENT: u8 = 0x01;
const CHECKED: u8 = 0x04;
const KEY_FOLLOWS: u8 = 0x40;

/// A device. What tests change about it, it does otherwise than it should.
#[derive(Clone)]
pub struct Authenticator {
    /// The page that the browser is on.
    pub origin: String,
    /// Whom it takes that page's portal for.
    pub relying_party: String,
    pub checks_its_person: bool,
    /// How many signatures it made; some devices do not count, and say 0.
    pub counter: u32,
    key: SigningKey,
    id: [u8; 16],
    user: String,
}

impl Authenticator {
    pub fn new(portal: &TestPortal) -> Self {
        let settings = &portal.portal.settings;
        let (mut key, mut id) = ([0; 32], [0; 16]);
        portal.portal.random.fill(&mut key);
        portal.portal.random.fill(&mut id);
        Self {
            origin: settings.origin(),
            relying_party: settings.server.public_url.host_str().unwrap().to_owned(),
            checks_its_person: true,
            counter: 0,
            key: SigningKey::from_slice(&key).expect("almost any number is a key"),
            id,
            user: String::new(),
        }
    }

    /// What it answers when a passkey is to be made.
    pub fn create(&mut self, options: &Value) -> Value {
        options["user"]["id"].as_str().unwrap().clone_into(&mut self.user);
        let client_data = self.client_data("webauthn.create", options);
        json!({
            "id": encode(&self.id), "rawId": encode(&self.id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": { "credProps": { "rk": true } },
            "response": {
                "clientDataJSON": encode(client_data.as_bytes()),
                "attestationObject": encode(&self.attestation()), "transports": ["internal", "smart-card"],
            },
        })
    }

    /// What it answers when its passkey is to be shown.
    pub fn get(&self, options: &Value) -> Value {
        let client_data = self.client_data("webauthn.get", options);
        let data = self.data(0);
        let signed = [data.as_slice(), &Sha256::digest(client_data.as_bytes())].concat();
        let signature: Signature = self.key.sign(&signed);
        json!({
            "id": encode(&self.id), "rawId": encode(&self.id), "type": "public-key",
            "authenticatorAttachment": "platform", "clientExtensionResults": {},
            "response": {
                "clientDataJSON": encode(client_data.as_bytes()), "authenticatorData": encode(&data),
                "signature": encode(signature.to_der().as_bytes()), "userHandle": self.user,
            },
        })
    }

    fn client_data(&self, kind: &str, options: &Value) -> String {
        json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": false })
            .to_string()
    }

    /// Whom it is for, how its person was checked, how often it signed.
    fn data(&self, more: u8) -> Vec<u8> {
        let checked = if self.checks_its_person { CHECKED } else { 0 };
        let relying_party = Sha256::digest(self.relying_party.as_bytes());
        [
            relying_party.as_slice(),
            &[PRESENT | checked | more],
            &self.counter.to_be_bytes(),
        ]
        .concat()
    }

    /// CBOR: `{"fmt": "none", "attStmt": {}, "authData": …}`.
    fn attestation(&self) -> Vec<u8> {
        let (no_model, id_length) = ([0; 16], [0, 16]);
        let data = [
            self.data(KEY_FOLLOWS).as_slice(),
            &no_model,
            &id_length,
            &self.id,
            &self.public_key(),
        ]
        .concat();
        let length = u8::try_from(data.len()).expect("it is short");
        [
            b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".as_slice(),
            &[length],
            &data,
        ]
        .concat()
    }

    /// COSE: `{1: 2 (elliptic curve), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y}`.
    fn public_key(&self) -> Vec<u8> {
        let point = self.key.verifying_key().to_sec1_bytes();
        let (x, y) = point[1..].split_at(32);
        [
            b"\xa5\x01\x02\x03\x26\x20\x01\x21\x58\x20".as_slice(),
            x,
            b"\x22\x58\x20",
            y,
        ]
        .concat()
    }
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
