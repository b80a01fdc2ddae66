//! `/account`: the account at a glance, and the ways to whatever can be done with it.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    portal::Portal,
    profile::own::{self, Me},
    web::{
        guard::session::Member,
        pages::kit::{Frame, View, Way},
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/account", get(show))
}

#[derive(Template)]
#[template(path = "own/account.html")]
struct AccountPage<'a> {
    frame: Frame<'a>,
    me: Me,
    role: String,
    language: String,
    ways: Vec<Way>,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    let me = own::me(&portal, caller).await?.ok_or(Code::NotSignedIn)?;
    Ok(view.show(&AccountPage {
        frame: view.frame("account-title"),
        role: view.t(&format!("account-role-{}", me.role.replace('_', "-"))),
        language: view.t(&format!("language-{}", me.locale)),
        me,
        ways: vec![
            view.way("/account/email", "account-to-email"),
            view.way("/account/password", "account-to-password"),
            view.way("/account/second-factor", "account-to-second-factor"),
            view.way("/account/sessions", "account-to-sessions"),
            view.way("/account/blocks", "account-to-blocks"),
            view.way("/account/language", "account-to-language"),
            view.way("/account/notifications", "account-to-notifications"),
            view.way("/account/export", "account-to-export"),
            view.way("/account/delete", "account-to-delete"),
        ],
    }))
}
