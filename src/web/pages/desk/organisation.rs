//! `/desk/organisations/{id}`: changing an organisation; removing it is asked once more.

use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use super::{
    organisations::{form, wanted},
    page::{DeskPage, Section, of_act},
};
use crate::{
    account::Caller,
    administration::organisations,
    portal::Portal,
    web::{
        guard::may,
        pages::kit::{Form, Posted, View},
        problem::{Code, Problem},
        query::Id,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk/organisations/{id}", get(show).post(act))
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    _: may::ManageOrganisations,
    Id(id): Id,
) -> Result<Response, Problem> {
    page(&portal, &view, id, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    may::ManageOrganisations(caller): may::ManageOrganisations,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    // The first press on "remove" only asks.
    if posted.restores() || posted.text("act") == "ask" {
        return page(&portal, &view, id, &posted, None).await;
    }
    match change(&portal, caller, id, &posted).await {
        Ok(done) => Ok(view.go_done("/desk/organisations", done)),
        Err(problem) => {
            let problem = super::still_here(problem)?;
            page(&portal, &view, id, &posted, Some(&problem)).await
        }
    }
}

async fn change(portal: &Portal, caller: Caller, id: Uuid, posted: &Posted) -> Result<&'static str, Problem> {
    match posted.text("act") {
        "save" => {
            organisations::replace(portal, caller, id, wanted(posted)?).await?;
            Ok("organisation-saved")
        }
        "remove" => {
            organisations::remove(portal, caller, id).await?;
            Ok("organisation-removed")
        }
        _ => Err(Code::BadRequest.into()),
    }
}

async fn page(
    portal: &Portal,
    view: &View,
    id: Uuid,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let Some(organisation) = organisations::one(portal, id).await? else {
        return Err(Code::NotFound.into());
    };
    let (sent, wrong) = of_act("save", posted, problem);
    let save = form(view, &sent, wrong, Some(&organisation))
        .hidden("act", "save")
        .button("organisation-save")
        .cancel("/desk/organisations", "desk-cancel");
    let frame = view
        .frame_titled(organisation.name.clone())
        .with_problem(problem, &save);
    let asks = ["ask", "remove"].contains(&posted.text("act"));
    let page = DeskPage::new(frame)
        .line(view.t("organisation-change-hint"))
        .section(Section::default().form(save))
        .section(removal(view, asks));
    Ok(page.show(problem))
}

fn removal(view: &View, asks: bool) -> Section {
    let section = Section::new(view.t("organisation-removing")).line(view.t("organisation-remove-hint"));
    let form = Form::new(view, &Posted::default(), None);
    if asks {
        let form = form
            .hidden("act", "remove")
            .grave_button("organisation-remove-now")
            .cancel("/desk/organisations", "desk-cancel");
        section
            .urgent()
            .line(view.t("organisation-remove-sure"))
            .form(form)
    } else {
        section.form(form.second_button_for("organisation-remove", "ask"))
    }
}
