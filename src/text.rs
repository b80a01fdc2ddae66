//! What people read, in German and English: one catalogue for pages, mails and errors, built into
//! the binary.

use std::{fmt, str::FromStr, sync::LazyLock};

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use chrono_tz::Europe::Berlin;
use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

macro_rules! catalogues {
    ($($file:literal),* $(,)?) => {
        const GERMAN: &[&str] = &[$(include_str!(concat!("../config/locales/de/", $file, ".ftl"))),*];
        const ENGLISH: &[&str] = &[$(include_str!(concat!("../config/locales/en/", $file, ".ftl"))),*];
    };
}

catalogues![
    "common",
    "mails",
    "errors",
    "kit",
    "links",
    "entrance",
    "community",
    "groups",
    "own",
    "passkeys",
    "desk",
    "legal",
    "demo",
];

static CATALOGUES: LazyLock<[FluentBundle<FluentResource>; 2]> =
    LazyLock::new(|| [catalogue(Locale::De, GERMAN), catalogue(Locale::En, ENGLISH)]);

/// A language that the portal speaks; `de` and `en` in JSON, in addresses and in the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    #[default]
    De,
    En,
}

/// Any other word than `de` or `en`, in lower case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the language must be de or en")]
pub struct UnknownLocale;

impl Locale {
    /// Every language, the default first.
    pub const ALL: [Self; 2] = [Self::De, Self::En];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
        }
    }

    /// The language that an `Accept-Language` header weighs highest (RFC 9110, sections 12.4.2 and
    /// 12.5.4); of equal ones, the first named. German if it names neither or says nothing, unless
    /// it excludes German with `q=0`.
    pub fn from_accept_language(header: Option<&str>) -> Self {
        let ranges: Vec<_> = header.unwrap_or_default().split(',').filter_map(range).collect();
        let best = Self::ALL
            .into_iter()
            .filter_map(|locale| preference(&ranges, locale).map(|rank| (rank, locale)))
            .filter(|((weight, _), _)| *weight > 0)
            // `min_by_key` keeps the first of equals, and so the default.
            .min_by_key(|((weight, position), _)| (1000 - weight, *position));
        if let Some((_, locale)) = best {
            return locale;
        }
        let accepted = |locale: &Self| preference(&ranges, *locale).is_none();
        Self::ALL.into_iter().find(accepted).unwrap_or_default()
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Locale {
    type Err = UnknownLocale;

    fn from_str(word: &str) -> Result<Self, UnknownLocale> {
        Self::ALL
            .into_iter()
            .find(|locale| locale.as_str() == word)
            .ok_or(UnknownLocale)
    }
}

/// The text of `key`. One that is missing in this language is taken from the other; one that is
/// missing in both is the key itself.
pub fn text(locale: Locale, key: &str) -> String {
    format(locale, key, None)
}

/// The text of `key`, if there is one: for keys that come with a request.
pub fn known(locale: Locale, key: &str) -> Option<String> {
    let [german, _] = &*CATALOGUES;
    german.has_message(key).then(|| text(locale, key))
}

/// [`text`], with values for its variables. Values are inserted as they are, and never read as
/// numbers: use [`text_counted`] where the wording depends on a number.
pub fn text_with(locale: Locale, key: &str, args: &[(&str, &str)]) -> String {
    let args = args
        .iter()
        .map(|(name, value)| (name.to_owned(), (*value).to_owned()))
        .collect();
    format(locale, key, Some(&args))
}

/// [`text`], with the number `$count`, by which the text can tell singular from plural.
pub fn text_counted(locale: Locale, key: &str, count: u64) -> String {
    let args = [("count", count)].into_iter().collect();
    format(locale, key, Some(&args))
}

/// An instant as people in Berlin say it, to the minute: "23. November 2026, 14:05 Uhr" or
/// "23 November 2026, 2:05 pm (Berlin time)".
pub fn instant(locale: Locale, at: DateTime<Utc>) -> String {
    let at = at.with_timezone(&Berlin);
    let month = text(locale, &format!("instant-month-{}", at.month()));
    let (afternoon, hour12) = at.hour12();
    text_with(
        locale,
        "instant",
        &[
            ("day", &at.day().to_string()),
            ("month", &month),
            ("year", &at.year().to_string()),
            ("hour", &format!("{:02}", at.hour())),
            ("hour12", &hour12.to_string()),
            ("minute", &format!("{:02}", at.minute())),
            ("half", if afternoon { "pm" } else { "am" }),
        ],
    )
}

/// A day as people write it: "1. Januar 2027" or "1 January 2027".
pub fn day(locale: Locale, day: NaiveDate) -> String {
    let month = text(locale, &format!("instant-month-{}", day.month()));
    let (number, year) = (day.day().to_string(), day.year().to_string());
    text_with(
        locale,
        "day",
        &[("day", &number), ("month", &month), ("year", &year)],
    )
}

/// So many seconds as people say it, rounded up: "40 Sekunden", "3 Minuten", "2 Stunden".
pub fn wait(locale: Locale, seconds: u64) -> String {
    let (key, unit) = match seconds {
        ..=90 => ("wait-seconds", 1),
        91..=5_400 => ("wait-minutes", 60),
        _ => ("wait-hours", 3_600),
    };
    text_counted(locale, key, seconds.div_ceil(unit))
}

fn catalogue(locale: Locale, sources: &[&str]) -> FluentBundle<FluentResource> {
    // Both parse (a test tells singular from plural in both); the default language would cost only the plurals.
    let language: LanguageIdentifier = locale.as_str().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolating marks would stand in links and in text that programs compare.
    bundle.set_use_isolating(false);
    for source in sources {
        // A broken entry costs only itself; the tests below let none through.
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(rest, _)| rest);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

fn format(locale: Locale, key: &str, args: Option<&FluentArgs>) -> String {
    let [german, english] = &*CATALOGUES;
    let bundles = match locale {
        Locale::De => [german, english],
        Locale::En => [english, german],
    };
    for bundle in bundles {
        if let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) {
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, args, &mut errors).into_owned();
            if !errors.is_empty() {
                tracing::error!(key, %locale, "a text lacks a value");
            }
            return text;
        }
    }
    tracing::error!(key, "a text is missing");
    key.to_owned()
}

