//! The place of a message that a search found, in one line, with the words marked that were searched for.

use std::collections::HashSet;

use serde::{Serialize, Serializer};

/// Characters of an excerpt, and how many of them at most stand before the first word that was found.
const LENGTH: usize = 200;
const LEAD: usize = 60;

/// One line out of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excerpt {
    pub parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub text: String,
    /// Whether it was searched for.
    pub is_found: bool,
}

impl Excerpt {
    /// Out of `body`, around the first of the words `found`, which are what stands between white space in it.
    pub fn of(body: &str, found: &[String]) -> Self {
        let found: HashSet<&str> = found.iter().map(String::as_str).collect();
        let words: Vec<&str> = body.split_whitespace().collect();
        let first = words
            .iter()
            .position(|word| found.contains(word))
            .unwrap_or_default();
        let mut lead = 0;
        let start = first
            - words[..first]
                .iter()
                .rev()
                .take_while(|word| {
                    lead += word.chars().count() + 1;
                    lead <= LEAD
                })
                .count();
        let mut excerpt = Self::default();
        excerpt.say(if start > 0 { "… " } else { "" }, false);
        let mut room = LENGTH;
        for (index, word) in words.iter().enumerate().skip(start) {
            if index > start {
                excerpt.say(" ", false);
            }
            let length = word.chars().count();
            if length > room {
                // A word that fills a whole excerpt is cut; any other one is left out.
                let cut = if length > LENGTH { room } else { 0 };
                excerpt.say_word(&word.chars().take(cut).collect::<String>(), found.contains(word));
                excerpt.say("…", false);
                break;
            }
            room = room.saturating_sub(length + 1);
            excerpt.say_word(word, found.contains(word));
        }
        excerpt
    }

    /// Punctuation around a word is not what was searched for.
    fn say_word(&mut self, word: &str, is_found: bool) {
        let inner = word.trim_matches(|character: char| !character.is_alphanumeric());
        match word.split_once(inner) {
            Some((before, behind)) if is_found && !inner.is_empty() => {
                self.say(before, false);
                self.say(inner, true);
                self.say(behind, false);
            }
            _ => self.say(word, false),
        }
    }

    fn say(&mut self, text: &str, is_found: bool) {
        match self.parts.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.is_found == is_found => last.text.push_str(text),
            _ => self.parts.push(Part {
                text: text.to_owned(),
                is_found,
            }),
        }
    }
}

/// As plain text.
impl Serialize for Excerpt {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let texts: String = self.parts.iter().map(|part| part.text.as_str()).collect();
        serializer.serialize_str(&texts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The excerpt, with [] around what is marked.
    fn excerpt(body: &str, found: &[&str]) -> String {
        let found: Vec<String> = found.iter().map(|&word| word.to_owned()).collect();
        let parts = Excerpt::of(body, &found).parts.into_iter();
        parts
            .map(|part| {
                if part.is_found {
                    format!("[{}]", part.text)
                } else {
                    part.text
                }
            })
            .collect()
    }

    #[test]
    fn what_was_searched_for_is_marked_where_it_stands() {
        assert_eq!(
            excerpt("Das Haus,\nneben  (Häusern).", &["Haus,", "(Häusern)."]),
            "Das [Haus], neben ([Häusern])."
        );
        assert_eq!(excerpt("nichts davon", &[]), "nichts davon");
        assert_eq!(excerpt("-- ++", &["--"]), "-- ++");
    }

    #[test]
    fn a_long_message_is_cut_on_both_sides() {
        let body = format!("{} Haus {}", "davor ".repeat(50), "danach ".repeat(50));
        let cut = excerpt(&body, &["Haus"]);
        assert!(cut.starts_with("… davor") && cut.ends_with("danach …"), "{cut}");
        assert!(cut.contains("davor [Haus] danach"), "{cut}");
        assert!(cut.chars().count() <= LENGTH + 6, "{cut}");
        let word = "ä".repeat(300);
        assert_eq!(excerpt(&word, &[&word]), format!("[{}]…", "ä".repeat(LENGTH)));
    }
}
