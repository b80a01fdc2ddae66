//! A form that arrives twice, after a double click or a reload, is done once: it carries a key that was made when it
//! was shown. What is typed anew into the same form, after the browser's way back, counts as new.

use super::{Form, Posted};
use crate::{portal::Portal, values::IdempotencyKey};

const FIELD: &str = "key";

/// The form with its key: the one that it was sent with, or a new one.
pub fn with_key(form: Form, portal: &Portal, posted: &Posted) -> Form {
    let key = match posted.filled(FIELD) {
        Some(key) => key.to_owned(),
        None => portal.random.uuid_v4().to_string(),
    };
    form.hidden(FIELD, key)
}

/// The idempotency key of what was sent: the same only for the same form with the same words in it.
pub fn key_of(posted: &Posted) -> Option<IdempotencyKey> {
    posted.filled(FIELD)?;
    Some(IdempotencyKey::of(posted.carried().as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_form_with_the_same_words_has_one_key() {
        let key = |sent: &[u8]| key_of(&Posted::parse(sent));
        assert_eq!(key(b"key=1&body=a"), key(b"key=1&body=a"));
        assert_eq!(key(b"key=1&body=a"), key(b"_restore=1&key=1&body=a"));
        assert_ne!(key(b"key=1&body=a"), key(b"key=1&body=b"));
        assert_ne!(key(b"key=1&body=a"), key(b"key=2&body=a"));
        assert_eq!(key(b"body=a"), None);
    }
}
