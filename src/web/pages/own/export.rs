//! `/account/export`: what a copy of one's own data holds, and the copy itself (Art. 15 and 20 GDPR). It tells all of
//! somebody, so it takes a fresh proof of who asks.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};

use crate::{
    authentication::proof,
    portal::Portal,
    rights,
    web::{
        guard::session::Member,
        pages::kit::{Frame, View},
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/account/export", get(show))
        .route("/account/export/file", get(download))
}

#[derive(Template)]
#[template(path = "own/export.html")]
struct ExportPage<'a> {
    frame: Frame<'a>,
    /// What the copy holds, as the inventory names it.
    contents: Vec<&'a str>,
}

async fn show(State(portal): State<Portal>, view: View) -> Response {
    let contents = portal.inventory.exported();
    view.show(&ExportPage {
        frame: view.frame("export-title"),
        contents: contents.map(|(table, _)| table.title.text(view.locale)).collect(),
    })
}

async fn download(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
) -> Result<Response, Problem> {
    if !proof::is_fresh(&portal, caller) {
        // Back to the page, where the button then works: a download would leave the other page standing.
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("next", &view.to("/account/export"));
        let ask = format!("{}?{}", view.to("/confirm-identity"), query.finish());
        return Ok(Redirect::to(&ask).into_response());
    }
    let copy = rights::copy_of_own_data(&portal, caller).await?;
    let name = format!("attachment; filename=\"{}\"", view.t("export-file"));
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, name.as_str()),
    ];
    Ok((headers, copy).into_response())
}
