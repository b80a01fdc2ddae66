//! Mails that tell of messages: that there is one and nothing else, as each member chose, and none about what was read.

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ConnectionTrait;
use serde_json::json;
use stammtisch::{
    database::Transaction,
    mail::{letter::LinkPurpose, worker},
    messaging::notify,
};
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::{
    deletion::delete,
    messaging::{id, messages_of, send, write_to},
    support::{Person, TestPortal, mailbox::Mail, page},
    sweep::sweep,
};

const PREFERENCES: &str = "/api/v1/me/preferences";
const PAUSE: TimeDelta = TimeDelta::minutes(2);

/// Members stay signed in for as long as the tests last.
async fn start() -> TestPortal {
    TestPortal::with("sessions.idle = '90d'\nsessions.absolute = '90d'").await
}

/// The mails about messages that someone got, oldest first.
fn notices(portal: &TestPortal, reader: &Person) -> Vec<Mail> {
    let mails = portal.mails_to(&reader.email).into_iter();
    mails.filter(|mail| mail.unsubscribe.is_some()).collect()
}

/// The text without its line breaks.
fn words(mail: &Mail) -> String {
    mail.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn wait(portal: &TestPortal, time: TimeDelta) {
    portal.advance(time);
    portal.work().await;
}

async fn choose(person: &Person, choice: &str) {
    person
        .patch(PREFERENCES, &json!({ "message_mail": choice }))
        .await
        .must_be(200);
}

async fn read_all(reader: &Person, conversation: &str) {
    let newest = reader.get(&messages_of(conversation)).await.must_be(200).json();
    let mark = json!({ "up_to": newest["items"][0]["id"] });
    reader
        .put(&format!("/api/v1/conversations/{conversation}/read"), &mark)
        .await
        .must_be(204);
}

async fn queue(portal: &TestPortal) -> usize {
    notify::queue_due(&portal.portal, &CancellationToken::new())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_mail_says_that_there_is_something_and_no_more_and_comes_once_until_it_was_read() {
    let portal = start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let opening = json!({ "member_ids": [bea.id], "subject": "Geheimsache", "body": "Vertraulich" });
    let begun = anna.post("/api/v1/conversations", &opening).await.must_be(201);
    let conversation = id(&begun.json());
    wait(&portal, PAUSE - TimeDelta::seconds(10)).await;
    assert_eq!(notices(&portal, &bea).len(), 0, "who is reading needs none");
    wait(&portal, TimeDelta::seconds(10)).await;
    let mails = notices(&portal, &bea);
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(mail.subject, "You have a new message");
    for told in ["Geheimsache", "Vertraulich", "Anna", "Beispiel"] {
        assert!(!format!("{mail:?}").contains(told), "{mail:?}");
    }
    let paths: Vec<&str> = mail.links.iter().map(Url::path).collect();
    let page = format!("/en/conversations/{conversation}");
    assert_eq!(paths, [page.as_str(), "/en/unsubscribe", "/"]);
    let (link, post) = mail.unsubscribe.clone().unwrap();
    assert_eq!(
        (link, post.as_str()),
        (format!("<{}>", mail.links[1]), "List-Unsubscribe=One-Click")
    );
    assert!(
        portal.mails_to(&bea.email)[0].unsubscribe.is_none(),
        "on no other mail"
    );

    send(&anna, &conversation, "noch eine").await.must_be(201);
    wait(&portal, TimeDelta::hours(3)).await;
    assert_eq!(notices(&portal, &bea).len(), 1, "nothing was read since");
    read_all(&bea, &conversation).await;
    send(&anna, &conversation, "nach dem Lesen").await.must_be(201);
    wait(&portal, PAUSE).await;
    assert_eq!(notices(&portal, &bea).len(), 2);
    assert_eq!(notices(&portal, &anna).len(), 0, "authors know");
}

#[tokio::test]
async fn after_a_restored_backup_no_mail_tells_of_messages_until_its_reader_has_looked_over_what_they_chose()
{
    let portal = start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    portal
        .execute(&format!(
            "UPDATE account SET look_over_since = now() WHERE id = '{}'",
            bea.id
        ))
        .await;
    let begun = write_to(&anna, &[&bea], "Guten Tag").await.must_be(201).json();
    wait(&portal, PAUSE).await;
    assert_eq!(notices(&portal, &bea).len(), 0, "they may have ended these mails");
    let page = bea.get("/en/members").await.must_be(200).text();
    for way in ["/en/profile", "/en/account/notifications"] {
        assert!(page.contains(&format!("href=\"{way}\"")), "{way}: {page}");
    }

    bea.patch("/api/v1/me/profile", &json!({})).await.must_be(200);
    send(&anna, &id(&begun), "noch eine").await.must_be(201);
    wait(&portal, PAUSE).await;
    assert_eq!(notices(&portal, &bea).len(), 1);
}

#[tokio::test]
async fn nobody_is_told_of_what_was_read_taken_back_or_not_meant_for_them() {
    let portal = start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let mut readers = Vec::new();
    for name in ["Bea", "Cleo", "Dora", "Emil", "Fritz"] {
        readers.push(portal.member(name, "Leser").await);
    }
    let [bea, cleo, dora, emil, fritz] = &readers[..] else {
        unreachable!()
    };
    let block = format!("/api/v1/me/blocks/{}", anna.id);
    emil.put(&block, &json!({})).await.must_be(204);
    let mut conversations = Vec::new();
    for reader in &readers {
        let begun = write_to(&anna, &[reader], "Guten Tag").await.must_be(201).json();
        conversations.push((id(&begun), id(&begun["last_message"])));
    }
    read_all(bea, &conversations[0].0).await;
    anna.delete(&format!("/api/v1/messages/{}", conversations[1].1))
        .await
        .must_be(204);
    send(dora, &conversations[2].0, "Danke").await.must_be(201);
    portal.set_status(fritz.id, "suspended").await;
    wait(&portal, PAUSE).await;
    for (reader, why) in readers
        .iter()
        .zip(["read", "taken back", "answered", "blocked", "suspended"])
    {
        assert_eq!(notices(&portal, reader).len(), 0, "{why}");
    }
    assert_eq!(notices(&portal, &anna).len(), 1, "of the answer");
    let waiting = "SELECT count(*) FROM participation WHERE mail_due_at IS NOT NULL";
    assert_eq!(portal.count(waiting).await, 0);

    // It is queued, and no server took it yet.
    send(&anna, &conversations[0].0, "noch eine").await.must_be(201);
    send(&anna, &conversations[1].0, "noch eine").await.must_be(201);
    portal.advance(PAUSE);
    assert_eq!(queue(&portal).await, 2);
    read_all(bea, &conversations[0].0).await;
    choose(cleo, "never").await;
    portal.work().await;
    assert_eq!(notices(&portal, bea).len() + notices(&portal, cleo).len(), 0);
}

#[tokio::test]
async fn who_wants_one_mail_a_day_gets_one_at_seven_for_all_conversations() {
    let portal = start().await;
    let (anna, bea, cleo) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Leserin").await,
        portal.member("Cleo", "Neu").await,
    );
    choose(&bea, "daily").await;
    let first = id(&write_to(&anna, &[&bea], "eins").await.must_be(201).json());
    write_to(&cleo, &[&bea], "zwei").await.must_be(201);
    write_to(&anna, &[&bea, &cleo], "drei").await.must_be(201);
    let due: Vec<DateTime<Utc>> = portal
        .column(&format!(
            "SELECT DISTINCT mail_due_at FROM participation WHERE account_id = '{}'",
            bea.id
        ))
        .await;
    let hour =
        "SELECT DISTINCT to_char(mail_due_at AT TIME ZONE 'Europe/Berlin', 'HH24:MI:SS') FROM participation p
                JOIN preference r ON r.account_id = p.account_id";
    assert_eq!(portal.column::<String>(hour).await, ["07:00:00"]);
    let seven = due[0] - portal.portal.now();
    wait(&portal, seven - TimeDelta::seconds(20)).await;
    assert_eq!(notices(&portal, &bea).len(), 0);
    wait(&portal, TimeDelta::seconds(20)).await;
    let mails = notices(&portal, &bea);
    assert_eq!(mails.len(), 1);
    assert!(
        words(&mails[0]).contains("in 3 conversations."),
        "{}",
        mails[0].text
    );
    assert_eq!(mails[0].links[0].path(), "/en/conversations");

    send(&anna, &first, "noch ungelesen").await.must_be(201);
    wait(&portal, TimeDelta::hours(25)).await;
    assert_eq!(notices(&portal, &bea).len(), 1, "of these she was told");
    read_all(&bea, &first).await;
    send(&anna, &first, "neu").await.must_be(201);
    wait(&portal, TimeDelta::hours(25)).await;
    let mails = notices(&portal, &bea);
    assert_eq!(mails.len(), 2);
    assert!(
        words(&mails[1]).contains("in one conversation."),
        "{}",
        mails[1].text
    );
}

#[tokio::test]
async fn a_choice_holds_at_once_also_for_what_waits() {
    let portal = start().await;
    let (anna, bea) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Leserin").await,
    );
    let defaults = json!({ "message_mail": "at_once", "share_read": true });
    assert_eq!(bea.get(PREFERENCES).await.must_be(200).json(), defaults);
    let conversation = id(&write_to(&anna, &[&bea], "eins").await.must_be(201).json());
    choose(&bea, "never").await;
    wait(&portal, PAUSE).await;
    send(&anna, &conversation, "zwei").await.must_be(201);
    wait(&portal, TimeDelta::hours(25)).await;
    assert_eq!(notices(&portal, &bea).len(), 0);
    choose(&bea, "daily").await;
    send(&anna, &conversation, "drei").await.must_be(201);
    let chosen = [("message_mail", "at_once")];
    bea.submit("/de/account/notifications", &chosen)
        .await
        .must_lead_to("/de/account?done=notifications-set");
    let stored = json!({ "message_mail": "at_once", "share_read": false });
    assert_eq!(bea.get(PREFERENCES).await.must_be(200).json(), stored);
    wait(&portal, PAUSE).await;
    assert_eq!(notices(&portal, &bea).len(), 1);
    bea.submit("/de/account/notifications", &[("message_mail", "now and then")])
        .await
        .must_be(422)
        .must_show("Dieser Wert ist hier nicht vorgesehen.");
}

