//! Pages of groups: opening one, inviting, answering an invitation, naming, removing and leaving.

use crate::{
    groups::{invite, join, open, rename},
    messaging::send,
    support::{Person, TestPortal, page},
};

async fn two(portal: &TestPortal) -> [Person; 2] {
    [
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Leserin").await,
    ]
}

#[tokio::test]
async fn a_group_is_opened_by_its_name_and_people_are_searched_and_invited() {
    let portal = TestPortal::start().await;
    let [anna, bea] = two(&portal).await;
    anna.get("/de/conversations")
        .await
        .must_show("Neue Gruppe gründen");
    let form = anna.get("/de/groups/new").await.must_be(200);
    let key = page::hidden(&form.text(), "key").unwrap();
    let long = "x".repeat(201);
    anna.submit("/de/groups/new", &[("key", &key), ("name", &long)])
        .await
        .must_be(422)
        .must_show("Höchstens 200 Zeichen sind möglich.");
    let mut places = Vec::new();
    for _ in 0..2 {
        let opened = anna
            .submit("/de/groups/new", &[("key", &key), ("name", "Runde <Bau>")])
            .await
            .must_be(303);
        places.push(opened.header("location").unwrap().to_owned());
    }
    assert_eq!(places[0], places[1], "sent twice, it is opened once");
    let path = places[0].split('?').next().unwrap().to_owned();
    anna.get(&places[0])
        .await
        .must_be(200)
        .must_show("Die Gruppe ist gegründet.")
        .must_show("Sie laden in die Gruppe „Runde <Bau>“ ein.");

    anna.get(&format!("{path}?query=Anna"))
        .await
        .must_show("niemand gefunden, der noch nicht in der Gruppe ist");
    let found = anna
        .get(&format!("{path}?query=Bea"))
        .await
        .must_show("Wen möchten Sie einladen?")
        .must_show("Bea Leserin");
    assert_eq!(page::hidden(&found.text(), "query").as_deref(), Some("Bea"));
    anna.submit(&path, &[("query", "Bea")])
        .await
        .must_be(422)
        .must_show("Wen möchten Sie einladen?: Diese Angabe fehlt.")
        .must_show("Bea Leserin");
    let bea_id = bea.id.to_string();
    anna.submit(&path, &[("query", "Bea"), ("member_ids", &bea_id)])
        .await
        .must_lead_to(&format!("{path}?done=invited"));
    let group = path.trim_end_matches("/invite");
    anna.get(group)
        .await
        .must_be(200)
        .must_show("Sie verwalten diese Gruppe")
        .must_show("Einladung zurücknehmen : Bea Leserin")
        .must_show("Anna Beispiel Das sind Sie Verwaltet die Gruppe");
    anna.submit(group, &[("act", "withdraw"), ("account", &bea_id)])
        .await
        .must_lead_to(&format!("{group}?done=invitation-withdrawn"));
    anna.get(group).await.must_show("Zurzeit ist niemand eingeladen.");
    bea.get(group).await.must_be(404);
    portal
        .visitor()
        .get("/en/groups/new")
        .await
        .must_lead_to("/en/sign-in?next=%2Fen%2Fgroups%2Fnew");
}

#[tokio::test]
async fn who_is_invited_is_told_and_accepts_or_declines() {
    let portal = TestPortal::start().await;
    let [anna, bea] = two(&portal).await;
    bea.get("/de/invitations")
        .await
        .must_be(200)
        .must_show("Zurzeit hat Sie niemand in eine Gruppe eingeladen.");
    bea.get("/de").await.must_not_show("eingeladen");
    let (first, second) = (
        open(&anna, "Runde <Bau>").await,
        open(&anna, "Zweite Runde").await,
    );
    for group in [&first, &second] {
        invite(&anna, group, &[&bea]).await.must_be(201);
    }
    bea.get("/de").await.must_show("Sie sind in 2 Gruppen eingeladen");
    bea.get("/en/conversations")
        .await
        .must_show("You are invited into 2 groups");
    let list = bea
        .get("/de/invitations")
        .await
        .must_show("Runde <Bau>")
        .must_show("Eingeladen von Anna Beispiel")
        .must_show("Eine Person ist in der Gruppe")
        .text();
    let latest = page::hidden(&list, "id").unwrap();
    bea.submit("/de/invitations", &[("act", "decline"), ("id", &latest)])
        .await
        .must_lead_to("/de/invitations?done=invitation-declined");
    let left = bea
        .get("/de/invitations")
        .await
        .must_not_show("Zweite Runde")
        .text();
    let invitation = page::hidden(&left, "id").unwrap();
    let joined = format!("/de/conversations/{first}");
    bea.submit("/de/invitations", &[("act", "accept"), ("id", &invitation)])
        .await
        .must_lead_to(&format!("{joined}?done=group-joined"));
    bea.submit("/de/invitations", &[("act", "accept"), ("id", &invitation)])
        .await
        .must_be(404);
    bea.get(&joined)
        .await
        .must_show("Beteiligt: Sie, Anna Beispiel")
        .must_show("Mitglieder und Einstellungen der Gruppe");
    bea.get("/de/conversations")
        .await
        .must_show("Runde <Bau> ,")
        .must_show("Gruppe");
}

