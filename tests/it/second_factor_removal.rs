//! Lost second factors: an administrator has them removed, after 48 hours in which their person is told and can stop it.

use chrono::TimeDelta;
use serde_json::json;
use stammtisch::second_factor::removal;

use crate::{
    process::{program, said},
    support::{PASSWORD, Person, TestPortal, factors::App},
};

fn path(person: &Person) -> String {
    format!("/api/v1/admin/accounts/{}/second-factor/removal", person.id)
}

async fn somebody(portal: &TestPortal) -> (Person, Person, App, Vec<String>) {
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let (app, codes) = anna.set_up_app(portal).await;
    portal.advance(TimeDelta::minutes(1));
    (desk, anna, app, codes)
}

async fn request(desk: &Person, lost: &Person) -> String {
    let answer = desk.post(&path(lost), &json!({})).await.must_be(202).json();
    answer["due_at"].as_str().unwrap().to_owned()
}

async fn carry_out(portal: &TestPortal) -> u64 {
    removal::carry_out_due(&portal.portal).await.unwrap()
}

fn subjects(portal: &TestPortal, email: &str) -> Vec<String> {
    portal
        .mails_to(email)
        .into_iter()
        .map(|mail| mail.subject)
        .collect()
}

#[tokio::test]
async fn after_48_hours_a_password_alone_lets_its_person_in_again() {
    let portal = TestPortal::start().await;
    let (desk, anna, ..) = somebody(&portal).await;
    let due_at = request(&desk, &anna).await;
    portal.work().await;
    let mails = portal.mails_to(&anna.email);
    let told = mails.last().unwrap();
    assert_eq!(told.subject, "Your second factors will be removed");
    assert!(
        told.links
            .iter()
            .any(|link| link.path() == "/en/account/second-factor")
    );
    // Asked for again nothing changes, and nobody is told twice.
    portal.advance(TimeDelta::hours(1));
    let desk = portal.signed_in(&desk.email).await;
    assert_eq!(request(&desk, &anna).await, due_at);
    let account = desk
        .get(&format!("/api/v1/admin/accounts/{}", anna.id))
        .await
        .must_be(200)
        .json();
    assert_eq!(account["second_factor"], true);
    assert_eq!(account["factor_removal_due_at"], due_at.as_str());

    portal.advance(TimeDelta::hours(47) - TimeDelta::seconds(1));
    assert_eq!(carry_out(&portal).await, 0);
    portal.visitor().first_step(&anna.email, PASSWORD).await;
    portal.advance(TimeDelta::seconds(1));
    assert_eq!(carry_out(&portal).await, 1);
    assert_eq!(carry_out(&portal).await, 0);
    for table in ["totp", "recovery_code", "passkey", "ceremony", "factor_removal"] {
        assert_eq!(
            portal.count(&format!("SELECT count(*) FROM {table}")).await,
            0,
            "{table}"
        );
    }
    portal.visitor().sign_in(&anna.email, PASSWORD).await.must_be(200);
    portal.work().await;
    let told = subjects(&portal, &anna.email);
    assert!(told.contains(&"Second factors removed".to_owned()), "{told:?}");
    let event = "SELECT count(*) FROM audit_event WHERE code = 'factors.removed' AND actor_id IS NULL";
    assert_eq!(portal.count(event).await, 1);
}

#[tokio::test]
async fn sessions_of_before_end_when_the_factors_are_removed() {
    let portal = TestPortal::with("sessions.idle = '99h'\nsessions.absolute = '99h'").await;
    let (desk, anna, ..) = somebody(&portal).await;
    request(&desk, &anna).await;
    portal.advance(TimeDelta::hours(48));
    anna.get("/api/v1/me").await.must_be(200);
    assert_eq!(carry_out(&portal).await, 1);
    anna.get("/api/v1/me").await.must_fail(401, "not_signed_in");
}

