//! How what is asked often finds its rows: by an index, in every table that grows with people and time. What the database's
//! own functions do (`take_attempts`) is not seen here.

use chrono::TimeDelta;
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, DbBackend, Statement, TransactionTrait, Value as Bound,
    sea_query::ArrayType,
};
use serde_json::{Value, json};

use crate::{
    messaging::{id, messages_of, send, write_to},
    support::{PASSWORD, TestPortal},
    sweep::sweep,
};

/// Tables that are read as a whole, because they stay small.
const SMALL: [(&str, &str); 7] = [
    ("alert", "one row a cause, of a closed set"),
    ("attempt_key", "one row"),
    ("installation", "one row"),
    ("ledger_event", "emptied into the ledger's files every second"),
    ("ledger_head", "one row a file of the ledger"),
    ("noted_request", "emptied by the workers every second"),
    ("sweep_state", "one row"),
];

/// What else reads a table as a whole: which one, in what that statement has.
const ALLOWED: [(&str, &str, &str); 1] = [(
    "mail",
    "AS mails_waiting",
    "it counts all that waits, and here that is all there is",
)];

/// Thousands of members with a row in everything that grows: a table of a few pages PostgreSQL reads as a whole.
const COMMUNITY: &str = "
SET LOCAL session_replication_role = replica;
CREATE TEMP TABLE many AS
    SELECT gen_random_uuid() AS id, gen_random_uuid() AS talk, n, 'many.' || n || '@many.example' AS email
    FROM generate_series(1, 10000) n;
CREATE TEMP TABLE two AS
    SELECT a.talk, a.n, a.id AS one, b.id AS other FROM many a JOIN many b ON b.n = a.n % 10000 + 1;
INSERT INTO account (id, status, created_at) SELECT id, 'active', now() FROM many;
INSERT INTO email_address (id, account_id, address) SELECT gen_random_uuid(), id, email FROM many;
INSERT INTO profile (account_id, first_name, last_name, organisation, department, about, locale)
    SELECT id, 'Many', 'Number ' || n, 'Many ' || n % 100, 'Tiefbau', repeat('Text ', 20), 'de' FROM many;
INSERT INTO credential (account_id, password_hash, changed_at) SELECT id, repeat('x', 97), now() FROM many;
INSERT INTO consent (account_id, kind, version, given_at) SELECT id, 'terms', '2026-11', now() FROM many;
INSERT INTO registration (account_id, registered_at) SELECT id, now() FROM many;
INSERT INTO preference (account_id) SELECT id FROM many;
INSERT INTO allowance (account_id, kind, used_until) SELECT id, 'messages', now() + interval '1 day' FROM many;
INSERT INTO mail_allowance (address_key, kind, day_began_at, last_at, count)
    SELECT sha256(email::bytea), 'new_device', now(), now(), 1 FROM many;
INSERT INTO attempt (key, tries, tried_at, next_at) SELECT sha256(email::bytea), 1, now(), now() FROM many;
INSERT INTO session (id, key_hash, account_id, created_at, last_used_at, expires_at, proved_at)
    SELECT gen_random_uuid(), sha256(email::bytea), id, now(), now(), now() + interval '12 hours', now() FROM many;
INSERT INTO confirmation (id, account_id, purpose, created_at, expires_at)
    SELECT id, id, 'unsubscribe', now(), now() + interval '30 days' FROM many;
INSERT INTO confirmation_token (token_hash, confirmation_id) SELECT sha256(email::bytea), id FROM many;
INSERT INTO mail (id, account_id, recipient, locale, letter, queued_at, next_try_at)
    SELECT gen_random_uuid(), id, email, 'de', '{}', now(), now() + interval '1 day' FROM many;
INSERT INTO email_change (account_id, address, requested_at) SELECT id, 'new.' || email, now() FROM many;
INSERT INTO conversation (id, pair_low, pair_high, created_at)
    SELECT talk, least(one, other), greatest(one, other), now() FROM two;
INSERT INTO participation (conversation_id, account_id, joined_at, last_activity_at)
    SELECT talk, x.a, now(), now() FROM two CROSS JOIN LATERAL (VALUES (one), (other)) x (a);
INSERT INTO message (id, conversation_id, author_id, body, sent_at)
    SELECT gen_random_uuid(), talk, one, 'Guten Tag', now() FROM two;
INSERT INTO block (account_id, blocked_id, began_at, ended_at) SELECT other, one, now(), now() FROM two;
INSERT INTO group_invitation (id, conversation_id, account_id, invited_by, invited_at)
    SELECT gen_random_uuid(), talk, other, one, now() FROM two;
INSERT INTO group_removal (conversation_id, account_id, removed_at) SELECT talk, one, now() FROM two;
INSERT INTO enquiry (id, account_id, subject, asked_at, state, last_activity_at)
    SELECT id, id, 'Frage', now(), 'answered', now() FROM many;
