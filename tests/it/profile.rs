//! One's own profile: what it may hold, who sees it, and that no change is lost or left behind.

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{PASSWORD, TestPortal, people::ORGANISATION};

const PROFILE: &str = "/api/v1/me/profile";

#[tokio::test]
async fn a_new_profile_shows_name_and_organisation_only() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let profile = anna.get(PROFILE).await.must_be(200).json();
    assert_eq!(
        profile,
        json!({
            "first_name": "Anna", "last_name": "Beispiel", "display_name": null, "organisation": ORGANISATION,
            "department": "Tiefbau", "position": null, "phone": null, "about": null, "listed": true,
            "visibility": {
                "organisation": "members", "department": "nobody", "position": "nobody", "phone": "nobody", "about": "nobody",
            },
        })
    );
    portal
        .visitor()
        .get(PROFILE)
        .await
        .must_fail(401, "not_signed_in");
}

#[tokio::test]
async fn a_merge_patch_changes_what_it_names_and_null_empties() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let all = json!({
        "first_name": " Anna Lena ", "display_name": "Anna B.", "department": "Hochbau", "position": "Leiterin",
        "phone": "+49 30 12345", "about": "Eins\r\nzwei", "listed": false, "visibility": { "phone": "members" },
    });
    let changed = anna.patch(PROFILE, &all).await.must_be(200).json();
    let expect = |profile: &Value, values: &[(&str, Value)]| {
        for (field, value) in values {
            assert_eq!(&profile[field], value, "{field}");
        }
    };
    expect(
        &changed,
        &[
            ("first_name", json!("Anna Lena")),
            ("last_name", json!("Beispiel")),
            ("display_name", json!("Anna B.")),
            ("about", json!("Eins\nzwei")),
            ("listed", json!(false)),
        ],
    );
    assert_eq!(changed["visibility"]["phone"], "members");
    assert_eq!(changed["visibility"]["about"], "nobody");

    let emptied = anna
        .patch(PROFILE, &json!({ "phone": null, "about": "", "position": "  " }))
        .await
        .must_be(200)
        .json();
    expect(
        &emptied,
        &[
            ("phone", json!(null)),
            ("about", json!(null)),
            ("position", json!(null)),
        ],
    );
    expect(
        &emptied,
        &[("department", json!("Hochbau")), ("listed", json!(false))],
    );
    assert_eq!(anna.get(PROFILE).await.json(), emptied);
    assert_eq!(anna.patch(PROFILE, &json!({})).await.must_be(200).json(), emptied);
}

#[tokio::test]
async fn what_a_profile_cannot_hold_is_refused_by_field() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let before = anna.get(PROFILE).await.text();
    for (patch, fault) in [
        (json!({ "first_name": null }), "first_name: required"),
        (json!({ "first_name": "" }), "first_name: required"),
        (json!({ "last_name": "x".repeat(101) }), "last_name: too_long"),
        (
            json!({ "display_name": "x".repeat(101) }),
            "display_name: too_long",
        ),
        (
            json!({ "display_name": "a\r\nBcc: b@example.org" }),
            "display_name: control_character",
        ),
        (json!({ "department": "x".repeat(201) }), "department: too_long"),
        (json!({ "position": "a\u{202e}b" }), "position: control_character"),
        (json!({ "phone": "call me" }), "phone: phone_invalid"),
        (json!({ "phone": "1".repeat(41) }), "phone: too_long"),
        (json!({ "about": "x".repeat(2001) }), "about: too_long"),
        (json!({ "about": "a\u{0}b" }), "about: control_character"),
        (json!({ "organisation": "Another" }), "organisation: read_only"),
        (json!({ "organisation": null }), "organisation: required"),
        (json!({ "email": "a@b.de" }), "email: unknown_field"),
        (json!({ "listed": "yes" }), "listed: wrong_type"),
        (
            json!({ "visibility": { "phone": "everybody" } }),
            "visibility.phone: unknown_value",
        ),
        (
            json!({ "visibility": { "first_name": "nobody" } }),
            "visibility.first_name: unknown_field",
        ),
    ] {
        let answer = anna.patch(PROFILE, &patch).await;
        assert_eq!(answer.status, 422, "{patch}: {}", answer.text());
        answer.must_refuse(&[fault]);
    }
    anna.patch(
        PROFILE,
        &json!({ "first_name": "", "phone": "x", "about": "y".repeat(2001) }),
    )
    .await
    .must_refuse(&["first_name: required", "phone: phone_invalid", "about: too_long"]);
    assert_eq!(anna.get(PROFILE).await.text(), before);
    let longest =
        json!({ "about": "ä".repeat(2000), "display_name": "ö".repeat(100), "department": "ü".repeat(200) });
    anna.patch(PROFILE, &longest).await.must_be(200);
}

