//! `/desk/enquiries` and `/desk/enquiries/{id}`: what members ask, those without an answer first, and the answer.

use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use super::{
    page::{Card, DeskPage, Fact, Section, Tone},
    words::actor,
};
use crate::{
    administration::accounts,
    enquiries::{self, AtDesk},
    portal::Portal,
    web::{
        guard::session::Administrator,
        pages::kit::{Field, Form, Posted, View},
        problem::{Code, Problem},
        query::Id,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/desk/enquiries", get(list))
        .route("/desk/enquiries/{id}", get(show).post(act))
}

async fn list(State(portal): State<Portal>, view: View, _admin: Administrator) -> Result<Response, Problem> {
    let all = view.asked("show").as_deref() == Some("all");
    let listed = if all {
        enquiries::at_desk(&portal, false, &view.page()?).await?
    } else {
        enquiries::unanswered(&portal, &view.page()?).await?
    };
    let (title, none) = if all {
        ("enquiries-desk-all", "enquiries-desk-none")
    } else {
        ("enquiries-desk-open", "enquiries-desk-none-open")
    };
    let cards = listed.items.iter().map(|it| card(&view, it)).collect();
    let other = if all {
        view.way("/desk/enquiries", "enquiries-desk-show-open")
    } else {
        view.way("/desk/enquiries?show=all", "enquiries-desk-show-all")
    };
    let page = DeskPage::new(view.frame(title))
        .list(cards, none)
        .pager(view.pager(&listed))
        .way(other);
    Ok(page.show(None))
}

/// An enquiry as an entry of a list.
pub fn card(view: &View, enquiry: &AtDesk) -> Card {
    let (tone, state) = if enquiry.answered_at.is_some() {
        (Tone::Good, view.t("enquiry-answered"))
    } else {
        (Tone::Warn, view.t("enquiry-unanswered"))
    };
    Card::new(enquiry.subject.clone())
        .link(view.to(&format!("/desk/enquiries/{}", enquiry.id)))
        .badge(tone, state)
        .line(asker(enquiry))
        .line(view.at_time(&enquiry.asked_at))
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    _admin: Administrator,
    Id(id): Id,
) -> Result<Response, Problem> {
    page(&portal, &view, id, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Administrator(caller): Administrator,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, id, &posted, None).await;
    }
    let answered = enquiries::answer(&portal, caller, id, posted.text("body")).await;
    match answered.map_err(Problem::from) {
        Ok(()) => Ok(view.go_done("/desk/enquiries", "answered")),
        Err(problem) => page(&portal, &view, id, &posted, Some(&problem)).await,
    }
}

async fn page(
    portal: &Portal,
    view: &View,
    id: Uuid,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let Some(enquiry) = enquiries::one_at_desk(portal, id).await? else {
        return Err(problem.cloned().unwrap_or_else(|| Code::NotFound.into()));
    };
    let form = Form::new(view, posted, problem)
        .field(
            Field::prose("body", 8)
                .label("enquiry-answer")
                .hint("enquiry-answer-hint"),
        )
        .button("enquiry-answer-send")
        .cancel("/desk/enquiries", "enquiry-later");
    let facts = vec![
        Fact::new(view, "enquiry-asked-by", asker(&enquiry))
            .link(view.to(&format!("/desk/accounts/{}", enquiry.account_id))),
        Fact::new(view, "enquiry-asked-at", view.at_time(&enquiry.asked_at)),
        Fact::new(view, "enquiry-question", enquiry.body.clone()),
    ];
    let frame = view
        .frame_titled(enquiry.subject.clone())
        .with_problem(problem, &form);
    let page = DeskPage::new(frame).facts(facts);
    let page = match &enquiry.answer {
        Some(answer) => page.section(answered(portal, view, &enquiry, answer, posted).await?),
        None => page.section(Section::new(view.t("enquiry-to-answer")).form(form)),
    };
    Ok(page.show(problem))
}

/// The answer; and what was typed when somebody else was quicker.
async fn answered(
    portal: &Portal,
    view: &View,
    enquiry: &AtDesk,
    answer: &str,
    posted: &Posted,
) -> Result<Section, Problem> {
    let names = accounts::names(portal, Vec::from_iter(enquiry.answered_by)).await?;
    let mut facts = vec![
        Fact::new(
            view,
            "enquiry-answered-by",
            actor(view, &names, enquiry.answered_by),
        ),
        Fact::new(view, "enquiry-answer", answer),
    ];
    if let Some(at) = &enquiry.answered_at {
        facts.insert(1, Fact::new(view, "enquiry-answered-at", view.at_time(at)));
    }
    if let Some(typed) = posted.filled("body") {
        facts.push(Fact::new(view, "enquiry-not-sent", typed));
    }
    Ok(Section::new(view.t("enquiry-answered")).facts(facts))
}

fn asker(enquiry: &AtDesk) -> String {
    format!("{}, {}", enquiry.display_name, enquiry.organisation)
}
