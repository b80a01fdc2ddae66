//! The directory: who wants to be found is found, by what they made visible and nothing else.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{Person, TestPortal};

const MEMBERS: &str = "/api/v1/members";
const PROFILE: &str = "/api/v1/me/profile";

/// The last names that a query finds, in the directory's order.
async fn found(reader: &Person, query: &str) -> Vec<String> {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let page = reader
        .get(&format!("{MEMBERS}?query={query}"))
        .await
        .must_be(200)
        .json();
    names(&page)
}

fn names(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["last_name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn members_are_found_by_beginnings_of_words_whatever_the_case_and_the_umlauts() {
    let portal = TestPortal::start().await;
    let reader = portal.member("Rea", "Leserin").await;
    for (first, last) in [
        ("Jürgen", "Müller"),
        ("Ida", "Mueller"),
        ("René", "Strauß"),
        ("Kim", "Tulpen-Mann"),
    ] {
        portal.member(first, last).await;
    }
    for (query, expected) in [
        ("Müll", vec!["Mueller", "Müller"]),
        ("MÜLLER", vec!["Mueller", "Müller"]),
        ("mueller", vec!["Mueller", "Müller"]),
        ("muller", vec!["Müller"]),
        ("mu\u{308}ller", vec!["Mueller", "Müller"]),
        ("jürgen müller", vec!["Müller"]),
        ("juergen", vec!["Müller"]),
        ("strauss", vec!["Strauß"]),
        ("STRAUẞ", vec!["Strauß"]),
        ("Strauß rene", vec!["Strauß"]),
        ("mann", vec!["Tulpen-Mann"]),
        ("tulpen-m", vec!["Tulpen-Mann"]),
        ("üller", vec![]),
        ("müller strauß", vec![]),
        ("' | x:* & !", vec![]),
        ("%", vec![]),
    ] {
        assert_eq!(found(&reader, query).await, expected, "{query}");
    }
    assert_eq!(found(&reader, "").await.len(), 5);
    let too_long = format!("{MEMBERS}?query={}", "x".repeat(201));
    reader.get(&too_long).await.must_refuse(&["query: too_long"]);
}

#[tokio::test]
async fn members_see_of_each_other_and_search_in_what_was_made_visible() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let texts = json!({ "position": "Dezernentin", "phone": "030 98765", "about": "Segelfliegerin" });
    anna.patch(PROFILE, &texts).await.must_be(200);
    let path = format!("{MEMBERS}/{}", anna.id);
    let seen = bea.get(&path).await.must_be(200).json();
    for field in ["department", "position", "phone", "about"] {
        assert_eq!(seen[field], json!(null), "{field}");
    }
    assert_eq!(seen["display_name"], "Anna Beispiel");
    assert!(seen["organisation"].is_string());
    assert!(seen.get("email").is_none() && !seen.to_string().contains(&anna.email));
    let queries = [
        ("position", "dezer"),
        ("phone", "98765"),
        ("about", "segel"),
        ("department", "tiefb"),
    ];
    for (field, query) in queries {
        assert_eq!(found(&bea, query).await, Vec::<String>::new(), "{query}");
        anna.patch(PROFILE, &json!({ "visibility": { field: "members" } }))
            .await
            .must_be(200);
        assert_eq!(found(&bea, query).await, ["Beispiel"], "{query}");
        assert!(bea.get(&path).await.json()[field].is_string(), "{field}");
    }
    assert_eq!(found(&bea, "musterhausen").await.len(), 2);
    anna.patch(PROFILE, &json!({ "visibility": { "organisation": "nobody" } }))
        .await
        .must_be(200);
    assert_eq!(found(&bea, "musterhausen").await, ["Leserin"]);
    assert_eq!(found(&bea, &anna.email).await, Vec::<String>::new());
}

/// The names and numbers of a list of places.
fn places(page: &Value) -> Vec<(String, i64)> {
    let items = page["items"].as_array().unwrap().iter();
    items
        .map(|item| {
            (
                item["name"].as_str().unwrap().to_owned(),
                item["members"].as_i64().unwrap(),
            )
        })
        .collect()
}