#[tokio::test]
async fn a_lost_update_is_answered_412_and_changes_nothing() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let read = anna.get(PROFILE).await.must_be(200);
    let tag = read.header("etag").unwrap().to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");
    let patch = async |expected: &str, position: &str| {
        anna.request(axum::http::Method::PATCH, PROFILE)
            .header("if-match", expected)
            .header("content-type", "application/merge-patch+json")
            .body(json!({ "position": position }).to_string())
            .send()
            .await
    };
    let changed = patch(&tag, "first").await.must_be(200);
    let next = changed.header("etag").unwrap().to_owned();
    assert_ne!(next, tag);
    patch(&tag, "second").await.must_fail(412, "precondition_failed");
    assert_eq!(anna.get(PROFILE).await.json()["position"], "first");
    assert_eq!(anna.get(PROFILE).await.header("etag"), Some(next.as_str()));
    patch(&format!("\"other\", {next}"), "third").await.must_be(200);
    patch("*", "fourth").await.must_be(200);
    patch("\"nonsense\"", "fifth")
        .await
        .must_fail(412, "precondition_failed");
    assert_eq!(anna.get(PROFILE).await.json()["position"], "fourth");
}

#[tokio::test]
async fn of_many_changes_of_the_same_version_one_succeeds() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let tag = anna.get(PROFILE).await.header("etag").unwrap().to_owned();
    let mut changes = JoinSet::new();
    for index in 0..10 {
        let (anna, tag) = (anna.clone(), tag.clone());
        changes.spawn(async move {
            let draft = anna
                .request(axum::http::Method::PATCH, PROFILE)
                .header("if-match", &tag);
            draft
                .json(&json!({ "position": index.to_string() }))
                .send()
                .await
                .status
                .as_u16()
        });
    }
    let mut statuses = changes.join_all().await;
    statuses.sort_unstable();
    assert_eq!(statuses, [[200].as_slice(), &[412; 9]].concat());
}

#[tokio::test]
async fn the_organisation_is_free_until_a_domain_or_an_administrator_decided_it() {
    let portal = TestPortal::with("registration.approval = 'never'").await;
    portal
        .register("bea@example.org", "Bea", "Frei")
        .await
        .must_be(200);
    let bea = portal.signed_in("bea@example.org").await;
    let changed = bea
        .patch(PROFILE, &json!({ "organisation": "Own business" }))
        .await
        .must_be(200);
    assert_eq!(changed.json()["organisation"], "Own business");

    let anna = portal.member("Anna", "Beispiel").await;
    anna.patch(PROFILE, &json!({ "organisation": "Own business" }))
        .await
        .must_refuse(&["organisation: read_only"]);
    anna.patch(PROFILE, &json!({ "organisation": ORGANISATION, "position": "x" }))
        .await
        .must_be(200);
}

#[tokio::test]
async fn what_was_replaced_is_nowhere_any_more() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    anna.patch(
        PROFILE,
        &json!({ "display_name": "Vorgaengername", "about": "Vorgaengertext" }),
    )
    .await
    .must_be(200);
    assert!(!portal.places_of("Vorgaenger").await.is_empty());
    anna.patch(PROFILE, &json!({ "display_name": "Neu", "about": null }))
        .await
        .must_be(200);
    assert_eq!(portal.places_of("Vorgaenger").await, Vec::<String>::new());
    let changed = format!(
        "SELECT count(*) FROM ledger_event WHERE event = 'changed' AND account_id = '{}'",
        anna.id
    );
    assert_eq!(portal.count(&changed).await, 2);
}

