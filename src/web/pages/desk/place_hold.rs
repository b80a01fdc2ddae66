//! `/desk/accounts/{id}/holds/new`: placing a hold, also for a report (`?report=`), to which it leads back. First a preview shows what it keeps and what goes anyway (R14).

use std::collections::BTreeSet;

use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use super::{
    accounts::title,
    page::{DeskPage, Fact, Section},
    words::category,
};
use crate::{
    account::Caller,
    administration::accounts::{self, Account, SingleAccount},
    erasure::{
        holds::REVIEWED_WITHIN,
        place_hold::{self, Order},
        preview,
    },
    permissions::Permission,
    portal::Portal,
    values::{Check, Invalid, last_day_within, optional_day_end},
    web::{
        guard::may,
        pages::{
            kit::{Choice, Field, Form, Posted, View, once},
            own::prove_first,
        },
        problem::{Code, Problem},
        query::Id,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk/accounts/{id}/holds/new", get(show).post(act))
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    _: may::DecideHolds,
    Id(id): Id,
) -> Result<Response, Problem> {
    page(&portal, &view, id, &Posted::default(), None, false).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    may::DecideHolds(caller): may::DecideHolds,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    let is_order = posted.text("act") == "place";
    if posted.restores() {
        // Whoever had seen the preview sees it again.
        let looked = Box::pin(follow(&portal, caller, id, &posted, false)).await;
        return page(&portal, &view, id, &posted, None, is_order && looked.is_ok()).await;
    }
    if is_order && let Some(ask) = prove_first(&portal, &view, caller, &posted).await? {
        return Ok(ask);
    }
    match Box::pin(follow(&portal, caller, id, &posted, is_order)).await {
        Ok(Some(hold)) => {
            let placed = report_of(&view, &posted).map_or_else(
                || format!("/desk/holds/{hold}"),
                |report| format!("/desk/reports/{report}"),
            );
            Ok(view.go_done(&placed, "hold-placed"))
        }
        Ok(None) => page(&portal, &view, id, &posted, None, true).await,
        Err(problem) => {
            let problem = super::still_here(problem)?;
            page(&portal, &view, id, &posted, Some(&problem), false).await
        }
    }
}

/// The report for which the hold is placed, for whoever decides about reports: named in the address first, and then by
/// the form.
fn report_of(view: &View, posted: &Posted) -> Option<Uuid> {
    if !view.may(Permission::DecideReports) {
        return None;
    }
    let named = view.asked("report");
    let named = named.as_deref().or_else(|| posted.filled("report"))?;
    named.parse().ok()
}

/// Looks at what was ordered, and places it if that was asked for. Days that are none are told with everything else.
async fn follow(
    portal: &Portal,
    caller: Caller,
    account: Uuid,
    posted: &Posted,
    is_order: bool,
) -> Result<Option<Uuid>, Problem> {
    let mut days = Check::default();
    let review_at = days.take("review_at", optional_day_end(posted.text("review_at")));
    let expires_at = days.take("expires_at", optional_day_end(posted.text("expires_at")));
    let days = days.finish(review_at.zip(expires_at));
    let categories: Vec<String> = posted.all("categories").into_iter().map(str::to_owned).collect();
    let order = Order {
        basis: posted.text("basis"),
        reference: posted.text("reference"),
        categories: Some(&categories),
        review_at: days.as_ref().ok().and_then(|(review_at, _)| *review_at),
        expires_at: days.as_ref().ok().and_then(|(_, expires_at)| *expires_at),
        disclose: Some(posted.has("disclose")),
        key: once::key_of(posted),
    };
    let faults = [place_hold::look(portal, &order).err(), days.err()];
    let faults: Vec<_> = faults
        .into_iter()
        .flatten()
        .flat_map(|Invalid(faults)| faults)
        .collect();
    if !faults.is_empty() {
        return Err(Invalid(faults).into());
    }
    if !is_order {
        return Ok(None);
    }
    let hold = place_hold::place(portal, caller, account, &order).await?;
    Ok(Some(hold.id))
}

async fn page(
    portal: &Portal,
    view: &View,
    id: Uuid,
    posted: &Posted,
    problem: Option<&Problem>,
    is_previewed: bool,
) -> Result<Response, Problem> {
    let Some(SingleAccount { account, .. }) = accounts::one(portal, id).await? else {
        return Err(problem.cloned().unwrap_or_else(|| Code::NotFound.into()));
    };
    let form = form(portal, view, id, posted, problem, is_previewed);
    let frame = view.frame("place-hold-title").with_problem(problem, &form);
    let about = view.to(&format!("/desk/accounts/{id}"));
    let mut page = DeskPage::new(frame).line(view.t("place-hold-intro")).facts(vec![
        Fact::new(view, "desk-account", title(view, &account)).link(about),
    ]);
    if is_previewed {
        page = page.section(effect(portal, view, &account, posted).await?);
    }
    Ok(page.section(Section::default().form(form)).show(problem))
}

fn form(
    portal: &Portal,
    view: &View,
    id: Uuid,
    posted: &Posted,
    problem: Option<&Problem>,
    is_previewed: bool,
) -> Form {
    let bases = portal.inventory.bases.iter();
    let bases = bases.map(|(name, words)| Choice::new(name, words.text(view.locale)));
    let report = report_of(view, posted);
    let categories = portal.inventory.holdable();
    let categories = categories.map(|name| {
        let is_reported = report.is_some() && name == "messages";
        Choice::new(name, category(view, portal.inventory, name)).chosen(is_reported)
    });
    let reference = report.map(|report| view.t_with("hold-for-report", &[("id", &report.to_string())]));
    let latest = last_day_within(portal.now() + REVIEWED_WITHIN);
    let latest = latest.map_or_else(String::new, |at| view.at_time(&at));
    let form = Form::new(view, posted, problem)
        .field(Field::one("basis", bases.collect()).label("hold-basis"))
        .field(
            Field::line("reference")
                .value(reference.as_deref())
                .label("hold-reference")
                .hint("hold-reference-hint"),
        )
        .field(
            Field::any("categories", categories.collect())
                .label("hold-categories")
                .hint("hold-categories-hint"),
        )
        .field(
            Field::date("review_at")
                .label("hold-review")
                .hint_text(view.t_with("hold-review-hint", &[("at", &latest)]))
                .optional(),
        )
        .field(
            Field::date("expires_at")
                .label("hold-expires")
                .hint("hold-expires-hint")
                .optional(),
        )
        .field(
            Field::tick("disclose", true)
                .label("hold-disclose")
                .hint("hold-disclose-hint"),
        );
    // The first button is the one that the Enter key presses.
    let form = if is_previewed {
        form.second_button_for("place-hold-preview", "preview")
            .button_for("place-hold-place", "place")
    } else {
        form.button_for("place-hold-preview", "preview")
    };
    let form = once::with_key(form, portal, posted);
    match report {
        Some(report) => form
            .hidden("report", report)
            .cancel(&format!("/desk/reports/{report}"), "desk-cancel"),
        None => form.cancel(&format!("/desk/accounts/{id}"), "desk-cancel"),
    }
}

/// What the hold would keep, what others keep already, and what goes anyway.
async fn effect(
    portal: &Portal,
    view: &View,
    account: &Account,
    posted: &Posted,
) -> Result<Section, Problem> {
    let chosen: BTreeSet<&str> = posted.all("categories").into_iter().collect();
    let facts = preview::categories(portal, account.id).await?;
    let facts = facts.iter().map(|data| {
        let key = match (chosen.contains(data.category.as_str()), data.held) {
            (true, _) => "place-hold-kept",
            (false, true) => "place-hold-kept-already",
            (false, false) => "place-hold-goes",
        };
        let count = u64::try_from(data.count).unwrap_or_default();
        let entries = view.t_counted("place-hold-entries", count);
        let words = view.t_with(key, &[("entries", &entries)]);
        Fact::named(category(view, portal.inventory, &data.category), words)
    });
    let when = match &account.erase_by {
        Some(at) => view.t_with("place-hold-goes-by", &[("at", &view.at_time(at))]),
        None => view.t("place-hold-goes-later"),
    };
    Ok(Section::new(view.t("place-hold-effect"))
        .facts(facts.collect())
        .line(when))
}
