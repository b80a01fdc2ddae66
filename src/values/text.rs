//! Texts that people type: one line or several, without what terminals, mail headers and readers trip over.

use unicode_normalization::UnicodeNormalization;

use super::{Fault, QUERY_LIMIT};

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

/// Bytes that a character of a line may take on average once it is decomposed (NFKD), as the directory does with it.
/// Korean syllables take 9, while U+FDFA takes 33: names of those would not fit the directory's index.
const DECOMPOSED_BYTES: usize = 12;

/// One line of 1 to `limit` characters; white space around it is dropped.
pub fn line(raw: &str, limit: usize) -> Result<Line, Fault> {
    let text: String = raw.trim().nfc().collect();
    if text
        .chars()
        .any(|character| is_unfit(character) || is_mark_of_nothing(character))
    {
        return Err(Fault::new("control_character"));
    }
    within(&text, limit)?;
    if text.nfkd().map(char::len_utf8).sum::<usize>() > limit * DECOMPOSED_BYTES {
        return Err(Fault::with_limit("too_long", limit));
    }
    Ok(Line(text))
}

/// The query of a list: at most so many characters, none of them a control character. May be empty.
pub fn search_text(raw: &str) -> Result<&str, Fault> {
    let text = raw.trim();
    if text.chars().any(char::is_control) {
        return Err(Fault::new("control_character"));
    }
    if text.chars().count() > QUERY_LIMIT {
        return Err(Fault::with_limit("too_long", QUERY_LIMIT));
    }
    Ok(text)
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
    if text.chars().all(is_invisible) {
        return Err(Fault::new("required"));
    }
    if text.chars().count() > limit {
        return Err(Fault::with_limit("too_long", limit));
    }
    Ok(())
}

/// Characters that show nothing by themselves: what is made of them alone is as good as empty. Inside a text they may
/// matter, as joiners do in Persian names and in emoji.
fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || is_mark_of_nothing(character)
        || matches!(character, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200c}' | '\u{200d}' | '\u{2061}'..='\u{2064}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// Spaces without width and marks of direction: of use in long texts, but in a name they only make two look alike.
fn is_mark_of_nothing(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}'
    )
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
    use proptest::prelude::*;

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
            ("a\u{200e}b", "control_character"),
            ("a\u{61c}b", "control_character"),
            ("\u{200b}", "control_character"),
            ("\u{2060}\u{feff}", "control_character"),
            ("\u{200d}\u{200c}", "required"),
            ("\u{3164}", "required"),
            ("\u{fdfa}\u{fdfa}", "too_long"),
            ("abcdef", "too_long"),
        ] {
            assert_eq!(line(raw, 5).unwrap_err().code, code, "{raw:?}");
        }
    }

    #[test]
    fn joiners_stay_between_what_they_join() {
        for name in ["علی\u{200c}رضا", "क्\u{200d}ष", "홍길동", "👩\u{200d}🚒"] {
            assert!(line(name, 5 + name.chars().count()).is_ok(), "{name}");
        }
        assert!(line(&"뷁".repeat(100), 100).is_ok());
        assert_eq!(prose("\u{200b}", 10).unwrap_err().code, "required");
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
    proptest! {
        #[test]
        fn what_was_read_is_read_the_same_again(raw in ".{0,30}|[a\u{308}\u{200d}\u{3000} \r\n\t0-9+]{0,12}", limit in 1..20_usize) {
            if let Ok(read) = line(&raw, limit) {
                prop_assert!((1..=limit).contains(&read.as_str().chars().count()));
                prop_assert!(!read.as_str().contains(char::is_control));
                prop_assert_eq!(line(read.as_str(), limit), Ok(read.clone()));
            }
            if let Ok(read) = prose(&raw, limit) {
                prop_assert!((1..=limit).contains(&read.as_str().chars().count()));
                prop_assert_eq!(prose(read.as_str(), limit), Ok(read.clone()));
            }
            if let Ok(read) = phone(&raw) {
                prop_assert_eq!(phone(read.as_str()), Ok(read.clone()));
            }
        }
    }
}
