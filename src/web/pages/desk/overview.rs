//! `/desk`: at one glance, what is wrong, what is urgent and what waits, as far as it is its reader's. Of each the first
//! few, and the way to all.

use axum::{Router, extract::State, response::Response, routing::get};

use super::{
    enquiries,
    holds::cards as hold_cards,
    mails,
    page::{Card, DeskPage, Section},
    registrations, reports,
    words::deletion_card,
};
use crate::{
    account::Caller,
    administration::{
        overview::{self, Counts},
        undelivered,
    },
    enquiries::desk as questions,
    erasure::{
        deletions,
        guard::{self, Trouble},
        holds::{self, Which},
    },
    permissions::Permission,
    portal::Portal,
    registration::decision,
    reports::lists,
    values::Page,
    web::{guard::may, pages::kit::View, problem::Problem},
};

/// So many of each kind are shown here.
const FEW: usize = 3;

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk", get(show))
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    may::OpenDesk(caller): may::OpenDesk,
) -> Result<Response, Problem> {
    let mut troubles = guard::look(&portal).await?.troubles;
    troubles.retain(|trouble| caller.may(guard::concerns(trouble.cause)));
    let counts = overview::counts(&portal, caller).await?;
    let sections = Box::pin(waiting(&portal, &view, caller, counts)).await?;
    let mut page = DeskPage::new(view.frame("desk-title"));
    if troubles.is_empty() && sections.is_empty() {
        page = page.line(view.t("desk-nothing"));
    }
    for trouble in troubles {
        page = page.section(alert(&view, trouble));
    }
    Ok(page.sections(sections).show(None))
}

/// Something that is wrong with erasing, in the words of the alert mail.
fn alert(view: &View, trouble: Trouble) -> Section {
    let cause = trouble.cause.name().replace('_', "-");
    Section::new(view.t(&format!("mail-alert-{cause}-subject")))
        .urgent()
        .line(view.t_with("mail-alert-since", &[("since", &view.at_time(&trouble.since))]))
        .line(view.t(&format!("mail-alert-{cause}-act")))
}

/// What waits, the most urgent kind first; of which there is nothing, and what is others', is left out.
async fn waiting(
    portal: &Portal,
    view: &View,
    caller: Caller,
    counts: Counts,
) -> Result<Vec<Section>, Problem> {
    let now = portal.now();
    let inventory = portal.inventory;
    let waits = |count: i64, permission| count > 0 && caller.may(permission);
    let mut sections = Vec::new();
    let mut add = |count: i64, heading: &str, cards: Vec<Card>, all: &str| {
        let count = u64::try_from(count).unwrap_or_default();
        let section = Section::new(view.t_counted(heading, count)).cards(cards);
        sections.push(section.way(view.way(all, &format!("{heading}-all"))));
    };
    if waits(counts.deletions, Permission::ReadDeletions) {
        let listed = deletions::list(portal, &few()).await?.items;
        let cards = listed.iter().map(|it| deletion_card(view, inventory, it, now));
        add(
            counts.deletions,
            "desk-deletions",
            cards.collect(),
            "/desk/deletions",
        );
    }
    if waits(counts.reports, Permission::DecideReports) {
        let listed = lists::open(portal, caller, &few()).await?.items;
        let cards = reports::cards(portal, view, &listed).await?;
        add(counts.reports, "desk-reports", cards, "/desk/reports");
    }
    if waits(counts.registrations, Permission::DecideRegistrations) {
        let listed = decision::waiting(portal, &few()).await?.items;
        let cards = listed.iter().map(|it| registrations::card(view, it, now));
        add(
            counts.registrations,
            "desk-registrations",
            cards.collect(),
            "/desk/registrations",
        );
    }
    if waits(counts.releases, Permission::DecideHolds) {
        let listed = holds::active(portal, Which::ReleaseWaiting, &few()).await?.items;
        let cards = hold_cards(portal, view, &listed).await?;
        add(
            counts.releases,
            "desk-releases",
            cards,
            "/desk/holds?show=releases",
        );
    }
    if waits(counts.reviews, Permission::DecideHolds) {
        let listed = holds::active(portal, Which::ToReview, &few()).await?.items;
        let cards = hold_cards(portal, view, &listed).await?;
        add(counts.reviews, "desk-reviews", cards, "/desk/holds");
    }
    if waits(counts.enquiries, Permission::AnswerEnquiries) {
        let listed = questions::waiting(portal, None, &few()).await?.items;
        let cards = enquiries::cards(portal, view, &listed).await?;
        add(counts.enquiries, "desk-enquiries", cards, "/desk/enquiries");
    }
    if waits(counts.mails, Permission::WatchPortal) {
        let listed = undelivered::list(portal, &few()).await?.items;
        let cards = listed.iter().map(|it| mails::card(view, it));
        add(counts.mails, "desk-mails", cards.collect(), "/desk/mails");
    }
    Ok(sections)
}

fn few<K>() -> Page<K> {
    Page {
        limit: FEW,
        after: None,
    }
}
