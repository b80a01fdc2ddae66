//! The page on which a conversation begins: people are chosen, nothing that was typed is lost, nothing is begun twice.

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{PASSWORD, TestPortal, page};

const NEW: &str = "/de/conversations/new";

/// Who can be ticked, and whether they are.
fn boxes(html: &str) -> Vec<String> {
    html.split("name=\"member_ids\" value=\"")
        .skip(1)
        .filter_map(|rest| rest.split('>').next())
        .map(|rest| {
            let id = rest.split('"').next().unwrap_or_default();
            let checked = if rest.contains(" checked") { " checked" } else { "" };
            format!("{id}{checked}")
        })
        .collect()
}

#[tokio::test]
async fn people_are_chosen_one_after_the_other_and_written_to() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let cleo = portal.member("Cleo", "Leserin").await;
    anna.get(NEW)
        .await
        .must_be(200)
        .must_show("Noch ist niemand ausgewählt.")
        .must_show("verschwinden Ihre Nachrichten für alle");
    let with_bea = format!("{NEW}?to={}", bea.id);
    let one = anna
        .get(&format!("{with_bea}&to=nonsense&to={}&to={}", anna.id, bea.id))
        .await
        .must_be(200)
        .must_show("Bea Leserin Stadt Musterhausen")
        .must_show("Wenn Sie mit dieser Person schon eine Unterhaltung haben");
    assert_eq!(boxes(&one.text()), [format!("{} checked", bea.id)]);
    anna.get(&format!("{with_bea}&query=anna"))
        .await
        .must_show("Dazu wurde niemand gefunden.");
    let both = format!("{with_bea}&to={}", cleo.id);
    let english = both.replace("/de", "/en");
    let form = anna
        .get(&english)
        .await
        .must_show("Who gets the message")
        .must_not_show("If you already have a conversation");
    let key = page::hidden(&form.text(), "key").unwrap();
    let (bea_id, cleo_id) = (bea.id.to_string(), cleo.id.to_string());
    let sent = [
        ("key", key.as_str()),
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
        .must_show("Taking part: you, Bea Leserin , Cleo Leserin");
}

#[tokio::test]
async fn looking_for_people_keeps_who_is_ticked_and_what_is_typed() {
    let portal = TestPortal::start().await;
    portal.many_members(30, 0).await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await.id.to_string();
    let cleo = portal.member("Cleo", "Leserin").await.id.to_string();
    let typed = [
        ("key", "k"),
        ("subject", "Akten & <mehr>"),
        ("body", "Zeile 1\r\nZeile 2"),
        ("member_ids", &bea),
    ];
    let search = |query: &'static str, act: &'static str| {
        let mut sent = typed.to_vec();
        sent.extend([("query", query), ("act", act)]);
        sent
    };
    let found = anna
        .submit(NEW, &search("leserin", "search"))
        .await
        .must_be(200)
        .must_show("Zeile 1 Zeile 2")
        .must_not_show("Fehler");
    let html = found.text();
    assert_eq!(boxes(&html), [format!("{bea} checked"), cleo.clone()]);
    assert_eq!(page::hidden(&html, "key").as_deref(), Some("k"));
    for kept in [
        "name=\"query\" value=\"leserin\"",
        "value=\"Akten &#38; &#60;mehr&#62;\"",
        &format!("href=\"/en/conversations/new?to={bea}&#38;query=leserin\""),
    ] {
        assert!(html.contains(kept), "{kept}: {html}");
    }
    anna.submit(NEW, &search("niemand", "search"))
        .await
        .must_be(200)
        .must_show("Dazu wurde niemand gefunden.")
        .must_show("Zeile 1 Zeile 2");
    let everyone = anna.submit(NEW, &search("", "search")).await.must_be(200);
    assert!(boxes(&everyone.text()).contains(&cleo), "{}", everyone.text());
    let first = anna
        .submit(NEW, &search("many", "search"))
        .await
        .must_show("Number 000025")
        .must_not_show("Number 000026");
    let cursor = page::hidden(&first.text(), "cursor").unwrap();
    let mut more = search("many", "more");
    more.push(("cursor", &cursor));
    anna.submit(NEW, &more)
        .await
        .must_be(200)
        .must_show("Bea Leserin")
        .must_show("Number 000030")
        .must_show("Zeile 1 Zeile 2")
        .must_not_show("Weitere Gefundene zeigen");
    let too_long = "x".repeat(201);
    let mut refused = typed.to_vec();
    refused.extend([("query", too_long.as_str()), ("act", "search")]);
    let refused = anna
        .submit(NEW, &refused)
        .await
        .must_be(422)
        .must_show("Höchstens 200 Zeichen sind möglich.")
        .must_show("Zeile 1 Zeile 2");
    assert!(
        refused.text().contains("<a href=\"#query\">"),
        "{}",
        refused.text()
    );
    // Who is taken out again is written to no more; who was just found and ticked is.
    let mut sent = search("leserin", "");
    sent.retain(|(name, _)| !["member_ids", "act"].contains(name));
    sent.push(("member_ids", &cleo));
    assert_eq!(anna.submit(NEW, &sent).await.status, 303);
    let readers = portal.count("SELECT count(*) FROM participation p JOIN profile o USING (account_id) WHERE o.last_name = 'Leserin'").await;
    assert_eq!(readers, 1);
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
            &[("member_ids", &bea_id), ("subject", "Akten"), ("body", " ")],
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
        .submit(NEW, &[("body", "für niemanden")])
        .await
        .must_be(422)
        .must_show("für niemanden");
    assert!(
        nobody.text().contains("<a href=\"#member-ids\">"),
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
    anna.submit(NEW, &[("member_ids", &bea_id), ("body", "noch da?")])
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
    let sent = [("key", "k"), ("member_ids", bea.as_str()), ("body", "Guten Tag")];
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
