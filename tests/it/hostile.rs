//! Requests that somebody made up to do harm: sent from other sites to whatever changes something, with lines of their
//! own for mail and HTTP headers, or with a place of theirs to go on to.

mod foreign;
mod lines;
mod places;

/// Where the portal is.
const OWN: &str = "http://localhost:8080";
