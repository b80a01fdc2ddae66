//! `/desk/registrations` and `/desk/registrations/{id}`: who waits, what they said, and the decision.

use axum::{Router, extract::State, response::Response, routing::get};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    page::{Card, DeskPage, Fact, Section, Tone},
    words::{length, masked},
};
use crate::{
    portal::Portal,
    registration::decision::{self, Waiting},
    web::{
        guard::may,
        pages::kit::{Field, Form, Posted, View},
        problem::{Code, Problem},
        query::Id,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/desk/registrations", get(list))
        .route("/desk/registrations/{id}", get(show).post(act))
}

async fn list(
    State(portal): State<Portal>,
    view: View,
    _: may::DecideRegistrations,
) -> Result<Response, Problem> {
    let listed = decision::waiting(&portal, &view.page()?).await?;
    let now = portal.now();
    let cards = listed.items.iter().map(|it| card(&view, it, now)).collect();
    let page = DeskPage::new(view.frame("desk-part-registrations"))
        .line(view.t("registrations-intro"))
        .list(cards, "registrations-none")
        .pager(view.pager(&listed));
    Ok(page.show(None))
}

/// Someone who waits, as an entry of a list.
pub fn card(view: &View, waiting: &Waiting, now: DateTime<Utc>) -> Card {
    let waited = length(view, now - waiting.confirmed_at);
    let lapses = view.at_time(&waiting.lapses_at());
    Card::new(name(waiting))
        .link(view.to(&format!("/desk/registrations/{}", waiting.account_id)))
        .badge(
            Tone::Plain,
            view.t_with("registration-waits", &[("length", &waited)]),
        )
        .line(waiting.organisation.clone())
        .line(masked(&waiting.email))
        .line(view.t_with("registration-lapses", &[("at", &lapses)]))
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    _: may::DecideRegistrations,
    Id(id): Id,
) -> Result<Response, Problem> {
    page(&portal, &view, id, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    may::DecideRegistrations(caller): may::DecideRegistrations,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, id, &posted, None).await;
    }
    let (done, decided) = match posted.text("act") {
        "approve" => ("approved", decision::approve(&portal, caller, id).await),
        "reject" => (
            "rejected",
            decision::reject(&portal, caller, id, posted.text("reason")).await,
        ),
        _ => return Err(Code::BadRequest.into()),
    };
    match decided.map_err(Problem::from) {
        Ok(()) => Ok(view.go_done("/desk/registrations", done)),
        Err(problem) => {
            let problem = super::still_here(problem)?;
            page(&portal, &view, id, &posted, Some(&problem)).await
        }
    }
}

async fn page(
    portal: &Portal,
    view: &View,
    id: Uuid,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let Some(waiting) = decision::one(portal, id).await? else {
        return Err(problem.cloned().unwrap_or_else(|| Code::NotFound.into()));
    };
    let form = Form::new(view, posted, problem)
        .field(
            Field::prose("reason", 4)
                .label("registration-reason")
                .hint("registration-reason-hint"),
        )
        .button_for("registration-approve", "approve")
        .second_button_for("registration-reject", "reject")
        .cancel("/desk/registrations", "registration-later");
    let frame = view.frame_titled(name(&waiting)).with_problem(problem, &form);
    let page = DeskPage::new(frame)
        .facts(facts(view, &waiting))
        .section(Section::new(view.t("registration-decide")).form(form));
    Ok(page.show(problem))
}

fn facts(view: &View, waiting: &Waiting) -> Vec<Fact> {
    let given = [
        ("desk-email", Some(&waiting.email)),
        ("desk-organisation", Some(&waiting.organisation)),
        ("desk-department", waiting.department.as_ref()),
        ("registration-message", waiting.message.as_ref()),
    ];
    let mut facts: Vec<Fact> = given
        .into_iter()
        .filter_map(|(key, value)| Some(Fact::new(view, key, value?.clone())))
        .collect();
    facts.push(Fact::new(
        view,
        "registration-confirmed-at",
        view.at_time(&waiting.confirmed_at),
    ));
    facts.push(Fact::new(
        view,
        "registration-lapses-at",
        view.at_time(&waiting.lapses_at()),
    ));
    facts
}

fn name(waiting: &Waiting) -> String {
    format!("{} {}", waiting.first_name, waiting.last_name)
}
