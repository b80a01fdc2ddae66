//! Long lists in parts: the way to the next one stands in the address.

use serde::de::DeserializeOwned;

use super::view::{View, Way};
use crate::{
    values::{Listed, Page},
    web::{problem::Problem, query},
};

/// Items on one page.
const LENGTH: u64 = 25;

impl View {
    /// What was asked under this name in the address.
    pub fn asked(&self, name: &str) -> Option<String> {
        url::form_urlencoded::parse(self.query().as_bytes())
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.into_owned())
            .filter(|value| !value.trim().is_empty())
    }

    /// The part of a list that the address asks for.
    pub fn page<K: DeserializeOwned>(&self) -> Result<Page<K>, Problem> {
        query::page(Some(LENGTH), self.asked("cursor").as_deref())
    }

    /// The ways to the next part of a list, and back to its beginning.
    pub fn pager<T>(&self, listed: &Listed<T>) -> Vec<Way> {
        let mut ways = Vec::new();
        if self.asked("cursor").is_some() {
            ways.push(self.with_cursor(None, "pager-first"));
        }
        if let Some(next) = &listed.next {
            ways.push(self.with_cursor(Some(next), "pager-next"));
        }
        ways
    }

    /// This page with another part of its list, everything else that was asked kept.
    pub fn with_cursor(&self, cursor: Option<&str>, key: &str) -> Way {
        self.asking_without("", cursor, key)
    }

    /// This page as if nothing had been asked under this name, from the beginning of its list.
    pub fn without(&self, name: &str, key: &str) -> Way {
        self.asking_without(name, None, key)
    }

    fn asking_without(&self, left_out: &str, cursor: Option<&str>, key: &str) -> Way {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in url::form_urlencoded::parse(self.query().as_bytes()) {
            if !["cursor", "done", left_out].contains(&name.as_ref()) {
                query.append_pair(&name, &value);
            }
        }
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        let query = query.finish();
        Way {
            href: if query.is_empty() {
                self.path()
            } else {
                format!("{}?{query}", self.path())
            },
            text: self.t(key),
            is_here: false,
        }
    }
}
