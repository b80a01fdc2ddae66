//! Restored backups (R20), and what people have chosen or undone among themselves: invitations, blocks, reports, mails.

use chrono::TimeDelta;
use serde_json::{Value, json};
use stammtisch::mail::letter::LinkPurpose;

use super::restores::{Town, bring_up};
use crate::{
    deletion::delete,
    groups::{accept, invitations, invite, open, remove},
    messaging::{id, send, write_to},
    reports::report,
    support::faults::Seen,
    sweep::sweep,
};

#[tokio::test]
async fn invitations_that_were_taken_back_declined_or_used_do_not_come_back() {
    let town = Town::found().await;
    let portal = &town.portal;
    let mut people = Vec::new();
    for name in ["Anna", "Bea", "Cleo", "Dora", "Emil"] {
        people.push(portal.member(name, "Beispiel").await);
    }
    let [anna, bea, cleo, dora, emil] = &people[..] else {
        panic!("five people")
    };
    let group = open(anna, "Bauamt").await;
    invite(anna, &group, &[bea, cleo, dora, emil]).await.must_be(201);
    let backup = portal.backup();
    anna.delete(&format!("/api/v1/groups/{group}/invitations/{}", bea.id))
        .await
        .must_be(204);
    let declined = id(&invitations(cleo).await[0]);
    cleo.delete(&format!("/api/v1/invitations/{declined}"))
        .await
        .must_be(204);
    let used = invitations(dora).await.remove(0);
    accept(dora, &used).await.must_be(200);
    remove(anna, &group, dora).await.must_be(204);

    let restored = town.restore(&backup).await;
    let summary = bring_up(&restored).await;
    assert_eq!(summary.items_erased, 4, "and that Dora was in the group");
    for person in [bea, cleo, dora] {
        let person = restored.signed_in(&person.email).await;
        assert_eq!(
            invitations(&person).await,
            Vec::<Value>::new(),
            "{}",
            person.email
        );
    }
    let dora = restored.signed_in(&dora.email).await;
    accept(&dora, &used).await.must_fail(404, "not_found");
    let emil = restored.signed_in(&emil.email).await;
    assert_eq!(invitations(&emil).await.len(), 1, "he has not answered");
    Seen::by("restores: invitations").note_many("gone again", 3);
}

#[tokio::test]
async fn of_the_reports_of_somebody_who_is_erased_again_holds_keep_what_they_kept_before() {
    let town = Town::found().await;
    let portal = &town.portal;
    let mut people = Vec::new();
    for name in ["Anna", "Bert", "Cleo", "Dora"] {
        people.push(portal.member(name, "Beispiel").await);
    }
    let [anna, bert, cleo, dora] = &people[..] else {
        panic!("four people")
    };
    for (reporter, reason) in [
        (anna, "Annas Grund"),
        (cleo, "Cleos Grund"),
        (dora, "Doras Grund"),
    ] {
        let message = id(&write_to(bert, &[reporter], "grob").await.must_be(201).json()["last_message"]);
        report(reporter, &message, reason).await.must_be(201);
    }
    let doras = town.hold(dora, &["enquiries"]).await;
    let backup = portal.backup();
    town.hold(anna, &["enquiries"]).await;
    delete(bert).await;
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(portal).await.erased, 1);
    town.hold(cleo, &["enquiries"]).await;
    town.release(&doras).await;
    sweep(portal).await;

    let restored = town.restore(&backup).await;
    assert_eq!(bring_up(&restored).await.erased, [bert.id]);
    for installation in [portal, &restored] {
        sweep(installation).await;
        let places = installation.places_of("Annas Grund").await;
        assert_eq!(places, ["superseded_report.reason"]);
        for reason in ["Cleos Grund", "Doras Grund"] {
            assert_eq!(
                installation.places_of(reason).await,
                Vec::<String>::new(),
                "{reason}"
            );
        }
    }
    Seen::by("restores: reports").note("kept again under the holds of then");
}

#[tokio::test]
async fn mails_that_were_ended_do_not_begin_again_unseen_and_links_of_before_are_dead() {
    let town = Town::found().await;
    let portal = &town.portal;
    let (anna, bea) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Leserin").await,
    );
    let pause = TimeDelta::minutes(3);
    let talk = id(&write_to(&anna, &[&bea], "eins").await.must_be(201).json());
    portal.advance(pause);
    portal.work().await;
    let token = portal.link_for(&bea.email, LinkPurpose::Unsubscribe);
    let backup = portal.backup();
    let never = json!({ "message_mail": "never" });
    bea.patch("/api/v1/me/preferences", &never).await.must_be(200);

    let restored = town.restore(&backup).await;
    let summary = bring_up(&restored).await;
    let asked: Vec<_> = summary.to_look_over.iter().map(|(id, _)| *id).collect();
    assert_eq!(asked, [bea.id]);
    let chosen = [("token", token.as_str())];
    let dead = restored.visitor().submit("/en/unsubscribe", &chosen).await;
    dead.must_be(410);
    let told = || {
        let mails = restored.mails_to(&bea.email).into_iter();
        mails.filter(|mail| mail.unsubscribe.is_some()).count()
    };
    let before = told();
    let (anna, bea) = (
        restored.signed_in(&anna.email).await,
        restored.signed_in(&bea.email).await,
    );
    send(&anna, &talk, "zwei").await.must_be(201);
    restored.advance(pause);
    restored.work().await;
    assert_eq!(told(), before);

    bea.patch("/api/v1/me/preferences", &never).await.must_be(200);
    bea.patch("/api/v1/me/profile", &json!({})).await.must_be(200);
    send(&anna, &talk, "drei").await.must_be(201);
    restored.advance(pause);
    restored.work().await;
    assert_eq!(told(), before, "she has chosen again");
    Seen::by("restores: mails about messages").note("none begins again unseen");
}

#[tokio::test]
async fn blocks_of_before_are_back_but_for_those_with_somebody_who_was_erased() {
    let town = Town::found().await;
    let portal = &town.portal;
    let mut people = Vec::new();
    for name in ["Anna", "Bert", "Cleo"] {
        people.push(portal.member(name, "Beispiel").await);
    }
    let [anna, bert, cleo] = &people[..] else {
        panic!("three people")
    };
    for (one, other) in [(anna, bert), (bert, anna), (cleo, anna)] {
        one.put(&format!("/api/v1/me/blocks/{}", other.id), &json!({}))
            .await
            .must_be(204);
    }
    let backup = portal.backup();
    delete(bert).await;
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(portal).await.erased, 1);

    let restored = town.restore(&backup).await;
    assert_eq!(bring_up(&restored).await.erased, [bert.id]);
    assert_eq!(restored.count("SELECT count(*) FROM block").await, 1);
    let cleo = restored.signed_in(&cleo.email).await;
    let blocked = cleo.get("/api/v1/me/blocks").await.must_be(200).json();
    assert_eq!(blocked["items"][0]["id"], json!(anna.id));
    Seen::by("restores: blocks").note("back, without those of the erased");
}
