//! The one layout of all letters, as plain text and as HTML.

use askama::Template;
use url::Url;

use super::Rendered;
use crate::text::{self, Locale};

/// Characters a line of plain text may have (RFC 3676, section 4.2, leaves room for quoting within 80).
const WIDTH: usize = 72;

/// A part of a letter that stands by itself.
pub enum Block {
    Paragraph(String),
    Link(String),
    Code(String),
    /// Someone else's words, whose line breaks are kept.
    Quote(String),
}

#[derive(Template)]
#[template(path = "letter.txt")]
struct Plain<'a> {
    blocks: &'a [Block],
    sender: &'a str,
    portal_url: &'a Url,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'a> {
    locale: Locale,
    subject: &'a str,
    blocks: &'a [Block],
    sender: &'a str,
    portal_url: &'a Url,
}

pub fn render(locale: Locale, subject: String, blocks: &[Block], portal_url: &Url) -> Rendered {
    let sender = &text::text(locale, "mail-sender");
    let text = written(&Plain {
        blocks,
        sender,
        portal_url,
    });
    let html = written(&Html {
        locale,
        subject: &subject,
        blocks,
        sender,
        portal_url,
    });
    Rendered { subject, text, html }
}

#[expect(
    clippy::expect_used,
    reason = "writing to memory does not fail, and the templates call nothing that does"
)]
fn written(template: &impl Template) -> String {
    let mut text = template.render().expect("letters are written to memory");
    text.push('\n');
    text
}

impl Block {
    /// The block in lines of at most [`WIDTH`] characters; a word that is longer stays whole on its line.
    fn plain(&self) -> String {
        match self {
            Self::Paragraph(text) => wrapped(text, ""),
            // Alone on its line and unbroken, a link is recognised by every mail program.
            Self::Link(text) => text.clone(),
            Self::Code(text) => format!("    {text}"),
            Self::Quote(text) => text
                .lines()
                .map(|line| wrapped(line, "> "))
                .collect::<Vec<_>>()
                .join("\n"),
        }
    }
}

fn wrapped(text: &str, prefix: &str) -> String {
    let mut lines = vec![prefix.to_owned()];
    let mut length = prefix.len();
    let mut begun = false;
    for word in text.split_whitespace() {
        let added = word.chars().count() + 1;
        if begun && length + added > WIDTH {
            lines.push(prefix.to_owned());
            (length, begun) = (prefix.len(), false);
        }
        if let Some(line) = lines.last_mut() {
            if begun {
                line.push(' ');
            }
            line.push_str(word);
        }
        length += if begun { added } else { added - 1 };
        begun = true;
    }
    lines
        .iter()
        .map(|line| line.trim_end())
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_filled_but_not_overfilled() {
        let word = "äöü";
        let text = [word; 40].join(" ");
        let lines: Vec<_> = wrapped(&text, "> ").lines().map(str::to_owned).collect();
        assert!(
            lines
                .iter()
                .all(|line| line.chars().count() <= WIDTH && line.starts_with("> äöü"))
        );
        assert!(lines[0].chars().count() + word.chars().count() + 1 > WIDTH);
        assert_eq!(lines.concat().matches(word).count(), 40);
    }

    #[test]
    fn a_word_that_is_too_long_stays_whole() {
        let long = "x".repeat(100);
        assert_eq!(wrapped(&format!("a {long} b"), ""), format!("a\n{long}\nb"));
    }
}
