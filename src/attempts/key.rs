//! The key under which tries are counted: made anew each day, shared by all instances through the database, where it
//! stands sealed by the key file, and gone after 24 hours. What was counted under it is nobody's then.

use chrono::{DateTime, TimeDelta, Utc};
use entity::attempt_key;
use sea_orm::{ConnectionTrait, DbErr, EntityTrait};
use zeroize::Zeroizing;

use crate::{database::sql, noted, portal::Portal, secrets::Key};

/// How long a key is used.
const LASTS: TimeDelta = noted::KEPT_FOR;
/// The clocks of two instances are apart by less than this.
const CLOCKS: TimeDelta = TimeDelta::minutes(5);

/// What keeps it apart from everything else that is sealed.
const SEAL: &str = "attempt key";

/// One that ends much later than a new one would was made by a clock that ran ahead.
fn is_good(ends_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    ends_at > now && ends_at <= now + LASTS + CLOCKS
}

/// The key of now. A new one is stored at once, by a connection of its own, whatever becomes of its first use.
pub async fn current_key(portal: &Portal) -> Result<Key, DbErr> {
    let now = portal.now();
    if let Some(key) = portal.attempt_keys.known(|ends_at| is_good(ends_at, now)) {
        return Ok(key);
    }
    let stored = attempt_key::Entity::find().one(&portal.database).await?;
    if let Some(key) = stored.as_ref().and_then(|stored| open(portal, stored, now)) {
        return Ok(key);
    }
    let mut bytes = Zeroizing::new([0; 32]);
    portal.random.fill(bytes.as_mut_slice());
    let sealed = portal
        .secrets
        .seal(portal.random.as_ref(), SEAL, &[], bytes.as_slice());
    // Of several instances one makes it. One that does not open, because the key file is another one, is replaced, too.
    let ended = stored.map(|stored| stored.sealed).unwrap_or_default();
    portal
        .database
        .execute_raw(sql(
            "INSERT INTO attempt_key AS k (sealed, ends_at) VALUES ($1, $2)
             ON CONFLICT ON CONSTRAINT attempt_key_pkey DO UPDATE SET sealed = $1, ends_at = $2 WHERE k.sealed = $3",
            [sealed.into(), (now + LASTS).into(), ended.into()],
        ))
        .await?;
    let stored = attempt_key::Entity::find().one(&portal.database).await?;
    let key = stored.as_ref().and_then(|stored| open(portal, stored, now));
    key.ok_or_else(|| DbErr::RecordNotFound("attempt_key".to_owned()))
}

/// The key that is stored, if it is good.
fn open(portal: &Portal, stored: &attempt_key::Model, now: DateTime<Utc>) -> Option<Key> {
    if !is_good(stored.ends_at, now) {
        return None;
    }
    let opened = portal.secrets.open(SEAL, &[], &stored.sealed).ok()?;
    let key = Key::new(Zeroizing::new(opened.as_slice().try_into().ok()?));
    portal.attempt_keys.keep(key.clone(), stored.ends_at);
    Some(key)
}
