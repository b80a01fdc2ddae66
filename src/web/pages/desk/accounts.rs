//! `/desk/accounts`: finding an account by name, organisation or mail address, and by status.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::status::{Role, Status};

use super::{
    page::{Card, DeskPage, Section},
    words::{STATUSES, masked, nameless, role, status, status_tone},
};
use crate::{
    administration::accounts::{self, Account, Filter},
    portal::Portal,
    values::Listed,
    web::{
        guard::may,
        pages::kit::{Choice, Field, Form, View},
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk/accounts", get(show))
}

async fn show(State(portal): State<Portal>, view: View, _: may::FindAccounts) -> Result<Response, Problem> {
    match search(&portal, &view).await {
        Ok(listed) => Ok(page(&view, &listed, None)),
        Err(problem) if problem.errors.is_empty() => Err(problem),
        Err(problem) => {
            let nothing = Listed {
                items: Vec::new(),
                next: None,
            };
            Ok(page(&view, &nothing, Some(&problem)))
        }
    }
}

async fn search(portal: &Portal, view: &View) -> Result<Listed<Account>, Problem> {
    let query = view.asked("query");
    let asked = view.asked("status");
    let status = asked
        .map(|word| serde_json::from_value::<Status>(word.into()))
        .transpose()
        .map_err(|_| Problem::field("status", "unknown_value"))?;
    let filter = Filter {
        query: query.as_deref(),
        status,
    };
    Ok(accounts::list(portal, &filter, &view.page()?).await??)
}

fn page(view: &View, listed: &Listed<Account>, problem: Option<&Problem>) -> Response {
    let every = Choice::new("", view.t("accounts-every-status")).chosen(true);
    let statuses = STATUSES
        .into_iter()
        .map(|word| Choice::new(word, status(view, word)));
    let form = Form::search(view)
        .refused(problem)
        .field(Field::line("query").label("accounts-query"))
        .field(Field::pick("status", std::iter::once(every).chain(statuses).collect()).label("desk-status"))
        .button("desk-search");
    let frame = view.frame("desk-part-accounts").with_problem(problem, &form);
    let cards = listed.items.iter().map(|it| card(view, it)).collect();
    let mut page = DeskPage::new(frame).section(Section::default().form(form));
    if problem.is_none() {
        page = page.list(cards, "accounts-none");
    }
    page.pager(view.pager(listed)).show(problem)
}

fn card(view: &View, account: &Account) -> Card {
    let mut card = Card::new(title(view, account))
        .link(view.to(&format!("/desk/accounts/{}", account.id)))
        .badge(status_tone(&account.status), status(view, &account.status));
    for line in [
        account.organisation.clone(),
        account.email.as_deref().map(masked),
        (account.role != Role::Member.name()).then(|| role(view, &account.role)),
    ] {
        card = line.into_iter().fold(card, Card::line);
    }
    card
}

/// The name, or the beginning of the id of an account that is leaving.
pub fn title(view: &View, account: &Account) -> String {
    match (&account.first_name, &account.last_name) {
        (Some(first_name), Some(last_name)) => format!("{first_name} {last_name}"),
        _ => nameless(view, account.id),
    }
}
