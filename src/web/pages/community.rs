//! What members do with each other and with the operator.

mod enquiries;

use axum::{Router, middleware};

use super::kit::resume::sign_in_first;
use crate::portal::Portal;

pub fn routes() -> Router<Portal> {
    enquiries::routes().route_layer(middleware::from_fn(sign_in_first))
}