#[tokio::test]
async fn one_click_ends_these_mails_from_anywhere_without_signing_in_by_the_link_of_any_of_them() {
    let portal = start().await;
    let (anna, bea) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Leserin").await,
    );
    let conversation = id(&write_to(&anna, &[&bea], "eins").await.must_be(201).json());
    wait(&portal, PAUSE).await;
    let earlier = notices(&portal, &bea)[0].links[1].clone();
    read_all(&bea, &conversation).await;
    send(&anna, &conversation, "zwei").await.must_be(201);
    wait(&portal, PAUSE).await;
    assert_ne!(
        portal.link_for(&bea.email, LinkPurpose::Unsubscribe),
        earlier.query().unwrap()
    );
    let address = format!("{}?{}", earlier.path(), earlier.query().unwrap());
    let visitor = portal.visitor();
    let shown = visitor
        .get(&address)
        .await
        .must_be(200)
        .must_show("one e-mail a day");
    assert_eq!(
        bea.get(PREFERENCES).await.json()["message_mail"],
        "at_once",
        "asking changes nothing"
    );
    let multipart =
        "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    for (kind, body) in [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        ("multipart/form-data; boundary=x", multipart),
    ] {
        choose(&bea, "daily").await;
        let click = visitor
            .request(axum::http::Method::POST, &address)
            .header("content-type", kind)
            .header("sec-fetch-site", "cross-site");
        click.body(body).send().await.must_be(200);
        assert_eq!(
            bea.get(PREFERENCES).await.json()["message_mail"],
            "never",
            "{kind}"
        );
    }
    choose(&bea, "at_once").await;
    let token = page::hidden(&shown.text(), "token").unwrap();
    visitor
        .submit("/de/unsubscribe", &[("token", &token)])
        .await
        .must_be(200)
        .must_show("Wir schreiben Ihnen nicht mehr");
    assert_eq!(bea.get(PREFERENCES).await.json()["message_mail"], "never");
    assert_eq!(portal.places_of(&token).await, Vec::<String>::new());

    portal.advance(TimeDelta::days(31));
    sweep(&portal).await;
    let late = visitor.submit("/de/unsubscribe", &[("token", &token)]).await;
    late.must_be(410).must_show("Selbst wählen, wann E-Mails kommen");
    assert_eq!(portal.count("SELECT count(*) FROM confirmation").await, 0);
}

