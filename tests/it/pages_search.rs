//! The pages of search: what was found is marked, and leads to its place in the conversation.

use uuid::Uuid;

use crate::{
    groups::open,
    messaging::send,
    search::{asking, said},
    support::{TestPortal, page},
};

const PAGE: &str = "/de/conversations/search";

#[tokio::test]
async fn the_page_marks_what_was_found_and_leads_to_it_without_reading_it() {
    let portal = TestPortal::start().await;
    let (anna, bea, conversation) = said(&portal, &["<b>Häuser</b> & 'Gärten'"]).await;
    for index in 1..=60 {
        send(&anna, &conversation, &format!("Nachricht <{index}>."))
            .await
            .must_be(201);
    }
    bea.get("/de/conversations")
        .await
        .must_show("Wonach suchen Sie in Ihren Nachrichten?");
    let listed = bea
        .get(&asking(PAGE, &[("query", "<haus>")]))
        .await
        .must_be(200)
        .must_show("Gefunden zu „<haus>“")
        .must_show("Anna Beispiel")
        .must_show("& 'Gärten'")
        .text();
    assert!(listed.contains("<mark>b&#62;Häuser&#60;/b</mark>"), "{listed}");
    let way = page::values(&listed, "href")
        .find(|href| href.contains("?at="))
        .unwrap()
        .to_owned();
    let (path, place) = way.split_once('#').unwrap();
    let there = bea
        .get(path)
        .await
        .must_be(200)
        .must_show("Gefundene Nachricht")
        .must_show("Nachricht <11>.")
        .must_show("Zu den neuesten Nachrichten")
        .must_not_show("Nachricht <12>.")
        .must_not_show("Ab hier ungelesen");
    assert!(there.text().contains(&format!("id=\"{place}\"")));
    bea.get("/de/conversations")
        .await
        .must_show("61 ungelesene Nachrichten");
    let shown = format!("/de/conversations/{conversation}");
    let newest = asking(&shown, &[("at", &Uuid::max().to_string())]);
    bea.get(&newest).await.must_be(200).must_show("Nachricht <60>.");
    bea.get(&asking(&shown, &[("at", "nonsense")])).await.must_be(404);
}

#[tokio::test]
async fn one_conversation_is_searched_by_itself_and_what_is_refused_comes_back() {
    let portal = TestPortal::start().await;
    let (anna, bea, conversation) = said(&portal, &["Nachricht <0>."]).await;
    for index in 1..=30 {
        send(&anna, &conversation, &format!("Nachricht <{index}>."))
            .await
            .must_be(201);
    }
    let within = asking(
        PAGE,
        &[("query", "nachricht"), ("conversation_id", &conversation)],
    );
    let first = bea
        .get(&within)
        .await
        .must_be(200)
        .must_show("Durchsucht wird nur diese Unterhaltung: Anna Beispiel.")
        .must_show("Nachricht <30>.");
    assert_eq!(
        page::hidden(&first.text(), "conversation_id").as_deref(),
        Some(conversation.as_str())
    );
    let next = page::values(&first.text(), "href")
        .find(|href| href.contains("cursor="))
        .unwrap()
        .replace("&#38;", "&");
    bea.get(&next)
        .await
        .must_be(200)
        .must_show("Nachricht <5>.")
        .must_not_show("Nachricht <6>.");
    bea.get(&asking(PAGE, &[("query", "nirgends")]))
        .await
        .must_show("keine Nachricht gefunden");
    let refused = bea
        .get(&asking(PAGE, &[("query", "-haus")]))
        .await
        .must_be(422)
        .must_show("mindestens ein Wort")
        .text();
    assert!(refused.contains("value=\"-haus\"") && refused.contains("<a href=\"#query\">"));
    bea.get("/en/conversations/search")
        .await
        .must_be(200)
        .must_show("Search messages")
        .must_not_show("Found for");
    let alone = open(&anna, "Bauamt").await;
    let path = asking(PAGE, &[("query", "haus"), ("conversation_id", &alone)]);
    bea.get(&path).await.must_be(404);
}
