//! The parts of an account's page.

use entity::status::{Role, Status};
use uuid::Uuid;

use crate::{
    account::lapses_at,
    administration::{
        accounts::{self, Account, SingleAccount},
        audit_trail::{self, Filter, Kind},
    },
    erasure::holds,
    permissions::Permission,
    portal::Portal,
    values::Page,
    web::{
        pages::{
            desk::{
                audit,
                page::{Fact, Section, of_act},
                words::{actor, hold_card, length, role, status},
            },
            kit::{Choice, Field, Form, Posted, View},
        },
        problem::{Code, Problem},
    },
};

/// So many events are shown here; the audit trail has all.
const EVENTS: usize = 10;
/// Most holds that are shown of one account.
const HOLDS: usize = 100;

pub async fn facts(portal: &Portal, view: &View, account: &Account) -> Result<Vec<Fact>, Problem> {
    let mut facts = vec![Fact::new(view, "desk-status", status(view, &account.status))];
    for (key, value) in [
        ("desk-email", &account.email),
        ("desk-organisation", &account.organisation),
    ] {
        facts.extend(value.as_ref().map(|value| Fact::new(view, key, value.clone())));
    }
    facts.push(Fact::new(view, "account-role", role(view, &account.role)));
    facts.push(Fact::new(
        view,
        "account-created-at",
        view.at_time(&account.created_at),
    ));
    facts.extend(decision(portal, view, account).await?);
    facts.extend(lapse(view, account));
    facts.push(Fact::new(view, "account-id", account.id.to_string()));
    Ok(facts)
}

/// How the person came in.
async fn decision(portal: &Portal, view: &View, account: &Account) -> Result<Option<Fact>, Problem> {
    let Some(rule) = &account.decided_rule else {
        return Ok(None);
    };
    let mut words = view.t(&format!("account-rule-{}", rule.replace('_', "-")));
    if account.decided_by.is_some() {
        let names = accounts::names(portal, Vec::from_iter(account.decided_by)).await?;
        words = format!("{words}: {}", actor(view, &names, account.decided_by));
    }
    if let Some(at) = &account.decided_at {
        words = format!("{words}, {}", view.at_time(at));
    }
    Ok(Some(Fact::new(view, "account-decided", words)))
}

/// When a registration lapses that nobody confirmed, or that was rejected (R8).
fn lapse(view: &View, account: &Account) -> Option<Fact> {
    let lapses_at = match account.status.as_str() {
        "unconfirmed" => lapses_at(Status::Unconfirmed, account.created_at),
        "rejected" => lapses_at(Status::Rejected, account.decided_at?),
        _ => None,
    };
    Some(Fact::new(view, "account-lapses-at", view.at_time(&lapses_at?)))
}

/// The deadlines of a deletion.
pub fn leaving(portal: &Portal, view: &View, account: &Account) -> Section {
    let now = portal.now();
    let instants = [
        ("account-deleted-at", account.deleted_at),
        ("account-undo-until", account.undo_until),
        ("account-erase-by", account.erase_by),
    ];
    let facts = instants
        .into_iter()
        .filter_map(|(key, at)| Some(Fact::new(view, key, view.at_time(&at?))));
    let left = account.erase_by.filter(|at| *at > now);
    let mut section = Section::new(view.t("account-leaving")).facts(facts.collect());
    if let Some(erase_by) = left {
        let length = length(view, erase_by - now);
        section = section.line(view.t_with("deletion-remaining", &[("length", &length)]));
    }
    section
}

pub async fn holds(portal: &Portal, view: &View, id: Uuid) -> Result<Section, Problem> {
    let page = Page {
        limit: HOLDS,
        after: None,
    };
    let listed = holds::of_account(portal, id, &page)
        .await?
        .ok_or(Code::NotFound)?;
    let now = portal.now();
    let cards = listed.items.iter();
    let cards: Vec<_> = cards
        .map(|it| hold_card(view, portal.inventory, it, None, now))
        .collect();
    let mut section = Section::new(view.t("desk-part-holds"));
    if cards.is_empty() {
        section = section.line(view.t("account-no-holds"));
    }
    section = section.cards(cards);
    if view.may(Permission::DecideHolds) {
        let place = view.way(&format!("/desk/accounts/{id}/holds/new"), "account-place-hold");
        section = section.way(place);
    }
    Ok(section)
}

