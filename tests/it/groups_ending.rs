//! What becomes of groups when people go: erased, held, all of them, all at once, or after a restored backup.

use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use stammtisch::erasure::reconcile::reconcile;

use crate::{
    deletion::delete,
    groups::{accept, group_of_three, invitations, invite, join, listed, open, remove, rename, seen, three},
    messaging::{id, messages_of, send},
    support::TestPortal,
    sweep::sweep,
};

#[tokio::test]
async fn a_group_goes_on_without_its_opener_and_loses_the_name_they_chose() {
    let portal = TestPortal::start().await;
    let ([anna, bea, cleo], group) = group_of_three(&portal).await;
    send(&anna, &group, "von Anna").await.must_be(201);
    send(&cleo, &group, "von Cleo").await.must_be(201);
    let dora = portal.member("Dora", "Beispiel").await;
    invite(&anna, &group, &[&dora]).await.must_be(201);
    delete(&anna).await;
    assert_eq!(invitations(&dora).await, Vec::<Value>::new());
    let of_bea = listed(&bea, &group).await.unwrap();
    assert_eq!(of_bea["manager_id"], json!(bea.id));
    assert_eq!(
        (&of_bea["subject"], &of_bea["former_members"]),
        (&json!(null), &json!(1))
    );
    portal.advance(TimeDelta::hours(2));
    sweep(&portal).await;
    let bea = portal.signed_in(&bea.email).await;
    assert_eq!(seen(&bea, &group).await, ["von Cleo"]);
    let renamed = rename(&bea, &group, "Wieder da").await.must_be(200).json();
    assert_eq!(
        (&renamed["subject"], &renamed["former_members"]),
        (&json!("Wieder da"), &json!(1))
    );
    assert_eq!(portal.count("SELECT count(*) FROM group_invitation").await, 0);
}

#[tokio::test]
async fn with_the_last_one_everything_in_the_group_goes_whoever_wrote_it() {
    let portal = TestPortal::start().await;
    let ([anna, bea, cleo], group) = group_of_three(&portal).await;
    for author in [&anna, &bea, &cleo] {
        send(author, &group, "Unvergessliches").await.must_be(201);
    }
    for member in [&bea, &cleo] {
        remove(member, &group, member).await.must_be(204);
    }
    delete(&anna).await;
    assert_eq!(portal.count("SELECT count(*) FROM message").await, 3);
    portal.advance(TimeDelta::hours(2));
    let report = sweep(&portal).await;
    assert_eq!((report.erased, report.failed), (1, 0));
    for table in ["message", "conversation", "participation"] {
        let left = portal.count(&format!("SELECT count(*) FROM {table}")).await;
        assert_eq!(left, 0, "{table}");
    }
    // What others wrote there is told item by item, each with a number of its own.
    portal
        .portal
        .ledger
        .settle_waiting(&portal.portal.database)
        .await
        .unwrap();
    let told = portal.ledger_events("item_erased");
    let messages = told.iter().filter(|line| line["table"] == "message");
    assert_eq!(messages.count(), 2);
}

