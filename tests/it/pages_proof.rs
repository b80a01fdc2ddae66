//! Whoever signed in a while ago proves anew who they are before what could do great harm, and finds the form as they
//! left it.

use chrono::TimeDelta;
use serde_json::json;

use crate::support::{PASSWORD, Person, Response, TestPortal, page};

const CONFIRM: &str = "/de/confirm-identity";
const TITLE: &str = "Bitte bestätigen Sie, dass Sie es sind";

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    let pairs = fields.iter();
    pairs
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

/// The page asks for the password, and nothing else.
#[track_caller]
fn must_ask(answer: Response) -> Vec<(String, String)> {
    let html = answer.must_be(403).must_show(TITLE).text();
    assert!(html.contains(&format!("action=\"{CONFIRM}\"")), "{html}");
    assert_eq!(html.matches("<label ").count(), 1, "{html}");
    assert!(html.contains("type=\"password\""), "{html}");
    page::all_hidden(&html)
}

/// Types the password, and presses the button that leads back to the form.
async fn prove_and_go_back(person: &Person, carried: &[(String, String)]) -> Response {
    let mut fields = pairs(carried);
    fields.push(("password", PASSWORD));
    let back = person.submit(CONFIRM, &fields).await.must_be(200);
    let html = back.must_show("noch nicht geschehen").text();
    assert!(!html.contains(PASSWORD));
    let form = html.split("<main ").nth(1).unwrap();
    let action = page::values(form, "action").next().unwrap().to_owned();
    let fields = page::all_hidden(&html);
    person.submit(&action, &pairs(&fields)).await
}

#[tokio::test]
async fn a_hold_that_is_ordered_late_comes_back_previewed_and_is_placed_once() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let path = format!("/de/desk/accounts/{}/holds/new", anna.id);
    portal.advance(TimeDelta::minutes(6));
    let html = desk.get(&path).await.must_be(200).text();
    let key = page::hidden(&html, "key").unwrap();
    let order = |act| {
        [
            ("basis", "open_claim"),
            ("reference", "Az. 4 <O> & \"123\"/26"),
            ("categories", "messages"),
            ("categories", "contact"),
            ("review_at", ""),
            ("expires_at", ""),
            ("disclose", "true"),
            ("key", &key),
            ("act", act),
        ]
    };
    desk.submit(&path, &order("preview")).await.must_be(200);
    let carried = must_ask(desk.submit(&path, &order("place")).await);
    assert_eq!(portal.count("SELECT count(*) FROM hold").await, 0);

    let mut wrong = pairs(&carried);
    wrong.push(("password", "falsch"));
    let refused = desk.submit(CONFIRM, &wrong).await.must_be(401);
    let html = refused.must_show(TITLE).text();
    assert!(
        html.contains("<a href=\"#password\">") && !html.contains("falsch"),
        "{html}"
    );
    assert_eq!(page::all_hidden(&html), carried);

    let html = prove_and_go_back(&desk, &carried).await.must_be(200).text();
    for kept in [
        "value=\"Az. 4 &#60;O&#62; &#38; &#34;123&#34;/26\"",
        "value=\"messages\" checked",
        "value=\"contact\" checked",
        "value=\"place\"",
    ] {
        assert!(html.contains(kept), "{kept}: {html}");
    }
    assert_eq!(page::hidden(&html, "key").as_ref(), Some(&key));
    assert!(!html.contains("role=\"alert\""), "{html}");
    assert_eq!(portal.count("SELECT count(*) FROM hold").await, 0);
    for _ in 0..2 {
        desk.submit(&path, &order("place")).await.must_be(303);
    }
    assert_eq!(portal.count("SELECT count(*) FROM hold").await, 1);
}

#[tokio::test]
async fn a_hold_is_reviewed_and_released_and_rights_and_deletions_are_decided_after_a_proof_alone() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let account = format!("/de/desk/accounts/{}", anna.id);
    let order = json!({ "basis": "open_claim", "reference": "Az. 1" });
    let placed = desk
        .post(&format!("/api/v1/admin/accounts/{}/holds", anna.id), &order)
        .await
        .must_be(201);
    let hold = format!("/de/desk/holds/{}", placed.json()["id"].as_str().unwrap());
    portal.advance(TimeDelta::minutes(6));
    let before = portal.rows_of(anna.id).await;
    for (path, fields) in [
        (
            &hold,
            vec![
                ("act", "review"),
                ("reason", "Läuft noch."),
                ("review_at", "2099-01-01"),
            ],
        ),
        (&hold, vec![("act", "release"), ("reason", "Beglichen.")]),
        (&hold, vec![("act", "withdraw")]),
        (&account, vec![("act", "role"), ("role", "moderator")]),
        (&account, vec![("act", "delete"), ("reason", "Brief")]),
    ] {
        let carried = must_ask(desk.submit(path, &fields).await);
        assert!(
            carried
                .iter()
                .any(|(name, value)| name == "next" && value == path)
        );
    }
    assert_eq!(portal.rows_of(anna.id).await, before);

    let released = [("act", "release"), ("reason", "Beglichen.")];
    let carried = must_ask(desk.submit(&hold, &released).await);
    let html = prove_and_go_back(&desk, &carried).await.must_be(200).text();
    assert!(html.contains("Beglichen.</textarea>"), "{html}");
    assert_eq!(portal.rows_of(anna.id).await, before);
    desk.submit(&hold, &released)
        .await
        .must_lead_to(&format!("{hold}?done=hold-released"));

    portal.advance(TimeDelta::minutes(6));
    for act in ["suspend", "reinstate", "end-sessions"] {
        desk.submit(&account, &[("act", act)]).await.must_be(303);
    }
}

