//! `/privacy`: what is kept about whom, what for, how long, who gets it and what people can ask for (Art. 13 GDPR). The
//! inventory, which the program erases by, says it in its own words (R2).

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use chrono::TimeDelta;

use crate::{
    erasure::concept::{ClassRow, ClusterRow, Concept, concept, in_words},
    portal::Portal,
    settings::{Approval, Operator, Settings},
    web::pages::kit::{Frame, View, Way},
};

/// What people can ask for: the text, and the page on which members do it themselves, if there is one.
const RIGHTS: [(&str, Option<&str>); 6] = [
    ("access", Some("/account/export")),
    ("rectification", Some("/profile")),
    ("erasure", Some("/account/delete")),
    ("restriction", None),
    ("objection", None),
    ("complaint", None),
];

pub fn routes() -> Router<Portal> {
    Router::new().route("/privacy", get(show))
}

#[derive(Template)]
#[template(path = "legal/privacy.html")]
struct PrivacyPage<'a> {
    frame: Frame<'a>,
    operator: &'a Operator,
    clusters: Vec<Kept>,
    records: Vec<Recorded>,
    admission: String,
    cookie: String,
    erasure: String,
    undo: String,
    bases: Vec<String>,
    reviewed: String,
    residue: Vec<Remaining>,
    rights: Vec<Right>,
}

/// One kind of data.
struct Kept {
    title: String,
    purpose: String,
    legal_basis: String,
    contents: Vec<String>,
    /// How long, counted from when.
    periods: Vec<String>,
}

/// What is recorded without saying who anybody is.
struct Recorded {
    title: String,
    periods: Vec<String>,
}

/// What can be left for a while of what was erased.
struct Remaining {
    title: String,
    place: String,
    period: String,
    ends: String,
}

struct Right {
    text: String,
    way: Option<Way>,
}

async fn show(State(portal): State<Portal>, view: View) -> Response {
    let settings = &portal.settings;
    let concept = concept(settings, view.locale);
    let with = |key: &str, length: &str| view.t_with(key, &[("length", length)]);
    view.show(&PrivacyPage {
        frame: view.frame("privacy-title"),
        operator: &settings.operator,
        admission: view.t(admission(settings)),
        cookie: cookie(&view, settings),
        erasure: with("privacy-erasure", &concept.rules.erased_within.text),
        undo: with("privacy-undo", &concept.rules.undo.text),
        reviewed: with("privacy-reviewed", &concept.holds.reviewed_within),
        records: concept
            .records
            .iter()
            .map(|record| Recorded {
                title: record.title.clone(),
                periods: periods(&view, &record.classes),
            })
            .collect(),
        residue: residue(&view, &concept),
        rights: RIGHTS.map(|(name, path)| right(&view, name, path)).into(),
        clusters: concept
            .clusters
            .into_iter()
            .map(|cluster| kept(&view, cluster))
            .collect(),
        bases: concept.holds.bases.into_iter().map(|basis| basis.title).collect(),
    })
}

fn kept(view: &View, cluster: ClusterRow) -> Kept {
    let mut classes: Vec<ClassRow> = Vec::new();
    for class in cluster.tables.iter().flat_map(|table| &table.classes) {
        if !classes.iter().any(|known| known.code == class.code) {
            classes.push(class.clone());
        }
    }
    Kept {
        title: cluster.title,
        purpose: cluster.purpose,
        legal_basis: cluster.legal_basis,
        contents: cluster.tables.into_iter().map(|table| table.title).collect(),
        periods: periods(view, &classes),
    }
}

fn periods(view: &View, classes: &[ClassRow]) -> Vec<String> {
    let period = |class: &ClassRow| {
        let args = [
            ("start", class.start.as_str()),
            ("length", class.period.text.as_str()),
        ];
        view.t_with("privacy-period", &args)
    };
    classes.iter().map(period).collect()
}

fn residue(view: &View, concept: &Concept) -> Vec<Remaining> {
    let rows = concept.residue.iter().map(|residue| Remaining {
        title: residue.title.clone(),
        place: residue.place.clone(),
        period: match &residue.period {
            Some(period) => period.text.clone(),
            None => view.t("privacy-residue-stays"),
        },
        ends: residue.ends.clone(),
    });
    rows.collect()
}

fn right(view: &View, name: &str, path: Option<&str>) -> Right {
    Right {
        text: view.t(&format!("privacy-right-{name}")),
        way: path.map(|path| view.way(path, &format!("privacy-to-{name}"))),
    }
}

fn admission(settings: &Settings) -> &'static str {
    match settings.registration.approval {
        Approval::ByDomain => "privacy-admission-by-domain",
        Approval::Always => "privacy-admission-always",
        Approval::Never => "privacy-admission-never",
    }
}

fn cookie(view: &View, settings: &Settings) -> String {
    let length = |length| in_words(view.locale, TimeDelta::from_std(length).unwrap_or_default());
    let (idle, absolute) = (length(settings.sessions.idle), length(settings.sessions.absolute));
    view.t_with("privacy-cookie", &[("idle", &idle), ("absolute", &absolute)])
}
