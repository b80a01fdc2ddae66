//! `/receipt`: what became of a deletion, for whoever has the code (R16, R24). The code is posted, so that it stands in
//! no address and in no log.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    erasure::outcome::{self, Kept, Outcome, State as Standing},
    inventory::Inventory,
    portal::Portal,
    web::{
        pages::kit::{Field, Form, FormPage, Frame, Posted, View},
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/receipt", get(show).post(act))
}

/// The answer, made to be printed.
#[derive(Template)]
#[template(path = "entrance/receipt.html")]
struct ReceiptPage<'a> {
    frame: Frame<'a>,
    standing: String,
    code: String,
    asked_at: String,
    erase_by: String,
    erased_at: Option<String>,
    kept_title: String,
    kept: Vec<InWords>,
}

/// What is kept, and why. None: it is kept by law, and more may not be said.
struct InWords(Option<Told>);

struct Told {
    category: String,
    basis: String,
    until: String,
}

async fn show(view: View) -> Response {
    page(&view, &Posted::default(), None)
}

async fn act(State(portal): State<Portal>, view: View, posted: Posted) -> Response {
    if posted.restores() {
        return page(&view, &posted, None);
    }
    // Mail programs and printouts break the code into lines.
    let code: String = posted.text("receipt_code").split_whitespace().collect();
    match look_up(&portal, &code).await {
        Ok(outcome) => answer(&portal, &view, code, &outcome),
        Err(problem) => page(&view, &posted, Some(&problem)),
    }
}

async fn look_up(portal: &Portal, code: &str) -> Result<Outcome, Problem> {
    if code.is_empty() {
        return Err(Problem::field("receipt_code", "required"));
    }
    outcome::of(portal, code).await?.ok_or_else(|| Problem {
        code: Code::NotFound,
        ..Problem::field("receipt_code", "unknown_code")
    })
}

fn page(view: &View, posted: &Posted, problem: Option<&Problem>) -> Response {
    let form = Form::new(view, posted, problem)
        .field(
            Field::line("receipt_code")
                .hint("receipt-code-hint")
                .autocomplete("off")
                .verbatim(),
        )
        .button("receipt-button");
    view.show_with(
        problem,
        &FormPage {
            frame: view.frame("receipt-title").with_problem(problem, &form),
            intro: vec![view.t("receipt-intro")],
            form,
            ways: Vec::new(),
        },
    )
}

fn answer(portal: &Portal, view: &View, code: String, outcome: &Outcome) -> Response {
    let (standing, kept_title) = match outcome.state {
        Standing::Pending => ("receipt-pending", "receipt-kept-later"),
        Standing::Held => ("receipt-held", "receipt-kept"),
        Standing::Erased => ("receipt-erased", "receipt-kept"),
    };
    let kept = outcome.held.iter();
    view.show(&ReceiptPage {
        frame: view.frame("receipt-title"),
        standing: view.t(standing),
        code,
        asked_at: view.at_time(&portal.now()),
        erase_by: view.at_time(&outcome.erase_by),
        erased_at: outcome.erased_at.map(|at| view.at_time(&at)),
        kept_title: view.t(kept_title),
        kept: kept
            .map(|kept| InWords(in_words(portal.inventory, view, kept)))
            .collect(),
    })
}

/// The inventory's own words for category and basis.
fn in_words(inventory: &Inventory, view: &View, kept: &Kept) -> Option<Told> {
    let (category, basis) = (kept.category.as_ref()?, kept.basis.as_ref()?);
    Some(Told {
        category: inventory
            .clusters
            .get(category)?
            .title
            .text(view.locale)
            .to_owned(),
        basis: inventory.bases.get(basis)?.text(view.locale).to_owned(),
        until: match &kept.until {
            Some(until) => view.t_with("receipt-until", &[("until", &view.at_time(until))]),
            None => view.t("receipt-until-released"),
        },
    })
}