#[tokio::test]
async fn under_a_hold_what_was_replaced_is_kept_out_of_sight() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    portal
        .execute(&format!(
            "INSERT INTO hold (id, account_id, categories, basis, reference, review_at, placed_by, placed_at)
             VALUES (gen_random_uuid(), '{}', '{{master_data}}', 'open_claim', 'AZ 1', now() + interval '1 month', '{}', now())",
            anna.id, bea.id
        ))
        .await;
    anna.patch(PROFILE, &json!({ "display_name": "Vorgaengername" }))
        .await
        .must_be(200);
    anna.patch(PROFILE, &json!({ "display_name": "Neu" }))
        .await
        .must_be(200);
    assert_eq!(
        portal.places_of("Vorgaengername").await,
        ["superseded_profile.value"]
    );
    assert!(!anna.get(PROFILE).await.text().contains("Vorgaengername"));
    assert_eq!(
        bea.get("/api/v1/members?query=Vorgaengername")
            .await
            .must_be(200)
            .json()["items"],
        json!([])
    );
}

#[tokio::test]
async fn the_language_of_mails_is_changed_like_any_master_data() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let read = anna.get(PROFILE).await;
    let changed = anna
        .patch("/api/v1/me", &json!({ "locale": "de" }))
        .await
        .must_be(200)
        .json();
    assert_eq!(
        (&changed["locale"], &changed["email"]),
        (&json!("de"), &json!(anna.email))
    );
    assert_eq!(anna.get("/api/v1/me").await.json(), changed);
    for same in [json!({}), json!({ "locale": "de" })] {
        anna.patch("/api/v1/me", &same).await.must_be(200);
    }
    let events = format!(
        "SELECT count(*) FROM ledger_event WHERE event = 'changed' AND account_id = '{}'",
        anna.id
    );
    assert_eq!(
        portal.count(&events).await,
        1,
        "what stays as it was is no change"
    );
    assert_eq!(
        anna.get(PROFILE).await.header("etag"),
        read.header("etag"),
        "nobody's change of the profile is lost over it"
    );
    anna.post(
        "/api/v1/me/email-change",
        &json!({ "email": "anna.neu@example.org", "password": PASSWORD }),
    )
    .await
    .must_be(202);
    portal.work().await;
    assert_eq!(
        portal.mails_to("anna.neu@example.org")[0].subject,
        "Bitte bestätigen Sie Ihre neue E-Mail-Adresse"
    );
}

#[tokio::test]
async fn another_language_than_the_portals_is_refused() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    for (patch, fault) in [
        (json!({ "locale": "fr" }), "locale: unknown_value"),
        (json!({ "locale": null }), "locale: wrong_type"),
        (json!({ "locale": 1 }), "locale: wrong_type"),
        (json!({ "email": "a@b.de" }), "email: unknown_field"),
    ] {
        anna.patch("/api/v1/me", &patch).await.must_refuse(&[fault]);
    }
    assert_eq!(anna.get("/api/v1/me").await.json()["locale"], "en");
    let nobody = portal.visitor();
    nobody
        .patch("/api/v1/me", &json!({ "locale": "de" }))
        .await
        .must_fail(401, "not_signed_in");
}

#[tokio::test]
async fn under_a_hold_the_language_before_is_kept_out_of_sight() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let order = json!({ "basis": "open_claim", "reference": "AZ 1", "categories": ["master_data"] });
    desk.post(&format!("/api/v1/admin/accounts/{}/holds", anna.id), &order)
        .await
        .must_be(201);
    anna.patch("/api/v1/me", &json!({ "locale": "de" }))
        .await
        .must_be(200);
    let kept = "SELECT field || ' ' || value FROM superseded_profile";
    assert_eq!(portal.scalar::<String>(kept).await, "locale en");
}
