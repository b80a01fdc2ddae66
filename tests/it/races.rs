//! What happens at the same moment: the lock protocol (R7) leaves only allowed outcomes, and no 5xx. What races with the
//! sweep stands in `faults/races.rs`.

use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    groups::{join, open, remove, rename},
    messaging::{id, send},
    support::{PASSWORD, TestPortal},
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
async fn deleting_renaming_and_removing_in_one_group_at_once_all_come_to_an_end() {
    const MESSAGES: usize = 6;
    let portal = TestPortal::with("limits.enabled = false").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    for run in 0..RUNS {
        // Bea names the group, and Anna manages it: a new name takes hers away, as removing her does her part in it.
        let group = open(&anna, "Bauamt").await;
        join(&anna, &group, &bea).await;
        portal
            .execute(&format!(
                "UPDATE conversation SET subject_by = '{}' WHERE id = '{group}'",
                bea.id
            ))
            .await;
        let mut doing = JoinSet::new();
        for number in 0..MESSAGES {
            let message = id(&send(&bea, &group, &number.to_string()).await.must_be(201).json());
            let bea = bea.clone();
            doing.spawn(async move { bea.delete(&format!("/api/v1/messages/{message}")).await });
            if number % 2 == run % 2 {
                let (anna, group) = (anna.clone(), group.clone());
                doing.spawn(async move { rename(&anna, &group, &format!("Amt {number}")).await });
            }
        }
        let (manager, member, name) = (anna.clone(), bea.clone(), group.clone());
        doing.spawn(async move { remove(&manager, &name, &member).await });
        for answer in doing.join_all().await {
            assert!(
                [200, 204].contains(&answer.status.as_u16()),
                "{}: {}",
                answer.status,
                answer.text()
            );
        }
        let left = format!("SELECT count(*) FROM message WHERE conversation_id = '{group}'");
        assert_eq!(portal.count(&left).await, 0);
    }
}
