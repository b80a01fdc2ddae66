//! `/account/second-factor/app`: an authenticator app is set up, by a picture or by typing, and by its first code.

use std::fmt::Write;

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};
use qrcode::{Color, QrCode};

use super::{prove_first, second_factor::show_codes};
use crate::{
    account::Caller,
    portal::Portal,
    second_factor::totp::{self, SetUp, SetUpError},
    web::{
        api::session::ticket_of,
        guard::session::Member,
        pages::{
            entrance::{at_code, code_field},
            kit::{Form, Frame, Posted, View},
        },
        problem::{Code, Problem},
    },
};

/// Where the overview is.
const OVERVIEW: &str = "/account/second-factor";
/// Modules around the picture that stay empty (ISO/IEC 18004, 5.3.8).
const QUIET_ZONE: usize = 4;

pub fn routes() -> Router<Portal> {
    Router::new().route("/account/second-factor/app", get(show).post(act))
}

#[derive(Template)]
#[template(path = "own/authenticator_app.html")]
struct AppPage<'a> {
    frame: Frame<'a>,
    /// The picture's side in modules, and its dark ones as an SVG path.
    side: usize,
    picture: String,
    /// In groups of four.
    secret: String,
    uri: String,
    form: Form,
}

/// Nothing was begun by an address alone.
async fn show(view: View) -> Response {
    view.go(OVERVIEW)
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return Ok(view.go(OVERVIEW));
    }
    if let Some(ask) = prove_first(&portal, &view, caller, &posted).await? {
        return Ok(ask);
    }
    if !posted.has("ceremony") {
        return match totp::begin(&portal, caller).await {
            Ok(set_up) => Ok(page(&view, &set_up, None)?),
            Err(SetUpError::AlreadyThere) => Ok(view.go(OVERVIEW)),
            Err(error) => Err(error.into()),
        };
    }
    confirm(&portal, &view, caller, &posted).await
}

async fn confirm(portal: &Portal, view: &View, caller: Caller, posted: &Posted) -> Result<Response, Problem> {
    let ceremony = ticket_of(posted.text("ceremony"))?;
    match totp::confirm(portal, caller, &ceremony, posted.text("code")).await {
        Ok(Some(codes)) => Ok(show_codes(view, codes)),
        Ok(None) => Ok(view.go_done(OVERVIEW, "totp-added")),
        Err(error) => {
            let problem = at_code(error.into());
            if !matches!(problem.code, Code::CodeInvalid | Code::RateLimited) {
                return Err(problem);
            }
            // The same picture again: the app has it already.
            let set_up = totp::again(portal, caller, &ceremony).await?;
            page(view, &set_up, Some(&problem))
        }
    }
}

fn page(view: &View, set_up: &SetUp, problem: Option<&Problem>) -> Result<Response, Problem> {
    let form = Form::new(view, &Posted::default(), problem)
        .hidden("ceremony", set_up.ceremony.reveal())
        .field(code_field(true).label("label-first-code").hint("hint-first-code"))
        .button("totp-confirm")
        .cancel(OVERVIEW, "second-factor-back");
    let code = QrCode::new(&set_up.uri).map_err(|_| Code::Internal)?;
    let letters: Vec<char> = set_up.secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(view.show_with(
        problem,
        &AppPage {
            frame: view.frame("totp-title").with_problem(problem, &form),
            side: code.width() + 2 * QUIET_ZONE,
            picture: dark(&code),
            secret: groups.join(" "),
            uri: set_up.uri.clone(),
            form,
        },
    ))
}

/// The dark modules as horizontal strokes: a tenth of what a square each would weigh.
fn dark(code: &QrCode) -> String {
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run.first() == Some(&Color::Dark) {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{} {}.5h{}", x + QUIET_ZONE, y + QUIET_ZONE, run.len());
            }
            x += run.len();
        }
    }
    path
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn the_strokes_cover_exactly_the_dark_modules() {
        let code = QrCode::new("otpauth://totp/Stammtisch:anna@musterhausen.example?secret=JBSWY3DPEHPK3PXP")
            .unwrap();
        let path = dark(&code);
        let mut drawn = Vec::new();
        for stroke in path.split('M').skip(1) {
            let (x, rest) = stroke.split_once(' ').unwrap();
            let (y, length) = rest.split_once(".5h").unwrap();
            let (x, y, length): (usize, usize, usize) =
                (x.parse().unwrap(), y.parse().unwrap(), length.parse().unwrap());
            drawn.extend((x..x + length).map(|x| (x - QUIET_ZONE, y - QUIET_ZONE)));
        }
        let width = code.width();
        let dark: Vec<_> = code
            .to_colors()
            .iter()
            .enumerate()
            .filter(|(_, color)| **color == Color::Dark)
            .map(|(index, _)| (index % width, index / width))
            .collect();
        assert_eq!(drawn, dark);
    }
}