INSERT INTO enquiry_entry (id, enquiry_id, account_id, by_operator, body, written_at)
    SELECT id, id, id, false, 'Wie geht das?', now() FROM many;
INSERT INTO report (id, message_id, conversation_id, reported_id, reporter_id, reason, reported_at, state, decided_at)
    SELECT gen_random_uuid(), gen_random_uuid(), talk, one, other, 'grob', now(), 'dismissed', now() FROM two;
INSERT INTO hold (id, account_id, categories, basis, reference, review_at, placed_by, placed_at, released_at)
    SELECT id, id, '{contact}', 'open_claim', 'Az. 1', now(), id, now(), now() FROM many;
INSERT INTO administrative_note (id, account_id, subject, body, written_by, written_at)
    SELECT id, id, 'hold', 'Az. 1', id, now() FROM many;
INSERT INTO receipt (id, code_hash, requested_at, erase_by, erased_at)
    SELECT id, sha256(email::bytea), now(), now(), now() FROM many;
INSERT INTO audit_event (id, at, code, account_id) SELECT gen_random_uuid(), now(), 'plans', id FROM many;
INSERT INTO superseded_profile (id, account_id, field, value, superseded_at) SELECT id, id, 'about', 'Text', now() FROM many;
INSERT INTO superseded_report (id, account_id, reason, reported_at, superseded_at) SELECT id, id, 'grob', now(), now() FROM many;
INSERT INTO superseded_subject (id, conversation_id, account_id, subject, superseded_at)
    SELECT id, talk, id, 'Kanal', now() FROM many;
INSERT INTO superseded_participation (id, conversation_id, account_id, joined_at, last_activity_at, left_at)
    SELECT id, talk, id, now(), now(), now() FROM many;
DROP TABLE many, two";

/// The type that a value is sent as.
fn type_of(value: &Bound) -> String {
    let (kind, many) = match value {
        Bound::Array(kind, _) => (kind.clone(), "[]"),
        one => (one.array_type(), ""),
    };
    let word = match kind {
        ArrayType::BigInt => "bigint",
        ArrayType::Bool => "bool",
        ArrayType::Bytes => "bytea",
        ArrayType::ChronoDateTimeUtc => "timestamptz",
        ArrayType::Double => "float8",
        ArrayType::Int => "int",
        ArrayType::Json => "jsonb",
        ArrayType::String => "text",
        ArrayType::Uuid => "uuid",
        other => panic!("what is {other:?} in PostgreSQL?"),
    };
    format!("{word}{many}")
}

/// The plan of a prepared statement: one for these values (`force_custom_plan`), or for any (`force_generic_plan`).
async fn plan(transaction: &DatabaseTransaction, statement: &Statement, mode: &str) -> Value {
    let values: Vec<Bound> = statement.values.clone().map_or_else(Vec::new, |values| values.0);
    let types: Vec<String> = values.iter().map(type_of).collect();
    let arguments: Vec<String> = types
        .iter()
        .zip(1..)
        .map(|(kind, number)| format!("${number}::{kind}"))
        .collect();
    let (types, arguments) = if values.is_empty() {
        (String::new(), String::new())
    } else {
        (
            format!("({})", types.join(", ")),
            format!("({})", arguments.join(", ")),
        )
    };
    let prepare = format!(
        "SET LOCAL plan_cache_mode = {mode}; PREPARE looked_at {types} AS {}",
        statement.sql
    );
    let done = transaction.execute_unprepared(&prepare).await;
    done.unwrap_or_else(|error| panic!("{prepare}: {error}"));
    let explain = format!("EXPLAIN (FORMAT JSON) EXECUTE looked_at {arguments}");
    // The values stand in its text: what is explained takes none.
    let explain = Statement::from_sql_and_values(DbBackend::Postgres, explain, values).to_string();
    let row = transaction
        .query_one_raw(Statement::from_string(DbBackend::Postgres, &explain))
        .await;
    let row = row.unwrap_or_else(|error| panic!("{}: {explain}: {error}", statement.sql));
    transaction
        .execute_unprepared("DEALLOCATE looked_at")
        .await
        .unwrap();
    row.expect("a plan is one row").try_get_by_index(0).unwrap()
}

/// The plan that PostgreSQL settles on after a few times: one for any values where that costs less than planning anew and
/// running the plan for these (`choose_custom_plan` in its `plancache.c`).
async fn settled_plan(transaction: &DatabaseTransaction, statement: &Statement) -> Value {
    let cost = |plan: &Value| plan[0]["Plan"]["Total Cost"].as_f64().expect("a plan has a cost");
    let custom = plan(transaction, statement, "force_custom_plan").await;
    let generic = plan(transaction, statement, "force_generic_plan").await;
    let planning = 2.5 * f64::from(u16::try_from(scans(&custom).len() + 1).expect("a few tables"));
    if cost(&generic) < cost(&custom) + planning {
        generic
    } else {
        custom
    }
}

