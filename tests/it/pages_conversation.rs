//! Pages of conversations: the list, reading, answering, deleting one's own message for everyone.

use axum::http::Method;
use serde_json::json;
use uuid::Uuid;

use crate::{
    messaging::{id, messages_of, send, write_to},
    support::{PASSWORD, Person, TestPortal, page},
};

const CONVERSATIONS: &str = "/de/conversations";

/// Two people, and the page of the conversation that the first began.
async fn talk(portal: &TestPortal) -> (Person, Person, String) {
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let begun = write_to(&anna, &[&bea], "Guten Tag").await.must_be(201).json();
    let path = format!("{CONVERSATIONS}/{}", id(&begun));
    (anna, bea, path)
}

fn id_in(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn the_list_says_who_wrote_last_and_what_is_unread() {
    let portal = TestPortal::with("limits.conversations_per_day_when_new = 100").await;
    let (anna, bea, path) = talk(&portal).await;
    let cleo = portal.member("Cleo", "Neu").await;
    cleo.get(CONVERSATIONS)
        .await
        .must_be(200)
        .must_show("Sie haben noch keine Unterhaltung.")
        .must_show("Neue Unterhaltung beginnen");
    let opening = json!({ "member_ids": [bea.id, cleo.id], "subject": "Akten <alt>",
                          "body": format!("Zeile\n\n{}", "lang ".repeat(60)) });
    anna.post("/api/v1/conversations", &opening).await.must_be(201);
    let list = bea
        .get(CONVERSATIONS)
        .await
        .must_be(200)
        .must_show("Akten <alt>")
        .must_show("Eine ungelesene Nachricht")
        .must_show("Anna Beispiel, Cleo Neu")
        .must_show("Anna Beispiel: Zeile lang lang")
        .must_show("lang …");
    let html = list.text();
    assert!(html.find("Akten").unwrap() < html.find("Guten Tag").unwrap());
    assert_eq!(html.matches("card unread").count(), 2, "{html}");
    assert!(html.contains(&format!("href=\"{path}#unread\"")), "{html}");
    anna.get("/en/conversations")
        .await
        .must_be(200)
        .must_show("You: Guten Tag")
        .must_not_show("unread");
    for _ in 0..25 {
        write_to(&anna, &[&bea, &cleo], "Rundbrief").await.must_be(201);
    }
    bea.get(CONVERSATIONS)
        .await
        .must_show("Weitere Einträge")
        .must_not_show("Guten Tag");
    portal
        .visitor()
        .get(CONVERSATIONS)
        .await
        .must_lead_to("/de/sign-in?next=%2Fde%2Fconversations");
}

#[tokio::test]
async fn messages_stand_in_the_order_of_writing_and_opening_them_marks_them_as_read() {
    let portal = TestPortal::start().await;
    let (anna, bea, path) = talk(&portal).await;
    for index in 2..=25 {
        send(&anna, id_in(&path), &format!("Nachricht <{index}>."))
            .await
            .must_be(201);
    }
    let ahead = bea
        .request(Method::GET, &path)
        .header("sec-purpose", "prefetch;prerender");
    ahead.send().await.must_be(200);
    bea.request(Method::HEAD, &path).send().await;
    bea.get(CONVERSATIONS)
        .await
        .must_show("25 ungelesene Nachrichten");

    let newest = bea
        .get(&path)
        .await
        .must_be(200)
        .must_show("Anna Beispiel")
        .must_show("Beteiligt: Sie, Anna Beispiel")
        .must_show("Ab hier ungelesen")
        .must_not_show("Frühere Nachrichten zeigen")
        .must_not_show("Für alle löschen")
        .must_show("Guten Tag");
    let html = newest.text();
    let words = page::words(&html);
    assert!(words.find("Nachricht <4>.").unwrap() < words.find("Nachricht <25>.").unwrap());
    assert!(html.find("id=\"newest\"").unwrap() > html.find("&#60;24&#62;").unwrap());
    bea.get(CONVERSATIONS).await.must_not_show("ungelesen");

    send(&anna, id_in(&path), "Nachricht <26>.").await.must_be(201);
    bea.get(&path)
        .await
        .must_show("Frühere Nachrichten zeigen")
        .must_not_show("Guten Tag");
    let html = bea.get(&path).await.must_not_show("Ab hier ungelesen").text();
    let earlier = page::values(&html, "href")
        .find(|href| href.contains("cursor="))
        .unwrap();
    bea.get(earlier)
        .await
        .must_be(200)
        .must_show("Guten Tag")
        .must_show("Zu den neuesten Nachrichten")
        .must_not_show("Nachricht <26>.");
    send(&bea, id_in(&path), "von Bea").await.must_be(201);
    send(&anna, id_in(&path), "ganz neu").await.must_be(201);
    let again = bea.get(&path.replace("/de", "/en")).await.must_be(200);
    let words = page::words(&again.must_show("Unread from here").text());
    assert!(words.find("von Bea").unwrap() < words.find("Unread from here").unwrap());
}

#[tokio::test]
async fn much_that_is_unread_is_read_from_its_beginning_part_by_part() {
    let portal = TestPortal::start().await;
    let (anna, bea, path) = talk(&portal).await;
    bea.get(&path).await.must_show("Guten Tag");
    for index in 1..=60 {
        let words = format!("Nachricht <{index}>.");
        send(&anna, id_in(&path), &words).await.must_be(201);
    }
    let first = bea
        .get(&path)
        .await
        .must_be(200)
        .must_show("Nachricht <1>.")
        .must_show("Nachricht <25>.")
        .must_not_show("Guten Tag")
        .must_not_show("Nachricht <26>.")
        .must_not_show("Nachricht senden")
        .must_show("Noch 35 ungelesene Nachrichten")
        .text();
    let words = page::words(&first);
    assert!(words.find("Ab hier ungelesen").unwrap() < words.find("Nachricht <1>.").unwrap());
    let ways: Vec<_> = page::values(&first, "href").collect();
    assert!(ways.contains(&path.as_str()) && first.contains(&format!("href=\"{path}?newest=1\"")));
    bea.get(CONVERSATIONS)
        .await
        .must_show("35 ungelesene Nachrichten");
    let earlier = ways.iter().find(|href| href.contains("cursor=")).unwrap();
    bea.get(earlier)
        .await
        .must_show("Guten Tag")
        .must_not_show("Nachricht <1>.");

    bea.get(&path)
        .await
        .must_show("Nachricht <26>.")
        .must_show("Nachricht <50>.")
        .must_show("Noch 10 ungelesene Nachrichten");
    bea.get(&path)
        .await
        .must_show("Nachricht <60>.")
        .must_show("Nachricht senden")
        .must_not_show("Noch ");
    bea.get(CONVERSATIONS).await.must_not_show("ungelesen");
}

#[tokio::test]
async fn who_skips_to_the_end_has_read_everything() {
    let portal = TestPortal::start().await;
    let (anna, bea, path) = talk(&portal).await;
    for index in 1..=60 {
        let words = format!("Nachricht <{index}>.");
        send(&anna, id_in(&path), &words).await.must_be(201);
    }
    bea.get(&format!("{path}?newest=1"))
        .await
        .must_be(200)
        .must_show("Nachricht <60>.")
        .must_show("Nachricht <36>.")
        .must_show("Nachricht senden")
        .must_not_show("Nachricht <35>.");
    bea.get(CONVERSATIONS).await.must_not_show("ungelesen");
}

#[tokio::test]
async fn an_answer_is_sent_once_however_often_the_form_arrives() {
    let portal = TestPortal::start().await;
    let (anna, bea, path) = talk(&portal).await;
    let form = bea
        .get(&path)
        .await
        .must_show("Wenn Sie Ihr Konto löschen, verschwinden Ihre Nachrichten");
    let key = page::hidden(&form.text(), "key").unwrap();
    for _ in 0..2 {
        bea.submit(&path, &[("key", &key), ("body", "Gern.\r\nBis bald")])
            .await
            .must_lead_to(&format!("{path}?done=message-sent#newest"));
    }
    assert_eq!(portal.count("SELECT count(*) FROM message").await, 2);
    // The browser's way back shows the old form; what is typed into it now is another message.
    bea.submit(&path, &[("key", &key), ("body", "Noch etwas")])
        .await
        .must_lead_to(&format!("{path}?done=message-sent#newest"));
    assert_eq!(portal.count("SELECT count(*) FROM message").await, 3);
    let again = bea.get(&format!("{path}?done=message-sent")).await;
    let again = again
        .must_show("Ihre Nachricht ist gesendet.")
        .must_show("Noch etwas");
    assert_ne!(page::hidden(&again.text(), "key"), Some(key));
    let long = "x".repeat(10_001);
    let refused = bea
        .submit(&path, &[("key", "k"), ("body", &long)])
        .await
        .must_be(422);
    let html = refused.must_show("Höchstens 10000 Zeichen sind möglich.").text();
    assert!(html.contains("<a href=\"#body\">") && html.contains(&long));
    assert_eq!(page::hidden(&html, "key").as_deref(), Some("k"));
    anna.get(&path).await.must_show("Bea Leserin");
}

#[tokio::test]
async fn an_answer_sent_after_the_session_ended_comes_back_and_is_not_sent_yet() {
    let portal = TestPortal::start().await;
    let (anna, _, path) = talk(&portal).await;
    let visitor = portal.visitor();
    let asks = visitor
        .submit(&path, &[("key", "k"), ("body", "nicht verloren")])
        .await
        .must_be(401);
    let carried = page::hidden(&asks.text(), "carried").unwrap();
    let signed_in = [
        ("email", anna.email.as_str()),
        ("password", PASSWORD),
        ("next", &path),
        ("carried", &carried),
    ];
    let offer = visitor.submit("/de/sign-in", &signed_in).await.must_be(200);
    assert_eq!(
        page::hidden(&offer.text(), "body").as_deref(),
        Some("nicht verloren")
    );
    visitor
        .submit(
            &path,
            &[("_restore", "1"), ("key", "k"), ("body", "nicht verloren")],
        )
        .await
        .must_be(200)
        .must_show("nicht verloren");
    assert_eq!(portal.count("SELECT count(*) FROM message").await, 1);
}

#[tokio::test]
async fn who_is_not_in_a_conversation_finds_no_page_of_it() {
    let portal = TestPortal::start().await;
    let (anna, _, path) = talk(&portal).await;
    let eve = portal.member("Eve", "Fremd").await;
    let desk = portal.administrator().await;
    let message = id(&anna.get(&messages_of(id_in(&path))).await.json()["items"][0]);
    for stranger in [&*eve, &*desk] {
        for page in [path.clone(), format!("{path}/messages/{message}")] {
            stranger.get(&page).await.must_be(404).must_not_show("Guten Tag");
            stranger.submit(&page, &[("body", "x")]).await.must_be(404);
        }
    }
    for nothing in ["nonsense".to_owned(), Uuid::max().to_string()] {
        anna.get(&format!("{CONVERSATIONS}/{nothing}")).await.must_be(404);
        anna.get(&format!("{path}/messages/{nothing}")).await.must_be(404);
    }
    assert_eq!(portal.count("SELECT count(*) FROM message").await, 1);
}

#[tokio::test]
async fn ones_own_message_is_deleted_for_everyone_after_a_question() {
    let portal = TestPortal::start().await;
    let (anna, bea, path) = talk(&portal).await;
    let html = anna.get(&path).await.must_show("Für alle löschen").text();
    let ask = page::values(&html, "href")
        .find(|href| href.contains("/messages/"))
        .unwrap()
        .to_owned();
    anna.get(&ask)
        .await
        .must_be(200)
        .must_show("Guten Tag")
        .must_show("Nachricht behalten");
    anna.get(&ask.replace("/de", "/en"))
        .await
        .must_show("Delete a message for everyone");
    bea.get(&ask)
        .await
        .must_be(403)
        .must_show("fehlt Ihnen die Berechtigung");
    bea.submit(&ask, &[]).await.must_be(403);
    anna.submit(&ask, &[("_restore", "1")])
        .await
        .must_be(200)
        .must_show("Guten Tag");
    assert_eq!(portal.count("SELECT count(*) FROM message").await, 1);
    anna.submit(&ask, &[])
        .await
        .must_lead_to(&format!("{path}?done=message-withdrawn"));
    anna.get(&format!("{path}?done=message-withdrawn"))
        .await
        .must_show("Die Nachricht ist für alle gelöscht.")
        .must_show("In dieser Unterhaltung stehen keine Nachrichten mehr.");
    bea.get(&path).await.must_be(200).must_not_show("Guten Tag");
    bea.get(CONVERSATIONS).await.must_show("Anna Beispiel");
    anna.submit(&ask, &[]).await.must_be(404);
}

#[tokio::test]
async fn those_who_take_part_are_linked_to_their_page_if_they_have_one() {
    let portal = TestPortal::start().await;
    let (anna, bea, path) = talk(&portal).await;
    let link = format!("<a href=\"/de/members/{}\">Anna Beispiel</a>", anna.id);
    let linked = async || {
        bea.get(&path)
            .await
            .must_show("Beteiligt: Sie, Anna Beispiel")
            .text()
            .contains(&link)
    };
    assert!(linked().await);
    portal.set_status(anna.id, "suspended").await;
    assert!(!linked().await);
    portal.set_status(anna.id, "active").await;
    anna.patch("/api/v1/me/profile", &json!({ "listed": false }))
        .await
        .must_be(200);
    assert!(!linked().await);
    let members = bea.get("/api/v1/conversations").await.json()["items"][0]["members"].clone();
    let listed: Vec<_> = members
        .as_array()
        .unwrap()
        .iter()
        .map(|member| &member["listed"])
        .collect();
    assert_eq!(listed, [false, true]);
}

#[tokio::test]
async fn who_left_is_a_former_member_and_nobody_is_written_to_any_more() {
    let portal = TestPortal::start().await;
    let (anna, bea, path) = talk(&portal).await;
    send(&bea, id_in(&path), "von Bea").await.must_be(201);
    portal.set_status(anna.id, "deleted").await;
    bea.get(&path)
        .await
        .must_be(200)
        .must_show("Beteiligt: Sie, ein ehemaliges Mitglied")
        .must_show("Alle anderen haben diese Unterhaltung oder das Portal verlassen.")
        .must_show("von Bea")
        .must_not_show("Anna")
        .must_not_show("Guten Tag")
        .must_not_show("Nachricht senden");
    bea.get("/en/conversations")
        .await
        .must_show("Former member")
        .must_not_show("Anna");
    bea.submit(&path, &[("key", "k"), ("body", "noch da?")])
        .await
        .must_be(409)
        .must_show("niemand würde die Nachricht lesen")
        .must_show("Ihr Text, der nicht gesendet wurde noch da?")
        .must_not_show("Nachricht senden");
    assert_eq!(
        portal
            .count("SELECT count(*) FROM message WHERE body = 'noch da?'")
            .await,
        0
    );
}

#[tokio::test]
async fn a_page_that_is_kept_up_to_date_has_only_been_read_by_whoever_looks_at_it() {
    let portal = TestPortal::start().await;
    let (anna, bea, path) = talk(&portal).await;
    bea.get(&path).await.must_be(200);
    send(&anna, id_in(&path), "noch eine").await.must_be(201);
    let renew = async |how: &str| {
        let asked = bea.request(Method::GET, &path).header("x-live", how);
        asked.send().await.must_be(200).must_show("noch eine")
    };
    let html = renew("look").await.must_show("Ab hier ungelesen").text();
    for part in ["title", "people", "earlier", "messages", "write"] {
        assert!(html.contains(&format!("data-live=\"{part}\"")), "{part}: {html}");
    }
    bea.get(CONVERSATIONS)
        .await
        .must_show("Eine ungelesene Nachricht");
    renew("read").await;
    bea.get(CONVERSATIONS).await.must_not_show("ungelesen");
}
