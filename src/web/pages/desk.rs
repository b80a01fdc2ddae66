//! The desk: what those with a role see and decide, each what theirs may. Lists mask what is not needed; of a deleted
//! account only its row without personal data is shown (R16).

mod account;
mod accounts;
mod audit;
mod deletions;
mod enquiries;
mod enquiry;
mod hold;
mod holds;
mod mails;
mod organisation;
mod organisations;
mod overview;
mod page;
mod place_hold;
mod registrations;
mod reports;
mod words;

use axum::{Router, middleware};

use super::kit::{View, Way, resume::sign_in_first};
use crate::{
    permissions::Permission,
    portal::Portal,
    web::problem::{Code, Problem},
};

/// The parts of the desk, in the order of its menu, and what takes whom there.
const PARTS: [(&str, Permission); 10] = [
    ("/desk", Permission::OpenDesk),
    ("/desk/registrations", Permission::DecideRegistrations),
    ("/desk/accounts", Permission::FindAccounts),
    ("/desk/holds", Permission::ReadHolds),
    ("/desk/deletions", Permission::ReadDeletions),
    ("/desk/reports", Permission::DecideReports),
    ("/desk/enquiries", Permission::AnswerEnquiries),
    ("/desk/organisations", Permission::ManageOrganisations),
    ("/desk/mails", Permission::WatchPortal),
    ("/desk/audit", Permission::ReadAuditTrail),
];

pub fn routes() -> Router<Portal> {
    overview::routes()
        .merge(registrations::routes())
        .merge(accounts::routes())
        .merge(account::routes())
        .merge(place_hold::routes())
        .merge(holds::routes())
        .merge(hold::routes())
        .merge(deletions::routes())
        .merge(reports::routes())
        .merge(enquiries::routes())
        .merge(enquiry::routes())
        .merge(organisations::routes())
        .merge(organisation::routes())
        .merge(mails::routes())
        .merge(audit::routes())
        .route_layer(middleware::from_fn(sign_in_first))
}

/// The menu of the desk: what its reader may open.
pub fn parts(view: &View) -> Vec<Way> {
    let way = |path: &str| {
        let part = path.strip_prefix("/desk/").unwrap_or("overview");
        Way {
            is_here: match part {
                "overview" => view.path() == view.to(path),
                _ => view.is_below(path),
            },
            ..view.way(path, &format!("desk-part-{part}"))
        }
    };
    let open = PARTS.iter().filter(|(_, permission)| view.may(*permission));
    open.map(|(path, _)| way(path)).collect()
}

/// What went wrong, to be shown on the page that it was sent from; whoever may not open that page any more is told it on
/// another one.
fn still_here(problem: Problem) -> Result<Problem, Problem> {
    match problem.code {
        Code::NotSignedIn | Code::Forbidden => Err(problem),
        _ => Ok(problem),
    }
}
