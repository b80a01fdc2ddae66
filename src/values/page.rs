//! Lists are paged by key, never by offset: a cursor is the key of the last item, opaque to the caller.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

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
    serde_json::from_slice(&json).map_err(|_| invalid())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
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

    proptest::proptest! {
        #[test]
        fn no_cursor_makes_the_parser_panic(raw in ".*") {
            let _ = decode_cursor::<(String, u32)>(&raw);
        }
    }
}
