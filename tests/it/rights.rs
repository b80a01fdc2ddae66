//! The copy of one's own data: all of it, and nothing of others (Art. 15 and 20 GDPR).

use serde_json::{Value, json};
use stammtisch::inventory::Inventory;

use crate::{
    groups::{invite, open},
    messaging::{id, send, write_to},
    reports::report,
    support::TestPortal,
};

const EXPORT: &str = "/api/v1/me/export";

#[tokio::test]
async fn the_copy_holds_what_one_wrote_and_nothing_of_others() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    let desk = portal.administrator().await;
    let opened = write_to(&anna, &[&bert], "von Anna").await.must_be(201).json();
    send(&bert, &id(&opened), "von Bert").await.must_be(201);
    let asked = anna
        .post(
            "/api/v1/enquiries",
            &json!({ "subject": "Frage", "body": "Wann?" }),
        )
        .await
        .must_be(201)
        .json();
    let answer = format!("/api/v1/admin/enquiries/{}/answer", id(&asked));
    desk.post(&answer, &json!({ "body": "Morgen." }))
        .await
        .must_be(204);
    let hold = json!({ "basis": "authority_order", "reference": "geheim", "disclose": false });
    desk.post(&format!("/api/v1/admin/accounts/{}/holds", anna.id), &hold)
        .await
        .must_be(201);

    let answer = anna.get(EXPORT).await.must_be(200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let text = answer.text();
    for of_others in [
        "von Bert",
        "Bert",
        &bert.email,
        "geheim",
        &bert.id.to_string(),
        &desk.id.to_string(),
    ] {
        assert!(!text.contains(of_others), "{of_others}: {text}");
    }
    for secret in [
        "SELECT password_hash FROM credential",
        "SELECT id::text FROM session",
        "SELECT encode(key_hash, 'hex') FROM session",
        "SELECT encode(token_hash, 'hex') FROM confirmation_token",
    ] {
        for value in portal.column::<String>(secret).await {
            assert!(!text.contains(&value), "{secret}");
        }
    }
    let copy = answer.json();
    assert_eq!(copy["messages"]["message"].as_array().map(Vec::len), Some(1));
    assert_eq!(copy["messages"]["message"][0]["body"], "von Anna");
    assert_eq!(
        copy["contact"]["email_address"],
        json!([{ "address": anna.email }])
    );
    assert_eq!(copy["master_data"]["profile"][0]["first_name"], "Anna");
    assert_eq!(copy["enquiries"]["enquiry"][0]["subject"], "Frage");
    let texts = copy["enquiries"]["enquiry_entry"].as_array().unwrap().iter();
    let texts: Vec<_> = texts.map(|text| text["body"].as_str().unwrap()).collect();
    assert_eq!(texts, ["Wann?", "Morgen."]);
    assert_eq!(copy["consents"]["consent"][0]["kind"], "terms");
    portal.visitor().get(EXPORT).await.must_fail(401, "not_signed_in");
}

#[tokio::test]
async fn the_copy_has_exactly_the_tables_and_columns_that_the_inventory_names() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let copy = anna.get(EXPORT).await.must_be(200).json();
    let mut tables = 0;
    for (table, _) in Inventory::built_in().exported() {
        let rows = copy[&table.cluster][table.name_in_copy()].as_array();
        tables += 1;
        for row in rows.unwrap_or_else(|| panic!("{} in {copy}", table.name)) {
            let columns: Vec<&String> = row.as_object().unwrap().keys().collect();
            let mut named: Vec<&String> = table.export.iter().collect();
            named.sort();
            assert_eq!(columns, named, "{}", table.name);
        }
    }
    let clusters = copy.as_object().unwrap().values();
    let copied: usize = clusters.map(|cluster| cluster.as_object().unwrap().len()).sum();
    assert_eq!(copied, tables);
}

#[tokio::test]
async fn of_what_is_of_two_people_each_gets_their_own_side() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    let own = open(&anna, "Bauamt").await;
    let others = open(&bert, "Hochbau").await;
    invite(&anna, &own, &[&bert]).await.must_be(201);
    invite(&bert, &others, &[&anna]).await.must_be(201);
    let talk = id(&write_to(&anna, &[&bert], "davor").await.must_be(201).json());
    let message = id(&send(&bert, &talk, "Unverschämtheit").await.must_be(201).json());
    report(&anna, &message, "Beleidigung").await.must_be(201);
    anna.put(&format!("/api/v1/me/blocks/{}", bert.id), &json!({}))
        .await
        .must_be(204);

    let of_anna = anna.get(EXPORT).await.must_be(200).json();
    let of_bert = bert.get(EXPORT).await.must_be(200).json();
    for (copy, name, got, sent) in [
        (&of_anna, "Bauamt", &others, &own),
        (&of_bert, "Hochbau", &own, &others),
    ] {
        let groups = |table: &str| copy["activity"][table][0]["conversation_id"].clone();
        assert_eq!(groups("group_invitation"), json!(got), "{copy}");
        assert_eq!(groups("group_invitation_sent"), json!(sent), "{copy}");
        let named = copy["messages"]["conversation"].as_array().unwrap();
        assert_eq!(named.len(), 1, "{copy}");
        assert_eq!(named[0]["subject"], name);
    }
    assert_eq!(of_anna["activity"]["block"][0]["blocked_id"], json!(bert.id));
    let made = &of_anna["enquiries"]["report"];
    assert_eq!(
        (&made[0]["reason"], &made[0]["message_id"]),
        (&json!("Beleidigung"), &json!(message))
    );
    assert_eq!(of_bert["activity"]["block"], json!([]));
    assert_eq!(of_bert["enquiries"]["report"], json!([]));
    let text = of_bert.to_string();
    assert!(
        !text.contains("Beleidigung") && !text.contains(&anna.id.to_string()),
        "{text}"
    );
}

#[tokio::test]
async fn what_was_replaced_or_deleted_under_a_hold_is_not_in_the_copy() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    let desk = portal.administrator().await;
    let opened = write_to(&anna, &[&bert], "bleibt").await.must_be(201).json();
    let gone = send(&anna, &id(&opened), "zurückgenommen")
        .await
        .must_be(201)
        .json();
    let about = |text: &str| json!({ "about": text });
    anna.patch("/api/v1/me/profile", &about("früher"))
        .await
        .must_be(200);
    let hold = json!({ "basis": "open_claim", "reference": "Az. 1" });
    desk.post(&format!("/api/v1/admin/accounts/{}/holds", anna.id), &hold)
        .await
        .must_be(201);
    anna.delete(&format!("/api/v1/messages/{}", id(&gone)))
        .await
        .must_be(204);
    anna.patch("/api/v1/me/profile", &about("heute"))
        .await
        .must_be(200);
    assert!(!portal.places_of("zurückgenommen").await.is_empty(), "it is held");
    assert!(!portal.places_of("früher").await.is_empty(), "it is held");
    let copy: Value = anna.get(EXPORT).await.must_be(200).json();
    let text = copy.to_string();
    assert!(text.contains("bleibt") && text.contains("heute"), "{text}");
    assert!(
        !text.contains("zurückgenommen") && !text.contains("früher"),
        "{text}"
    );
}
