//! What members do with each other and with the operator.

mod conversation;
mod conversations;
mod enquiries;
mod enquiry;
mod group;
mod group_invite;
mod group_leave;
mod group_new;
mod invitations;
mod member;
mod members;
mod message;
mod opening;
mod people;
mod report;
mod search;

use axum::{Router, middleware};

pub use enquiries::state as enquiry_state;
pub use member::facts as member_facts;

use super::kit::resume::sign_in_first;
use crate::portal::Portal;

pub fn routes() -> Router<Portal> {
    members::routes()
        .merge(member::routes())
        .merge(conversations::routes())
        .merge(opening::routes())
        .merge(search::routes())
        .merge(conversation::routes())
        .merge(message::routes())
        .merge(report::routes())
        .merge(group_new::routes())
        .merge(group::routes())
        .merge(group_invite::routes())
        .merge(group_leave::routes())
        .merge(invitations::routes())
        .merge(enquiries::routes())
        .merge(enquiry::routes())
        .route_layer(middleware::from_fn(sign_in_first))
}
