//! An authenticator app, as somebody has it on their telephone.

use serde_json::json;
use totp_rs::{Algorithm, Builder, Secret};
use url::Url;

use super::{Client, PASSWORD, Person, Response, TestPortal};

pub const FACTORS: &str = "/api/v1/me/second-factor";
pub const SESSION: &str = "/api/v1/session";
pub const SECOND_STEP: &str = "/api/v1/session/second-step";

/// An app that has read the picture.
#[derive(Clone)]
pub struct App {
    secret: Secret,
}

impl App {
    /// Reads what the picture says.
    pub fn reading(uri: &str) -> Self {
        let uri = Url::parse(uri).unwrap();
        assert_eq!((uri.scheme(), uri.host_str()), ("otpauth", Some("totp")));
        let value = |name: &str| {
            let pair = uri.query_pairs().find(|(known, _)| known == name);
            pair.unwrap_or_else(|| panic!("{uri} says no {name}"))
                .1
                .into_owned()
        };
        assert_eq!(
            ["algorithm", "digits", "period", "issuer"].map(value),
            ["SHA1", "6", "30", "Stammtisch"]
        );
        Self {
            secret: Secret::try_from_base32(value("secret")).unwrap(),
        }
    }

    /// What it shows now.
    pub fn code(&self, portal: &TestPortal) -> String {
        let now = u64::try_from(portal.portal.now().timestamp()).unwrap();
        let app = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_secret(self.secret.as_ref().to_vec())
            .build()
            .unwrap();
        app.generate(now).to_string()
    }
}

impl Person {
    /// Sets an app up; returns it with the recovery codes.
    pub async fn set_up_app(&self, portal: &TestPortal) -> (App, Vec<String>) {
        let begun = self
            .post(&format!("{FACTORS}/totp"), &json!({}))
            .await
            .must_be(200)
            .json();
        let app = App::reading(begun["uri"].as_str().unwrap());
        let first = json!({ "ceremony": begun["ceremony"], "code": app.code(portal) });
        let done = self
            .post(&format!("{FACTORS}/totp/confirm"), &first)
            .await
            .must_be(200)
            .json();
        let codes = done["recovery_codes"].as_array().cloned().unwrap_or_default();
        let codes = codes.iter().map(|code| code.as_str().unwrap().to_owned());
        (app, codes.collect())
    }
}

impl Client {
    /// The first step: its ticket.
    pub async fn first_step(&self, email: &str, password: &str) -> String {
        let answer = self.sign_in(email, password).await.must_be(202);
        assert_eq!(answer.set_cookie("session"), None, "nobody is signed in yet");
        answer.json()["second_step"]["ticket"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    pub async fn second_step(&self, ticket: &str, code: &str) -> Response {
        self.post(SECOND_STEP, &json!({ "ticket": ticket, "code": code }))
            .await
    }

    /// Both steps.
    pub async fn sign_in_with(&self, email: &str, code: &str) -> Response {
        let ticket = self.first_step(email, PASSWORD).await;
        self.second_step(&ticket, code).await
    }
}
