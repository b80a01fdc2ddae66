//! Accounts at the desk's pages: found, suspended, given roles, deleted, and what happened to them.

use chrono::TimeDelta;
use serde_json::json;

use crate::{
    deletion::delete,
    pages_desk::{must_come_back, must_head},
    support::{PASSWORD, TestPortal, page},
    sweep::sweep,
};

#[tokio::test]
async fn accounts_are_found_by_name_address_and_status_and_shown_masked() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    portal.member("Bert", "Muster").await;
    for query in [
        "query=beispiel",
        "query=anna.b&status=",
        "query=Anna&status=active",
    ] {
        desk.get(&format!("/de/desk/accounts?{query}"))
            .await
            .must_be(200)
            .must_show("Anna Beispiel")
            .must_show("a•••@musterhausen.example")
            .must_not_show("Bert")
            .must_not_show(&anna.email);
    }
    desk.get("/en/desk/accounts?query=anna&status=suspended")
        .await
        .must_be(200)
        .must_show("No account fits");
    let kept = desk
        .get("/en/desk/accounts?query=a%00b&status=active")
        .await
        .must_be(422)
        .text();
    assert!(
        kept.contains("id=\"query-error\"") && kept.contains("value=\"active\" selected"),
        "{kept}"
    );
    desk.get("/en/desk/accounts?status=nonsense")
        .await
        .must_be(422)
        .must_show("This value is not expected here.");
}

#[tokio::test]
async fn an_account_is_suspended_reinstated_and_given_roles() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let path = format!("/de/desk/accounts/{}", anna.id);
    let shown = desk.get(&path).await.must_be(200);
    must_head(&shown, "Anna Beispiel");
    shown
        .must_show(&anna.email)
        .must_show("Domain der E-Mail-Adresse")
        .must_show(&anna.id.to_string());
    desk.get(&format!("/en/desk/accounts/{}", anna.id))
        .await
        .must_be(200)
        .must_show("There is no hold");
    let given = "Die Person hat jetzt diese Rolle.";
    for (act, role, notice, event) in [
        ("suspend", "", "Das Konto ist gesperrt.", "Konto gesperrt"),
        ("reinstate", "", "Das Konto ist wieder aktiv.", "Konto entsperrt"),
        ("role", "moderator", given, "Rolle Moderation gegeben"),
        (
            "role",
            "data_protection_officer",
            given,
            "Rolle Datenschutz gegeben",
        ),
        ("role", "administrator", given, "Rolle Verwaltung gegeben"),
        ("role", "member", given, "Rolle entzogen"),
    ] {
        let done = desk
            .submit(&path, &[("act", act), ("role", role)])
            .await
            .must_be(303);
        let next = done.header("location").unwrap().to_owned();
        desk.get(&next)
            .await
            .must_be(200)
            .must_show(notice)
            .must_show(&format!("{event} Doris Desk"));
    }
    desk.submit(&path, &[("act", "reinstate")])
        .await
        .must_be(409)
        .must_show("in diesem Zustand des Kontos nicht möglich");
    for role in ["king", ""] {
        let refused = desk.submit(&path, &[("act", "role"), ("role", role)]).await;
        let refused = refused.must_be(422).text();
        assert!(refused.contains("href=\"#role-role"), "{refused}");
    }
    let own = format!("/en/desk/accounts/{}", desk.id);
    for act in ["suspend", "role"] {
        let last = desk.submit(&own, &[("act", act), ("role", "moderator")]).await;
        last.must_be(409).must_show("last");
    }
    desk.submit(&own, &[("act", "delete"), ("reason", "Brief")])
        .await
        .must_be(403);
    let api = format!("/api/v1/admin/accounts/{}/deletion", desk.id);
    desk.post(&api, &serde_json::json!({ "reason": "Brief" }))
        .await
        .must_fail(403, "own_account");
    desk.submit(&path, &[("act", "role"), ("role", "administrator")])
        .await
        .must_be(303);
    desk.submit(&own, &[("act", "role"), ("role", "member")])
        .await
        .must_lead_to("/en");
    desk.get("/en/desk").await.must_be(403);
}

#[tokio::test]
async fn somebodys_sessions_are_ended_at_the_desk() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let elsewhere = portal.signed_in(&anna.email).await;
    let path = format!("/de/desk/accounts/{}", anna.id);
    desk.get(&path).await.must_show("Alle Anmeldungen beenden");
    anna.submit(&path, &[("act", "end-sessions")]).await.must_be(403);
    let done = format!("{path}?done=sessions-ended");
    desk.submit(&path, &[("act", "end-sessions")])
        .await
        .must_lead_to(&done);
    desk.get(&done)
        .await
        .must_show("Alle Anmeldungen der Person sind beendet.")
        .must_show("Alle Anmeldungen der Person beendet Doris Desk");
    for person in [&anna, &elsewhere] {
        person.get("/api/v1/me").await.must_fail(401, "not_signed_in");
    }
    portal
        .signed_in(&anna.email)
        .await
        .get("/api/v1/me")
        .await
        .must_be(200);

    let api = format!("/api/v1/admin/accounts/{}/sessions", anna.id);
    anna.delete(&api).await.must_fail(401, "not_signed_in");
    portal
        .signed_in(&anna.email)
        .await
        .delete(&api)
        .await
        .must_fail(403, "forbidden");
    desk.delete(&api).await.must_be(204);
    let sessions = format!("SELECT count(*) FROM session WHERE account_id = '{}'", anna.id);
    assert_eq!(portal.count(&sessions).await, 0);
    // What is ended already is ended.
    desk.delete(&api).await.must_be(204);
    let nobody = format!("/api/v1/admin/accounts/{}/sessions", uuid::Uuid::max());
    desk.delete(&nobody).await.must_fail(404, "not_found");
    desk.get("/api/v1/me").await.must_be(200);
    // One's own as well, the present one among them.
    let own = format!("/de/desk/accounts/{}", desk.id);
    desk.submit(&own, &[("act", "end-sessions")])
        .await
        .must_lead_to("/de");
    desk.get("/api/v1/me").await.must_fail(401, "not_signed_in");
    let ended = "SELECT count(*) FROM audit_event WHERE code = 'sessions.ended'";
    assert_eq!(portal.count(ended).await, 4);
}