/// Five members of four organisations, with what each shows; all have a department.
async fn at_work(portal: &TestPortal) -> Person {
    let reader = portal.member("Rea", "Leserin").await;
    for (first, last, organisation, department, shows) in [
        ("Anna", "Adler", "Stadt Köln", "Tiefbau", true),
        ("Bea", "Busch", "STADT KOELN", "Bürgeramt", true),
        ("Cleo", "Cordes", "stadt köln", "tiefbau", true),
        ("Dora", "Koeln", "Kreis Düren", "Geheimes", false),
    ] {
        let person = portal.member(first, last).await;
        portal
            .execute(&format!(
                "UPDATE profile SET organisation = '{organisation}', department = '{department}',
                     department_visible = {shows} WHERE account_id = '{}'",
                person.id
            ))
            .await;
    }
    reader
}

#[tokio::test]
async fn where_people_work_narrows_the_directory_down_as_far_as_they_show_it() {
    let portal = TestPortal::start().await;
    let reader = at_work(&portal).await;
    for (query, expected) in [
        ("organisation=Köln", vec!["Adler", "Busch", "Cordes"]),
        ("organisation=koeln+STADT", vec!["Adler", "Busch", "Cordes"]),
        ("organisation=dür", vec!["Koeln"]),
        ("organisation=tiefbau", vec![]),
        ("organisation=rea", vec![]),
        ("organisation=-", vec![]),
        (
            "organisation=+&department=",
            vec!["Adler", "Busch", "Cordes", "Koeln", "Leserin"],
        ),
        ("department=Tief", vec!["Adler", "Cordes"]),
        ("department=buergeramt", vec!["Busch"]),
        ("department=geheim", vec![]),
        ("department=stadt", vec![]),
        ("organisation=köln&department=tiefbau&query=cleo", vec!["Cordes"]),
        ("organisation=köln&query=koeln", vec!["Adler", "Busch", "Cordes"]),
        ("organisation=düren&department=tiefbau", vec![]),
    ] {
        let page = reader
            .get(&format!("{MEMBERS}?{query}"))
            .await
            .must_be(200)
            .json();
        assert_eq!(names(&page), expected, "{query}");
    }
    let too_long = "x".repeat(201);
    reader
        .get(&format!("{MEMBERS}?organisation={too_long}&department=%01"))
        .await
        .must_refuse(&["organisation: too_long", "department: control_character"]);
    reader
        .get(&format!("{MEMBERS}/departments?organisation={too_long}"))
        .await
        .must_refuse(&["organisation: too_long"]);
}

#[tokio::test]
async fn the_places_in_the_directory_are_those_that_its_members_show() {
    let portal = TestPortal::start().await;
    let reader = at_work(&portal).await;
    let organisations = format!("{MEMBERS}/organisations");
    let departments = format!("{MEMBERS}/departments");
    let all = reader.get(&organisations).await.must_be(200).json();
    let all = places(&all);
    let numbers: Vec<i64> = all.iter().map(|(_, members)| *members).collect();
    // "Köln" and "koeln" differ in their letters, "Köln" and "köln" do not.
    assert_eq!(numbers, [1, 1, 2, 1], "{all:?}");
    assert_eq!(
        (all[0].0.as_str(), all[1].0.as_str()),
        ("Kreis Düren", "STADT KOELN")
    );
    assert_eq!(
        (all[2].0.to_lowercase().as_str(), all[3].0.as_str()),
        ("stadt köln", "Stadt Musterhausen")
    );
    let mut paged = Vec::new();
    let mut path = format!("{organisations}?limit=1");
    while paged.len() <= all.len() {
        let page = reader.get(&path).await.must_be(200).json();
        paged.extend(places(&page));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{organisations}?limit=1&cursor={next}");
    }
    assert_eq!(paged, all);
    for (query, expected) in [
        ("", vec![("burgeramt", 1), ("tiefbau", 2)]),
        ("?organisation=STADT+k%C3%B6ln", vec![("tiefbau", 2)]),
        ("?organisation=kreis+d%C3%BCren", vec![]),
        ("?organisation=stadt", vec![]),
    ] {
        let page = reader
            .get(&format!("{departments}{query}"))
            .await
            .must_be(200)
            .json();
        let found: Vec<(String, i64)> = places(&page)
            .into_iter()
            .map(|(name, members)| (name.to_lowercase().replace('ü', "u"), members))
            .collect();
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(name, members)| (name.to_owned(), members))
            .collect();
        assert_eq!(found, expected, "{query}");
    }
    for gone in [
        "UPDATE profile SET organisation_visible = false WHERE last_name = 'Koeln'",
        "UPDATE profile SET listed = false WHERE last_name = 'Busch'",
        "UPDATE account SET status = 'suspended' WHERE id IN
             (SELECT account_id FROM profile WHERE last_name IN ('Adler', 'Cordes'))",
    ] {
        portal.execute(gone).await;
    }
    let left = reader.get(&organisations).await.must_be(200).json();
    assert_eq!(places(&left), [("Stadt Musterhausen".to_owned(), 1)]);
    let left = reader.get(&departments).await.must_be(200).json();
    assert_eq!(places(&left), []);
}

