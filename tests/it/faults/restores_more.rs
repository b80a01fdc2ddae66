//! Restored backups (R20), where the order of things after the backup decides: holds and what was erased before, between
//! and after them, receipts, and releases that wait.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::json;
use uuid::Uuid;

use super::restores::{Town, bring_up, status};
use crate::{
    deletion::delete,
    messaging::{id, send, write_to},
    support::{Person, Response, TestPortal, faults::Seen},
    sweep::sweep,
};

async fn told(portal: &TestPortal, code: &serde_json::Value) -> Response {
    let path = format!("/api/v1/deletions/{}", code.as_str().expect("a code"));
    portal.visitor().get(&path).await
}

#[tokio::test]
async fn what_was_erased_before_or_after_a_hold_goes_again_and_what_was_withdrawn_under_one_stays() {
    let town = Town::found().await;
    let portal = &town.portal;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let old = town.hold(&anna, &["messages"]).await;
    let talk = id(&write_to(&anna, &[&bert], "Anfang").await.must_be(201).json());
    let mut messages = Vec::new();
    for body in ["Früher Satz", "Freier Satz", "Später Satz", "Letzter Satz"] {
        messages.push(id(&send(&anna, &talk, body).await.must_be(201).json()));
    }
    let backup = portal.backup();
    let erase = async |number: usize| {
        let path = format!("/api/v1/messages/{}", messages[number]);
        anna.delete(&path).await.must_be(204);
    };
    erase(0).await;
    town.release(&old).await;
    erase(1).await;
    let new = town.hold(&anna, &["messages"]).await;
    erase(2).await;

    let restored = town.restore(&backup).await;
    let summary = bring_up(&restored).await;
    assert_eq!(summary.items_erased, 3);
    let nowhere = Vec::<String>::new();
    assert_eq!(
        restored.places_of("Freier Satz").await,
        nowhere,
        "nothing held it"
    );
    for (body, is_withdrawn) in [
        ("Früher Satz", true),
        ("Später Satz", true),
        ("Letzter Satz", false),
    ] {
        let withdrawn = format!("SELECT withdrawn_at IS NOT NULL FROM message WHERE body = '{body}'");
        assert_eq!(restored.scalar::<bool>(&withdrawn).await, is_withdrawn, "{body}");
    }
    let desk = restored.signed_in(&town.desk.email).await;
    let path = format!("/api/v1/admin/holds/{new}/release");
    desk.post(&path, &json!({ "reason": "erledigt" }))
        .await
        .must_be(200);
    sweep(&restored).await;
    for body in ["Früher Satz", "Später Satz"] {
        assert_eq!(
            restored.places_of(body).await,
            nowhere,
            "no hold keeps it any more"
        );
    }
    assert_eq!(restored.places_of("Letzter Satz").await, ["message.body"]);
    let mut seen = Seen::by("restores: rows and holds in their order");
    seen.note("erased between two holds, erased again");
    seen.note_many("withdrawn under a hold, withdrawn again", 2);
}

#[tokio::test]
async fn an_account_that_cannot_be_erased_again_is_not_kept_by_a_hold_that_had_ended() {
    let town = Town::found().await;
    let portal = &town.portal;
    let mut people = Vec::new();
    for name in ["Anna", "Bert"] {
        people.push(portal.member(name, "Beispiel").await);
    }
    let released = town.hold(&people[0], &["master_data"]).await;
    let expires_at = portal.portal.now() + TimeDelta::minutes(90);
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["contact"], "expires_at": expires_at });
    let path = format!("/api/v1/admin/accounts/{}/holds", people[1].id);
    town.desk.post(&path, &order).await.must_be(201);
    let backup = portal.backup();
    let mut codes = Vec::new();
    for person in &people {
        codes.push(delete(person).await["receipt_code"].clone());
    }
    town.release(&released).await;
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(portal).await.erased, 2);

    let restored = town.restore(&backup).await;
    for person in &people {
        restored
            .execute(&format!(
                "CREATE TABLE IF NOT EXISTS someone_elses (account_id uuid NOT NULL REFERENCES account (id));
                 INSERT INTO someone_elses VALUES ('{}')",
                person.id
            ))
            .await;
    }
    let summary = bring_up(&restored).await;
    assert_eq!((summary.erased.len(), summary.failed.len()), (0, 2));
    for code in &codes {
        assert_eq!(
            told(&restored, code).await.must_be(200).json()["state"],
            "pending"
        );
    }
    let active = "SELECT count(*) FROM hold WHERE released_at IS NULL";
    assert_eq!(restored.count(active).await, 0, "nothing is held");
    restored.execute("DROP TABLE someone_elses").await;
    assert_eq!(sweep(&restored).await.erased, 2);
    for code in &codes {
        assert_eq!(told(&restored, code).await.must_be(200).json()["state"], "erased");
    }
    Seen::by("restores: not erased at once").note_many("left to the sweep without their holds", 2);
}