#[tokio::test]
async fn the_copy_of_ones_data_takes_a_proof_and_leads_back_to_its_page() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let file = "/en/account/export/file";
    let copy = anna.get(file).await.must_be(200);
    let name = "attachment; filename=\"my-data.json\"";
    assert_eq!(copy.header("content-disposition"), Some(name));
    portal.advance(TimeDelta::minutes(6));
    anna.get("/en/account/export").await.must_be(200);
    let ask = "/en/confirm-identity?next=%2Fen%2Faccount%2Fexport";
    anna.get(file).await.must_lead_to(ask);
    let html = anna.get(ask).await.must_be(200).text();
    assert!(!html.contains("role=\"alert\""), "nothing is wrong yet: {html}");
    let mut fields = page::all_hidden(&html);
    fields.push(("password".to_owned(), PASSWORD.to_owned()));
    anna.submit("/en/confirm-identity", &pairs(&fields))
        .await
        .must_lead_to("/en/account/export");
    anna.get(file).await.must_be(200);
    // Whoever has just proved it is not asked again.
    anna.get(ask).await.must_lead_to("/en/account/export");
    for foreign in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%5Cevil", ""] {
        anna.get(&format!("/en/confirm-identity?next={foreign}"))
            .await
            .must_lead_to("/en");
    }
}

#[tokio::test]
async fn whoever_was_signed_out_meanwhile_signs_in_and_goes_on_with_the_same_form() {
    let portal = TestPortal::start().await;
    let desk = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let account = format!("/de/desk/accounts/{}", anna.id);
    portal.advance(TimeDelta::minutes(6));
    let deletion = [("act", "delete"), ("reason", "Brief vom 20. November")];
    let carried = must_ask(desk.submit(&account, &deletion).await);
    portal.advance(TimeDelta::minutes(31));
    let mut fields = pairs(&carried);
    fields.push(("password", PASSWORD));
    let html = desk
        .submit(CONFIRM, &fields)
        .await
        .must_be(401)
        .must_show("Anmelden")
        .text();
    assert!(!html.contains(PASSWORD), "{html}");
    let mut fields = page::all_hidden(&html);
    fields.push(("email".to_owned(), desk.email.clone()));
    fields.push(("password".to_owned(), PASSWORD.to_owned()));
    let html = desk
        .submit("/de/sign-in", &pairs(&fields))
        .await
        .must_be(200)
        .text();
    // The sign-in was the proof: the way back leads to the form at once.
    let fields = page::all_hidden(&html);
    let html = desk.submit(CONFIRM, &pairs(&fields)).await.must_be(200).text();
    let fields = page::all_hidden(&html);
    let html = desk.submit(&account, &pairs(&fields)).await.must_be(200).text();
    assert!(html.contains("Brief vom 20. November</textarea>"), "{html}");
    let deleted = "SELECT count(*) FROM account WHERE deleted_at IS NOT NULL";
    assert_eq!(portal.count(deleted).await, 0);
    desk.submit(&account, &deletion)
        .await
        .must_lead_to(&format!("{account}?done=account-deleted"));
}

#[tokio::test]
async fn sessions_are_ended_after_a_proof_and_looked_at_without() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let other = portal.signed_in(&anna.email).await;
    let ids: Vec<uuid::Uuid> = portal.column("SELECT id FROM session ORDER BY id").await;
    let path = "/de/account/sessions";
    portal.advance(TimeDelta::minutes(6));
    anna.get(path).await.must_be(200);
    let id = ids[1].to_string();
    let carried = must_ask(anna.submit(path, &[("id", &id), ("act", "end")]).await);
    must_ask(anna.submit(path, &[("act", "end-others")]).await);
    other.get("/api/v1/me").await.must_be(200);
    // Nothing is done by the proof itself: whoever comes back sees the list, and decides.
    prove_and_go_back(&anna, &carried)
        .await
        .must_be(200)
        .must_show("Laufende Anmeldungen");
    other.get("/api/v1/me").await.must_be(200);
    anna.submit(path, &[("id", &id), ("act", "end")])
        .await
        .must_lead_to("/de/account/sessions?done=session-ended");
    other.get("/api/v1/me").await.must_fail(401, "not_signed_in");
}
