//! How what is asked often finds its rows: by an index, in every table that grows with people and time.

use std::collections::BTreeMap;

use sea_orm::{DbBackend, Statement};
use serde_json::json;
use sqlx::{Connection, PgConnection};

mod community;
mod heard;
mod jobs;
mod look;
mod reads;
mod writes;

use crate::{
    groups,
    messaging::{id, messages_of, send, write_to},
    plans::{
        heard::{Ear, Heard},
        look::Planner,
        reads::Readers,
    },
    roles::Scene,
    support::{PASSWORD, TestPortal},
};

/// Tables that are read as a whole, because they stay small.
const SMALL: [(&str, &str); 8] = [
    ("alert", "one row a cause, of a closed set"),
    ("attempt_key", "one row"),
    ("installation", "one row"),
    ("ledger_event", "emptied into the ledger's files every second"),
    ("ledger_head", "one row a file of the ledger"),
    ("noted_request", "emptied by the workers every second"),
    ("seaql_migrations", "one row a version of the schema"),
    ("sweep_state", "one row"),
];

/// What else reads a table as a whole: which one, by what stands in the statement, and why.
const ALLOWED: [(&str, &str, &str); 5] = [
    ("account", "p.search @@", DESK_SEARCHES),
    ("email_address", "p.search @@", DESK_SEARCHES),
    ("profile", "p.search @@", DESK_SEARCHES),
    ("attempt", "DELETE FROM attempt", FEW_ENOUGH),
    ("group_invitation", "DELETE FROM group_invitation", FEW_ENOUGH),
];
const DESK_SEARCHES: &str = "administrators search by address or name, now and then, and whoever is not listed is found, \
     too: no index has their words";
const FEW_ENOUGH: &str = "the sweep takes 20,000 rows at once, so that it reads all as long as there are hardly more; among \
     many it goes by the instant, in order";

/// What the statements read as a whole without a reason, each told once.
async fn faults(portal: &TestPortal, heard: &[Heard]) -> Vec<String> {
    let planner = Planner::begin(portal).await;
    let mut faults = BTreeMap::new();
    for Heard { doing, statement } in heard {
        for whole in planner.wholes(statement).await {
            if !is_small(&whole.table) && !is_allowed(&whole.table, statement) {
                let fault = format!(
                    "{doing} reads all of {}: {}{}",
                    whole.table, statement.sql, whole.plan
                );
                faults
                    .entry((whole.table, statement.sql.clone()))
                    .or_insert(fault);
            }
        }
    }
    faults.into_values().collect()
}

fn is_small(table: &str) -> bool {
    SMALL.iter().any(|(small, _)| *small == table)
}

fn is_allowed(table: &str, statement: &Statement) -> bool {
    ALLOWED
        .iter()
        .any(|(allowed, part, _)| *allowed == table && statement.sql.contains(part))
}

/// A connection beside which there is no other one: what others read is counted by then.
async fn alone(portal: &TestPortal) -> PgConnection {
    portal.portal.database.close().await;
    let mut connection = PgConnection::connect(&portal.database_url()).await.unwrap();
    let others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                  AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    loop {
        let others: i64 = sqlx::query_scalar(others)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        if others == 0 {
            return connection;
        }
        tokio::task::yield_now().await;
    }
}

/// What was heard reads as a whole; and the tables that were read so by something else than a statement that may. What
/// functions of the database do, and what it looks up by itself for keys, has no plan that is shown.
async fn all_faults(portal: &TestPortal, heard: &[Heard]) -> Vec<String> {
    let mut faults = faults(portal, heard).await;
    let may =
        |table: &String| is_small(table) || heard.iter().any(|heard| is_allowed(table, &heard.statement));
    let read = community::read_as_a_whole(&mut alone(portal).await).await;
    let read = read.into_iter().filter(|table| !may(table));
    faults.extend(
        read.map(|table| format!("{table} was read as a whole: by a function, if no statement says so")),
    );
    faults
}

