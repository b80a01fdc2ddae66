//! Who is let in at once, by which rule, and who waits.

use serde_json::json;
use stammtisch::mail::letter::LinkPurpose;

use crate::{
    registration_desk::{applicant, audited, decision},
    support::{PASSWORD, TestPortal, people::application},
};

#[tokio::test]
async fn a_listed_mail_domain_lets_people_in_at_once_in_any_case_and_spelling() {
    let portal = TestPortal::start().await;
    portal.organisation("Stadt Köln", &["köln.example"]).await;
    for (index, domain) in [
        "köln.example",
        "KÖLN.example",
        "xn--kln-sna.example",
        "XN--KLN-SNA.EXAMPLE",
    ]
    .iter()
    .enumerate()
    {
        let stored = format!("person{index}@xn--kln-sna.example");
        let visitor = portal.visitor();
        let asked = application(&format!("Person{index}@{domain}"), "Anna", "Beispiel");
        visitor.post("/api/v1/registrations", &asked).await.must_be(202);
        portal.work().await;
        let token = portal.link_for(&stored, LinkPurpose::Confirm);
        let body = json!({ "token": token, "password": PASSWORD });
        let confirmed = visitor
            .post("/api/v1/registrations/confirm", &body)
            .await
            .must_be(200);
        assert_eq!(confirmed.json()["status"], "active", "{domain}");

        let anna = portal.signed_in(&format!("person{index}@{domain}")).await;
        assert_eq!(
            anna.get("/api/v1/me/profile").await.json()["organisation"],
            "Stadt Köln"
        );
        assert_eq!(
            decision(&portal, anna.id).await,
            (Some("mail_domain".to_owned()), None)
        );
        assert_eq!(audited(&portal, "registration.activated", anna.id).await, [None]);
    }
}

#[tokio::test]
async fn a_subdomain_of_a_listed_domain_is_another_domain() {
    let portal = TestPortal::start().await;
    portal.organisation("Stadt", &["stadt.example"]).await;
    applicant(&portal, "anna@evil.stadt.example").await;
}

#[tokio::test]
async fn without_approval_everybody_is_let_in_and_with_always_nobody() {
    let never = TestPortal::with("registration.approval = 'never'").await;
    never
        .register("anna@example.org", "Anna", "Beispiel")
        .await
        .must_be(200);
    let anna = never.signed_in("anna@example.org").await;
    assert_eq!(
        decision(&never, anna.id).await,
        (Some("no_approval".to_owned()), None)
    );

    let always = TestPortal::with("registration.approval = 'always'").await;
    always.organisation("Stadt", &["stadt.example"]).await;
    applicant(&always, "anna@stadt.example").await;
}

#[tokio::test]
async fn who_waits_is_told_so_and_cannot_sign_in() {
    let portal = TestPortal::start().await;
    let id = applicant(&portal, "anna@example.org").await;
    portal
        .visitor()
        .sign_in("anna@example.org", PASSWORD)
        .await
        .must_fail(403, "registration_pending");
    portal
        .visitor()
        .sign_in("anna@example.org", "wrong")
        .await
        .must_fail(401, "credentials_invalid");
    let mails = portal.mails_to("anna@example.org");
    assert_eq!(
        mails.last().unwrap().subject,
        "Your registration is being reviewed"
    );
    assert_eq!(decision(&portal, id).await, (None, None));
    assert_eq!(audited(&portal, "registration.confirmed", id).await, [None]);
}
