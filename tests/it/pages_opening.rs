//! The page on which a conversation begins: people are chosen, nothing that was typed is lost, nothing is begun twice.

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{PASSWORD, TestPortal, page};

const NEW: &str = "/de/conversations/new";

#[tokio::test]
async fn people_are_chosen_one_after_the_other_and_written_to() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let cleo = portal.member("Cleo", "Leserin").await;
    let start = anna.get(NEW).await.must_be(200);
    start
        .must_show("An wen möchten Sie schreiben?")
        .must_not_show("Nachricht senden");
    let with_bea = format!("{NEW}?to={}", bea.id);
    anna.get(&format!("{NEW}?query=leserin"))
        .await
        .must_show("Bea Leserin hinzufügen")
        .must_show("Cleo Leserin hinzufügen");
    let one = anna
        .get(&format!("{with_bea}&to=nonsense&to={}&to={}", anna.id, bea.id))
        .await
        .must_be(200)
        .must_show("Wenn Sie mit dieser Person schon eine Unterhaltung haben")
        .must_show("verschwinden Ihre Nachrichten für alle");
    assert_eq!(
        one.text().matches("type=\"checkbox\"").count(),
        1,
        "{}",
        one.text()
    );
    let searched = anna.get(&format!("{with_bea}&query=leserin")).await;
    let searched = searched.must_be(200).must_not_show("Bea Leserin hinzufügen");
    let both = format!("{with_bea}&to={}", cleo.id);
    assert!(
        searched.text().contains(&both.replace('&', "&#38;")),
        "{}",
        searched.text()
    );
    anna.get(&format!("{with_bea}&query=anna"))
        .await
        .must_show("Dazu wurde niemand gefunden.");
    let english = both.replace("/de", "/en");
    let form = anna
        .get(&english)
        .await
        .must_show("Who gets the message")
        .must_not_show("If you already have a conversation");
    let key = page::hidden(&form.text(), "key").unwrap();
    let (bea_id, cleo_id) = (bea.id.to_string(), cleo.id.to_string());
    let sent = [
        ("to", bea_id.as_str()),
        ("to", &cleo_id),
        ("key", &key),
        ("member_ids", &bea_id),
        ("member_ids", &cleo_id),
        ("subject", "Akten"),
        ("body", "Guten Tag"),
    ];
    let answer = anna.submit("/en/conversations/new", &sent).await;
    let place = answer.header("location").unwrap().to_owned();
    assert!(place.ends_with("?done=message-sent#newest"), "{place}");
    anna.get(place.split('#').next().unwrap())
        .await
        .must_be(200)
        .must_show("Your message has been sent.")
        .must_show("Akten")
        .must_show("Taking part: you, Bea Leserin, Cleo Leserin");
}

#[tokio::test]
async fn an_opening_that_arrives_twice_is_begun_once() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await.id.to_string();
    let cleo = portal.member("Cleo", "Leserin").await.id.to_string();
    for readers in [vec![bea.clone()], vec![bea.clone(), cleo]] {
        let body = format!("an {}", readers.len());
        let mut clicks = JoinSet::new();
        for _ in 0..8 {
            let (anna, readers, body) = (anna.clone(), readers.clone(), body.clone());
            clicks.spawn(async move {
                let mut sent = vec![("key", "one form"), ("body", &body)];
                sent.extend(readers.iter().map(|id| ("member_ids", id.as_str())));
                anna.submit(NEW, &sent).await
            });
        }
        let answers = clicks.join_all().await;
        for answer in &answers {
            assert_eq!(answer.status, 303, "{}", page::words(&answer.text()));
            assert_eq!(answer.header("location"), answers[0].header("location"));
        }
    }
    assert_eq!(portal.count("SELECT count(*) FROM conversation").await, 2);
    assert_eq!(portal.count("SELECT count(*) FROM message").await, 2);
    let other_words = [("key", "one form"), ("body", "anders"), ("member_ids", &bea)];
    assert_eq!(anna.submit(NEW, &other_words).await.status, 303);
    assert_eq!(portal.count("SELECT count(*) FROM conversation").await, 2);
    assert_eq!(portal.count("SELECT count(*) FROM message").await, 3);
}

#[tokio::test]
async fn a_refused_opening_keeps_what_was_chosen_and_typed() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let (own, bea_id) = (anna.id.to_string(), bea.id.to_string());
    let empty = anna
        .submit(
            NEW,
            &[
                ("to", &bea_id),
                ("member_ids", &bea_id),
                ("subject", "Akten"),
                ("body", " "),
            ],
        )
        .await
        .must_be(422)
        .must_show("Diese Angabe fehlt.")
        .must_show("Bea Leserin");
    let html = empty.text();
    for expected in [
        "<a href=\"#body\">",
        "value=\"Akten\"",
        " checked",
        &format!("href=\"/en/conversations/new?to={bea_id}\""),
    ] {
        assert!(html.contains(expected), "{expected}: {html}");
    }
    let nobody = anna
        .submit(NEW, &[("to", &bea_id), ("body", "für niemanden")])
        .await
        .must_be(422)
        .must_show("für niemanden");
    assert!(
        nobody.text().contains("<a href=\"#member-ids-1\">"),
        "{}",
        nobody.text()
    );
    for (reader, words) in [
        (own.as_str(), "Hier können Sie sich nicht selbst angeben."),
        ("nonsense", "Mindestens eine dieser Personen ist kein Mitglied"),
    ] {
        anna.submit(NEW, &[("member_ids", reader), ("body", "x")])
            .await
            .must_be(422)
            .must_show(words);
    }
    bea.patch("/api/v1/me/profile", &json!({ "listed": false }))
        .await
        .must_be(200);
    anna.submit(
        NEW,
        &[("to", &bea_id), ("member_ids", &bea_id), ("body", "noch da?")],
    )
    .await
    .must_be(422)
    .must_show("Mindestens eine dieser Personen ist kein Mitglied")
    .must_show("noch da?");
    anna.get(&format!("{NEW}?query={}", "x".repeat(201)))
        .await
        .must_be(422)
        .must_show("Höchstens 200 Zeichen sind möglich.");
    assert_eq!(portal.count("SELECT count(*) FROM conversation").await, 0);
}

#[tokio::test]
async fn an_opening_sent_after_the_session_ended_comes_back_as_it_was() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await.id.to_string();
    let visitor = portal.visitor();
    let sent = [
        ("to", bea.as_str()),
        ("key", "k"),
        ("member_ids", &bea),
        ("body", "Guten Tag"),
    ];
    let asks = visitor.submit(NEW, &sent).await.must_be(401);
    let carried = page::hidden(&asks.text(), "carried").unwrap();
    let signed_in = [
        ("email", anna.email.as_str()),
        ("password", PASSWORD),
        ("next", NEW),
        ("carried", &carried),
    ];
    visitor
        .submit("/de/sign-in", &signed_in)
        .await
        .must_show("Sie sind wieder angemeldet");
    let back: Vec<_> = [("_restore", "1")].into_iter().chain(sent).collect();
    let form = visitor
        .submit(NEW, &back)
        .await
        .must_be(200)
        .must_show("Guten Tag")
        .must_show("Bea Leserin")
        .must_not_show("Fehler");
    assert_eq!(page::hidden(&form.text(), "key").as_deref(), Some("k"));
    assert!(form.text().contains(" checked"), "{}", form.text());
    assert_eq!(portal.count("SELECT count(*) FROM conversation").await, 0);
}