#[tokio::test]
async fn a_link_that_is_followed_again_and_again_is_one_change() {
    let portal = start().await;
    let (anna, bea) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Leserin").await,
    );
    write_to(&anna, &[&bea], "eins").await.must_be(201);
    wait(&portal, PAUSE).await;
    let token = portal.link_for(&bea.email, LinkPurpose::Unsubscribe);
    for _ in 0..3 {
        let visitor = portal.visitor();
        let ended = visitor.submit("/en/unsubscribe", &[("token", &token)]).await;
        ended.must_be(200);
        choose(&bea, "never").await;
    }
    let ledger = &portal.portal.ledger;
    ledger.settle_waiting(&portal.portal.database).await.unwrap();
    assert_eq!(portal.ledger_events("changed").len(), 1);
    choose(&bea, "daily").await;
    ledger.settle_waiting(&portal.portal.database).await.unwrap();
    assert_eq!(portal.ledger_events("changed").len(), 2);
}

#[tokio::test]
async fn an_erasure_ends_mails_and_links_of_the_reader_and_what_the_author_would_be_told_by() {
    let portal = start().await;
    let (anna, bea, cleo) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Leserin").await,
        portal.member("Cleo", "Neu").await,
    );
    let conversation = id(&write_to(&anna, &[&bea], "eins").await.must_be(201).json());
    wait(&portal, PAUSE).await;
    let token = portal.link_for(&bea.email, LinkPurpose::Unsubscribe);
    read_all(&bea, &conversation).await;
    send(&anna, &conversation, "zwei").await.must_be(201);
    write_to(&cleo, &[&anna], "drei").await.must_be(201);
    choose(&bea, "at_once").await;
    delete(&bea).await;
    delete(&cleo).await;
    wait(&portal, PAUSE).await;
    assert_eq!(notices(&portal, &bea).len(), 1, "the one from before");
    assert_eq!(notices(&portal, &anna).len(), 0, "nobody wrote to her");
    let visitor = portal.visitor();
    visitor
        .submit("/en/unsubscribe", &[("token", &token)])
        .await
        .must_be(410);
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(&portal).await.erased, 2);
    assert_eq!(portal.count("SELECT count(*) FROM preference").await, 0);
}

