//! `/profile`: what members say of themselves, and to whom. A change that would undo another one is shown again instead.

use askama::Template;
use axum::{Router, extract::State, response::Response, routing::get};

use crate::{
    account::Caller,
    portal::Portal,
    profile::{
        change::{self, Patch, VisibilityPatch},
        own::{self, Audience, Profile},
    },
    web::{
        guard::session::Member,
        pages::kit::{Field, Form, Frame, Posted, View},
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/profile", get(show).post(act))
}

#[derive(Template)]
#[template(path = "own/profile.html")]
struct ProfilePage<'a> {
    frame: Frame<'a>,
    was_changed: bool,
    form: Form,
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
    // Without a version that it was made from, a change is as good as lost.
    let version: Vec<i64> = posted.text("version").parse().into_iter().collect();
    let changed = change::change(&portal, caller, patch(&posted), Some(&version)).await;
    match changed.map_err(Problem::from) {
        Ok(_) => Ok(view.go_done("/profile", "profile-saved")),
        Err(problem) => page(&portal, &view, caller, &posted, Some(&problem)).await,
    }
}

/// Everything that the form asks for.
fn patch(posted: &Posted) -> Patch {
    let text = |name: &str| Some(Some(posted.text(name).to_owned()));
    let audience = |name: &str| Some(Audience::from(posted.has(name)));
    Patch {
        first_name: text("first_name"),
        last_name: text("last_name"),
        display_name: text("display_name"),
        organisation: text("organisation"),
        department: text("department"),
        position: text("position"),
        phone: text("phone"),
        about: text("about"),
        listed: Some(posted.has("listed")),
        visibility: Some(VisibilityPatch {
            organisation: audience("visibility.organisation"),
            department: audience("visibility.department"),
            position: audience("visibility.position"),
            phone: audience("visibility.phone"),
            about: audience("visibility.about"),
        }),
    }
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let profile = own::read(portal, caller).await?.ok_or(Code::NotSignedIn)?;
    let was_changed = problem.is_some_and(|problem| problem.code == Code::PreconditionFailed);
    let form = Form::new(view, posted, problem);
    // Whoever has read that there is another state and sends the form again means to replace it.
    let form = if posted.is_empty() || was_changed {
        form.hidden("version", profile.version.to_string())
    } else {
        form.hidden("version", posted.text("version"))
    };
    let form = fields(form, &profile).button("profile-save");
    let page = ProfilePage {
        frame: view.frame("profile-title").with_problem(problem, &form),
        was_changed,
        form,
    };
    Ok(view.show_with(problem, &page))
}

fn fields(form: Form, profile: &Profile) -> Form {
    let shown = &profile.visibility;
    let visible = |name, audience: Audience| Field::tick(name, audience == Audience::Members);
    let line = |name, value: &Option<String>| Field::line(name).optional().value(value.as_deref());
    form.field(
        Field::line("first_name")
            .autocomplete("given-name")
            .value(Some(&profile.first_name)),
    )
    .field(
        Field::line("last_name")
            .autocomplete("family-name")
            .value(Some(&profile.last_name)),
    )
    .field(
        line("display_name", &profile.display_name)
            .autocomplete("nickname")
            .hint("profile-display-name-hint"),
    )
    .field(organisation(profile))
    .field(visible("visibility.organisation", shown.organisation))
    .field(line("department", &profile.department))
    .field(visible("visibility.department", shown.department))
    .field(line("position", &profile.position).autocomplete("organization-title"))
    .field(visible("visibility.position", shown.position))
    .field(
        Field::tel("phone")
            .optional()
            .autocomplete("tel")
            .value(profile.phone.as_deref()),
    )
    .field(visible("visibility.phone", shown.phone))
    .field(
        Field::prose("about", 6)
            .optional()
            .value(profile.about.as_deref()),
    )
    .field(visible("visibility.about", shown.about))
    .field(Field::tick("listed", profile.listed).hint("profile-listed-hint"))
}

/// Once it is decided, it is shown with the reason why it cannot be typed into.
fn organisation(profile: &Profile) -> Field {
    let field = Field::line("organisation")
        .autocomplete("organization")
        .value(Some(&profile.organisation))
        .read_only(profile.organisation_decided);
    if profile.organisation_decided {
        field.hint("profile-organisation-decided")
    } else {
        field
    }
}
