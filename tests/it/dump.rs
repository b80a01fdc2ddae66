//! A stolen dump of the database gives nothing that signs in or confirms: whatever stands in any column, as it is or
//! written in another way, is tried wherever a secret opens something.

use std::collections::BTreeSet;

use axum::http::Method;
use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, TimeDelta};
use serde_json::{Value, json};
use stammtisch::{
    authentication::password_reset,
    devices::{Device, Family, Visit},
    mail::letter::LinkPurpose,
    network::Network,
    secrets::{Secrets, hex},
};
use tower_sessions::session::Id;
use uuid::Uuid;

use crate::{
    deletion::delete,
    messaging::write_to,
    support::{PASSWORD, Person, TestPortal, people::application},
};

/// Shorter pieces are no secrets of anybody.
const SHORTEST: usize = 8;

/// What really signs in, confirms and tells.
struct Real {
    anna: Person,
    session: String,
    device: String,
    receipt: String,
    links: Vec<(&'static str, String)>,
}

/// People at every stage, each with something under way.
async fn live(portal: &TestPortal) -> Real {
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    let emil = portal.member("Emil", "Abschied").await;
    let new_address = json!({ "email": "neu@example.org", "password": PASSWORD });
    bert.post("/api/v1/me/email-change", &new_address)
        .await
        .must_be(202);
    let receipt = delete(&emil).await["receipt_code"].as_str().unwrap().to_owned();
    write_to(&anna, &[&bert], "Guten Tag").await.must_be(201);
    portal
        .register("dora@elsewhere.example", "Dora", "Wartend")
        .await
        .must_be(200);
    let visitor = portal.visitor();
    let post = async |path: &str, body: &Value| visitor.post(path, body).await.must_be(202);
    post(
        "/api/v1/registrations",
        &application("carl@elsewhere.example", "Carl", "Neu"),
    )
    .await;
    post("/api/v1/password-resets", &json!({ "email": anna.email })).await;
    portal.work().await;
    portal.advance(TimeDelta::minutes(20));
    portal.work().await;
    let link = |address: &str, purpose| portal.link_for(address, purpose);
    let links = vec![
        ("confirm", link("carl@elsewhere.example", LinkPurpose::Confirm)),
        ("withdraw", link("dora@elsewhere.example", LinkPurpose::Withdraw)),
        ("email-change", link("neu@example.org", LinkPurpose::EmailChange)),
        ("undo", link(&emil.email, LinkPurpose::Undo)),
        ("unsubscribe", link(&bert.email, LinkPurpose::Unsubscribe)),
        ("reset", link(&anna.email, LinkPurpose::Reset)),
    ];
    let real = Real {
        session: anna.cookie("session").unwrap(),
        device: anna.cookie("device").unwrap(),
        anna,
        receipt,
        links,
    };
    // What waits in the outbox, and what is not looked at yet.
    post("/api/v1/password-resets", &json!({ "email": bert.email })).await;
    password_reset::handle_noted(&portal.portal).await.unwrap();
    post(
        "/api/v1/registrations",
        &application("frida@elsewhere.example", "Frida", "Neu"),
    )
    .await;
    real
}

/// Every text and every sequence of bytes of every row.
async fn stored(portal: &TestPortal) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    for table in portal.tables().await {
        let rows: Vec<String> = portal
            .column(&format!("SELECT to_jsonb(t)::text FROM {table} t"))
            .await;
        for row in rows {
            collect(&serde_json::from_str(&row).unwrap(), &mut values);
        }
    }
    values
}

fn collect(value: &Value, into: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if DateTime::parse_from_rfc3339(text).is_ok() => {}
        Value::String(text) => {
            into.insert(text.clone());
            // Whatever stands in a longer text.
            let is_of_secret = |letter: char| letter.is_ascii_alphanumeric() || "-_+/".contains(letter);
            into.extend(text.split(|letter| !is_of_secret(letter)).map(str::to_owned));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, into)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// All that a thief could make of the values by writing them in another way.
fn written(values: &BTreeSet<String>) -> BTreeSet<String> {
    let mut forms = BTreeSet::new();
    for value in values {
        let digits = value.strip_prefix("\\x").unwrap_or(value);
        let decoded = [
            unhex(digits),
            unhex(&digits.replace('-', "")),
            URL_SAFE_NO_PAD.decode(value).ok(),
            STANDARD_NO_PAD.decode(value).ok(),
            Some(value.as_bytes().to_vec()),
        ];
        forms.insert(value.clone());
        for bytes in decoded.into_iter().flatten() {
            forms.insert(hex(&bytes));
            forms.insert(URL_SAFE_NO_PAD.encode(&bytes));
            for half in bytes.chunks_exact(16) {
                let half: [u8; 16] = half.try_into().unwrap();
                forms.insert(Id(i128::from_le_bytes(half)).to_string());
                forms.insert(Id(i128::from_be_bytes(half)).to_string());
                forms.insert(Uuid::from_bytes(half).to_string());
            }
        }
    }
    forms.retain(|form| form.len() >= SHORTEST);
    forms
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    if digits.is_empty() || !digits.is_ascii() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let pairs = (0..digits.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok())
        .collect()
}

/// Every lock of the portal, to try keys at.
struct Locks<'a> {
    portal: &'a TestPortal,
    /// Whose password, and which accounts' devices.
    email: &'a str,
    accounts: Vec<Uuid>,
}

