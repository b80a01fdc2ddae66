//! `/desk/holds/{id}`: one hold; it is reviewed with a new date, or released, where the setting says so by two people
//! (R14, R18).

use axum::{Router, extract::State, response::Response, routing::get};
use uuid::Uuid;

use super::{
    page::{Card, DeskPage, Fact, Section, of_act},
    words::{self, Names, hold_state, person},
};
use crate::{
    account::Caller,
    administration::accounts,
    erasure::{
        holds::{self, Hold, REVIEWED_WITHIN, State as HoldState},
        release_hold::{self, Outcome},
        review_hold,
    },
    permissions::Permission,
    portal::Portal,
    values::{Invalid, day_end, last_day_within},
    web::{
        guard::may,
        pages::{
            kit::{Field, Form, Posted, View},
            own::prove_first,
        },
        problem::{Code, Problem},
        query::Id,
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/desk/holds/{id}", get(show).post(act))
}

async fn show(
    State(portal): State<Portal>,
    view: View,
    may::ReadHolds(caller): may::ReadHolds,
    Id(id): Id,
) -> Result<Response, Problem> {
    Box::pin(page(&portal, &view, caller, id, &Posted::default(), None)).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    may::DecideHolds(caller): may::DecideHolds,
    Id(id): Id,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        return Box::pin(page(&portal, &view, caller, id, &posted, None)).await;
    }
    if let Some(ask) = prove_first(&portal, &view, caller, &posted).await? {
        return Ok(ask);
    }
    match Box::pin(decide(&portal, caller, id, &posted)).await {
        Ok(done) => Ok(view.go_done(&format!("/desk/holds/{id}"), done)),
        Err(problem) => {
            let problem = super::still_here(problem)?;
            Box::pin(page(&portal, &view, caller, id, &posted, Some(&problem))).await
        }
    }
}

/// Does what the button says, and names the text that tells so.
async fn decide(portal: &Portal, caller: Caller, id: Uuid, posted: &Posted) -> Result<&'static str, Problem> {
    let reason = posted.text("reason");
    match posted.text("act") {
        "review" => {
            let next = day_end(posted.text("review_at"));
            let next = next.map_err(|fault| Invalid::one("review_at", fault))?;
            review_hold::review(portal, caller, id, reason, next).await?;
            Ok("hold-reviewed")
        }
        "release" => match release_hold::release(portal, caller, id, reason).await? {
            Outcome::Released(_) => Ok("hold-released"),
            Outcome::Waiting(_) => Ok("release-waits"),
        },
        "withdraw" => {
            release_hold::withdraw(portal, caller, id).await?;
            Ok("release-withdrawn")
        }
        _ => Err(Code::BadRequest.into()),
    }
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    id: Uuid,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let Some(hold) = holds::one(portal, id).await? else {
        return Err(Code::NotFound.into());
    };
    let reasons = holds::reasons(portal, &hold).await?;
    let involved = [hold.release_requested_by, hold.released_by];
    let involved = involved
        .into_iter()
        .flatten()
        .chain([hold.account_id, hold.placed_by]);
    let involved = involved.chain(reasons.iter().map(|reason| reason.written_by));
    let names = accounts::names(portal, involved.collect()).await?;
    let (review, release) = (
        review_form(portal, view, posted, problem),
        release_form(view, posted, problem),
    );
    let sent = if posted.text("act") == "review" {
        &review
    } else {
        &release
    };
    let title = view.t_with("hold-title", &[("reference", &hold.reference)]);
    let frame = view.frame_titled(title).with_problem(problem, sent);
    let mut page = DeskPage::new(frame).facts(facts(portal, view, &hold, &names));
    if hold.state == HoldState::Active {
        if hold.account_id == caller.account {
            page = page.line(view.t("hold-own-account"));
        } else if caller.may(Permission::DecideHolds) {
            page = page
                .section(releasing(view, caller, &hold, &names, release))
                .section(Section::new(view.t("hold-review-heading")).form(review));
        }
    }
    if !reasons.is_empty() {
        let cards = reasons.iter().map(|reason| note(view, &names, reason));
        page = page.section(Section::new(view.t("hold-reasons")).cards(cards.collect()));
    }
    Ok(page.show(problem))
}

