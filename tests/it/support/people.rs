//! The people who use the portal. Members come in as people do: they register, follow the link in the mail, sign in.

use std::ops::Deref;

use serde_json::{Value, json};
use stammtisch::{mail::letter::LinkPurpose, passwords::Password, values::MailDomain};
use uuid::Uuid;

use super::{Client, Response, TestPortal};

/// How the program makes its first administrator.
pub const CREATE_ADMINISTRATOR: [&str; 8] = [
    "admin",
    "create",
    "--email",
    "desk@operator.example",
    "--first-name",
    "Doris",
    "--last-name",
    "Desk",
];

/// Everybody's password; nobody would guess it first.
pub const PASSWORD: &str = "vier blaue Stuehle im Rathaus";
/// The organisation of those who are let in at once.
pub const ORGANISATION: &str = "Stadt Musterhausen";
const DOMAIN: &str = "musterhausen.example";

/// Someone who is signed in.
#[derive(Clone)]
pub struct Person {
    pub id: Uuid,
    pub email: String,
    client: Client,
}

impl Deref for Person {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Person {
    /// Proves anew who they are: after the clock was moved, what takes that needs it.
    pub async fn prove(&self) {
        self.post("/api/v1/session/proof", &json!({ "password": PASSWORD }))
            .await
            .must_be(204);
    }
}

/// What someone types to register.
pub fn application(email: &str, first_name: &str, last_name: &str) -> Value {
    json!({
        "email": email, "first_name": first_name, "last_name": last_name, "organisation": "Typed by hand",
        "department": "Tiefbau", "message": "Guten Tag!", "locale": "en", "accept_terms": "2026-11",
    })
}

impl Client {
    pub async fn sign_in(&self, email: &str, password: &str) -> Response {
        self.post(
            "/api/v1/session",
            &json!({ "email": email, "password": password }),
        )
        .await
    }
}

impl TestPortal {
    /// Registers and confirms, and answers the confirmation.
    pub async fn register(&self, email: &str, first_name: &str, last_name: &str) -> Response {
        let visitor = self.visitor();
        visitor
            .post(
                "/api/v1/registrations",
                &application(email, first_name, last_name),
            )
            .await
            .must_be(202);
        self.work().await;
        let token = self.link_for(&email.to_lowercase(), LinkPurpose::Confirm);
        self.visitor()
            .post(
                "/api/v1/registrations/confirm",
                &json!({ "token": token, "password": PASSWORD }),
            )
            .await
    }

    /// A member of [`ORGANISATION`], signed in. Their address is made of their names.
    pub async fn member(&self, first_name: &str, last_name: &str) -> Person {
        self.organisation(ORGANISATION, &[DOMAIN]).await;
        let local: String = format!("{first_name}.{last_name}")
            .to_lowercase()
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '.')
            .collect();
        let email = format!("{local}@{DOMAIN}");
        let confirmed = self.register(&email, first_name, last_name).await.must_be(200);
        assert_eq!(confirmed.json()["status"], "active");
        self.signed_in(&email).await
    }

    /// Signs in with everybody's password.
    pub async fn signed_in(&self, email: &str) -> Person {
        let client = self.visitor();
        let answer = client.sign_in(email, PASSWORD).await.must_be(200).json();
        let id = answer["account"]["id"]
            .as_str()
            .and_then(|id| id.parse().ok())
            .expect("the account has an id");
        Person {
            id,
            email: email.to_owned(),
            client,
        }
    }

    /// An administrator, signed in.
    pub async fn administrator(&self) -> Person {
        self.staff("administrator").await
    }

    /// Somebody of the operator's with a role, signed in. They were there before the portal was open, so they did not
    /// register.
    pub async fn staff(&self, role: &str) -> Person {
        let id = self.portal.random.uuid_v4();
        let email = format!("desk.{}@operator.example", id.simple());
        let hash = self.password_hash().await;
        self.execute(&format!(
            "INSERT INTO account (id, status, role, created_at) VALUES ('{id}', 'active', '{role}', now());
             INSERT INTO email_address (id, account_id, address) VALUES (gen_random_uuid(), '{id}', '{email}');
             INSERT INTO profile (account_id, first_name, last_name, organisation, locale, listed)
                 VALUES ('{id}', 'Doris', 'Desk', 'Operator', 'en', false);
             INSERT INTO credential (account_id, password_hash, changed_at) VALUES ('{id}', '{hash}', now());"
        ))
        .await;
        self.signed_in(&email).await
    }

