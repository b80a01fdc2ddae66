//! The start page: for visitors what the portal is for, what it promises and the way in; for members where there is
//! something new.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use chrono::TimeDelta;

use crate::{
    account::Caller,
    administration::accounts::has_administrator,
    enquiries::own as own_enquiries,
    messaging::{conversations, groups::invitations},
    permissions::Permission,
    portal::Portal,
    profile::own::{self, Profile},
    web::{
        pages::kit::{Frame, View},
        problem::Problem,
    },
};

/// How long an answer counts as new, in days.
const NEW_FOR: i64 = 14;

pub fn routes() -> Router<Portal> {
    Router::new().route("/", get(show))
}

#[derive(Template)]
#[template(path = "entrance/start.html")]
struct StartPage<'a> {
    frame: Frame<'a>,
    /// Nobody administers the portal yet.
    is_new: bool,
}

#[derive(Template)]
#[template(path = "entrance/overview.html")]
struct OverviewPage<'a> {
    frame: Frame<'a>,
    places: Vec<Place>,
}

/// One of the main places, and what is to be found there.
struct Place {
    href: String,
    name: String,
    line: String,
    has_news: bool,
}

async fn show(State(portal): State<Portal>, view: View) -> Result<Response, Problem> {
    if let Some(caller) = view.caller
        && let Some(profile) = own::read(&portal, caller).await?
    {
        return overview(&portal, &view, caller, &profile).await;
    }
    Ok(view.show(&StartPage {
        frame: view.frame("start-title"),
        is_new: !has_administrator(&portal).await?,
    }))
}

async fn overview(
    portal: &Portal,
    view: &View,
    caller: Caller,
    profile: &Profile,
) -> Result<Response, Problem> {
    let unread = conversations::unread(portal, caller).await?;
    let since = portal.now() - TimeDelta::days(NEW_FOR);
    let answered = own_enquiries::answered_since(portal, caller, since).await?;
    let place = |word: &str, line: String, news: u64| Place {
        href: view.to(&format!("/{word}")),
        name: view.t(&format!("menu-{word}")),
        line,
        has_news: news > 0,
    };
    let role = caller.role.name().replace('_', "-");
    let desk = caller
        .may(Permission::OpenDesk)
        .then(|| place("desk", view.t(&format!("start-desk-{role}")), 0));
    let invited = invitations::waiting(portal, caller).await?;
    let invited = (invited > 0).then(|| Place {
        href: view.to("/invitations"),
        name: view.t("invitations-title"),
        line: view.t_counted("invitations-waiting", invited),
        has_news: true,
    });
    let places = [
        place(
            "conversations",
            view.t_counted("start-conversations", unread),
            unread,
        ),
        place("members", view.t("start-members"), 0),
        place("enquiries", view.t_counted("start-enquiries", answered), answered),
        place("profile", view.t("start-profile"), 0),
        place("account", view.t("start-account"), 0),
    ];
    Ok(view.show(&OverviewPage {
        frame: view.frame_titled(view.t_with("start-hello", &[("name", &name(profile))])),
        places: desk.into_iter().chain(invited).chain(places).collect(),
    }))
}

fn name(profile: &Profile) -> String {
    let full = || format!("{} {}", profile.first_name, profile.last_name);
    profile.display_name.clone().unwrap_or_else(full)
}
