//! Forms: what is wrong stands at the field and is summed up at the top, what was typed stays.

use askama::Template;

use super::{
    field::{Field, Kind, TICKED},
    frame::Line,
    posted::Posted,
    view::View,
};
use crate::web::problem::{Problem, message};

/// One form, with what was sent and what was wrong with it.
#[derive(Template)]
#[template(path = "kit/form.html")]
pub struct Form {
    action: String,
    /// Stands before every id, where a page has several forms.
    prefix: &'static str,
    method: &'static str,
    hidden: Vec<(String, String)>,
    fields: Vec<Field>,
    buttons: Vec<Button>,
    cancel: Option<(String, String)>,
    optional_word: String,
    error_word: String,
    posted: Posted,
    /// Field and message.
    errors: Vec<(String, String)>,
    view: View,
}

struct Button {
    text: String,
    /// Sent as `act`, where a form has several buttons.
    act: Option<&'static str>,
    class: Option<&'static str>,
}

impl Form {
    /// A form that is sent to the page it stands on.
    pub fn new(view: &View, posted: &Posted, problem: Option<&Problem>) -> Self {
        Self {
            action: view.path(),
            prefix: "",
            method: "post",
            hidden: Vec::new(),
            fields: Vec::new(),
            buttons: Vec::new(),
            cancel: None,
            optional_word: view.t("form-optional"),
            error_word: view.t("form-error"),
            posted: posted.clone(),
            errors: errors_of(view, problem),
            view: view.clone(),
        }
    }

    /// A form that only asks: a search. What was asked stands in the address.
    pub fn search(view: &View) -> Self {
        let asked = Posted::parse(view.query().as_bytes());
        Self {
            method: "get",
            ..Self::new(view, &asked, None)
        }
    }

    /// What was wrong with a search; comes before the fields.
    #[must_use]
    pub fn refused(mut self, problem: Option<&Problem>) -> Self {
        self.errors = errors_of(&self.view, problem);
        self
    }

    /// Another address than this page's.
    #[must_use]
    pub fn action(mut self, action: String) -> Self {
        self.action = action;
        self
    }

    /// Tells the ids of several forms on one page apart; comes before the fields.
    #[must_use]
    pub fn prefix(mut self, prefix: &'static str) -> Self {
        self.prefix = prefix;
        self
    }

    #[must_use]
    pub fn hidden(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }

    #[must_use]
    pub fn field(mut self, mut field: Field) -> Self {
        field.place(self.prefix, &self.view, &self.posted);
        let error = self.errors.iter().find(|(name, _)| name == field.name);
        field.error = error.map(|(_, message)| message.clone());
        self.fields.push(field);
        self
    }

    #[must_use]
    pub fn button(self, key: &str) -> Self {
        self.add_button(key, None, None)
    }

    /// One of several buttons; it is told by `act`.
    #[must_use]
    pub fn button_for(self, key: &str, act: &'static str) -> Self {
        self.add_button(key, Some(act), None)
    }

    /// The same beside a button that matters more.
    #[must_use]
    pub fn second_button_for(self, key: &str, act: &'static str) -> Self {
        self.add_button(key, Some(act), Some("second"))
    }

    /// A button whose effect cannot be taken back, or only for a while.
    #[must_use]
    pub fn grave_button(self, key: &str) -> Self {
        self.add_button(key, None, Some("grave"))
    }

    /// A link beside the buttons, back to where nothing happens.
    #[must_use]
    pub fn cancel(mut self, path: &str, key: &str) -> Self {
        self.cancel = Some((self.view.to(path), self.view.t(key)));
        self
    }

    fn add_button(mut self, key: &str, act: Option<&'static str>, class: Option<&'static str>) -> Self {
        self.buttons.push(Button {
            text: self.view.t(key),
            act,
            class,
        });
        self
    }

    /// What the summary says of the field that has this name: its label, what is wrong, and where it is.
    pub fn line(&self, name: &str, message: String) -> Line {
        let Some(field) = self.fields.iter().find(|field| field.name == name) else {
            return Line { field: None, message };
        };
        Line {
            field: Some(field.anchor()),
            message: format!("{}: {message}", field.label.words()),
        }
    }
}

/// Field and message of everything that is wrong.
fn errors_of(view: &View, problem: Option<&Problem>) -> Vec<(String, String)> {
    let errors = problem.map_or(&[][..], |problem| &problem.errors);
    errors
        .iter()
        .map(|error| (error.field.clone(), message(view.locale, &error.fault)))
        .collect()
}
