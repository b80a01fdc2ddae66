//! `/confirm-identity`: whoever signed in a while ago types their password once more, and a code where they have a second
//! factor, or shows a passkey, before what could do great harm, and comes back to it with the form as they left it.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    account::Caller,
    authentication::{passkey, proof, session_key::SessionKey},
    network::Network,
    portal::Portal,
    second_factor::{self, passkeys::assertion::Answer},
    web::{
        api::session::ticket_of,
        guard::session::{KeepSession, Member},
        pages::{
            entrance::{at_code, code_field, without_code},
            fields::at_password,
            kit::{
                Field, Form, PasskeyForm, PasskeyPage, Posted, View,
                passkey::{is_shown, shown},
                resume::{After, carry, go_on, with_carried},
            },
        },
        problem::{Code, Problem},
    },
};

pub fn routes() -> Router<Portal> {
    Router::new().route("/confirm-identity", get(show).post(act))
}

async fn show(State(portal): State<Portal>, view: View, Member(caller): Member) -> Result<Response, Problem> {
    let next = view.asked("next").unwrap_or_default();
    let asked = carry(&next, None);
    if proof::is_fresh(&portal, caller) {
        return Ok(go_on(&view, &asked, After::Proof));
    }
    page(&portal, &view, caller, &asked, None).await
}

async fn act(
    State(portal): State<Portal>,
    view: View,
    Member(caller): Member,
    from: Network,
    posted: Posted,
) -> Result<Response, Problem> {
    if posted.restores() {
        // The sign-in before this was a proof.
        return if proof::is_fresh(&portal, caller) {
            Ok(go_on(&view, &posted, After::Proof))
        } else {
            page(&portal, &view, caller, &posted, None).await
        };
    }
    match prove(&portal, caller, from, &posted).await {
        Ok(key) => {
            let session = KeepSession::new(&portal, Some(key));
            Ok((session, go_on(&view, &posted, After::Proof)).into_response())
        }
        Err(problem) => page(&portal, &view, caller, &posted, Some(&problem)).await,
    }
}

async fn prove(
    portal: &Portal,
    caller: Caller,
    from: Network,
    posted: &Posted,
) -> Result<SessionKey, Problem> {
    if is_shown(posted) {
        let (ceremony, credential) = shown(posted)?;
        let answer = Answer {
            ceremony: &ticket_of(ceremony)?,
            credential: &credential,
            from,
        };
        return Ok(passkey::prove(portal, caller, answer).await?);
    }
    let proved = proof::renew(portal, caller, posted.text("password"), posted.text("code")).await;
    proved.map_err(|error| at_code(at_password(error, "password")))
}

/// In front of what takes a fresh proof: the page that asks for one, if there is none. Nothing of what was sent is
/// done, and nothing of it is lost.
pub async fn prove_first(
    portal: &Portal,
    view: &View,
    caller: Caller,
    sent: &Posted,
) -> Result<Option<Response>, Problem> {
    if proof::is_fresh(portal, caller) {
        return Ok(None);
    }
    ask_for_proof(portal, view, caller, sent).await.map(Some)
}

/// The page that asks for one, in front of what was sent.
pub async fn ask_for_proof(
    portal: &Portal,
    view: &View,
    caller: Caller,
    sent: &Posted,
) -> Result<Response, Problem> {
    let carried = carry(&view.path(), Some(sent));
    page(portal, view, caller, &carried, Some(&Code::ProofRequired.into())).await
}

async fn page(
    portal: &Portal,
    view: &View,
    caller: Caller,
    posted: &Posted,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let factors = second_factor::of(&portal.database, caller.account).await?;
    let mut form = Form::new(view, &without_code(posted), problem)
        .action(view.to("/confirm-identity"))
        .field(Field::password("password", "current-password"));
    if factors.any() {
        form = form.field(code_field(factors.has_totp));
    }
    let form = form.button("confirm-identity-button");
    let form = with_carried(form, posted);
    let mut intro = vec![view.t("confirm-identity-intro")];
    if posted.has("carried") {
        intro.push(view.t("confirm-identity-carried"));
    }
    let passkey = factors.passkeys > 0;
    let page = PasskeyPage {
        frame: view
            .frame("confirm-identity-title")
            .asking_for_passkey()
            .with_problem(problem, &form),
        intro,
        form,
        passkey: passkey.then(|| PasskeyForm::get(view, "/confirm-identity", posted, "passkey-prove")),
        ways: vec![view.way("/forgot-password", "sign-in-forgotten")],
    };
    Ok(view.show_with(problem, &page))
}
