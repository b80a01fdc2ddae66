//! From a date on an administrator's role takes a second factor; until then, and until one is set up, they are a member.

use chrono::{Days, NaiveTime, TimeDelta};
use serde_json::json;

use crate::support::{PASSWORD, TestPortal, factors::FACTORS};

const DESK: &str = "/api/v1/admin/accounts";

#[tokio::test]
async fn from_the_day_on_the_desk_takes_a_second_factor_and_nothing_else_does() {
    let first = TestPortal::start().await;
    let day = first.portal.now().date_naive() + Days::new(2);
    let portal = first
        .sibling(&format!("second_factor.administrators_from = '{day}'"))
        .await;
    let desk = portal.administrator().await;
    desk.get(DESK).await.must_be(200);
    let own = desk.get(FACTORS).await.must_be(200).json();
    assert_eq!(own["required_from"], day.to_string());

    let eve = day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::seconds(10);
    portal.advance(eve - portal.portal.now());
    let desk = portal.signed_in(&desk.email).await;
    desk.get(DESK).await.must_be(200);
    portal.advance(TimeDelta::seconds(10));
    desk.get(DESK).await.must_fail(403, "second_factor_required");
    desk.get("/en/desk")
        .await
        .must_be(403)
        .must_show("takes a second factor");
    for own in [
        "/api/v1/me",
        "/api/v1/me/profile",
        "/api/v1/conversations",
        FACTORS,
    ] {
        desk.get(own).await.must_be(200);
    }
    // Neither of the other roles.
    let officer = portal.staff("data_protection_officer").await;
    officer.get("/api/v1/admin/deletions").await.must_be(200);
    let moderator = portal.staff("moderator").await;
    moderator.get("/api/v1/admin/reports").await.must_be(200);
    assert_eq!(
        moderator.get(FACTORS).await.must_be(200).json()["required_from"],
        json!(null)
    );

    // Whoever sets one up has it in this session.
    let (app, _) = desk.set_up_app(&portal).await;
    desk.get(DESK).await.must_be(200);
    desk.get("/en/desk").await.must_be(200);
    portal.advance(TimeDelta::seconds(30));
    let again = portal.visitor();
    again
        .sign_in_with(&desk.email, &app.code(&portal))
        .await
        .must_be(200);
    again.get(DESK).await.must_be(200);
    // Without it nobody is at the desk any more.
    desk.delete(&format!("{FACTORS}/totp")).await.must_be(204);
    let bare = portal.signed_in(&desk.email).await;
    bare.get(DESK).await.must_fail(403, "second_factor_required");
}

#[tokio::test]
async fn the_portal_helps_to_set_one_up_at_the_sign_in() {
    let portal = TestPortal::with("second_factor.administrators_from = '2026-01-01'").await;
    let desk = portal.administrator().await;
    let visitor = portal.visitor();
    let fields = [
        ("email", desk.email.as_str()),
        ("password", PASSWORD),
        ("next", "/en/desk"),
    ];
    visitor
        .submit("/en/sign-in", &fields)
        .await
        .must_lead_to("/en/account/second-factor");
    visitor
        .get("/en/account/second-factor")
        .await
        .must_be(200)
        .must_show("Since 1 January 2026 your role takes a second factor.");
    let anna = portal.member("Anna", "Beispiel").await;
    let fields = [("email", anna.email.as_str()), ("password", PASSWORD)];
    portal
        .visitor()
        .submit("/en/sign-in", &fields)
        .await
        .must_lead_to("/en");
}