#[tokio::test]
async fn a_hold_keeps_what_one_leaves_replaces_or_ends_out_of_sight_until_it_is_over() {
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let desk = portal.administrator().await;
    let ([anna, bea, cleo], group) = group_of_three(&portal).await;
    send(&anna, &group, "gehalten").await.must_be(201);
    send(&bea, &group, "frei").await.must_be(201);
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["messages"] });
    let holds = format!("/api/v1/admin/accounts/{}/holds", anna.id);
    let hold = id(&desk.post(&holds, &order).await.must_be(201).json());

    rename(&anna, &group, "Neuer Name").await.must_be(200);
    let names = "SELECT subject FROM superseded_subject ORDER BY id";
    assert_eq!(portal.column::<String>(names).await, ["Bauamt"]);
    remove(&anna, &group, &anna).await.must_be(204);
    assert_eq!(listed(&anna, &group).await, None);
    anna.get(&messages_of(&group)).await.must_fail(404, "not_found");
    send(&bea, &group, "ohne Anna").await.must_be(201);
    join(&bea, &group, &anna).await;
    assert_eq!(seen(&anna, &group).await, Vec::<String>::new());
    let earlier = "SELECT count(*) FROM superseded_participation";
    assert_eq!(portal.count(earlier).await, 1);
    let copy = anna.get("/api/v1/me/export").await.must_be(200).text();
    assert!(!copy.contains("Bauamt"), "{copy}");

    for member in [&anna, &cleo, &bea] {
        remove(member, &group, member).await.must_be(204);
    }
    sweep(&portal).await;
    let bodies = "SELECT body FROM message";
    assert_eq!(portal.column::<String>(bodies).await, ["gehalten"]);
    let kept = "SELECT count(*) FROM message m JOIN participation p ON p.account_id = m.author_id
                WHERE m.withdrawn_at IS NOT NULL AND p.left_at IS NOT NULL";
    assert_eq!(portal.count(kept).await, 1);
    assert_eq!(portal.column::<String>(names).await, ["Bauamt", "Neuer Name"]);
    let copy = anna.get("/api/v1/me/export").await.must_be(200).text();
    assert!(!copy.contains("gehalten"), "{copy}");

    desk.post(
        &format!("/api/v1/admin/holds/{hold}/release"),
        &json!({ "reason": "erledigt" }),
    )
    .await
    .must_be(200);
    sweep(&portal).await;
    for table in [
        "message",
        "conversation",
        "participation",
        "superseded_subject",
        "superseded_participation",
    ] {
        let left = portal.count(&format!("SELECT count(*) FROM {table}")).await;
        assert_eq!(left, 0, "{table}");
    }
}

#[tokio::test]
async fn where_only_someone_held_and_deleted_is_left_the_group_has_ended() {
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let desk = portal.administrator().await;
    let [anna, bea, _] = three(&portal).await;
    let group = open(&anna, "Bauamt").await;
    join(&anna, &group, &bea).await;
    send(&anna, &group, "von Anna").await.must_be(201);
    send(&bea, &group, "von Bea").await.must_be(201);
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["messages"] });
    let holds = format!("/api/v1/admin/accounts/{}/holds", bea.id);
    let hold = id(&desk.post(&holds, &order).await.must_be(201).json());
    delete(&bea).await;
    remove(&anna, &group, &anna).await.must_be(204);
    let bodies = "SELECT body FROM message ORDER BY id";
    sweep(&portal).await;
    assert_eq!(
        portal.column::<String>(bodies).await,
        ["von Anna", "von Bea"],
        "she could still undo it"
    );
    portal.advance(TimeDelta::hours(2));
    sweep(&portal).await;
    assert_eq!(portal.column::<String>(bodies).await, ["von Bea"]);
    let release = format!("/api/v1/admin/holds/{hold}/release");
    desk.prove().await;
    desk.post(&release, &json!({ "reason": "erledigt" }))
        .await
        .must_be(200);
    sweep(&portal).await;
    for table in ["message", "conversation", "participation"] {
        let left = portal.count(&format!("SELECT count(*) FROM {table}")).await;
        assert_eq!(left, 0, "{table}");
    }
}

