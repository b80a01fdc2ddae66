//! What asks a browser for a passkey: a form that is seen where scripts run and the browser knows passkeys. The script
//! gets from the API what the browser is to be asked, and sends what it answers with the form.

use askama::Template;
use serde::de::DeserializeOwned;

use super::{
    form::Form,
    frame::Frame,
    posted::Posted,
    resume::with_carried,
    view::{View, Way},
};
use crate::web::problem::Problem;

/// The fields that the script fills.
const CEREMONY: &str = "ceremony";
const CREDENTIAL: &str = "credential";

/// A form that is sent with a passkey.
#[derive(Template)]
#[template(path = "kit/passkey.html")]
pub struct PasskeyForm {
    /// What the browser is to do: `get` or `create`.
    act: &'static str,
    /// Where the script learns what to ask.
    options: &'static str,
    /// Where it goes on to if who asks must first prove who they are.
    prove: Option<String>,
    /// Longest name, in characters.
    longest: Option<usize>,
    form: Form,
    cancelled: String,
    known: String,
    failed: String,
}

impl PasskeyForm {
    /// Asks for a passkey that there is; the form goes to `path`, with what it takes along.
    pub fn get(view: &View, path: &str, posted: &Posted, button: &str) -> Self {
        let form = Form::new(view, &Posted::default(), None)
            .action(view.to(path))
            .second_button_for(button, "passkey");
        Self::of(
            view,
            "get",
            "/api/v1/session/passkey/options",
            with_carried(form, posted),
        )
    }

    /// Has one made; the form goes where it says.
    pub fn create(view: &View, form: Form, longest: usize) -> Self {
        let mut back = url::form_urlencoded::Serializer::new(String::new());
        back.append_pair("next", &view.path());
        Self {
            prove: Some(format!("{}?{}", view.to("/confirm-identity"), back.finish())),
            longest: Some(longest),
            ..Self::of(view, "create", "/api/v1/me/passkeys/options", form)
        }
    }

    fn of(view: &View, act: &'static str, options: &'static str, form: Form) -> Self {
        let cancelled = match act {
            "create" => "passkey-create-cancelled",
            _ => "passkey-get-cancelled",
        };
        Self {
            act,
            options,
            prove: None,
            longest: None,
            form: form.hidden(CEREMONY, "").hidden(CREDENTIAL, ""),
            cancelled: view.t(cancelled),
            known: view.t("passkey-known"),
            failed: view.t("passkey-failed"),
        }
    }
}

/// Whether a form was sent with a passkey.
pub fn is_shown(posted: &Posted) -> bool {
    posted.filled(CREDENTIAL).is_some()
}

/// The key of what the browser was asked, and what it answered.
pub fn shown<T: DeserializeOwned>(posted: &Posted) -> Result<(&str, T), Problem> {
    let credential = serde_json::from_str(posted.text(CREDENTIAL));
    let credential = credential.map_err(|_| Problem::field(CREDENTIAL, "passkey_invalid"))?;
    Ok((posted.text(CEREMONY), credential))
}

/// A form page beside whose form a passkey can be shown.
#[derive(Template)]
#[template(path = "kit/passkey_page.html")]
pub struct PasskeyPage<'a> {
    pub frame: Frame<'a>,
    pub intro: Vec<String>,
    pub form: Form,
    pub passkey: Option<PasskeyForm>,
    pub ways: Vec<Way>,
}
