//! `/desk/deletions`: what is pending and what is held, the most urgent first.

use axum::{Router, extract::State, response::Response, routing::get};

use super::{page::DeskPage, words::deletion_card};
use crate::{
    erasure::deletions,
    portal::Portal,
    web::{guard::may, pages::kit::View, problem::Problem},
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk/deletions", get(show))
}

async fn show(State(portal): State<Portal>, view: View, _: may::ReadDeletions) -> Result<Response, Problem> {
    let listed = deletions::list(&portal, &view.page()?).await?;
    let now = portal.now();
    let cards = listed.items.iter();
    let cards = cards.map(|it| deletion_card(&view, portal.inventory, it, now));
    let page = DeskPage::new(view.frame("desk-part-deletions"))
        .line(view.t("deletions-intro"))
        .list(cards.collect(), "deletions-none")
        .pager(view.pager(&listed));
    Ok(page.show(None))
}
