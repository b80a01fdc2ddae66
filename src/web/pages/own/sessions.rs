//! `/account/sessions`: where one is signed in, and ending it there, after a proof (OWASP ASVS 5.0, 7.5.2). Looking takes
//! none, nor does signing out.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use super::prove_first;
use crate::{
    account::Caller,
    authentication::sessions::{self, OwnSession},
    portal::Portal,
    web::{
        guard::session::Member,
        pages::kit::{Frame, Posted, View, Way},
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/account/sessions", get(show).post(act))
}

#[derive(Template)]
#[template(path = "own/sessions.html")]
struct SessionsPage<'a> {
    frame: Frame<'a>,
    sessions: Vec<OwnSession>,
    pager: Vec<Way>,
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    page(&portal, &view, caller).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return page(&portal, &view, caller).await;
    }
    let act = posted.text("act");
    if matches!(act, "end" | "end-others")
        && let Some(ask) = prove_first(&portal, &view, caller, &posted).await?
    {
        return Ok(ask);
    }
    match act {
        "end" => {
            let id = posted.text("id").parse().map_err(|_| Code::NotFound)?;
            if !sessions::end(&portal, caller, id).await? {
                return Err(Code::NotFound.into());
            }
            Ok(view.go_done("/account/sessions", "session-ended"))
        }
        "end-others" => {
            sessions::end_others(&portal, caller).await?;
            Ok(view.go_done("/account/sessions", "other-sessions-ended"))
        }
        _ => Err(Code::BadRequest.into()),
    }
}

impl SessionsPage<'_> {
    /// "Firefox under Windows", or as much of it as is known.
    fn device(&self, session: &OwnSession) -> String {
        let view = self.frame.view;
        let browser = view.t(&format!("device-browser-{}", session.browser));
        match (session.browser.as_str(), session.system.as_str()) {
            ("other", "other") => view.t("device-unknown"),
            (_, "other") => browser,
            (_, system) => {
                let system = view.t(&format!("device-system-{system}"));
                view.t_with("device-on", &[("browser", &browser), ("system", &system)])
            }
        }
    }
}

async fn page(portal: &Portal, view: &View, caller: Caller) -> Result<Response, Problem> {
    let listed = sessions::own(portal, caller, &view.page()?).await?;
    Ok(view.show(&SessionsPage {
        frame: view.frame("sessions-title"),
        pager: view.pager(&listed),
        sessions: listed.items,
    }))
}
