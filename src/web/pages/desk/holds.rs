//! `/desk/holds`: active holds, soonest review first.

use axum::{Router, extract::State, response::Response, routing::get};

use super::{page::DeskPage, words::hold_card};
use crate::{
    erasure::holds::{self, Which},
    portal::Portal,
    web::{guard::session::Administrator, pages::kit::View, problem::Problem},
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk/holds", get(show))
}

async fn show(State(portal): State<Portal>, view: View, _admin: Administrator) -> Result<Response, Problem> {
    let listed = holds::active(&portal, Which::All, &view.page()?).await?;
    let now = portal.now();
    let cards = listed.items.iter();
    let cards = cards.map(|it| hold_card(&view, portal.inventory, it, now));
    let page = DeskPage::new(view.frame("desk-part-holds"))
        .line(view.t("holds-intro"))
        .list(cards.collect(), "holds-none")
        .pager(view.pager(&listed));
    Ok(page.show(None))
}