#[tokio::test]
async fn a_word_that_many_have_is_paged_in_the_same_order() {
    let portal = TestPortal::start().await;
    portal.many_members(1_100, 0).await;
    let reader = portal.member("Rea", "Leserin").await;
    let mut seen = Vec::new();
    let mut path = format!("{MEMBERS}?organisation=many&limit=100");
    loop {
        let page = reader.get(&path).await.must_be(200).json();
        seen.extend(names(&page));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{MEMBERS}?organisation=many&limit=100&cursor={next}");
    }
    let expected: Vec<_> = (1..=1_100).map(|number| format!("Number {number:06}")).collect();
    assert_eq!(seen, expected);
    let counted = reader.get(&format!("{MEMBERS}/organisations")).await.json();
    assert_eq!(places(&counted)[0], ("Many".to_owned(), 100));
}

#[tokio::test]
async fn who_leaves_the_directory_is_found_by_nobody_but_themselves() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    anna.patch(PROFILE, &json!({ "listed": false }))
        .await
        .must_be(200);
    assert_eq!(found(&bea, "").await, ["Leserin"]);
    assert_eq!(found(&bea, "beispiel").await, Vec::<String>::new());
    bea.get(&format!("{MEMBERS}/{}", anna.id))
        .await
        .must_fail(404, "not_found");
    anna.get(&format!("{MEMBERS}/{}", anna.id)).await.must_be(200);
    anna.patch(PROFILE, &json!({ "listed": true })).await.must_be(200);
    bea.get(&format!("{MEMBERS}/{}", anna.id)).await.must_be(200);
}

