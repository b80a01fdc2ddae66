//! The audit trail where it belongs to another role than the portal's: everything works as before, and nothing that was
//! noted can be altered.

use std::path::Path;

use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use stammtisch::{
    database::{
        connect, embedded::EmbeddedServer, embedded_options, is_migrated, migrate, sql_state,
        trail::alterable_by,
    },
    erasure::reconcile::reconcile,
    settings::Settings,
};

use crate::{
    deletion::delete,
    process::{folder, program, said},
    support::{TestPortal, database::TestDatabase},
    sweep::sweep,
};

const TRAIL: &str = "SELECT count(*) FROM audit_event";
const MAY_NOT: Option<&str> = Some("42501");

/// The program, with both roles.
fn with_roles(data: &Path, database: &TestDatabase, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = program(data, 1)
        .env("DATABASE_URL", database.url())
        .env("STAMMTISCH_DATABASE__OWNER_URL", database.owner_url())
        .args(arguments)
        .output();
    said(&output.unwrap())
}

/// Brings a database up to date, once more than is needed.
fn migrate_with_roles(database: &TestDatabase) {
    let folder = folder();
    for _ in 0..2 {
        let (code, _, complaint) = with_roles(&folder.path().join("data"), database, &["migrate"]);
        assert_eq!(code, Some(0), "{complaint}");
    }
}

async fn migrated() -> TestDatabase {
    let database = TestDatabase::with_roles().await;
    migrate_with_roles(&database);
    database
}

/// Something that was noted so many days ago.
async fn noted(portal: &TestPortal, days: i64) {
    let at = portal.portal.now() - TimeDelta::days(days);
    let id = portal.portal.random.uuid_v7(at);
    portal
        .execute(&format!(
            "INSERT INTO audit_event (id, at, code) VALUES ('{id}', '{at}', 'days.{days}')"
        ))
        .await;
}

async fn days(portal: &TestPortal) -> Vec<String> {
    portal
        .column("SELECT code FROM audit_event WHERE code LIKE 'days.%' ORDER BY id")
        .await
}

#[tokio::test]
async fn the_portals_role_reads_and_adds_and_can_change_nothing() {
    let portal = TestPortal::on(migrated().await).await;
    noted(&portal, 10).await;
    assert_eq!(portal.count(TRAIL).await, 1);
    let owner: String = portal
        .scalar("SELECT pg_get_userbyid(relowner)::text FROM pg_class WHERE relname = 'audit_event'")
        .await;
    for attempt in [
        "UPDATE audit_event SET code = 'x'".to_owned(),
        "UPDATE audit_event SET at = now() - interval '4 years'".to_owned(),
        "DELETE FROM audit_event".to_owned(),
        "TRUNCATE audit_event".to_owned(),
        "SELECT 1 FROM audit_event FOR UPDATE".to_owned(),
        "ALTER TABLE audit_event DISABLE TRIGGER ALL".to_owned(),
        "ALTER TABLE audit_event RENAME TO other".to_owned(),
        "DROP TABLE audit_event".to_owned(),
        "DROP SCHEMA public CASCADE".to_owned(),
        "ALTER SCHEMA public RENAME TO other".to_owned(),
        "CREATE TRIGGER quiet BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION announce_session()"
            .to_owned(),
        "CREATE RULE quiet AS ON INSERT TO audit_event DO INSTEAD NOTHING".to_owned(),
        "CREATE OR REPLACE FUNCTION end_audit_events(before uuid, at_most bigint) RETURNS bigint
         LANGUAGE sql AS 'SELECT 1::bigint'"
            .to_owned(),
        "DROP FUNCTION end_audit_events(uuid, bigint)".to_owned(),
        "CREATE OR REPLACE FUNCTION end_access_events(accounts uuid[]) RETURNS bigint
         LANGUAGE sql AS 'SELECT 1::bigint'"
            .to_owned(),
        "DROP INDEX audit_event_access".to_owned(),
        "CREATE TABLE heir () INHERITS (audit_event)".to_owned(),
        format!("SET ROLE {owner}"),
        format!("ALTER TABLE account OWNER TO {owner}"),
    ] {
        let refused = portal.portal.database.execute_unprepared(&attempt).await;
        let refused = refused.map(drop).map_err(|error| sql_state(&error));
        assert_eq!(refused.expect_err(&attempt).as_deref(), MAY_NOT, "{attempt}");
    }
    assert_eq!(days(&portal).await, ["days.10"]);
    assert_eq!(alterable_by(&portal.portal.database).await.unwrap(), None);
}

