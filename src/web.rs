//! Everything HTTP: the router, what guards it, the JSON handlers and the pages. Handlers are thin: they read the
//! request, call one capability and answer.

pub mod api;
pub mod body;
pub mod connections;
pub mod etag;
pub mod guard;
pub mod health;
pub mod metrics;
pub mod pages;
pub mod problem;
pub mod query;
pub mod router;
