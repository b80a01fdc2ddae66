//! What happens at the same moment: the lock protocol (R7) leaves only allowed outcomes, and no 5xx.

use chrono::TimeDelta;
use serde_json::json;
use stammtisch::mail::letter::LinkPurpose;

use crate::{
    support::{PASSWORD, TestPortal},
    sweep::sweep,
};

/// How often each race is run: every run shifts who is first.
const RUNS: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_never_survives_a_deletion_suspension_or_password_change() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    for run in 0..RUNS {
        let person = portal
            .member(
                "Anna",
                &format!("Nummer{}", "abcdefghij".chars().nth(run).unwrap()),
            )
            .await;
        let visitor = portal.visitor();
        let signing_in = visitor.sign_in(&person.email, PASSWORD);
        let ending = async {
            match run % 3 {
                0 => person
                    .post("/api/v1/me/deletion", &json!({ "password": PASSWORD }))
                    .await
                    .must_be(202),
                1 => desk
                    .post(
                        &format!("/api/v1/admin/accounts/{}/suspend", person.id),
                        &json!({}),
                    )
                    .await
                    .must_be(204),
                _ => {
                    let change = json!({ "current_password": PASSWORD, "new_password": "sieben gruene Lampen am Markt" });
                    person.put("/api/v1/me/password", &change).await.must_be(204)
                }
            }
        };
        let (signed_in, _) = tokio::join!(signing_in, ending);
        assert!(
            [200, 401, 403].contains(&signed_in.status.as_u16()),
            "{}",
            signed_in.text()
        );
        visitor.get("/api/v1/me").await.must_fail(401, "not_signed_in");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_against_the_sweep_is_intact_or_refused() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    for run in 0..RUNS {
        let person = portal
            .member(
                "Anna",
                &format!("Nummer{}", "abcdefghij".chars().nth(run).unwrap()),
            )
            .await;
        portal
            .execute(&format!(
                "UPDATE account SET status = 'deleted', status_before = 'active', deleted_at = now(), undo_until = now(),
                     erase_by = now() + interval '1 day', due_at = now() - interval '1 second' WHERE id = '{}'",
                person.id
            ))
            .await;
        let path = format!("/api/v1/admin/accounts/{}/holds", person.id);
        let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["master_data"] });
        let (answer, report) = tokio::join!(desk.post(&path, &order), sweep(&portal));
        let profiles = portal
            .count(&format!(
                "SELECT count(*) FROM profile WHERE account_id = '{}'",
                person.id
            ))
            .await;
        match answer.status.as_u16() {
            201 => assert_eq!((profiles, report.erased), (1, 0), "held and intact"),
            409 => assert_eq!((profiles, report.erased), (0, 1), "erased and refused"),
            other => panic!("{other}: {}", answer.text()),
        }
        portal.execute("UPDATE hold SET released_at = now(); UPDATE account SET due_at = now() WHERE deleted_at IS NOT NULL").await;
        sweep(&portal).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undo_against_the_sweep_is_done_or_refused() {
    for _ in 0..RUNS {
        let portal = TestPortal::start().await;
        let person = portal.member("Anna", "Beispiel").await;
        person
            .post("/api/v1/me/deletion", &json!({ "password": PASSWORD }))
            .await
            .must_be(202);
        portal.work().await;
        let token = portal.link_for(&person.email, LinkPurpose::Undo);
        // The last moment of the grace: who is first decides.
        portal.advance(TimeDelta::hours(1) - TimeDelta::milliseconds(20));
        let body = json!({ "token": token });
        let visitor = portal.visitor();
        let (answer, report) = tokio::join!(visitor.post("/api/v1/deletions/undo", &body), async {
            tokio::task::yield_now().await;
            sweep(&portal).await
        });
        let left = portal.count("SELECT count(*) FROM profile").await;
        match answer.status.as_u16() {
            204 => assert_eq!((left, report.erased), (1, 0)),
            409 => assert!(left == 1 || report.erased == 1),
            other => panic!("{other}: {}", answer.text()),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writing_to_someone_who_is_being_erased_fails_cleanly_and_leaves_nothing_behind() {
    let portal = TestPortal::start().await;
    let bert = portal.member("Bert", "Muster").await;
    for run in 0..RUNS {
        let person = portal
            .member(
                "Anna",
                &format!("Nummer{}", "abcdefghij".chars().nth(run).unwrap()),
            )
            .await;
        let started = bert
            .post(
                "/api/v1/conversations",
                &json!({ "member_ids": [person.id], "body": "Guten Tag" }),
            )
            .await
            .must_be(201)
            .json();
        let messages = format!(
            "/api/v1/conversations/{}/messages",
            started["id"].as_str().unwrap()
        );
        portal
            .execute(&format!(
                "UPDATE account SET status = 'deleted', status_before = 'active', deleted_at = now(), undo_until = now(),
                     erase_by = now() + interval '1 day', due_at = now() - interval '1 second' WHERE id = '{}'",
                person.id
            ))
            .await;
        let body = json!({ "body": "Noch da?" });
        let own = json!({ "body": "Ich bin noch da" });
        let (from_bert, from_person, report) = tokio::join!(
            bert.post(&messages, &body),
            person.post(&messages, &own),
            sweep(&portal)
        );
        assert!(
            [201, 409].contains(&from_bert.status.as_u16()),
            "{}",
            from_bert.text()
        );
        assert_eq!(from_person.status, 401);
        assert_eq!((report.erased, report.failed), (1, 0));
        let rests = portal
            .count(&format!(
                "SELECT count(*) FROM message WHERE author_id = '{}'",
                person.id
            ))
            .await;
        assert_eq!(rests, 0);
    }
}