#[tokio::test]
async fn whoever_signs_in_with_a_factor_has_lost_nothing() {
    let portal = TestPortal::start().await;
    let (desk, anna, app, codes) = somebody(&portal).await;
    for code in [app.code(&portal), codes[0].clone()] {
        request(&desk, &anna).await;
        portal
            .visitor()
            .sign_in_with(&anna.email, &code)
            .await
            .must_be(200);
        assert_eq!(portal.count("SELECT count(*) FROM factor_removal").await, 0);
    }
    portal.advance(TimeDelta::hours(49));
    assert_eq!(carry_out(&portal).await, 0);
    portal.visitor().first_step(&anna.email, PASSWORD).await;
    let stopped = "SELECT count(*) FROM audit_event WHERE code = 'factor_removal.stopped'";
    assert_eq!(portal.count(stopped).await, 2);
}

#[tokio::test]
async fn an_administrator_takes_it_back() {
    let portal = TestPortal::start().await;
    let (desk, anna, ..) = somebody(&portal).await;
    desk.delete(&path(&anna)).await.must_fail(404, "not_found");
    request(&desk, &anna).await;
    portal.work().await;
    desk.delete(&path(&anna)).await.must_be(204);
    portal.work().await;
    assert_eq!(
        subjects(&portal, &anna.email).last().unwrap(),
        "Second factors stay"
    );
    portal.advance(TimeDelta::hours(49));
    assert_eq!(carry_out(&portal).await, 0);
}

#[tokio::test]
async fn it_is_refused_where_there_is_nothing_to_remove_and_without_a_fresh_proof() {
    let portal = TestPortal::start().await;
    let (desk, anna, ..) = somebody(&portal).await;
    let bert = portal.member("Bert", "Muster").await;
    let post = async |person: &Person| desk.post(&path(person), &json!({})).await;
    post(&bert).await.must_fail(409, "no_second_factor");
    post(&desk).await.must_fail(403, "own_account");
    let nobody = "/api/v1/admin/accounts/6a1f5a5e-51c5-4d5c-9f0e-7a3e9b0d1c2f/second-factor/removal";
    desk.post(nobody, &json!({})).await.must_fail(404, "not_found");
    portal.set_status(anna.id, "suspended").await;
    post(&anna).await.must_fail(409, "wrong_status");
    portal.set_status(anna.id, "active").await;
    portal.advance(TimeDelta::minutes(6));
    post(&anna).await.must_fail(403, "proof_required");
    let officer = portal.staff("data_protection_officer").await;
    officer
        .post(&path(&anna), &json!({}))
        .await
        .must_fail(403, "forbidden");
    assert_eq!(portal.count("SELECT count(*) FROM factor_removal").await, 0);
}

#[tokio::test]
async fn of_somebody_who_is_leaving_nothing_is_removed_before_everything_is() {
    let portal = TestPortal::start().await;
    let (desk, anna, ..) = somebody(&portal).await;
    request(&desk, &anna).await;
    anna.post("/api/v1/me/deletion", &json!({ "password": PASSWORD }))
        .await
        .must_be(202);
    portal.advance(TimeDelta::hours(48));
    assert_eq!(carry_out(&portal).await, 0);
    crate::sweep::sweep(&portal).await;
    assert_eq!(portal.rows_of(anna.id).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_last_administrator_has_it_done_on_the_command_line() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let lost = |email: &str| {
        let mut command = program(portal.folder(), 1);
        command.env("DATABASE_URL", portal.database_url());
        said(
            &command
                .args(["admin", "lost-factors", "--email", email])
                .output()
                .unwrap(),
        )
    };
    let (code, _, complaint) = lost(&desk.email);
    assert_eq!(code, Some(1));
    assert!(complaint.contains("has no second factor"), "{complaint}");
    let (code, _, complaint) = lost("nobody@operator.example");
    assert_eq!(code, Some(1));
    assert!(complaint.contains("no such account"), "{complaint}");
    desk.set_up_app(&portal).await;
    let (code, told, complaint) = lost(&desk.email);
    assert_eq!(code, Some(0), "{complaint}");
    assert!(told.starts_with("The second factors are removed at "), "{told}");
    assert_eq!(
        subjects(&portal, &desk.email).last().unwrap(),
        "Your second factors will be removed"
    );
    portal.advance(TimeDelta::hours(49));
    assert_eq!(carry_out(&portal).await, 1);
}