#[tokio::test]
async fn only_active_members_are_in_the_directory_and_only_members_read_it() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bea = portal.member("Bea", "Leserin").await;
    let path = format!("{MEMBERS}/{}", anna.id);
    for status in ["suspended", "deleted"] {
        portal.set_status(anna.id, status).await;
        assert_eq!(found(&bea, "").await, ["Leserin"], "{status}");
        assert_eq!(found(&bea, "anna").await, Vec::<String>::new(), "{status}");
        bea.get(&path).await.must_fail(404, "not_found");
    }
    for nobody in [Uuid::max().to_string(), "nobody".to_owned(), "%20".to_owned()] {
        bea.get(&format!("{MEMBERS}/{nobody}"))
            .await
            .must_fail(404, "not_found");
    }
    portal
        .visitor()
        .get(MEMBERS)
        .await
        .must_fail(401, "not_signed_in");
    portal.visitor().get(&path).await.must_fail(401, "not_signed_in");
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps_or_repeats_while_people_come_and_go() {
    let portal = TestPortal::start().await;
    portal.many_members(120, 0).await;
    let reader = portal.member("Rea", "Leserin").await;
    assert_eq!(
        reader.get(MEMBERS).await.must_be(200).json()["items"]
            .as_array()
            .unwrap()
            .len(),
        50
    );
    let mut seen = Vec::new();
    let mut path = format!("{MEMBERS}?limit=7");
    let mut pages = 0;
    loop {
        let page = reader.get(&path).await.must_be(200).json();
        seen.extend(names(&page));
        pages += 1;
        if pages == 3 {
            // Someone on a page that was read goes: with offsets, the next page would miss one.
            portal
                .execute("UPDATE profile SET listed = false WHERE last_name = 'Number 000002'")
                .await;
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{MEMBERS}?limit=7&cursor={next}");
    }
    let mut expected: Vec<_> = (1..=120).map(|number| format!("Number {number:06}")).collect();
    expected.insert(0, "Leserin".to_owned());
    assert_eq!(seen, expected);
    assert_eq!(pages, 18);
    // What is found is paged the same way.
    let page = reader
        .get(&format!("{MEMBERS}?query=many&limit=100"))
        .await
        .must_be(200)
        .json();
    let next = page["next"].as_str().expect("there are more");
    let rest = reader
        .get(&format!("{MEMBERS}?query=many&limit=100&cursor={next}"))
        .await
        .must_be(200)
        .json();
    assert_eq!((names(&page).len(), names(&rest).len()), (100, 19));
}

#[tokio::test]
async fn a_page_has_between_one_and_a_hundred_items_and_a_cursor_of_ours() {
    let portal = TestPortal::start().await;
    let reader = portal.member("Rea", "Leserin").await;
    for (query, fault) in [
        ("limit=0", "limit: out_of_range"),
        ("limit=101", "limit: out_of_range"),
        ("limit=18446744073709551615", "limit: out_of_range"),
        ("limit=-1", "limit: wrong_type"),
        ("limit=ten", "limit: wrong_type"),
        ("cursor=nonsense", "cursor: cursor_invalid"),
        ("cursor=W10", "cursor: cursor_invalid"),
        ("offset=10", "offset: unknown_field"),
    ] {
        let answer = reader.get(&format!("{MEMBERS}?{query}")).await;
        assert_eq!(answer.status, 422, "{query}: {}", answer.text());
        answer.must_refuse(&[fault]);
    }
}

#[tokio::test]
async fn no_word_is_too_long_to_be_searched_for_or_kept() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let desk = portal.administrator().await;
    // U+FDFA becomes 18 characters once it is folded, and takes 33 bytes.
    let ligatures =
        url::form_urlencoded::byte_serialize("\u{fdfa}".repeat(200).as_bytes()).collect::<String>();
    for list in [MEMBERS, "/api/v1/admin/accounts"] {
        desk.get(&format!("{list}?query={ligatures}")).await.must_be(200);
        desk.get(&format!("{list}?query={ligatures}x"))
            .await
            .must_refuse(&["query: too_long"]);
        for bad in ["%00", "a%00b", "a%1Bb", "a%0Ab"] {
            desk.get(&format!("{list}?query={bad}"))
                .await
                .must_refuse(&["query: control_character"]);
        }
    }
    let visible = json!({ "organisation": "members", "department": "members", "position": "members", "about": "members" });
    for sign in ["\u{fdfa}", "\u{10ffff}", "\u{20000}", "뷁", "ü", "x"] {
        let text = sign.repeat(2_000);
        let about = json!({ "about": text, "visibility": visible });
        anna.patch(PROFILE, &about).await.must_be(200);
        for (field, limit) in [
            ("first_name", 100),
            ("last_name", 100),
            ("display_name", 100),
            ("department", 200),
            ("position", 200),
        ] {
            let changed = json!({ field: sign.repeat(limit) });
            let answer = anna.patch(PROFILE, &changed).await;
            if sign == "\u{fdfa}" {
                answer.must_refuse(&[&format!("{field}: too_long")]);
            } else {
                answer.must_be(200);
            }
        }
    }
    // Names that PostgreSQL cannot press together stay within what its index takes.
    let varied: String = ('가'..).step_by(97).take(100).collect();
    let names = json!({ "first_name": varied, "last_name": varied.chars().rev().collect::<String>() });
    anna.patch(PROFILE, &names).await.must_be(200);
}