fn facts(portal: &Portal, view: &View, hold: &Hold, names: &Names) -> Vec<Fact> {
    let inventory = portal.inventory;
    let (_, state) = hold_state(view, hold, portal.now());
    let account = view.to(&format!("/desk/accounts/{}", hold.account_id));
    let expires = match &hold.expires_at {
        Some(at) => view.at_time(at),
        None => view.t("hold-expires-never"),
    };
    let told = if hold.disclose {
        view.t("hold-disclosed")
    } else {
        view.t("hold-undisclosed")
    };
    let mut facts = vec![
        Fact::new(view, "desk-status", state),
        Fact::new(view, "desk-account", person(view, names, hold.account_id)).link(account),
        Fact::new(view, "hold-basis", words::basis(view, inventory, &hold.basis)),
        Fact::new(
            view,
            "hold-categories",
            words::categories(view, inventory, &hold.categories),
        ),
        Fact::new(view, "hold-review", view.at_time(&hold.review_at)),
        Fact::new(view, "hold-expires", expires),
        Fact::new(view, "hold-disclosure", told),
        Fact::new(
            view,
            "hold-placed",
            by(view, names, hold.placed_by, Some(&hold.placed_at)),
        ),
    ];
    if let Some(at) = &hold.reviewed_at {
        facts.push(Fact::new(view, "hold-reviewed-at", view.at_time(at)));
    }
    if let Some(who) = hold.released_by {
        let by = by(view, names, who, hold.released_at.as_ref());
        facts.push(Fact::new(view, "hold-released", by));
    }
    facts
}

fn by(view: &View, names: &Names, who: Uuid, at: Option<&chrono::DateTime<chrono::Utc>>) -> String {
    let who = person(view, names, who);
    match at {
        Some(at) => format!("{who}, {}", view.at_time(at)),
        None => who,
    }
}

fn review_form(portal: &Portal, view: &View, posted: &Posted, problem: Option<&Problem>) -> Form {
    let (posted, problem) = of_act("review", posted, problem);
    let latest = last_day_within(portal.now() + REVIEWED_WITHIN);
    let latest = latest.map_or_else(String::new, |at| view.at_time(&at));
    Form::new(view, &posted, problem)
        .prefix("review-")
        .hidden("act", "review")
        .field(Field::prose("reason", 3).label("hold-review-reason"))
        .field(
            Field::date("review_at")
                .label("hold-next-review")
                .hint_text(view.t_with("hold-next-review-hint", &[("at", &latest)])),
        )
        .button("hold-review-button")
}

fn release_form(view: &View, posted: &Posted, problem: Option<&Problem>) -> Form {
    let (posted, problem) = of_act("release", posted, problem);
    Form::new(view, &posted, problem)
        .prefix("release-")
        .hidden("act", "release")
        .field(Field::prose("reason", 3).label("hold-release-reason"))
        .grave_button("hold-release")
}

/// Releasing alone, confirming another one's release, or waiting for somebody else; and taking it back.
fn releasing(view: &View, caller: Caller, hold: &Hold, names: &Names, form: Form) -> Section {
    let section = Section::new(view.t("hold-release-heading"));
    let Some(first) = hold.release_requested_by else {
        return section.line(view.t("hold-release-hint")).form(form);
    };
    let asked = view.t_with("hold-release-asked", &[("name", &person(view, names, first))]);
    let withdraw = Form::new(view, &Posted::default(), None).second_button_for("hold-withdraw", "withdraw");
    if first == caller.account {
        section
            .line(asked)
            .line(view.t("hold-release-waits"))
            .form(withdraw)
    } else {
        section
            .line(asked)
            .line(view.t("hold-release-confirm"))
            .form(form)
            .form(withdraw)
    }
}

fn note(view: &View, names: &Names, reason: &holds::Reason) -> Card {
    let subject = reason.subject.replace('_', "-");
    Card::new(view.t(&format!("hold-note-{subject}")))
        .line(by(view, names, reason.written_by, Some(&reason.written_at)))
        .prose(reason.body.clone())
}
