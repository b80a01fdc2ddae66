//! The two plainest pages: a form with a few sentences above it, and sentences alone.

use askama::Template;

use super::{
    form::Form,
    frame::Frame,
    view::{View, Way},
};

/// Sentences, a form, and where else to go.
#[derive(Template)]
#[template(path = "kit/form_page.html")]
pub struct FormPage<'a> {
    pub frame: Frame<'a>,
    pub intro: Vec<String>,
    pub form: Form,
    pub ways: Vec<Way>,
}

/// Sentences, and where to go from here.
#[derive(Template)]
#[template(path = "kit/text_page.html")]
pub struct TextPage<'a> {
    pub frame: Frame<'a>,
    pub lines: Vec<String>,
    pub ways: Vec<Way>,
}

impl View {
    /// A link in the reader's language.
    pub fn way(&self, path: &str, key: &str) -> Way {
        Way {
            href: self.to(path),
            text: self.t(key),
            is_here: false,
        }
    }
}