#[tokio::test]
async fn an_account_is_deleted_on_its_persons_behalf_and_has_no_name_from_then_on() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let path = format!("/de/desk/accounts/{}", anna.id);
    let typed = [("act", "delete"), ("reason", "Brief vom 20. November")];
    must_come_back(&desk, &path, &typed, "Brief vom 20. November</textarea>").await;
    let refused = desk
        .submit(&path, &[("act", "delete"), ("reason", "")])
        .await
        .must_be(422)
        .text();
    assert!(refused.contains("href=\"#reason\""), "{refused}");
    assert_eq!(
        portal
            .count("SELECT count(*) FROM account WHERE deleted_at IS NOT NULL")
            .await,
        0
    );
    let done = format!("{path}?done=account-deleted");
    desk.submit(&path, &typed).await.must_lead_to(&done);
    let short = format!("Konto {}", &anna.id.simple().to_string()[..8]);
    desk.get(&done)
        .await
        .must_be(200)
        .must_show("Die Löschung hat begonnen.")
        .must_show("Verbleibende Zeit: 23 Stunden")
        .must_show(&short)
        .must_not_show("Anna")
        .must_not_show(&anna.email)
        .must_not_show("Im Auftrag der Person löschen");
    desk.submit(&path, &typed)
        .await
        .must_lead_to(&format!("{path}?done=already-deleted"));
    desk.submit(&path, &[("act", "suspend")])
        .await
        .must_be(409)
        .must_show("wird gerade gelöscht");
    desk.get("/de/desk/deletions")
        .await
        .must_show(&short)
        .must_show("Rückgängig zu machen bis")
        .must_not_show("Anna");
    portal.advance(TimeDelta::hours(13));
    sweep(&portal).await;
    let desk = portal.signed_in(&desk.email).await;
    desk.get(&path).await.must_be(404);
    desk.get(&format!("/de/desk/audit?account={}", anna.id))
        .await
        .must_be(200)
        .must_show("Konto endgültig gelöscht Portal")
        .must_show("Löschung im Auftrag der Person verlangt Doris Desk")
        .must_show(&short);
}

#[tokio::test]
async fn the_audit_trail_tells_who_did_what_to_whom_and_is_filtered_by_account() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    for person in [&anna, &bert] {
        desk.submit(&format!("/de/desk/accounts/{}", person.id), &[("act", "suspend")])
            .await
            .must_be(303);
    }
    desk.get("/de/desk/audit")
        .await
        .must_be(200)
        .must_show("Konto gesperrt Doris Desk Anna Beispiel")
        .must_show("Konto gesperrt Doris Desk Bert Muster");
    desk.get(&format!("/en/desk/audit?account={}", anna.id))
        .await
        .must_be(200)
        .must_show("Account suspended Doris Desk Anna Beispiel")
        .must_not_show("Bert");
    let wrong = desk.get("/en/desk/audit?account=anna").await.must_be(422).text();
    assert!(
        wrong.contains("id=\"account-error\"") && wrong.contains("value=\"anna\""),
        "{wrong}"
    );
}

#[tokio::test]
async fn every_code_of_the_audit_trail_is_told_in_words() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    anna.put(
        "/api/v1/me/password",
        &json!({ "current_password": PASSWORD, "new_password": "fuenf rote Lampen im Flur" }),
    )
    .await
    .must_be(204);
    anna.delete("/api/v1/sessions").await.must_be(204);
    let (bert, id) = (portal.member("Bert", "Muster").await, anna.id);
    delete(&bert).await;
    for (act, role) in [
        ("suspend", ""),
        ("reinstate", ""),
        ("role", "moderator"),
        ("role", "data_protection_officer"),
        ("role", "administrator"),
        ("role", "member"),
    ] {
        desk.submit(
            &format!("/de/desk/accounts/{id}"),
            &[("act", act), ("role", role)],
        )
        .await
        .must_be(303);
    }
    let codes: Vec<String> = portal.column("SELECT DISTINCT code FROM audit_event").await;
    assert!(codes.len() > 7, "{codes:?}");
    for language in ["de", "en"] {
        let words = page::words(&desk.get(&format!("/{language}/desk/audit")).await.text());
        for code in &codes {
            assert!(!words.contains(code.as_str()), "{code}: {words}");
        }
    }
}