impl Locks<'_> {
    /// What the key opens.
    async fn opened_by(&self, key: &str) -> Vec<&'static str> {
        let mut opened = Vec::new();
        let is_text_of_a_header = key.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';');
        if is_text_of_a_header {
            let thief = self.portal.visitor();
            thief.set_cookie("session", key);
            if thief.get("/api/v1/session").await.status.is_success() {
                opened.push("session");
            }
        }
        if let Some(device) = Device::parse(key) {
            let visit = Visit {
                device: Some(device),
                family: Family::of(""),
                network: Network::LOCAL,
            };
            let knows = |account: &Uuid| visit.is_known_to(&self.portal.portal, *account, 1);
            if self.accounts.iter().any(knows) {
                opened.push("device");
            }
        }
        let thief = self.portal.visitor();
        for (lock, path) in [
            ("confirm", "/api/v1/registrations/confirm"),
            ("withdraw", "/api/v1/registrations/withdraw"),
            ("reset", "/api/v1/password-resets/confirm"),
            ("email-change", "/api/v1/email-changes/confirm"),
            ("undo", "/api/v1/deletions/undo"),
        ] {
            let body = match lock {
                "confirm" | "reset" => json!({ "token": key, "password": PASSWORD }),
                _ => json!({ "token": key }),
            };
            if thief.post(path, &body).await.status.is_success() {
                opened.push(lock);
            }
        }
        let encoded: String = url::form_urlencoded::byte_serialize(key.as_bytes()).collect();
        let one_click = format!("/en/unsubscribe?token={encoded}");
        let pressed = thief.request(Method::POST, &one_click).send().await;
        if pressed.status.is_success() {
            opened.push("unsubscribe");
        }
        let encoded = encoded.replace('+', "%20");
        let receipt = thief.get(&format!("/api/v1/deletions/{encoded}")).await;
        if receipt.status.is_success() {
            opened.push("receipt");
        }
        opened
    }

    async fn is_password(&self, key: &str) -> bool {
        self.portal
            .visitor()
            .sign_in(self.email, key)
            .await
            .status
            .is_success()
    }
}

#[tokio::test]
async fn a_stolen_dump_gives_nothing_that_signs_in_or_confirms() {
    // Tries are counted while people use it, so that what is counted stands in the dump, and not while a thief tries.
    let portal = TestPortal::start().await;
    let real = live(&portal).await;
    let values = stored(&portal).await;
    let keys = written(&values);
    assert!(keys.len() > 500, "only {} keys", keys.len());
    let patient = portal.sibling("limits.enabled = false").await;
    let locks = Locks {
        portal: &patient,
        email: &real.anna.email,
        accounts: portal.column("SELECT id FROM account").await,
    };
    for key in &keys {
        assert_eq!(locks.opened_by(key).await, Vec::<&str>::new(), "{key}");
    }
    for value in &values {
        assert!(!locks.is_password(value).await, "{value}");
    }

    // What would open something is found wherever it stands, in whatever form.
    let token = URL_SAFE_NO_PAD.decode(&real.links[0].1).unwrap();
    portal
        .execute(&format!(
            "UPDATE profile SET about = 'seen: {}', position = '{}' WHERE account_id = '{}'",
            real.session,
            hex(&token),
            real.anna.id
        ))
        .await;
    let careless = written(&stored(&portal).await);
    assert!(careless.contains(&real.session) && careless.contains(&real.links[0].1));

    // And the locks open, each to its own key.
    assert_eq!(locks.opened_by(&real.session).await, ["session"]);
    assert_eq!(locks.opened_by(&real.device).await, ["device"]);
    assert_eq!(locks.opened_by(&real.receipt).await, ["receipt"]);
    assert!(locks.is_password(PASSWORD).await);
    for (lock, token) in &real.links {
        assert_eq!(locks.opened_by(token).await, [*lock]);
    }
}

#[tokio::test]
async fn stored_passwords_are_of_todays_making_and_what_is_sealed_opens_with_the_key_file_alone() {
    let portal = TestPortal::start().await;
    live(&portal).await;
    let set = &portal.portal.settings.passwords;
    let making = format!(
        "$argon2id$v=19$m={},t={},p={}",
        set.memory_kib, set.iterations, set.parallelism
    );
    let hashes: Vec<String> = portal.column("SELECT password_hash FROM credential").await;
    assert!(hashes.len() >= 4, "{}", hashes.len());
    for hash in &hashes {
        assert!(hash.starts_with(&making), "{hash} is not {making}");
    }
    let distinct: BTreeSet<&String> = hashes.iter().collect();
    assert_eq!(
        distinct.len(),
        hashes.len(),
        "everybody has the same password and a salt of their own"
    );

    // Whatever is sealed begins with its form and the id of the key, and is longer than these.
    let sealed: Vec<u8> = portal.scalar("SELECT sealed FROM attempt_key").await;
    let folder = tempfile::tempdir().unwrap();
    let random = portal.portal.random.as_ref();
    let other = Secrets::load_or_create(&folder.path().join("key"), random).unwrap();
    assert!(other.open("attempt key", &[], &sealed).is_err());
    let own = &portal.portal.secrets;
    assert_eq!(own.open("attempt key", &[], &sealed).unwrap().len(), 32);
    assert!(own.open("another purpose", &[], &sealed).is_err());
    assert!(own.open("attempt key", b"elsewhere", &sealed).is_err());
    let opened = own.open("attempt key", &[], &sealed).unwrap();
    let dump = portal.dump().await;
    assert!(dump.contains(&hex(&sealed)) && !dump.contains(&hex(&opened)));
}