#[tokio::test]
async fn entries_end_after_three_years_by_the_databases_clock_whoever_asks_for_more() {
    for portal in [TestPortal::start().await, TestPortal::on(migrated().await).await] {
        for ago in [1_200, 1_096, 1_094, 1] {
            noted(&portal, ago).await;
        }
        let ended: i64 = portal
            .scalar("SELECT end_audit_events('ffffffff-ffff-ffff-ffff-ffffffffffff', 1)")
            .await;
        assert_eq!(ended, 1);
        assert_eq!(days(&portal).await, ["days.1096", "days.1094", "days.1"]);
        sweep(&portal).await;
        assert_eq!(days(&portal).await, ["days.1094", "days.1"]);
        portal.advance(TimeDelta::days(4 * 365));
        sweep(&portal).await;
        portal
            .count("SELECT end_audit_events('ffffffff-ffff-ffff-ffff-ffffffffffff', 1000)")
            .await;
        assert_eq!(days(&portal).await, ["days.1094", "days.1"]);
    }
}

#[tokio::test]
async fn a_trail_of_an_earlier_version_is_brought_up_to_date_by_its_owner_before_anybody_is_served() {
    let database = migrated().await;
    let owner = connect(
        stammtisch::database::options(&database.owner_url()).unwrap(),
        &Settings::from_toml("").unwrap().database,
    )
    .await
    .unwrap();
    owner
        .execute_unprepared("DROP FUNCTION end_access_events(uuid[]); DROP INDEX audit_event_access")
        .await
        .unwrap();
    let folder = folder();
    let without_owner = program(&folder.path().join("data"), 1)
        .env("DATABASE_URL", database.url())
        .arg("doctor")
        .output();
    let (code, _, complaint) = said(&without_owner.unwrap());
    assert_eq!(code, Some(1));
    assert!(complaint.contains("database.owner_url"), "{complaint}");
    migrate_with_roles(&database);
    let portal = TestPortal::on(database).await;
    assert_eq!(
        portal
            .count("SELECT count(*) FROM pg_class WHERE relname = 'audit_event_access'")
            .await,
        1
    );
}

#[tokio::test]
async fn people_come_and_go_and_come_back_from_a_backup_as_everywhere_else() {
    let portal = TestPortal::on(migrated().await).await;
    let (anna, desk) = (
        portal.member("Anna", "Beispiel").await,
        portal.administrator().await,
    );
    portal
        .portal
        .ledger
        .settle(&portal.portal.database, stammtisch::ledger::files::Extent::New)
        .await
        .unwrap();
    let backup = portal.backup();
    delete(&anna).await;
    portal.advance(TimeDelta::hours(2));
    assert_eq!(sweep(&portal).await.erased, 1);
    let trail = format!("/api/v1/admin/audit-events?account_id={}", anna.id);
    let desk = portal.signed_in(&desk.email).await;
    let seen = desk.get(&trail).await.must_be(200).json();
    assert_eq!(seen["items"][0]["code"], "account.erased");
    let came_in = desk
        .get(&format!("{trail}&kind=access"))
        .await
        .must_be(200)
        .json();
    assert_eq!(
        came_in["items"],
        serde_json::json!([]),
        "this went with the account"
    );
    stammtisch::erasure::vacuum::run(&portal.portal, &tokio_util::sync::CancellationToken::new()).await;
    portal.portal.ledger.release().await;

    let database = TestDatabase::with_roles().await;
    TestPortal::restore_into(&backup, &database);
    migrate_with_roles(&database);
    let restored = portal.moved_to(database).await;
    assert_eq!(alterable_by(&restored.portal.database).await.unwrap(), None);
    let everywhere = [
        "email_address.address",
        "profile.first_name",
        "profile.search",
        "profile.sort_name",
    ];
    assert_eq!(restored.places_of("Anna").await, everywhere);
    reconcile(&restored.portal)
        .await
        .unwrap()
        .expect("there is something to do");
    assert_eq!(restored.places_of("Anna").await, Vec::<String>::new());
    assert_eq!(
        restored
            .count(&format!(
                "SELECT count(*) FROM audit_event WHERE account_id = '{}' AND code = 'account.erased'",
                anna.id
            ))
            .await,
        1
    );
}

