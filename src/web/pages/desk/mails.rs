//! `/desk/mails`: mail that could not be sent so far, or was given up; without addresses and texts.

use axum::{Router, extract::State, response::Response, routing::get};

use super::{
    page::{Card, DeskPage, Tone},
    words::{letter, nameless},
};
use crate::{
    administration::undelivered::{self, Undelivered},
    portal::Portal,
    web::{guard::may, pages::kit::View, problem::Problem},
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk/mails", get(show))
}

async fn show(State(portal): State<Portal>, view: View, _: may::WatchPortal) -> Result<Response, Problem> {
    let listed = undelivered::list(&portal, &view.page()?).await?;
    let cards = listed.items.iter().map(|it| card(&view, it)).collect();
    let page = DeskPage::new(view.frame("desk-part-mails"))
        .line(view.t("mails-intro"))
        .list(cards, "mails-none")
        .pager(view.pager(&listed));
    Ok(page.show(None))
}

/// A mail as an entry of a list.
pub fn card(view: &View, mail: &Undelivered) -> Card {
    let title = match &mail.kind {
        Some(kind) => letter(view, kind),
        None => view.t("mail-dropped"),
    };
    let (tone, state) = match mail.given_up_at {
        Some(_) => (Tone::Grave, view.t("mail-given-up")),
        None => (Tone::Warn, view.t("mail-waits")),
    };
    let tries = u64::try_from(mail.tries).unwrap_or_default();
    let mut card = Card::new(title)
        .badge(tone, state)
        .line(view.t_with("mail-queued-at", &[("at", &view.at_time(&mail.queued_at))]))
        .line(view.t_counted("mail-tries", tries));
    if let Some(failure) = &mail.failure {
        card = card.line(view.t(&format!("mail-failure-{}", failure.replace('_', "-"))));
    }
    if let Some(next) = &mail.next_try_at {
        card = card.line(view.t_with("mail-next-try", &[("at", &view.at_time(next))]));
    }
    let mut to = view.way(&format!("/desk/accounts/{}", mail.account_id), "desk-account");
    to.text = nameless(view, mail.account_id);
    card.way(to)
}
