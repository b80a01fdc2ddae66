//! Changing a password and choosing another for a forgotten one.

use chrono::TimeDelta;
use serde_json::json;
use stammtisch::{
    credentials::{Peppering, count_peppers},
    mail::letter::LinkPurpose,
};
use tokio::task::JoinSet;

use crate::support::{PASSWORD, TestPortal};

const NEW: &str = "sieben gelbe Fahrraeder am Kanal";
const CHANGE: &str = "/api/v1/me/password";
const RESET: &str = "/api/v1/password-resets";
const CONFIRM: &str = "/api/v1/password-resets/confirm";

async fn reset_link(portal: &TestPortal, email: &str) -> String {
    portal
        .visitor()
        .post(RESET, &json!({ "email": email }))
        .await
        .must_be(202);
    portal.work().await;
    portal.link_for(email, LinkPurpose::Reset)
}

#[tokio::test]
async fn a_changed_password_ends_all_other_sessions() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let other = portal.signed_in(&anna.email).await;
    anna.put(
        CHANGE,
        &json!({ "current_password": PASSWORD, "new_password": NEW }),
    )
    .await
    .must_be(204);
    anna.get("/api/v1/session").await.must_be(200);
    other.get("/api/v1/session").await.must_fail(401, "not_signed_in");
    portal
        .visitor()
        .sign_in(&anna.email, PASSWORD)
        .await
        .must_fail(401, "credentials_invalid");
    portal.visitor().sign_in(&anna.email, NEW).await.must_be(200);
    let event = format!(
        "SELECT count(*) FROM audit_event WHERE code = 'password.changed' AND actor_id = '{}'",
        anna.id
    );
    assert_eq!(portal.count(&event).await, 1);
}

#[tokio::test]
async fn a_password_is_changed_by_whoever_knows_the_current_one_to_one_that_is_good() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let wrong = anna
        .put(
            CHANGE,
            &json!({ "current_password": "wrong", "new_password": NEW }),
        )
        .await;
    wrong.must_fail(401, "credentials_invalid");
    let short = anna
        .put(
            CHANGE,
            &json!({ "current_password": PASSWORD, "new_password": "short" }),
        )
        .await;
    short.must_refuse(&["new_password: too_short"]);
    portal
        .visitor()
        .put(
            CHANGE,
            &json!({ "current_password": PASSWORD, "new_password": NEW }),
        )
        .await
        .must_be(401);
    anna.get("/api/v1/session").await.must_be(200);
    portal.visitor().sign_in(&anna.email, PASSWORD).await.must_be(200);
}

#[tokio::test]
async fn of_many_changes_at_once_one_wins_and_the_others_are_told() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let mut changes = JoinSet::new();
    for index in 0..8 {
        let anna = anna.clone();
        changes.spawn(async move {
            let new = format!("{NEW} {index}");
            (
                anna.put(
                    CHANGE,
                    &json!({ "current_password": PASSWORD, "new_password": new }),
                )
                .await
                .status,
                new,
            )
        });
    }
    let mut won = Vec::new();
    for (status, new) in changes.join_all().await {
        match status.as_u16() {
            204 => won.push(new),
            other => assert_eq!(other, 401),
        }
    }
    assert_eq!(won.len(), 1);
    portal.visitor().sign_in(&anna.email, &won[0]).await.must_be(200);
}

#[tokio::test]
async fn asking_for_a_new_password_tells_nobody_whether_the_address_is_known() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let known = portal
        .visitor()
        .post(RESET, &json!({ "email": anna.email }))
        .await
        .must_be(202);
    let unknown = portal
        .visitor()
        .post(RESET, &json!({ "email": "unknown@example.org" }))
        .await
        .must_be(202);
    assert_eq!(known.text(), unknown.text());
    portal.work().await;
    assert_eq!(portal.mails_to("unknown@example.org").len(), 0);
    assert_eq!(
        portal.mails_to(&anna.email).last().unwrap().subject,
        "Choose a new password"
    );
    portal
        .visitor()
        .post(RESET, &json!({ "email": "nobody" }))
        .await
        .must_refuse(&["email: email_invalid"]);
}

