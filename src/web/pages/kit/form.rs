//! Forms: what is wrong stands at the field and is summed up at the top, what was typed stays. A field is optional if
//! it says so.

use askama::Template;

use super::{
    posted::Posted,
    view::{Line, View},
};
use crate::web::problem::{Problem, message};

/// What a ticked box sends that names no value.
const TICKED: &str = "true";

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

/// One question. Its label is the text `label-{name}` unless it says otherwise.
pub struct Field {
    name: &'static str,
    id: String,
    kind: Kind,
    label: Text,
    hint: Option<Text>,
    error: Option<String>,
    value: Option<String>,
    is_optional: bool,
    is_read_only: bool,
    autocomplete: Option<&'static str>,
    /// Address and words of a link to what the field speaks of.
    link: Option<(String, String)>,
    is_verbatim: bool,
}

enum Kind {
    /// One line; `email`, `tel`, `password`, `date` or `text`.
    Line(&'static str),
    Prose {
        rows: u8,
    },
    /// One of several, all in view.
    One(Vec<Choice>),
    /// One of so many that they stand in a list to open.
    Pick(Vec<Choice>),
    /// Any of several.
    Any(Vec<Choice>),
    Tick {
        is_ticked: bool,
    },
}

/// What stands at a field: by its key until the form knows the language, then in words.
enum Text {
    /// `label-` and the field's name.
    OfField,
    Key(&'static str),
    Words(String),
}

impl Text {
    fn put_into_words(&mut self, view: &View, name: &str) {
        let words = match self {
            Self::OfField => view.t(&format!("label-{}", as_id(name))),
            Self::Key(key) => view.t(key),
            Self::Words(_) => return,
        };
        *self = Self::Words(words);
    }

    fn words(&self) -> &str {
        match self {
            Self::Words(words) => words,
            Self::OfField | Self::Key(_) => "",
        }
    }
}

/// A field's name as part of an id or a key.
fn as_id(name: &str) -> String {
    name.replace(['_', '.'], "-")
}

/// What can be chosen.
pub struct Choice {
    pub value: String,
    pub label: String,
    pub hint: Option<String>,
    pub is_chosen: bool,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: None,
            is_chosen: false,
        }
    }

    #[must_use]
    pub fn hint(mut self, hint: String) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Chosen as long as nobody chose otherwise.
    #[must_use]
    pub fn chosen(mut self, is_chosen: bool) -> Self {
        self.is_chosen = is_chosen;
        self
    }
}

impl Field {
    fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            id: String::new(),
            label: Text::OfField,
            hint: None,
            error: None,
            value: None,
            is_optional: false,
            is_read_only: false,
            autocomplete: None,
            link: None,
            is_verbatim: matches!(kind, Kind::Line("password" | "email")),
            kind,
        }
    }

    pub fn line(name: &'static str) -> Self {
        Self::new(name, Kind::Line("text"))
    }

    pub fn email(name: &'static str) -> Self {
        Self::new(name, Kind::Line("email"))
    }

    pub fn tel(name: &'static str) -> Self {
        Self::new(name, Kind::Line("tel"))
    }

    pub fn date(name: &'static str) -> Self {
        Self::new(name, Kind::Line("date"))
    }

    /// `autocomplete` is `current-password` or `new-password`. What was typed is never shown again.
    pub fn password(name: &'static str, autocomplete: &'static str) -> Self {
        Self::new(name, Kind::Line("password")).autocomplete(autocomplete)
    }

    pub fn prose(name: &'static str, rows: u8) -> Self {
        Self::new(name, Kind::Prose { rows })
    }

    pub fn one(name: &'static str, choices: Vec<Choice>) -> Self {
        Self::new(name, Kind::One(choices))
    }

    pub fn pick(name: &'static str, choices: Vec<Choice>) -> Self {
        Self::new(name, Kind::Pick(choices))
    }

    pub fn any(name: &'static str, choices: Vec<Choice>) -> Self {
        Self::new(name, Kind::Any(choices))
    }

    /// It sends `true`, or its [`Field::value`]; only what was ticked with the same value stays so.
    pub fn tick(name: &'static str, is_ticked: bool) -> Self {
        Self::new(name, Kind::Tick { is_ticked })
    }

    /// Another label than `label-{name}`.
    #[must_use]
    pub fn label(mut self, key: &'static str) -> Self {
        self.label = Text::Key(key);
        self
    }

    #[must_use]
    pub fn label_text(mut self, text: String) -> Self {
        self.label = Text::Words(text);
        self
    }

    #[must_use]
    pub fn hint(mut self, key: &'static str) -> Self {
        self.hint = Some(Text::Key(key));
        self
    }

    #[must_use]
    pub fn hint_text(mut self, text: String) -> Self {
        self.hint = Some(Text::Words(text));
        self
    }

    /// What stands there as long as nothing was sent.
    #[must_use]
    pub fn value(mut self, value: Option<&str>) -> Self {
        self.value = value.map(str::to_owned);
        self
    }

    #[must_use]
    pub fn optional(mut self) -> Self {
        self.is_optional = true;
        self
    }

    /// A line that is shown and cannot be typed into.
    #[must_use]
    pub fn read_only(mut self, is_read_only: bool) -> Self {
        self.is_read_only = is_read_only;
        self
    }

    /// One of the tokens of HTML's autofill.
    #[must_use]
    pub fn autocomplete(mut self, token: &'static str) -> Self {
        self.autocomplete = Some(token);
        self
    }

    /// A link to what the field speaks of.
    #[must_use]
    pub fn link(mut self, path: &str, key: &str) -> Self {
        self.link = Some((path.to_owned(), key.to_owned()));
        self
    }

    /// The browser should neither capitalise nor correct what is typed.
    #[must_use]
    pub fn verbatim(mut self) -> Self {
        self.is_verbatim = true;
        self
    }

    fn is_group(&self) -> bool {
        matches!(self.kind, Kind::One(_) | Kind::Any(_))
    }

    /// What describes the field: its error first, then its hint.
    fn described_by(&self) -> Option<String> {
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        match (error, hint) {
            (Some(error), Some(hint)) => Some(format!("{error} {hint}")),
            (error, hint) => error.or(hint),
        }
    }

    /// What was sent takes the place of what stood there.
    fn fill(&mut self, posted: &Posted) {
        if posted.is_empty() {
            return;
        }
        match &mut self.kind {
            Kind::Line("password") => {}
            Kind::Line(_) | Kind::Prose { .. } => self.value = Some(posted.text(self.name).to_owned()),
            Kind::One(choices) | Kind::Pick(choices) | Kind::Any(choices) => {
                let chosen = posted.all(self.name);
                for choice in choices {
                    choice.is_chosen = chosen.contains(&choice.value.as_str());
                }
            }
            Kind::Tick { is_ticked } => {
                *is_ticked = posted.text(self.name) == self.value.as_deref().unwrap_or(TICKED);
            }
        }
    }
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
        field.id = format!("{}{}", self.prefix, as_id(field.name));
        field.label.put_into_words(&self.view, field.name);
        if let Some(hint) = &mut field.hint {
            hint.put_into_words(&self.view, field.name);
        }
        field.link = field
            .link
            .map(|(path, key)| (self.view.to(&path), self.view.t(&key)));
        field.fill(&self.posted);
        field.error = self
            .errors
            .iter()
            .find(|(name, _)| name == field.name)
            .map(|(_, message)| message.clone());
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
        let id = match &field.kind {
            Kind::One(choices) | Kind::Any(choices) if !choices.is_empty() => format!("{}-1", field.id),
            _ => field.id.clone(),
        };
        Line {
            field: Some(id),
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
