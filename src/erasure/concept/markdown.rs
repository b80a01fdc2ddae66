//! The concept as a document that a data protection officer can file: one template a language, so that whoever
//! answers for the wording reads and changes it as a text.

use askama::Template;

use super::{ClassRow, Concept};

#[derive(Template)]
#[template(path = "concept.de.md")]
struct German<'a> {
    concept: &'a Concept,
}

#[derive(Template)]
#[template(path = "concept.en.md")]
struct English<'a> {
    concept: &'a Concept,
}

impl Concept {
    /// The document in the concept's language.
    pub fn markdown(&self) -> Result<String, askama::Error> {
        match self.locale {
            "en" => English { concept: self }.render(),
            _ => German { concept: self }.render(),
        }
    }
}

/// Lines of one table cell.
fn lines(parts: &[String]) -> String {
    parts.join("<br>")
}

/// Names of columns, as code.
fn code(names: &[String]) -> String {
    match names {
        [] => "–".to_owned(),
        _ => format!("`{}`", names.join("`, `")),
    }
}

fn codes(classes: &[ClassRow]) -> String {
    cell(classes, |class| class.code.clone())
}

fn starts(classes: &[ClassRow]) -> String {
    cell(classes, |class| class.start.clone())
}

fn periods(classes: &[ClassRow]) -> String {
    cell(classes, |class| class.period.text.clone())
}

/// One line a class, so that start, period and class stand side by side.
fn cell(classes: &[ClassRow], part: impl Fn(&ClassRow) -> String) -> String {
    lines(&classes.iter().map(part).collect::<Vec<_>>())
}
