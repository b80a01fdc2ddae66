//! Who runs the portal, as imprint and privacy pages name them (§ 5 DDG, Art. 13 GDPR, directive (EU) 2016/2102). The
//! defaults are placeholders.

use serde::Deserialize;
use url::Url;

use super::Settings;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    pub name: String,
    pub street: String,
    pub postal_code: String,
    pub city: String,
    pub email: String,
    pub phone: Option<String>,
    pub represented_by: String,
    /// Court and number.
    pub register: Option<String>,
    pub vat_id: Option<String>,
    pub data_protection_officer: DataProtectionOfficer,
    pub supervisory_authority: Authority,
    pub accessibility_enforcement: Authority,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataProtectionOfficer {
    pub name: Option<String>,
    pub email: String,
}

/// Whom people can turn to beside the operator.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    pub name: String,
    pub url: Url,
}

impl Settings {
    /// The settings of `[operator]` that are still what the portal comes with.
    pub fn placeholders(&self) -> Vec<&'static str> {
        let Ok(defaults) = Self::from_toml("") else {
            return Vec::new();
        };
        let pairs = said(&self.operator).into_iter().zip(said(&defaults.operator));
        pairs
            .filter_map(|((setting, said), (_, default))| (said == default).then_some(setting))
            .collect()
    }
}

/// What has to be said, by its setting.
fn said(operator: &Operator) -> [(&'static str, &str); 11] {
    let Operator {
        data_protection_officer: officer,
        supervisory_authority: authority,
        accessibility_enforcement: enforcement,
        ..
    } = operator;
    [
        ("operator.name", &operator.name),
        ("operator.street", &operator.street),
        ("operator.postal_code", &operator.postal_code),
        ("operator.city", &operator.city),
        ("operator.email", &operator.email),
        ("operator.represented_by", &operator.represented_by),
        ("operator.data_protection_officer.email", &officer.email),
        ("operator.supervisory_authority.name", &authority.name),
        ("operator.supervisory_authority.url", authority.url.as_str()),
        ("operator.accessibility_enforcement.name", &enforcement.name),
        ("operator.accessibility_enforcement.url", enforcement.url.as_str()),
    ]
}