#[tokio::test]
async fn however_many_instances_look_at_once_each_mail_is_queued_once() {
    let portal = start().await;
    let other = portal.sibling("").await;
    let anna = portal.member("Anna", "Beispiel").await;
    let crowd = portal.crowd(30).await;
    let everyone: Vec<&Person> = crowd.iter().collect();
    write_to(&anna, &everyone, "Rundbrief").await.must_be(201);
    portal.advance(PAUSE);
    let queued: usize = <[usize; 4]>::from(tokio::join!(
        queue(&portal),
        queue(&other),
        queue(&portal),
        queue(&other)
    ))
    .iter()
    .sum();
    assert_eq!(queued + queue(&portal).await, 30);
    assert_eq!(worker::deliver_due(&portal.portal).await.unwrap().sent, 30);
    let stopped = CancellationToken::new();
    stopped.cancel();
    send(
        &anna,
        &portal
            .scalar::<uuid::Uuid>("SELECT id FROM conversation")
            .await
            .to_string(),
        "mehr",
    )
    .await
    .must_be(201);
    portal.advance(PAUSE);
    assert_eq!(notify::queue_due(&portal.portal, &stopped).await.unwrap(), 0);
}

/// What another instance, or somebody who writes, has locked until the transaction ends.
async fn hold(portal: &TestPortal, query: &str) -> Transaction {
    let holder = portal.portal.database.begin().await.unwrap();
    holder.execute_unprepared(query).await.unwrap();
    holder
}

