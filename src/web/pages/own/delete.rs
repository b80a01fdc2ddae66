//! `/account/delete`: what would be erased and what is held, before anyone decides (R5).

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};
use tower_sessions::Session;

use super::ask_for_proof;
use crate::{
    account::Caller,
    erasure::{
        concept::concept,
        preview::{self, Category, Reason},
        request,
    },
    portal::Portal,
    web::{
        guard::session::{Member, SignedOut},
        pages::{
            deleted,
            fields::at_password,
            kit::{Field, Form, Frame, Posted, View},
        },
        problem::{Code, Problem},
    },
};

/// The categories whose contents the preview counts, in words of their own.
const COUNTED: [&str; 7] = [
    "activity",
    "credentials",
    "messages",
    "enquiries",
    "consents",
    "master_data",
    "contact",
];

pub fn routes() -> Router<Portal> {
    Router::new().route("/account/delete", get(show).post(act))
}

#[derive(Template)]
#[template(path = "own/delete.html")]
struct DeletePage<'a> {
    frame: Frame<'a>,
    /// How long it can be undone, and when it is erased at the latest.
    undo: String,
    erased: String,
    goes: Vec<Shown>,
    stays: Vec<Shown>,
    kept_by_law: bool,
    form: Form,
}

/// One category of data in words.
struct Shown {
    title: String,
    contents: Option<String>,
    /// Why it is held.
    reasons: Vec<String>,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    page(&portal, &view, caller, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    session: Session,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller, &posted, None).await;
    }
    let requested = request::by_member(&portal, caller, posted.text("password")).await;
    match requested.map_err(|error| at_password(error, "password")) {
        Ok(requested) => {
            // The session ended with the deletion; all that can fail is telling the browser to forget its cookie.
            let _ = session.flush().await;
            Ok((SignedOut, deleted::answer(&portal, &view, requested)).into_response())
        }
        Err(problem) if problem.code == Code::ProofRequired => {
            ask_for_proof(&portal, &view, caller, &posted).await
        }
        Err(problem) => page(&portal, &view, caller, &posted, Some(&problem)).await,
    }
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let preview = preview::preview(portal, caller).await?;
    let (stays, goes): (Vec<_>, Vec<_>) = preview
        .categories
        .iter()
        .filter(|category| category.held || category.count > 0)
        .partition(|category| category.held);
    let all_shown = |categories: Vec<&Category>| {
        let shown = categories
            .into_iter()
            .map(|category| shown(portal, view, category));
        shown.collect::<Vec<_>>()
    };
    let rules = concept(&portal.settings, view.locale).rules;
    let form = Form::new(view, posted, problem)
        .field(Field::password("password", "current-password").label("label-current-password"))
        .grave_button("delete-button")
        .cancel("/account", "delete-keep");
    let page = DeletePage {
        frame: view.frame("delete-title").with_problem(problem, &form),
        undo: view.t_with("delete-undo-for", &[("length", &rules.undo.text)]),
        erased: view.t_with("delete-erased-within", &[("length", &rules.erased_within.text)]),
        goes: all_shown(goes),
        stays: all_shown(stays),
        kept_by_law: preview.kept_by_law,
        form,
    };
    Ok(view.show_with(problem, &page))
}

fn shown(portal: &Portal, view: &View, category: &Category) -> Shown {
    let name = &category.category;
    let count = u64::try_from(category.count).unwrap_or_default();
    Shown {
        title: portal.inventory.title_of(name, view.locale).to_owned(),
        contents: (count > 0 && COUNTED.contains(&name.as_str()))
            .then(|| view.t_counted(&format!("delete-count-{}", name.replace('_', "-")), count)),
        reasons: category
            .holds
            .iter()
            .filter_map(|reason| in_words(portal, view, reason))
            .collect(),
    }
}

/// On what a hold rests and until when. What may not be told, the preview says once for all categories.
fn in_words(portal: &Portal, view: &View, reason: &Reason) -> Option<String> {
    let basis = portal.inventory.basis_of(reason.basis.as_ref()?, view.locale);
    Some(match &reason.until {
        None => view.t_with("delete-held-open", &[("basis", basis)]),
        Some(until) => {
            let until = view.at_time(until);
            view.t_with("delete-held-until", &[("basis", basis), ("until", &until)])
        }
    })
}
