//! Texts that people type: one line or several, without what terminals, mail headers and readers trip over.

use unicode_normalization::UnicodeNormalization;

use super::Fault;

/// One line of text, NFC, without control characters, between 1 and the limit it was parsed with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line(String);

/// Text of several lines, NFC, line ends as LF.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prose(String);

impl Line {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

impl Prose {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn into_string(self) -> String {
        self.0
    }
}

/// One line of 1 to `limit` characters; white space around it is dropped.
pub fn line(raw: &str, limit: usize) -> Result<Line, Fault> {
    let text: String = raw.trim().nfc().collect();
    if text.chars().any(is_unfit) {
        return Err(Fault::new("control_character"));
    }
    within(&text, limit)?;
    Ok(Line(text))
}

/// One line or nothing: an empty text counts as nothing.
pub fn optional_line(raw: Option<&str>, limit: usize) -> Result<Option<Line>, Fault> {
    raw.filter(|raw| !raw.trim().is_empty())
        .map(|raw| line(raw, limit))
        .transpose()
}

/// Text of 1 to `limit` characters in any number of lines.
pub fn prose(raw: &str, limit: usize) -> Result<Prose, Fault> {
    let text: String = raw
        .replace("\r\n", "\n")
        .replace('\r', "\n")
        .trim()
        .nfc()
        .collect();
    if text
        .chars()
        .any(|character| !matches!(character, '\n' | '\t') && is_unfit(character))
    {
        return Err(Fault::new("control_character"));
    }
    within(&text, limit)?;
    Ok(Prose(text))
}

/// Several lines or nothing.
pub fn optional_prose(raw: Option<&str>, limit: usize) -> Result<Option<Prose>, Fault> {
    raw.filter(|raw| !raw.trim().is_empty())
        .map(|raw| prose(raw, limit))
        .transpose()
}

/// A phone number as people write it: digits, spaces and `+ ( ) / - .`, at least 3 digits, at most 40 characters.
pub fn phone(raw: &str) -> Result<Line, Fault> {
    let phone = line(raw, 40)?;
    let fits = phone
        .0
        .chars()
        .all(|character| character.is_ascii_digit() || " +()/-.".contains(character));
    if !fits || phone.0.chars().filter(char::is_ascii_digit).count() < 3 {
        return Err(Fault::new("phone_invalid"));
    }
    Ok(phone)
}

fn within(text: &str, limit: usize) -> Result<(), Fault> {
    match text.chars().count() {
        0 => Err(Fault::new("required")),
        length if length > limit => Err(Fault::with_limit("too_long", limit)),
        _ => Ok(()),
    }
}

/// Control characters, line and paragraph separators, and the marks that turn the direction of what follows
/// (Unicode Technical Report 36, 3.3), with which one name can be made to look like another.
fn is_unfit(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_composed() {
        assert_eq!(line("  Mu\u{308}ller ", 10).unwrap().as_str(), "Müller");
    }

    #[test]
    fn a_line_has_no_breaks_and_fits_its_limit() {
        for (raw, code) in [
            ("", "required"),
            ("   ", "required"),
            ("a\nb", "control_character"),
            ("a\r\nBcc: x@y.de", "control_character"),
            ("a\u{0}b", "control_character"),
            ("a\u{202e}b", "control_character"),
            ("abcdef", "too_long"),
        ] {
            assert_eq!(line(raw, 5).unwrap_err().code, code, "{raw:?}");
        }
    }

    #[test]
    fn prose_keeps_its_lines() {
        assert_eq!(prose("a\r\nb\rc\n", 10).unwrap().as_str(), "a\nb\nc");
        assert_eq!(prose("a\u{7}", 10).unwrap_err().code, "control_character");
    }

    #[test]
    fn phones_are_digits_and_their_usual_marks() {
        assert_eq!(
            phone("+49 (0)30 / 123-45").unwrap().as_str(),
            "+49 (0)30 / 123-45"
        );
        assert_eq!(phone("call me").unwrap_err().code, "phone_invalid");
    }
}
