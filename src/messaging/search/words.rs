//! What is searched for, as it is typed: words, "phrases in quotation marks", -what must not occur, and or between
//! alternatives. Nothing in it is an operator of the database's own.

use unicode_normalization::UnicodeNormalization;

use crate::values::{Fault, search_text};

/// Texts for the database's `message_query`: words and phrases in quotation marks, and `or` between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub wanted: String,
    /// None of this may occur.
    pub unwanted: String,
}

/// One word or phrase of what was typed.
struct Term {
    words: String,
    is_unwanted: bool,
    is_quoted: bool,
}

impl Words {
    /// Refuses what has no word that is wanted.
    pub fn parse(raw: &str) -> Result<Self, Fault> {
        let text: String = search_text(raw)?.nfc().map(as_typed_plainly).collect();
        if text.is_empty() {
            return Err(Fault::new("required"));
        }
        let mut wanted: Vec<String> = Vec::new();
        let mut unwanted: Vec<String> = Vec::new();
        for term in terms(&text) {
            let quoted = format!("\"{}\"", term.words);
            if term.is_unwanted {
                unwanted.push(quoted);
            } else if !term.is_quoted && is_or(&term.words) {
                wanted.extend(
                    wanted
                        .last()
                        .is_some_and(|last| last != OR)
                        .then(|| OR.to_owned()),
                );
            } else {
                wanted.push(quoted);
            }
        }
        wanted.pop_if(|last| last == OR);
        if wanted.is_empty() {
            return Err(Fault::new("no_search_word"));
        }
        Ok(Self {
            wanted: wanted.join(" "),
            unwanted: unwanted.join(" or "),
        })
    }
}

const OR: &str = "or";

fn is_or(words: &str) -> bool {
    ["or", "oder"].iter().any(|word| words.eq_ignore_ascii_case(word))
}

/// Quotation marks of all kinds are one.
fn as_typed_plainly(character: char) -> char {
    match character {
        '„' | '“' | '”' | '«' | '»' | '‟' => '"',
        other => other,
    }
}

/// The terms that have a word in them. What is written together, as a compound with hyphens or an address, is a phrase.
fn terms(text: &str) -> Vec<Term> {
    let mut terms = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let behind_minus = rest
            .strip_prefix('-')
            .filter(|behind| !behind.starts_with(|next: char| next == '-' || next.is_whitespace()));
        let start = behind_minus.unwrap_or(rest);
        let quoted = start.strip_prefix('"');
        let (term, behind) = if let Some(phrase) = quoted {
            phrase.split_once('"').unwrap_or((phrase, ""))
        } else {
            let end = start.find(|next: char| next == '"' || next.is_whitespace());
            start.split_at(end.unwrap_or(start.len()))
        };
        let words = bare(term);
        if !words.is_empty() {
            terms.push(Term {
                words,
                is_unwanted: behind_minus.is_some(),
                is_quoted: quoted.is_some(),
            });
        }
        rest = behind.trim_start();
    }
    terms
}

/// The words as the database's `bare_words` leaves them.
fn bare(term: &str) -> String {
    let words = term.split(|character: char| character.is_ascii_punctuation() || character.is_whitespace());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(raw: &str) -> (String, String) {
        Words::parse(raw).map_or_else(
            |fault| (fault.code.to_owned(), String::new()),
            |words| (words.wanted, words.unwanted),
        )
    }

    #[test]
    fn words_phrases_and_what_must_not_occur_are_told_apart() {
        for (raw, wanted, unwanted) in [
            ("haus garten", r#""haus" "garten""#, ""),
            (
                r#"haus -"alter garten" -zaun"#,
                r#""haus""#,
                r#""alter garten" or "zaun""#,
            ),
            ("„der Garten“ Haus", r#""der Garten" "Haus""#, ""),
            ("Haus oder Garten OR", r#""Haus" or "Garten""#, ""),
            ("or or haus", r#""haus""#, ""),
            (r#""haus oder garten"#, r#""haus oder garten""#, ""),
            ("Müller-Lüdenscheidt", r#""Müller Lüdenscheidt""#, ""),
            ("Mu\u{308}ller", r#""Müller""#, ""),
            ("a - b --c", r#""a" "b" "c""#, ""),
            (r#"ab"cd"ef"#, r#""ab" "cd" "ef""#, ""),
            ("", "required", ""),
            ("-haus", "no_search_word", ""),
            (r#"& | ! ( ) : * "" - oder"#, "no_search_word", ""),
        ] {
            assert_eq!(parsed(raw), (wanted.to_owned(), unwanted.to_owned()), "{raw}");
        }
    }

    proptest::proptest! {
        #[test]
        fn plain_words_are_all_wanted_and_those_behind_a_minus_are_not(
            wanted in proptest::collection::vec("[a-nß0-9]{1,8}", 1..6),
            unwanted in proptest::collection::vec("[a-nß0-9]{1,8}", 0..6),
        ) {
            let quoted = |words: &[String], between: &str| {
                words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(between)
            };
            let minus: String = unwanted.iter().flat_map(|word| [" -", word.as_str()]).collect();
            let raw = wanted.join(" ") + &minus;
            proptest::prop_assert_eq!(parsed(&raw), (quoted(&wanted, " "), quoted(&unwanted, " or ")));
        }

        #[test]
        fn nothing_but_words_and_quotation_marks_reaches_the_database(raw in ".*") {
            if let Ok(words) = Words::parse(&raw) {
                for part in [words.wanted, words.unwanted] {
                    proptest::prop_assert!(part.chars().all(|c| c == '"' || !c.is_ascii_punctuation()));
                    proptest::prop_assert!(part.matches('"').count() % 2 == 0);
                }
            }
        }
    }
}