#[tokio::test]
async fn one_mail_a_day_is_one_whoever_is_at_one_of_its_conversations() {
    let portal = start().await;
    let other = portal.sibling("").await;
    let (anna, bea, cleo) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Leserin").await,
        portal.member("Cleo", "Neu").await,
    );
    choose(&bea, "daily").await;
    let first = id(&write_to(&anna, &[&bea], "eins").await.must_be(201).json());
    write_to(&cleo, &[&bea], "zwei").await.must_be(201);
    write_to(&anna, &[&bea, &cleo], "drei").await.must_be(201);
    portal.advance(TimeDelta::hours(25));
    // Cleo's mail is due as well, and is not held up.
    let row = format!(
        "SELECT 1 FROM participation WHERE conversation_id = '{first}' AND account_id = '{}' FOR UPDATE",
        bea.id
    );
    let writer = hold(&portal, &row).await;
    assert_eq!(queue(&other).await, 1, "Cleo's");
    writer.rollback().await.unwrap();
    // Another instance has taken all that is Bea's.
    let account = format!("SELECT 1 FROM account WHERE id = '{}' FOR NO KEY UPDATE", bea.id);
    let instance = hold(&portal, &account).await;
    assert_eq!(queue(&other).await, 0);
    instance.rollback().await.unwrap();
    let queued: (usize, usize) = tokio::join!(queue(&portal), queue(&other));
    assert_eq!(queued.0 + queued.1 + queue(&portal).await, 1);
    portal.work().await;
    let mails = notices(&portal, &bea);
    assert_eq!(mails.len(), 1);
    assert!(
        words(&mails[0]).contains("in 3 conversations."),
        "{}",
        mails[0].text
    );
}

#[tokio::test]
async fn whoever_cannot_be_told_now_is_passed_over_and_holds_nobody_up() {
    let portal = start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let crowd = portal.crowd(100).await;
    write_to(&bea, &[&anna], "zuletzt").await.must_be(201);
    // As many as one transaction tells, and all of them before Anna.
    let people: Vec<String> = crowd.iter().map(|person| format!("'{}'", person.id)).collect();
    let people = people.join(", ");
    portal
        .execute(&format!(
            "INSERT INTO participation (conversation_id, account_id, joined_at, last_activity_at, last_message_id, mail_due_at)
             SELECT conversation_id, c.id, joined_at, last_activity_at, last_message_id, mail_due_at - interval '1 minute'
             FROM participation p, account c WHERE p.account_id = '{}' AND c.id IN ({people})",
            anna.id
        ))
        .await;
    portal.advance(PAUSE);
    let holder = hold(
        &portal,
        &format!("SELECT 1 FROM account WHERE id IN ({people}) FOR UPDATE"),
    )
    .await;
    assert_eq!(queue(&portal).await, 1, "Anna's");
    holder.rollback().await.unwrap();
    assert_eq!(queue(&portal).await, 100);
}

