//! What the desk's pages are made of: facts, cards and sections, one template for all.

use askama::Template;
use axum::response::Response;

use crate::web::{
    pages::{
        desk::parts,
        kit::{Form, Frame, Posted, View, Way},
    },
    problem::Problem,
};

/// A page of the desk: what is to be known, then section by section what there is and what can be done.
#[derive(Template)]
#[template(path = "desk/page.html")]
pub struct DeskPage<'a> {
    frame: Frame<'a>,
    parts: Vec<Way>,
    lines: Vec<String>,
    facts: Vec<Fact>,
    sections: Vec<Section>,
    pager: Vec<Way>,
    ways: Vec<Way>,
}

/// One part of a page. Without a heading it belongs to what stands above it.
#[derive(Default)]
pub struct Section {
    heading: Option<String>,
    is_urgent: bool,
    lines: Vec<String>,
    facts: Vec<Fact>,
    cards: Vec<Card>,
    table: Option<Table>,
    forms: Vec<Form>,
    ways: Vec<Way>,
}

/// Something that is known.
pub struct Fact {
    label: String,
    value: String,
    href: Option<String>,
}

/// One entry of a list.
pub struct Card {
    title: String,
    href: Option<String>,
    badge: Option<Badge>,
    lines: Vec<String>,
    /// What someone wrote, in their own lines.
    prose: Option<String>,
    ways: Vec<Way>,
}

/// What is compared line by line.
pub struct Table {
    pub caption: String,
    pub heads: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// One field of a table.
pub struct Cell {
    value: String,
    href: Option<String>,
}

struct Badge {
    kind: Tone,
    text: String,
}

/// How loudly a badge speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Warn,
    Grave,
    Good,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "badge",
            Self::Warn => "badge warn",
            Self::Grave => "badge grave",
            Self::Good => "badge good",
        }
    }
}

impl<'a> DeskPage<'a> {
    pub fn new(frame: Frame<'a>) -> Self {
        Self {
            parts: parts(frame.view),
            frame,
            lines: Vec::new(),
            facts: Vec::new(),
            sections: Vec::new(),
            pager: Vec::new(),
            ways: Vec::new(),
        }
    }

    #[must_use]
    pub fn line(mut self, line: String) -> Self {
        self.lines.push(line);
        self
    }

    #[must_use]
    pub fn facts(mut self, facts: Vec<Fact>) -> Self {
        self.facts = facts;
        self
    }

    #[must_use]
    pub fn section(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    #[must_use]
    pub fn sections(mut self, sections: Vec<Section>) -> Self {
        self.sections.extend(sections);
        self
    }

    /// Entries of a list, or what is said when there are none.
    #[must_use]
    pub fn list(self, cards: Vec<Card>, none: &str) -> Self {
        let view = self.frame.view;
        let section = if cards.is_empty() {
            Section::default().line(view.t(none))
        } else {
            Section::default().cards(cards)
        };
        self.section(section)
    }

    #[must_use]
    pub fn pager(mut self, pager: Vec<Way>) -> Self {
        self.pager = pager;
        self
    }

    #[must_use]
    pub fn way(mut self, way: Way) -> Self {
        self.ways.push(way);
        self
    }

    pub fn show(&self, problem: Option<&Problem>) -> Response {
        self.frame.view.show_with(problem, self)
    }
}

impl Section {
    pub fn new(heading: String) -> Self {
        Self {
            heading: Some(heading),
            ..Self::default()
        }
    }

    /// Stands out: something is wrong, or cannot be taken back.
    #[must_use]
    pub fn urgent(mut self) -> Self {
        self.is_urgent = true;
        self
    }

    #[must_use]
    pub fn line(mut self, line: String) -> Self {
        self.lines.push(line);
        self
    }

    #[must_use]
    pub fn facts(mut self, facts: Vec<Fact>) -> Self {
        self.facts = facts;
        self
    }

    #[must_use]
    pub fn cards(mut self, cards: Vec<Card>) -> Self {
        self.cards = cards;
        self
    }

    #[must_use]
    pub fn table(mut self, table: Table) -> Self {
        self.table = Some(table);
        self
    }

    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.forms.push(form);
        self
    }

    #[must_use]
    pub fn way(mut self, way: Way) -> Self {
        self.ways.push(way);
        self
    }
}

impl Cell {
    pub fn new(value: String) -> Self {
        Self { value, href: None }
    }

    #[must_use]
    pub fn link(mut self, href: String) -> Self {
        self.href = Some(href);
        self
    }
}

impl Fact {
    /// The label is the text of `key`.
    pub fn new(view: &View, key: &str, value: impl Into<String>) -> Self {
        Self {
            label: view.t(key),
            value: value.into(),
            href: None,
        }
    }

    /// The same about something that has a name of its own.
    pub fn named(label: String, value: String) -> Self {
        Self {
            label,
            value,
            href: None,
        }
    }

    #[must_use]
    pub fn link(mut self, href: String) -> Self {
        self.href = Some(href);
        self
    }
}

impl Card {
    pub fn new(title: String) -> Self {
        Self {
            title,
            href: None,
            badge: None,
            lines: Vec::new(),
            prose: None,
            ways: Vec::new(),
        }
    }

    #[must_use]
    pub fn link(mut self, href: String) -> Self {
        self.href = Some(href);
        self
    }

    #[must_use]
    pub fn badge(mut self, kind: Tone, text: String) -> Self {
        self.badge = Some(Badge { kind, text });
        self
    }

    #[must_use]
    pub fn line(mut self, line: String) -> Self {
        self.lines.push(line);
        self
    }

    #[must_use]
    pub fn prose(mut self, text: String) -> Self {
        self.prose = Some(text);
        self
    }

    #[must_use]
    pub fn way(mut self, way: Way) -> Self {
        self.ways.push(way);
        self
    }
}

/// What was sent and what was wrong with it, where it came from the form of this `act`: the other forms of the page
/// stay as they were.
pub fn of_act<'a>(act: &str, posted: &Posted, problem: Option<&'a Problem>) -> (Posted, Option<&'a Problem>) {
    if posted.text("act") == act {
        (posted.clone(), problem)
    } else {
        (Posted::default(), None)
    }
}
