//! `/desk/reports` and `/desk/reports/{id}`: what members reported, those without a decision first, those that were
//! decided in one way, all; and the decision.
//! Whoever opens a report has looked at messages of others, which is logged.

use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use super::{
    page::{Card, DeskPage, Fact, Section, Tone},
    words::{Names, actor, person},
};
use crate::{
    account::Caller,
    administration::accounts,
    permissions::Permission,
    portal::Portal,
    reports::{
        Report, State as ReportState, decide, lists,
        view::{self, InContext, Shown},
    },
    web::{
        guard::may,
        pages::kit::{Field, Form, Posted, View, Way},
        problem::{Code, Problem},
        query::Id,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/desk/reports", get(list))
        .route("/desk/reports/{id}", get(show).post(act))
}

/// Which reports are shown, by the word in the address.
const SHOWN: [&str; 5] = ["open", "removed", "suspended", "dismissed", "all"];

async fn list(
    State(portal): State<Portal>,
    view: View,
    may::DecideReports(caller): may::DecideReports,
) -> Result<Response, Problem> {
    let asked = view.asked("show");
    let shown = SHOWN
        .into_iter()
        .find(|word| asked.as_deref() == Some(word))
        .unwrap_or(SHOWN[0]);
    let decided = match shown {
        "removed" => Some(ReportState::Removed),
        "suspended" => Some(ReportState::Suspended),
        "dismissed" => Some(ReportState::Dismissed),
        _ => None,
    };
    let listed = if shown == SHOWN[0] {
        lists::open(&portal, caller, &view.page()?).await?
    } else {
        lists::list(&portal, caller, decided, &view.page()?).await?
    };
    let mut page = DeskPage::new(view.frame(&format!("reports-{shown}")))
        .line(view.t("reports-intro"))
        .list(
            cards(&portal, &view, &listed.items).await?,
            &format!("reports-none-{shown}"),
        )
        .pager(view.pager(&listed));
    for other in SHOWN.into_iter().filter(|other| *other != shown) {
        page = page.way(way(&view, other));
    }
    Ok(page.show(None))
}

fn way(view: &View, shown: &str) -> Way {
    let path = match shown {
        "open" => "/desk/reports".to_owned(),
        _ => format!("/desk/reports?show={shown}"),
    };
    view.way(&path, &format!("reports-show-{shown}"))
}

/// Reports as entries of a list.
pub async fn cards(portal: &Portal, view: &View, reports: &[Report]) -> Result<Vec<Card>, Problem> {
    let ids = reports.iter().map(|report| report.reported_id);
    let names = accounts::names(portal, ids.collect()).await?;
    Ok(reports.iter().map(|report| card(view, &names, report)).collect())
}

fn card(view: &View, names: &Names, report: &Report) -> Card {
    let at = view.at_time(&report.reported_at);
    let (tone, state) = state(view, report);
    let card = Card::new(format!("{}, {at}", person(view, names, report.reported_id)))
        .link(view.to(&format!("/desk/reports/{}", report.id)))
        .badge(tone, state);
    match &report.reason {
        Some(reason) => card.prose(reason.clone()),
        None => card,
    }
}

fn state(view: &View, report: &Report) -> (Tone, String) {
    let tone = if report.decided_at.is_some() {
        Tone::Good
    } else {
        Tone::Warn
    };
    (tone, view.t(&format!("report-state-{}", report.state)))
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    may::DecideReports(caller): may::DecideReports,
    Id(id): Id,
) -> Result<Response, Problem> {
    page(&portal, &view, caller, id, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    may::DecideReports(caller): may::DecideReports,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller, id, &posted, None).await;
    }
    let reason = posted.text("reason");
    let (done, decided) = match posted.text("act") {
        "remove" => (
            "message-removed",
            decide::remove(&portal, caller, id, reason).await,
        ),
        "suspend" => (
            "author-suspended",
            Box::pin(decide::suspend(&portal, caller, id, reason)).await,
        ),
        "dismiss" => (
            "report-dismissed",
            decide::dismiss(&portal, caller, id, posted.filled("reason")).await,
        ),
        _ => return Err(Code::BadRequest.into()),
    };
    match decided.map_err(Problem::from) {
        Ok(()) => Ok(view.go_done("/desk/reports", done)),
        Err(problem) => {
            let problem = super::still_here(problem)?;
            page(&portal, &view, caller, id, &posted, Some(&problem)).await
        }
    }
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    id: Uuid,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let found = view::view(portal, caller, id).await?;
    let InContext {
        report,
        messages,
        is_stored,
    } = found;
    let people = [Some(report.reported_id), report.reporter_id, report.decided_by];
    let names = accounts::names(portal, people.into_iter().flatten().collect()).await?;
    let form = form(view, posted, problem);
    let frame = view.frame("report-desk-title").with_problem(problem, &form);
    let page = DeskPage::new(frame)
        .line(view.t("report-logged"))
        .facts(facts(view, &names, &report))
        .section(context(view, messages, is_stored));
    let page = page.section(if report.decided_at.is_some() {
        decision(portal, view, &names, &report, posted).await?
    } else {
        Section::new(view.t("report-decide"))
            .line(view.t("report-decide-hint"))
            .form(form)
    });
    let page = if is_stored {
        // Whatever was decided: its author can still delete it, or has begun to leave.
        page.section(holding(view, &report))
    } else {
        page
    };
    Ok(page.way(view.way("/desk/reports", "report-back")).show(problem))
}

