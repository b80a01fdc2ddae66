//! `/account/notifications`: how one hears of messages, and whether others see how far one has read.

use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    account::Caller,
    messaging::preferences::{self, Change, MessageMail},
    portal::Portal,
    web::{
        guard::session::Member,
        pages::kit::{Choice, Field, Form, FormPage, Posted, View},
        problem::Problem,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/account/notifications", get(show).post(act))
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    page(&portal, &view, caller, &Posted::default(), None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller, &posted, None).await;
    }
    match set(&portal, caller, &posted).await {
        Ok(()) => Ok(view.go_done("/account", "notifications-set")),
        Err(problem) => page(&portal, &view, caller, &posted, Some(&problem)).await,
    }
}

async fn set(portal: &Portal, caller: Caller, posted: &Posted) -> Result<(), Problem> {
    let choice = posted.filled("message_mail");
    let choice = choice.ok_or_else(|| Problem::field("message_mail", "required"))?;
    let choice: MessageMail = choice
        .parse()
        .map_err(|_| Problem::field("message_mail", "unknown_value"))?;
    let change = Change {
        message_mail: Some(choice),
        share_read: Some(posted.has("share_read")),
    };
    preferences::change(portal, caller, change).await?;
    Ok(())
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let now = preferences::read(portal, caller).await?;
    let choices = MessageMail::ALL.map(|choice| {
        let key = match choice {
            MessageMail::AtOnce => "notifications-at-once",
            MessageMail::Daily => "notifications-daily",
            MessageMail::Never => "notifications-never",
        };
        Choice::new(choice.as_str(), view.t(key)).chosen(choice == now.message_mail)
    });
    let form = Form::new(view, posted, problem)
        .field(Field::one("message_mail", choices.into()).hint("notifications-mail-hint"))
        .field(Field::tick("share_read", now.share_read).hint("notifications-read-hint"))
        .button("notifications-button")
        .cancel("/account", "account-back");
    let page = FormPage {
        frame: view.frame("notifications-title").with_problem(problem, &form),
        intro: Vec::new(),
        form,
        ways: Vec::new(),
    };
    Ok(view.show_with(problem, &page))
}
