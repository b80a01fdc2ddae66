//! What the desk is shown around a reported message: settled when it is reported, whatever becomes of the reporter.

use serde_json::json;

use crate::{
    groups::{join, open, remove, three},
    messaging::{id, send, write_to},
    reports::{REPORTS, report, shown},
    support::{Person, TestPortal},
};

const MIGRATION: &str = include_str!("../../migration/src/m20261130_000023_context/up.sql");

/// The messages that the desk is shown of a report.
async fn seen(desk: &Person, filed: &str) -> Vec<String> {
    let view = desk.get(&format!("{REPORTS}/{filed}")).await.must_be(200).json();
    shown(&view).into_iter().map(str::to_owned).collect()
}

/// Anna manages a group of three; Cleo, who joined last and blocked Bea for a while, reports what Anna wrote.
async fn quarrel(portal: &TestPortal) -> ([Person; 3], String, String) {
    let [anna, bea, cleo] = three(portal).await;
    let group = open(&anna, "Bauamt").await;
    join(&anna, &group, &bea).await;
    send(&anna, &group, "vor Cleo").await.must_be(201);
    join(&anna, &group, &cleo).await;
    let block = format!("/api/v1/me/blocks/{}", bea.id);
    cleo.put(&block, &json!({})).await.must_be(204);
    portal.advance(chrono::TimeDelta::seconds(1));
    send(&bea, &group, "ungesehen").await.must_be(201);
    cleo.delete(&block).await.must_be(204);
    portal.advance(chrono::TimeDelta::seconds(1));
    send(&bea, &group, "Frage").await.must_be(201);
    send(&cleo, &group, "Antwort").await.must_be(201);
    let rude = id(&send(&anna, &group, "Unverschämtheit").await.must_be(201).json());
    let filed = id(&report(&cleo, &rude, "Grund").await.must_be(201).json());
    ([anna, bea, cleo], group, filed)
}

#[tokio::test]
async fn whoever_is_reported_takes_nothing_away_by_removing_the_reporter() {
    let portal = TestPortal::start().await;
    let ([anna, bea, cleo], group, filed) = quarrel(&portal).await;
    let desk = portal.administrator().await;
    let told = ["Frage", "Antwort", "Unverschämtheit"];
    assert_eq!(seen(&desk, &filed).await, told);
    remove(&anna, &group, &cleo).await.must_be(204);
    assert_eq!(seen(&desk, &filed).await, told);
    // What is written without the reporter is not theirs to show.
    send(&bea, &group, "danach").await.must_be(201);
    assert_eq!(seen(&desk, &filed).await, told);
    join(&anna, &group, &cleo).await;
    assert_eq!(seen(&desk, &filed).await, told);
}

#[tokio::test]
async fn a_reporter_who_leaves_leaves_the_report_as_it_is() {
    let portal = TestPortal::start().await;
    let ([_, _, cleo], group, filed) = quarrel(&portal).await;
    let desk = portal.administrator().await;
    remove(&cleo, &group, &cleo).await.must_be(204);
    assert_eq!(seen(&desk, &filed).await, ["Frage", "Antwort", "Unverschämtheit"]);
}

#[tokio::test]
async fn what_is_written_after_the_report_is_not_shown_and_what_is_taken_back_makes_room_for_the_next() {
    let portal = TestPortal::start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let desk = portal.administrator().await;
    let conversation = id(&write_to(&anna, &[&bert], "1").await.must_be(201).json());
    let mut messages = vec![String::new()];
    for number in 2..=9 {
        let author = if number % 2 == 0 { &bert } else { &anna };
        let sent = send(author, &conversation, &number.to_string()).await;
        messages.push(id(&sent.must_be(201).json()));
    }
    let filed = id(&report(&anna, &messages[7], "Grund").await.must_be(201).json());
    send(&bert, &conversation, "10").await.must_be(201);
    assert_eq!(seen(&desk, &filed).await, ["4", "5", "6", "7", "8", "9"]);
    anna.delete(&format!("/api/v1/messages/{}", messages[6]))
        .await
        .must_be(204);
    assert_eq!(seen(&desk, &filed).await, ["3", "4", "5", "6", "8", "9"]);
}

#[tokio::test]
async fn reports_from_before_show_what_their_reporters_saw_as_far_as_their_part_is_known() {
    let portal = TestPortal::start().await;
    let ([anna, bea, cleo], group, filed) = quarrel(&portal).await;
    let rude = id(&send(&anna, &group, "und noch eine").await.must_be(201).json());
    let from_bea = id(&report(&bea, &rude, "Grund").await.must_be(201).json());
    remove(&anna, &group, &bea).await.must_be(204);
    let desk = portal.administrator().await;
    portal.execute("ALTER TABLE report DROP COLUMN around").await;
    portal.execute(MIGRATION).await;
    assert_eq!(seen(&desk, &filed).await, ["Frage", "Antwort", "Unverschämtheit"]);
    assert_eq!(seen(&desk, &from_bea).await, ["und noch eine"]);
    remove(&anna, &group, &cleo).await.must_be(204);
    assert_eq!(seen(&desk, &filed).await, ["Frage", "Antwort", "Unverschämtheit"]);
}