/// One element of the header: the language of its range (`*` for all) and its weight in
/// thousandths; none if it is malformed.
fn range(element: &str) -> Option<(&str, u16)> {
    let (range, weight) = match element.split_once(';') {
        Some((range, parameter)) => (range, weight(parameter.trim())?),
        None => (element, 1000),
    };
    Some((range.trim().split('-').next()?, weight))
}

/// `q=0` to `q=1` with at most three decimals (RFC 9110, section 12.4.2).
fn weight(parameter: &str) -> Option<u16> {
    let value = parameter
        .strip_prefix("q=")
        .or_else(|| parameter.strip_prefix("Q="))?;
    let (whole, decimals) = value.split_once('.').unwrap_or((value, ""));
    if decimals.len() > 3 || !decimals.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let thousandths = format!("{decimals:0<3}").parse().ok()?;
    match (whole, thousandths) {
        ("0", thousandths) => Some(thousandths),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

/// Weight and position of the range for this language. `*` speaks for it only if no other range
/// does (RFC 4647, section 3.3.1).
fn preference(ranges: &[(&str, u16)], locale: Locale) -> Option<(u16, usize)> {
    let best = |wanted: &str| {
        ranges
            .iter()
            .enumerate()
            .filter(|(_, (range, _))| range.eq_ignore_ascii_case(wanted))
            .map(|(position, (_, weight))| (*weight, position))
            .max_by_key(|(weight, position)| (*weight, std::cmp::Reverse(*position)))
    };
    best(locale.as_str()).or_else(|| best("*"))
}

#[cfg(test)]
mod tests;
