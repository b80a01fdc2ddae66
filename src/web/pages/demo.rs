//! `/demo/mails`: what the portal mailed, for whoever tries it out. Exists in a demonstration only.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::Response,
    routing::get,
};

use super::kit::{Frame, View};
use crate::{
    demo::mailbox::{self, Mail},
    portal::Portal,
    web::problem::{Code, Problem},
};

pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/demo/mails", get(list))
        .route("/demo/mails/{name}", get(show))
}

#[derive(Template)]
#[template(path = "demo/mails.html")]
struct MailsPage<'a> {
    frame: Frame<'a>,
    mails: Vec<Mail>,
}

#[derive(Template)]
#[template(path = "demo/mail.html")]
struct MailPage<'a> {
    frame: Frame<'a>,
    mail: Mail,
}

async fn list(State(portal): State<Portal>, view: View) -> Response {
    view.show(&MailsPage {
        frame: view.frame("demo-mails-title"),
        mails: mailbox::newest(&portal).await,
    })
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    Path(name): Path<String>,
) -> Result<Response, Problem> {
    let mail = mailbox::one(&portal, &name).await.ok_or(Code::NotFound)?;
    Ok(view.show(&MailPage {
        frame: view.frame_titled(mail.subject.clone()),
        mail,
    }))
}
