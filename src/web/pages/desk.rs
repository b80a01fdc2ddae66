//! The desk: what administrators see and decide. Lists mask what is not needed; of a deleted account only its row
//! without personal data is shown (R16).

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
use crate::portal::Portal;

/// The parts of the desk, in the order of its menu.
const PARTS: [&str; 10] = [
    "/desk",
    "/desk/registrations",
    "/desk/accounts",
    "/desk/holds",
    "/desk/deletions",
    "/desk/reports",
    "/desk/enquiries",
    "/desk/organisations",
    "/desk/mails",
    "/desk/audit",
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

/// The menu of the desk.
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
    PARTS.into_iter().map(way).collect()
}
