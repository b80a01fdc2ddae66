//! What happens at the same moment: the lock protocol (R7) leaves only allowed outcomes, and no 5xx. What races with the
//! sweep stands in `faults/races.rs`.

use serde_json::json;

use crate::support::{PASSWORD, TestPortal};

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