/// How a plan reads tables: the kind of scan, and of which table. Looking for whatever row comes first is none.
fn scans(plan: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    match plan {
        Value::Object(node) => {
            if let (Some(Value::String(kind)), Some(Value::String(table))) =
                (node.get("Node Type"), node.get("Relation Name"))
            {
                found.push((kind.clone(), table.clone()));
            }
            let first = &plan["Plans"][0];
            let is_any_row = plan["Node Type"] == "Limit" && first["Node Type"] == "Seq Scan";
            if !(is_any_row && first.get("Filter").is_none()) {
                found.extend(node.values().flat_map(scans));
            }
        }
        Value::Array(nodes) => found.extend(nodes.iter().flat_map(scans)),
        _ => {}
    }
    found
}

/// What reads a table that grows as a whole, in words.
async fn faults(portal: &TestPortal, what: &str, statements: &[Statement]) -> Vec<String> {
    assert!(!statements.is_empty(), "{what} asks the database nothing");
    let transaction = portal.portal.database.begin().await.unwrap();
    let mut faults = Vec::new();
    for statement in statements {
        let kinds = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];
        if !kinds
            .iter()
            .any(|kind| statement.sql.trim_start().starts_with(kind))
        {
            continue;
        }
        let plan = settled_plan(&transaction, statement).await;
        for (kind, table) in scans(&plan) {
            let is_allowed = ALLOWED
                .iter()
                .any(|(one, part, _)| *one == table && statement.sql.contains(part));
            let is_small = SMALL.iter().any(|(small, _)| *small == table);
            if kind == "Seq Scan" && !is_small && !is_allowed {
                faults.push(format!("{what}: {table} by {}", statement.sql));
            }
        }
    }
    transaction.rollback().await.unwrap();
    faults
}

#[tokio::test]
async fn no_table_that_grows_is_read_as_a_whole() {
    let portal = TestPortal::start().await;
    let anna = portal.member("Anna", "Beispiel").await;
    let bert = portal.member("Bert", "Muster").await;
    let talk = id(&write_to(&anna, &[&bert], "Guten Tag").await.must_be(201).json());
    portal.execute(COMMUNITY).await;
    portal.execute("VACUUM ANALYZE").await;
    let messages = messages_of(&talk);
    let newest = id(&send(&bert, &talk, "Guten Tag").await.must_be(201).json());
    let whole = "SELECT id FROM message WHERE body = 'Guten Tag'";
    let whole = Statement::from_string(DbBackend::Postgres, whole);
    let seen = faults(&portal, "a text without an index", &[whole]).await;
    assert_eq!(seen.len(), 1, "the test sees what it looks for");
    let mut found = Vec::new();

    for path in [
        "/api/v1/me/profile",
        "/api/v1/me",
        "/api/v1/conversations",
        &format!("{messages}?limit=50"),
        "/api/v1/members",
        "/api/v1/members?query=number",
        "/api/v1/members?query=beispiel",
        &format!("/api/v1/members/{}", bert.id),
        "/api/v1/messages?query=guten",
        "/de/conversations",
        "/de/members",
    ] {
        let (answer, sent) = portal.sent_by(anna.get(path)).await;
        answer.must_be(200);
        found.extend(faults(&portal, path, &sent).await);
    }

    let (answer, sent) = portal.sent_by(send(&anna, &talk, "Wann passt es Ihnen?")).await;
    answer.must_be(201);
    found.extend(faults(&portal, "sending a message", &sent).await);
    let read = format!("/api/v1/conversations/{talk}/read");
    let (answer, sent) = portal.sent_by(anna.put(&read, &json!({ "up_to": newest }))).await;
    answer.must_be(204);
    found.extend(faults(&portal, "reading a message", &sent).await);
    let change = json!({ "about": "Kanäle" });
    let (answer, sent) = portal.sent_by(anna.patch("/api/v1/me/profile", &change)).await;
    answer.must_be(200);
    found.extend(faults(&portal, "changing a profile", &sent).await);

    let (answer, sent) = portal.sent_by(anna.sign_in(&anna.email, PASSWORD)).await;
    answer.must_be(200);
    found.extend(faults(&portal, "signing in", &sent).await);
    let elsewhere = portal.visitor();
    let (answer, sent) = portal.sent_by(elsewhere.sign_in(&bert.email, PASSWORD)).await;
    answer.must_be(200);
    found.extend(faults(&portal, "signing in on another device", &sent).await);

    // The mails about messages are due, and one about the new device.
    portal.advance(TimeDelta::minutes(3));
    let ((), sent) = portal.sent_by(portal.work()).await;
    found.extend(faults(&portal, "the workers", &sent).await);
    let (_, sent) = portal.sent_by(sweep(&portal)).await;
    found.extend(faults(&portal, "a sweep with nothing due", &sent).await);

    assert!(found.is_empty(), "{found:#?}");
}
