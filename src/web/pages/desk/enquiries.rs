//! `/desk/enquiries`: what members ask; those that wait for an answer first, those that nobody deals with, one's own,
//! those that are answered or closed, all.

use axum::{Router, extract::State, response::Response, routing::get};
use entity::enquiry;
use uuid::Uuid;

use super::{
    page::{Card, DeskPage, Tone},
    words::person,
};
use crate::{
    account::Caller,
    administration::accounts,
    enquiries::desk::{self, Assigned, AtDesk, Filter},
    portal::Portal,
    values::Listed,
    web::{
        guard::may,
        pages::{
            community::enquiry_state,
            kit::{View, Way},
        },
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk/enquiries", get(show))
}

/// Which enquiries are shown, by the word in the address.
const SHOWN: [&str; 6] = ["open", "unassigned", "mine", "answered", "closed", "all"];

async fn show(
    State(portal): State<Portal>,
    view: View,
    may::AnswerEnquiries(caller): may::AnswerEnquiries,
) -> Result<Response, Problem> {
    let asked = view.asked("show");
    let shown = SHOWN
        .into_iter()
        .find(|word| asked.as_deref() == Some(word))
        .unwrap_or(SHOWN[0]);
    let listed = list(&portal, &view, caller, shown).await?;
    let cards = cards(&portal, &view, &listed.items).await?;
    let mut page = DeskPage::new(view.frame(&format!("enquiries-desk-{shown}")))
        .list(cards, &format!("enquiries-desk-none-{shown}"))
        .pager(view.pager(&listed));
    for other in SHOWN.into_iter().filter(|other| *other != shown) {
        page = page.way(way(&view, other));
    }
    Ok(page.show(None))
}

async fn list(portal: &Portal, view: &View, caller: Caller, shown: &str) -> Result<Listed<AtDesk>, Problem> {
    let mine = Filter {
        assigned: Some(Assigned::To(caller.account)),
        ..Filter::default()
    };
    let of = |state| Filter {
        state: Some(state),
        ..Filter::default()
    };
    Ok(match shown {
        "answered" => desk::list(portal, of(enquiry::State::Answered), &view.page()?).await?,
        "closed" => desk::list(portal, of(enquiry::State::Closed), &view.page()?).await?,
        "all" => desk::list(portal, Filter::default(), &view.page()?).await?,
        "mine" => desk::list(portal, mine, &view.page()?).await?,
        "unassigned" => desk::waiting(portal, Some(Assigned::Nobody), &view.page()?).await?,
        _ => desk::waiting(portal, None, &view.page()?).await?,
    })
}

fn way(view: &View, shown: &str) -> Way {
    let path = match shown {
        "open" => "/desk/enquiries".to_owned(),
        _ => format!("/desk/enquiries?show={shown}"),
    };
    view.way(&path, &format!("enquiries-desk-show-{shown}"))
}

/// Enquiries as entries of a list, with who deals with them.
pub async fn cards(portal: &Portal, view: &View, enquiries: &[AtDesk]) -> Result<Vec<Card>, Problem> {
    let administrators: Vec<Uuid> = enquiries.iter().filter_map(|it| it.assigned_to).collect();
    let names = accounts::names(portal, administrators).await?;
    let card = |enquiry: &AtDesk| {
        let assigned = enquiry
            .assigned_to
            .map(|id| view.t_with("enquiry-assigned-to", &[("name", &person(view, &names, id))]));
        let card = Card::new(enquiry.subject.clone())
            .link(view.to(&format!("/desk/enquiries/{}", enquiry.id)))
            .badge(tone(enquiry.state), enquiry_state(view, enquiry.state))
            .line(asker(enquiry))
            .line(view.t_with(
                "enquiry-latest",
                &[("at", &view.at_time(&enquiry.last_activity_at))],
            ));
        assigned.into_iter().fold(card, Card::line)
    };
    Ok(enquiries.iter().map(card).collect())
}

/// What the desk looks out for is the question.
pub fn tone(state: enquiry::State) -> Tone {
    match state {
        enquiry::State::Open => Tone::Warn,
        enquiry::State::Answered => Tone::Good,
        enquiry::State::Closed => Tone::Plain,
    }
}

pub fn asker(enquiry: &AtDesk) -> String {
    format!("{}, {}", enquiry.display_name, enquiry.organisation)
}