#[tokio::test]
async fn the_mailed_link_sets_the_password_once_and_ends_every_session() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let token = reset_link(&portal, &anna.email).await;
    let refused = portal
        .visitor()
        .post(CONFIRM, &json!({ "token": token, "password": "short" }))
        .await;
    refused.must_refuse(&["password: too_short"]);
    anna.get("/api/v1/session").await.must_be(200);

    let body = json!({ "token": token, "password": NEW });
    portal.visitor().post(CONFIRM, &body).await.must_be(204);
    portal
        .visitor()
        .post(CONFIRM, &body)
        .await
        .must_fail(410, "link_invalid");
    anna.get("/api/v1/session").await.must_fail(401, "not_signed_in");
    portal
        .visitor()
        .sign_in(&anna.email, PASSWORD)
        .await
        .must_fail(401, "credentials_invalid");
    portal.visitor().sign_in(&anna.email, NEW).await.must_be(200);
}

#[tokio::test]
async fn a_reset_link_ends_after_an_hour_and_when_the_password_changes() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let token = reset_link(&portal, &anna.email).await;
    portal.advance(TimeDelta::hours(1));
    let late = portal
        .visitor()
        .post(CONFIRM, &json!({ "token": token, "password": NEW }))
        .await;
    late.must_fail(410, "link_invalid");

    let anna = portal.signed_in(&anna.email).await;
    let token = reset_link(&portal, &anna.email).await;
    anna.put(
        CHANGE,
        &json!({ "current_password": PASSWORD, "new_password": NEW }),
    )
    .await
    .must_be(204);
    let superseded = portal
        .visitor()
        .post(CONFIRM, &json!({ "token": token, "password": PASSWORD }))
        .await;
    superseded.must_fail(410, "link_invalid");
}

#[tokio::test]
async fn an_address_gets_one_reset_mail_in_ten_minutes() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let before = portal.mails_to(&anna.email).len();
    reset_link(&portal, &anna.email).await;
    reset_link(&portal, &anna.email).await;
    assert_eq!(portal.mails_to(&anna.email).len() - before, 1);
    portal.advance(TimeDelta::minutes(11));
    reset_link(&portal, &anna.email).await;
    assert_eq!(portal.mails_to(&anna.email).len() - before, 2);
}

#[tokio::test]
async fn who_is_suspended_may_reset_and_stays_suspended() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal.set_status(anna.id, "suspended").await;
    let token = reset_link(&portal, &anna.email).await;
    portal
        .visitor()
        .post(CONFIRM, &json!({ "token": token, "password": NEW }))
        .await
        .must_be(204);
    portal
        .visitor()
        .sign_in(&anna.email, NEW)
        .await
        .must_fail(403, "account_suspended");
}

const OLD_PEPPER: &str = "YW4gb2xkIHBlcHBlciBvZiB0aGlydHktdHdvIGJ5dGU=";
const NEW_PEPPER: &str = "YSBuZXcgcGVwcGVyIG9mIHRoaXJ0eS10d28gYnl0ZXM=";