#[tokio::test]
async fn a_queued_mail_is_taken_back_from_whoever_answers_leaves_or_has_nothing_to_read_any_more() {
    let portal = start().await;
    let (anna, bea, cleo, dora) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Antwortet").await,
        portal.member("Cleo", "Geht").await,
        portal.member("Dora", "Bleibt").await,
    );
    let queued = "SELECT count(*) FROM mail WHERE letter ->> 'kind' IN ('new_message', 'new_messages')";
    for choice in ["at_once", "daily"] {
        for reader in [&bea, &cleo, &dora] {
            choose(reader, choice).await;
        }
        let with_bea = id(&write_to(&anna, &[&bea], "an Bea").await.json());
        let group = crate::groups::open(&anna, "Gruppe").await;
        for guest in [&cleo, &dora] {
            crate::groups::join(&anna, &group, guest).await;
        }
        let only = id(&send(&anna, &group, "an die Gruppe").await.must_be(201).json());
        portal.advance(TimeDelta::hours(25));
        assert_eq!(queue(&portal).await, 3, "{choice}");
        send(&bea, &with_bea, "Antwort").await.must_be(201);
        assert_eq!(portal.count(queued).await, 2, "{choice}: answered");
        crate::groups::remove(&cleo, &group, &cleo).await.must_be(204);
        assert_eq!(portal.count(queued).await, 1, "{choice}: left");
        anna.delete(&format!("/api/v1/messages/{only}"))
            .await
            .must_be(204);
        assert_eq!(portal.count(queued).await, 0, "{choice}: taken back");

        // Nobody was told of anything, so the next message is told.
        send(&anna, &with_bea, "noch eine").await.must_be(201);
        send(&anna, &group, "noch eine").await.must_be(201);
        read_all(&anna, &with_bea).await;
        portal.advance(TimeDelta::hours(25));
        assert_eq!(queue(&portal).await, 2, "{choice}: the next one");
        portal.work().await;
        for (reader, conversation) in [(&bea, &with_bea), (&dora, &group)] {
            read_all(reader, conversation).await;
        }
    }
    assert_eq!(
        (notices(&portal, &bea).len(), notices(&portal, &dora).len()),
        (2, 2)
    );
    assert_eq!(notices(&portal, &cleo).len(), 0);

    // What is left to be read is told of.
    let begun = write_to(&anna, &[&bea], "eins").await.json();
    let first = id(&begun["last_message"]);
    send(&anna, &id(&begun), "zwei").await.must_be(201);
    portal.advance(TimeDelta::hours(25));
    assert_eq!(queue(&portal).await, 1);
    anna.delete(&format!("/api/v1/messages/{first}"))
        .await
        .must_be(204);
    assert_eq!(portal.count(queued).await, 1);
}

const QUEUED: &str = "SELECT count(*) FROM mail WHERE letter ->> 'kind' IN ('new_message', 'new_messages')";

#[tokio::test]
async fn who_has_read_only_a_part_is_told_of_the_rest_and_once() {
    let portal = start().await;
    let (anna, bea) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Leserin").await,
    );
    for (told, choice) in [(1, "at_once"), (3, "daily")] {
        choose(&bea, choice).await;
        let begun = write_to(&anna, &[&bea], "eins").await.json();
        let (conversation, first) = (id(&begun), id(&begun["last_message"]));
        send(&anna, &conversation, "zwei").await.must_be(201);
        portal.advance(TimeDelta::hours(25));
        assert_eq!(queue(&portal).await, 1, "{choice}");
        let read = format!("/api/v1/conversations/{conversation}/read");
        bea.put(&read, &json!({ "up_to": first })).await.must_be(204);
        assert_eq!(portal.count(QUEUED).await, 1, "{choice}");
        portal.work().await;
        assert_eq!(notices(&portal, &bea).len(), told, "{choice}");

        send(&anna, &conversation, "drei").await.must_be(201);
        wait(&portal, TimeDelta::hours(25)).await;
        assert_eq!(notices(&portal, &bea).len(), told, "{choice}: nothing more");
        read_all(&bea, &conversation).await;
        send(&anna, &conversation, "vier").await.must_be(201);
        wait(&portal, TimeDelta::hours(25)).await;
        assert_eq!(notices(&portal, &bea).len(), told + 1, "{choice}: after reading");
        read_all(&bea, &conversation).await;
    }
}