#[tokio::test]
async fn a_group_that_cannot_be_ended_is_told_and_delays_no_other() {
    let portal = TestPortal::start().await;
    let ([anna, bea, cleo], stuck) = group_of_three(&portal).await;
    let other = open(&anna, "Hochbau").await;
    join(&anna, &other, &bea).await;
    for group in [&stuck, &other] {
        send(&anna, group, "x").await.must_be(201);
    }
    portal
        .execute(&format!(
            "CREATE TABLE someone_elses (message_id uuid REFERENCES message (id));
             INSERT INTO someone_elses SELECT id FROM message WHERE conversation_id = '{stuck}'"
        ))
        .await;
    for (group, member) in [
        (&stuck, &cleo),
        (&stuck, &bea),
        (&stuck, &anna),
        (&other, &bea),
        (&other, &anna),
    ] {
        remove(member, group, member).await.must_be(204);
    }
    let report = sweep(&portal).await;
    assert_eq!((report.failed, report.is_good()), (1, false));
    let outcome = "SELECT last_outcome FROM sweep_state";
    assert_eq!(portal.scalar::<String>(outcome).await, "failed");
    let left = "SELECT id::text FROM conversation";
    assert_eq!(portal.column::<String>(left).await, [stuck]);
    portal.execute("DROP TABLE someone_elses").await;
    assert_eq!(sweep(&portal).await.failed, 0);
    assert_eq!(portal.column::<String>(left).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_restored_backup_brings_back_no_group_that_was_left_renamed_or_ended() {
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let ([anna, bea, cleo], going_on) = group_of_three(&portal).await;
    let ended = open(&anna, "Endet").await;
    join(&anna, &ended, &bea).await;
    send(&anna, &ended, "Vergängliches").await.must_be(201);
    portal
        .portal
        .ledger
        .settle_waiting(&portal.portal.database)
        .await
        .unwrap();
    let backup = portal.backup();
    rename(&anna, &going_on, "Später").await.must_be(200);
    remove(&cleo, &going_on, &cleo).await.must_be(204);
    for member in [&anna, &bea] {
        remove(member, &ended, member).await.must_be(204);
    }
    sweep(&portal).await;
    portal
        .portal
        .ledger
        .settle_waiting(&portal.portal.database)
        .await
        .unwrap();
    portal.portal.ledger.release().await;

    let restored = portal.restored(&backup).await;
    let summary = reconcile(&restored.portal).await.unwrap().unwrap();
    assert!(summary.items_erased >= 4, "{summary:?}");
    sweep(&restored).await;
    let anna = restored.signed_in(&anna.email).await;
    let cleo = restored.signed_in(&cleo.email).await;
    assert_eq!(listed(&cleo, &going_on).await, None);
    assert_eq!(listed(&anna, &ended).await, None);
    let of_anna = listed(&anna, &going_on).await.unwrap();
    assert_eq!(of_anna["subject"], json!(null), "the replaced name stays gone");
    for word in ["Vergängliches", "Endet", "Bauamt"] {
        assert_eq!(restored.places_of(word).await, Vec::<String>::new(), "{word}");
    }
    assert_eq!(restored.count("SELECT count(*) FROM conversation").await, 1);
}

#[tokio::test]
async fn of_two_who_leave_at_once_one_is_the_last_and_ends_the_group() {
    let portal = TestPortal::start().await;
    let [anna, bea, cleo] = three(&portal).await;
    for round in 0..6 {
        let group = open(&anna, "Bauamt").await;
        join(&anna, &group, &bea).await;
        send(&anna, &group, "x").await.must_be(201);
        if round % 2 == 0 {
            let (one, other) = tokio::join!(remove(&anna, &group, &anna), remove(&bea, &group, &bea));
            one.must_be(204);
            other.must_be(204);
        } else {
            // The last one leaves while somebody joins.
            remove(&bea, &group, &bea).await.must_be(204);
            invite(&anna, &group, &[&cleo]).await.must_be(201);
            let invitation = invitations(&cleo).await.remove(0);
            let (left, joined) = tokio::join!(remove(&anna, &group, &anna), accept(&cleo, &invitation));
            left.must_be(204);
            if joined.status == 200 {
                assert!(listed(&cleo, &group).await.is_some());
                remove(&cleo, &group, &cleo).await.must_be(204);
            } else {
                joined.must_fail(404, "not_found");
            }
        }
    }
    sweep(&portal).await;
    for table in ["message", "conversation", "participation", "group_invitation"] {
        let left = portal.count(&format!("SELECT count(*) FROM {table}")).await;
        assert_eq!(left, 0, "{table}");
    }
}

#[tokio::test]
async fn who_is_removed_while_writing_has_written_before_or_not_at_all() {
    let portal = TestPortal::start().await;
    let ([anna, bea, _], group) = group_of_three(&portal).await;
    for _ in 0..6 {
        let last = "SELECT coalesce(max(id::text), '') FROM message";
        let before: String = portal.scalar(last).await;
        // Both wait for the group's lock, and get it in either order.
        let holder = portal.portal.database.begin().await.unwrap();
        holder
            .execute_unprepared(&format!(
                "SELECT FROM conversation WHERE id = '{group}' FOR NO KEY UPDATE"
            ))
            .await
            .unwrap();
        let freeing = async {
            while portal.count(WAITING).await < 2 {
                tokio::task::yield_now().await;
            }
            holder.commit().await.unwrap();
        };
        let (removed, sent, ()) = tokio::join!(remove(&anna, &group, &bea), send(&bea, &group, "x"), freeing);
        removed.must_be(204);
        let after: String = portal.scalar(last).await;
        if sent.status == 201 {
            assert_ne!(before, after);
        } else {
            sent.must_fail(404, "not_found");
            assert_eq!(before, after);
        }
        join(&anna, &group, &bea).await;
    }
}

/// How many wait for a lock in this database.
const WAITING: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