    /// [`PASSWORD`], hashed.
    async fn password_hash(&self) -> String {
        let mut salt = [0; 16];
        self.portal.random.fill(&mut salt);
        let password = Password::choose(PASSWORD, &[], None).expect("the password is good");
        let hash = self.portal.passwords.hash(password, salt).await;
        hash.expect("the password is hashed").as_str().to_owned()
    }

    /// So many members at once who were there before the portal was open; none is signed in.
    pub async fn crowd(&self, people: usize) -> Vec<Person> {
        let hash = self.password_hash().await;
        let person = |id| Person {
            id,
            email: format!("crowd.{id}@crowd.example"),
            client: self.visitor(),
        };
        let people: Vec<Person> = (0..people)
            .map(|_| person(self.portal.random.uuid_v4()))
            .collect();
        let ids: Vec<String> = people
            .iter()
            .map(|person| format!("('{}'::uuid)", person.id))
            .collect();
        self.execute(&format!(
            "CREATE TEMP TABLE crowd AS SELECT column1 AS id FROM (VALUES {}) ids;
             INSERT INTO account (id, status, created_at) SELECT id, 'active', now() FROM crowd;
             INSERT INTO email_address (id, account_id, address)
                 SELECT gen_random_uuid(), id, 'crowd.' || id || '@crowd.example' FROM crowd;
             INSERT INTO profile (account_id, first_name, last_name, organisation, locale)
                 SELECT id, 'Carla', 'Menge', 'Menge', 'de' FROM crowd;
             INSERT INTO credential (account_id, password_hash, changed_at) SELECT id, '{hash}', now() FROM crowd;
             INSERT INTO consent (account_id, kind, version, given_at) SELECT id, 'terms', '2026-11', now() FROM crowd;
             INSERT INTO registration (account_id, registered_at) SELECT id, now() FROM crowd;
             DROP TABLE crowd",
            ids.join(", ")
        ))
        .await;
        people
    }

    /// An organisation whose mail domains let people in.
    pub async fn organisation(&self, name: &str, domains: &[&str]) {
        self.execute(&format!(
            "INSERT INTO organisation (id, name, created_at) VALUES (gen_random_uuid(), '{name}', now()) ON CONFLICT DO NOTHING"
        ))
        .await;
        for domain in domains {
            let domain = MailDomain::parse(domain).expect("the domain is one");
            self.execute(&format!(
                "INSERT INTO organisation_domain SELECT '{}', id FROM organisation WHERE name = '{name}' ON CONFLICT DO NOTHING",
                domain.as_str()
            ))
            .await;
        }
    }

    /// Sets an account's status as the capability that owns it would leave it.
    pub async fn set_status(&self, id: Uuid, status: &str) {
        let leaving = match status {
            "deleted" => {
                ", status_before = status, deleted_at = now(), undo_until = now() + interval '1 hour',
                 erase_by = now() + interval '24 hours', due_at = now() + interval '1 hour'"
            }
            _ => "",
        };
        self.execute(&format!(
            "UPDATE account SET status = '{status}'{leaving} WHERE id = '{id}'"
        ))
        .await;
    }

    /// Many members at once, each with a conversation of their own that holds so many of their messages.
    pub async fn many_members(&self, accounts: u32, messages: u32) {
        self.execute(&format!(
            "CREATE TEMP TABLE many AS SELECT gen_random_uuid() AS id, gen_random_uuid() AS talk, n FROM generate_series(1, {accounts}) n;
             INSERT INTO account (id, status, created_at) SELECT id, 'active', now() FROM many;
             INSERT INTO email_address (id, account_id, address) SELECT gen_random_uuid(), id, 'many.' || n || '@many.example' FROM many;
             INSERT INTO profile (account_id, first_name, last_name, organisation, locale)
                 SELECT id, 'Many', 'Number ' || lpad(n::text, 6, '0'), 'Many', 'de' FROM many;
             INSERT INTO consent (account_id, kind, version, given_at) SELECT id, 'terms', '2026-11', now() FROM many;
             INSERT INTO registration (account_id, registered_at) SELECT id, now() FROM many;
             INSERT INTO conversation (id, created_at) SELECT talk, now() FROM many;
             INSERT INTO participation (conversation_id, account_id, joined_at, last_activity_at)
                 SELECT talk, id, now(), now() FROM many;
             INSERT INTO message (id, conversation_id, author_id, body, sent_at)
                 SELECT gen_random_uuid(), talk, id, 'Text', now() FROM many, generate_series(1, {messages});
             DROP TABLE many"
        ))
        .await;
    }
}