pub async fn history(portal: &Portal, view: &View, id: Uuid) -> Result<Section, Problem> {
    let page = Page {
        limit: EVENTS,
        after: None,
    };
    // Nobody who opens the page need see when somebody comes and goes.
    let filter = Filter {
        account: Some(id),
        kind: Some(Kind::Deeds),
    };
    let listed = audit_trail::list(portal, filter, &page).await?;
    let section = Section::new(view.t("account-history"));
    if listed.items.is_empty() {
        return Ok(section.line(view.t("audit-none")));
    }
    let actors = listed.items.iter().filter_map(|it| it.actor_id);
    let names = accounts::names(portal, actors.collect()).await?;
    let section = section.table(audit::table(view, &listed.items, &names, false));
    Ok(match listed.next {
        Some(_) => section.way(view.way(&format!("/desk/audit?account={id}"), "account-whole-history")),
        None => section,
    })
}

/// What changes who may come in and what they may do.
pub fn access(view: &View, single: &SingleAccount, role: Form) -> Vec<Section> {
    let section = |heading: &str, line: &str, key: &str, act: &'static str| {
        let form = Form::new(view, &Posted::default(), None).second_button_for(key, act);
        Section::new(view.t(heading)).line(view.t(line)).form(form)
    };
    match single.account.status.as_str() {
        "active" => vec![
            section(
                "account-suspending",
                "account-suspend-hint",
                "account-suspend",
                "suspend",
            ),
            section(
                "account-sessions",
                "account-end-sessions-hint",
                "account-end-sessions",
                "end-sessions",
            ),
            factors(view, single),
            Section::new(view.t("account-roles")).form(role),
        ],
        "suspended" => vec![section(
            "account-suspending",
            "account-reinstate-hint",
            "account-reinstate",
            "reinstate",
        )],
        _ => Vec::new(),
    }
}

/// Whether there is a second factor, and what to do where it is lost.
fn factors(view: &View, single: &SingleAccount) -> Section {
    let section = Section::new(view.t("account-factors"));
    let form = Form::new(view, &Posted::default(), None);
    if let Some(due_at) = &single.factor_removal_due_at {
        let at = view.at_time(due_at);
        return section
            .line(view.t_with("account-factors-due", &[("at", &at)]))
            .form(form.second_button_for("account-factors-keep", "keep-factors"));
    }
    if single.second_factor {
        return section
            .line(view.t("account-factors-lost"))
            .form(form.second_button_for("account-factors-remove", "remove-factors"));
    }
    section.line(view.t("account-factors-none"))
}

/// Which role the person has, each with what it may.
pub fn role_form(view: &View, account: &Account, posted: &Posted, problem: Option<&Problem>) -> Form {
    let (posted, problem) = of_act("role", posted, problem);
    let choices = Role::ALL.map(|it| {
        let hint = format!("account-role-{}-hint", it.name().replace('_', "-"));
        Choice::new(it.name(), role(view, it.name()))
            .hint(view.t(&hint))
            .chosen(account.role == it.name())
    });
    Form::new(view, &posted, problem)
        .prefix("role-")
        .hidden("act", "role")
        .field(Field::one("role", choices.into()).label("account-role"))
        .button("account-role-give")
}

pub fn deletion_form(view: &View, posted: &Posted, problem: Option<&Problem>) -> Form {
    let (posted, problem) = of_act("delete", posted, problem);
    Form::new(view, &posted, problem)
        .hidden("act", "delete")
        .field(
            Field::prose("reason", 3)
                .label("account-delete-reason")
                .hint("account-delete-reason-hint"),
        )
        .grave_button("account-delete")
}

pub fn deletion(view: &View, form: Form) -> Section {
    Section::new(view.t("account-deleting"))
        .line(view.t("account-delete-hint"))
        .form(form)
}
