//! Settings out of files: what `STAMMTISCH_SECTION__KEY_FILE` names holds the value, so that a secret need not stand in
//! the environment. Rule kept here: its content is never shown.

use std::{collections::BTreeMap, ffi::OsString, fs};

use figment::{
    Error, Metadata, Profile, Provider,
    util::nest,
    value::{Dict, Map, Value},
};

use super::SettingsError;

pub(super) const PREFIX: &str = "STAMMTISCH_";
const SUFFIX: &str = "_FILE";

/// Settings whose own names end like that.
const OWN_NAMES: [&str; 1] = ["SECRETS__KEY_FILE"];

const DATABASE_URL: &str = "DATABASE_URL";

/// One value, and which variable named its file.
pub(super) struct FromFile {
    variable: String,
    key: String,
    value: Value,
}

impl FromFile {
    /// Every setting that a variable says is in a file.
    ///
    /// # Errors
    /// The first file that cannot be read, or whose value a variable gives as well.
    pub fn read_all(
        variables: impl Iterator<Item = (OsString, OsString)>,
    ) -> Result<Vec<Self>, SettingsError> {
        let variables: BTreeMap<String, OsString> = variables
            .filter_map(|(name, value)| Some((name.into_string().ok()?.to_ascii_uppercase(), value)))
            .collect();
        let mut files = Vec::new();
        for (variable, path) in &variables {
            let Some((plain, key)) = named_by(variable) else {
                continue;
            };
            if variables.contains_key(plain) {
                return Err(SettingsError::Both {
                    variable: plain.to_owned(),
                });
            }
            let text = fs::read_to_string(path).map_err(|reason| SettingsError::File {
                variable: variable.clone(),
                reason,
            })?;
            files.push(Self {
                variable: variable.clone(),
                key,
                value: value(&text),
            });
        }
        Ok(files)
    }

    /// The variable without [`PREFIX`], if it has that.
    pub fn unprefixed(&self) -> Option<&str> {
        self.variable.strip_prefix(PREFIX)
    }

    pub fn is_database_url(&self) -> bool {
        self.unprefixed().is_none()
    }
}

impl Provider for FromFile {
    fn metadata(&self) -> Metadata {
        Metadata::named(format!("the file that {} names", self.variable))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let dict = nest(&self.key, self.value.clone()).into_dict();
        Ok(Profile::Default.collect(dict.unwrap_or_default()))
    }
}

/// The variable that could hold the value itself, and the setting's key; if it is such a variable.
fn named_by(variable: &str) -> Option<(&str, String)> {
    let plain = variable.strip_suffix(SUFFIX)?;
    if plain == DATABASE_URL {
        return Some((plain, "database.url".to_owned()));
    }
    let is_own_name = variable
        .strip_prefix(PREFIX)
        .is_some_and(|name| OWN_NAMES.contains(&name));
    let name = plain.strip_prefix(PREFIX).filter(|name| !name.is_empty())?;
    (!is_own_name).then(|| (plain, name.to_ascii_lowercase().replace("__", ".")))
}

/// Numbers, lists and what stands in quotes are read as in a variable; any other text to the letter, but for one end of
/// line at its end.
fn value(text: &str) -> Value {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    match text.parse() {
        Ok(Value::String(..)) if !text.starts_with('"') => Value::from(text),
        Ok(value) => value,
    }
}