#[tokio::test]
async fn the_doctor_says_by_what_the_portal_could_alter_the_trail() {
    let database = TestDatabase::with_roles().await;
    // Without an owner of its own the trail is the portal's.
    let folder = folder();
    let data = folder.path().join("data");
    let doctor = |url: &str, public: &str| {
        let output = program(&data, 1)
            .env("DATABASE_URL", url)
            .env("STAMMTISCH_SERVER__PUBLIC_URL", public)
            .arg("doctor")
            .output();
        said(&output.unwrap())
    };
    let (code, found, complaint) = doctor(&database.url(), "http://localhost:8080");
    assert_eq!(code, Some(0), "{found}{complaint}");
    assert!(
        found.contains("note   the audit trail") && found.contains("it owns the table audit_event"),
        "{found}"
    );
    let (_, found, _) = doctor(&database.url(), "https://portal.example");
    assert!(found.contains("wrong  the audit trail"), "{found}");
    let (code, found, complaint) = with_roles(&data, &database, &["doctor"]);
    assert_eq!(code, Some(0), "{found}{complaint}");
    assert!(found.contains("ok     the audit trail"), "{found}");
    let (_, found, _) = doctor(&database.owner_url(), "https://portal.example");
    assert!(found.contains("it owns the database"), "{found}");
    let (_, found, _) = doctor(&TestDatabase::create().await.url(), "https://portal.example");
    assert!(found.contains("it is a superuser"), "{found}");
}

#[tokio::test]
async fn the_same_role_twice_is_refused() {
    let database = TestDatabase::with_roles().await;
    let folder = folder();
    let output = program(&folder.path().join("data"), 1)
        .env("DATABASE_URL", database.url())
        .env("STAMMTISCH_DATABASE__OWNER_URL", database.url())
        .arg("migrate")
        .output();
    let (code, _, complaint) = said(&output.unwrap());
    assert_eq!(code, Some(1));
    assert!(complaint.contains("the application's own role"), "{complaint}");
}

/// What an earlier version left: everything is the superuser's.
#[tokio::test]
async fn the_built_in_database_is_lowered_where_it_stands() {
    let folder = folder();
    let data = folder.path().join("data");
    let settings = Settings::from_toml("").unwrap().database;
    {
        let server = EmbeddedServer::start(&data).unwrap();
        let of = server.connection();
        let superuser = connect(embedded_options(of, &of.user), &settings).await.unwrap();
        migrate(&superuser).await.unwrap();
        superuser
            .execute_unprepared(
                "INSERT INTO audit_event (id, at, code) VALUES (gen_random_uuid(), now(), 'before')",
            )
            .await
            .unwrap();
        superuser.close().await;
        server.stop().unwrap();
    }
    for _ in 0..2 {
        let (code, found, complaint) = said(&program(&data, 1).arg("doctor").output().unwrap());
        assert_eq!(code, Some(0), "{found}{complaint}");
        assert!(found.contains("ok     the audit trail"), "{found}");
    }
    let server = EmbeddedServer::start(&data).unwrap();
    let of = server.connection();
    let portal = connect(
        embedded_options(of, stammtisch::database::embedded::PORTAL),
        &settings,
    );
    let portal = portal.await.unwrap();
    assert!(is_migrated(&portal).await.unwrap());
    let refused = portal.execute_unprepared("DELETE FROM audit_event").await;
    assert_eq!(sql_state(&refused.unwrap_err()).as_deref(), MAY_NOT);
    // What people change counts words by a sequence.
    portal
        .execute_unprepared(
            "INSERT INTO account (id, status, created_at) VALUES ('00000000-0000-4000-8000-000000000001', 'active', now());
             INSERT INTO profile (account_id, first_name, last_name, organisation, locale, listed)
                 SELECT id, 'Anna', 'Beispiel', 'Musterhausen', 'de', true FROM account;
             UPDATE profile SET first_name = 'Bea'; DELETE FROM profile",
        )
        .await
        .unwrap();
    // The next version's migrations can do their work.
    portal
        .execute_unprepared("ALTER TABLE account ADD COLUMN later integer")
        .await
        .unwrap();
    portal.close().await;
    server.stop().unwrap();
}
