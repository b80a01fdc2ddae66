//! `/desk/holds`: active holds, soonest review first; or only those whose release waits for a second person (R18).

use axum::{Router, extract::State, response::Response, routing::get};

use super::{
    page::{Card, DeskPage},
    words::hold_card,
};
use crate::{
    administration::accounts,
    erasure::holds::{self, Hold, Which},
    portal::Portal,
    web::{guard::may, pages::kit::View, problem::Problem},
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk/holds", get(show))
}

async fn show(State(portal): State<Portal>, view: View, _: may::ReadHolds) -> Result<Response, Problem> {
    let only_releases = view.asked("show").as_deref() == Some("releases");
    let (which, intro, other) = if only_releases {
        let all = view.way("/desk/holds", "holds-show-all");
        (Which::ReleaseWaiting, "holds-releases-intro", all)
    } else {
        let releases = view.way("/desk/holds?show=releases", "holds-show-releases");
        (Which::All, "holds-intro", releases)
    };
    let listed = holds::active(&portal, which, &view.page()?).await?;
    let cards = cards(&portal, &view, &listed.items).await?;
    let page = DeskPage::new(view.frame("desk-part-holds"))
        .line(view.t(intro))
        .list(cards, "holds-none")
        .pager(view.pager(&listed))
        .way(other);
    Ok(page.show(None))
}

/// Holds of several accounts as entries of a list.
pub async fn cards(portal: &Portal, view: &View, holds: &[Hold]) -> Result<Vec<Card>, Problem> {
    let ids = holds.iter().map(|hold| hold.account_id).collect();
    let names = accounts::names(portal, ids).await?;
    let now = portal.now();
    let card = |hold| hold_card(view, portal.inventory, hold, Some(&names), now);
    Ok(holds.iter().map(card).collect())
}