#[tokio::test]
async fn receipts_say_after_a_restore_what_they_said_before_and_end_when_they_would() {
    let town = Town::found().await;
    let portal = &town.portal;
    let (anna, dora, emil) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Dora", "Exempel").await,
        portal.member("Emil", "Muster").await,
    );
    // Dora lives and Emil leaves under holds that would end in years.
    let mut holds = Vec::new();
    for person in [&dora, &emil] {
        let expires_at = portal.portal.now() + TimeDelta::days(1_500);
        let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["contact"], "expires_at": expires_at });
        let path = format!("/api/v1/admin/accounts/{}/holds", person.id);
        holds.push(id(&town.desk.post(&path, &order).await.must_be(201).json()));
    }
    let mut codes = vec![
        delete(&anna).await["receipt_code"].clone(),
        delete(&emil).await["receipt_code"].clone(),
    ];
    portal.advance(TimeDelta::minutes(11));
    let void = codes[0].clone();
    let backup = portal.backup();

    // Who registers after the backup, changes their mind and leaves after all, has a void receipt as well.
    let carl = portal.member("Carl", "Danach").await;
    let voids = [void, delete(&carl).await["receipt_code"].clone()];
    for person in [&anna, &carl] {
        town.undo(person).await;
    }
    portal.advance(TimeDelta::minutes(11));
    for person in [&anna, &carl, &dora] {
        codes.push(delete(&portal.signed_in(&person.email).await).await["receipt_code"].clone());
    }
    codes.remove(0);
    town.release(&holds[0]).await;
    portal.advance(TimeDelta::hours(7));
    sweep(portal).await;
    portal.advance(TimeDelta::hours(20));
    let desk = portal.signed_in(&town.desk.email).await;
    let path = format!("/api/v1/admin/holds/{}/release", holds[1]);
    desk.post(&path, &json!({ "reason": "erledigt" }))
        .await
        .must_be(200);
    portal.advance(TimeDelta::minutes(2));
    sweep(portal).await;
    let mut before = Vec::new();
    for code in &codes {
        before.push(told(portal, code).await.must_be(200).json());
    }
    assert!(before.iter().all(|told| told["state"] == "erased"), "{before:?}");

    let restored = town.restore(&backup).await;
    assert_eq!(bring_up(&restored).await.erased.len(), 3);
    for (code, before) in codes.iter().zip(before) {
        assert_eq!(told(&restored, code).await.must_be(200).json(), before);
    }
    for code in voids {
        told(&restored, &code).await.must_be(404);
    }
    let endless = "SELECT count(*) FROM receipt WHERE account_id IS NULL AND erased_at IS NULL";
    assert_eq!(restored.count(endless).await, 0, "every receipt ends");
    let mut seen = Seen::by("restores: receipts");
    seen.note_many("say what they said", codes.len());
    seen.note_many("undone, still void", 2);
}

#[tokio::test]
async fn a_release_that_waited_when_the_backup_was_made_has_to_be_asked_for_again() {
    let town = Town::found_with("holds.second_person = 'release'").await;
    let portal = &town.portal;
    let second = portal.administrator().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let hold = town.hold(&anna, &["messages"]).await;
    let path = format!("/api/v1/admin/holds/{hold}/release");
    let reason = json!({ "reason": "erledigt" });
    town.desk.post(&path, &reason).await.must_be(202);
    let backup = portal.backup();
    town.desk.delete(&path).await.must_be(204);
    delete(&anna).await;

    let restored = town.restore(&backup).await;
    bring_up(&restored).await;
    let strict = restored.sibling("holds.second_person = 'release'").await;
    let second = strict.signed_in(&second.email).await;
    // Not the second one: the first has changed their mind.
    second.post(&path, &reason).await.must_be(202);
    assert_eq!(status(&restored, anna.id).await.as_deref(), Some("deleted"));
    let since: Option<DateTime<Utc>> = restored.scalar("SELECT released_at FROM hold").await;
    assert_eq!(since, None);
    Seen::by("restores: waiting releases").note("to be asked for again");
}

#[tokio::test]
async fn whoever_blocked_or_unblocked_somebody_after_the_backup_is_asked_to_look_it_over() {
    let town = Town::found().await;
    let portal = &town.portal;
    let (anna, bert, carl) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
        portal.member("Carl", "Exempel").await,
    );
    let path = |person: &Person| format!("/api/v1/me/blocks/{}", person.id);
    carl.put(&path(&bert), &json!({})).await.must_be(204);
    // What is so already is no change.
    bert.delete(&path(&anna)).await.must_be(204);
    town.settle().await;
    let backup = portal.backup();
    anna.put(&path(&bert), &json!({})).await.must_be(204);
    carl.delete(&path(&bert)).await.must_be(204);
    bert.delete(&path(&anna)).await.must_be(204);

    let restored = town.restore(&backup).await;
    let summary = bring_up(&restored).await;
    let mut asked: Vec<Uuid> = summary.to_look_over.iter().map(|(id, _)| *id).collect();
    asked.sort_unstable();
    let mut expected = [anna.id, carl.id];
    expected.sort_unstable();
    assert_eq!(asked, expected);
    let anna = restored.signed_in(&anna.email).await;
    let session = anna.get("/api/v1/session").await.must_be(200).json();
    assert_eq!(session["account"]["look_over"], true);
    Seen::by("restores: blocks").note_many("asked to look over whom they blocked", 2);
}
