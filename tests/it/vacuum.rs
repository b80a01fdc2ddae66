//! What PostgreSQL keeps of what is gone (R4): dead rows, and words in indexes.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::json;
use stammtisch::erasure::vacuum::{self, word_indexes};
use tokio_util::sync::CancellationToken;

use crate::{deletion::delete, support::TestPortal, sweep::sweep};

async fn run(portal: &TestPortal) {
    vacuum::run(&portal.portal, &CancellationToken::new()).await;
}

/// Which file an index is in: another one each time it is built.
async fn file_of(portal: &TestPortal, index: &str) -> i64 {
    portal
        .count(&format!("SELECT pg_relation_filenode('{index}')::bigint"))
        .await
}

#[tokio::test]
async fn no_word_of_who_was_erased_and_none_that_was_replaced_is_left_in_an_index() {
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let anna = portal.member("Quandalina", "Xylophonsky").await;
    let bert = portal.member("Bert", "Muster").await;
    let visible = json!({ "department": "members", "about": "members" });
    for (person, department, about) in [
        (&anna, "Wasserspielamt", "Trompetenschnecken"),
        (&bert, "Kieselsteinamt", "Feuersalamander"),
    ] {
        let profile = json!({ "department": department, "about": about, "visibility": visible });
        person.patch("/api/v1/me/profile", &profile).await.must_be(200);
    }
    let other = json!({ "department": "Gartenamt", "about": "Teichmolche" });
    bert.patch("/api/v1/me/profile", &other).await.must_be(200);
    let gone = [
        "quandalina",
        "xylophonsky",
        "wasserspielamt",
        "trompetenschnecken",
        "kieselsteinamt",
        "feuersalamander",
    ];
    let stays = ["bert.muster@musterhausen.example", "gartenamt", "teichmolche"];
    let words = portal.words_in_indexes().await;
    for word in gone.iter().chain(&stays) {
        assert!(words.contains(word), "{word} is found while it is there");
    }

    delete(&anna).await;
    portal.advance(TimeDelta::hours(2));
    assert!(sweep(&portal).await.did_something());
    run(&portal).await;
    let words = portal.words_in_indexes().await;
    for word in gone {
        assert!(!words.contains(word), "{word}");
    }
    for word in stays {
        assert!(words.contains(word), "{word} is somebody's");
    }
    let found = "SELECT count(*) FROM profile WHERE search @@ 'teichmolche'";
    assert_eq!(portal.count(found).await, 1);
}

#[tokio::test]
async fn indexes_are_built_anew_only_if_something_went_and_at_most_every_three_hours() {
    let portal = TestPortal::with("sessions.idle = '12h'").await;
    let anna = portal.member("Anna", "Beispiel").await;
    run(&portal).await;
    assert!(!vacuum::is_due(&portal.portal).await);
    let first = file_of(&portal, "profile_search").await;
    portal.advance(TimeDelta::hours(4));
    run(&portal).await;
    assert_eq!(file_of(&portal, "profile_search").await, first, "nothing went");

    let replace = async |text: &str| {
        let changed = anna.patch("/api/v1/me/profile", &json!({ "about": text })).await;
        changed.must_be(200);
    };
    replace("eins").await;
    assert!(vacuum::is_due(&portal.portal).await);
    run(&portal).await;
    let second = file_of(&portal, "profile_search").await;
    assert_ne!(second, first);
    replace("zwei").await;
    portal.advance(TimeDelta::minutes(179));
    assert!(!vacuum::is_due(&portal.portal).await);
    run(&portal).await;
    assert_eq!(
        file_of(&portal, "profile_search").await,
        second,
        "it was done a moment ago"
    );
    portal.advance(TimeDelta::minutes(1));
    assert!(vacuum::is_due(&portal.portal).await);
    // Where sweeps are far apart, the next one would be too late.
    replace("drei").await;
    run(&portal).await;
    replace("vier").await;
    let seldom = portal.sibling("erasure.sweep = '0 0 */6 * * *'").await;
    assert!(vacuum::is_due(&seldom.portal).await);
    assert!(!vacuum::is_due(&portal.portal).await);
}

