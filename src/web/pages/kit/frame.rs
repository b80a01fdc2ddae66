//! What stands around a page's content: the menu, what was just done, what has to be looked at again, and what keeps
//! it up to date.

use uuid::Uuid;

use super::{
    form::Form,
    view::{View, Way},
};
use crate::{
    permissions::Permission,
    text,
    web::{
        pages::assets::{LIVE_PATH, PARTING_PATH, PASSKEY_PATH, STYLES_PATH},
        problem::{Problem, message},
    },
};

/// The menu for visitors, for members, and what those with a role see before it.
const FOR_VISITORS: [&str; 2] = ["/sign-in", "/register"];
const FOR_MEMBERS: [&str; 5] = ["/conversations", "/members", "/enquiries", "/profile", "/account"];
const FOR_THE_DESK: [&str; 1] = ["/desk"];

/// What was just done, where somebody signed out.
pub const SIGNED_OUT: &str = "signed-out";

/// What stands around a page's content.
pub struct Frame<'a> {
    pub view: &'a View,
    /// The heading, and the first part of the browser's title.
    pub title: String,
    /// What was just done.
    notice: Option<String>,
    /// What the page is kept up to date by, where scripts run.
    live: Option<Live>,
    asks_for_passkey: bool,
    /// What has to be looked at again, above everything else.
    lines: Vec<Line>,
}

/// From when on a page listens to what happens, and for which conversation, if for one.
pub struct Live {
    pub after: String,
    pub conversation: Option<Uuid>,
}

/// One line of the summary, and the field that it is about.
pub struct Line {
    pub field: Option<String>,
    pub message: String,
}

impl View {
    /// The frame of a page whose heading is the text of `title`.
    pub fn frame(&self, title: &str) -> Frame<'_> {
        self.frame_titled(self.t(title))
    }

    /// The frame of a page whose heading is a name.
    pub fn frame_titled(&self, title: String) -> Frame<'_> {
        let done = self.asked("done");
        Frame {
            view: self,
            title,
            notice: done.and_then(|word| text::known(self.locale, &format!("done-{word}"))),
            live: None,
            asks_for_passkey: false,
            lines: Vec::new(),
        }
    }
}

impl Frame<'_> {
    pub fn t(&self, key: &str) -> String {
        self.view.t(key)
    }

    /// Keeps the parts marked `data-live` up to date, from a moment before they were read.
    #[must_use]
    pub fn listening(mut self, live: Live) -> Self {
        self.live = Some(live);
        self
    }

    /// The page has a form that is sent with a passkey.
    #[must_use]
    pub fn asking_for_passkey(mut self) -> Self {
        self.asks_for_passkey = true;
        self
    }

    /// Sums up what went wrong, with links to the fields of `form`.
    #[must_use]
    pub fn with_problem(mut self, problem: Option<&Problem>, form: &Form) -> Self {
        let Some(problem) = problem else { return self };
        let locale = self.view.locale;
        self.lines = problem
            .errors
            .iter()
            .map(|error| form.line(&error.field, message(locale, &error.fault)))
            .collect();
        self.with_trouble(Some(problem))
    }

    /// The same where nothing was typed that could be wrong.
    #[must_use]
    pub fn with_trouble(mut self, problem: Option<&Problem>) -> Self {
        let Some(problem) = problem else { return self };
        let locale = self.view.locale;
        if self.lines.is_empty() {
            self.lines.push(Line {
                field: None,
                message: problem.title(locale),
            });
        }
        if let Some(seconds) = problem.retry_after {
            self.lines.push(Line {
                field: None,
                message: self.view.again_in(seconds),
            });
        }
        self
    }

    /// The main ways through the portal: of visitors, of members, and of those with a role.
    pub fn menu(&self) -> Vec<Way> {
        let (first, rest): (&[&str], &[&str]) = match self.view.caller {
            None if !self.view.is_known => (&[], &[]),
            None => (&[], &FOR_VISITORS),
            Some(_) if self.view.may(Permission::OpenDesk) => (&FOR_THE_DESK, &FOR_MEMBERS),
            Some(_) => (&[], &FOR_MEMBERS),
        };
        let way = |path: &&str| Way {
            is_here: self.view.is_below(path),
            ..self
                .view
                .way(path, &format!("menu-{}", path.trim_start_matches('/')))
        };
        first.iter().chain(rest).map(way).collect()
    }

    pub fn live(&self) -> Option<&Live> {
        self.live.as_ref()
    }

    pub fn script(&self) -> &'static str {
        &LIVE_PATH
    }

    pub fn asks_for_passkey(&self) -> bool {
        self.asks_for_passkey
    }

    pub fn passkey_script(&self) -> &'static str {
        &PASSKEY_PATH
    }

    /// What tells the windows of a browser that somebody signed out in one of them, on every page that says so or has to
    /// know.
    pub fn parting(&self) -> Option<&'static str> {
        (self.view.caller.is_some() || self.is_signed_out()).then_some(PARTING_PATH.as_str())
    }

    /// Whether somebody signed out just now.
    pub fn is_signed_out(&self) -> bool {
        self.view.caller.is_none() && self.view.asked("done").is_some_and(|done| done == SIGNED_OUT)
    }

    pub fn styles(&self) -> &'static str {
        &STYLES_PATH
    }

    pub fn must_look_over(&self) -> bool {
        self.view.caller.is_some_and(|caller| caller.look_over)
    }

    pub fn is_demo(&self) -> bool {
        self.view.is_demo
    }

    pub fn has_problem(&self) -> bool {
        !self.lines.is_empty()
    }

    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    pub fn lines(&self) -> &[Line] {
        &self.lines
    }
}
