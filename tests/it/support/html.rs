//! HTML read as browsers read it (WHATWG, 13.2.5: tags, attributes, character references, texts without tags in them), so
//! that what became an element or an attribute can be told from what is shown as text.

use std::collections::BTreeSet;

/// What a document is made of.
#[derive(Debug, Default)]
pub struct Document {
    /// Every element with each of its attributes, or with none where it has none; a comment is the element `!--`.
    pub shape: BTreeSet<(String, String)>,
    /// Every attribute: element, name, value.
    pub attributes: Vec<(String, String, String)>,
    /// What is read, white space collapsed.
    pub text: String,
}

impl Document {
    pub fn read(html: &str) -> Self {
        let mut document = Self::default();
        let mut text = String::new();
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            text.push_str(&decoded(&rest[..at]));
            rest = document.markup(&rest[at..], &mut text);
        }
        text.push_str(&decoded(rest));
        document.text = collapsed(&text);
        document
    }

    /// Everything that somebody sees: the text, and what stands in attributes, as in the fields of forms.
    pub fn shows(&self, words: &str) -> bool {
        let words = collapsed(words);
        let mut values = self.attributes.iter();
        self.text.contains(&words) || values.any(|(_, _, value)| collapsed(value).contains(&words))
    }

    /// Reads what begins with `<`, and answers what is behind it.
    fn markup<'a>(&mut self, from: &'a str, text: &mut String) -> &'a str {
        let inside = &from[1..];
        if inside.starts_with("!--") {
            self.shape.insert(("!--".to_owned(), String::new()));
            return behind(inside, "-->");
        }
        if inside.starts_with(['!', '?', '/']) {
            if inside.starts_with('/') {
                text.push(' ');
            }
            return behind(inside, ">");
        }
        if !inside.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            text.push('<');
            return inside;
        }
        text.push(' ');
        let end = inside
            .find(|letter: char| letter.is_ascii_whitespace() || "/>".contains(letter))
            .unwrap_or(inside.len());
        let name = inside[..end].to_ascii_lowercase();
        let rest = self.attributes_of(&name, &inside[end..]);
        match name.as_str() {
            "script" | "style" => closing(rest, &name).1,
            "title" | "textarea" => {
                let (words, rest) = closing(rest, &name);
                text.push_str(&decoded(words));
                rest
            }
            _ => rest,
        }
    }

    /// Reads the attributes of a tag, and answers what is behind the tag.
    fn attributes_of<'a>(&mut self, element: &str, mut rest: &'a str) -> &'a str {
        let mut has_some = false;
        loop {
            rest = rest.trim_start_matches(|letter: char| letter.is_ascii_whitespace() || letter == '/');
            let Some(first) = rest.chars().next() else { break };
            if first == '>' {
                rest = &rest[1..];
                break;
            }
            let end = rest
                .char_indices()
                .skip(1)
                .find(|(_, letter)| letter.is_ascii_whitespace() || "=/>".contains(*letter));
            let end = end.map_or(rest.len(), |(at, _)| at);
            let name = rest[..end].to_ascii_lowercase();
            rest = rest[end..].trim_start();
            let mut value = "";
            if let Some(after) = rest.strip_prefix('=') {
                (value, rest) = value_of(after.trim_start());
            }
            has_some = true;
            self.shape.insert((element.to_owned(), name.clone()));
            self.attributes.push((element.to_owned(), name, decoded(value)));
        }
        if !has_some {
            self.shape.insert((element.to_owned(), String::new()));
        }
        rest
    }
}

/// A value, in quotes of either kind or in none, and what is behind it.
fn value_of(from: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = from.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    let end = from.find(|letter: char| letter.is_ascii_whitespace() || letter == '>');
    from.split_at(end.unwrap_or(from.len()))
}

/// What stands behind the next `mark`.
fn behind<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or("", |(_, rest)| rest)
}

/// The text up to the closing tag of the element, and what is behind the tag.
fn closing<'a>(from: &'a str, element: &str) -> (&'a str, &'a str) {
    let closing = format!("</{element}");
    let end = from.to_ascii_lowercase().find(&closing);
    let (words, rest) = from.split_at(end.unwrap_or(from.len()));
    (words, behind(rest, ">"))
}

/// The text with its character references resolved.
fn decoded(text: &str) -> String {
    let mut parts = text.split('&');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let reference = part
            .split_once(';')
            .and_then(|(name, rest)| Some((character(name)?, rest)));
        if let Some((letter, rest)) = reference {
            decoded.push(letter);
            decoded.push_str(rest);
        } else {
            decoded.push('&');
            decoded.push_str(part);
        }
    }
    decoded
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?);
    }
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => None,
    }
}

pub fn collapsed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
