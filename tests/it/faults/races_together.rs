//! What people do with each other at the same moment as one of them is swept (R7, R15): groups, reports, blocks, and
//! mails about messages. What is left is of those who stay.

use chrono::TimeDelta;
use serde_json::json;
use stammtisch::{confirmation, mail::letter::LinkPurpose, messaging::notify};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::races::{Course, Lead, told};
use crate::{
    groups::{accept, invitations, invite, join, listed, open, remove, rename},
    messaging::{id, send, write_to},
    reports::report,
    support::{TestPortal, faults::rounds},
    sweep::sweep,
};

/// Several races in each round.
async fn course(name: &'static str) -> Course {
    Course::of_rounds(name, rounds(12, 300)).await
}

/// Who was invited is in (200) or not (404); who manages, renames (200); who leaves, has left (204). The others' group
/// goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn groups_against_the_sweep_go_on_with_those_who_stay() {
    let mut course = course("race: groups and sweep").await;
    let others = course.portal.crowd(2).await;
    let bert = course.portal.signed_in(&others[0].email).await;
    let cleo = course.portal.signed_in(&others[1].email).await;
    // How long they are still here while somebody accepts: about as long as that takes.
    let mut stay = Lead::of(6);
    for person in &course.people.clone() {
        let person = course.portal.signed_in(&person.email).await;
        let own = open(&person, "Eigene").await;
        let common = open(&bert, "Gemeinsame").await;
        for guest in [&person, &cleo] {
            join(&bert, &common, guest).await;
        }
        send(&person, &common, "bald weg").await.must_be(201);
        invite(&person, &own, &[&bert]).await.must_be(201);
        let invitation = invitations(&bert).await.remove(0);
        // Under way when the status changes: nobody accepts what somebody sent who is leaving already.
        let acting = async {
            tokio::join!(
                accept(&bert, &invitation),
                rename(&bert, &common, "Umbenannt"),
                remove(&cleo, &common, &cleo),
                course.make_due_after(&stay, person.id),
            )
        };
        let ((accepted, renamed, left, ()), report) = course.race(Box::pin(acting)).await;
        renamed.must_be(200);
        left.must_be(204);
        let accepted = told(&accepted);
        assert!(
            ["200", "404 not_found"].contains(&accepted.as_str()),
            "{accepted}"
        );
        let later = if report.erased == 0 {
            sweep(&course.portal).await.erased
        } else {
            0
        };
        assert_eq!(report.erased + later, 1);
        course.must_be_gone(person.id).await;
        let common = listed(&bert, &common).await.expect("it goes on");
        assert_eq!(
            (&common["subject"], &common["former_members"]),
            (&json!("Umbenannt"), &json!(1))
        );
        assert_eq!(listed(&bert, &own).await.is_some(), accepted == "200");
        stay.other_was_first(accepted != "200");
        course.seen.note(format!("accepted: {accepted}"));
        for group in [id(&common), own] {
            remove(&bert, &group, &bert).await;
        }
    }
    sweep(&course.portal).await;
    assert_eq!(course.portal.count("SELECT count(*) FROM conversation").await, 0);
    course.seen.must_have(&["accepted: 200", "accepted: 404"]);
}

/// A report of what somebody wrote who is erased is taken (201) and goes with them, or there is nothing to report (404);
/// the desk decides what is there (204) and is told what is not (404).
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_and_decisions_against_the_sweep_are_done_or_refused_and_go_with_the_reported() {
    let mut course = course("race: reports and sweep").await;
    let others = course.portal.crowd(2).await;
    let bert = course.portal.signed_in(&others[0].email).await;
    let cleo = course.portal.signed_in(&others[1].email).await;
    for person in &course.people.clone() {
        let person = course.portal.signed_in(&person.email).await;
        let talk = id(&write_to(&person, &[&bert, &cleo], "grob")
            .await
            .must_be(201)
            .json());
        let of_person = id(&send(&person, &talk, "gröber").await.must_be(201).json());
        let of_bert = id(&send(&bert, &talk, "auch grob").await.must_be(201).json());
        let about_person = id(&report(&cleo, &of_person, "Cleos Grund").await.must_be(201).json());
        let by_person = id(&report(&person, &of_bert, "Eigener Grund")
            .await
            .must_be(201)
            .json());
        let path = |report: &str| format!("/api/v1/admin/reports/{report}/dismiss");
        let (first, second) = (path(&about_person), path(&by_person));
        let nothing = json!({});
        let acting = async {
            tokio::join!(
                report(&bert, &of_person, "Berts Grund"),
                course.desk.post(&first, &nothing),
                course.desk.post(&second, &nothing),
                course.make_due(person.id),
            )
        };
        let ((reported, decided, of_others, ()), swept) = course.beside(Box::pin(acting)).await;
        assert_eq!(swept.failed, 0, "{swept:?}");
        let (reported, decided) = (told(&reported), told(&decided));
        assert!(
            ["201", "404 not_found"].contains(&reported.as_str()),
            "{reported}"
        );
        assert!(["204", "404 not_found"].contains(&decided.as_str()), "{decided}");
        of_others.must_be(204);
        let mut erased = swept.erased;
        if erased == 0 {
            erased = sweep(&course.portal).await.erased;
        }
        assert_eq!(erased, 1);
        course.must_be_gone(person.id).await;
        for reason in ["Berts Grund", "Cleos Grund", "Eigener Grund"] {
            let left = format!("SELECT count(*) FROM report WHERE reason = '{reason}'");
            assert_eq!(course.portal.count(&left).await, 0, "{reason}");
        }
        course.seen.note(format!("reported: {reported}"));
        course.seen.note(format!("decided: {decided}"));
    }
    let stays = "SELECT count(*) FROM report WHERE state = 'dismissed' AND reporter_id IS NULL";
    let races = i64::try_from(course.people.len()).expect("few");
    assert_eq!(course.portal.count(stays).await, races);
    course.seen.must_have(&["reported: ", "decided: "]);
}

