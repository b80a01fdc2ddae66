//! `/sign-in` and `/sign-out`. Address and password stand in one form, named as password managers expect them; what a
//! form held whose session ended is carried through.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use tower_sessions::Session;

use crate::{
    authentication::{session_store, sign_in},
    portal::Portal,
    web::{
        pages::kit::{
            Field, Form, FormPage, Posted, View,
            resume::{is_ours, offer_form},
        },
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new()
        .route("/sign-in", get(show).post(act))
        .route("/sign-out", post(sign_out))
}

async fn show(view: View) -> Response {
    if view.caller.is_some() {
        return view.go("");
    }
    let asked = Posted::parse(view.query().as_bytes());
    page(&view, &asked, None)
}

async fn act(State(portal): State<Portal>, view: View, session: Session, posted: Posted) -> Response {
    if let Err(problem) = sign_in(&portal, &session, &posted).await {
        return page(&view, &posted, Some(&problem));
    }
    let next = posted.filled("next").filter(|next| is_ours(next));
    match (next, posted.filled("carried")) {
        (Some(next), Some(carried)) => offer_form(&view, next, carried),
        (Some(next), None) => Redirect::to(next).into_response(),
        (None, _) => view.go(""),
    }
}

async fn sign_in(portal: &Portal, session: &Session, posted: &Posted) -> Result<(), Problem> {
    let signed_in = sign_in::sign_in(portal, posted.text("email"), posted.text("password")).await?;
    session_store::begin(session, &signed_in).await?;
    Ok(())
}

async fn sign_out(view: View, session: Session) -> Result<Response, Problem> {
    session.flush().await.map_err(|_| Code::Unavailable)?;
    Ok(view.go_done("", "signed-out"))
}

/// A form came without a session: sign in first, and nothing of it is lost.
pub fn ask_again(view: &View, next: &str, sent: &Posted) -> Response {
    let mut carried = url::form_urlencoded::Serializer::new(String::new());
    carried.append_pair("next", next);
    carried.append_pair("carried", &sent.carried());
    let carried = Posted::parse(carried.finish().as_bytes());
    page(view, &carried, Some(&Code::NotSignedIn.into()))
}

fn page(view: &View, posted: &Posted, problem: Option<&Problem>) -> Response {
    let mut form = Form::new(view, posted, problem)
        .action(view.to("/sign-in"))
        .field(Field::email("email").autocomplete("username"))
        .field(Field::password("password", "current-password"))
        .button("sign-in-button");
    for name in ["next", "carried"] {
        if let Some(value) = posted.filled(name) {
            form = form.hidden(name, value);
        }
    }
    let was_sent = posted.has("carried");
    let intro = was_sent.then(|| view.t("sign-in-carried"));
    view.show_with(
        problem,
        &FormPage {
            frame: view.frame("sign-in-title").with_problem(problem, &form),
            intro: intro.into_iter().collect(),
            form,
            ways: vec![
                view.way("/forgot-password", "sign-in-forgotten"),
                view.way("/register", "sign-in-register"),
                view.way("/delete-account", "sign-in-delete"),
            ],
        },
    )
}