/// Another instance beside nobody, at a database that forgot what it counted.
async fn another(before: &TestPortal) -> TestPortal {
    let mut connection = alone(before).await;
    sqlx::query("SELECT pg_stat_reset()")
        .execute(&mut connection)
        .await
        .unwrap();
    before.sibling("").await
}

/// Everything that can be read.
async fn reading(scene: &Scene) -> Vec<String> {
    let portal = another(&scene.portal).await;
    let anna = portal.signed_in(&scene.anna.email).await;
    let desk = portal.administrator().await;
    let group = groups::open(&anna, "Gruppe").await;
    let readers = Readers {
        member: &anna,
        desk: &desk,
        group: &group,
    };
    let mut ear = Ear::at(&portal);
    reads::all(&mut ear, scene, &readers).await;
    all_faults(&portal, &ear.heard).await
}

/// What people do, and what runs by itself.
async fn doing(scene: &Scene) -> Vec<String> {
    let portal = another(&scene.portal).await;
    let anna = portal.signed_in(&scene.anna.email).await;
    let bert = portal.signed_in(&scene.bert.email).await;
    let desk = portal.administrator().await;
    let mut ear = Ear::at(&portal);
    writes::messaging(&mut ear, &anna, &bert).await;
    writes::community(&mut ear, &anna, &bert).await;
    writes::coming_in(&mut ear).await;
    writes::desk(&mut ear, scene, &desk, &bert).await;
    writes::leaving(&mut ear, &anna).await;
    jobs::all(&mut ear).await;
    all_faults(&portal, &ear.heard).await
}

#[tokio::test]
async fn no_table_that_grows_is_read_as_a_whole() {
    let scene = Scene::set().await;
    community::settle(&scene.portal).await;
    let whole = Heard {
        doing: "a text without an index".to_owned(),
        statement: Statement::from_string(
            DbBackend::Postgres,
            "SELECT id FROM message WHERE body = 'Guten Tag'",
        ),
    };
    let seen = faults(&scene.portal, &[whole]).await;
    assert_eq!(seen.len(), 1, "the test sees what it looks for");

    let mut found = Box::pin(reading(&scene)).await;
    found.extend(Box::pin(doing(&scene)).await);
    assert!(
        found.is_empty(),
        "{} faults:\n{}",
        found.len(),
        found.join("\n\n")
    );
}

/// Planning takes longer than most of what is planned.
#[tokio::test]
async fn what_members_do_most_is_planned_once() {
    let scene = Scene::set().await;
    community::settle(&scene.portal).await;
    let (anna, bert) = (&scene.anna, &scene.bert);
    let talk = id(&write_to(anna, &[bert], "Guten Tag").await.must_be(200).json());
    let mut ear = Ear::at(&scene.portal);
    ear.hear("a sign-in", anna.sign_in(&anna.email, PASSWORD))
        .await
        .must_be(200);
    for path in ["/api/v1/me/profile", "/api/v1/conversations", &messages_of(&talk)] {
        ear.get(anna, path).await;
    }
    ear.hear("a message", send(anna, &talk, "Wann passt es?"))
        .await
        .must_be(201);
    let about = json!({ "about": "Kanalsanierung" });
    ear.hear("another profile", anna.patch("/api/v1/me/profile", &about))
        .await
        .must_be(200);

    let planner = Planner::begin(&scene.portal).await;
    let by_value = Statement::from_sql_and_values(
        DbBackend::Postgres,
        "SELECT account_id FROM email_address WHERE address = $1 AND released = $2",
        [anna.email.as_str().into(), false.into()],
    );
    assert!(
        !planner.is_planned_once(&by_value).await,
        "the test sees what it looks for"
    );
    let mut each_time = Vec::new();
    for Heard { doing, statement } in &ear.heard {
        if !planner.is_planned_once(statement).await {
            each_time.push(format!("{doing}: {}", statement.sql));
        }
    }
    assert!(ear.heard.len() > 12, "{}", ear.heard.len());
    assert!(each_time.is_empty(), "{}", each_time.join("\n\n"));
}