/// A hold on whoever reported somebody who is swept: what it was told that it keeps is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_on_the_reporter_against_the_sweep_keeps_the_reason_or_came_after_it() {
    // Few steps more, until the sweep comes first on a machine that is busy as well.
    let mut course = Course::of_rounds("race: hold on a reporter and sweep", rounds(24, 300)).await;
    let order = json!({ "basis": "open_claim", "reference": "Az. 1", "categories": ["enquiries"] });
    for person in &course.people.clone() {
        let others = course.portal.crowd(1).await;
        let bert = course.portal.signed_in(&others[0].email).await;
        let author = course.portal.signed_in(&person.email).await;
        let opened = write_to(&author, &[&bert], "grob").await.must_be(201).json();
        report(&bert, &id(&opened["last_message"]), "Grund")
            .await
            .must_be(201);
        course.make_due(person.id).await;
        let path = format!("/api/v1/admin/accounts/{}/holds", bert.id);
        let (placed, swept) = course.beside(course.desk.post(&path, &order)).await;
        placed.must_be(201);
        assert_eq!(swept.failed, 0, "{swept:?}");
        if swept.erased == 0 {
            assert_eq!(sweep(&course.portal).await.erased, 1);
        }
        course.must_be_gone(person.id).await;
        let kept = format!(
            "SELECT count(*) FROM superseded_report WHERE account_id = '{}'",
            bert.id
        );
        let is_kept = course.portal.count(&kept).await == 1;
        course.lead.other_was_first(is_kept);
        // Kept if the hold was placed before the account was erased.
        let was_first = format!(
            "SELECT count(*) FROM hold h JOIN audit_event e ON e.account_id = '{}' AND e.code = 'account.erased'
             WHERE h.account_id = '{}' AND h.placed_at <= e.at",
            person.id, bert.id
        );
        if course.portal.count(&was_first).await == 1 {
            assert!(is_kept, "the hold was first");
        }
        course
            .seen
            .note(["the sweep was first", "kept"][usize::from(is_kept)]);
    }
    course.seen.must_have(&["the sweep was first", "kept"]);
}

/// Whoever is leaving cannot be blocked any more (404), an old block ends (204), links are of no use (410), and mails
/// about messages are queued for those who stay alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocks_links_and_mails_against_the_sweep_leave_nothing_of_the_erased() {
    let mut course = course("race: blocks, links and mails and sweep").await;
    let others = course.portal.crowd(2).await;
    let bert = course.portal.signed_in(&others[0].email).await;
    let cleo = course.portal.signed_in(&others[1].email).await;
    for (round, person) in course.people.clone().iter().enumerate() {
        course.spread(round);
        let person = course.portal.signed_in(&person.email).await;
        write_to(&person, &[&bert], "an Bert").await.must_be(201);
        write_to(&cleo, &[&person], "von Cleo").await.must_be(201);
        let (of_bert, of_person) = (
            format!("/api/v1/me/blocks/{}", person.id),
            format!("/api/v1/me/blocks/{}", cleo.id),
        );
        cleo.put(&of_bert, &json!({})).await.must_be(204);
        person.put(&of_person, &json!({})).await.must_be(204);
        let token = unsubscribe_link(&course.portal, person.id).await;
        course
            .portal
            .execute("UPDATE participation SET mail_due_at = now() WHERE mail_due_at IS NOT NULL")
            .await;
        course.make_due(person.id).await;
        let visitor = course.portal.visitor();
        let stop = CancellationToken::new();
        let chosen = [("token", token.as_str())];
        let nothing = json!({});
        let acting = async {
            tokio::join!(
                bert.put(&of_bert, &nothing),
                cleo.delete(&of_bert),
                visitor.submit("/en/unsubscribe", &chosen),
                notify::queue_due(&course.portal.portal, &stop),
            )
        };
        let ((blocked, ended, unsubscribed, queued), report) = course.race(Box::pin(acting)).await;
        blocked.must_fail(404, "not_found");
        ended.must_be(204);
        unsubscribed.must_be(410);
        let queued = queued.expect("mails are queued");
        assert!(queued <= 1, "{queued}");
        assert_eq!(report.erased, 1);
        course.must_be_gone(person.id).await;
        course.seen.note(format!("{queued} mails queued, nothing left"));
    }
    assert_eq!(course.portal.count("SELECT count(*) FROM block").await, 0);
}

/// A link as a mail about a message would carry it.
async fn unsubscribe_link(portal: &TestPortal, account: Uuid) -> String {
    let database = &portal.portal.database;
    let until = portal.portal.now() + TimeDelta::days(30);
    let purpose = LinkPurpose::Unsubscribe;
    let opened = confirmation::open_beside(database, &portal.portal, [account].into_iter(), purpose, until);
    let confirmation = opened.await.unwrap().remove(0);
    let token = confirmation::mint(database, portal.portal.random.as_ref(), confirmation);
    token.await.unwrap().reveal()
}
