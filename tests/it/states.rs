//! Whatever happens to an account in whatever order: its status, its instants and what is held fit together.

use chrono::TimeDelta;
use proptest::{prelude::*, test_runner::TestRunner};
use serde_json::json;
use stammtisch::mail::letter::LinkPurpose;

use crate::{
    support::{PASSWORD, Person, TestPortal},
    sweep::sweep,
};

#[derive(Debug, Clone, Copy)]
enum Step {
    Delete,
    DeleteOnBehalf,
    Undo,
    Suspend,
    Reinstate,
    Hold,
    Release,
    SignIn,
    Wait(u8),
    Sweep,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => Just(Step::Delete),
        1 => Just(Step::DeleteOnBehalf),
        2 => Just(Step::Undo),
        1 => Just(Step::Suspend),
        1 => Just(Step::Reinstate),
        2 => Just(Step::Hold),
        2 => Just(Step::Release),
        1 => Just(Step::SignIn),
        3 => (1_u8..=30).prop_map(Step::Wait),
        3 => Just(Step::Sweep),
    ]
}

struct Story {
    portal: TestPortal,
    desk: Person,
    anna: Person,
    undo: Option<String>,
    holds: Vec<String>,
}

impl Story {
    async fn begin() -> Self {
        let portal = TestPortal::with("sessions.idle = '2h'\nsessions.absolute = '2h'").await;
        let anna = portal.member("Anna", "Beispiel").await;
        let desk = portal.administrator().await;
        Self {
            portal,
            desk,
            anna,
            undo: None,
            holds: Vec::new(),
        }
    }

    async fn take(&mut self, step: Step) {
        let account = format!("/api/v1/admin/accounts/{}", self.anna.id);
        let status = match step {
            Step::Delete => {
                let pair = json!({ "email": self.anna.email, "password": PASSWORD });
                let answer = self
                    .portal
                    .visitor()
                    .post("/api/v1/deletions", &pair)
                    .await
                    .status
                    .as_u16();
                self.remember_undo().await;
                answer
            }
            Step::DeleteOnBehalf => {
                let answer = self
                    .desk
                    .post(&format!("{account}/deletion"), &json!({ "reason": "Brief" }))
                    .await;
                self.remember_undo().await;
                answer.status.as_u16()
            }
            Step::Undo => {
                let Some(token) = self.undo.clone() else { return };
                self.portal
                    .visitor()
                    .post("/api/v1/deletions/undo", &json!({ "token": token }))
                    .await
                    .status
                    .as_u16()
            }
            Step::Suspend => self
                .desk
                .post(&format!("{account}/suspend"), &json!({}))
                .await
                .status
                .as_u16(),
            Step::Reinstate => self
                .desk
                .post(&format!("{account}/reinstate"), &json!({}))
                .await
                .status
                .as_u16(),
            Step::Hold => {
                let order =
                    json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["master_data"] });
                let answer = self.desk.post(&format!("{account}/holds"), &order).await;
                if answer.status == 201 {
                    self.holds.push(answer.json()["id"].as_str().unwrap().to_owned());
                }
                answer.status.as_u16()
            }
            Step::Release => {
                let Some(hold) = self.holds.pop() else { return };
                let path = format!("/api/v1/admin/holds/{hold}/release");
                self.desk
                    .post(&path, &json!({ "reason": "erledigt" }))
                    .await
                    .status
                    .as_u16()
            }
            Step::SignIn => self
                .portal
                .visitor()
                .sign_in(&self.anna.email, PASSWORD)
                .await
                .status
                .as_u16(),
            Step::Wait(minutes) => {
                self.portal.advance(TimeDelta::minutes(i64::from(minutes)));
                self.desk = self.portal.signed_in(&self.desk.email).await;
                200
            }
            Step::Sweep => {
                let report = sweep(&self.portal).await;
                assert_eq!((report.failed, report.oldest_overdue_seconds), (0, 0));
                200
            }
        };
        assert!(status < 500, "{step:?}: {status}");
    }

    async fn remember_undo(&mut self) {
        let queued = self
            .portal
            .count("SELECT count(*) FROM mail WHERE letter ->> 'kind' = 'deletion_requested'")
            .await;
        self.portal.work().await;
        if queued > 0 {
            self.undo = Some(self.portal.link_for(&self.anna.email, LinkPurpose::Undo));
        }
    }

    /// What must be true after every step.
    async fn check(&self) {
        let id = self.anna.id;
        let exists = self
            .portal
            .count(&format!("SELECT count(*) FROM account WHERE id = '{id}'"))
            .await
            == 1;
        let profile = self
            .portal
            .count(&format!("SELECT count(*) FROM profile WHERE account_id = '{id}'"))
            .await
            == 1;
        let held = self
            .portal
            .count(&format!(
                "SELECT count(*) FROM hold WHERE account_id = '{id}' AND released_at IS NULL"
            ))
            .await;
        let erased = self.portal.ledger_events("erased");
        let erased = erased.iter().filter(|line| line["account_id"] == id.to_string());
        assert_eq!(
            erased.count(),
            usize::from(!exists),
            "erased once, and only when gone"
        );
        if held > 0 {
            assert!(exists && profile, "what is held is intact");
        }
        if !exists {
            assert_eq!(self.portal.places_of("Beispiel").await, Vec::<String>::new());
        }
        let unsound = self
            .portal
            .count(
                "SELECT count(*) FROM account WHERE (status IN ('active', 'suspended')) <> (deleted_at IS NULL)
                   OR (status IN ('active', 'suspended') AND status_before IS NOT NULL)
                   OR undo_until > erase_by OR undo_until < deleted_at",
            )
            .await;
        assert_eq!(unsound, 0);
        let sessions = self
            .portal
            .count("SELECT count(*) FROM session s JOIN account a ON a.id = s.account_id WHERE a.status <> 'active'")
            .await;
        assert_eq!(sessions, 0, "only active accounts have sessions");
    }
}

#[test]
fn any_order_of_events_leaves_an_account_whole_held_or_gone() {
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 16,
        ..ProptestConfig::default()
    });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let stories = proptest::collection::vec(step(), 4..16);
    let outcome = runner.run(&stories, |steps| {
        runtime.block_on(async {
            let mut story = Story::begin().await;
            for step in steps {
                story.take(step).await;
                story.check().await;
            }
        });
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}