#[tokio::test]
async fn whoever_manages_a_group_renames_it_and_removes_people_after_a_question() {
    let portal = TestPortal::start().await;
    let [anna, bea] = two(&portal).await;
    let group = open(&anna, "Bauamt").await;
    join(&anna, &group, &bea).await;
    let path = format!("/de/groups/{group}");
    let html = bea
        .get(&path)
        .await
        .must_show("Anna Beispiel verwaltet diese Gruppe.")
        .must_not_show("Gruppe umbenennen")
        .must_not_show("Aus der Gruppe entfernen")
        .text();
    assert!(!html.contains("/members/"), "{html}");
    bea.submit(&path, &[("act", "rename"), ("name", "x")])
        .await
        .must_be(403)
        .must_show("Das kann nur, wer die Gruppe verwaltet.");
    anna.submit(&path, &[("act", "rename"), ("name", " ")])
        .await
        .must_be(422)
        .must_show("Name der Gruppe: Diese Angabe fehlt.");
    anna.submit(&path, &[("act", "rename"), ("name", "Tiefbau")])
        .await
        .must_lead_to(&format!("{path}?done=group-renamed"));
    let ask = format!("{path}/members/{}", bea.id);
    anna.get(&path)
        .await
        .must_show("Aus der Gruppe entfernen : Bea Leserin");
    bea.get(&ask).await.must_be(403);
    anna.get(&ask)
        .await
        .must_show("Bea Leserin aus der Gruppe entfernen")
        .must_show("Person in der Gruppe behalten");
    anna.submit(&ask, &[("_restore", "1")]).await.must_be(200);
    anna.submit(&ask, &[])
        .await
        .must_lead_to(&format!("{path}?done=member-removed"));
    anna.get(&ask).await.must_be(404);
    bea.get(&path).await.must_be(404);
    anna.get(&format!("/de/conversations/{group}"))
        .await
        .must_show("Beteiligt: Sie Mitglieder und Einstellungen")
        .must_show("Außer Ihnen ist niemand in der Gruppe.")
        .must_not_show("das Portal verlassen");
}

#[tokio::test]
async fn leaving_a_group_says_what_becomes_of_ones_messages() {
    let portal = TestPortal::start().await;
    let [anna, bea] = two(&portal).await;
    let group = open(&anna, "Bauamt").await;
    join(&anna, &group, &bea).await;
    send(&anna, &group, "von Anna").await.must_be(201);
    let ask = format!("/de/groups/{group}/leave");
    anna.get(&ask)
        .await
        .must_be(200)
        .must_show("Gruppe „Bauamt“ verlassen")
        .must_show("Ihre Nachrichten bleiben für die anderen mit Ihrem Namen lesbar")
        .must_show("Danach verwaltet die Gruppe, wer ihr am längsten angehört.");
    anna.submit(&ask, &[("_restore", "1")]).await.must_be(200);
    anna.submit(&ask, &[])
        .await
        .must_lead_to("/de/conversations?done=group-left");
    anna.get(&ask).await.must_be(404);
    bea.get(&format!("/de/conversations/{group}"))
        .await
        .must_show("Anna Beispiel , ")
        .must_not_show("Ehemaliges Mitglied");
    // A group whose name is gone is called by who is in it; alone, by nobody.
    rename(&bea, &group, "Bea allein").await.must_be(200);
    portal
        .execute("UPDATE conversation SET subject = NULL, subject_by = NULL")
        .await;
    bea.get(&ask.replace("/de", "/en"))
        .await
        .must_show("Leave the group “Group without a name”")
        .must_show("everything that was written in it disappears for everyone");
    bea.submit(&ask, &[])
        .await
        .must_lead_to("/de/conversations?done=group-left");
    bea.get("/de/conversations")
        .await
        .must_not_show("Gruppe ohne Namen");
}