#[tokio::test]
async fn every_index_with_a_persons_words_is_built_anew_and_what_goes_from_its_table_is_counted() {
    let portal = TestPortal::start().await;
    let found = word_indexes(&portal.portal).await.unwrap();
    let names: BTreeSet<&str> = found.iter().map(|found| found.index.as_str()).collect();
    for known in [
        "email_address_taken",
        "profile_directory",
        "profile_search",
        "profile_organisation",
        "profile_department",
    ] {
        assert!(
            names.contains(format!("public.{known}").as_str()),
            "{known}: {names:?}"
        );
    }
    assert!(!names.contains("public.account_pkey"));
    for word_index in &found {
        let counted = format!(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = '{}'::regclass AND tgfoid = 'count_words_gone'::regproc
               AND tgtype & 24 = 24 AND tgenabled = 'O'",
            word_index.table
        );
        assert_eq!(
            portal.count(&counted).await,
            1,
            "{}: nothing counts what goes",
            word_index.table
        );
    }
    // A new one is found by itself, over a column or over what is made of one.
    portal
        .execute(
            "CREATE INDEX profile_phone ON profile (phone);
             CREATE INDEX profile_initial ON profile (left(last_name, 1)) INCLUDE (version);
             CREATE INDEX profile_version ON profile (version)",
        )
        .await;
    let new: Vec<String> = word_indexes(&portal.portal)
        .await
        .unwrap()
        .into_iter()
        .map(|found| found.index)
        .filter(|index| !names.contains(index.as_str()))
        .collect();
    assert_eq!(new, ["public.profile_initial", "public.profile_phone"]);
}

#[tokio::test]
async fn what_a_rebuild_that_was_cut_short_left_goes_with_the_next_and_nothing_is_sampled_afterwards() {
    let portal = TestPortal::start().await;
    portal.member("Anna", "Beispiel").await;
    portal
        .execute(
            "CREATE INDEX profile_search_ccnew ON profile USING gin (search);
             CREATE INDEX profile_directory_ccold1 ON profile (sort_name);
             UPDATE pg_index SET indisvalid = false
                 WHERE indexrelid IN ('profile_search_ccnew'::regclass, 'profile_directory_ccold1'::regclass);
             ALTER INDEX profile_organisation ALTER COLUMN 2 SET STATISTICS 100",
        )
        .await;
    run(&portal).await;
    let left = "SELECT count(*) FROM pg_class WHERE relname LIKE '%\\_cc%'";
    assert_eq!(portal.count(left).await, 0);
    let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
    assert_eq!(portal.count(invalid).await, 0);
    let sampled = "SELECT count(*) FROM pg_attribute a JOIN pg_index i ON i.indexrelid = a.attrelid
                   WHERE i.indrelid = 'profile'::regclass AND i.indkey[a.attnum - 1] = 0
                     AND coalesce(a.attstattarget, -1) <> 0";
    assert_eq!(portal.count(sampled).await, 0);
}

#[tokio::test]
async fn a_rebuild_waits_for_who_is_writing_and_ends_at_once_when_told_to() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let before = file_of(&portal, "profile_search").await;
    let writer = portal.portal.database.begin().await.unwrap();
    let write = format!("UPDATE profile SET about = 'x' WHERE account_id = '{}'", anna.id);
    sea_orm::ConnectionTrait::execute_unprepared(&writer, &write)
        .await
        .unwrap();
    let stop = CancellationToken::new();
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                   AND wait_event_type = 'Lock' AND query LIKE 'REINDEX%'";
    let telling = async {
        while portal.count(waiting).await == 0 {
            tokio::task::yield_now().await;
        }
        stop.cancel();
    };
    tokio::join!(vacuum::run(&portal.portal, &stop), telling);
    writer.rollback().await.unwrap();
    portal.wait_for_quiet().await;
    assert_eq!(file_of(&portal, "profile_search").await, before);
    run(&portal).await;
    assert_ne!(file_of(&portal, "profile_search").await, before);
    assert_eq!(
        portal
            .count("SELECT count(*) FROM pg_index WHERE NOT indisvalid")
            .await,
        0
    );
}

#[tokio::test]
async fn what_goes_without_an_account_is_vacuumed_half_a_day_later() {
    let portal = TestPortal::start().await;
    portal.member("Anna", "Beispiel").await;
    run(&portal).await;
    assert!(!vacuum::is_due(&portal.portal).await);
    // What is counted reaches the others at once this way.
    portal
        .execute("UPDATE registration SET message = 'anders'; SELECT pg_stat_force_next_flush()")
        .await;
    assert!(!vacuum::is_due(&portal.portal).await, "not yet");
    portal.advance(TimeDelta::hours(13));
    assert!(vacuum::is_due(&portal.portal).await);
    portal.advance(TimeDelta::hours(-13));
    run(&portal).await;
    portal.advance(TimeDelta::hours(11));
    assert!(!vacuum::is_due(&portal.portal).await);
}
