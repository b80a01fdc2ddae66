//! `/desk/accounts/{id}`: one account with its deadlines, its holds and what happened, and what can be done with it.

mod sections;

use axum::{Router, extract::State, response::Response, routing::get};
use entity::status::Role;
use uuid::Uuid;

use super::{accounts::title, page::DeskPage};
use crate::{
    account::Caller,
    administration::{accounts, sessions, status},
    erasure::request,
    permissions::Permission,
    portal::Portal,
    second_factor::removal,
    web::{
        guard::may,
        pages::{
            kit::{Posted, View},
            own::prove_first,
        },
        problem::{Code, Problem},
        query::Id,
    },
};

/// What can be done here that takes a fresh proof of who does it.
const PROVED: [&str; 3] = ["role", "remove-factors", "delete"];

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk/accounts/{id}", get(show).post(act))
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    may::FindAccounts(caller): may::FindAccounts,
    Id(id): Id,
) -> Result<Response, Problem> {
    Box::pin(page(&portal, &view, caller, id, &Posted::default(), None)).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    may::ManageAccounts(caller): may::ManageAccounts,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return Box::pin(page(&portal, &view, caller, id, &posted, None)).await;
    }
    if PROVED.contains(&posted.text("act"))
        && let Some(ask) = prove_first(&portal, &view, caller, &posted).await?
    {
        return Ok(ask);
    }
    match Box::pin(change(&portal, caller, id, &posted)).await {
        // Whoever changed their own account may have no way to this page any more.
        Ok(_) if id == caller.account => Ok(view.go("")),
        Ok(done) => Ok(view.go_done(&format!("/desk/accounts/{id}"), done)),
        Err(problem) => {
            let problem = super::still_here(problem)?;
            Box::pin(page(&portal, &view, caller, id, &posted, Some(&problem))).await
        }
    }
}

/// Does what the button says, and names the text that tells so.
async fn change(portal: &Portal, caller: Caller, id: Uuid, posted: &Posted) -> Result<&'static str, Problem> {
    let done = match posted.text("act") {
        "suspend" => status::suspend(portal, caller, id).await.map(|()| "suspended")?,
        "reinstate" => status::reinstate(portal, caller, id)
            .await
            .map(|()| "reinstated")?,
        "end-sessions" => sessions::end_all(portal, caller, id)
            .await
            .map(|()| "sessions-ended")?,
        "remove-factors" => removal::request(portal, Some(caller), id)
            .await
            .map(|_| "factor-removal-requested")?,
        "keep-factors" => removal::withdraw(portal, caller, id)
            .await
            .map(|()| "factor-removal-withdrawn")?,
        "role" => {
            let role = serde_json::from_value::<Role>(posted.text("role").into());
            let role = role.map_err(|_| Problem::field("role", "unknown_value"))?;
            status::give_role(portal, caller, id, role).await?;
            "role-given"
        }
        "delete" => {
            let requested = request::by_administrator(portal, caller, id, posted.text("reason")).await?;
            match requested.receipt_code {
                Some(_) => "account-deleted",
                None => "already-deleted",
            }
        }
        _ => return Err(Code::BadRequest.into()),
    };
    Ok(done)
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    id: Uuid,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let Some(single) = accounts::one(portal, id).await? else {
        return Err(Code::NotFound.into());
    };
    let account = &single.account;
    let deletion = sections::deletion_form(view, posted, problem);
    let role = sections::role_form(view, account, posted, problem);
    let sent = if posted.text("act") == "role" {
        &role
    } else {
        &deletion
    };
    let frame = view
        .frame_titled(title(view, account))
        .with_problem(problem, sent);
    let mut page = DeskPage::new(frame).facts(sections::facts(portal, view, account).await?);
    if account.status == "pending" && view.may(Permission::DecideRegistrations) {
        page = page.way(view.way(&format!("/desk/registrations/{id}"), "account-to-registration"));
    }
    if account.deleted_at.is_some() {
        page = page.section(sections::leaving(portal, view, account));
    }
    if view.may(Permission::ReadHolds) {
        page = page.section(sections::holds(portal, view, id).await?);
    }
    if view.may(Permission::ReadAuditTrail) {
        page = page.section(sections::history(portal, view, id).await?);
    }
    if view.may(Permission::ManageAccounts) {
        page = page.sections(sections::access(view, &single, role));
    }
    if id == caller.account {
        page = page.way(view.way("/account/delete", "account-to-delete"));
    } else if account.deleted_at.is_none() && view.may(Permission::ManageAccounts) {
        page = page.section(sections::deletion(view, deletion));
    }
    Ok(page.show(problem))
}
