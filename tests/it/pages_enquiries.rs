//! Pages of one's enquiries: the list, the thread, writing on, closing; and the way there from the mail.

use serde_json::json;

use crate::{
    enquiries::ask,
    support::{PASSWORD, TestPortal, page},
};

#[tokio::test]
async fn a_mail_leads_to_the_answer_where_its_reader_writes_on() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let id = ask(&anna, "Rechnung <alt>").await;
    let answer = format!("/api/v1/admin/enquiries/{id}/answer");
    desk.post(&answer, &json!({ "body": "In der <Post>." }))
        .await
        .must_be(204);
    portal.work().await;
    let mail = portal.mails_to(&anna.email).pop().unwrap();
    let path = format!("/en/enquiries/{id}");
    assert!(mail.text.contains(&path), "{}", mail.text);

    let reader = portal.visitor();
    let sign_in = format!("/en/sign-in?next=%2Fen%2Fenquiries%2F{id}");
    reader.get(&path).await.must_lead_to(&sign_in);
    let pair = [
        ("email", anna.email.as_str()),
        ("password", PASSWORD),
        ("next", &path),
    ];
    reader.submit("/en/sign-in", &pair).await.must_lead_to(&path);
    let shown = reader
        .get(&path)
        .await
        .must_be(200)
        .must_show("Rechnung <alt>")
        .must_show("Answered")
        .must_show("You ,")
        .must_show("Operator ,");
    let html = shown.text();
    let words = page::words(&html);
    assert!(words.find("Wo ist sie?").unwrap() < words.find("In der <Post>.").unwrap());
    assert!(
        !words.contains("Doris"),
        "who of the operator's wrote is not said"
    );
    let key = page::hidden(&html, "key").unwrap();
    let form = [("act", "write"), ("key", key.as_str()), ("body", "Seit <wann>?")];
    let written = format!("{path}?done=enquiry-written#newest");
    for _ in 0..2 {
        reader.submit(&path, &form).await.must_lead_to(&written);
    }
    let html = reader
        .get(&format!("{path}?done=enquiry-written"))
        .await
        .must_show("Your text has arrived.")
        .must_show("Open")
        .text();
    assert_eq!(html.matches("Seit &#60;wann&#62;?").count(), 1, "{html}");
}

#[tokio::test]
async fn an_enquiry_is_closed_and_opened_by_writing_on_and_nothing_typed_is_lost() {
    let portal = TestPortal::with("limits.messages_per_hour = 2").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Beispiel").await;
    let id = ask(&anna, "Rechnung").await;
    let path = format!("/de/enquiries/{id}");
    anna.get("/de/enquiries")
        .await
        .must_show("Rechnung , Gefragt:")
        .must_show("Offen");
    bea.get(&path).await.must_be(404);
    bea.submit(&path, &[("act", "close")]).await.must_be(404);
    anna.submit(&path, &[("act", "close")])
        .await
        .must_lead_to(&format!("{path}?done=enquiry-closed#newest"));
    anna.get(&format!("{path}?done=enquiry-closed"))
        .await
        .must_show("Die Anfrage ist abgeschlossen.")
        .must_show("Wenn Sie weiterschreiben, ist die Anfrage wieder offen.")
        .must_not_show("Anfrage abschließen");
    let typed = |body| [("act", "write"), ("body", body)];
    let empty = anna.submit(&path, &typed(" ")).await.must_be(422);
    assert!(empty.text().contains("id=\"body-error\""));
    anna.submit(&path, &[("act", "nonsense")]).await.must_be(400);
    let visitor = portal.visitor();
    visitor
        .submit(&path, &typed("noch da"))
        .await
        .must_be(401)
        .must_show("Ihre Eingaben sind nicht verloren");
    let mut restored = typed("noch da").to_vec();
    restored.push(("_restore", "1"));
    anna.submit(&path, &restored)
        .await
        .must_be(200)
        .must_show("Abgeschlossen")
        .must_show("noch da");
    anna.submit(&path, &typed("noch da")).await.must_be(303);
    anna.submit(&path, &typed("zu viel"))
        .await
        .must_be(429)
        .must_show("Das waren zu viele in kurzer Zeit.")
        .must_show("zu viel");
    anna.get("/de/enquiries").await.must_show("Zuletzt geschrieben:");
}

#[tokio::test]
async fn a_long_thread_is_read_in_parts() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    let id = ask(&anna, "Rechnung").await;
    let messages = format!("/api/v1/enquiries/{id}/messages");
    for index in 0..25 {
        let text = json!({ "body": format!("Text <{index}>.") });
        anna.post(&messages, &text).await.must_be(201);
    }
    for (reader, path) in [
        (&anna, format!("/de/enquiries/{id}")),
        (&desk, format!("/de/desk/enquiries/{id}")),
    ] {
        let html = reader
            .get(&path)
            .await
            .must_be(200)
            .must_show("Text <24>.")
            .must_show("Früheres zeigen")
            .must_not_show("Wo ist sie?")
            .text();
        let earlier = page::values(&html, "href")
            .find(|href| href.contains("cursor="))
            .unwrap()
            .to_owned();
        let earlier = reader
            .get(&earlier)
            .await
            .must_be(200)
            .must_show("Wo ist sie?")
            .must_show("Zum Neuesten")
            .must_not_show("Text <24>.");
        assert_eq!(page::hidden(&earlier.text(), "after"), None);
    }
}