/// The way to a hold, or who has one.
fn holding(view: &View, report: &Report) -> Section {
    let section = Section::new(view.t("report-hold"));
    if !view.may(Permission::DecideHolds) {
        return section.line(view.t("report-hold-others"));
    }
    let hold = format!(
        "/desk/accounts/{}/holds/new?report={}",
        report.reported_id, report.id
    );
    section
        .line(view.t("report-hold-hint"))
        .way(view.way(&hold, "account-place-hold"))
}

fn facts(view: &View, names: &Names, report: &Report) -> Vec<Fact> {
    let account = |key: &str, id: Uuid| {
        let fact = Fact::new(view, key, person(view, names, id));
        if view.may(Permission::FindAccounts) {
            fact.link(view.to(&format!("/desk/accounts/{id}")))
        } else {
            fact
        }
    };
    let reporter = match report.reporter_id {
        Some(id) => account("report-by", id),
        None => Fact::new(view, "report-by", view.t("conversation-former-member")),
    };
    let mut facts = vec![
        Fact::new(view, "desk-status", state(view, report).1),
        account("report-author", report.reported_id),
        reporter,
        Fact::new(view, "report-at", view.at_time(&report.reported_at)),
    ];
    let reason = report.reason.as_ref();
    facts.extend(reason.map(|reason| Fact::new(view, "report-reason", reason.clone())));
    facts
}

/// The message and what is around it, or that it is gone, at least from sight.
fn context(view: &View, messages: Vec<Shown>, is_stored: bool) -> Section {
    let section = Section::new(view.t("report-messages"));
    if messages.is_empty() {
        let gone = if is_stored {
            "report-out-of-sight"
        } else {
            "report-gone"
        };
        return section.line(view.t(gone));
    }
    let card = |message: Shown| {
        let card = Card::new(format!("{}, {}", message.author, view.at_time(&message.sent_at)));
        let card = if message.is_reported {
            card.badge(Tone::Warn, view.t("report-this"))
        } else {
            card
        };
        card.prose(message.body)
    };
    section.cards(messages.into_iter().map(card).collect())
}

fn form(view: &View, posted: &Posted, problem: Option<&Problem>) -> Form {
    Form::new(view, posted, problem)
        .field(
            Field::prose("reason", 4)
                .label("report-decision-reason")
                .hint("report-decision-reason-hint"),
        )
        .button_for("report-remove", "remove")
        .second_button_for("report-suspend", "suspend")
        .second_button_for("report-dismiss", "dismiss")
        .cancel("/desk/reports", "report-later")
}

/// What was decided; and what was typed when somebody else was quicker.
async fn decision(
    portal: &Portal,
    view: &View,
    names: &Names,
    report: &Report,
    posted: &Posted,
) -> Result<Section, Problem> {
    let mut facts = vec![Fact::new(
        view,
        "report-decided-by",
        actor(view, names, report.decided_by),
    )];
    let at = report.decided_at.as_ref();
    facts.extend(at.map(|at| Fact::new(view, "report-decided-at", view.at_time(at))));
    let reason = decide::reason(portal, report).await?;
    facts.extend(reason.map(|reason| Fact::new(view, "report-decision-reason", reason)));
    let unsent = posted.filled("reason");
    facts.extend(unsent.map(|typed| Fact::new(view, "report-not-sent", typed)));
    Ok(Section::new(view.t("report-decided")).facts(facts))
}