#[tokio::test]
async fn a_mail_that_waited_says_what_is_unread_when_it_leaves_and_does_not_leave_for_nothing() {
    let portal = start().await;
    let (anna, bea, cleo) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bea", "Leserin").await,
        portal.member("Cleo", "Neu").await,
    );
    for (reader, choice) in [(&bea, "daily"), (&cleo, "at_once")] {
        choose(reader, choice).await;
    }
    let first = id(&write_to(&anna, &[&bea], "eins").await.must_be(201).json());
    let second = id(&write_to(&cleo, &[&bea], "zwei").await.must_be(201).json());
    let third = id(&write_to(&anna, &[&bea, &cleo], "drei").await.must_be(201).json());
    portal.advance(TimeDelta::hours(25));
    assert_eq!(queue(&portal).await, 2);
    read_all(&bea, &first).await;
    portal.work().await;
    let mails = notices(&portal, &bea);
    assert_eq!(mails.len(), 1);
    assert!(
        words(&mails[0]).contains("in 2 conversations."),
        "{}",
        mails[0].text
    );
    assert_eq!(notices(&portal, &cleo).len(), 1);

    // What goes while the mail waits and takes nothing back with it.
    for reader in [&bea, &cleo] {
        read_all(reader, &third).await;
    }
    read_all(&bea, &second).await;
    send(&anna, &third, "vier").await.must_be(201);
    portal.advance(TimeDelta::hours(25));
    assert_eq!(queue(&portal).await, 2);
    portal.execute("DELETE FROM message WHERE body = 'vier'").await;
    portal.work().await;
    assert_eq!(portal.count(QUEUED).await, 0);
    assert_eq!(
        (notices(&portal, &bea).len(), notices(&portal, &cleo).len()),
        (1, 1)
    );
    send(&anna, &third, "fünf").await.must_be(201);
    wait(&portal, TimeDelta::hours(25)).await;
    assert_eq!(
        (notices(&portal, &bea).len(), notices(&portal, &cleo).len()),
        (2, 2),
        "nobody was told of anything, so the next message is told"
    );
}

#[tokio::test]
async fn a_queued_mail_is_taken_back_when_the_only_author_deletes_their_account() {
    let portal = start().await;
    let (anna, bert) = (
        portal.member("Anna", "Beispiel").await,
        portal.member("Bert", "Muster").await,
    );
    let mut readers = Vec::new();
    for (name, choice) in [
        ("Bea", "at_once"),
        ("Cleo", "daily"),
        ("Dora", "at_once"),
        ("Emil", "daily"),
    ] {
        let reader = portal.member(name, "Leser").await;
        choose(&reader, choice).await;
        readers.push(reader);
    }
    let everyone: Vec<&Person> = readers.iter().collect();
    write_to(&anna, &everyone, "an alle").await.must_be(201);
    let (dora, emil) = (&readers[2], &readers[3]);
    let group = write_to(&anna, &[&bert, dora], "auch").await.must_be(201).json();
    send(&bert, &id(&group), "Antwort").await.must_be(201);
    write_to(&bert, &[emil], "anderes").await.must_be(201);
    portal.advance(TimeDelta::hours(25));
    assert_eq!(queue(&portal).await, 6, "two of them Dora's, one Anna's");
    delete(&anna).await;
    let left: Vec<uuid::Uuid> = portal
        .column("SELECT account_id FROM mail WHERE letter ->> 'kind' IN ('new_message', 'new_messages')")
        .await;
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(left.contains(&dora.id) && left.contains(&emil.id), "{left:?}");
    portal.work().await;
    let mails = notices(&portal, emil);
    assert!(
        words(&mails[0]).contains("in one conversation."),
        "{}",
        mails[0].text
    );

    // Nobody else was told of anything, so the next message is told.
    let common: uuid::Uuid = portal
        .scalar("SELECT conversation_id FROM participation GROUP BY conversation_id ORDER BY count(*) DESC LIMIT 1")
        .await;
    send(dora, &common.to_string(), "trotzdem").await.must_be(201);
    wait(&portal, TimeDelta::hours(25)).await;
    let told: Vec<usize> = readers
        .iter()
        .map(|reader| notices(&portal, reader).len())
        .collect();
    assert_eq!(told, [1, 1, 1, 1 + 1]);
}
