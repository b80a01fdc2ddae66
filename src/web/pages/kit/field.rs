//! One question of a form: what kind it is, how it is labelled, what was sent. It is optional if it says so.

use super::{choice::Choice, posted::Posted, view::View};

/// What a ticked box sends that names no value.
pub(super) const TICKED: &str = "true";

/// One question. Its label is the text `label-{name}` unless it says otherwise.
pub struct Field {
    pub(super) name: &'static str,
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) label: Text,
    pub(super) hint: Option<Text>,
    pub(super) error: Option<String>,
    pub(super) value: Option<String>,
    pub(super) is_optional: bool,
    pub(super) is_read_only: bool,
    pub(super) autocomplete: Option<&'static str>,
    /// Address and words of a link to what the field speaks of.
    pub(super) link: Option<(String, String)>,
    pub(super) is_verbatim: bool,
    /// What is offered while a line is typed; anything else may be typed as well.
    pub(super) suggestions: Vec<String>,
    /// Text and `act` of a button of its own.
    pub(super) button: Option<(String, &'static str)>,
}

pub(super) enum Kind {
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
pub(super) enum Text {
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

    pub(super) fn words(&self) -> &str {
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
            suggestions: Vec::new(),
            button: None,
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

    #[must_use]
    pub fn suggest(mut self, suggestions: Vec<String>) -> Self {
        self.suggestions = suggestions;
        self
    }

    /// A button for this field alone, told by `act`; the form is sent with everything in it.
    #[must_use]
    pub fn button(mut self, key: &str, act: &'static str) -> Self {
        self.button = Some((key.to_owned(), act));
        self
    }

    pub(super) fn is_group(&self) -> bool {
        matches!(self.kind, Kind::One(_) | Kind::Any(_))
    }

    /// What describes the field: its error first, then its hint.
    pub(super) fn described_by(&self) -> Option<String> {
        let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        match (error, hint) {
            (Some(error), Some(hint)) => Some(format!("{error} {hint}")),
            (error, hint) => error.or(hint),
        }
    }

    /// Takes its place in a form: its id, its words, and what was sent.
    pub(super) fn place(&mut self, prefix: &str, view: &View, posted: &Posted) {
        self.id = format!("{prefix}{}", as_id(self.name));
        self.label.put_into_words(view, self.name);
        if let Some(hint) = &mut self.hint {
            hint.put_into_words(view, self.name);
        }
        if let Some((path, key)) = &mut self.link {
            (*path, *key) = (view.to(path), view.t(key));
        }
        if let Some((key, _)) = &mut self.button {
            *key = view.t(key);
        }
        self.fill(posted);
    }

    /// The id that a link to the field leads to: of a group, its first choice's, if it has any.
    pub(super) fn anchor(&self) -> String {
        match &self.kind {
            Kind::One(choices) | Kind::Any(choices) if !choices.is_empty() => format!("{}-1", self.id),
            _ => self.id.clone(),
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
