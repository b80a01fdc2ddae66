//! What a form sent: names and texts as they came, so that whatever is wrong with them can be shown again.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};

use crate::web::{
    body::{media_type, rejected},
    problem::{Code, Problem},
};

/// Marks a form that was sent before its session ended and now comes back to be looked over; nothing is done yet.
pub const RESTORE: &str = "_restore";

/// The fields of a form, in their order. Empty for a form that was not sent yet.
#[derive(Debug, Clone, Default)]
pub struct Posted(Vec<(String, String)>);

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if media_type(&request).is_some_and(|found| found != "application/x-www-form-urlencoded") {
            return Err(Code::UnsupportedMediaType.into());
        }
        let bytes = Bytes::from_request(request, state)
            .await
            .map_err(|rejection| rejected(&rejection))?;
        Ok(Self::parse(&bytes))
    }
}

impl Posted {
    /// What is no UTF-8 becomes the replacement character. Line breaks, which browsers send as CR LF, are LF.
    pub fn parse(bytes: &[u8]) -> Self {
        let pairs = url::form_urlencoded::parse(bytes)
            .map(|(name, value)| (name.into_owned(), value.replace("\r\n", "\n")))
            .collect();
        Self(pairs)
    }

    /// What stands in the field, nothing where it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// The same, and none for a field left empty.
    pub fn filled(&self, name: &str) -> Option<&str> {
        self.find(name).filter(|value| !value.trim().is_empty())
    }

    /// Every box that was ticked under this name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    pub fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Whether nothing was sent: the form is shown for the first time.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the form only comes back after a sign-in, to be looked over.
    pub fn restores(&self) -> bool {
        self.has(RESTORE)
    }

    /// The fields that may outlive the request, as one text: no passwords, nothing of ours.
    pub fn carried(&self) -> String {
        let mut text = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.0 {
            if !name.contains("password") && name != RESTORE {
                text.append_pair(name, value);
            }
        }
        text.finish()
    }

    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    fn find(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_browsers_send_them() {
        let posted = Posted::parse(b"a=1+2&text=eins%0D%0Azwei&a=3&empty=+&umlaut=%C3%BC&broken=%FF");
        assert_eq!(posted.text("a"), "1 2");
        assert_eq!(posted.all("a"), ["1 2", "3"]);
        assert_eq!(posted.text("text"), "eins\nzwei");
        assert_eq!(posted.filled("empty"), None);
        assert_eq!(posted.filled("missing"), None);
        assert_eq!(posted.text("umlaut"), "ü");
        assert_eq!(posted.text("broken"), "\u{fffd}");
    }

    #[test]
    fn passwords_are_not_carried() {
        let posted = Posted::parse(b"body=Guten+Tag&password=geheim&new_password=geheim&_restore=1");
        assert_eq!(posted.carried(), "body=Guten+Tag");
    }
}
