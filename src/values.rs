//! What can be wrong is parsed once, at the edge: from here on, an address is an address and a name fits its column.

mod day;
mod email_address;
mod idempotency_key;
mod page;
mod text;

pub use day::{day_end, last_day_within, optional_day_end};
pub use email_address::{EmailAddress, MailDomain};
pub use idempotency_key::IdempotencyKey;
pub use page::{Listed, Page, decode_cursor};
pub use text::{Line, Prose, line, optional_line, optional_prose, phone, prose, search_text};

/// Longest name of a person, in characters.
pub const NAME_LIMIT: usize = 100;
/// Longest name of an organisation, department or position, in characters.
pub const ORGANISATION_LIMIT: usize = 200;
/// Longest query of a list, in characters.
pub const QUERY_LIMIT: usize = 200;
/// Longest reason that an administrator gives, in characters.
pub const REASON_LIMIT: usize = 2_000;

/// What is wrong with one value. `code` is stable; `limit` is the number that was exceeded or missed, or the list of
/// what is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub code: &'static str,
    pub limit: Option<String>,
}

impl Fault {
    pub const fn new(code: &'static str) -> Self {
        Self { code, limit: None }
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "numbers and names are said without a reference"
    )]
    pub fn with_limit(code: &'static str, limit: impl ToString) -> Self {
        Self {
            code,
            limit: Some(limit.to_string()),
        }
    }
}

/// Every code a fault can have: each has a text `field-<code>` in both languages.
pub const FIELD_CODES: &[&str] = &[
    "code_wrong",
    "control_character",
    "cursor_invalid",
    "date_invalid",
    "domain_invalid",
    "duplicate",
    "email_invalid",
    "email_unchanged",
    "in_the_past",
    "must_be_disclosed",
    "named_twice",
    "no_administrator",
    "no_domain",
    "no_search_word",
    "oneself",
    "out_of_range",
    "passkey_invalid",
    "password_breached",
    "password_personal",
    "password_too_common",
    "password_wrong",
    "phone_invalid",
    "read_only",
    "removed_from_group",
    "repeated_field",
    "required",
    "terms_not_accepted",
    "token_invalid",
    "too_far",
    "too_long",
    "too_many",
    "too_short",
    "unknown_basis",
    "unknown_category",
    "unknown_code",
    "unknown_field",
    "unknown_member",
    "unknown_message",
    "unknown_value",
    "wrong_type",
];

/// A fault and the field it was found in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    pub field: String,
    pub fault: Fault,
}

/// Everything that is wrong with an input; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the input has {} invalid fields", .0.len())]
pub struct Invalid(pub Vec<FieldFault>);

impl Invalid {
    pub fn one(field: impl Into<String>, fault: Fault) -> Self {
        Self(vec![FieldFault {
            field: field.into(),
            fault,
        }])
    }
}

/// Gathers the faults of all fields, so that people see them at once.
#[derive(Debug, Default)]
pub struct Check(Vec<FieldFault>);

impl Check {
    /// The parsed value, or a placeholder that is never used because [`Check::finish`] fails.
    pub fn take<T>(&mut self, field: &str, parsed: Result<T, Fault>) -> Option<T> {
        parsed
            .map_err(|fault| {
                self.0.push(FieldFault {
                    field: field.to_owned(),
                    fault,
                });
            })
            .ok()
    }

    pub fn refuse(&mut self, field: &str, fault: Fault) {
        self.0.push(FieldFault {
            field: field.to_owned(),
            fault,
        });
    }

    /// The value made of all fields, or all faults. `value` is None where a field was refused.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Invalid> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Invalid(self.0)),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
