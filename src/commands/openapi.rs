//! `stammtisch openapi`: the document, for programs that are made from it.

use crate::web::api;

pub(super) fn openapi() -> anyhow::Result<bool> {
    println!("{}", api::document().to_pretty_json()?);
    Ok(true)
}
