//! Lists are paged by key, never by offset: a cursor is the key of the last item, opaque to the caller.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike, Utc};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::Fault;

/// Which part of a list is asked for. `limit` is 1 to 100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<K> {
    pub limit: usize,
    pub after: Option<K>,
}

/// One part of a list, and the cursor of the next.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// None: this was the last part.
    pub next: Option<String>,
}

impl<K> Page<K> {
    /// One more row than is shown tells whether there is a next part.
    pub fn rows(&self) -> i64 {
        i64::try_from(self.limit).unwrap_or(100) + 1
    }
}

impl<T> Listed<T> {
    /// Cuts off the row that only told of a next part; `key` names the last shown row.
    pub fn cut<K: Serialize>(mut rows: Vec<T>, page: &Page<K>, key: impl Fn(&T) -> K) -> Self {
        let more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let next = rows.last().filter(|_| more).and_then(|last| encode(&key(last)));
        Self { items: rows, next }
    }

    /// There is more, which begins at `next`.
    pub fn until<K: Serialize>(items: Vec<T>, next: &K) -> Self {
        let next = encode(next);
        Self { items, next }
    }

    /// Out of the middle of a list: there may be more behind the last row, whose key is `key`.
    pub fn before<K: Serialize>(rows: Vec<T>, key: impl Fn(&T) -> K) -> Self {
        let next = rows.last().and_then(|last| encode(&key(last)));
        Self { items: rows, next }
    }
}

fn encode<K: Serialize>(key: &K) -> Option<String> {
    serde_json::to_vec(key)
        .ok()
        .map(|json| URL_SAFE_NO_PAD.encode(json))
}

/// The key in a cursor that [`Listed::cut`] made; anything else is refused.
pub fn decode_cursor<K: DeserializeOwned>(raw: &str) -> Result<K, Fault> {
    let invalid = || Fault::new("cursor_invalid");
    let json = URL_SAFE_NO_PAD.decode(raw).map_err(|_| invalid())?;
    let key: Value = serde_json::from_slice(&json).map_err(|_| invalid())?;
    if !is_askable(&key) {
        return Err(invalid());
    }
    serde_json::from_value(key).map_err(|_| invalid())
}

/// Whether PostgreSQL can be asked about the key: its texts hold no NUL, and its instants are not beyond all calendars.
fn is_askable(key: &Value) -> bool {
    match key {
        Value::String(text) => {
            !text.contains('\0')
                && text
                    .parse::<DateTime<Utc>>()
                    .map_or(true, |at| (1..=9_999).contains(&at.year()))
        }
        Value::Array(parts) => parts.iter().all(is_askable),
        Value::Object(parts) => parts.values().all(is_askable),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_cursor_comes_back_as_the_key_of_the_last_row() {
        let page = Page {
            limit: 2,
            after: None::<u32>,
        };
        let listed = Listed::cut(vec![1, 2, 3], &page, |row| *row);
        assert_eq!(listed.items, [1, 2]);
        assert_eq!(decode_cursor::<u32>(&listed.next.unwrap()).unwrap(), 2);
        assert!(Listed::cut(vec![1, 2], &page, |row| *row).next.is_none());
    }

    #[test]
    fn a_key_that_the_database_would_refuse_is_refused() {
        let invented = |json: &str| URL_SAFE_NO_PAD.encode(json);
        for json in [
            r#"["+262142-01-01T00:00:00Z"]"#,
            r#"["-0044-03-15T00:00:00Z"]"#,
            r#"["0000-01-01T00:00:00Z"]"#,
        ] {
            assert!(
                decode_cursor::<(DateTime<Utc>,)>(&invented(json)).is_err(),
                "{json}"
            );
        }
        assert!(decode_cursor::<(DateTime<Utc>,)>(&invented(r#"["2026-11-23T08:00:00Z"]"#)).is_ok());
        assert!(decode_cursor::<(String,)>(&invented(r#"["a\u0000"]"#)).is_err());
        assert!(decode_cursor::<(String,)>(&invented(r#"["anna"]"#)).is_ok());
    }

    proptest! {
        #[test]
        fn whatever_the_last_row_is_the_cursor_names_it(
            name in "[^\0]{0,40}",
            seconds in 0..=253_402_300_799_i64,
            id: u128,
            number in proptest::option::of(any::<i64>()),
        ) {
            let key = (name, DateTime::from_timestamp(seconds, 7_000), Uuid::from_u128(id), number);
            let page = Page { limit: 1, after: None };
            let next = Listed::cut(vec![key.clone(), key.clone()], &page, Clone::clone).next.unwrap();
            prop_assert_eq!(decode_cursor(&next), Ok(key));
        }

        #[test]
        fn no_cursor_makes_the_parser_panic(raw in ".*") {
            let _ = decode_cursor::<(String, u32)>(&raw);
        }

        #[test]
        fn of_invented_keys_none_holds_what_the_database_cannot_be_asked(name in ".{0,5}|[a\0]{0,5}", id: u128) {
            let cursor = encode(&(&name, Uuid::from_u128(id))).unwrap();
            let decoded = decode_cursor::<(String, Uuid)>(&cursor);
            prop_assert_eq!(decoded.is_ok(), !name.contains('\0'));
        }
    }
}
