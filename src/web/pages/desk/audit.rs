//! `/desk/audit`: who did what to which account, when; codes in words (R3).

use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use super::{
    page::{Cell, DeskPage, Section, Table},
    words::{Names, actor, deed, person},
};
use crate::{
    administration::{
        accounts,
        audit_trail::{self, Entry, Filter, Kind},
    },
    portal::Portal,
    values::Listed,
    web::{
        guard::may,
        pages::kit::{Choice, Field, Form, View},
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk/audit", get(show))
}

async fn show(State(portal): State<Portal>, view: View, _: may::ReadAuditTrail) -> Result<Response, Problem> {
    let account = view.asked("account");
    let account = account.map(|id| id.trim().parse::<Uuid>());
    let kind = kind(&view);
    let problem = match (&account, &kind) {
        (Some(Err(_)), _) => Some(Problem::field("account", "unknown_value")),
        (_, Err(problem)) => Some(problem.clone()),
        _ => None,
    };
    let listed = match (account.transpose(), kind) {
        (Ok(account), Ok(kind)) => {
            audit_trail::list(&portal, Filter { account, kind }, &view.page()?).await?
        }
        _ => Listed {
            items: Vec::new(),
            next: None,
        },
    };
    let kinds = [
        Choice::new("deeds", view.t("audit-kind-deeds")).chosen(true),
        Choice::new("access", view.t("audit-kind-access")),
        Choice::new("all", view.t("audit-kind-all")),
    ];
    let form = Form::search(&view)
        .refused(problem.as_ref())
        .field(
            Field::line("account")
                .label("audit-account")
                .hint("audit-account-hint"),
        )
        .field(
            Field::pick("kind", kinds.into())
                .label("audit-kind")
                .hint("audit-kind-hint"),
        )
        .button("desk-search");
    let frame = view
        .frame("desk-part-audit")
        .with_problem(problem.as_ref(), &form);
    let mut page = DeskPage::new(frame).section(Section::default().form(form));
    if problem.is_none() {
        page = page.section(section(&portal, &view, &listed.items).await?);
    }
    Ok(page.pager(view.pager(&listed)).show(problem.as_ref()))
}

/// What entries are asked for. Unless somebody says so, the many about coming in are left out.
fn kind(view: &View) -> Result<Option<Kind>, Problem> {
    match view.asked("kind").as_deref() {
        None | Some("" | "deeds") => Ok(Some(Kind::Deeds)),
        Some("access") => Ok(Some(Kind::Access)),
        Some("all") => Ok(None),
        Some(_) => Err(Problem::field("kind", "unknown_value")),
    }
}

/// Events as a table, or that there are none.
async fn section(portal: &Portal, view: &View, entries: &[Entry]) -> Result<Section, Problem> {
    if entries.is_empty() {
        return Ok(Section::default().line(view.t("audit-none")));
    }
    let ids = entries.iter().flat_map(|it| [it.actor_id, it.account_id]);
    let ids: Vec<Uuid> = ids.flatten().collect();
    let names = accounts::names(portal, ids).await?;
    Ok(Section::default().table(table(view, entries, &names, true)))
}

/// Events as a table; without the account where all are of one.
pub fn table(view: &View, entries: &[Entry], names: &Names, with_account: bool) -> Table {
    let mut heads = vec!["audit-at", "audit-what", "audit-who"];
    if with_account {
        heads.push("desk-account");
    }
    let heads = heads.into_iter().map(|key| view.t(key)).collect();
    let rows = entries.iter().map(|entry| {
        let mut row = vec![
            Cell::new(view.at_time(&entry.at)),
            Cell::new(deed(view, &entry.code)),
            cell(view, names, entry.actor_id, actor(view, names, entry.actor_id)),
        ];
        if with_account {
            let about = entry.account_id.map(|id| person(view, names, id));
            let about = about.unwrap_or_else(|| view.t("audit-no-account"));
            row.push(cell(view, names, entry.account_id, about));
        }
        row
    });
    Table {
        caption: view.t("audit-caption"),
        heads,
        rows: rows.collect(),
    }
}

/// A person, with the way to their account as long as they have a name.
fn cell(view: &View, names: &Names, id: Option<Uuid>, words: String) -> Cell {
    let known = id.filter(|id| names.contains_key(id));
    match known {
        Some(id) => Cell::new(words).link(view.to(&format!("/desk/accounts/{id}"))),
        None => Cell::new(words),
    }
}