#[tokio::test]
async fn a_pepper_reaches_each_password_at_its_next_sign_in_and_so_does_its_successor() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let sign_in = async |portal: &TestPortal, email: &str| portal.visitor().sign_in(email, PASSWORD).await;
    let hash_of = async |id: uuid::Uuid| {
        let query = format!("SELECT password_hash FROM credential WHERE account_id = '{id}'");
        portal.scalar::<String>(&query).await
    };
    let counted = async |portal: &TestPortal| count_peppers(&portal.portal).await.unwrap();
    let plain = hash_of(anna.id).await;
    assert!(!plain.contains("keyid="), "{plain}");
    assert_eq!(counted(&portal).await, Peppering { lost: 0, outdated: 0 });

    let peppered = portal
        .sibling(&format!("passwords.pepper = ['{OLD_PEPPER}']"))
        .await;
    assert_eq!(counted(&peppered).await, Peppering { lost: 0, outdated: 2 });
    sign_in(&peppered, &anna.email).await.must_be(200);
    let old = hash_of(anna.id).await;
    let old_id = format!(",keyid={}$", peppered.portal.passwords.pepper_ids()[0]);
    assert!(old.contains(&old_id), "{old}");
    assert_eq!(counted(&peppered).await, Peppering { lost: 0, outdated: 1 });

    let rotated = portal
        .sibling(&format!("passwords.pepper = ['{NEW_PEPPER}', '{OLD_PEPPER}']"))
        .await;
    assert_eq!(counted(&rotated).await, Peppering { lost: 0, outdated: 2 });
    for person in [&anna, &bea] {
        sign_in(&rotated, &person.email).await.must_be(200);
        sign_in(&rotated, &person.email).await.must_be(200);
    }
    let new = hash_of(anna.id).await;
    assert!(new.contains("keyid=") && !new.contains(&old_id), "{new}");
    assert_eq!(counted(&rotated).await, Peppering { lost: 0, outdated: 0 });
    // It is the same password: sessions live on, and what was checked is still current (R7).
    anna.get("/api/v1/session").await.must_be(200);
}

#[tokio::test]
async fn whose_pepper_is_lost_is_told_what_a_wrong_password_is_told_and_can_reset() {
    let portal = TestPortal::with(&format!("passwords.pepper = ['{OLD_PEPPER}']")).await;
    let anna = portal.member("Anna", "Beispiel").await;
    let other = portal
        .sibling(&format!("passwords.pepper = ['{NEW_PEPPER}']"))
        .await;
    for portal in [portal.sibling("").await, other] {
        let lost = portal.visitor().sign_in(&anna.email, PASSWORD).await;
        let wrong = portal.visitor().sign_in(&anna.email, "wrong").await;
        lost.must_fail(401, "credentials_invalid");
        wrong.must_fail(401, "credentials_invalid");
        let counted = count_peppers(&portal.portal).await.unwrap();
        assert_eq!(counted, Peppering { lost: 1, outdated: 1 });
    }
    let without = portal.sibling("").await;
    let token = reset_link(&without, &anna.email).await;
    let body = json!({ "token": token, "password": NEW });
    without.visitor().post(CONFIRM, &body).await.must_be(204);
    without.visitor().sign_in(&anna.email, NEW).await.must_be(200);
    assert_eq!(
        count_peppers(&without.portal).await.unwrap(),
        Peppering { lost: 0, outdated: 0 }
    );
}

#[tokio::test]
async fn a_hash_of_other_parameters_is_replaced_at_the_next_sign_in() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let hash = async || {
        portal
            .scalar::<String>("SELECT password_hash FROM credential")
            .await
    };
    let before = hash().await;
    portal.visitor().sign_in(&anna.email, PASSWORD).await.must_be(200);
    assert_eq!(hash().await, before, "nothing to replace yet");

    let stronger = portal.sibling("passwords.iterations = 2").await;
    stronger
        .visitor()
        .sign_in(&anna.email, "wrong")
        .await
        .must_fail(401, "credentials_invalid");
    assert_eq!(hash().await, before, "a wrong password replaces nothing");
    stronger
        .visitor()
        .sign_in(&anna.email, PASSWORD)
        .await
        .must_be(200);
    assert!(
        before.contains(",t=1,") && hash().await.contains(",t=2,"),
        "{}",
        hash().await
    );
    stronger
        .visitor()
        .sign_in(&anna.email, PASSWORD)
        .await
        .must_be(200);
    // It is the same password: sessions live on, and what was checked is still current (R7).
    anna.get("/api/v1/session").await.must_be(200);
    assert_eq!(
        portal
            .count("SELECT count(*) FROM credential WHERE version = 1")
            .await,
        1
    );
}
