//! `/invitations`: the groups one is invited into, each to be accepted or declined.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use crate::{
    account::Caller,
    messaging::groups::invitations::{self, Invitation},
    portal::Portal,
    web::{
        guard::session::Member,
        pages::kit::{Frame, Posted, View, Way},
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/invitations", get(show).post(act))
}

#[derive(Template)]
#[template(path = "community/invitations.html")]
struct InvitationsPage<'a> {
    frame: Frame<'a>,
    cards: Vec<Card>,
    pager: Vec<Way>,
}

struct Card {
    id: Uuid,
    name: String,
    invited_by: String,
    people: String,
    at: String,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    page(&portal, &view, caller).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller).await;
    }
    let id = posted.text("id").parse().map_err(|_| Code::NotFound)?;
    match posted.text("act") {
        "accept" => {
            let group = invitations::accept(&portal, caller, id).await?;
            Ok(view.go_done(&format!("/conversations/{}", group.id), "group-joined"))
        }
        "decline" => {
            invitations::decline(&portal, caller, id).await?;
            Ok(view.go_done("/invitations", "invitation-declined"))
        }
        _ => Err(Code::BadRequest.into()),
    }
}

async fn page(portal: &Portal, view: &View, caller: Caller) -> Result<Response, Problem> {
    let listed = invitations::list(portal, caller, &view.page()?).await?;
    Ok(view.show(&InvitationsPage {
        frame: view.frame("invitations-title"),
        pager: view.pager(&listed),
        cards: listed.items.into_iter().map(|row| Card::of(view, row)).collect(),
    }))
}

impl Card {
    fn of(view: &View, invitation: Invitation) -> Self {
        let members = u64::try_from(invitation.members).unwrap_or_default();
        let inviter = [("name", invitation.invited_by.display_name.as_str())];
        Self {
            id: invitation.id,
            invited_by: view.t_with("invitations-by", &inviter),
            people: view.t_counted("invitations-people", members),
            at: view.at_time(&invitation.invited_at),
            name: invitation.name.unwrap_or_else(|| view.t("group-without-name")),
        }
    }
}
